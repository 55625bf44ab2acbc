import Bytes
import Files
import SystemPackage

#if canImport(Glibc)
  import Glibc
#endif

/// A folder that is gone when its owner is. Names in it are texts, or `pathText` of what is none.
package final class TemporaryDirectory {
  package let path: String

  package init() throws {
    var template = Array("/tmp/foldlog-test-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.flatMap { unsafe mkdtemp($0) } != nil
    }
    guard made else { throw Errno(rawValue: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { removeTree(path) }

  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a folder in the folder.
  package func makeFolder(_ name: String) throws {
    if unsafe mkdir(systemPath(file(name)), 0o755) != 0 { throw Errno(rawValue: errno) }
  }

  /// Gives a file a second name. Returns its path.
  package func link(_ name: String, as other: String) throws -> String {
    if unsafe Glibc.link(file(name), file(other)) != 0 { throw Errno(rawValue: errno) }
    return file(other)
  }

  /// Writes a file in the folder. Returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let descriptor = try unsafe FileDescriptor.open(
      systemPath(file(name)), .writeOnly, options: [.create, .truncate],
      permissions: .ownerReadWrite)
    _ = try descriptor.closeAfter { try descriptor.writeAll(bytes) }
    return file(name)
  }

  @discardableResult
  package func write(_ name: String, _ text: String) throws -> String {
    try write(name, Array(text.utf8))
  }
}

/// Removes a folder and all that is in it.
private func removeTree(_ path: String) {
  for name in (try? folderNames(path)) ?? [] {
    let child = systemPath("\(path)/\(name)")
    if unsafe unlink(child) != 0 { removeTree("\(path)/\(name)") }
  }
  _ = unsafe rmdir(systemPath(path))
}
