internal import Views

/// The last rows that came, the latest first. Memory is that of the rows kept.
struct LastRows {
  private let limit: Int?
  private var rows: [[Cell]] = []
  /// Where the oldest lies, once the ring is full.
  private var start = 0

  init(limit: Int?) { self.limit = limit }

  mutating func append(_ cells: [Cell]) {
    guard let limit, rows.count >= limit else {
      rows.append(cells)
      return
    }
    guard limit > 0 else { return }
    rows[start] = cells
    start = (start + 1) % limit
  }

  /// Calls `body` for each row, the latest first, until it returns false.
  func forEach(_ body: ([Cell]) throws(TableError) -> Bool) throws(TableError) -> Int {
    var shown = 0
    for back in 1..<(rows.count + 1) {
      shown += 1
      if try !body(rows[(start + rows.count - back) % rows.count]) { break }
    }
    return shown
  }
}
