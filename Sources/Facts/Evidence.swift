public import Bytes
public import Events
public import Views

/// The events that something is derived from: the first 32 of them, the last, and how many.
public struct Evidence: Equatable, Sendable {
  /// How many of the first events are named.
  public static let keptMax = 32

  /// The first ones, in order, at most `keptMax`.
  public private(set) var first: [Offset]
  /// The last one; 0 where there is none.
  public private(set) var last: Offset
  /// How many there are, also those that are not named.
  public private(set) var count: UInt64

  /// Of no event yet.
  public init() {
    first = []
    last = 0
    count = 0
  }

  public init(_ offset: Offset) {
    first = [offset]
    last = offset
    count = 1
  }

  public init(first: [Offset], last: Offset, count: UInt64) {
    self.first = first
    self.last = last
    self.count = count
  }

  /// Adds an event. Offsets come in order; the same one twice counts once.
  public mutating func add(_ offset: Offset) {
    if count > 0, offset == last { return }
    if first.count < Self.keptMax { first.append(offset) }
    last = offset
    count += 1
  }
}

extension Evidence {
  /// Whether an event may be among those that something stands on: one of the first, the last, or,
  /// where more are counted than named, one between.
  public func mayHold(_ offset: Offset) -> Bool {
    if first.contains(offset) { return true }
    if count == 0 || offset > last { return false }
    return offset == last || isCut && offset > first.last ?? 0
  }

  /// Whether more are counted than named.
  public var isCut: Bool { count > UInt64(first.count) }
}

extension Evidence: Mergeable {
  /// Takes in the events of a later part of the log, which has no line in common with this one.
  public mutating func merge(_ later: Evidence) {
    if later.count == 0 { return }
    first += later.first.prefix(Self.keptMax - first.count)
    last = later.last
    count += later.count
  }
}

extension Evidence: ByteCodable {
  /// The first offsets as steps, the last, and the count.
  public func encode(into writer: inout ByteWriter) {
    writer.append(varint: first.count)
    var before: Offset = 0
    for offset in first {
      writer.append(varint: offset &- before)
      before = offset
    }
    writer.append(varint: last)
    writer.append(varint: count)
  }

  public init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    let kept = try reader.count()
    guard kept <= Self.keptMax else {
      throw BytesError("\(kept) offsets where \(Self.keptMax) are kept", at: start)
    }
    var first: [Offset] = []
    first.reserveCapacity(kept)
    var before: Offset = 0
    for _ in 0..<kept {
      before &+= try reader.varint()
      first.append(before)
    }
    self.init(first: first, last: try reader.varint(), count: try reader.varint())
  }
}

extension ColumnVisitor {
  /// The columns that name the events a row stands on.
  @inlinable
  public mutating func evidence(_ evidence: inout Evidence) throws(Failure) {
    try hidden("evidence", &evidence)
    derived("offsets", "The events that it stands on, the first 32.") { evidence.first }
    derived("last_offset", "The last of them.") { evidence.last }
    derived("offset_count", "How many they are.") { evidence.count }
  }
}
