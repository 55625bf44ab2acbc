internal import Bytes

#if canImport(Glibc)
  internal import Glibc
#endif

// Files of others that foldlog changes on request, such as the settings of an agent: they keep their
// owner and rights.

/// The bytes of a file; nil where there is none.
package func bytesOfFile(_ path: String) throws(FileError) -> [UInt8]? {
  let descriptor: Int32
  do { descriptor = try openFile(path, O_RDONLY) } catch {
    if error.isAbsent { return nil }
    throw error
  }
  defer { _ = close(descriptor) }
  var all: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = unsafe piece.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress, $0.count)
    }
    if count == 0 { return all }
    if count > 0 { all += piece[..<count] } else if errno != EINTR { throw FileError(path) }
  }
}

/// A lock on a folder between processes that change files in it, held while this lives; waits for others.
package final class FolderLock {
  private let descriptor: Int32

  package init(_ folder: String) throws(FileError) {
    descriptor = try openFile(folder, O_RDONLY | O_DIRECTORY)
    while flock(descriptor, LOCK_EX) != 0 {
      if errno == EINTR { continue }
      // A file system without locks: what was read is compared before it is replaced all the same.
      break
    }
  }

  deinit { _ = close(descriptor) }
}

/// Puts bytes in the place of a file's, whole and durably; a new file is its owner's alone. What a link
/// leads to is changed, and the link stays.
///
/// - Parameter before: what the file was read as; nil for no file.
/// - Returns: false where it is another by now, and was left alone.
package func rewriteFile(
  _ path: String, from before: [UInt8]?, with bytes: [UInt8]
) throws(FileError) -> Bool {
  var status = stat()
  var link = stat()
  let isThere = unsafe stat(systemPath(path), &status) == 0
  if !isThere, unsafe lstat(systemPath(path), &link) == 0 {
    // A link that leads nowhere yet: a file in its place would hide what it is to lead to.
    throw FileError(path: path, code: ENOENT)
  }
  let target = realPath(path) ?? path
  // Who took the right to write from a file meant it, also where this process could do so all the same.
  if isThere, status.st_mode & 0o200 == 0 { throw FileError(path: target, code: EACCES) }
  var name = systemPath("\(target).XXXXXX")
  let descriptor = unsafe mkstemp(&name)
  if descriptor < 0 { throw FileError(target) }
  let unfinished = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  do throws(FileError) {
    do throws(FileError) {
      try writeWhole(bytes, to: descriptor, path: unfinished)
      // Only who may give files away can: else it is the writer's own.
      if isThere {
        _ = fchown(descriptor, status.st_uid, status.st_gid)
        _ = fchmod(descriptor, status.st_mode & 0o7777)
      } else {
        giveToFolderOwner(descriptor, target)
      }
    } catch {
      _ = close(descriptor)
      throw error
    }
    if close(descriptor) != 0 { throw FileError(unfinished) }
    if try bytesOfFile(target) != before {
      try removeFile(unfinished)
      return false
    }
    // Other names of the file are to have the same in them.
    if isThere, status.st_nlink > 1 { return try writeInPlace(bytes, target, unfinished) }
    do throws(FileError) { try renameFile(unfinished, to: target) } catch {
      // Mounted by itself, as containers do: it can only be written in its place.
      guard error.isBusy else { throw error }
      return try writeInPlace(bytes, target, unfinished)
    }
    return true
  } catch {
    _ = unsafe unlink(systemPath(unfinished))
    throw error
  }
}

private func writeInPlace(
  _ bytes: [UInt8], _ target: String, _ unfinished: String
) throws(FileError) -> Bool {
  let descriptor = try openFile(target, O_WRONLY | O_TRUNC)
  defer { _ = close(descriptor) }
  try writeWhole(bytes, to: descriptor, path: target)
  try removeFile(unfinished)
  return true
}

private func writeWhole(
  _ bytes: [UInt8], to descriptor: Int32, path: String
) throws(FileError) {
  var start = 0
  while start < bytes.count {
    let count = unsafe bytes[start...].withUnsafeBytes {
      unsafe write(descriptor, $0.baseAddress, $0.count)
    }
    if count >= 0 { start += count } else if errno != EINTR { throw FileError(path) }
  }
  if fsync(descriptor) != 0 { throw FileError(path) }
}
