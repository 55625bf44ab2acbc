internal import Bytes

/// Where changes to what is followed are told of.
extension FollowedPaths {
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
        if let place = files.realPath(path) { all.insert(splitPath(place).folder) }
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

/// A name in a folder of which matters whether it comes, goes or moves.
package struct WatchedName: Hashable, Sendable {
  package let folder: String
  package let name: String

  package init(folder: String, name: String) {
    self.folder = folder
    self.name = name
  }
}

extension Follower {
  /// The names that lead to what is followed, each behind those that lead to its folder.
  package func steps() -> [WatchedName] { paths.steps() }
}
