import Bytes
import Events
import Views

/// Where interactions are found again: by number, by id, by session and prompt.
///
/// None of it counts in a digest. What was not used since a checkpoint may be in the storage alone.
struct InteractionTables {
  private static let statesResidentMax = 1 << 15
  private static let keysResidentMax = 1 << 17

  private let states: KeyedTable<UInt64, InteractionState>
  private let byID: KeyedTable<Hash128, NumberRow>
  private let byPair: KeyedTable<Hash128, NumberRow>

  init(_ tables: TableSet) throws(TableError) {
    states = try tables.packed(
      "states", row: InteractionState.self, rowsPerChunk: 32, isCounted: false,
      residentMax: Self.statesResidentMax)
    byID = try tables.keyed(
      "ids", key: Hash128.self, row: NumberRow.self, isCounted: false,
      residentMax: Self.keysResidentMax)
    byPair = try tables.keyed(
      "pairs", key: Hash128.self, row: NumberRow.self, isCounted: false,
      residentMax: Self.keysResidentMax)
  }

  /// The newest interaction of an id in a stream.
  func number(id: String, in stream: Stream) throws(TableError) -> UInt64? {
    try byID.row(key(id: id, in: stream))?.value
  }

  func setNumber(_ number: UInt64, id: String, in stream: Stream) throws(TableError) {
    try byID.put(key(id: id, in: stream), NumberRow(number))
  }

  /// The newest interaction of a session in a stream that has that prompt.
  func number(
    session: String, prompt: String, in stream: Stream
  ) throws(TableError) -> UInt64? {
    try byPair.row(key(session: session, prompt: prompt, in: stream))?.value
  }

  func setNumber(
    _ number: UInt64, session: String, prompt: String, in stream: Stream
  ) throws(TableError) {
    try byPair.put(key(session: session, prompt: prompt, in: stream), NumberRow(number))
  }

  func state(_ number: UInt64) throws(TableError) -> InteractionState? {
    try states.row(number)
  }

  /// To be called when a state is new or has changed.
  func keep(_ state: InteractionState, _ number: UInt64) throws(TableError) {
    try states.put(number, state)
  }

  private func key(id: String, in stream: Stream) -> Hash128 {
    pair(UInt128(stream.rawValue), Hash128(of: id).value)
  }

  private func key(session: String, prompt: String, in stream: Stream) -> Hash128 {
    pair(key(id: session, in: stream).value, Hash128(of: prompt).value)
  }
}

/// A hash of two numbers, in that order.
func pair(_ first: UInt128, _ second: UInt128) -> Hash128 {
  var writer = ByteWriter(capacity: 32)
  writer.append(littleEndian: first)
  writer.append(littleEndian: second)
  return Hash128(of: writer.span)
}
