/// A table as it is asked for: its columns, and how its rows come from what the view keeps.
public protocol AnswerTable: Sendable {
  /// `values` for a main table, `values/daily` for another.
  var name: String { get }
  /// What a row is, in a sentence.
  var about: String { get }
  var columns: [Column] { get }
  /// The columns that name a row, in whose order rows come.
  var key: [String] { get }
  /// The columns that a narrow terminal shows beside the key before the others, the first one first.
  var shownFirst: [String] { get }

  /// Calls `body` with the cells of each row, in key order, until it returns false.
  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError)

  /// The row of a key, found without a look at the others; nil where there is none, or where rows
  /// cannot be found so.
  ///
  /// - Parameter key: the cells of the key's columns as text, `null` for none.
  func row(_ key: [String], in tables: any ViewReader) throws(TableError) -> [Cell]?
}

extension AnswerTable {
  public var about: String { "" }

  public var shownFirst: [String] { [] }

  public func row(_ key: [String], in tables: any ViewReader) throws(TableError) -> [Cell]? { nil }
}
