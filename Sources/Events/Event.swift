/// An event's place in the log, from 0, without gaps.
package typealias Offset = UInt64

/// Identifies a source in the log's table of sources.
package typealias SourceID = UInt64

/// What is decided about a line when it is taken in, and kept for ever beside its bytes.
package struct Envelope: Equatable, Sendable {
  package var stream: Stream
  package var kind: String
  /// When it happened.
  package var time: Timestamp
  /// Whether the line itself did not say when.
  package var isTimeInferred: Bool
  package var source: SourceID
  /// Where the line begins in its source, in bytes (of the decompressed content).
  package var position: UInt64
  /// When the line was taken in.
  package var recorded: Timestamp

  package init(
    stream: Stream, kind: String, time: Timestamp, isTimeInferred: Bool, source: SourceID,
    position: UInt64, recorded: Timestamp
  ) {
    self.stream = stream
    self.kind = kind
    self.time = time
    self.isTimeInferred = isTimeInferred
    self.source = source
    self.position = position
    self.recorded = recorded
  }
}

/// One line of the log with its envelope and its canonical fields: what projectors fold.
package struct Event: Sendable {
  package let offset: Offset
  package let envelope: Envelope
  package let fields: Fields

  package init(offset: Offset, envelope: Envelope, fields: Fields) {
    self.offset = offset
    self.envelope = envelope
    self.fields = fields
  }

  package var stream: Stream { envelope.stream }
  package var kind: String { envelope.kind }
  package var time: Timestamp { envelope.time }
}
