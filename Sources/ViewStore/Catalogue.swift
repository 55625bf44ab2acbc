internal import Bytes
internal import LMDB

#if canImport(Glibc)
  internal import Glibc
#endif

/// The folder `views/`: builds, and the small environment that says which of them serve.
package final class ViewCatalogue: Sendable {
  let environment: Environment
  private let file: FileIdentity?
  private let path: String
  let folders: BuildFolders
  package let isReadOnly: Bool

  /// Address space of a build, unless a setting says otherwise: 1 TiB.
  package static let mapSizeDefault = 1 << 40

  /// Opens the folder; one that is not there is made, unless `isReadOnly`.
  package init(
    path: String, isReadOnly: Bool = false, mapSize: Int = mapSizeDefault
  ) throws(StoreError) {
    self.path = path
    folders = BuildFolders(path: path, mapSize: mapSize, isReadOnly: isReadOnly)
    self.isReadOnly = isReadOnly
    let folder = "\(path)/catalogue"
    if !isReadOnly {
      // Where nothing can be written, and there are none, there will be none.
      if !Self.canBeMade(in: path), FileIdentity(folder) == nil {
        throw .absent(path: path)
      }
      try makeFolder(path)
      try makeFolder(folder)
    }
    try Self.checkPages(folder)
    do {
      environment = try Environment(
        path: folder, options: EnvironmentOptions(mapSize: 1 << 26, isReadOnly: isReadOnly))
    } catch {
      if error.code == ENOENT { throw .absent(path: path) }
      throw .storage(error)
    }
    file = FileIdentity("\(folder)/data.mdb")
  }

  /// Checks the few pages of a catalogue before they are mapped, as those of a copy may be torn.
  private static func checkPages(_ folder: String) throws(StoreError) {
    for attempt in 1...checksMax {
      do {
        return try checkDataFile(in: folder)
      } catch  where error.isAbsence {
        return
      } catch  where error.isCorrupted && attempt < checksMax {
        // A writer may have used a page again while they were read.
        continue
      } catch {
        // A file without content is one that is not made yet.
        if FileIdentity("\(folder)/data.mdb")?.size == 0 { return }
        throw .storage(error)
      }
    }
  }

  private static let checksMax = 3

  /// Whether builds can be made, swapped and discarded.
  package var isChangeable: Bool {
    unsafe !isReadOnly && !environment.isReadOnly && access(path, W_OK) == 0
  }

  /// Whether the folder is still the one that was opened, and not one that was deleted.
  package var isInPlace: Bool { FileIdentity("\(path)/catalogue/data.mdb") == file }

  // MARK: What there is

  /// All views that a build serves, by name.
  package func entries() throws(StoreError) -> [CatalogueEntry] { try records() }

  package func entry(_ view: String) throws(StoreError) -> CatalogueEntry? {
    try entries().first { $0.view == view }
  }

  /// What was kept beside the live builds, by name.
  package func kept() throws(StoreError) -> [KeptBuilds] { try records() }

  package func kept(_ name: String) throws(StoreError) -> KeptBuilds? {
    try kept().first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// Builds that are being folded, or were when their process ended.
  package func unfinished() throws(StoreError) -> [UnfinishedBuild] { try records() }

  /// Builds that came with a copy of the data directory, and were not folded again since.
  package func copied() throws(StoreError) -> [CopiedBuild] { try records() }

  /// Where the data directory was when it was last used; nil when nobody noted it.
  package func place() throws(StoreError) -> PlaceNote? {
    let notes: [PlaceNote] = try records()
    return notes.first
  }

  /// The views that the last swap changed; nil before the first one.
  package func lastSwap() throws(StoreError) -> [String]? {
    let swaps: [LastSwap] = try records()
    return swaps.first?.views
  }

  /// Settings that a swap made the configured ones, while they are not written to their file yet.
  package func pendingSettings() throws(StoreError) -> String? {
    let transaction = try stored { () throws(LMDBError) in try ReadTransaction(environment) }
    return try transaction.snapshot.pendingSettings()
  }

  private func records<Record: CatalogueRecord>() throws(StoreError) -> [Record] {
    let transaction = try stored { () throws(LMDBError) in try ReadTransaction(environment) }
    return try transaction.snapshot.records()
  }

  // MARK: Builds

  /// Reads everything that the catalogue says: throws when something of it does not decode.
  package func checkRecords() throws(StoreError) {
    _ = try usedBuilds()
    _ = try (unfinished(), copied(), place(), lastSwap(), pendingSettings())
  }

  /// Whether a folder of views is there to be written, or can be made.
  package static func canBeMade(in path: String) -> Bool {
    if FileIdentity(path) != nil { return unsafe access(path, W_OK) == 0 }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    return unsafe access(slash.map { "\(path[...$0])" } ?? ".", W_OK) == 0
  }

  /// Discards a catalogue that cannot be read.
  package static func discardCatalogue(in path: String) {
    for file in ["data.mdb", "lock.mdb"] { _ = unsafe unlink("\(path)/catalogue/\(file)") }
  }

  /// Whether nothing says what the builds in the folder are, though there are some.
  package func isLost() throws(StoreError) -> Bool {
    guard try entries().isEmpty, try unfinished().isEmpty, try kept().isEmpty else { return false }
    for name in builds() {
      // One of which nothing is folded yet is what a process leaves that is killed as it begins.
      do { if try open(name).record().checkpoint > 0 { return true } } catch { return true }
      folders.close(name)
    }
    return false
  }

  /// Checks the pages of a build's file before it is opened.
  package func checkPages(_ name: String) throws(StoreError) {
    try stored { () throws(LMDBError) in try checkDataFile(in: folders.path(of: name)) }
  }

  /// Lets go of a build that is open.
  package func close(_ name: String) { folders.close(name) }

  /// Opens a build by its name.
  package func open(_ name: String) throws(StoreError) -> Build { try folders.open(name) }

  /// The names of all builds that have a folder.
  package func builds() -> [String] {
    folders.names(beginning: "build-").sorted { buildNumber($0) < buildNumber($1) }
  }

  /// Makes the folder of a new build, numbered after all others.
  package func makeBuild() throws(StoreError) -> Build {
    let name = "build-\((builds().map(buildNumber).max() ?? 0) + 1)"
    try folders.make(name)
    try forgetCopied(name)
    return try folders.open(name)
  }

  /// Makes a build that will never serve: for folding once more and comparing.
  package func makeScratch() throws(StoreError) -> Build {
    let name = try makeScratchFolder()
    return try folders.open(name, isScratch: true)
  }

  /// Makes the folder of this process's scratch, and removes those of processes that ended.
  func makeScratchFolder() throws(StoreError) -> String {
    try folders.makeScratchPlace()
    discardDeadScratch()
    let name = "\(scratchPrefix)\(getpid())"
    folders.discard(name)
    try folders.makeScratch(name)
    return name
  }

  private func discardDeadScratch() {
    for name in folders.names(beginning: scratchPrefix) where !isAlive(scratch: name) {
      folders.discard(name)
    }
  }

  package func discardScratch(_ build: Build) { folders.discard(build.name) }

  /// Lets go of the open builds that serve nobody now.
  package func closeUnused() throws(StoreError) {
    folders.close(except: try usedBuilds())
  }

  /// The builds that entries and kept names speak of.
  package func usedBuilds() throws(StoreError) -> Set<String> {
    var used: Set<String> = []
    for entry in try entries() {
      used.insert(entry.live)
      if let previous = entry.previous { used.insert(previous) }
    }
    for kept in try kept() { used.formUnion(kept.placements.map(\.build)) }
    return used
  }

  /// Unlinks the builds that nothing names, and the scratch of processes that ended.
  package func discardUnused() throws(StoreError) {
    let used = try usedBuilds().union(unfinished().map(\.build))
    for name in builds() where !used.contains(name) { folders.discard(name) }
    discardDeadScratch()
  }
}

/// A file, whatever it is called.
private struct FileIdentity: Equatable {
  let device: UInt64
  let number: UInt64
  let size: Int

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
    size = status.st_size
  }

  static func == (left: Self, right: Self) -> Bool {
    left.device == right.device && left.number == right.number
  }
}

/// Whether the process that made a scratch build still runs.
private func isAlive(scratch: String) -> Bool {
  // Its number comes first: `scratch-71-copy` is of 71, too.
  scratch.split(separator: "-").dropFirst().first.flatMap { pid_t($0) }.map(isAlive) ?? false
}

private func buildNumber(_ name: String) -> Int { Int(name.dropFirst("build-".count)) ?? 0 }
