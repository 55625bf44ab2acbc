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

/// Standard input, output and error, of which a process may be given none.
package enum StandardDescriptors {
  /// Opens those that are missing on /dev/null, before anything else can get their numbers: a file of
  /// the data with the number 2 would have messages written into it. What is written to a missing
  /// output, and read from a missing input, fails; what is written to a missing error is lost.
  ///
  /// - Returns: false when that cannot be done.
  package static func openMissing() -> Bool {
    // In this order: what is opened gets the lowest number that is free.
    for (descriptor, flags) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDWR),
    ] where !isOpen(descriptor) {
      if unsafe open("/dev/null", flags) == descriptor { continue }
      // Without a /dev: a folder can neither be read nor written.
      if unsafe open("/", O_RDONLY | O_DIRECTORY) != descriptor { return false }
    }
    return true
  }

  private static func isOpen(_ descriptor: Int32) -> Bool {
    fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF
  }

  /// Whether standard input can be read: false when the process was given none.
  package static var hasInput: Bool {
    let flags = fcntl(STDIN_FILENO, F_GETFL)
    return flags >= 0 && flags & O_ACCMODE != O_WRONLY
  }
}

/// What the system refused, and of which path.
package struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// An errno.
  package let code: Int32

  package init(path: String, code: Int32) {
    self.path = path
    self.code = code
  }

  /// Of the system call that has just failed.
  init(_ path: String) { self.init(path: path, code: errno) }

  package var isAbsent: Bool { code == ENOENT }
  package var isBusy: Bool { code == EBUSY }
  /// A disk without room, or none for this user.
  package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }
  /// In the system's words.
  package var reason: String { unsafe String(cString: strerror(code)) }
  package var description: String { "\(shownPath(path)): \(reason)" }
}
