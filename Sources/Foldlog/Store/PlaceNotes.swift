internal import Bytes
internal import CGlibc
internal import Ingest
internal import ViewStore

#if canImport(Glibc)
  internal import Glibc
#endif

// A data directory that was copied, perhaps while it was written, and a log that took another's place:
// nobody knows whether their pages are of one moment. The log and the catalogue both note where they
// were last used; a log without a note, and with lines, is a copy.

/// Where a log and the views beside it were last used; nil where nothing says it.
struct PlaceNotes {
  var log: PlaceNote?
  var views: PlaceNote?

  /// Whether both are where they were. Of the log's file the catalogue knows, where there is one: a
  /// note in a file that was just compacted would leave free pages again.
  func areIn(_ place: PlaceNote) -> Bool {
    !areOfCopy(in: place) && (views ?? log)?.isSameLog(as: place) == true
  }

  /// Whether something came from another directory, or nobody knows from where.
  func areOfCopy(in place: PlaceNote) -> Bool {
    let notes = [log, views].compactMap(\.self)
    return notes.isEmpty || !notes.allSatisfy { $0.isSameDirectory(as: place) }
  }

  /// What was found, where they are somewhere else.
  func finding(in place: PlaceNote) -> String {
    if !areOfCopy(in: place) { return "the log is in another file than before" }
    guard let views, views.isIn(place) else { return "this data directory is a copy" }
    return "the log is a copy of another data directory's"
  }
}

extension DataDirectory {
  /// Where it is, and its log; nil when there is none.
  func place() -> PlaceNote? {
    guard let directory = FileMark(path), let log = FileMark("\(log)/data.mdb") else { return nil }
    return PlaceNote(directory: directory, log: log, machine: machineName())
  }
}

extension PlaceNote {
  func isIn(_ place: PlaceNote) -> Bool { isSameDirectory(as: place) && isSameLog(as: place) }

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
