internal import Bytes
package import Events
package import Provenance

/// A source as this process knows it: what was handed out of it, and what of that the log has.
package final class TrackedSource {
  /// What a reader has handed out so far: position and hashes. Counts are those of `record`.
  package var content: SourceRecord
  /// The position that the log has; nil while it does not know the source.
  package var committedPosition: UInt64?
  /// The newest source that was known of its file or name before this one came there.
  package var knownID: SourceID?
  /// The source that this file gave lines as before it was rewritten.
  package var previous: TrackedSource?

  /// Where it stood when the log last learnt of it, if it stands elsewhere now.
  package private(set) var previousRealPath: String?

  /// Whether the log must learn of it though it gives no line.
  package var mustCommit = false
  /// Whether it is read at the path that is followed: files that stood there before were read.
  package var isAtBase = false
  /// Where the last line began that a person was told is long.
  var longLine: UInt64?
  /// Whether this process found it, rather than the log.
  let isFromHere: Bool
  /// Where the registry lists it.
  struct Listing {
    let folder: String
    let realPath: String
  }
  var listed: Listing?
  /// Told when it stands at another place than before.
  var didMove: (TrackedSource) -> Void = { _ in }
  /// Told when more was read of it.
  var didAdvance: (TrackedSource) -> Void = { _ in }

  /// 0 while the log has promised it none.
  package private(set) var id: SourceID
  private var events: UInt64
  private var quarantined: UInt64
  private var blank: UInt64
  private var lastTime: Timestamp?

  /// A source of which the log knows nothing.
  package init(new record: SourceRecord, knownID: SourceID?, previous: TrackedSource? = nil) {
    content = record
    committedPosition = nil
    isFromHere = true
    self.knownID = knownID
    self.previous = previous
    (id, events, quarantined, blank) = (0, 0, 0, 0)
    lastTime = record.lastTime
  }

  /// A source as the log has it.
  package init(known record: SourceRecord, previous: TrackedSource?) {
    content = record
    content.realPath = pathText(of: record.realPath)
    if record.form == .file { content.path = pathText(of: record.path) }
    committedPosition = record.position
    isFromHere = false
    knownID = nil
    self.previous = previous
    id = record.id
    events = record.events
    quarantined = record.quarantined
    blank = record.blank
    lastTime = record.lastTime
  }

  /// Whether it says how far a file was read that nobody could look at when its source went on
  /// elsewhere, and that did not come back since.
  var isLeftBehind: Bool {
    previous != nil && content.position > 0 && content.size == 0
      && content.modified == Timestamp(nanoseconds: 0)
  }

  /// Whether the log has promised it no id yet.
  package var isNew: Bool { id == 0 }

  /// The id, given now if the source is new.
  package func identify(next: inout SourceID) -> SourceID {
    if id == 0 {
      id = next
      next += 1
    }
    return id
  }

  /// Notes where it is read from now on.
  func move(to realPath: String, path: String) {
    content.path = path
    let isElsewhere = content.realPath != realPath
    if isElsewhere, !content.realPath.isEmpty, previousRealPath == nil {
      previousRealPath = content.realPath
    }
    content.realPath = realPath
    if isElsewhere { didMove(self) }
  }

  /// Notes that all before its position was taken, though another source gave some of it.
  func setPrefix(of content: KnownContent) {
    self.content.prefix = content.hash.segmented.digest
    self.content.chain = content.hash.segmented.chain
    self.content.isPrefixPlain = false
    self.content.guardSize = UInt64(content.guardBytes.count)
    self.content.guard = Hash128(of: content.guardBytes)
    didAdvance(self)
  }

  /// Counts what a chunk held, and gives its untimed events their time.
  package func count(_ parsed: inout ParsedChunk) {
    if parsed.untimedCount > 0 {
      let known = content.modified.nanoseconds == 0 ? nil : content.modified
      parsed.inferLeadingTimes(from: lastTime ?? known ?? parsed.recorded)
    }
    events += UInt64(parsed.events.count)
    quarantined += UInt64(parsed.rejected.count)
    blank += parsed.blank
    lastTime = parsed.lastTime ?? lastTime
  }

  /// The source after all chunks counted so far.
  package var record: SourceRecord {
    var record = content
    record.id = id
    record.events = events
    record.quarantined = quarantined
    record.blank = blank
    record.lastTime = lastTime
    // The one before is older, and so has its id.
    record.previous = previous?.id ?? 0
    return record
  }

  /// The same, to be committed at a time.
  package func record(at time: Timestamp) -> SourceRecord {
    var record = record
    if isAtBase || content.committed.nanoseconds == 0 { record.committed = time }
    return record
  }

  /// What the log has since a commit.
  package func didCommit(_ record: SourceRecord) {
    content.committed = record.committed
    committedPosition = record.position
    mustCommit = false
    previousRealPath = nil
  }

  /// Those that its file gave lines as, since it last began anew: this one first.
  package var history: [TrackedSource] {
    var all: [TrackedSource] = []
    var next: TrackedSource? = self
    while let source = next {
      all.append(source)
      next = source.previous
    }
    return all
  }
}
