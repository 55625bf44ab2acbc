internal import Bytes
internal import Files
internal import Formats
internal import Ingest

/// Folders as lines name projects.
enum ProjectFolder {
  /// From the root, without a slash at its end, and of a worktree that a tool made for itself the project.
  static func name(_ path: String) -> String {
    var path = path
    if !path.hasPrefix("/"), !path.isEmpty, let whole = realPath(path) { path = whole }
    if path.hasPrefix("/") { path = "/" + plainParts(path).joined(separator: "/") }
    return projectName(ofFolder: path) ?? path
  }

  /// The parts of a path without those that lead nowhere else: `//`, `/.`, `/a/..`.
  private static func plainParts(_ path: String) -> [Substring] {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts
  }

  /// Names of a folder above which projects lie, rather than being one: `/home/dev`.
  private static let partsMin = 3

  /// A folder and those of its project that it lies in, the innermost first: up to the root of the
  /// repository. What lies in none is a project by itself; of a folder that is not here nobody knows.
  static func containing(_ folder: String) -> [String] {
    let disk = DiskFiles()
    if disk.status(folder) == nil { return lyingIn(folder) }
    let folders = lyingIn(folder)
    guard let root = folders.firstIndex(where: { disk.status("\($0)/.git") != nil }) else {
      return [folder]
    }
    return Array(folders[...root])
  }

  private static func lyingIn(_ folder: String) -> [String] {
    var folders = [folder]
    var rest = folder[...]
    while let slash = rest.lastIndex(of: "/") {
      rest = rest[..<slash]
      if rest.split(separator: "/").count < partsMin { break }
      folders.append(String(rest))
    }
    return folders
  }
}
