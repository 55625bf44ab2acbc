/// A table as it is asked for: its columns, and how its rows come from what the view keeps.
public protocol AnswerTable: Sendable {
  /// `values` for a main table, `values/daily` for another.
  var name: String { get }
  var columns: [Column] { get }
  /// The columns that name a row, in whose order rows come.
  var key: [String] { get }

  /// Calls `body` with the cells of each row, in key order, until it returns false.
  func forEach(
    in tables: TableSet, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError)
}
