internal import Bytes

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
