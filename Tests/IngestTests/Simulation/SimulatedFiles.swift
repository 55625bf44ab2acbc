import Events
import Ingest

/// A folder of made-up files: names lead to files, files outlive their names while they are open.
final class SimulatedFiles: FileSystem {
  final class Inode {
    let number: UInt64
    var bytes: [UInt8] = []
    var modified: Int64
    /// Whether it holds lines that stood in a file before.
    var isRewrite = false
    /// Readers that have it open.
    var holders = 0

    init(number: UInt64, modified: Int64) {
      self.number = number
      self.modified = modified
    }
  }

  private(set) var names: [String: Inode] = [:]
  /// Numbers of files that are gone: the next file may get one of them.
  private var freed: [UInt64] = []
  private var nextNumber: UInt64 = 1
  var clock: Int64 = 1_800_000_000_000_000_000
  private(set) var changes = FileChanges()
  /// Folders and files that may not be read.
  var forbidden: Set<String> = []
  /// Links that lead to themselves.
  var loops: Set<String> = []
  /// Files whose bytes cannot be read, though they can be opened.
  var broken: Set<UInt64> = []
  /// How many files a reader may have open at once, folders too.
  var descriptorMax = Int.max
  fileprivate(set) var openCount = 0
  /// Called with each thing that a reader asks for: what writers do between two of its calls.
  var onCall: (String) -> Void = { _ in }
  static let folder = "/logs"

  func takeChanges() -> FileChanges {
    defer { changes = FileChanges() }
    return changes
  }

  func path(_ name: String) -> String { "\(Self.folder)/\(name)" }

  // MARK: What writers do

  func create(_ name: String, reusing isReused: Bool = false) -> Inode {
    var number = nextNumber
    if isReused, let last = freed.popLast() { number = last } else { nextNumber += 1 }
    let inode = Inode(number: number, modified: clock)
    names[path(name)] = inode
    changes.renamed.insert(path(name))
    return inode
  }

  func append(_ bytes: [UInt8], to inode: Inode) {
    inode.bytes += bytes
    touch(inode)
  }

  func overwrite(_ inode: Inode, with bytes: [UInt8]) {
    // Should it grow as long as it was, in the same tick of its clock, then nothing would tell that to
    // a reader who comes later.
    if inode.modified == clock { clock += 3_000_000 }
    inode.bytes = bytes
    inode.isRewrite = false
    touch(inode)
  }

  private func touch(_ inode: Inode) {
    inode.modified = clock
    for (path, other) in names where other === inode { changes.written.insert(path) }
  }

  func rename(_ old: String, _ new: String) {
    let replaced = names[path(new)]
    names[path(new)] = names.removeValue(forKey: path(old))
    changes.renamed.formUnion([path(old), path(new)])
    if let replaced { free(replaced) }
  }

  func remove(_ name: String) {
    guard let inode = names.removeValue(forKey: path(name)) else { return }
    changes.renamed.insert(path(name))
    free(inode)
  }

  fileprivate func free(_ inode: Inode) {
    if !names.values.contains(where: { $0 === inode }), inode.holders == 0 {
      freed.append(inode.number)
    }
  }

  subscript(name: String) -> Inode? { names[path(name)] }

  // MARK: What readers see

  func status(_ path: String) -> FileStatus? {
    onCall("status of \(path)")
    if path == Self.folder {
      return FileStatus(
        id: FileID(device: 1, inode: 0), size: 0, modified: Timestamp(nanoseconds: 0),
        isDirectory: true, isRegular: false)
    }
    return names[path].map { status(of: $0) }
  }

  fileprivate func status(of inode: Inode) -> FileStatus {
    FileStatus(
      id: FileID(device: 1, inode: inode.number), size: UInt64(inode.bytes.count),
      modified: Timestamp(nanoseconds: inode.modified))
  }

  func names(in folder: String) throws(IngestError) -> [String] {
    onCall("names in \(folder)")
    try check(folder)
    try checkRoom(folder)
    guard folder == Self.folder else {
      throw IngestError(.absent, path: folder, reason: "there is no such folder")
    }
    return (Array(names.keys) + loops).map { String($0.dropFirst(Self.folder.count + 1)) }
  }

  func target(ofLink path: String) -> String? {
    onCall("target of \(path)")
    return loops.contains(path) ? path : nil
  }

  func realPath(_ path: String) -> String? {
    onCall("real path of \(path)")
    return names[path] == nil && path != Self.folder ? nil : path
  }

  func open(_ path: String) throws(IngestError) -> any OpenFile {
    onCall("open \(path)")
    try check(path)
    if loops.contains(path) {
      throw IngestError(.unreadable, path: path, reason: "too many levels of symbolic links")
    }
    guard let inode = names[path] else {
      throw IngestError(.absent, path: path, reason: "there is no such file")
    }
    try checkRoom(path)
    return SimulatedFile(self, inode)
  }

  private func checkRoom(_ path: String) throws(IngestError) {
    if openCount >= descriptorMax {
      throw IngestError(.noDescriptor, path: path, reason: "too many open files")
    }
  }

  private func check(_ path: String) throws(IngestError) {
    if forbidden.contains(path) {
      throw IngestError(.unreadable, path: path, reason: "permission denied")
    }
  }

  func matches(_ pattern: String) -> [String] { [] }
}

private final class SimulatedFile: OpenFile {
  private let files: SimulatedFiles
  private let inode: SimulatedFiles.Inode

  init(_ files: SimulatedFiles, _ inode: SimulatedFiles.Inode) {
    self.files = files
    self.inode = inode
    inode.holders += 1
    files.openCount += 1
  }

  deinit {
    inode.holders -= 1
    files.openCount -= 1
    files.free(inode)
  }

  func status() throws(IngestError) -> FileStatus {
    files.onCall("status of \(inode.number)")
    return files.status(of: inode)
  }

  func read(
    at position: UInt64, count: Int, into buffer: inout [UInt8]
  ) throws(IngestError) -> Int {
    files.onCall("read \(inode.number) at \(position)")
    if files.broken.contains(inode.number) {
      throw IngestError(
        .unreadable, path: files.names.first { $0.value === inode }?.key ?? "",
        reason: "input/output error")
    }
    let start = min(Int(position), inode.bytes.count)
    let end = min(start + count, inode.bytes.count)
    buffer += inode.bytes[start..<end]
    return end - start
  }

  var isWaiting: Bool { false }
}
