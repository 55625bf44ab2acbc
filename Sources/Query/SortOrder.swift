internal import Bytes
internal import Events
internal import Views

/// By which column rows are sorted, and which way. Nulls are last both ways.
package struct SortOrder: Equatable, Sendable {
  /// The place of the field among the table's columns.
  package let column: Int
  package let isDescending: Bool
  let type: ColumnType

  init(_ field: String, isDescending: Bool, of table: any AnswerTable) throws(QueryError) {
    guard let column = place(of: field, in: table.columns) else {
      let names = table.columns.map(\.name)
      throw QueryError(
        .usage, "\(table.name) has no field \"\(field)\"\(suggestion(for: field, among: names))",
        notes: wrapped("fields of \(table.name): ", names))
    }
    self.column = column
    self.isDescending = isDescending
    type = table.columns[column].type
  }

  func cell(_ cells: [Cell]) -> Cell { column < cells.count ? cells[column] : .null }

  /// The order of two rows by the whole of their cells.
  func order(_ left: [Cell], _ right: [Cell]) -> Int {
    let order = Cell.order(cell(left), cell(right))
    return isDescending ? -order : order
  }

  /// Eight bytes that sort as the cells do, as far as they reach: of a text those from
  /// `7 * depth` on.
  func prefix(_ cell: Cell, depth: Int = 0) -> UInt64 {
    let prefix = ascendingPrefix(cell, depth)
    return isDescending ? ~prefix : prefix
  }

  private func ascendingPrefix(_ cell: Cell, _ depth: Int) -> UInt64 {
    switch cell {
    case .bool(let value): value ? 1 : 0
    case .time(let value): orderedBits(value.nanoseconds)
    case .text(let value): textPrefix(value, from: 7 * depth)
    case .integer(let value) where type == .integer: orderedBits(value)
    case .decimal(let value) where type == .decimal: orderedBits(value.units)
    default: cell.doubleValue.map(orderedBits) ?? 0
    }
  }

  /// Whether two cells of the same prefix are equal, so that nothing more need be compared.
  func isWhole(_ prefix: UInt64) -> Bool {
    switch type {
    case .text: (isDescending ? ~prefix : prefix) & 0xff < 8
    case .texts, .offsets: false
    default: true
    }
  }
}

private func orderedBits(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ (1 << 63) }

/// Bits that sort as the numbers do; the two zeros are one.
private func orderedBits(_ value: Double) -> UInt64 {
  let bits = (value + 0.0).bitPattern
  return bits >> 63 == 1 ? ~bits : bits | (1 << 63)
}

/// Seven bytes, zeros after the end, then how many are left there, at most 8: so that an end sorts
/// before a zero byte, and a text that fits is known by it.
private func textPrefix(_ text: String, from start: Int) -> UInt64 {
  let span = text.utf8.span
  let left = max(span.count - start, 0)
  var prefix: UInt64 = 0
  for place in 0..<7 {
    prefix = prefix << 8 | (place < left ? UInt64(span[start + place]) : 0)
  }
  return prefix << 8 | UInt64(min(left, 8))
}

/// The position of a row in the order, as far as the first bytes of its cell decide it.
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

/// The first few rows of an order, kept in a heap with the last of them on top; equal ones stay as
/// they came. Memory is that of the rows kept, and as many without a value.
struct TopRows {
  /// Small and plain: the heap moves these, and never the rows.
  private struct Entry {
    let key: SortKey
    /// Where the row lies among those kept.
    let slot: Int
  }

  private let sort: SortOrder
  private let limit: Int
  private var heap: [Entry] = []
  private var rows: [[Cell]] = []
  private var nulls: [[Cell]] = []
  private var count = 0

  init(_ sort: SortOrder, limit: Int) {
    self.sort = sort
    self.limit = max(limit, 0)
  }

  mutating func append(_ cells: [Cell]) {
    let cell = sort.cell(cells)
    let sequence = count
    count += 1
    if cell.isNull {
      if nulls.count < limit { nulls.append(cells) }
      return
    }
    let key = SortKey(prefix: sort.prefix(cell), sequence: sequence)
    if rows.count < limit {
      heap.append(Entry(key: key, slot: rows.count))
      rows.append(cells)
      siftUp(heap.count - 1)
    } else if let last = heap.first, precedes(key, cells, last.key, last.slot) {
      heap[0] = Entry(key: key, slot: last.slot)
      rows[last.slot] = cells
      siftDown(0)
    }
  }

  /// Calls `body` for each row in order until it returns false.
  func forEach(_ body: ([Cell]) throws(TableError) -> Bool) throws(TableError) -> Int {
    var shown = 0
    for entry in heap.sorted(by: precedes) {
      shown += 1
      if try !body(rows[entry.slot]) { return shown }
    }
    for cells in nulls.prefix(limit - heap.count) {
      shown += 1
      if try !body(cells) { return shown }
    }
    return shown
  }

  private func precedes(_ left: Entry, _ right: Entry) -> Bool {
    guard left.key.prefix == right.key.prefix, !sort.isWhole(left.key.prefix) else {
      return SortKey.precedes(left.key, right.key)
    }
    return precedes(left.key, rows[left.slot], right.key, right.slot)
  }

  private func precedes(
    _ left: SortKey, _ cells: [Cell], _ right: SortKey, _ slot: Int
  ) -> Bool {
    guard left.prefix == right.prefix, !sort.isWhole(left.prefix) else {
      return SortKey.precedes(left, right)
    }
    let order = sort.order(cells, rows[slot])
    return order != 0 ? order < 0 : left.sequence < right.sequence
  }

  private mutating func siftUp(_ start: Int) {
    var place = start
    while place > 0 {
      let parent = (place - 1) / 2
      guard precedes(heap[parent], heap[place]) else { return }
      heap.swapAt(parent, place)
      place = parent
    }
  }

  private mutating func siftDown(_ start: Int) {
    var place = start
    while true {
      var last = place
      let child = 2 * place + 1
      if child < heap.count, precedes(heap[last], heap[child]) { last = child }
      if child + 1 < heap.count, precedes(heap[last], heap[child + 1]) { last = child + 1 }
      if last == place { return }
      heap.swapAt(last, place)
      place = last
    }
  }
}
