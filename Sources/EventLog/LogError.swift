package import Bytes
package import Events
package import LMDB
package import Zstd

/// Why the log could not be read or appended to.
package enum LogError: Error, Sendable, CustomStringConvertible {
  /// There is no log at that path.
  case absent(path: String)
  /// The log was written in a format that this program does not know.
  case unknownFormat(path: String, version: UInt32)
  /// A block's bytes are not what was written.
  case damaged(block: UInt64, reason: String)
  /// A source's position moved since it was read: another process appended from it.
  case sourceMoved(SourceID)
  /// An entry of the quarantine was taken by another retry.
  case retriedMeanwhile(UInt64)
  /// A request of a view was answered by another process.
  case answeredMeanwhile(String)
  /// The map's size, a setting, is used up.
  case mapFull
  /// The disk has no room, or failed.
  case storage(LMDBError)
  case compression(ZstdError)
  case record(BytesError)

  init(_ error: LMDBError) { self = error.isMapFull ? .mapFull : .storage(error) }

  /// Whether the storage is at fault, and may mend: no room, or a failed write or sync. What is
  /// damaged does not.
  package var isOfStorage: Bool {
    switch self {
    case .mapFull: true
    case .storage(let error): !error.isCorrupted
    default: false
    }
  }

  /// Whether LMDB found its own file damaged.
  package var isDamage: Bool {
    if case .storage(let error) = self { error.isCorrupted } else { false }
  }

  /// Whether a disk without room is the cause.
  package var isDiskFull: Bool {
    if case .storage(let error) = self { error.isDiskFull } else { false }
  }

  /// What went wrong, without what to do about it.
  package var reason: String {
    switch self {
    case .damaged(let block, let reason): "the block of offset \(block) is damaged: \(reason)"
    case .storage(let error): error.description
    default: description
    }
  }

  package var description: String {
    switch self {
    case .absent(let path): "there is no log at \(shownPath(path)): ingest something first"
    case .unknownFormat(let path, let version):
      "the log at \(shownPath(path)) has format \(version), and this foldlog knows format "
        + "\(LogLimits.formatVersion): use a newer foldlog"
    case .damaged(let block, let reason):
      "the block of offset \(block) is damaged: \(reason); `foldlog log verify` checks all blocks"
    case .sourceMoved(let id): "another process appended from source \(id) at the same time"
    case .retriedMeanwhile(let entry):
      "another process retried line \(entry) of the quarantine at the same time; run again"
    case .answeredMeanwhile(let id): "another process answered the request \(id) at the same time"
    case .mapFull:
      "the log's map is full: raise `map_size` under [log] in foldlog.toml, and run again"
    case .storage(let error) where error.isDiskFull:
      "the disk is full: \(error); nothing of this batch was taken. Make room, and run again"
    case .storage(let error) where error.isDiskFailure:
      "the disk is full, or failed: \(error); nothing of this batch was taken. Make room, or see "
        + "what the system's log says, and run again"
    case .storage(let error) where error.isCorrupted:
      "the log is damaged: \(error). Bring log/data.mdb back from a copy, or put the data directory "
        + "aside and ingest the files again"
    case .storage(let error): "the log could not be read or written: \(error)"
    case .compression(let error): "\(error)"
    case .record(let error): "a record of the log does not decode: \(error)"
    }
  }
}

/// Runs LMDB's operations, with their errors in the log's words.
func logged<Result: ~Copyable>(
  _ body: () throws(LMDBError) -> Result
) throws(LogError) -> Result {
  do { return try body() } catch { throw LogError(error) }
}
