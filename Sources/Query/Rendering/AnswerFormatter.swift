internal import Bytes
package import Views

/// The forms in which an answer can be written.
package enum AnswerFormat: String, CaseIterable, Sendable {
  case table, json, jsonl, csv
}

/// What is known of an answer beside its rows.
package struct AnswerHeading: Sendable {
  /// The view or table that was asked.
  package var view: String
  /// The last event that is in it; −1 for none.
  package var offset: Int64
  package var columns: [Column]
  /// The columns that name a row.
  package var key: [String]
  /// Columns that the question names: a narrow table hides them last.
  package var namedColumns: [Int]
  /// As the table declares it.
  package var shownFirst: [String]

  package init(
    view: String, offset: Int64, columns: [Column], key: [String] = [], namedColumns: [Int] = [],
    shownFirst: [String] = []
  ) {
    self.view = view
    self.offset = offset
    self.columns = columns
    self.key = key
    self.namedColumns = namedColumns
    self.shownFirst = shownFirst
  }

  /// The heading of a plan's answer.
  package init(_ plan: QueryPlan, offset: Int64) {
    self.init(
      view: plan.table.name, offset: offset, columns: plan.columns, key: plan.table.key,
      namedColumns: plan.namedColumns, shownFirst: plan.table.shownFirst)
  }
}

/// What the terminal can show.
package struct TextStyle: Equatable, Sendable {
  /// In columns; nil when it is no terminal, and nothing is cut.
  package var width: Int?
  package var isColored: Bool
  /// Whether lines, bars and ellipses are to be ASCII.
  package var isASCII: Bool

  package init(width: Int? = nil, isColored: Bool = false, isASCII: Bool = false) {
    self.width = width
    self.isColored = isColored
    self.isASCII = isASCII
  }

  func bold(_ text: String) -> String { isColored ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
  func dim(_ text: String) -> String { isColored ? "\u{1b}[2m\(text)\u{1b}[0m" : text }
}

/// Writes an answer's rows in a form, as they come, in pieces of about 64 KiB.
///
/// Memory does not grow with the rows: a table measures the first 1,000 and then keeps their
/// widths.
package final class AnswerFormatter {
  private var formatter: any RowFormatter
  private let append: ([UInt8]) -> Void
  private var bytes: [UInt8] = []
  private static let pieceByteCount = 64 * 1024

  package init(
    _ format: AnswerFormat, _ heading: AnswerHeading, style: TextStyle = TextStyle(),
    append: @escaping ([UInt8]) -> Void
  ) {
    formatter =
      switch format {
      case .json: JSONFormatter(heading)
      case .jsonl: JSONLinesFormatter(heading)
      case .csv: CSVFormatter(heading)
      case .table: TableFormatter(heading, style)
      }
    self.append = append
    formatter.begin(&bytes)
  }

  package func row(_ cells: [Cell]) {
    formatter.row(cells, &bytes)
    if bytes.count >= Self.pieceByteCount { flush() }
  }

  /// Writes what is left.
  ///
  /// - Parameter more: rows that there are beyond those given; nil when unknown.
  package func finish(more: Int? = nil) {
    formatter.end(more: more, &bytes)
    flush()
  }

  private func flush() {
    if bytes.isEmpty { return }
    append(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}

extension QueryPlan {
  /// Runs the plan and writes the rows, until `isOpen` returns false because the reader is gone.
  @discardableResult
  package func write(
    to formatter: AnswerFormatter, in tables: any ViewReader, while isOpen: () -> Bool = { true }
  ) throws(TableError) -> RowCount {
    let count = try run(in: tables) { cells in
      formatter.row(cells)
      return isOpen()
    }
    formatter.finish(more: count.more)
    return count
  }

  /// Rows of a table on a terminal, unless a limit is given.
  package static let terminalRowsMax = 50

  /// The plan for a table on a terminal: `terminalRowsMax` rows unless a limit is given, and how many
  /// more.
  package func forTerminalTable() -> QueryPlan {
    guard limit == nil else { return self }
    var plan = self
    plan.limit = Self.terminalRowsMax
    plan.countsRest = true
    return plan
  }
}

/// How an answer is written, row by row, at the end of some bytes.
protocol RowFormatter {
  mutating func begin(_ bytes: inout [UInt8])
  mutating func row(_ cells: [Cell], _ bytes: inout [UInt8])
  /// - Parameter more: rows beyond those that were given; nil when unknown.
  mutating func end(more: Int?, _ bytes: inout [UInt8])
}

/// An object a row: `{"offset":0,"model":null}`.
struct JSONRows {
  private let names: [[UInt8]]

  init(_ columns: [Column]) {
    names = columns.enumerated().map { place, column in
      var name: [UInt8] = [UInt8(ascii: place == 0 ? "{" : ",")]
      name.append(json: column.name)
      name.append(UInt8(ascii: ":"))
      return name
    }
  }

  func append(_ cells: [Cell], to bytes: inout [UInt8]) {
    if names.isEmpty { bytes.append(UInt8(ascii: "{")) }
    for (place, name) in names.enumerated() {
      bytes.append(contentsOf: name)
      bytes.append(json: place < cells.count ? cells[place] : .null)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}

/// One object: the view, the offset of the last event in it, the rows, each on a line.
struct JSONFormatter: RowFormatter {
  private let view: String
  private let offset: Int64
  private let rows: JSONRows
  private var isFirst = true

  init(_ heading: AnswerHeading) {
    view = heading.view
    offset = heading.offset
    rows = JSONRows(heading.columns)
  }

  func begin(_ bytes: inout [UInt8]) {
    bytes.append(ascii: "{\"view\":")
    bytes.append(json: view)
    bytes.append(ascii: ",\"offset\":")
    bytes.append(integer: offset)
    bytes.append(ascii: ",\"rows\":[")
  }

  mutating func row(_ cells: [Cell], _ bytes: inout [UInt8]) {
    if isFirst { bytes.append(ascii: "\n") } else { bytes.append(ascii: ",\n") }
    isFirst = false
    rows.append(cells, to: &bytes)
  }

  func end(more: Int?, _ bytes: inout [UInt8]) {
    if !isFirst { bytes.append(ascii: "\n") }
    bytes.append(ascii: "]}\n")
  }
}

/// An object a line.
struct JSONLinesFormatter: RowFormatter {
  private let rows: JSONRows

  init(_ heading: AnswerHeading) { rows = JSONRows(heading.columns) }

  func begin(_ bytes: inout [UInt8]) {}

  func row(_ cells: [Cell], _ bytes: inout [UInt8]) {
    rows.append(cells, to: &bytes)
    bytes.append(ascii: "\n")
  }

  func end(more: Int?, _ bytes: inout [UInt8]) {}
}

/// RFC 4180, with a header: null is empty, an empty text is in quotes, a list is its JSON text.
struct CSVFormatter: RowFormatter {
  private let columns: [Column]
  private var scratch: [UInt8] = []

  init(_ heading: AnswerHeading) { columns = heading.columns }

  func begin(_ bytes: inout [UInt8]) {
    for (place, column) in columns.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      Self.append(field: Array(column.name.utf8).span, to: &bytes)
    }
    bytes.append(ascii: "\r\n")
  }

  mutating func row(_ cells: [Cell], _ bytes: inout [UInt8]) {
    for place in columns.indices {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(place < cells.count ? cells[place] : .null, to: &bytes)
    }
    bytes.append(ascii: "\r\n")
  }

  func end(more: Int?, _ bytes: inout [UInt8]) {}

  private mutating func append(_ cell: Cell, to bytes: inout [UInt8]) {
    switch cell {
    case .null: return
    case .text(let text): Self.append(field: text.utf8.span, to: &bytes)
    case .time(let time): bytes.append(time: time)
    case .texts, .offsets:
      scratch.removeAll(keepingCapacity: true)
      scratch.append(json: cell)
      Self.append(field: scratch.span, to: &bytes)
    case .real(let value): if value.isFinite { bytes.append(real: value) }
    case .bool, .integer, .decimal: bytes.append(json: cell)
    }
  }

  private static func append(field: Span<UInt8>, to bytes: inout [UInt8]) {
    guard needsQuotes(field) else {
      unsafe field.withUnsafeBufferPointer { buffer in unsafe bytes.append(contentsOf: buffer) }
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for index in 0..<field.count {
      if field[index] == UInt8(ascii: "\"") { bytes.append(UInt8(ascii: "\"")) }
      bytes.append(field[index])
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsQuotes(_ field: Span<UInt8>) -> Bool {
    for index in 0..<field.count {
      switch field[index] {
      case UInt8(ascii: ","), UInt8(ascii: "\""), 0x0a, 0x0d: return true
      default: continue
      }
    }
    return field.isEmpty
  }
}
