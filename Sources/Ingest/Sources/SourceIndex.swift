internal import Bytes
internal import Events
internal import Provenance

/// Sources by where their files were last: by folder, and by real path.
final class SourceIndex {
  private var byFolder: [String: [TrackedSource]] = [:]
  private var byRealPath: [String: [TrackedSource]] = [:]
  /// Folders whose sources are not in their order.
  private var disordered: Set<String> = []
  private var prefixes: [String: PrefixIndex] = [:]
  /// Sources of all folders that are long enough to be told from others by their first bytes.
  private let longPrefixes = PrefixIndex()
  /// Shorter sources of all folders, by their names without what rotation puts behind them.
  private var shortPrefixes: [String: PrefixIndex] = [:]
  /// Sources that were read further since they were entered in the prefix indexes.
  private var advanced: [ObjectIdentifier: TrackedSource] = [:]

  var all: [TrackedSource] { byFolder.values.flatMap { $0 } }

  func sources(in folder: String) -> [TrackedSource] { byFolder[folder] ?? [] }

  func sources(at realPath: String) -> [TrackedSource] { byRealPath[realPath] ?? [] }

  /// Sources whose file was last in a folder, by what was read of them.
  func prefixes(in folder: String) -> PrefixIndex {
    listAdvanced()
    return prefixes[folder] ?? PrefixIndex()
  }

  /// Sources of all folders that are long enough to be told from others by their first bytes.
  func prefixesEverywhere() -> PrefixIndex {
    listAdvanced()
    return longPrefixes
  }

  /// Sources of all folders that are too short for that, and are called as a file is, or as it would be
  /// once it was rotated.
  func shortPrefixes(named name: String) -> PrefixIndex {
    listAdvanced()
    return shortPrefixes[unrotatedName(name)] ?? PrefixIndex()
  }

  private func listAdvanced() {
    for source in advanced.values {
      if let folder = source.listed?.folder { list(source, in: folder) }
    }
    advanced = [:]
  }

  private func list(_ source: TrackedSource, in folder: String) {
    let index = prefixes[folder] ?? PrefixIndex()
    prefixes[folder] = index
    index.enter(source)
    let name = unrotatedName(splitPath(source.content.realPath).name)
    if source.content.hasHead {
      longPrefixes.enter(source)
      shortPrefixes[name]?.remove(source)
    } else {
      let short = shortPrefixes[name] ?? PrefixIndex()
      shortPrefixes[name] = short
      short.enter(source)
    }
  }

  /// The shortest place in the same folder, of which there is a source, that a place begins with.
  /// Costs a look for each byte of the name.
  func shortestRealPath(beginning realPath: String) -> String? {
    let (folder, name) = splitPath(realPath)
    for length in 1..<max(1, name.utf8.count) {
      let shorter = joinPath(folder, String(decoding: name.utf8.prefix(length), as: UTF8.self))
      guard byRealPath[shorter] != nil, realPath.utf8.starts(with: shorter.utf8) else { continue }
      if let source = sources(at: shorter).first { return source.content.realPath }
    }
    return nil
  }

  /// Enters a source as the newest of its folder, or moves it there.
  func enter(_ source: TrackedSource, at realPath: String) {
    let folder = splitPath(realPath).folder
    remove(source)
    byFolder[folder, default: []].append(source)
    byRealPath[realPath, default: []].append(source)
    disordered.insert(folder)
    list(source, in: folder)
    source.listed = TrackedSource.Listing(folder: folder, realPath: realPath)
    source.didMove = { [weak self] source in self?.enter(source, at: source.content.realPath) }
    source.didAdvance = { [weak self] source in self?.advanced[ObjectIdentifier(source)] = source }
  }

  private func remove(_ source: TrackedSource) {
    guard let listed = source.listed else { return }
    byFolder[listed.folder]?.removeAll { $0 === source }
    prefixes[listed.folder]?.remove(source)
    longPrefixes.remove(source)
    shortPrefixes[unrotatedName(splitPath(listed.realPath).name)]?.remove(source)
    byRealPath[listed.realPath]?.removeAll { $0 === source }
    if byRealPath[listed.realPath]?.isEmpty == true { byRealPath[listed.realPath] = nil }
  }

  /// Puts those that the log knows in the order of their ids, before those that it does not.
  func putInOrder() {
    for folder in disordered {
      let all = byFolder[folder] ?? []
      byFolder[folder] =
        all.filter { !$0.isNew }.sorted { $0.id < $1.id } + all.filter(\.isNew)
    }
    disordered = []
  }
}
