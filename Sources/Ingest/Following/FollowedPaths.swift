internal import Bytes
internal import Events

/// What was named to be followed, and the files that stand there now.
struct FollowedPaths {
  /// A name that is followed, with what else stood there: files whose names begin with it.
  struct Group {
    /// The path as it is followed.
    let base: String
    /// Whether the base is in a followed folder or fits a pattern: then its neighbours are followed
    /// for themselves.
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

  /// Where they lead, as when they were last looked up.
  private var places: [String] = []

  init(paths: [String], files: any FileSystem) {
    self.paths = paths.map { tidyPath(pathText(of: $0)) }
    self.files = files
    locate()
  }

  /// Looks up where the paths lead.
  mutating func locate() { places = paths.map(place(of:)) }

  /// The groups as they are now, each file in the group of the shortest name that it begins with; in
  /// the order of names.
  ///
  /// - Parameter failed: told of folders that cannot be read; the others are looked at.
  func groups(failed: (IngestError) -> Void) -> [Group] {
    var named: [String] = []
    var isFound: [String: Bool] = [:]
    for path in paths {
      let status = files.status(path)
      let isPlace = status?.isDirectory ?? isPattern(path)
      for file in isPlace ? found(path, failed) : [path] {
        if isFound[file] == nil { named.append(file) }
        isFound[file] = isPlace
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
    // Of a large folder, only those few are put in order.
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
      // What is told of in the folder where this process runs has no folder in its path.
      if followed == "." { return path.utf8.first != UInt8(ascii: "/") }
      return path.utf8.starts(with: followed.utf8)
    } || places.contains { path.utf8.starts(with: $0.utf8) }
  }

  /// Whether a file at a path belongs to one of these groups, or to one of its own.
  func names(_ path: String, _ groups: [Group]) -> Bool {
    let name = splitPath(path).name
    if isPassing(name) { return false }
    if groups.contains(where: { isSibling(path, of: $0.base) }) { return true }
    return isTelemetry(name) && !name.hasPrefix(".")
      && paths.contains { isPattern($0) || files.status($0)?.isDirectory == true }
      && concerns(path)
  }

  /// Where a path leads, also while nothing is there.
  private func place(of path: String) -> String {
    if let place = files.realPath(path) { return place }
    let (folder, name) = splitPath(path)
    return joinPath(files.realPath(folder) ?? folder, name)
  }
}
