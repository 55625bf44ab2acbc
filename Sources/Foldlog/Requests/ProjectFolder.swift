internal import Bytes
internal import Files
internal import Formats

/// Folders as lines name projects.
enum ProjectFolder {
  /// From the root, without a slash at its end, and of a worktree that a tool made for itself the project.
  static func name(_ path: String) -> String {
    var path = path[...]
    if !path.hasPrefix("/"), !path.isEmpty, let whole = realPath(String(path)) { path = whole[...] }
    while path.utf8.count > 1, path.hasSuffix("/") { path = path.dropLast() }
    return projectName(ofFolder: String(path)) ?? String(path)
  }

  /// Names of a folder above which projects lie, rather than being one: `/home/dev`.
  private static let partsMin = 3

  /// A folder and those that it lies in, the innermost first.
  static func containing(_ folder: String) -> [String] {
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
