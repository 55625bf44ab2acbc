package import Views

/// The forms in which an answer can be written.
package enum AnswerFormat: String, CaseIterable, Sendable {
  case table, json, jsonl, csv
}

/// What an answer says of itself.
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

  package init(
    view: String, offset: Int64, columns: [Column], key: [String] = [], namedColumns: [Int] = []
  ) {
    self.view = view
    self.offset = offset
    self.columns = columns
    self.key = key
    self.namedColumns = namedColumns
  }

  /// The heading of a plan's answer.
  package init(_ plan: QueryPlan, offset: Int64) {
    self.init(
      view: plan.table.name, offset: offset, columns: plan.table.columns, key: plan.table.key,
      namedColumns: plan.namedColumns)
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
/// Memory does not grow with the rows: a table measures the first 1,000 and then keeps their widths.
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
  /// Runs the plan and writes the rows, until `isOpen` says that nobody reads them any more.
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

  /// The plan for a table on a terminal: 50 rows unless a limit is given, and how many more.
  package func forTerminalTable() -> QueryPlan {
    guard limit == nil else { return self }
    var plan = self
    plan.limit = 50
    plan.countsRest = true
    return plan
  }
}
