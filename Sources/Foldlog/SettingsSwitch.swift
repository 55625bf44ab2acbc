internal import SystemPackage
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

// The settings that a swap makes the configured ones: committed with the swap in the catalogue, then
// written to foldlog.toml; a process that died between is made good by the next.

extension Foldlog {
  /// Writes settings that a swap left pending to their file. Where another process is at it, or this
  /// one may not write, they count all the same.
  func finishSwitch(_ catalogue: ViewCatalogue) throws {
    guard let pending = try catalogue.pendingSettings() else { return }
    let text = try settingsFile(with: pending)
    if !catalogue.isReadOnly, let lock = try? FileLock(path: directory.replayLock) {
      defer { withExtendedLifetime(lock) {} }
      try writeSettings(text, catalogue)
    } else {
      try configure(text)
    }
  }

  /// The settings file with these settings of `[values]` in the place of its own.
  func settingsFile(with scoring: String) throws(FoldlogError) -> String {
    ScoringText(of: try Configuration.read(directory.settings) ?? "").file(with: scoring)
  }

  /// Writes the settings file, and notes that nothing is pending. The caller holds the replay lock.
  func writeSettings(_ text: String, _ catalogue: ViewCatalogue) throws {
    let current = try Configuration.read(directory.settings) ?? ""
    if !current.utf8.elementsEqual(text.utf8) {
      try replaceFile(directory.settings, with: Array(text.utf8))
    }
    try catalogue.settingsAreWritten()
    try refreshSettings()
  }
}

/// Puts a file in the place of another, whole and durably.
private func replaceFile(_ path: String, with bytes: [UInt8]) throws(FoldlogError) {
  let unfinished = "\(path).\(getpid()).unfinished"
  do {
    let file = try FileDescriptor.open(
      FilePath(unfinished), .writeOnly, options: [.create, .truncate],
      permissions: [.ownerReadWrite, .groupRead, .otherRead])
    try file.closeAfter {
      _ = try file.writeAll(bytes)
      try synchronise(file)
    }
    try rename(unfinished, to: path)
  } catch {
    _ = unsafe unlink(unfinished)
    throw FoldlogError(.inputOutput, "\(path): \(error)")
  }
}
