import Bytes
import Views

/// A number as a row.
struct NumberRow: StoredRow {
  var value: UInt64

  init(_ value: UInt64) { self.value = value }

  func encode(into writer: inout ByteWriter) { writer.append(varint: value) }
  init(from reader: inout ByteReader) throws(BytesError) { value = try reader.varint() }
}

/// What the fold counts.
struct Counters: StoredRow, Equatable {
  static let table = StoredTable<UInt64, Counters>("counters", isCounted: false)

  /// Interactions that are kept, with an outcome or without.
  var states: UInt64 = 0
  /// Interactions with an outcome.
  var settled: UInt64 = 0
  /// Different prompts that can only be compared as a whole.
  var opaquePrompts: UInt64 = 0
  /// Events whose feedback was ignored.
  var ignoredFeedback: UInt64 = 0

  init() {}

  func encode(into writer: inout ByteWriter) {
    for count in [states, settled, opaquePrompts, ignoredFeedback] {
      writer.append(varint: count)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    states = try reader.varint()
    settled = try reader.varint()
    opaquePrompts = try reader.varint()
    ignoredFeedback = try reader.varint()
  }
}

extension UInt64 {
  /// Counts one more, and returns the number of it, from 0.
  mutating func next() -> UInt64 {
    defer { self &+= 1 }
    return self
  }
}
