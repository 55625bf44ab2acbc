internal import Bytes

#if canImport(Glibc)
  internal import Glibc
#endif

// What foldlog keeps holds prompts and answers: nobody but its owner may read it, whatever the umask
// is. All that it makes is made here, with its mode from the first byte on.

/// Who may do what with a file or folder, in the numbers of `chmod`.
package enum FileMode {
  /// Of a folder that only its owner may enter.
  package static let privateFolder: UInt32 = 0o700
  /// Of a file that only its owner may read and write.
  package static let privateFile: UInt32 = 0o600
  /// Of a folder of the user's that is no part of the data, such as `~/.local`.
  package static let ordinaryFolder: UInt32 = 0o755
  /// What others than the owner might do.
  package static let others: UInt32 = 0o077
}

/// Whom something belongs to that root makes. What others make is theirs.
package enum Owner: Sendable {
  /// Root: it is no part of another's data.
  case maker
  /// Whoever has the folder that it lies in, and could not use it, nor what is beside it, if it were
  /// root's.
  case folder
}

/// Makes a folder that only its owner may enter, unless something of that name is there.
///
/// - Returns: whether it was made.
@discardableResult
package func makePrivateFolder(_ path: String, owner: Owner) throws(FileError) -> Bool {
  guard try makeFolder(path, FileMode.privateFolder) else { return false }
  guard owner == .folder, geteuid() == 0 else { return true }
  // Who may write in the folder above may have put a link there meanwhile.
  let descriptor = try openFile(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
  defer { _ = close(descriptor) }
  giveToFolderOwner(descriptor, path)
  return true
}

/// Makes a folder that others may enter, as far as the umask lets them, unless it is there.
package func makeOrdinaryFolder(_ path: String) throws(FileError) {
  try makeFolder(path, FileMode.ordinaryFolder)
}

@discardableResult
private func makeFolder(_ path: String, _ mode: UInt32) throws(FileError) -> Bool {
  if unsafe mkdir(systemPath(path), mode) == 0 { return true }
  if errno != EEXIST { throw FileError(path) }
  return false
}

/// Opens a file, which is made for its owner alone if it is not there.
///
/// - Parameter flags: how, such as `O_RDWR`; programs that this one starts do not get it.
package func openPrivateFile(
  _ path: String, _ flags: Int32, owner: Owner
) throws(FileError) -> Int32 {
  func opened(_ more: Int32) -> Int32 {
    unsafe open(systemPath(path), flags | more | O_CREAT | O_CLOEXEC, FileMode.privateFile)
  }
  // Only what is new is given away: what was there may be a link to anything.
  var descriptor = opened(O_EXCL)
  if descriptor >= 0 {
    if owner == .folder { giveToFolderOwner(descriptor, path) }
    return descriptor
  }
  if errno == EEXIST, flags & O_EXCL == 0 { descriptor = opened(0) }
  if descriptor < 0 { throw FileError(path) }
  return descriptor
}

/// Makes a new file for its owner alone, and opens it for writing. What had the name is gone: it might
/// be another's, or be open elsewhere.
package func createPrivateFile(_ path: String, owner: Owner) throws(FileError) -> Int32 {
  try removeFile(path)
  return try openPrivateFile(path, O_WRONLY | O_EXCL | O_NOFOLLOW, owner: owner)
}

/// Gives what root has just made to the owner of the folder that it lies in.
package func giveToFolderOwner(_ descriptor: Int32, _ path: String) {
  var status = stat()
  guard geteuid() == 0, unsafe stat(systemPath(splitPath(path).folder), &status) == 0,
    status.st_uid != 0
  else { return }
  // A root that may not give files away, as in some containers, is who can use them.
  _ = fchown(descriptor, status.st_uid, status.st_gid)
}

/// Makes a file in a folder that loses its name at once, and is gone when it is closed.
package func makeNamelessFile(in folder: String) throws(FileError) -> Int32 {
  var path = systemPath("\(folder)/foldlog.XXXXXX")
  // Its mode is that of a private file, as POSIX has it.
  let descriptor = unsafe mkstemp(&path)
  if descriptor < 0 { throw FileError(folder) }
  _ = unsafe unlink(path)
  return descriptor
}

/// What became of a file or folder that had to be this user's alone.
package enum Narrowing: Equatable, Sendable {
  /// It is absent, or it was already.
  case unneeded
  case narrowed
  /// Others may still do something with it.
  case refused(FileError)

  package var refusal: FileError? { if case .refused(let error) = self { error } else { nil } }
}

/// Takes all rights from others than the owner, if this user may do that.
///
/// - Parameter isFollowingLinks: whether a link is what it leads to; else it is left alone.
package func narrow(_ path: String, isFollowingLinks: Bool = false) -> Narrowing {
  let flags = isFollowingLinks ? 0 : AT_SYMLINK_NOFOLLOW
  var status = stat()
  func isWide() -> Bool {
    unsafe fstatat(AT_FDCWD, systemPath(path), &status, flags) == 0
      && status.st_mode & FileMode.others != 0 && status.st_mode & S_IFMT != S_IFLNK
  }
  guard isWide() else { return .unneeded }
  // In another's folder a link may have taken the place of what was looked at.
  let changeFlags = status.st_uid == geteuid() ? 0 : flags
  let mode = status.st_mode & 0o7777 & ~FileMode.others
  if unsafe fchmodat(AT_FDCWD, systemPath(path), mode, changeFlags) != 0 {
    return errno == ENOENT ? .unneeded : .refused(FileError(path))
  }
  // A file system without modes says that it did it.
  return isWide() ? .refused(FileError(path: path, code: EOPNOTSUPP)) : .narrowed
}

/// Narrows all that is in a folder, at any depth; links are left alone.
package func narrowAll(in folder: String) -> [Narrowing] {
  // A folder that cannot be listed belongs to another user, which `narrow` has reported.
  ((try? folderNames(folder)) ?? []).flatMap { name in
    let path = "\(folder)/\(name)"
    return [narrow(path)] + (isFolder(path) ? narrowAll(in: path) : [])
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe lstat(systemPath(path), &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Gives an open file the owner of another one, and what rights that owner has to it; others get none.
package func copyOwner(of path: String, to descriptor: Int32) {
  var status = stat()
  guard unsafe stat(systemPath(path), &status) == 0 else { return }
  _ = fchmod(descriptor, status.st_mode & 0o7777 & ~FileMode.others)
  // Only who may give files away can: else it is the writer's own.
  _ = fchown(descriptor, status.st_uid, status.st_gid)
}

/// The beginning of a file that holds a secret; nil where others than its owner may read it, or it is
/// neither this user's nor root's.
package func readSecretFile(_ path: String, atMost count: Int) throws(FileError) -> [UInt8]? {
  let descriptor = try openFile(path, O_RDONLY | O_NONBLOCK)
  defer { _ = close(descriptor) }
  var status = stat()
  if unsafe fstat(descriptor, &status) != 0 { throw FileError(path) }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & FileMode.others == 0,
    status.st_uid == geteuid() || status.st_uid == 0
  else { return nil }
  var bytes = [UInt8](repeating: 0, count: count)
  let size = unsafe read(descriptor, &bytes, count)
  if size < 0 { throw FileError(path) }
  return Array(bytes[..<size])
}

/// Appends lines to a file, which is made for its owner alone if it is not there, all in one write: of two
/// that append at once neither writes within what the other does. Half a line of one that failed is ended
/// first.
package func appendLines(
  _ lines: [UInt8], toPrivateFile path: String, owner: Owner
) throws(FileError) {
  let descriptor = try openPrivateFile(path, O_RDWR | O_APPEND | O_NOFOLLOW, owner: owner)
  defer { _ = close(descriptor) }
  let newline = UInt8(ascii: "\n")
  let end = lseek(descriptor, 0, SEEK_END)
  var last = newline
  if end > 0 { _ = unsafe pread(descriptor, &last, 1, end - 1) }
  let bytes = last == newline ? lines : [newline] + lines
  let count = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
  if count != bytes.count { throw FileError(path: path, code: count < 0 ? errno : ENOSPC) }
}
