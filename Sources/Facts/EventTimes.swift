public import Bytes
public import Events
public import Views

/// When events happened: the first and the latest of them. What views call now is told here, so that
/// all of them mean the same.
public struct EventTimes: Equatable, Sendable {
  /// The earliest time; nil for no event.
  public private(set) var first: Timestamp?
  private var said = Latest()
  private var any = Latest()

  /// The latest time, and the first event that has it.
  private struct Latest: Equatable, Sendable {
    var time: Timestamp?
    var offset: Offset = 0

    mutating func add(_ time: Timestamp, _ offset: Offset) {
      if let known = self.time, known >= time { return }
      self.time = time
      self.offset = offset
    }
  }

  public init() {}

  /// - Parameter isInferred: whether its line does not say the time.
  public mutating func add(_ time: Timestamp, isInferred: Bool, at offset: Offset) {
    first = first.map { min($0, time) } ?? time
    any.add(time, offset)
    if !isInferred { said.add(time, offset) }
  }

  /// The latest time that a line says; where none says one, the latest that was inferred. Nil for no
  /// event.
  public var now: Timestamp? { said.time ?? any.time }

  /// The event that happened then.
  public var nowOffset: Offset? {
    let latest = said.time == nil ? any : said
    return latest.time == nil ? nil : latest.offset
  }

  /// Whether no line says a time.
  public var isNowInferred: Bool { said.time == nil }
}

extension EventTimes: Mergeable {
  public mutating func merge(_ later: EventTimes) {
    if let other = later.first { first = first.map { min($0, other) } ?? other }
    if let time = later.any.time { any.add(time, later.any.offset) }
    if let time = later.said.time { said.add(time, later.said.offset) }
  }
}

extension EventTimes: ByteCodable {
  public func encode(into writer: inout ByteWriter) {
    first.encode(into: &writer)
    for latest in [said, any] {
      latest.time.encode(into: &writer)
      writer.append(varint: latest.offset)
    }
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    first = try Timestamp?(from: &reader)
    said = Latest(time: try Timestamp?(from: &reader), offset: try reader.varint())
    any = Latest(time: try Timestamp?(from: &reader), offset: try reader.varint())
  }
}
