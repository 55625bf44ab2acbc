internal import Tables
internal import Views

/// The preference pairs there are, each under a number that it keeps.
struct PairList {
  private let pairs: KeyedTable<UInt64, Pair>
  private let numbers: KeyedTable<PairKey, Count>
  private let next: KeyedTable<UInt64, Count>
  private let counts: Counts

  init(tables: TableSet, counts: Counts) throws(TableError) {
    self.counts = counts
    pairs = try tables.open(DatasetTables.pairs)
    numbers = try tables.keyed(
      "pairs/numbers", key: PairKey.self, row: Count.self, isCounted: false, residentMax: 1 << 16)
    next = try tables.keyed("pairs/next", key: UInt64.self, row: Count.self, isCounted: false)
  }

  func pair(_ key: PairKey) throws(TableError) -> Pair? {
    guard let number = try numbers.row(key) else { return nil }
    return try pairs.row(number.value)
  }

  /// Puts a pair in the place of the one that was there; nil for none.
  func set(_ key: PairKey, _ pair: Pair?) throws(TableError) {
    var number = try numbers.row(key)
    if number == nil {
      if pair == nil { return }
      let fresh = try next.row(0) ?? Count(value: 0)
      try next.put(0, Count(value: fresh.value + 1))
      try numbers.put(key, fresh)
      number = fresh
    }
    guard let number else { return }
    let before = try pairs.row(number.value)
    if before == pair { return }
    try counts.change(
      .pairs, from: before?.isDropped == false, to: pair?.isDropped == false)
    try counts.change(
      .droppedPairs, from: before?.isDropped == true, to: pair?.isDropped == true)
    if let pair {
      try pairs.put(number.value, pair)
    } else {
      try pairs.remove(number.value)
    }
  }
}
