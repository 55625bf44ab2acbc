internal import Bytes
internal import EventLog
internal import Files
internal import SystemPackage
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

// The settings that a swap makes the configured ones: committed with the swap in the catalogue, then
// written to foldlog.toml; a process that died between is made good by the next.

extension Store {
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

  /// The settings file with these settings, that count in digests, in the place of its own.
  func settingsFile(with folding: String) throws(FoldlogError) -> String {
    SettingsPart(
      of: try Configuration.read(directory.settings) ?? "",
      sections: configuration.folding.sections
    ).file(with: folding)
  }

  /// Writes the settings file, and notes that nothing is pending. What it was stays beside it, as
  /// `foldlog.toml.before`. The caller holds the replay lock.
  func writeSettings(_ text: String, _ catalogue: ViewCatalogue) throws {
    let current = try Configuration.read(directory.settings)
    if current?.utf8.elementsEqual(text.utf8) != true {
      let target = realPath(directory.settings) ?? directory.settings
      if let current {
        try replaceFile("\(directory.settings).before", with: current, like: target)
      }
      try replaceFile(target, with: text, like: target)
    }
    try catalogue.settingsAreWritten()
    try refreshSettings()
  }
}

/// Puts a file in the place of another, whole and durably, with the owner of `model` and the rights
/// that this one has to it; others have none.
private func replaceFile(
  _ path: String, with text: String, like model: String
) throws(FoldlogError) {
  let unfinished = "\(path).unfinished"
  let bytes = Array(text.utf8)
  do {
    try write(bytes, to: try createPrivateFile(unfinished, owner: .folder), like: model)
    do { try renameFile(unfinished, to: path) } catch {
      // Mounted by itself, as containers do: it can only be written in its place.
      guard error.isBusy else { throw error }
      let mounted = try openPrivateFile(path, O_WRONLY | O_TRUNC, owner: .folder)
      try write(bytes, to: mounted, like: model)
      try removeFile(unfinished)
    }
  } catch {
    // It is of no use, and the next one takes its place.
    try? removeFile(unfinished)
    let reason = (error as? FileError)?.reason ?? "\(error)"
    throw FoldlogError(.inputOutput, "\(shownPath(path)): \(reason)")
  }
}

private func write(_ bytes: [UInt8], to descriptor: Int32, like model: String) throws {
  let file = FileDescriptor(rawValue: descriptor)
  try file.closeAfter {
    copyOwner(of: model, to: descriptor)
    _ = try file.writeAll(bytes)
    try synchronise(file)
  }
}
