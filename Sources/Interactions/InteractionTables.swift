import Bytes
import Events
import Tables
import Views

/// The tables that interactions are found in: by number, by id, by session and prompt.
///
/// None of them counts in a digest. Rows that were not used since a checkpoint may be on disk
/// alone.
struct InteractionTables {
  private static let statesTable = StoredTable<UInt64, InteractionState>(
    "states/rows", rowsPerChunk: 128, isCounted: false, residentMax: 1 << 15)
  private static let idsTable = StoredTable<Hash128, UInt64>(
    "ids", isCounted: false, residentMax: 1 << 17)
  private static let pairsTable = StoredTable<Hash128, UInt64>(
    "pairs", isCounted: false, residentMax: 1 << 17)

  private let states: KeyedTable<UInt64, InteractionState>
  private let byID: KeyedTable<Hash128, UInt64>
  private let byPair: KeyedTable<Hash128, UInt64>

  init(_ tables: FoldTables) throws(TableError) {
    states = try tables.open(Self.statesTable)
    byID = try tables.open(Self.idsTable)
    byPair = try tables.open(Self.pairsTable)
  }

  /// The newest interaction of an id in a stream.
  func number(id: String, in stream: Stream) throws(TableError) -> UInt64? {
    try byID.row(key(id: id, in: stream))
  }

  func setNumber(_ number: UInt64, id: String, in stream: Stream) throws(TableError) {
    try byID.put(key(id: id, in: stream), number)
  }

  /// The newest interaction of a session in a stream that has that prompt.
  func number(
    session: String, prompt: String, in stream: Stream
  ) throws(TableError) -> UInt64? {
    try byPair.row(key(session: session, prompt: prompt, in: stream))
  }

  func setNumber(
    _ number: UInt64, session: String, prompt: String, in stream: Stream
  ) throws(TableError) {
    try byPair.put(key(session: session, prompt: prompt, in: stream), number)
  }

  func state(_ number: UInt64) throws(TableError) -> InteractionState? {
    try states.row(number)
  }

  /// Must be called when a state is new or has changed.
  func keep(_ state: InteractionState, _ number: UInt64) throws(TableError) {
    try states.put(number, state)
  }
}

private func key(id: String, in stream: Stream) -> Hash128 {
  pair(UInt128(stream.rawValue), Hash128(of: id).value)
}

private func key(session: String, prompt: String, in stream: Stream) -> Hash128 {
  pair(key(id: session, in: stream).value, Hash128(of: prompt).value)
}

/// A hash of two hashes, or of a hash and a number, in that order.
func pair(_ first: UInt128, _ second: UInt128) -> Hash128 {
  let low = mixed(mixed(UInt64(truncatingIfNeeded: first)) ^ UInt64(truncatingIfNeeded: second))
  let high = mixed(
    mixed(UInt64(truncatingIfNeeded: first >> 64)) ^ UInt64(truncatingIfNeeded: second >> 64) ^ low)
  return Hash128(value: UInt128(high) << 64 | UInt128(low))
}

/// The finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mixed(_ value: UInt64) -> UInt64 {
  var value = value &+ 0x9e37_79b9_7f4a_7c15
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}

/// What the fold counts.
struct Counters: StoredRow, Equatable {
  static let table = StoredTable<UInt64, Counters>("counters", isCounted: false)

  /// Interactions that are kept, with an outcome or without.
  var states: UInt64 = 0
  /// Interactions with an outcome.
  var outcomes: UInt64 = 0
  /// Different prompts that can only be compared as a whole.
  var opaquePrompts: UInt64 = 0
  /// Events whose feedback was ignored.
  var ignoredFeedback: UInt64 = 0

  init() {}

  func encode(into writer: inout ByteWriter) {
    for count in [states, outcomes, opaquePrompts, ignoredFeedback] {
      writer.append(varint: count)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    states = try reader.varint()
    outcomes = try reader.varint()
    opaquePrompts = try reader.varint()
    ignoredFeedback = try reader.varint()
  }
}

/// How the interactions of a domain ended so far.
struct DomainOutcomes: StoredRow {
  static let table = StoredTable<Hash128, DomainOutcomes>(
    "domains", isCounted: false, residentMax: 1 << 14)

  var count = Count()
  /// Of the parts of their scores that say how they ended.
  var sum = ExactSum()

  init() {}

  func encode(into writer: inout ByteWriter) {
    count.encode(into: &writer)
    sum.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try Count(from: &reader)
    sum = try ExactSum(from: &reader)
  }
}

extension UInt64 {
  /// Counts one more, and returns the number of it, from 0.
  mutating func next() -> UInt64 {
    defer { self &+= 1 }
    return self
  }
}
