internal import Bytes
internal import CGlibc
internal import Ingest
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

extension DataDirectory {
  /// Whether there is a log, if only an empty one.
  var hasLog: Bool { (DiskFiles().status("\(log)/data.mdb")?.size ?? 0) > 0 }

  /// Where it is, and its log; nil when there is none.
  func place() -> PlaceNote? {
    guard let directory = FileMark(path), let log = FileMark("\(log)/data.mdb") else { return nil }
    return PlaceNote(directory: directory, log: log, machine: machineName())
  }
}

extension PlaceNote {
  /// Whether the directory is the one that was noted, whatever its path is now.
  func isSameDirectory(as other: PlaceNote) -> Bool {
    directory.isSame(as: other.directory, onOneMachine: isOneMachine(as: other))
  }

  /// The same of the log's file.
  func isSameLog(as other: PlaceNote) -> Bool {
    log.isSame(as: other.log, onOneMachine: isOneMachine(as: other))
  }

  /// A machine without a name, as a container often is, may be any.
  private func isOneMachine(as other: PlaceNote) -> Bool {
    machine == other.machine || machine.isEmpty || other.machine.isEmpty
  }
}

extension FileMark {
  /// Follows links. Nil when there is nothing at the path.
  fileprivate init?(_ path: String) {
    var status = statx()
    guard unsafe statx(AT_FDCWD, systemPath(path), 0, UInt32(STATX_INO | STATX_BTIME), &status) == 0
    else {
      return nil
    }
    let madeAt = status.stx_btime
    let isKnown = Int(status.stx_mask) & Int(STATX_BTIME) != 0
    self.init(
      number: status.stx_ino,
      madeAt_ns: isKnown ? madeAt.tv_sec &* 1_000_000_000 &+ Int64(madeAt.tv_nsec) : 0,
      device: UInt64(status.stx_dev_major) << 32 | UInt64(status.stx_dev_minor))
  }

  /// A number and the time of making are enough: a disk may be in another machine, or have another
  /// number. Where the file system tells no time, device and machine have to be the same.
  fileprivate func isSame(as other: FileMark, onOneMachine: Bool) -> Bool {
    guard number == other.number else { return false }
    if madeAt_ns != 0, other.madeAt_ns != 0 { return madeAt_ns == other.madeAt_ns }
    return device == other.device && onOneMachine
  }
}

/// What systemd and D-Bus call this machine.
private func machineName() -> String {
  guard let text = try? Configuration.read("/etc/machine-id") else { return "" }
  return text.filter { $0.isLetter || $0.isNumber }
}
