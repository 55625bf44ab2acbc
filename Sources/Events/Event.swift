public import Bytes

/// An event's place in the log, from 0, without gaps.
public typealias Offset = UInt64

/// Identifies an event of the log: the line that holds it, and its part of that line.
///
/// A native line holds one event, part 0. A line of another tool may hold several, numbered in
/// their order; the numbers may change with the version of the format that reads such lines.
public struct EventID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The line, from 0, without gaps.
  public var offset: Offset
  /// Which of the events that the line tells of, from 0.
  public var part: UInt64

  public init(_ offset: Offset, part: UInt64 = 0) {
    self.offset = offset
    self.part = part
  }

  /// Reads `48` or `48.2`; nil for any other text.
  public init?(_ text: String) {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(numbers.count), let offset = Offset(numbers[0]),
      let part = numbers.count == 1 ? 0 : UInt64(numbers[1])
    else { return nil }
    self.init(offset, part: part)
  }

  /// `48` for a line's first part, `48.2` for a later one.
  public var description: String { part == 0 ? "\(offset)" : "\(offset).\(part)" }

  public static func < (left: EventID, right: EventID) -> Bool {
    left.offset != right.offset ? left.offset < right.offset : left.part < right.part
  }
}

extension EventID: ByteCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.append(varint: offset)
    writer.append(varint: part)
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    self.init(try reader.varint(), part: try reader.varint())
  }

  /// As a part of a key: in the order of events.
  public func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: offset)
    writer.append(ordered: part)
  }

  public init(ordered reader: inout ByteReader) throws(BytesError) {
    self.init(try reader.ordered(UInt64.self), part: try reader.ordered(UInt64.self))
  }
}

/// Identifies a source in the log's table of sources.
public typealias SourceID = UInt64

/// What is decided about a line at ingest, and kept for ever beside its bytes.
public struct Envelope: Equatable, Sendable {
  public var stream: Stream
  /// As the line says it, `unknown` where it says none; any text.
  public var kind: String
  /// When it happened.
  public var time: Timestamp
  /// Whether the line itself did not say when.
  public var isTimeInferred: Bool
  /// The file or pipe that it came from.
  public var source: SourceID
  /// Where the line begins in its source, in bytes (of the decompressed content).
  public var position: UInt64
  /// When the line was ingested.
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

/// An event of the log with its envelope and its canonical fields: what projectors fold.
public struct Event: Sendable {
  /// Where it stands in the log.
  public let id: EventID
  /// The line's, but for what its format reads otherwise: the stream, the kind and the time.
  public let envelope: Envelope
  /// What foldlog reads of the line, whatever the line calls it.
  public let fields: Fields
  /// The payloads that some view needs.
  private let payloads: [any Payload]
  /// What the line of a transcript says of its conversation; nil for a native event.
  package let record: ConversationRecord?
  /// Whether its line is known by its name, and copies of it were left out: it repeats no other.
  package let isKnownByName: Bool
  /// The event that told of a tool's failure before its call was read, which this one names: it tells
  /// of nothing else.
  package let completes: EventID?

  public init(
    _ id: EventID, envelope: Envelope, fields: Fields, payloads: [any Payload] = []
  ) {
    self.init(id, envelope: envelope, fields: fields, payloads: payloads, record: nil)
  }

  package init(
    _ id: EventID, envelope: Envelope, fields: Fields, payloads: [any Payload] = [],
    record: ConversationRecord?, isKnownByName: Bool = false, completes: EventID? = nil
  ) {
    self.id = id
    self.envelope = envelope
    self.fields = fields
    self.payloads = payloads
    self.record = record
    self.isKnownByName = isKnownByName
    self.completes = completes
  }

  /// What it carries beside the canonical fields; nil where it lacks what such a payload requires,
  /// or where the view does not say that it needs it.
  public func payload<P: Payload>(_ payload: P.Type) -> P? {
    for candidate in payloads {
      if let found = candidate as? P { return found }
    }
    return nil
  }

  /// The line's place in the log.
  public var offset: Offset { id.offset }
  public var stream: Stream { envelope.stream }
  public var kind: String { envelope.kind }
  public var time: Timestamp { envelope.time }
}
