internal import Bytes
package import Events
package import Provenance

/// A source as this process knows it: how far it was handed out, and how far the log has it.
package final class TrackedSource {
  /// What a reader has handed out so far: position and hashes. Counts are those of `record`.
  package var content: SourceRecord
  /// The position that the log has; nil while it does not know the source.
  package var committedPosition: UInt64?
  /// The newest source that was known of its file or name before this one was.
  package var knownID: SourceID?
  /// The source that this file gave lines as before it was rewritten.
  package var previous: TrackedSource?

  /// Its real path when it was last committed, if that is another now.
  package private(set) var previousRealPath: String?

  /// Whether it must be committed even if it gives no line.
  package var mustCommit = false
  /// Whether it is read at the path that is followed; then other files that were there before were read.
  package var isAtBase = false
  /// The position of the last line that a person was told is long, so that it is told once.
  var longLine: UInt64?
  /// Whether this process entered it, rather than read it from the log.
  let isFromHere: Bool
  /// Where the index of sources lists it.
  struct Listing {
    let folder: String
    let realPath: String
  }
  var listed: Listing?
  /// Called when its real path has changed.
  var didMove: (TrackedSource) -> Void = { _ in }
  /// Called when more was read of it.
  var didAdvance: (TrackedSource) -> Void = { _ in }

  /// 0 until the log gives it one.
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

  /// Whether it only remembers how far a file was read that was unreachable when its source continued in
  /// another, and that did not come back since.
  var isLeftBehind: Bool {
    previous != nil && content.position > 0 && content.size == 0
      && content.modified == Timestamp(nanoseconds: 0)
  }

  /// Whether the log has given it no id yet.
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
      // What a file says first is no later than the first time that it tells.
      parsed.inferLeadingTimes(from: lastTime ?? parsed.firstTime ?? known ?? parsed.recorded)
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
    // The previous source is older, and so was given its id before.
    record.previous = previous?.id ?? 0
    return record
  }

  /// The record to commit, at a time.
  package func record(at time: Timestamp) -> SourceRecord {
    var record = record
    if isAtBase || content.committed.nanoseconds == 0 { record.committed = time }
    return record
  }

  /// Notes what was committed.
  package func didCommit(_ record: SourceRecord) {
    content.committed = record.committed
    committedPosition = record.position
    mustCommit = false
    previousRealPath = nil
  }

  /// The sources that its file was since it last began anew, this one first: a rewrite makes another.
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
