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

  func path(of name: String) -> String {
    name.hasPrefix(scratchPrefix) ? "\(scratchPlace)/\(name)" : "\(path)/\(name)"
  }

  /// Where scratch builds lie: among the others, or where these cannot be written, in a folder of this
  /// user's alone under $TMPDIR.
  var scratchPlace: String { unsafe access(path, W_OK) == 0 ? path : temporaryFolder() }

  /// Makes the folder of a scratch build.
  func makeScratch(_ name: String) throws(StoreError) {
    for _ in 0..<Self.attemptsMax {
      // Who leaves the place last takes it away, perhaps just now.
      try makeScratchPlace()
      if unsafe mkdir(path(of: name), 0o700) == 0 || errno == EEXIST { return }
      if errno != ENOENT { break }
    }
    throw .files(path: path(of: name), reason: unsafe String(cString: strerror(errno)))
  }

  private static let attemptsMax = 16

  /// Makes the place of scratch builds.
  func makeScratchPlace() throws(StoreError) {
    let place = scratchPlace
    if place == path { return }
    if unsafe mkdir(place, 0o700) != 0, errno != EEXIST {
      throw .files(
        path: place,
        reason: unsafe String(cString: strerror(errno))
          + ", and \(path) cannot be written: set TMPDIR to a folder that has room")
    }
    var status = stat()
    // Whoever made it first could read what is folded in it.
    guard unsafe lstat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR,
      status.st_uid == geteuid(), status.st_mode & 0o077 == 0
    else {
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

  func make(_ name: String) throws(StoreError) { try makeFolder(path(of: name)) }

  func discard(_ name: String) {
    opened.withLock { $0[name] = nil }
    for file in ["data.mdb", "lock.mdb"] { _ = unsafe unlink("\(path(of: name))/\(file)") }
    _ = unsafe rmdir(path(of: name))
    // Only the last one to leave it succeeds.
    if name.hasPrefix(scratchPrefix), scratchPlace != path { _ = unsafe rmdir(scratchPlace) }
  }

  /// Closes a build and gives its folder another name.
  func rename(_ name: String, to other: String) throws(StoreError) {
    opened.withLock { $0[name] = nil }
    if unsafe Glibc.rename(path(of: name), path(of: other)) != 0 {
      throw .files(
        path: path(of: other), reason: unsafe String(cString: strerror(errno)))
    }
  }

  /// The names that begin so, unsorted.
  func names(beginning prefix: String) -> [String] {
    let folder = prefix.hasPrefix(scratchPrefix) ? scratchPlace : path
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { _ = unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name.hasPrefix(prefix) { names.append(name) }
    }
    return names
  }
}

let scratchPrefix = "scratch-"

private func temporaryFolder() -> String {
  let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
  return "\(folder.isEmpty ? "/tmp" : folder)/foldlog-\(geteuid())"
}

/// Makes a folder unless it is there; those above it must be.
func makeFolder(_ path: String) throws(StoreError) {
  if unsafe mkdir(path, 0o755) != 0 && errno != EEXIST {
    throw .files(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}

/// Whether a process runs.
package func isAlive(_ process: Int32) -> Bool { kill(process, 0) == 0 || errno == EPERM }
