internal import Bytes
package import Events
package import Views

/// Which rows are meant: those for which all conditions of one alternative hold.
package struct RowFilter: Sendable {
  /// One at least; an alternative without conditions passes all rows.
  package let alternatives: [[Filter]]

  /// What stands between the conditions of two alternatives. It has no operator, and is no condition.
  package static let separator = "or"

  /// Passes every row.
  package init() { alternatives = [[]] }

  /// - Parameters:
  ///   - expressions: each `FIELD OP VALUE`; a lone `or` begins another alternative.
  ///   - now: what words such as `yesterday` are counted from; nil where there are none.
  /// - Throws: `QueryError` of kind `usage`, that points at what is wrong.
  init(
    _ expressions: [String], for table: any AnswerTable, now: Timestamp?
  ) throws(QueryError) {
    try self.init(expressions, columns: table.columns, table: table.name, now: now)
  }

  /// The same for rows that are no table's: `table` names them where something is wrong.
  package init(
    _ expressions: [String], columns: [Column], table: String, now: Timestamp?
  ) throws(QueryError) {
    var alternatives: [[Filter]] = [[]]
    for expression in expressions {
      if expression == Self.separator {
        alternatives.append([])
      } else {
        let filter = try Filter(expression, columns: columns, table: table, now: now)
        alternatives[alternatives.count - 1].append(filter)
      }
    }
    if alternatives.count > 1, alternatives.contains(where: \.isEmpty) {
      throw QueryError(.usage, "--or stands between two --where: --where EXPR --or --where EXPR")
    }
    self.alternatives = alternatives
  }

  package func matches(_ cells: [Cell]) -> Bool {
    alternatives.contains { $0.allSatisfy { $0.matches(cells) } }
  }

  package var isEverything: Bool { alternatives.contains(where: \.isEmpty) }

  /// The places of the fields that are asked about, as they are named.
  var columns: [Int] { alternatives.joined().map(\.column) }
}

/// One condition on the rows of a table: `FIELD OP VALUE`.
///
/// Operators are `= != < <= > >= ~ ~i`. The column's type says what VALUE is: `true` or `false`; a
/// whole number; an exact decimal; a number; a text, which `~` looks for anywhere and `<` orders by
/// its UTF-8; a time, a beginning of one that stands for all times that begin so, or words for one;
/// an element of a list. `~i` takes upper and lower case as one. Text in quotes is taken as it is. Null passes no
/// condition but `= null` and `!= null`.
package struct Filter: Sendable {
  package let expression: String
  /// The place of the field among the table's columns.
  package let column: Int
  let test: FilterTest

  /// - Parameters:
  ///   - table: names the rows where something is wrong.
  ///   - now: what words such as `yesterday` are counted from; nil where there are none.
  /// - Throws: `QueryError` of kind `usage`, that points at what is wrong.
  init(
    _ expression: String, columns: [Column], table: String, now: Timestamp? = nil
  ) throws(QueryError) {
    let syntax = try FilterSyntax(expression)
    self.expression = expression
    guard let column = place(of: syntax.field, in: columns) else {
      let names = columns.map(\.name)
      throw QueryError(
        "\(table) has no field `\(syntax.field)`\(suggestion(for: syntax.field, among: names))",
        at: syntax.fieldRange, of: expression, notes: wrapped("fields of \(table): ", names))
    }
    self.column = column
    test = try FilterTest(syntax, of: columns[column], now: now)
  }

  /// Whether a row passes. Cost: one comparison, without allocation unless case is ignored.
  package func matches(_ cells: [Cell]) -> Bool {
    test.passes(column < cells.count ? cells[column] : .null)
  }

  /// Whether a row passes that has this cell in the filter's column.
  package func passes(_ cell: Cell) -> Bool { test.passes(cell) }
}

/// The column of a name, by its bytes.
func place(of name: String, in columns: [Column]) -> Int? {
  columns.firstIndex { byteOrder($0.name, name) == 0 }
}

/// What a filter asks of its cell, typed once so that a row costs one comparison.
enum FilterTest: Sendable {
  case isNull(Bool)
  case bool(FilterOperator, Bool)
  case integer(FilterOperator, Int64)
  case decimal(FilterOperator, FixedPoint)
  case real(FilterOperator, Double)
  case text(FilterOperator, [UInt8])
  case textContains([UInt8])
  /// The same of a text in lower case.
  case foldedTextContains([UInt8])
  case time(FilterOperator, TimeRange)
  /// A day as a text, against the first and the last that are meant.
  case day(FilterOperator, first: [UInt8], last: [UInt8])
  /// Whether a list has an element, or lacks it.
  case texts([UInt8], isThere: Bool)
  case foldedTexts([UInt8])
  case offsets(Offset, isThere: Bool)

  /// The value that is asked for, as a person types it; nil where it is null.
  var wanted: String? {
    switch self {
    case .isNull: nil
    case .bool(_, let value): "\(value)"
    case .integer(_, let value): "\(value)"
    case .decimal(_, let value): "\(value)"
    case .real(_, let value): "\(value)"
    case .text(_, let bytes), .textContains(let bytes), .foldedTextContains(let bytes),
      .texts(let bytes, _), .foldedTexts(let bytes):
      String(decoding: bytes, as: UTF8.self)
    case .time(_, let range): "\(range.first)"
    case .day(_, let first, _): String(decoding: first, as: UTF8.self)
    case .offsets(let offset, _): "\(offset)"
    }
  }

  func passes(_ cell: Cell) -> Bool {
    switch (self, cell) {
    case (.isNull(let wanted), _): cell.isNull == wanted
    case (.bool(let op, let wanted), .bool(let value)): op.accepts(value == wanted ? 0 : 1)
    case (.integer(let op, let wanted), .integer(let value)): op.accepts(order(value, wanted))
    case (.decimal(let op, let wanted), .decimal(let value)):
      op.accepts(order(value.units, wanted.units))
    case (.real(let op, let wanted), .real(let value)):
      !value.isNaN && op.accepts(order(value, wanted))
    case (.text(let op, let wanted), .text(let value)):
      op.accepts(byteOrder(value.utf8.span, wanted.span))
    case (.textContains(let wanted), .text(let value)):
      contains(wanted.span, in: value.utf8.span)
    case (.foldedTextContains(let wanted), .text(let value)):
      contains(wanted.span, in: value.lowercased().utf8.span)
    case (.time(let op, let wanted), .time(let value)): op.accepts(wanted.order(value))
    case (.day(let op, let first, let last), .text(let value)):
      op.accepts(
        min(0, byteOrder(value.utf8.span, first.span))
          + max(0, byteOrder(value.utf8.span, last.span)))
    case (.texts(let wanted, let isThere), .texts(let list)):
      list.contains { byteOrder($0.utf8.span, wanted.span) == 0 } == isThere
    case (.foldedTexts(let wanted), .texts(let list)):
      list.contains { byteOrder($0.lowercased().utf8.span, wanted.span) == 0 }
    case (.offsets(let wanted, let isThere), .offsets(let list)):
      list.contains(wanted) == isThere
    default: passesMixed(cell)
    }
  }

  /// Numbers of another kind than the column's: compared by value.
  private func passesMixed(_ cell: Cell) -> Bool {
    switch self {
    case .integer(let op, let wanted): numberOrder(cell, .integer(wanted)).map(op.accepts) ?? false
    case .decimal(let op, let wanted): numberOrder(cell, .decimal(wanted)).map(op.accepts) ?? false
    case .real(let op, let wanted): numberOrder(cell, .real(wanted)).map(op.accepts) ?? false
    default: false
    }
  }
}

extension FilterTest {
  init(_ syntax: FilterSyntax, of column: Column, now: Timestamp?) throws(QueryError) {
    if !syntax.isQuoted, byteOrder(syntax.value, "null") == 0 {
      switch syntax.filterOperator {
      case .equal: self = .isNull(true)
      case .notEqual: self = .isNull(false)
      default:
        throw QueryError(
          "null has no order; use = null or != null", at: syntax.operatorRange,
          of: syntax.expression)
      }
      return
    }
    try column.type.check(syntax, column: column.name)
    do throws(ValueProblem) {
      self =
        if column.isDay, !syntax.filterOperator.looksInside {
          try Self.days(syntax.filterOperator, syntax.value, now: now)
        } else {
          try Self.typed(syntax.filterOperator, syntax.value, column.type, now: now)
        }
    } catch {
      if column.isDay {
        throw QueryError(
          "`\(column.name)` holds days such as 2026-01-05, and "
            + "`\(DisplayText(syntax.value, width: 40).text)` is none\(daysMeant(by: syntax.value))"
            + (now == nil ? "" : "; \(timeWords)"),
          at: syntax.valueRange, of: syntax.expression)
      }
      throw QueryError(
        column.type.explanation(of: error, column: column.name, value: syntax.value)
          + (now != nil && column.type == .time && error == .otherForm ? "; \(timeWords)" : ""),
        at: syntax.valueRange, of: syntax.expression)
    }
  }

  /// All days that a time lies in.
  private static func days(
    _ op: FilterOperator, _ value: String, now: Timestamp?
  ) throws(ValueProblem) -> FilterTest {
    guard let range = TimeRange(value, now: now) else { throw .otherForm }
    let (first, last) = (CivilDate(day: range.first.day), CivilDate(day: range.last.day))
    return .day(op, first: Array("\(first)".utf8), last: Array("\(last)".utf8))
  }

  private static func typed(
    _ op: FilterOperator, _ value: String, _ type: ColumnType, now: Timestamp?
  ) throws(ValueProblem) -> FilterTest {
    switch type {
    case .bool:
      guard let truth = Bool(value) else { throw .otherForm }
      return .bool(op, truth)
    case .integer: return .integer(op, try Query.integer(value))
    case .decimal: return .decimal(op, try Query.decimal(value))
    case .real: return .real(op, try Query.real(value))
    case .text:
      switch op {
      case .contains: return .textContains(Array(value.utf8))
      case .containsIgnoringCase: return .foldedTextContains(Array(value.lowercased().utf8))
      default: return .text(op, Array(value.utf8))
      }
    case .time:
      guard let range = TimeRange(value, now: now) else { throw .otherForm }
      return .time(op, range)
    case .texts:
      if op == .containsIgnoringCase { return .foldedTexts(Array(value.lowercased().utf8)) }
      return .texts(Array(value.utf8), isThere: op != .notEqual)
    case .offsets:
      let number = try Query.integer(value)
      guard let offset = Offset(exactly: number) else { throw .otherForm }
      return .offsets(offset, isThere: op != .notEqual)
    }
  }
}

extension ColumnType {
  /// The operators that say something about such a column.
  private var operators: [FilterOperator] {
    switch self {
    case .bool: [.equal, .notEqual]
    case .integer, .decimal, .real, .time:
      [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual]
    case .text: FilterOperator.allCases
    case .texts: [.equal, .notEqual, .contains, .containsIgnoringCase]
    case .offsets: [.equal, .notEqual, .contains]
    }
  }

  fileprivate func check(_ syntax: FilterSyntax, column: String) throws(QueryError) {
    guard !operators.contains(syntax.filterOperator) else { return }
    let usable = operators.map(\.rawValue).joined(separator: " ")
    throw QueryError(
      "`\(column)` holds \(content), for which \(syntax.filterOperator.rawValue) says nothing; "
        + "use one of \(usable)",
      at: syntax.operatorRange, of: syntax.expression)
  }

  var content: String {
    switch self {
    case .bool: "true or false"
    case .integer: "whole numbers"
    case .decimal: "decimal numbers"
    case .real: "numbers"
    case .text: "text"
    case .time: "times"
    case .texts: "lists of texts"
    case .offsets: "lists of offsets"
    }
  }

  private var example: String {
    switch self {
    case .bool: "true"
    case .integer: "42"
    case .decimal: "0.75"
    case .real: "0.05 or 1e-6"
    case .text, .texts: "\"some text\""
    case .time: "2026-01-05 or 2026-01-05T17:49:37Z"
    case .offsets: "42"
    }
  }

  fileprivate func explanation(of problem: ValueProblem, column: String, value: String) -> String {
    let shown = DisplayText(value, width: 40).text
    let holds = "`\(column)` holds \(content)"
    switch problem {
    case .beyondRange: return "\(holds), and \(shown) is beyond their range"
    case .tooFine: return "\(holds) of at most 9 digits after the point, and \(shown) has more"
    case .otherForm:
      if self == .bool { return "\(holds), and `\(shown)` is neither" }
      return "\(holds) such as \(example), and `\(shown)` is none"
        + (self == .time ? daysMeant(by: value) : "")
    }
  }
}
