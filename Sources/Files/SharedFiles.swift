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

/// Puts bytes in the place of a file's, whole and durably; a new file is its owner's alone. What a link
/// leads to is changed, and the link stays.
package func rewriteFile(_ path: String, with bytes: [UInt8]) throws(FileError) {
  let target = realPath(path) ?? path
  let unfinished = "\(target).foldlog-unfinished"
  var status = stat()
  let isThere = unsafe stat(systemPath(target), &status) == 0
  do throws(FileError) {
    let descriptor = try createPrivateFile(unfinished, owner: .folder)
    do throws(FileError) {
      try writeWhole(bytes, to: descriptor, path: unfinished)
      // Only who may give files away can: else it is the writer's own.
      if isThere {
        _ = fchown(descriptor, status.st_uid, status.st_gid)
        _ = fchmod(descriptor, status.st_mode & 0o7777)
      }
    } catch {
      _ = close(descriptor)
      throw error
    }
    if close(descriptor) != 0 { throw FileError(unfinished) }
    do throws(FileError) { try renameFile(unfinished, to: target) } catch {
      // Mounted by itself, as containers do: it can only be written in its place.
      guard error.isBusy else { throw error }
      let mounted = try openFile(target, O_WRONLY | O_TRUNC)
      defer { _ = close(mounted) }
      try writeWhole(bytes, to: mounted, path: target)
      try removeFile(unfinished)
    }
  } catch {
    _ = unsafe unlink(systemPath(unfinished))
    throw error
  }
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
