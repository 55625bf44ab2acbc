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
