internal import Bytes
internal import Events

/// The offsets of a set of samples: how many, the first 32 and the last 8.
///
/// Samples are added and removed in any order. Up to 40 offsets are all kept, so that a removal is
/// exact. Of more, those in between are only counted: when one of the kept ones is removed, none
/// replaces it, and `last` is the greatest that is kept.
struct SampleOffsets: ByteCodable, Sendable {
  private(set) var count: UInt64 = 0
  private var first = FirstOffsets()
  private var recent = OffsetWindow<8>()

  init() {}

  private typealias FirstOffsets = OffsetWindow<32>

  /// How many of the first are kept.
  static var keptMax: Int { FirstOffsets.capacity }

  /// In order, at most `keptMax`.
  var kept: [Offset] { first.offsets }
  var last: Offset? { recent.last ?? first.last }

  /// How many are counted without being kept: all lie between `first` and `recent`.
  private var hidden: UInt64 { count &- UInt64(first.count + recent.count) }

  mutating func add(_ offset: Offset) {
    if hidden == 0 {
      if let next = first.insertKeepingLeast(offset) { recent.insertKeepingGreatest(next) }
    } else if let last = first.last, offset < last {
      _ = first.insertKeepingLeast(offset)
    } else if recent.first.map({ offset > $0 }) ?? true {
      recent.insertKeepingGreatest(offset)
    }
    count &+= 1
  }

  mutating func remove(_ offset: Offset) {
    guard count > 0 else { return }
    if !first.remove(offset) { _ = recent.remove(offset) }
    count &-= 1
    guard hidden == 0 else { return }
    while first.count < Self.keptMax, let next = recent.first {
      _ = recent.remove(next)
      _ = first.insertKeepingLeast(next)
    }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    first.encode(into: &writer)
    recent.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    first = try OffsetWindow(from: &reader)
    recent = try OffsetWindow(from: &reader)
  }
}

/// A few offsets in order, without an allocation.
private struct OffsetWindow<let capacity: Int>: Sendable {
  private var slots = InlineArray<capacity, Offset>(repeating: 0)
  private(set) var count = 0

  init() {}

  var first: Offset? { count > 0 ? slots[0] : nil }
  var last: Offset? { count > 0 ? slots[count - 1] : nil }
  var offsets: [Offset] { (0..<count).map { slots[$0] } }

  /// Inserts an offset. Returns the greatest if there is no room for all.
  mutating func insertKeepingLeast(_ offset: Offset) -> Offset? {
    var dropped: Offset?
    if count == capacity {
      if offset > slots[capacity - 1] { return offset }
      dropped = slots[capacity - 1]
      count -= 1
    }
    var place = count
    while place > 0, slots[place - 1] > offset {
      slots[place] = slots[place - 1]
      place -= 1
    }
    slots[place] = offset
    count += 1
    return dropped
  }

  /// Inserts an offset. Drops the least if there is no room for all.
  mutating func insertKeepingGreatest(_ offset: Offset) {
    guard count == capacity else {
      _ = insertKeepingLeast(offset)
      return
    }
    if offset < slots[0] { return }
    var place = 0
    while place + 1 < capacity, slots[place + 1] < offset {
      slots[place] = slots[place + 1]
      place += 1
    }
    slots[place] = offset
  }

  /// Returns whether it was there.
  mutating func remove(_ offset: Offset) -> Bool {
    guard var place = (0..<count).first(where: { slots[$0] == offset }) else { return false }
    count -= 1
    while place < count {
      slots[place] = slots[place + 1]
      place += 1
    }
    return true
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    var before: Offset = 0
    for index in 0..<count {
      writer.append(varint: slots[index] &- before)
      before = slots[index]
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let start = reader.position
    count = try reader.count()
    guard count <= capacity else {
      throw BytesError("\(count) offsets where \(capacity) are kept", at: start)
    }
    var before: Offset = 0
    for index in 0..<count {
      before &+= try reader.varint()
      slots[index] = before
    }
  }
}
