public import Events
/// A table as it is asked for: its columns, and how its rows come from what the view keeps.
public protocol AnswerTable: Sendable {
  /// `values` for a main table, `values/daily` for another.
  var name: String { get }
  /// What a row is, in a sentence.
  var about: String { get }
  var columns: [Column] { get }
  /// The columns that name a row, in whose order rows come.
  var key: [String] { get }
  /// The columns that tell which row of another state of the table is of the same thing: the key, unless
  /// that is a number that is handed out in passing.
  var identity: [String] { get }
  /// The columns of such numbers: what differs in them alone is no other row.
  var numbering: [String] { get }
  /// The columns that a narrow terminal shows beside the key before the others, the first one first.
  var shownFirst: [String] { get }

  /// Calls `body` with the cells of each row, in key order, until it returns false.
  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError)

  /// The same for who needs few cells of most rows.
  ///
  /// - Parameters:
  ///   - wanted: the places of these cells; the others may be null. Nil for all of them.
  ///   - choose: says of a row by these cells what `body` gets of it.
  func forEach(
    in tables: any ViewReader, only wanted: [Int]?, choosing choose: ([Cell]) -> RowChoice,
    _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError)

  /// The row of a key, found without a look at the others; nil where there is none, or where rows
  /// cannot be found so.
  ///
  func row(_ key: RowKey, in tables: any ViewReader) throws(TableError) -> [Cell]?

  /// Why it has no rows, in sentences; asked only of a table that has none.
  func reasonsForNone(in tables: any ViewReader) throws(TableError) -> [String]
}

/// What is asked of a row of which some cells are known.
public enum RowChoice: Sendable {
  case nothing
  /// The cells that are known.
  case wantedCells
  case allCells
}

/// What a row is named by: for each column of its key the cell as text, nil for null.
public struct RowKey: Equatable, Sendable, ExpressibleByArrayLiteral {
  private let texts: [String?]

  public init(_ texts: [String?]) { self.texts = texts }
  public init(arrayLiteral texts: String?...) { self.texts = texts }

  public subscript(place: Int) -> String? { place < texts.count ? texts[place] : nil }

  /// Nil of what is no whole number from 0 on.
  public func number(_ place: Int) -> UInt64? { self[place].flatMap { UInt64($0) } }

  /// The event that two columns name, its offset and its part.
  public func event(_ place: Int) -> EventID? {
    guard let offset = number(place), let part = number(place + 1) else { return nil }
    return EventID(offset, part: part)
  }
}

extension AnswerTable {
  public func reasonsForNone(in tables: any ViewReader) throws(TableError) -> [String] { [] }

  public var about: String { "" }

  public var identity: [String] { key }

  public var numbering: [String] { [] }

  public var shownFirst: [String] { [] }

  public func forEach(
    in tables: any ViewReader, only wanted: [Int]?, choosing choose: ([Cell]) -> RowChoice,
    _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try forEach(in: tables) { cells throws(TableError) in
      choose(cells) == .nothing ? true : try body(cells)
    }
  }

  public func row(_ key: RowKey, in tables: any ViewReader) throws(TableError) -> [Cell]? { nil }
}
