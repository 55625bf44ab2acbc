internal import EventLog
internal import SystemPackage
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

// The settings that a swap makes the configured ones: committed with the swap in the catalogue, then
// written to foldlog.toml; a process that died between is made good by the next.

extension Foldlog {
  /// Writes settings that a swap left pending to their file. Where another process is at it, or the
  /// file cannot be written, they count all the same.
  func finishSwitch(_ catalogue: ViewCatalogue) throws {
    guard let pending = try catalogue.pendingSettings() else { return }
    let text = try settingsFile(with: pending)
    if !catalogue.isReadOnly, let lock = try? FileLock(path: directory.replayLock) {
      defer { withExtendedLifetime(lock) {} }
      // `status` says so while it cannot be written.
      if (try? writeSettings(text, catalogue)) != nil { return }
    }
    try configure(text)
  }

  /// The settings file with these settings of `[values]` in the place of its own.
  func settingsFile(with scoring: String) throws(FoldlogError) -> String {
    ScoringText(of: try Configuration.read(directory.settings) ?? "").file(with: scoring)
  }

  /// Writes the settings file, and notes that nothing is pending. What it was stays beside it, as
  /// `foldlog.toml.before`. The caller holds the replay lock.
  func writeSettings(_ text: String, _ catalogue: ViewCatalogue) throws {
    let current = try Configuration.read(directory.settings)
    if current?.utf8.elementsEqual(text.utf8) != true {
      let target = resolved(directory.settings)
      if let current {
        try replaceFile("\(directory.settings).before", with: current, like: target)
      }
      try replaceFile(target, with: text, like: target)
    }
    try catalogue.settingsAreWritten()
    try refreshSettings()
  }
}

/// Where a path leads, by links.
private func resolved(_ path: String) -> String {
  guard let real = unsafe realpath(path, nil) else { return path }
  defer { unsafe free(real) }
  return unsafe String(cString: real)
}

/// Puts a file in the place of another, whole and durably, with the owner and the mode of `model`.
private func replaceFile(
  _ path: String, with text: String, like model: String
) throws(FoldlogError) {
  let unfinished = "\(path).unfinished"
  let bytes = Array(text.utf8)
  do {
    try write(bytes, to: unfinished, like: model)
    if unsafe Glibc.rename(unfinished, path) == 0 { return }
    // Mounted by itself, as containers do: it can only be written in its place.
    guard errno == EBUSY else { throw Errno(rawValue: errno) }
    try write(bytes, to: path, like: model)
    _ = unsafe unlink(unfinished)
  } catch {
    _ = unsafe unlink(unfinished)
    throw FoldlogError(.inputOutput, "\(path): \(error)")
  }
}

private func write(_ bytes: [UInt8], to path: String, like model: String) throws {
  let file = try FileDescriptor.open(
    FilePath(path), .writeOnly, options: [.create, .truncate],
    permissions: [.ownerReadWrite, .groupRead, .otherRead])
  try file.closeAfter {
    var status = stat()
    if unsafe stat(model, &status) == 0 {
      _ = fchmod(file.rawValue, status.st_mode & 0o7777)
      // Only who may give files away can: else it is the writer's own.
      _ = fchown(file.rawValue, status.st_uid, status.st_gid)
    }
    _ = try file.writeAll(bytes)
    try synchronise(file)
  }
}
