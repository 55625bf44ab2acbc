internal import Bytes
internal import Events
internal import Views

/// By which columns rows are sorted, and which way each: the later ones where the earlier are equal.
/// Nulls are last both ways.
package struct SortOrder: Equatable, Sendable {
  /// One column of an order.
  struct Part: Equatable, Sendable {
    /// The place of the field among the table's columns.
    let column: Int
    let isDescending: Bool
    let type: ColumnType

    /// - Parameter text: `FIELD`, `FIELD:asc` or `FIELD:desc`.
    init(_ text: String, isDescending: Bool, of table: any AnswerTable) throws(QueryError) {
      let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      column = try fieldPlace(words.first.map(String.init) ?? "", of: table)
      type = table.columns[column].type
      switch words.count > 1 ? words[1] : nil {
      case nil: self.isDescending = isDescending
      case "asc": self.isDescending = false
      case "desc": self.isDescending = true
      case let way?:
        throw QueryError(
          .usage, "a field is sorted `asc` or `desc`, as in `\(words[0]):desc`, not `\(way)`")
      }
    }

    func cell(_ cells: [Cell]) -> Cell { column < cells.count ? cells[column] : .null }

    /// The order of two rows by the whole of their cells.
    func order(_ left: [Cell], _ right: [Cell]) -> Int {
      Cell.orderNullsLast(cell(left), cell(right), isDescending: isDescending)
    }
  }

  let first: Part
  private let others: [Part]

  /// - Parameters:
  ///   - fields: at least one; each `FIELD`, `FIELD:asc` or `FIELD:desc`.
  ///   - isDescending: the way of those that do not say theirs.
  init(
    _ fields: [String], isDescending: Bool, of table: any AnswerTable
  ) throws(QueryError) {
    var parts: [Part] = []
    for field in fields { parts.append(try Part(field, isDescending: isDescending, of: table)) }
    guard let first = parts.first else { throw QueryError(.usage, "no field to sort by") }
    self.first = first
    others = Array(parts.dropFirst())
  }

  /// The places of the fields among the table's columns.
  var columns: [Int] { [first.column] + others.map(\.column) }

  /// The order of two rows by the whole of their cells.
  func order(_ left: [Cell], _ right: [Cell]) -> Int {
    let order = first.order(left, right)
    if order != 0 { return order }
    for other in others {
      let order = other.order(left, right)
      if order != 0 { return order }
    }
    return 0
  }

  /// What stands for null: it is last, whichever way the others go.
  private static let nullPrefix = UInt64.max

  /// Eight bytes that sort as the first cells do, as far as they reach: of a text those from
  /// `7 * depth` on.
  func prefix(_ cells: [Cell], depth: Int = 0) -> UInt64 {
    let cell = first.cell(cells)
    if cell.isNull { return Self.nullPrefix }
    let prefix = ascendingPrefix(cell, depth)
    return first.isDescending ? ~prefix : prefix
  }

  private func ascendingPrefix(_ cell: Cell, _ depth: Int) -> UInt64 {
    switch cell {
    case .bool(let value): value ? 1 : 0
    case .time(let value): orderedBits(value.nanoseconds)
    case .text(let value): textPrefix(value, from: 7 * depth)
    case .integer(let value) where first.type == .integer: orderedBits(value)
    case .decimal(let value) where first.type == .decimal: orderedBits(value.units)
    default: numberPrefix(cell)
    }
  }

  /// Of a number of another kind than its column's.
  private func numberPrefix(_ cell: Cell) -> UInt64 {
    guard let value = cell.doubleValue else { return 0 }
    switch first.type {
    case .integer: return orderedBits(clamped(value))
    case .decimal:
      return orderedBits(cell.exactUnits.map { Int64(clamping: $0) } ?? clamped(value * 1e9))
    default: return orderedBits(value)
    }
  }

  /// Whether rows of the same prefix are equal, so that nothing more need be compared.
  func isWhole(_ prefix: UInt64) -> Bool {
    others.isEmpty && prefix != Self.nullPrefix && isWholeCell(prefix)
  }

  /// Whether a prefix says all of its cell.
  private func isWholeCell(_ prefix: UInt64) -> Bool {
    let ascending = first.isDescending ? ~prefix : prefix
    switch first.type {
    case .text: return ascending & 0xff < 8
    case .texts, .offsets: return false
    // Beyond the least and the greatest there may be others.
    case .integer, .decimal: return ascending != .min && ascending != .max
    case .bool, .real, .time: return true
    }
  }

  /// Whether the next bytes of the first cells tell more of rows of the same prefix.
  func goesOn(after prefix: UInt64) -> Bool {
    first.type == .text && prefix != Self.nullPrefix && !isWholeCell(prefix)
  }
}

/// The place of a field among a table's columns.
///
/// - Throws: `QueryError` of kind `usage`, that lists what there is.
func fieldPlace(_ field: String, of table: any AnswerTable) throws(QueryError) -> Int {
  if let place = place(of: field, in: table.columns) { return place }
  let names = table.columns.map(\.name)
  if let grouped = table as? GroupedTable { throw grouped.lacks(field) }
  throw QueryError(
    .usage, "\(table.name) has no field `\(field)`\(suggestion(for: field, among: names))",
    notes: wrapped("fields of \(table.name): ", names))
}

private func clamped(_ value: Double) -> Int64 {
  Int64(exactly: value.rounded(.down)) ?? (value < 0 ? .min : .max)
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
  /// Texts that share this many prefixes are long: from there on they are compared as a whole.
  private static let depthMax = 8

  init(_ sort: SortOrder) { self.sort = sort }

  mutating func append(_ cells: [Cell]) {
    keys.append(SortKey(prefix: sort.prefix(cells), sequence: rows.count))
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
    guard sort.goesOn(after: keys[run.lowerBound].prefix), depth < Self.depthMax else {
      let (rows, sort) = (rows, sort)
      keys[run].sort { left, right in
        let order = sort.order(rows[left.sequence], rows[right.sequence])
        return order != 0 ? order < 0 : left.sequence < right.sequence
      }
      return
    }
    for place in run {
      keys[place].prefix = sort.prefix(rows[keys[place].sequence], depth: depth)
    }
    sortKeys(run, depth: depth)
  }
}

/// The first few rows of an order, kept in a heap with the last of them on top; equal ones stay as
/// they came. Memory is that of the rows kept.
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
  private var count = 0

  init(_ sort: SortOrder, limit: Int) {
    self.sort = sort
    self.limit = max(limit, 0)
  }

  /// Whether the next row is among the first so far, by the cells that it is ordered by.
  func takes(_ cells: [Cell]) -> Bool {
    if rows.count < limit { return true }
    guard let last = heap.first else { return false }
    let key = SortKey(prefix: sort.prefix(cells), sequence: count)
    return precedes(key, cells, last.key, last.slot)
  }

  /// Takes a row that is among the first so far.
  mutating func append(_ cells: [Cell]) {
    let key = SortKey(prefix: sort.prefix(cells), sequence: count)
    count += 1
    if rows.count < limit {
      heap.append(Entry(key: key, slot: rows.count))
      rows.append(cells)
      siftUp(heap.count - 1)
    } else if let last = heap.first {
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
