internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// A file and its companion that are written beside their names, and take them when both are whole on
/// disk. Without `finish` nothing stays.
///
/// The companion of before goes first, so that a file never stands beside that of another.
final class OutputFiles {
  /// For the file's bytes.
  let descriptor: FileDescriptor
  private let path: String
  private let companion: String
  /// Nil when the path names no regular file, and is written to as it is.
  private let unfinished: String?
  private var isFinished = false

  init(path: String, companion: String) throws {
    self.path = path
    self.companion = companion
    var status = stat()
    let isThere = unsafe stat(path, &status) == 0
    if isThere, status.st_mode & S_IFMT == S_IFDIR { throw Errno.isDirectory }
    if isThere, status.st_mode & S_IFMT != S_IFREG {
      unfinished = nil
      descriptor = try FileDescriptor.open(FilePath(path), .writeOnly)
    } else {
      let name = Self.unfinished(path)
      unfinished = name
      descriptor = try Self.create(name)
    }
  }

  deinit {
    if isFinished { return }
    try? descriptor.close()
    if let unfinished { _ = unsafe unlink(unfinished) }
  }

  /// Gives the file its name, and `bytes` that of the companion.
  func finish(companion bytes: [UInt8]) throws {
    guard let unfinished else { return }
    try synchronise(descriptor)
    let other = Self.unfinished(companion)
    do {
      let second = try Self.create(other)
      try second.closeAfter {
        _ = try second.writeAll(bytes)
        try synchronise(second)
      }
      if unsafe unlink(companion) != 0, errno != ENOENT { throw Errno(rawValue: errno) }
      try rename(unfinished, to: path)
      try rename(other, to: companion)
    } catch {
      _ = unsafe unlink(other)
      throw error
    }
    try descriptor.close()
    isFinished = true
  }

  /// A name that nobody else writes to.
  private static func unfinished(_ path: String) -> String {
    "\(path).\(String(UInt64.random(in: 1 ... .max), radix: 16)).unfinished"
  }

  private static func create(_ path: String) throws -> FileDescriptor {
    try FileDescriptor.open(
      FilePath(path), .writeOnly, options: [.create, .exclusiveCreate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
  }
}
