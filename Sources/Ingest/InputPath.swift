internal import SystemPackage

#if canImport(Glibc)
  internal import Glibc
#endif

/// Something named on the command line, resolved to what can be read.
package enum Input: Equatable, Sendable {
  case file(path: String)
  case standardInput(name: String?)
}

/// Names that a folder's telemetry has: others in a folder are left alone.
private let telemetrySuffixes = [".jsonl", ".ndjson"]

/// Expands files, folders and patterns, in the order given; a folder's files by name, at any depth.
///
/// - Throws: when a path does not exist, or a pattern or folder gives nothing.
package func expandInputs(
  _ paths: [String], standardInputName: String?
) throws(IngestError) -> [Input] {
  if paths.isEmpty { return [.standardInput(name: standardInputName)] }
  var inputs: [Input] = []
  // Paths are bytes: two that only look the same are two files.
  var seen: Set<[UInt8]> = []
  for path in paths {
    if path == "-" {
      inputs.append(.standardInput(name: standardInputName))
    } else {
      for file in try expand(path) where seen.insert(Array(file.utf8)).inserted {
        inputs.append(.file(path: file))
      }
    }
  }
  return inputs
}

private func expand(_ path: String) throws(IngestError) -> [String] {
  if let status = FileStatus(path: path) {
    guard status.isDirectory else { return [path] }
    var visited: Set<FolderIdentity> = []
    let files = try telemetryFiles(in: path, &visited)
    if files.isEmpty {
      throw IngestError(
        .absent, path: path,
        reason: "the folder has no file named *.jsonl or *.ndjson (or such a .gz or .zst)")
    }
    return files
  }
  guard path.utf8.contains(where: { "*?[".utf8.contains($0) }) else {
    throw IngestError(.absent, path: path, reason: "no such file or folder")
  }
  let found = matches(of: path)
  if found.isEmpty { throw IngestError(.absent, path: path, reason: "nothing fits the pattern") }
  var files: [String] = []
  for match in found { files += try expand(match) }
  return files
}

private func matches(of pattern: String) -> [String] {
  var result = unsafe glob_t()
  defer { unsafe globfree(&result) }
  guard unsafe glob(pattern, 0, nil, &result) == 0 else { return [] }
  return unsafe (0..<Int(result.gl_pathc)).compactMap { index in
    unsafe result.gl_pathv[index].map { unsafe String(cString: $0) }
  }
}

/// A folder, whatever links lead to it.
private struct FolderIdentity: Hashable {
  let device: UInt64
  let inode: UInt64
}

private func telemetryFiles(
  in folder: String, _ visited: inout Set<FolderIdentity>
) throws(IngestError) -> [String] {
  guard let status = FileStatus(path: folder),
    visited.insert(FolderIdentity(device: status.device, inode: status.inode)).inserted
  else { return [] }
  guard let directory = unsafe opendir(folder) else {
    throw IngestError(path: folder, errno: Errno(rawValue: errno))
  }
  defer { _ = unsafe closedir(directory) }
  var files: [String] = []
  var folders: [String] = []
  while let entry = unsafe readdir(directory) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
    }
    if name.hasPrefix(".") { continue }
    let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    guard let status = FileStatus(path: path) else { continue }
    if status.isDirectory { folders.append(path) }
    // A pipe of that name would never end.
    if status.isRegular, isTelemetry(name) { files.append(path) }
  }
  for folder in folders { files += try telemetryFiles(in: folder, &visited) }
  return files.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// `x.jsonl`, `x.jsonl.1`, `x.jsonl.gz`, `x.ndjson.2026-01-09.zst`.
private func isTelemetry(_ name: String) -> Bool {
  telemetrySuffixes.contains { suffix in
    name.hasSuffix(suffix) || occurs(suffix + ".", in: name)
  }
}

private func occurs(_ part: String, in text: String) -> Bool {
  let text = Array(text.utf8)
  let part = Array(part.utf8)
  guard text.count >= part.count else { return false }
  return (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
}
