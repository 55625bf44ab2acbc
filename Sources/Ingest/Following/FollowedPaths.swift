internal import Bytes
internal import Events

/// What was named to be followed, and the files that stand there now.
final class FollowedPaths {
  /// A path that is followed, with the files that may have been there before: those whose names begin
  /// with its own.
  struct Group {
    /// The path as it is followed.
    let base: String
    /// Whether the base was found in a followed folder or by a pattern: then the files beside it are
    /// followed for themselves.
    let isFound: Bool
    /// The files of the folder whose names begin with the base's, without it.
    var siblings: [Sibling] = []
  }

  struct Sibling {
    let path: String
    let status: FileStatus
    /// Whether it is followed for itself too.
    let isNamed: Bool
  }

  let paths: [String]
  let files: any FileSystem

  /// The paths without symbolic links, as when they were last looked up.
  private var resolvedPaths: [String] = []

  init(paths: [String], files: any FileSystem) {
    self.paths = paths.map { tidyPath(pathText(of: $0)) }
    self.files = files
    locate()
  }

  /// Looks up where the paths lead.
  func locate() { resolvedPaths = paths.map(resolvedPath(of:)) }

  /// The groups as they are now, each file in the group of the shortest name that it begins with; in
  /// the order of names.
  ///
  /// - Parameter failed: told of folders that cannot be read; the others are looked at.
  func groups(failed: (IngestError) -> Void) -> [Group] {
    var named: [String] = []
    var isFound: [String: Bool] = [:]
    for path in paths {
      let status = files.status(path)
      let isGroupOfFiles = status?.isDirectory ?? isPattern(path)
      for file in isGroupOfFiles ? found(path, failed) : [path] {
        if isFound[file] == nil { named.append(file) }
        isFound[file] = isGroupOfFiles
      }
    }
    let all = Set(named)
    var listings: [String: [String]] = [:]
    var groups: [Group] = []
    for base in named.sorted() {
      let folder = splitPath(base).folder
      if let last = groups.last, isSibling(base, of: last.base) { continue }
      let names = listings[folder] ?? listing(of: folder, failed)
      listings[folder] = names
      let group = Group(
        base: base, isFound: isFound[base] ?? false, siblings: siblings(of: base, names, all))
      groups.append(group)
    }
    return groups
  }

  /// The files of a folder whose names begin with another's.
  private func siblings(of base: String, _ names: [String], _ named: Set<String>) -> [Sibling] {
    let (folder, name) = splitPath(base)
    var all: [Sibling] = []
    for other in begin(with: name, names) where other.utf8.count > name.utf8.count {
      if isPassing(other) || isChecksum(other) { continue }
      let path = joinPath(folder, other)
      guard let status = files.status(path), status.isRegular else { continue }
      all.append(Sibling(path: path, status: status, isNamed: named.contains(path)))
    }
    // The oldest first; of files as old, the one that was rotated more often.
    return all.sorted { left, right in
      (left.status.modified.nanoseconds, right.path) < (
        right.status.modified.nanoseconds, left.path
      )
    }
  }

  /// Whether the same files stand beside a base as when it was looked at.
  func isAsItWas(_ group: Group) throws(IngestError) -> Bool {
    let (folder, name) = splitPath(group.base)
    // Only the few names that begin so are sorted, since the folder may be large.
    let names = try (namesIfThere(folder) ?? []).filter { $0.utf8.starts(with: name.utf8) }.sorted()
    let now = siblings(of: group.base, names, [])
    func places(_ siblings: [Sibling]) -> [String: FileID] {
      Dictionary(siblings.map { ($0.path, $0.status.id) }) { first, _ in first }
    }
    return places(now) == places(group.siblings)
  }

  private func isSibling(_ path: String, of base: String) -> Bool {
    path.utf8.starts(with: base.utf8)
      && !path.utf8.dropFirst(base.utf8.count).contains(UInt8(ascii: "/"))
  }

  private func listing(of folder: String, _ failed: (IngestError) -> Void) -> [String] {
    do { return try sortedNames(folder) } catch {
      failed(error)
      return []
    }
  }

  /// None when the folder is not there.
  private func sortedNames(_ folder: String) throws(IngestError) -> [String] {
    guard let names = try namesIfThere(folder) else { return [] }
    return names.sorted()
  }

  /// Of names in the order of their bytes, those that begin with another.
  private func begin(with prefix: String, _ names: [String]) -> ArraySlice<String> {
    var low = 0
    var high = names.count
    while low < high {
      let middle = (low + high) / 2
      if names[middle] < prefix {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return names[low...].prefix { $0.utf8.starts(with: prefix.utf8) }
  }

  private func namesIfThere(_ folder: String) throws(IngestError) -> [String]? {
    do { return try files.names(in: folder) } catch {
      if error.code == .absent { return nil }
      throw error
    }
  }

  private func found(_ path: String, _ failed: (IngestError) -> Void) -> [String] {
    do { return try expandPath(path, files, failed: failed) } catch {
      failed(error)
      return []
    }
  }

  /// Whether something at a path may be followed.
  func concerns(_ path: String) -> Bool {
    paths.contains { followed in
      if isPattern(followed) { return true }
      // Changes in the current folder are told of by names alone, without a folder.
      if followed == "." { return path.utf8.first != UInt8(ascii: "/") }
      return path.utf8.starts(with: followed.utf8)
    } || resolvedPaths.contains { path.utf8.starts(with: $0.utf8) }
  }

  /// Whether a file at a path belongs to one of these groups, or to one of its own.
  func names(_ path: String, _ groups: [Group]) -> Bool {
    let name = splitPath(path).name
    if isPassing(name) { return false }
    if groups.contains(where: { isSibling(path, of: $0.base) }) { return true }
    return isTelemetryFile(name) && !name.hasPrefix(".")
      && paths.contains { isPattern($0) || files.status($0)?.isDirectory == true }
      && concerns(path)
  }

  /// Where a path leads, also while nothing is there.
  private func resolvedPath(of path: String) -> String {
    if let realPath = files.realPath(path) { return realPath }
    let (folder, name) = splitPath(path)
    return joinPath(files.realPath(folder) ?? folder, name)
  }

  // MARK: Where changes are told of

  /// The folders in which something may come to be that is followed.
  func folders() -> Set<String> {
    var all: Set<String> = []
    for path in paths {
      if files.status(path)?.isDirectory == true {
        addTree(path, to: &all)
      } else if isPattern(path) {
        addFolders(ofPattern: path, to: &all)
        for match in files.matches(path) {
          if files.status(match)?.isDirectory == true {
            addTree(match, to: &all)
          } else {
            all.insert(splitPath(match).folder)
          }
        }
      } else {
        all.insert(splitPath(path).folder)
        // A link leads to where the writing is seen.
        if let target = files.realPath(path) { all.insert(splitPath(target).folder) }
      }
    }
    return all
  }

  private func addTree(_ folder: String, to all: inout Set<String>) {
    var visited: Set<FileID> = []
    add(folder, to: &all, &visited)
  }

  /// Adds a folder and those in it, each once: links may lead back to where they stand.
  private func add(_ folder: String, to all: inout Set<String>, _ visited: inout Set<FileID>) {
    guard let status = files.status(folder), status.isDirectory,
      visited.insert(status.id).inserted
    else { return }
    all.insert(folder)
    for name in (try? files.names(in: folder)) ?? [] where !name.hasPrefix(".") {
      add(joinPath(folder, name), to: &all, &visited)
    }
  }

  /// The folders that fit a pattern as far as they go: what fits may come to be in each.
  private func addFolders(ofPattern pattern: String, to all: inout Set<String>) {
    let folder = splitPath(pattern).folder
    guard isPattern(folder) else {
      all.insert(folder)
      return
    }
    addFolders(ofPattern: folder, to: &all)
    for match in files.matches(folder) where files.status(match)?.isDirectory == true {
      all.insert(match)
    }
  }

  /// The names by which what is followed is reached, and the folders that they stand in: once another
  /// thing has one of them, a path leads elsewhere.
  func steps() -> [WatchedName] {
    var all: [WatchedName] = []
    for path in paths {
      var path = path
      while isPattern(path) { path = splitPath(path).folder }
      all += steps(to: path)
    }
    return all
  }

  /// As the system takes them: what a link says is gone instead of its name.
  private func steps(to path: String) -> [WatchedName] {
    var all: [WatchedName] = []
    var folder = ""
    var left: [Substring] = []
    func go(_ path: String) {
      if folder.isEmpty || path.hasPrefix("/") { folder = path.hasPrefix("/") ? "/" : "." }
      left += path.split(separator: "/").reversed()
    }
    go(path)
    var linkCount = 0
    while let name = left.popLast().map(String.init) {
      if name == "." { continue }
      let next = joinPath(folder, name)
      if name != ".." { all.append(WatchedName(folder: folder, name: name)) }
      if let target = files.target(ofLink: next) {
        linkCount += 1
        if linkCount > Self.linkMax { return all }
        go(target)
      } else {
        folder = next
      }
    }
    return all
  }

  /// As many as the system follows on the way to a file.
  private static let linkMax = 40
}

/// What a person should know of paths that are to be followed, and give nothing yet; a line for each.
/// Of what may not be looked at, whoever follows it tells.
package func followingNotes(
  _ paths: [String], _ files: any FileSystem = DiskFiles()
) -> [String] {
  paths.compactMap { path in
    let path = pathText(of: path)
    return note(on: path, files).map { "\(shownPath(path)): \($0)" }
  }
}

private func note(on path: String, _ files: any FileSystem) -> String? {
  guard let status = files.status(path) else {
    if isPattern(path) {
      return files.matches(path).isEmpty ? "nothing fits it yet: what does is taken" : nil
    }
    do { _ = try files.openIfThere(path) } catch { return nil }
    return "nothing is there yet: it is taken once it comes"
  }
  if status.isRegular { return nil }
  if !status.isDirectory { return "it is no regular file, and is not followed" }
  do { _ = try expandPath(path, files) { _ in } } catch {
    if error.code == .absent {
      return "no file named *.jsonl or *.ndjson is there yet: it is taken once it comes"
    }
  }
  return nil
}
