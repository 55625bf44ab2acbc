package import Bytes
package import Events

/// A value in an answer.
package enum Cell: Equatable, Sendable {
  case null
  case bool(Bool)
  case integer(Int64)
  case decimal(FixedPoint)
  /// Derived on reading, such as a mean: never part of a digest.
  case real(Double)
  case text(String)
  case time(Timestamp)
  case texts([String])
  case offsets([Offset])

  package init(_ text: String?) { self = text.map(Cell.text) ?? .null }
  package init(_ number: FixedPoint?) { self = number.map(Cell.decimal) ?? .null }
  package init(_ bool: Bool?) { self = bool.map(Cell.bool) ?? .null }
  package init(_ offset: Offset) { self = .integer(Int64(clamping: offset)) }
  /// A derived number; null when it is undefined.
  package init(_ real: Double?) {
    if let real, real.isFinite { self = .real(real) } else { self = .null }
  }
  /// The value of a canonical field; null for none.
  package init(_ value: FieldValue?) {
    switch value {
    case nil: self = .null
    case .text(let text): self = .text(text)
    case .number(let number): self = .decimal(number)
    case .bool(let bool): self = .bool(bool)
    case .texts(let texts): self = .texts(texts)
    }
  }
}

/// What a column holds.
package enum ColumnType: String, Sendable {
  case bool, integer, decimal, real, text, time, texts, offsets
}

/// A column of an answer.
package struct Column: Equatable, Sendable {
  /// snake_case, the unit last.
  package let name: String
  package let type: ColumnType

  package init(_ name: String, _ type: ColumnType) {
    self.name = name
    self.type = type
  }
}

/// A table as it is asked for: its columns, and how its rows come from what the view keeps.
package protocol AnswerTable: Sendable {
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
