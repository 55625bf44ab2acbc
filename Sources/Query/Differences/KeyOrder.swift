internal import Views

/// The order in which a table's rows come: by the cells of its key, one after the other.
struct KeyOrder: Sendable {
  let columns: [Column]
  /// Where the key's cells lie in a row.
  let places: [Int]

  init(_ table: any AnswerTable) {
    places = table.key.compactMap { place(of: $0, in: table.columns) }
    columns = places.map { table.columns[$0] }
  }

  /// Negative, zero or positive, as the left row comes before, with or after the right.
  func order(_ left: [Cell], _ right: [Cell]) -> Int {
    for place in places {
      let order = Cell.order(left.cell(place), right.cell(place))
      if order != 0 { return order }
    }
    return 0
  }

  func key(of row: [Cell]) -> [Cell] { places.map { row.cell($0) } }
}

extension [Cell] {
  /// The cell of a column; null where a row is too short.
  @inline(__always)
  func cell(_ place: Int) -> Cell { place < count ? self[place] : .null }
}
