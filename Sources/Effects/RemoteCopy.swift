internal import Files
internal import HTTP

#if canImport(Glibc)
  internal import Glibc
#endif

/// The copy of a file, in a folder of its own, with what came of the next one.
struct RemoteCopy {
  let folder: String
  let path: String
  private var versions: String { "\(folder)/.version" }
  private var partPath: String { "\(folder)/.part" }
  private var partVersion: String { "\(folder)/.part-version" }

  init(folder: String, name: String) {
    self.folder = folder
    path = "\(folder)/\(name)"
  }

  /// What the copy in a folder is called; nil where there is none.
  static func name(in folder: String) throws -> String? {
    try folderNames(folder).filter { !$0.hasPrefix(".") }.sorted().first
  }

  private var notePath: String { "\(folder)/.note" }

  /// What is kept of it beside its bytes, for people.
  struct Note {
    /// Names the address but for what is asked of it.
    let identity: String
    /// What may be told of the address.
    let shown: String
    /// All of it, where nothing is asked of it besides; else empty, for that may be a secret.
    let address: String
    /// The name that it is known by; empty for none.
    let source: String
    /// When it was last asked for, in seconds since 1970.
    let time: Int
    /// Why that failed; empty where it did not.
    let error: String
  }

  func note() throws -> Note? {
    let lines = try lines(of: notePath)
    guard lines.count >= 6, let time = Int(lines[3]) else { return nil }
    return Note(
      identity: lines[0], shown: lines[1], address: lines[5], source: lines[2], time: time,
      error: lines[4])
  }

  func keep(_ note: Note) throws {
    func line(_ text: String) -> String { text.replacing("\n", with: " ") }
    try write(
      [
        note.identity, note.shown, line(note.source), "\(note.time)", line(note.error),
        note.address,
      ], to: notePath)
  }

  /// Has all of it come anew.
  func forgetVersions() throws {
    try removeFile(versions)
    try forgetPart()
  }

  /// What the server calls the version that is here; nil where it names none.
  func version() throws -> String? {
    try lines(of: versions).first { !$0.isEmpty }
  }

  /// What came of a version that is known.
  struct Part {
    let size: UInt64
    let version: String
  }

  func part() throws -> Part? {
    guard let version = try lines(of: partVersion).first, !version.isEmpty,
      let size = try size(of: partPath), size > 0
    else { return nil }
    return Part(size: size, version: version)
  }

  func forgetPart() throws {
    try removeFile(partVersion)
    try removeFile(partPath)
  }

  /// By which a server is asked whether the copy is up to date.
  func conditions(_ isWhole: (String) -> Bool) throws -> [HTTPHeader] {
    if try size(of: path) == nil || !isWhole(path) { return [] }
    let names = ["If-None-Match", "If-Modified-Since"]
    return zip(names, try lines(of: versions)).filter { !$1.isEmpty }.map { HTTPHeader($0, $1) }
  }

  /// Begins a copy, of a version that the server names or does not.
  func begin(_ headers: [HTTPHeader]) throws -> PartialCopy {
    try forgetPart()
    let output = try PartialCopy(partPath, size: 0)
    // A weak one stands for contents that differ.
    let version = headers.last(named: "etag") ?? ""
    try write([version.hasPrefix("\"") ? version : ""], to: partVersion)
    return output
  }

  func resume(_ part: Part) throws -> PartialCopy { try PartialCopy(partPath, size: part.size) }

  /// Ends a copy that broke off: what can be gone on with stays.
  func leave(_ output: PartialCopy, isGoneOn: Bool) throws {
    if isGoneOn {
      try output.close()
      if try part() != nil { return }
    } else {
      output.abandon()
    }
    try forgetPart()
  }

  /// Puts a copy that is whole in the place of the one before.
  ///
  /// - Parameter isEndTold: whether the answer says where it ends: else it may be cut off.
  func finish(_ whole: PartialCopy, _ headers: [HTTPHeader], isEndTold: Bool) throws {
    try whole.close()
    let version = try headers.last(named: "etag") ?? lines(of: partVersion).first ?? ""
    // Of the copy before: it must not be taken for the one that comes.
    try removeFile(versions)
    try renameFile(partPath, to: path)
    // A run that is killed before this fetches the same again, and takes nothing in twice.
    if isEndTold { try write([version, headers.lastModified ?? ""], to: versions) }
    try removeFile(partVersion)
  }

  func size() throws -> UInt64? { try size(of: path) }

  private func size(of path: String) throws -> UInt64? {
    do { return try fileSize(path) } catch  where error.isAbsent { return nil }
  }

  /// The lines of a small file; none where it is not there.
  private func lines(of path: String) throws -> [String] {
    guard let size = try size(of: path), size < 1 << 14,
      let bytes = try readSecretFile(path, atMost: 1 << 14)
    else { return [] }
    return String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func write(_ lines: [String], to path: String) throws {
    try replaceFile(path, with: Array(lines.joined(separator: "\n").utf8))
  }
}

/// Puts bytes in the place of a small file, whole and for its owner alone. One process at a time does it.
func replaceFile(_ path: String, with bytes: [UInt8]) throws {
  let output = try PartialCopy("\(path).new", size: 0)
  try output.append(bytes)
  try output.close()
  try renameFile("\(path).new", to: path)
}

/// A file that is being written, for its owner alone.
final class PartialCopy {
  private let path: String
  private var descriptor: Int32
  private(set) var size: UInt64
  /// The first bytes of the file, where they came now.
  private var beginning: [UInt8] = []

  /// - Parameter size: how much of what is there counts.
  init(_ path: String, size: UInt64) throws {
    self.path = path
    self.size = size
    descriptor = try openPrivateFile(path, O_WRONLY | O_APPEND, owner: .folder)
    if ftruncate(descriptor, off_t(size)) != 0 {
      let code = errno
      _ = Glibc.close(descriptor)
      descriptor = -1
      throw FileError(path: path, code: code)
    }
  }

  deinit { abandon() }

  /// Ends it, whatever becomes of what was written.
  func abandon() {
    if descriptor >= 0 { _ = Glibc.close(descriptor) }
    descriptor = -1
  }

  /// Whether it is a page for people, and no file of lines.
  var isPage: Bool { HTMLPage.begins(beginning) }

  func append(_ bytes: [UInt8]) throws {
    if size == UInt64(beginning.count), beginning.count < HTMLPage.beginningMax {
      beginning += bytes.prefix(HTMLPage.beginningMax - beginning.count)
    }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, code: errno)
      }
      rest = rest.dropFirst(count)
      size += UInt64(count)
    }
  }

  /// Has it on the disk, so that what is noted of it holds after a loss of power, too.
  func close() throws {
    guard descriptor >= 0 else { return }
    let result = fsync(descriptor)
    let code = errno
    _ = Glibc.close(descriptor)
    descriptor = -1
    if result != 0 { throw FileError(path: path, code: code) }
  }
}
