internal import Bytes
internal import Files
internal import LMDB
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// The folders of builds under `views/`, and those that are open.
final class BuildFolders: Sendable {
  private let path: String
  private let mapSize: Int
  private let isReadOnly: Bool
  /// LMDB forbids opening an environment twice in one process.
  private let opened = Mutex<[String: Build]>([:])
  /// The scratch folders that are this one's.
  private let scratches = Mutex<[String: FolderLock]>([:])

  init(path: String, mapSize: Int, isReadOnly: Bool) {
    self.path = path
    self.mapSize = mapSize
    self.isReadOnly = isReadOnly
  }

  func path(of name: String) -> String {
    name.hasPrefix(Self.scratchPrefix) ? "\(scratchPlace)/\(name)" : "\(path)/\(name)"
  }

  /// Where scratch builds lie: among the others, or where these cannot be written, in a folder of this
  /// user's alone under $TMPDIR.
  var scratchPlace: String {
    isWritable(path) ? path : temporaryFolder()
  }

  /// Makes the place of scratch builds.
  func makeScratchPlace() throws(StoreError) {
    let place = scratchPlace
    if place == path { return }
    do { try makePrivateFolder(place, owner: .maker) } catch {
      throw .files(
        path: place,
        reason: error.reason
          + ", and \(shownPath(path)) cannot be written: set TMPDIR to a folder that has room")
    }
    // A user who made the folder beforehand could read what is folded in it.
    guard isPrivateFolder(place) else {
      throw .files(
        path: place, reason: "it is not this user's own folder: set TMPDIR to another place")
    }
  }

  /// Opens a build by its name.
  ///
  /// - Parameter isScratch: its commits need not be on disk: it is thrown away after a crash.
  func open(_ name: String, isScratch: Bool = false) throws(StoreError) -> Build {
    try opened.withLock { opened throws(StoreError) in
      if let build = opened[name] { return build }
      let build = try Build(
        name: name, path: path(of: name), mapSize: mapSize, isReadOnly: isReadOnly,
        isSyncDeferred: isScratch)
      opened[name] = build
      return build
    }
  }

  /// Lets go of the builds that are open and not named: their files take room until then, whoever
  /// unlinked them.
  func close(except kept: Set<String>) {
    opened.withLock { opened in opened = opened.filter { kept.contains($0.key) } }
  }

  /// Lets go of one.
  func close(_ name: String) { opened.withLock { $0[name] = nil } }

  /// Makes the folder of a build, unless there is one. Returns whether it is new.
  func make(_ name: String) throws(StoreError) -> Bool {
    do { return try makePrivateFolder(path(of: name), owner: .folder) } catch {
      throw StoreError(error)
    }
  }

  /// Takes a folder's name away, and then what is in it: nobody finds half of a build.
  func discard(_ name: String) {
    opened.withLock { $0[name] = nil }
    let doomed = Self.scratchName()
    // A folder that cannot be renamed is gone already, or will be found by the next clean-up.
    if (try? renameFile(path(of: name), to: path(of: doomed))) != nil { remove(doomed) }
  }

  private func remove(_ name: String) {
    unlinkFiles(of: name)
    try? removeFolder(path(of: name))
  }

  private func unlinkFiles(of name: String) {
    for file in ["data.mdb", "lock.mdb", FolderLock.file] {
      try? removeFile("\(path(of: name))/\(file)")
    }
  }

  // MARK: Scratch

  private static let scratchPrefix = "scratch-"

  private static func scratchName() -> String {
    scratchPrefix + String(UInt64.random(in: 1 ... .max), radix: 16)
  }

  /// Makes a folder that nobody else has, and that nobody takes away while this process lives.
  func makeScratch() throws(StoreError) -> String {
    while true {
      // The last process to leave this folder removes it, which may happen at any moment.
      try makeScratchPlace()
      let name = Self.scratchName()
      // Until it is locked, another process may take it for abandoned and remove it.
      do throws(FileError) {
        guard try makePrivateFolder(path(of: name), owner: .folder) else { continue }
      } catch  where error.isAbsent {
        continue
      } catch {
        throw StoreError(error)
      }
      guard let lock = try FolderLock(folder: path(of: name)) else { continue }
      scratches.withLock { $0[name] = lock }
      return name
    }
  }

  /// A folder within a scratch folder, for what is to get a name of its own once it is whole.
  func copyName(in scratch: String) -> String { "\(scratch)/copy" }

  /// Makes a scratch folder that of a build, numbered after others. The caller has the catalogue's
  /// write transaction, in which the build is named. Returns the build's name.
  func numberScratch(_ scratch: String, after builds: [String]) throws(StoreError) -> String {
    var number = (builds.map(buildNumber).max() ?? 0) + 1
    while try !make("build-\(number)") { number += 1 }
    let name = "build-\(number)"
    do throws(StoreError) {
      try rename(scratch, to: name)
      try stored { () throws(LMDBError) in
        try syncFolder(path(of: name))
        try syncFolder(path)
      }
    } catch {
      discard(name)
      throw error
    }
    scratches.withLock { $0[scratch] = nil }
    return name
  }

  func discardScratch(_ name: String) {
    opened.withLock { $0[name] = nil }
    remove(copyName(in: name))
    remove(name)
    scratches.withLock { $0[name] = nil }
    // Removing succeeds only once the folder is empty: for the last process that leaves it.
    if scratchPlace != path { try? removeFolder(scratchPlace) }
  }

  /// Removes the scratch of processes that ended.
  func discardAbandonedScratch() {
    for name in names(beginning: Self.scratchPrefix) {
      // A folder that cannot be locked is in use, or belongs to another user.
      let lock = try? FolderLock(folder: path(of: name))
      guard let lock else { continue }
      withExtendedLifetime(lock) {
        remove(copyName(in: name))
        remove(name)
      }
    }
  }

  /// Closes a build and gives its folder another name.
  func rename(_ name: String, to other: String) throws(StoreError) {
    opened.withLock { $0[name] = nil }
    do { try renameFile(path(of: name), to: path(of: other)) } catch { throw StoreError(error) }
  }

  /// The names that begin so, unsorted.
  func names(beginning prefix: String) -> [String] {
    let folder = prefix.hasPrefix(Self.scratchPrefix) ? scratchPlace : path
    return ((try? folderNames(folder)) ?? []).filter { $0.hasPrefix(prefix) }
  }
}

private func temporaryFolder() -> String {
  let folder = environmentText("TMPDIR") ?? ""
  return "\(folder.isEmpty ? "/tmp" : folder)/foldlog-\(geteuid())"
}

/// Makes a folder unless it is there; those above it must be.
func makeStoreFolder(_ path: String) throws(StoreError) {
  do { try makePrivateFolder(path, owner: .folder) } catch { throw StoreError(error) }
}

func buildNumber(_ name: String) -> Int { Int(name.dropFirst("build-".count)) ?? 0 }

/// Says that somebody works in the folder of a build: held while this lives, and freed by the kernel
/// when the process dies, in whatever PID namespace it was.
package final class FolderLock: Sendable {
  static let file = "alive"
  private let descriptor: Int32

  /// Nil when somebody else holds it, or the folder is gone.
  init?(folder: String) throws(StoreError) {
    let path = "\(folder)/\(Self.file)"
    do { descriptor = try openPrivateFile(path, O_RDWR, owner: .folder) } catch {
      if error.isAbsent { return nil }
      throw StoreError(error)
    }
    var status = stat()
    // A process that removes an abandoned folder unlinks the file while it holds this lock.
    guard OpenFileLock.take(.exclusive, descriptor), unsafe fstat(descriptor, &status) == 0,
      status.st_nlink > 0
    else { return nil }
  }

  deinit { _ = close(descriptor) }

  /// Whether somebody holds it.
  static func isHeld(folder: String) -> Bool {
    guard let descriptor = try? openFile("\(folder)/\(file)", O_RDONLY) else { return false }
    defer { _ = close(descriptor) }
    return OpenFileLock.isHeld(descriptor)
  }
}
