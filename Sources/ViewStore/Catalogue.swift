internal import Bytes
internal import LMDB
internal import Synchronization

#if canImport(Glibc)
  internal import Glibc
#endif

/// Which build serves each view.
package struct CatalogueEntry: Equatable, Sendable {
  package var view: String
  package var live: String
  /// The one before, kept.
  package var previous: String?
}

/// The folder `views/`: builds, and the small environment that says which of them serve.
package final class ViewCatalogue: Sendable {
  private let environment: Environment
  private let path: String
  private let mapSize: Int
  package let isReadOnly: Bool
  /// LMDB forbids opening an environment twice in one process.
  private let opened = Mutex<[String: Build]>([:])

  /// Address space of a build, unless a setting says otherwise: 1 TiB.
  package static let mapSizeDefault = 1 << 40

  /// Opens the folder; one that is not there is made, unless `isReadOnly`.
  package init(
    path: String, isReadOnly: Bool = false, mapSize: Int = mapSizeDefault
  ) throws(StoreError) {
    self.path = path
    self.mapSize = mapSize
    self.isReadOnly = isReadOnly
    let folder = "\(path)/catalogue"
    if !isReadOnly {
      try makeFolder(path)
      try makeFolder(folder)
    }
    do {
      environment = try Environment(
        path: folder, options: EnvironmentOptions(mapSize: 1 << 26, isReadOnly: isReadOnly))
    } catch {
      if error.code == ENOENT { throw .absent(path: path) }
      throw .storage(error)
    }
  }

  /// All views that a build serves, by name.
  package func entries() throws(StoreError) -> [CatalogueEntry] {
    let transaction = try stored { () throws(LMDBError) in try ReadTransaction(environment) }
    let snapshot = transaction.snapshot
    var entries: [CatalogueEntry] = []
    var failure: BytesError?
    try stored { () throws(LMDBError) in
      guard let table = try snapshot.table("views") else { return }
      let cursor = try snapshot.cursor(table)
      var step = Cursor.Step.first
      while let entry = try cursor.move(step, decodeEntry) {
        switch entry {
        case .success(let entry): entries.append(entry)
        case .failure(let error): failure = error
        }
        step = .next
      }
    }
    if let failure { throw .record(failure) }
    return entries
  }

  package func entry(_ view: String) throws(StoreError) -> CatalogueEntry? {
    try entries().first { $0.view == view }
  }

  /// Opens a build by its name.
  package func open(_ name: String) throws(StoreError) -> Build {
    try opened.withLock { opened throws(StoreError) in
      if let build = opened[name] { return build }
      let build = try Build(
        name: name, path: folder(of: name), mapSize: mapSize, isReadOnly: isReadOnly)
      opened[name] = build
      return build
    }
  }

  private func folder(of build: String) -> String { "\(path)/\(build)" }

  /// The names of all builds that have a folder.
  package func builds() -> [String] {
    folders(beginning: "build-").sorted { buildNumber($0) < buildNumber($1) }
  }

  private func folders(beginning prefix: String) -> [String] {
    guard let directory = unsafe opendir(path) else { return [] }
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

  /// Makes the folder of a new build, numbered after all others.
  package func makeBuild() throws(StoreError) -> Build {
    let number = (builds().map(buildNumber).max() ?? 0) + 1
    let name = "build-\(number)"
    try makeFolder(folder(of: name))
    return try open(name)
  }

  /// Makes a build that will never serve: for folding once more and comparing.
  package func makeScratch() throws(StoreError) -> Build {
    let name = "scratch-\(getpid())"
    discard(name)
    try makeFolder(folder(of: name))
    return try open(name)
  }

  package func discardScratch(_ build: Build) { discard(build.name) }

  private func discard(_ name: String) {
    opened.withLock { $0[name] = nil }
    for file in ["data.mdb", "lock.mdb"] { _ = unsafe unlink("\(folder(of: name))/\(file)") }
    _ = unsafe rmdir(folder(of: name))
  }

  /// Lets a build serve views in the place of those that do, in one transaction, and discards the
  /// builds that serve nobody now and are nobody's last.
  package func swap(_ build: String, serving views: [String]) throws(StoreError) {
    let transaction = try stored { () throws(LMDBError) in try WriteTransaction(environment) }
    let before = try entries()
    try stored { () throws(LMDBError) in
      let table = try transaction.table("views")
      for view in views {
        let live = before.first { $0.view == view }?.live
        var value = ByteWriter()
        value.append(text: build)
        value.append(text: live == build ? "" : live ?? "")
        let key = Array(view.utf8)
        try transaction.put(key.span, value.span, in: table)
      }
    }
    do { try transaction.commit() } catch { throw .storage(error) }
    try discardUnused()
  }

  /// Unlinks the builds that no entry names, but for `kept`.
  package func discardUnused(except kept: [String] = []) throws(StoreError) {
    var used = Set(kept)
    for entry in try entries() {
      used.insert(entry.live)
      if let previous = entry.previous { used.insert(previous) }
    }
    for name in builds() where !used.contains(name) { discard(name) }
    for name in folders(beginning: "scratch-") where !isAlive(name) { discard(name) }
  }
}

/// Whether the process that made a scratch build still runs.
private func isAlive(_ scratch: String) -> Bool {
  guard let process = pid_t(scratch.dropFirst("scratch-".count)) else { return false }
  return kill(process, 0) == 0 || errno == EPERM
}

private func buildNumber(_ name: String) -> Int { Int(name.dropFirst("build-".count)) ?? 0 }

private func decodeEntry(
  _ key: Span<UInt8>, _ value: Span<UInt8>
) -> Result<CatalogueEntry, BytesError> {
  do throws(BytesError) {
    var reader = ByteReader(value)
    let live = try reader.text()
    let previous = try reader.text()
    guard let view = String(validating: key) else {
      throw BytesError("a view's name that is not UTF-8", at: 0)
    }
    return .success(
      CatalogueEntry(view: view, live: live, previous: previous.isEmpty ? nil : previous))
  } catch {
    return .failure(error)
  }
}

/// Makes a folder unless it is there; those above it must be.
func makeFolder(_ path: String) throws(StoreError) {
  if unsafe mkdir(path, 0o755) != 0 && errno != EEXIST {
    throw .files(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
