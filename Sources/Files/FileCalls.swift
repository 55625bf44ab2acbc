internal import Bytes

#if canImport(Glibc)
  internal import Glibc
#endif

// What is done with paths, apart from making something. A path is text as `pathText` makes it, or plain
// text; the system is given its bytes.

/// What a file or folder is, whatever it is called.
package struct FileIdentity: Hashable, Sendable {
  package let device: UInt64
  package let number: UInt64

  package init(_ path: String) throws(FileError) {
    var status = stat()
    if unsafe stat(systemPath(path), &status) != 0 { throw FileError(path) }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// Whether a name is that of a link, wherever it leads. The corresponding C function is `lstat`.
package func isLink(_ path: String) -> Bool {
  var status = stat()
  return unsafe lstat(systemPath(path), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
}

/// Opens a file that is there. The corresponding C function is `open`.
///
/// - Parameter flags: how, such as `O_RDONLY`; programs that this one starts do not get it.
package func openFile(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
  let descriptor = unsafe open(systemPath(path), flags | O_CLOEXEC)
  if descriptor < 0 { throw FileError(path) }
  return descriptor
}

/// The length of a file. The corresponding C function is `stat`.
package func fileSize(_ path: String) throws(FileError) -> UInt64 {
  var status = stat()
  if unsafe stat(systemPath(path), &status) != 0 { throw FileError(path) }
  return UInt64(clamping: status.st_size)
}

/// Bytes that this user may still write to the disk of a folder; nil where the disk does not say.
package func freeSpace(_ folder: String) throws(FileError) -> UInt64? {
  var status = statvfs()
  if unsafe statvfs(systemPath(folder), &status) != 0 { throw FileError(folder) }
  // A disk without a size, as one in memory may be, has no free blocks either.
  if status.f_blocks == 0 { return nil }
  let blocks = UInt64(geteuid() == 0 ? status.f_bfree : status.f_bavail)
  return blocks.multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue
}

/// Whether a file can be written, or made, for all that its rights and its disk say.
package func isWritable(_ path: String) -> Bool {
  unsafe access(systemPath(path), W_OK) == 0 || (errno != EACCES && errno != EROFS)
}

/// Why what stands at a path cannot be written, by its rights and its file system; nil where it can, or
/// where nothing stands there. The corresponding C function is `access`.
package func writeRefusal(_ path: String) -> FileError? {
  if unsafe access(systemPath(path), W_OK) == 0 { return nil }
  let error = FileError(path)
  return error.isReadOnly || error.code == EACCES ? error : nil
}

/// Whether a folder is this user's own, and nobody else may enter it.
package func isPrivateFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe lstat(systemPath(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    && status.st_uid == geteuid() && status.st_mode & FileMode.others == 0
}

/// A variable of this process's environment.
package func environmentText(_ name: String) -> String? {
  unsafe getenv(name).map { unsafe givenText(bytes(ofC: $0)) }
}

/// The names in a folder, unsorted, without `.` and `..`.
package func folderNames(_ path: String) throws(FileError) -> [String] {
  guard let directory = unsafe opendir(systemPath(path)) else { throw FileError(path) }
  defer { _ = unsafe closedir(directory) }
  var names: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      unsafe pathText(Array(bytes.prefix { $0 != 0 }))
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names
}

/// Where a path leads, by links; nil when it leads nowhere.
package func realPath(_ path: String) -> String? {
  guard let resolved = unsafe realpath(systemPath(path), nil) else { return nil }
  defer { unsafe free(resolved) }
  return unsafe pathText(bytes(ofC: resolved))
}

/// Gives a file or folder another name, in the place of what had it.
package func renameFile(_ path: String, to other: String) throws(FileError) {
  if unsafe rename(systemPath(path), systemPath(other)) != 0 { throw FileError(other) }
}

/// Removes a file, if it is there.
package func removeFile(_ path: String) throws(FileError) {
  if unsafe unlink(systemPath(path)) != 0, errno != ENOENT { throw FileError(path) }
}

/// Removes a folder that is empty, if it is there.
package func removeFolder(_ path: String) throws(FileError) {
  if unsafe rmdir(systemPath(path)) != 0, errno != ENOENT { throw FileError(path) }
}
