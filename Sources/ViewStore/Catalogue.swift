internal import Bytes
internal import Files
internal import LMDB
internal import Synchronization

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
  /// By build, the bytes that readers held when a compaction was last tried and there was no room.
  let heldAtLastAttempt = Mutex<[String: UInt64]>([:])

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
      // Where a folder is not there and cannot be made, there are no views: that is the error to show.
      if !Self.canBeMade(in: path), (try? FileIdentity(folder)) == nil {
        throw .absent(path: path)
      }
      try makeStoreFolder(path)
      try makeStoreFolder(folder)
    }
    try Self.checkPages(folder)
    do {
      environment = try Environment(
        path: folder, options: EnvironmentOptions(mapSize: 1 << 26, isReadOnly: isReadOnly))
    } catch {
      if error.code == ENOENT { throw .absent(path: path) }
      throw .storage(error)
    }
    file = try? FileIdentity("\(folder)/data.mdb")
  }

  /// Checks the few pages of a catalogue before they are mapped, as those of a copy may be torn.
  private static func checkPages(_ folder: String) throws(StoreError) {
    for attempt in 1...checksMax {
      do {
        return try checkDataFile(in: folder)
      } catch  where error.isAbsence {
        return
      } catch  where error.isCorrupted && attempt < checksMax {
        // A writer may have reused a page while the pages were read.
        continue
      } catch {
        // A file without content is one that is not made yet.
        if (try? fileSize("\(folder)/data.mdb")) == 0 { return }
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
  package var isInPlace: Bool {
    (try? FileIdentity("\(path)/catalogue/data.mdb")) == file
  }

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
    isWritable((try? FileIdentity(path)) != nil ? path : splitPath(path).folder)
  }

  /// Discards a catalogue that cannot be read.
  package static func discardCatalogue(in path: String) {
    // A file that cannot be removed fails to open again, and that error is reported.
    for file in ["data.mdb", "lock.mdb"] { try? removeFile("\(path)/catalogue/\(file)") }
  }

  /// Whether nothing says what the builds in the folder are, though there are some.
  package func isLost() throws(StoreError) -> Bool {
    guard try entries().isEmpty, try unfinished().isEmpty, try kept().isEmpty else { return false }
    for name in builds() {
      // A process that was killed right after it made a build leaves one with nothing folded.
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
  ///
  /// - Throws: `StoreError.replaced` if it is gone, and nothing names it any more.
  package func open(_ name: String) throws(StoreError) -> Build {
    do { return try folders.open(name) } catch {
      guard case .storage(let cause) = error, cause.code == ENOENT,
        try !usedBuilds().contains(name), try !unfinished().contains(where: { $0.build == name })
      else { throw error }
      throw .replaced(name)
    }
  }

  /// Runs what looks up the names of builds and opens them; once more, if one of them was replaced
  /// between the two.
  package func followingReplacements<Result>(_ body: () throws -> Result) throws -> Result {
    for _ in 0..<Self.replacementsMax {
      do { return try body() } catch StoreError.replaced {}
    }
    return try body()
  }

  private static let replacementsMax = 7

  /// The names of all builds that have a folder.
  package func builds() -> [String] {
    folders.names(beginning: "build-").sorted { buildNumber($0) < buildNumber($1) }
  }

  /// Makes the folder of a new build, numbered after all others.
  package func makeBuild() throws(StoreError) -> Build {
    var number = (builds().map(buildNumber).max() ?? 0) + 1
    while try !folders.make("build-\(number)") { number += 1 }
    try forgetCopied("build-\(number)")
    return try folders.open("build-\(number)")
  }

  /// Says, for as long as the result lives, that this process folds a build.
  package func hold(_ build: Build) throws(StoreError) -> FolderLock? {
    try FolderLock(folder: folders.path(of: build.name))
  }

  /// Whether a process folds a build, and said so.
  package func isHeld(_ unfinished: UnfinishedBuild) -> Bool {
    FolderLock.isHeld(folder: folders.path(of: unfinished.build))
  }

  /// Makes a build that will never serve: for folding once more and comparing.
  package func makeScratch() throws(StoreError) -> Build {
    let name = try makeScratchFolder()
    return try folders.open(name, isScratch: true)
  }

  /// Makes the folder of a scratch build, and removes those of processes that ended.
  func makeScratchFolder() throws(StoreError) -> String {
    folders.discardAbandonedScratch()
    return try folders.makeScratch()
  }

  package func discardScratch(_ build: Build) { folders.discardScratch(build.name) }

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

  /// The builds that nothing names. Nobody gives a build its name meanwhile.
  private func unusedBuilds() throws(StoreError) -> [String] {
    let transaction = try stored { () throws(LMDBError) in try WriteTransaction(environment) }
    defer { withExtendedLifetime(transaction) {} }
    let used = try usedBuilds().union(unfinished().map(\.build))
    return builds().filter { !used.contains($0) }
  }

  /// Unlinks the builds that nothing names, and the scratch of processes that ended.
  package func discardUnused() throws(StoreError) {
    for name in try unusedBuilds() { folders.discard(name) }
    folders.discardAbandonedScratch()
  }
}
