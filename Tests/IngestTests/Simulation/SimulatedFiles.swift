import Bytes
import Events
import Ingest

/// Made-up files in a folder, which may move: names lead to files, files outlive their names while they
/// are open.
final class SimulatedFiles: FileSystem {
  final class Inode {
    let number: UInt64
    var device: UInt64
    var bytes: [UInt8] = []
    var modified: Int64
    /// Whether it holds lines that stood in a file before.
    var isRewrite = false
    /// Readers that have it open.
    var holders = 0

    init(number: UInt64, device: UInt64, modified: Int64) {
      self.number = number
      self.device = device
      self.modified = modified
    }
  }

  private(set) var names: [String: Inode] = [:]
  /// Folders that are there, with the file systems that they are on.
  private var folders: [String: UInt64] = [SimulatedFiles.folder: 1]
  /// Folders that were there, and are not mounted now.
  private var unmounted: [String: [String: Inode]] = [:]
  /// Where writers write now.
  private(set) var place = SimulatedFiles.folder
  /// All folders that they ever wrote in.
  private(set) var places = [SimulatedFiles.folder]
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
  static let rootDevice: UInt64 = 1

  func takeChanges() -> FileChanges {
    defer { changes = FileChanges() }
    return changes
  }

  func path(_ name: String) -> String { "\(place)/\(name)" }

  // MARK: What writers do

  func create(_ name: String, reusing isReused: Bool = false) -> Inode {
    var number = nextNumber
    if isReused, let last = freed.popLast() { number = last } else { nextNumber += 1 }
    let inode = Inode(number: number, device: folders[place] ?? 1, modified: clock)
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

  // MARK: What becomes of the folder

  private func goOn(in folder: String, device: UInt64) {
    folders[folder] = device
    place = folder
    if !places.contains(folder) { places.append(folder) }
    changes.isEverything = true
  }

  /// Renames the folder.
  func renameFolder(_ folder: String) {
    let all = names.filter { $0.key.hasPrefix(place + "/") }
    let device = folders.removeValue(forKey: place) ?? 1
    for path in all.keys { names[path] = nil }
    let old = place
    goOn(in: folder, device: device)
    for (path, inode) in all { names[folder + path.dropFirst(old.utf8.count)] = inode }
  }

  enum Farewell: CaseIterable {
    /// The folder is gone.
    case removed
    /// It is empty.
    case emptied
    /// It may not be looked at.
    case forbidden
    /// Its file system is not mounted.
    case unmounted
  }

  /// Copies the folder; what was there is out of sight then.
  ///
  /// - Returns: which file became which.
  func copyFolder(
    _ folder: String, device: UInt64, isKeepingTimes: Bool, shuffle: ([UInt64]) -> [UInt64],
    then farewell: Farewell
  ) -> [(Inode, Inode)] {
    let all = names.filter { $0.key.hasPrefix(place + "/") }.sorted { $0.key < $1.key }
    let old = place
    // On another machine the numbers of files may be those of others here.
    let numbers = shuffle(all.map(\.value.number))
    goOn(in: folder, device: device)
    var copies: [(Inode, Inode)] = []
    for (number, (path, inode)) in zip(numbers, all) {
      let copy = Inode(
        number: number, device: device, modified: isKeepingTimes ? inode.modified : clock)
      copy.bytes = inode.bytes
      copy.isRewrite = inode.isRewrite
      names[folder + path.dropFirst(old.utf8.count)] = copy
      copies.append((inode, copy))
    }
    nextNumber = max(nextNumber, (numbers.max() ?? 0) + 1)
    // What belongs to the root's file system is always mounted.
    let isRoot = all.allSatisfy { $0.value.device == Self.rootDevice }
    switch farewell == .unmounted && isRoot ? .removed : farewell {
    case .forbidden: forbidden.formUnion([old] + all.map(\.key))
    case .unmounted:
      unmounted[old] = Dictionary(uniqueKeysWithValues: all)
      fallthrough
    case .removed:
      folders[old] = nil
      fallthrough
    case .emptied: for (path, _) in all { names[path] = nil }
    }
    return copies
  }

  /// Brings back what could not be looked at.
  ///
  /// - Parameter device: of what is mounted again; as it was, if nil.
  func bringBack(device: UInt64?) {
    forbidden = []
    for (folder, files) in unmounted where folders[folder] == nil {
      folders[folder] = files.first?.value.device ?? 1
      for (path, inode) in files {
        if let device { inode.device = device }
        names[path] = inode
      }
    }
    unmounted = [:]
    changes.isEverything = true
  }

  /// Mounts the folder's file system at another place, where it has another number.
  func mountElsewhere(_ folder: String, device: UInt64) {
    renameFolder(folder)
    remount(device: device)
  }

  /// Gives the folder's file system another number, as after a start of the machine.
  func remount(device: UInt64) {
    folders[place] = device
    for (path, inode) in names where path.hasPrefix(place + "/") { inode.device = device }
    changes.isEverything = true
  }

  // MARK: What readers see

  func status(_ path: String) -> FileStatus? {
    onCall("status of \(path)")
    if let device = path == "/" ? Self.rootDevice : folders[path] {
      return FileStatus(
        id: FileID(device: device, inode: UInt64(path.utf8.count) << 32), size: 0,
        modified: Timestamp(nanoseconds: 0), isDirectory: true, isRegular: false)
    }
    // Who may not enter a folder sees nothing in it.
    if forbidden.contains(splitPath(path).folder), splitPath(path).folder != Self.folder {
      return nil
    }
    return names[path].map { status(of: $0) }
  }

  fileprivate func status(of inode: Inode) -> FileStatus {
    FileStatus(
      id: FileID(device: inode.device, inode: inode.number), size: UInt64(inode.bytes.count),
      modified: Timestamp(nanoseconds: inode.modified))
  }

  func names(in folder: String) throws(IngestError) -> [String] {
    onCall("names in \(folder)")
    try check(folder)
    try checkRoom(folder)
    guard folders[folder] != nil else {
      throw IngestError(.absent, path: folder, reason: "there is no such folder")
    }
    return (Array(names.keys) + loops).filter { $0.hasPrefix(folder + "/") }
      .map { String($0.dropFirst(folder.count + 1)) }
  }

  func target(ofLink path: String) -> String? {
    onCall("target of \(path)")
    return loops.contains(path) ? path : nil
  }

  func realPath(_ path: String) -> String? {
    onCall("real path of \(path)")
    return names[path] == nil && folders[path] == nil ? nil : path
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
