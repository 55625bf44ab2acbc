internal import Bytes
internal import Tables
internal import Views

/// The levels of all factors, side by side in memory, and their tables.
///
/// A factor keeps the first 256 levels. A level is deleted with its last sample. Once a 257th level
/// arrives, the factor is full for good: its levels stay, even without samples, and no other is
/// added. So a sample is always removed from where it was added, a level or the others.
struct LevelStore {
  private var keys: [LevelKey] = []
  private var rows: [LevelRow] = []
  private var isChanged: [Bool] = []
  private var free: [Int] = []
  private var indexes: [LevelIndex]
  /// By factor; nil while it is not full.
  private var others: [OthersRow?]
  /// Since the last time that the tables were written.
  private var changed: [Int] = []
  private var gone: [LevelKey] = []
  private var changedOthers: Set<Int> = []
  private let levelTable: KeyedTable<LevelKey, LevelRow>
  private let othersTable: KeyedTable<UInt64, OthersRow>

  init(tables: FoldTables) throws(TableError) {
    levelTable = try tables.open(LevelRow.table)
    othersTable = try tables.open(OthersRow.table)
    indexes = [LevelIndex](repeating: LevelIndex(), count: Factor.allCases.count)
    others = [OthersRow?](repeating: nil, count: Factor.allCases.count)
    try tables.read(LevelRow.table).forEach { key, row throws(TableError) in
      guard Int(key.factor) < indexes.count, indexes[Int(key.factor)].count < Factor.levelsMax
      else {
        throw TableError(table: "levels", reason: "factor \(key.factor) has no such level")
      }
      _ = insert(key, row)
      return true
    }
    try tables.read(OthersRow.table).forEach { key, row throws(TableError) in
      guard key < UInt64(others.count) else {
        throw TableError(table: "others", reason: "there is no factor \(key)")
      }
      others[Int(key)] = row
      return true
    }
  }

  mutating func add(_ sample: Sample) {
    let squares = sample.measures.squares
    for level in sample.levels {
      guard let place = place(level) ?? insert(level) else {
        changeOthers(level.factor) { $0.metrics.add(sample.measures, squares: squares) }
        continue
      }
      rows[place].metrics.add(sample.measures, squares: squares)
      rows[place].offsets.add(sample.offset)
      mark(place)
    }
  }

  /// Removes a sample that was added.
  mutating func remove(_ sample: Sample) {
    let squares = sample.measures.squares
    for level in sample.levels {
      guard let place = place(level) else {
        changeOthers(level.factor) { $0.metrics.remove(sample.measures, squares: squares) }
        continue
      }
      rows[place].metrics.remove(sample.measures, squares: squares)
      rows[place].offsets.remove(sample.offset)
      mark(place)
      if rows[place].offsets.count == 0, others[Int(level.factor.rawValue)] == nil {
        forget(level, at: place)
      }
    }
  }

  /// Writes the changed rows into the tables.
  mutating func write() throws(TableError) {
    for key in gone where indexes[Int(key.factor)].place(key.hash) == nil {
      try levelTable.remove(key)
    }
    for place in changed where isChanged[place] {
      try levelTable.put(keys[place], rows[place])
      isChanged[place] = false
    }
    for factor in changedOthers.sorted() {
      if let row = others[factor] { try othersTable.put(UInt64(factor), row) }
    }
    gone.removeAll(keepingCapacity: true)
    changed.removeAll(keepingCapacity: true)
    changedOthers.removeAll(keepingCapacity: true)
  }

  private func place(_ level: Level) -> Int? {
    indexes[Int(level.factor.rawValue)].place(level.hash)
  }

  /// Nil when the factor is full.
  private mutating func insert(_ level: Level) -> Int? {
    let factor = Int(level.factor.rawValue)
    if others[factor] != nil { return nil }
    guard indexes[factor].count < Factor.levelsMax else {
      others[factor] = OthersRow()
      return nil
    }
    return insert(LevelKey(level), LevelRow(level: level.text))
  }

  private mutating func insert(_ key: LevelKey, _ row: LevelRow) -> Int {
    let place: Int
    if let last = free.popLast() {
      place = last
      keys[place] = key
      rows[place] = row
    } else {
      place = rows.count
      keys.append(key)
      rows.append(row)
      isChanged.append(false)
    }
    indexes[Int(key.factor)].insert(key.hash, at: place)
    return place
  }

  private mutating func forget(_ level: Level, at place: Int) {
    indexes[Int(level.factor.rawValue)].remove(level.hash)
    gone.append(keys[place])
    isChanged[place] = false
    free.append(place)
  }

  private mutating func mark(_ place: Int) {
    if isChanged[place] { return }
    isChanged[place] = true
    changed.append(place)
  }

  private mutating func changeOthers(_ factor: Factor, _ body: (inout OthersRow) -> Void) {
    let index = Int(factor.rawValue)
    guard var row = others[index] else { return }
    body(&row)
    others[index] = row
    changedOthers.insert(index)
  }
}

/// Finds the place of a level of one factor by its hash: at most 256 in 512 slots, so that a probe
/// ends soon.
struct LevelIndex: Sendable {
  private var hashes = [UInt128](repeating: 0, count: Self.slotCount)
  /// −1 where a slot is free.
  private var places = [Int32](repeating: -1, count: Self.slotCount)
  private(set) var count = 0

  private static let slotCount = 512

  /// The slot where the hash is, or where it belongs.
  private func slot(_ hash: Hash128) -> Int {
    var slot = Int(truncatingIfNeeded: hash.value) & (Self.slotCount - 1)
    while places[slot] >= 0, hashes[slot] != hash.value { slot = (slot + 1) & (Self.slotCount - 1) }
    return slot
  }

  func place(_ hash: Hash128) -> Int? {
    let place = places[slot(hash)]
    return place < 0 ? nil : Int(place)
  }

  /// Precondition of the caller: the hash is not there, and fewer than 256 are.
  mutating func insert(_ hash: Hash128, at place: Int) {
    let slot = slot(hash)
    hashes[slot] = hash.value
    places[slot] = Int32(truncatingIfNeeded: place)
    count += 1
  }

  /// Closes the gap, so that a probe still finds the entries behind it.
  mutating func remove(_ hash: Hash128) {
    var hole = slot(hash)
    guard places[hole] >= 0 else { return }
    places[hole] = -1
    count -= 1
    var next = (hole + 1) & (Self.slotCount - 1)
    while places[next] >= 0 {
      let home = Int(truncatingIfNeeded: hashes[next]) & (Self.slotCount - 1)
      let distanceFromHome = (next - home) & (Self.slotCount - 1)
      let distanceFromHole = (next - hole) & (Self.slotCount - 1)
      if distanceFromHome >= distanceFromHole {
        hashes[hole] = hashes[next]
        places[hole] = places[next]
        places[next] = -1
        hole = next
      }
      next = (next + 1) & (Self.slotCount - 1)
    }
  }
}
