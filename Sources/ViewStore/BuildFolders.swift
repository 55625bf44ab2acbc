internal import Files
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

  init(path: String, mapSize: Int, isReadOnly: Bool) {
    self.path = path
    self.mapSize = mapSize
    self.isReadOnly = isReadOnly
  }

  func path(of name: String) -> String { "\(path)/\(name)" }

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

  func make(_ name: String) throws(StoreError) { try makeStoreFolder(path(of: name)) }

  func discard(_ name: String) {
    opened.withLock { $0[name] = nil }
    for file in ["data.mdb", "lock.mdb"] { try? removeFile("\(path(of: name))/\(file)") }
    try? removeFolder(path(of: name))
  }

  /// Closes a build and gives its folder another name.
  func rename(_ name: String, to other: String) throws(StoreError) {
    opened.withLock { $0[name] = nil }
    do { try renameFile(path(of: name), to: path(of: other)) } catch { throw StoreError(error) }
  }

  /// The names that begin so, unsorted.
  func names(beginning prefix: String) -> [String] {
    ((try? folderNames(path)) ?? []).filter { $0.hasPrefix(prefix) }
  }
}

/// Makes a folder unless it is there; those above it must be.
func makeStoreFolder(_ path: String) throws(StoreError) {
  do { try makePrivateFolder(path) } catch { throw StoreError(error) }
}

/// Whether a process runs.
package func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }
