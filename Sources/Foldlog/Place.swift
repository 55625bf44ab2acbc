internal import Bytes
internal import CGlibc
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

extension DataDirectory {
  /// Where it is, and its log; nil when there is none.
  func place() -> PlaceNote? {
    guard let directory = FileMark(path), let log = FileMark("\(log)/data.mdb") else { return nil }
    return PlaceNote(directory: directory, log: log, machine: machineName())
  }
}

extension PlaceNote {
  /// Whether the directory is the one that was noted, whatever its path is now.
  func isSameDirectory(as other: PlaceNote) -> Bool {
    directory.isSame(as: other.directory, onOneMachine: machine == other.machine)
  }

  /// The same of the log's file.
  func isSameLog(as other: PlaceNote) -> Bool {
    log.isSame(as: other.log, onOneMachine: machine == other.machine)
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
