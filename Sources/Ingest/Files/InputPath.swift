internal import Bytes

/// Something named on the command line, resolved to what can be read.
package enum Input: Equatable, Sendable {
  case file(path: String)
  case standardInput(name: String?)
  /// All that a named source has, or has given so far and more.
  case lines([UInt8], name: String)
}

/// Names that a folder's telemetry has: others in a folder are left alone.
private let telemetrySuffixes = [".jsonl", ".ndjson"]

/// Names of what is not finished, or is only a copy that an editor makes.
private let passingSuffixes = [
  ".tmp", ".new", ".part", ".partial", ".swp", ".lock", ".bak", ".orig", "~",
]

/// Names of what says something about the file that is called as what stands before them.
private let checksumSuffixes = [".md5", ".sha1", ".sha256", ".sha512", ".sig", ".asc"]

/// Expands files, folders and patterns, in the order given; a folder's files by name, at any depth.
/// What does not exist, or gives nothing, is told to `failed`, and the others are taken.
package func expandInputs(
  _ paths: [String], standardInputName: String?, files: any FileSystem = DiskFiles(),
  failed: (IngestError) -> Void
) -> [Input] {
  if paths.isEmpty { return [.standardInput(name: standardInputName)] }
  var inputs: [Input] = []
  var seen: Set<String> = []
  for path in paths.map(pathText(of:)) {
    if path == "-" {
      inputs.append(.standardInput(name: standardInputName))
      continue
    }
    do throws(IngestError) {
      for file in try expandPath(path, files, failed: failed)
      where seen.insert(file).inserted {
        inputs.append(.file(path: file))
      }
    } catch {
      failed(error)
    }
  }
  return inputs
}

/// The files of a path, a folder or a pattern.
///
/// - Throws: when there is nothing.
func expandPath(
  _ path: String, _ files: any FileSystem, failed: (IngestError) -> Void
) throws(IngestError) -> [String] {
  if let status = files.status(path) {
    guard status.isDirectory else { return [path] }
    var visited: Set<FileID> = []
    let found = try telemetryFiles(in: path, files, &visited, failed)
    if found.isEmpty {
      throw IngestError(
        .absent, path: path,
        reason: "the folder has no file named *.jsonl or *.ndjson (or such a .gz or .zst)")
    }
    return found
  }
  guard isPattern(path) else {
    throw IngestError(.absent, path: path, reason: "no such file or folder")
  }
  var found: [String] = []
  for match in files.matches(path) {
    do { found += try expandPath(match, files, failed: failed) } catch {
      // A folder that fits, and has nothing, is no failure.
      if error.code != .absent { failed(error) }
    }
  }
  if found.isEmpty { throw IngestError(.absent, path: path, reason: "nothing fits the pattern") }
  return found
}

func isPattern(_ path: String) -> Bool { path.utf8.contains { "*?[".utf8.contains($0) } }

private func telemetryFiles(
  in folder: String, _ files: any FileSystem, _ visited: inout Set<FileID>,
  _ failed: (IngestError) -> Void
) throws(IngestError) -> [String] {
  guard let status = files.status(folder), visited.insert(status.id).inserted else { return [] }
  var found: [String] = []
  var folders: [String] = []
  for name in try files.names(in: folder) where !name.hasPrefix(".") {
    let path = joinPath(folder, name)
    guard let status = files.status(path) else { continue }
    if status.isDirectory { folders.append(path) }
    // A pipe of that name would never end.
    if status.isRegular, isTelemetry(name) { found.append(path) }
  }
  for folder in folders {
    // One that cannot be read keeps nobody from the others.
    do { found += try telemetryFiles(in: folder, files, &visited, failed) } catch { failed(error) }
  }
  return found.sorted()
}

/// `x.jsonl`, `x.jsonl.1`, `x.jsonl.gz`, `x.ndjson.2026-01-09.zst`; not `x.jsonl.tmp`, `x.jsonl.sha256`.
func isTelemetry(_ name: String) -> Bool {
  !isPassing(name) && !isChecksum(name)
    && telemetrySuffixes.contains { suffix in
      name.hasSuffix(suffix) || occurs(suffix + ".", in: name)
    }
}

/// A name without what rotation puts behind it: `x.jsonl` for `x.jsonl.1` and `x.jsonl.2026-01-09.zst`,
/// `x.log` for `x.log.1.gz`.
func unrotatedName(_ name: String) -> String {
  let bytes = Array(name.utf8)
  for suffix in telemetrySuffixes {
    let ends = (0..<bytes.count).filter { bytes[$0...].starts(with: suffix.utf8) }
    if let start = ends.first {
      return String(decoding: bytes[..<(start + suffix.utf8.count)], as: UTF8.self)
    }
  }
  var rest = bytes[...]
  for suffix in packedSuffixes where name.hasSuffix(suffix) { rest.removeLast(suffix.utf8.count) }
  let digits = rest.reversed().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
  let isNumbered = digits > 0 && rest.dropLast(digits).last == UInt8(ascii: ".")
  return String(decoding: isNumbered ? rest.dropLast(digits + 1) : rest, as: UTF8.self)
}

/// Whether a name says that its file is not finished, or an editor's copy.
func isPassing(_ name: String) -> Bool { passingSuffixes.contains { name.hasSuffix($0) } }

/// Whether a name says that its file only vouches for another.
func isChecksum(_ name: String) -> Bool { checksumSuffixes.contains { name.hasSuffix($0) } }

private func occurs(_ part: String, in text: String) -> Bool {
  let text = Array(text.utf8)
  let part = Array(part.utf8)
  guard text.count >= part.count else { return false }
  return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
}
