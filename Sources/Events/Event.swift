/// An event's place in the log, from 0, without gaps.
public typealias Offset = UInt64

/// Identifies a source in the log's table of sources.
public typealias SourceID = UInt64

/// What is decided about a line when it is taken in, and kept for ever beside its bytes.
public struct Envelope: Equatable, Sendable {
  public var stream: Stream
  public var kind: String
  /// When it happened.
  public var time: Timestamp
  /// Whether the line itself did not say when.
  public var isTimeInferred: Bool
  public var source: SourceID
  /// Where the line begins in its source, in bytes (of the decompressed content).
  public var position: UInt64
  /// When the line was taken in.
  public var recorded: Timestamp

  public init(
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
public struct Event: Sendable {
  public let offset: Offset
  public let envelope: Envelope
  public let fields: Fields
  /// Those that are wanted, and whole: empty while nobody wants any.
  private let payloads: [any Payload]

  public init(
    offset: Offset, envelope: Envelope, fields: Fields, payloads: [any Payload] = []
  ) {
    self.offset = offset
    self.envelope = envelope
    self.fields = fields
    self.payloads = payloads
  }

  /// What it carries beside the canonical fields; nil where it lacks what such a payload requires, or
  /// where the view does not say that it needs it.
  public func payload<P: Payload>(_ payload: P.Type) -> P? {
    for candidate in payloads {
      if let found = candidate as? P { return found }
    }
    return nil
  }

  public var stream: Stream { envelope.stream }
  public var kind: String { envelope.kind }
  public var time: Timestamp { envelope.time }
}
