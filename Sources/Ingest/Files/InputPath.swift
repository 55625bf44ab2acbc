internal import Bytes

/// Something named on the command line, resolved to what can be read.
package enum Input: Equatable, Sendable {
  case file(path: String)
  case standardInput(name: String?)
  /// All that a named source has, or has given so far and more.
  case lines([UInt8], name: String)
}

/// A file in a folder that is given, which is not read.
package struct LeftOutFile: Equatable, Sendable {
  package enum Reason: Sendable {
    /// It is named otherwise than telemetry is.
    case name
    /// Its name says that it is hidden, unfinished, a copy, or a checksum.
    case kindOfName
    /// It is a pipe, a socket or a device.
    case form
  }

  package let path: String
  package let reason: Reason
}

/// Expands files, folders and patterns, in the order given; the files of a folder, at any depth, or of a
/// pattern in the order in which they begin, else in that of their paths' bytes. What does not exist, or
/// gives nothing, is told to `failed`, and the others are taken.
///
/// - Parameter times: reads when files begin; nil for the order of paths alone.
package func expandInputs(
  _ paths: [String], standardInputName: String?, files: any FileSystem = DiskFiles(),
  times: FirstTimeReader? = nil, leftOut: (LeftOutFile) -> Void = { _ in },
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
      let found = try expandPath(path, files, leftOut: leftOut, failed: failed)
      for file in found.count > 1 ? times?.sorted(found) ?? found : found
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
  _ path: String, _ files: any FileSystem, leftOut: (LeftOutFile) -> Void = { _ in },
  failed: (IngestError) -> Void
) throws(IngestError) -> [String] {
  if let status = files.status(path) {
    guard status.isDirectory else { return [path] }
    var visited: Set<FileID> = []
    let found = try telemetryFiles(in: path, files, &visited, leftOut, failed)
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
    do { found += try expandPath(match, files, leftOut: leftOut, failed: failed) } catch {
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
  _ leftOut: (LeftOutFile) -> Void, _ failed: (IngestError) -> Void
) throws(IngestError) -> [String] {
  guard let status = files.status(folder), visited.insert(status.id).inserted else { return [] }
  var found: [String] = []
  var folders: [String] = []
  for name in try files.names(in: folder) {
    let path = joinPath(folder, name)
    guard let status = files.status(path) else { continue }
    if name.hasPrefix(".") || isPassing(name) || isChecksum(name) {
      if !status.isDirectory || name.hasPrefix(".") {
        leftOut(LeftOutFile(path: path, reason: .kindOfName))
        continue
      }
    }
    if status.isDirectory {
      folders.append(path)
    } else if !isTelemetryFile(name) {
      leftOut(LeftOutFile(path: path, reason: .name))
    } else if status.isRegular {
      found.append(path)
    } else {
      // A pipe of that name would never end.
      leftOut(LeftOutFile(path: path, reason: .form))
    }
  }
  for folder in folders {
    // One that cannot be read keeps nobody from the others.
    do { found += try telemetryFiles(in: folder, files, &visited, leftOut, failed) } catch {
      failed(error)
    }
  }
  return found.sorted { pathBytes($0).lexicographicallyPrecedes(pathBytes($1)) }
}
