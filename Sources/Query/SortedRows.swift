internal import Views

/// The place of a row in the order, as far as a few bytes tell.
struct SortKey {
  var prefix: UInt64
  /// How many rows came before.
  let sequence: Int

  @inline(__always)
  static func precedes(_ left: SortKey, _ right: SortKey) -> Bool {
    left.prefix != right.prefix ? left.prefix < right.prefix : left.sequence < right.sequence
  }
}

/// All rows, sorted at the end; equal ones stay as they came. Memory grows with the rows.
struct SortedRows {
  private let sort: SortOrder
  private var rows: [[Cell]] = []
  private var keys: [SortKey] = []
  private var nulls: [Int] = []
  /// Texts that share this many prefixes are long: from there on they are compared as a whole.
  private static let depthMax = 8

  init(_ sort: SortOrder) { self.sort = sort }

  mutating func append(_ cells: [Cell]) {
    let cell = sort.cell(cells)
    if cell.isNull {
      nulls.append(rows.count)
    } else {
      keys.append(SortKey(prefix: sort.prefix(cell), sequence: rows.count))
    }
    rows.append(cells)
  }

  /// Calls `body` for each row in order until it returns false.
  mutating func forEach(_ body: ([Cell]) throws(TableError) -> Bool) throws(TableError) -> Int {
    sortKeys(0..<keys.count, depth: 0)
    var shown = 0
    for key in keys {
      shown += 1
      if try !body(rows[key.sequence]) { return shown }
    }
    for place in nulls {
      shown += 1
      if try !body(rows[place]) { return shown }
    }
    return shown
  }

  /// Sorts by prefixes, then each run of equal ones by what follows them.
  private mutating func sortKeys(_ range: Range<Int>, depth: Int) {
    keys[range].sort(by: SortKey.precedes)
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start + 1
      while end < range.upperBound, keys[end].prefix == keys[start].prefix { end += 1 }
      if end - start > 1, !sort.isWhole(keys[start].prefix) {
        sortRun(start..<end, depth: depth + 1)
      }
      start = end
    }
  }

  private mutating func sortRun(_ run: Range<Int>, depth: Int) {
    guard sort.type == .text, depth < Self.depthMax else {
      let (rows, sort) = (rows, sort)
      keys[run].sort { left, right in
        let order = sort.order(rows[left.sequence], rows[right.sequence])
        return order != 0 ? order < 0 : left.sequence < right.sequence
      }
      return
    }
    for place in run {
      keys[place].prefix = sort.prefix(sort.cell(rows[keys[place].sequence]), depth: depth)
    }
    sortKeys(run, depth: depth)
  }
}
