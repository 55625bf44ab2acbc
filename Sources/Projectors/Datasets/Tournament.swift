internal import Bytes
internal import Events
internal import Tables
internal import Views

/// Who may stand for a group, and how it ranks.
struct Contender: Equatable, Sendable {
  /// Above all others when greater.
  var rank: Int64
  /// Between equals the lowest.
  var offset: Offset
  /// The interaction's number.
  var number: UInt64

  func beats(_ other: Contender) -> Bool {
    rank != other.rank
      ? rank > other.rank
      : offset != other.offset ? offset < other.offset : number < other.number
  }
}

/// Finds the best of each group's contenders, who come, change and go.
///
/// A tree of blocks of 32: a block of the lowest level holds contenders by their places in the
/// group, one above holds the best of each block below. A change rewrites one block a level, so
/// that it costs the same in a group of a million, but for three more levels.
struct Tournament {
  private let blocks: KeyedTable<BlockKey, Block>

  init(tables: TableSet, name: String) throws(TableError) {
    blocks = try tables.keyed(
      name, key: BlockKey.self, row: Block.self, isCounted: false, residentMax: 1 << 16)
  }

  /// Puts a contender in a place of its group, or nil when it no longer contends. A group of one
  /// needs no tree, and has none.
  ///
  /// - Parameters:
  ///   - count: how many places the group has, this one included.
  ///   - founder: who contends in the group's first place, for when the group gets its second.
  /// - Returns: the best of the group.
  func set(
    _ contender: Contender?, at place: Answer.Place, of count: UInt64,
    founder: () throws(TableError) -> Contender?
  ) throws(TableError) -> Contender? {
    if count <= 1 { return contender }
    if try blocks.row(BlockKey(group: place.group, level: 0, index: 0)) == nil {
      _ = try climb(try founder(), Answer.Place(group: place.group, index: 0), of: count)
    }
    return try climb(contender, place, of: count)
  }

  private func climb(
    _ contender: Contender?, _ place: Answer.Place, of count: UInt64
  ) throws(TableError) -> Contender? {
    var best = contender
    var position = place.index
    var width = count
    var level: UInt8 = 0
    repeat {
      let (index, slot) = position.quotientAndRemainder(dividingBy: UInt64(Block.size))
      let key = BlockKey(group: place.group, level: level, index: index)
      if level > 0, slot > 0, try blocks.row(key) == nil {
        // The tree has grown a level: its first block is the root of before.
        let root = BlockKey(group: place.group, level: level - 1, index: 0)
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
    _ contender: Contender?, in key: BlockKey, slot: Int
  ) throws(TableError) -> Contender? {
    try blocks.change(key) { row in
      var block = row ?? Block()
      block.set(contender, at: slot)
      row = block
      return block.best
    }
  }
}

private struct BlockKey: Key {
  var group: UInt64
  var level: UInt8
  var index: UInt64

  init(group: UInt64, level: UInt8, index: UInt64) {
    self.group = group
    self.level = level
    self.index = index
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: group)
    writer.append(byte: level)
    writer.append(ordered: index)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    group = try reader.ordered(UInt64.self)
    level = try reader.byte()
    index = try reader.ordered(UInt64.self)
  }
}

private struct Block: StoredRow {
  static var size: Int { 32 }

  private var contenders: [Contender?] = []

  init() {}

  var best: Contender? {
    var best: Contender?
    for case let contender? in contenders {
      if let known = best, !contender.beats(known) { continue }
      best = contender
    }
    return best
  }

  mutating func set(_ contender: Contender?, at slot: Int) {
    while contenders.count <= slot { contenders.append(nil) }
    contenders[slot] = contender
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: contenders.count)
    for contender in contenders {
      writer.append(bool: contender != nil)
      guard let contender else { continue }
      writer.append(zigzag: contender.rank)
      writer.append(varint: contender.offset)
      writer.append(varint: contender.number)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let count = try reader.count()
    guard count <= Self.size else {
      throw BytesError("a block of \(count) contenders", at: reader.position)
    }
    for _ in 0..<count {
      guard try reader.bool() else {
        contenders.append(nil)
        continue
      }
      contenders.append(
        Contender(
          rank: try reader.zigzag(), offset: try reader.varint(), number: try reader.varint()))
    }
  }
}
