internal import Bytes
internal import Events
internal import Tables
internal import Views

/// An interaction that may represent its group, and how it ranks.
struct Candidate: Row, Equatable {
  /// Above all others when greater.
  var rank: Int64 = 0
  /// Between equals the lowest.
  var offset: Offset = 0
  /// The interaction's number.
  var number: UInt64 = 0

  func beats(_ other: Candidate) -> Bool {
    rank != other.rank
      ? rank > other.rank
      : offset != other.offset ? offset < other.offset : number < other.number
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("rank", &row.rank)
    try visit.hidden("offset", &row.offset)
    try visit.hidden("number", &row.number)
  }
}

/// A kind, such as a level or a reason, a number of that kind, and one within.
struct NumberKey: Key {
  let kind: UInt8
  let number: UInt64
  let index: UInt64

  init(kind: UInt8, number: UInt64, index: UInt64 = 0) {
    self.kind = kind
    self.number = number
    self.index = index
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(byte: kind)
    writer.append(ordered: number)
    writer.append(ordered: index)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    kind = try reader.byte()
    number = try reader.ordered(UInt64.self)
    index = try reader.ordered(UInt64.self)
  }
}

/// Finds the best of each group's candidates while candidates are added, changed and removed.
///
/// A tree of blocks of 32, kept by level and group: a block of the lowest level holds candidates by
/// their places in the group, one above holds the best of each block below. A change rewrites one
/// block a level, so that it costs the same in a group of a million, but for three more levels.
struct Tournament {
  /// Of the responses to like prompts, for pairs.
  static let bestResponses = table("prompts/best")
  static let worstResponses = table("prompts/worst")
  /// Of the examples with like texts.
  static let bestExamples = table("examples/best")

  private let blocks: KeyedTable<NumberKey, Block>

  private static func table(_ name: String) -> StoredTable<NumberKey, Block> {
    StoredTable(name, isCounted: false, residentMax: 1 << 16)
  }

  init(_ tables: FoldTables, _ table: StoredTable<NumberKey, Block>) throws(TableError) {
    blocks = try tables.open(table)
  }

  /// Puts a candidate in a place of its group, or nil when it no longer is one. A group of one
  /// needs no tree, and has none.
  ///
  /// - Parameters:
  ///   - count: how many places the group has, this one included.
  ///   - founder: the candidate of the group's first place, for when the group gets its second.
  /// - Returns: the best of the group.
  func set(
    _ candidate: Candidate?, at place: GroupPosition, of count: UInt64,
    founder: () throws(TableError) -> Candidate?
  ) throws(TableError) -> Candidate? {
    if count <= 1 { return candidate }
    if try blocks.row(NumberKey(kind: 0, number: place.group)) == nil {
      _ = try climb(try founder(), GroupPosition(group: place.group, index: 0), of: count)
    }
    return try climb(candidate, place, of: count)
  }

  private func climb(
    _ candidate: Candidate?, _ place: GroupPosition, of count: UInt64
  ) throws(TableError) -> Candidate? {
    var best = candidate
    var position = place.index
    var width = count
    var level: UInt8 = 0
    repeat {
      let (index, slot) = position.quotientAndRemainder(dividingBy: UInt64(Block.size))
      let key = NumberKey(kind: level, number: place.group, index: index)
      if level > 0, slot > 0, try blocks.row(key) == nil {
        // The tree has grown by a level, whose first block stands above the former root.
        let root = NumberKey(kind: level - 1, number: place.group)
        try set(try blocks.row(root)?.best, in: key, slot: 0)
      }
      best = try set(best, in: key, slot: Int(slot))
      position = index
      width = (width + UInt64(Block.size) - 1) / UInt64(Block.size)
      level += 1
    } while width > 1
    return best
  }

  @discardableResult
  private func set(
    _ candidate: Candidate?, in key: NumberKey, slot: Int
  ) throws(TableError) -> Candidate? {
    try blocks.change(key) { row in
      var block = row.take() ?? Block()
      block.set(candidate, at: slot)
      row = block
      return block.best
    }
  }
}

struct Block: Row {
  static var size: Int { 32 }

  private var candidates: [Candidate?] = []

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("candidates", &row.candidates)
  }

  init() {}

  var best: Candidate? {
    var best: Candidate?
    for case let candidate? in candidates {
      if let known = best, !candidate.beats(known) { continue }
      best = candidate
    }
    return best
  }

  mutating func set(_ candidate: Candidate?, at slot: Int) {
    while candidates.count <= slot { candidates.append(nil) }
    candidates[slot] = candidate
  }
}
