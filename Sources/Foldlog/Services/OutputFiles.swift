internal import Bytes
internal import Files
internal import Ingest
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

  /// - Parameter isOwnCompanion: whether what stands under the companion's name may be replaced, by
  ///   its bytes; else nothing is written.
  init(path: String, companion: String, isOwnCompanion: ([UInt8]) -> Bool) throws {
    self.path = path
    self.companion = companion
    let status = DiskFiles().status(path)
    if let status, status.isDirectory { throw Errno.isDirectory }
    if let status, !status.isRegular {
      unfinished = nil
      descriptor = FileDescriptor(rawValue: try openFile(path, O_WRONLY))
    } else {
      try Self.requireName(companion)
      try Self.requireOwn(companion, isOwnCompanion)
      let name = Self.unfinished(path, "")
      unfinished = name
      descriptor = try Self.create(name, for: path)
    }
  }

  deinit {
    if isFinished { return }
    try? descriptor.close()
    // Nothing more can be done about one that stays.
    if let unfinished { try? removeFile(unfinished) }
  }

  /// Gives the file its name, and `bytes` that of the companion.
  func finish(companion bytes: [UInt8]) throws {
    guard let unfinished else { return }
    try synchronise(descriptor)
    let other = Self.unfinished(path, "-manifest")
    do {
      let second = try Self.create(other, for: companion)
      try second.closeAfter {
        _ = try second.writeAll(bytes)
        try synchronise(second)
      }
      try removeFile(companion)
      try renameFile(unfinished, to: path)
      try renameFile(other, to: companion)
    } catch {
      try? removeFile(other)
      throw error
    }
    try descriptor.close()
    isFinished = true
  }

  /// A name beside the file that nobody else writes to, and that is not longer than a name may be,
  /// whatever the file is called.
  private static func unfinished(_ path: String, _ part: String) -> String {
    let number = String(UInt64.random(in: 1 ... .max), radix: 16)
    return joinPath(splitPath(path).folder, ".foldlog-\(number)\(part).unfinished")
  }

  /// Throws when a name is longer than a file's may be.
  private static func requireName(_ path: String) throws(FileError) {
    do { _ = try FileIdentity(path) } catch { if error.code == ENAMETOOLONG { throw error } }
  }

  /// Where a link leads; else the name itself. To a file of that name a link stays a link.
  static func target(of name: String) throws(FoldlogError) -> String {
    guard isLink(name) else { return name }
    guard let target = realPath(name) else {
      throw FoldlogError(
        .inputOutput,
        "\(shownPath(name)) is a link to nothing: remove it, or name the file that it is to lead to"
      )
    }
    return target
  }

  /// Throws where something stands under the companion's name that this program did not write.
  private static func requireOwn(
    _ companion: String, _ isOwn: ([UInt8]) -> Bool
  ) throws(FoldlogError) {
    guard let status = DiskFiles().status(companion) else { return }
    let text = status.isRegular ? try Configuration.read(companion) : nil
    if !isOwn(Array((text ?? "").utf8)) {
      throw FoldlogError(
        .inputOutput,
        "\(shownPath(companion)) is there, and is no manifest of an export, which would take its "
          + "place: move it, or choose another name")
    }
  }

  private static func create(_ path: String, for target: String) throws(FileError) -> FileDescriptor
  {
    do { return FileDescriptor(rawValue: try createPrivateFile(path, owner: .maker)) } catch {
      throw FileError(path: target, code: error.code)
    }
  }
}

/// Waits until a file's content is on disk.
func synchronise(_ descriptor: FileDescriptor) throws(Errno) {
  if fsync(descriptor.rawValue) != 0 { throw Errno(rawValue: errno) }
}
