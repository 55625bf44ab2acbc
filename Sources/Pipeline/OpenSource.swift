internal import EventLog
internal import Events
internal import Ingest

/// A source that lines are being taken from, over one or more batches.
final class OpenSource {
  let input: Input
  let name: String
  let nameStream: Stream?
  let file: FileStatus?
  /// Position and content as of the last chunk handed out: the session's part of the record.
  var content: SourceRecord
  /// What the log has; nil while it does not know the source.
  var committedPosition: UInt64?
  /// The newest source that the log knew of this file or name before.
  let knownID: SourceID?
  private var id: SourceID
  private var events: UInt64
  private var quarantined: UInt64
  private var blank: UInt64
  private var lastTime: Timestamp?

  init(_ input: Input, _ session: SourceSession) {
    self.input = input
    content = session.record
    committedPosition = session.positionBefore
    knownID = session.knownID
    file = session.status
    id = content.id
    events = content.events
    quarantined = content.quarantined
    blank = content.blank
    lastTime = content.lastTime
    switch input {
    case .file(let path):
      name = path
      nameStream = streamOfFileName(path.split(separator: "/").last.map(String.init) ?? path)
    case .standardInput(let given):
      name = given ?? "standard input"
      nameStream = given.flatMap { streamOfFileName($0) }
    }
  }

  /// Whether it has no id yet.
  var isNew: Bool { id == 0 }

  /// The id, given now if the source is new.
  func identify(next: inout SourceID) -> SourceID {
    if id == 0 {
      id = next
      next += 1
    }
    return id
  }

  /// Counts what a chunk held, and gives its untimed events their time.
  func count(_ parsed: inout ParsedChunk) {
    if parsed.untimedCount > 0 {
      parsed.inferLeadingTimes(from: lastTime ?? file?.modified ?? parsed.recorded)
    }
    events += UInt64(parsed.events.count)
    quarantined += UInt64(parsed.rejected.count)
    blank += parsed.blank
    lastTime = parsed.lastTime ?? lastTime
  }

  /// The source after all chunks counted so far.
  var record: SourceRecord {
    var record = content
    record.id = id
    record.events = events
    record.quarantined = quarantined
    record.blank = blank
    record.lastTime = lastTime
    return record
  }
}
