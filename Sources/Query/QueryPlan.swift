package import Events
package import Views

/// A question to one table: which rows, in which order, how many.
package struct QueryPlan: Sendable {
  /// What gives the rows: the table that is asked, or what its rows are grouped into.
  package let table: any AnswerTable
  private let filter: RowFilter
  /// The table that was named, and which of its rows are meant; groups are made of them.
  let source: any AnswerTable
  let sourceFilter: RowFilter
  /// By key when nil.
  private let sort: SortOrder?
  /// The places of the columns that the answer has; all of the table's when nil.
  private let selected: [Int]?
  package let isDescending: Bool
  /// All rows when nil.
  package var limit: Int?
  /// Whether rows beyond the limit are counted, at the cost of a whole scan.
  package var countsRest: Bool

  /// - Parameters:
  ///   - expressions: as `RowFilter` takes them.
  ///   - grouping: what the rows that pass are grouped by; nil for the rows themselves. Order and
  ///     columns are then those of the groups.
  ///   - fields: each `FIELD`, `FIELD:asc` or `FIELD:desc`; the later ones order what is equal by the
  ///     earlier.
  ///   - isDescending: the way of fields that do not say theirs; without any, the order of the key is
  ///     turned round.
  ///   - columns: those that the answer has, in this order; none for all.
  ///   - now: what words such as `yesterday` are counted from; nil where there are none.
  /// - Throws: `QueryError` of kind `usage`.
  package init(
    _ table: any AnswerTable, where expressions: [String] = [], groupedBy grouping: Grouping? = nil,
    sort fields: [String] = [], isDescending: Bool = false, columns: [String] = [],
    limit: Int? = nil, countsRest: Bool = false, now: Timestamp? = nil
  ) throws(QueryError) {
    if grouping != nil { try Self.checkNoGroupField(expressions, of: table) }
    let filter = try RowFilter(expressions, for: table, now: now)
    source = table
    sourceFilter = filter
    if let grouping {
      self.table = try GroupedTable(table, filter, grouping)
      self.filter = RowFilter()
    } else {
      self.table = table
      self.filter = filter
    }
    sort =
      fields.isEmpty ? nil : try SortOrder(fields, isDescending: isDescending, of: self.table)
    self.isDescending = isDescending
    var places: [Int] = []
    for column in columns {
      let place = try fieldPlace(column, of: self.table)
      if !places.contains(place) { places.append(place) }
    }
    selected = columns.isEmpty ? nil : places
    if let limit, limit < 0 {
      throw QueryError(.usage, "a limit is 0 or more, and \(limit) is not")
    }
    self.limit = limit
    self.countsRest = countsRest
  }

  /// Refuses what only groups have, as `count`, in a condition on the rows that are grouped.
  private static func checkNoGroupField(
    _ expressions: [String], of table: any AnswerTable
  ) throws(QueryError) {
    for expression in expressions where expression != RowFilter.separator {
      let syntax = try FilterSyntax(expression)
      let field = syntax.field
      guard place(of: field, in: table.columns) == nil,
        field == "count" || field.hasPrefix("sum_") || field.hasPrefix("mean_")
      else { continue }
      throw QueryError(
        "`\(field)` is of the groups, and a condition chooses the rows of \(table.name) before they "
          + "are grouped; `--sort \(field):desc --limit 10` gives the groups with most of it",
        at: syntax.fieldRange, of: expression)
    }
  }

  /// The columns of the answer, in order.
  package var columns: [Column] { selected.map { $0.map { table.columns[$0] } } ?? table.columns }

  /// The columns of the answer that the question names: those a narrow table shows first.
  package var namedColumns: [Int] {
    guard selected == nil, !(table is GroupedTable) else { return Array(columns.indices) }
    return ((sort?.columns ?? []) + filter.columns).reduce(into: []) { named, column in
      if !named.contains(column) { named.append(column) }
    }
  }
}

/// How many rows an answer has.
package struct RowCount: Equatable, Sendable {
  /// Rows that were given.
  package var shown: Int
  /// Rows that match beyond the limit; nil when they were not counted.
  package var more: Int?
}

extension QueryPlan {
  /// Calls `body` with the cells of each row of the answer until it returns false.
  ///
  /// Memory: none for rows in key order; with a limit, that many rows for another order; without,
  /// all that match. Without an order the scan ends at the limit, unless the rest is counted.
  @discardableResult
  package func run(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    guard let selected else { return try runWhole(in: tables, body) }
    return try runWhole(in: tables) { cells throws(TableError) in
      try body(selected.map { $0 < cells.count ? cells[$0] : .null })
    }
  }

  private func runWhole(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    if limit == 0, !countsRest { return RowCount(shown: 0, more: nil) }
    if let sort {
      return limit == nil
        ? try runSorted(sort, in: tables, body) : try runTop(sort, in: tables, body)
    }
    return isDescending ? try runBackward(in: tables, body) : try runForward(in: tables, body)
  }

  /// The cells that decide whether a row is given and where, with those that the question selects;
  /// nil for all.
  private var wanted: [Int]? {
    if selected == nil, filter.isEverything, sort == nil { return nil }
    return filter.columns + (sort?.columns ?? []) + (selected ?? [])
  }

  /// Calls `body` with the cells of the answer of each row that passes the filter and is chosen by its
  /// wanted cells.
  private func scan(
    _ tables: any ViewReader, choosing isChosen: ([Cell]) -> Bool,
    _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let chosen = selected == nil ? RowChoice.allCells : .wantedCells
    try table.forEach(
      in: tables, only: wanted,
      choosing: { filter.matches($0) && isChosen($0) ? chosen : .nothing }, body)
  }

  private func runForward(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    let limit = limit ?? .max
    var matched = 0
    var isOpen = true
    if limit == 0 {
      try scan(tables) { _ in
        matched += 1
        return false
      } _: { _ in
        true
      }
      return RowCount(shown: 0, more: matched)
    }
    try scan(tables) { _ in
      matched += 1
      return matched <= limit
    } _: { cells throws(TableError) in
      isOpen = try body(cells)
      return isOpen && (matched < limit || countsRest)
    }
    return RowCount(
      shown: min(matched, limit), more: countsRest && isOpen ? max(matched - limit, 0) : nil)
  }

  private func runBackward(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    var rows = LastRows(limit: limit)
    var matched = 0
    try scan(tables) { _ in
      matched += 1
      return true
    } _: { cells in
      rows.append(cells)
      return true
    }
    return RowCount(shown: try rows.forEach(body), more: rest(of: matched))
  }

  private func runTop(
    _ sort: SortOrder, in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    var rows = TopRows(sort, limit: limit ?? .max)
    var matched = 0
    try scan(tables) { cells in
      matched += 1
      return rows.takes(cells)
    } _: { cells in
      rows.append(cells)
      return true
    }
    return RowCount(shown: try rows.forEach(body), more: rest(of: matched))
  }

  private func runSorted(
    _ sort: SortOrder, in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) -> RowCount {
    var rows = SortedRows(sort)
    try scan(tables) { _ in
      true
    } _: { cells in
      rows.append(cells)
      return true
    }
    return RowCount(shown: try rows.forEach(body), more: countsRest ? 0 : nil)
  }

  private func rest(of matched: Int) -> Int? {
    countsRest ? max(matched - (limit ?? matched), 0) : nil
  }
}

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
