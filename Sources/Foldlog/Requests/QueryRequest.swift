package import Events
package import Query
internal import Views

/// Asks a table of a view, or which model serves some requests.
package struct QueryRequest: Request {
  /// `VIEW[@NAME][/TABLE]`.
  package var table: String
  /// Each `FIELD OP VALUE`, and a lone `or` between alternatives; of one all are required.
  package var filters: [String] = []
  /// What rows are grouped by, and which sums and means of each group are told: fields, several in one
  /// with commas between, as everywhere below.
  package var groupBy: [String] = []
  package var sums: [String] = []
  package var means: [String] = []
  /// Each `FIELD`, `FIELD:asc` or `FIELD:desc`: the later ones order what is equal by the earlier.
  package var sort: [String] = []
  package var isDescending = false
  /// The columns of the answer, in order; none for all.
  package var columns: [String] = []
  package var limit: Int?
  package var format = AnswerFormat.table.rawValue
  /// Where the log is taken to end: an offset or a time.
  package var asOf: String?
  /// The task type of requests, which are named by `keys`.
  package var taskType: String?
  /// What names requests; `-` for more of them on standard input.
  package var keys: [String] = []

  package init(table: String) { self.table = table }

  package struct Checked: Sendable {
    package let address: TableAddress
    package let question: Question
    package let format: AnswerFormat
    /// Nil for the view as it is.
    package let end: LogEnd?

    fileprivate init(
      address: TableAddress, question: Question, format: AnswerFormat, end: LogEnd?
    ) {
      self.address = address
      self.question = question
      self.format = format
      self.end = end
    }
  }

  package enum Question: Sendable {
    case rows(QueryPlan)
    case serving(taskType: String, keys: [String])
    /// What is known of an error with this message.
    case known(message: String)
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let format = try checkedFormat(format, AnswerFormat.allCases)
    let address = TableAddress(table)
    if let kept = address.kept { _ = try checkedKeptName(kept) }
    let question: Question
    if let serving = try serving(address) {
      question = serving
    } else {
      question = .rows(try plan(address, projectors))
    }
    return Checked(address: address, question: question, format: format, end: try checkedEnd())
  }

  private func plan(
    _ address: TableAddress, _ projectors: ProjectorCatalogue
  ) throws(FoldlogError) -> QueryPlan {
    do throws(QueryError) {
      let table = try AnswerCatalog(projectors.answers).table(address.table)
      let grouping = Grouping(
        by: try Self.names(groupBy, "--group-by"), sums: try Self.names(sums, "--sum"),
        means: try Self.names(means, "--mean"))
      return try QueryPlan(
        table, where: filters, groupedBy: grouping == Grouping() ? nil : grouping,
        sort: try Self.names(sort, "--sort"), isDescending: isDescending,
        columns: try Self.names(columns, "--columns"), limit: limit, now: wallClock())
    } catch {
      throw FoldlogError(error)
    }
  }

  /// The names in words that may hold several, with commas between.
  private static func names(
    _ words: [String], _ option: String
  ) throws(QueryError) -> [String] {
    let names = words.flatMap { word in
      word.split(separator: ",", omittingEmptySubsequences: false).map { part in
        String(part.drop { $0 == " " })
      }
    }
    if names.contains("") {
      throw QueryError(.usage, "\(option) takes fields with commas between, and one is empty")
    }
    return names
  }

  private func checkedEnd() throws(FoldlogError) -> LogEnd? {
    guard let asOf else { return nil }
    guard let end = LogEnd(asOf) else { throw noPoint("--as-of", asOf) }
    return end
  }

  /// The question `--for TASK_TYPE --key REQUEST`, or of errors `--for MESSAGE`; nil when it is about
  /// rows.
  private func serving(_ address: TableAddress) throws(FoldlogError) -> Question? {
    guard taskType != nil || !keys.isEmpty else { return nil }
    let isOfError = address.table == "errors"
    guard isOfError || address.table == "deployments" else {
      throw FoldlogError(
        .usage,
        "--for asks which model serves a request, of deployments, or what mended an error, of errors"
      )
    }
    if isOfError, keys.isEmpty, let message = taskType {
      try requireNoRowOptions("--for asks about one message")
      if message.allSatisfy(\.isWhitespace) {
        throw FoldlogError(.usage, "--for takes the message of an error, and this one is empty")
      }
      return .known(message: message)
    }
    guard !isOfError else {
      throw FoldlogError(
        .usage, "of errors, --for takes the message of an error, and there is no --key")
    }
    guard let taskType, !keys.isEmpty else {
      throw FoldlogError(
        .usage, "--for and --key go together: --for TASK_TYPE --key REQUEST")
    }
    try requireNoRowOptions("--for and --key ask about requests")
    guard !taskType.isEmpty, !keys.contains("") else {
      throw FoldlogError(.usage, "a task type and the key of a request are not empty")
    }
    return .serving(taskType: taskType, keys: keys)
  }

  private func requireNoRowOptions(_ what: String) throws(FoldlogError) {
    guard [filters, groupBy, sums, means, sort, columns].allSatisfy(\.isEmpty), !isDescending,
      limit == nil
    else {
      throw FoldlogError(
        .usage, "\(what): filters, groups, order, columns and limit are for rows")
    }
  }
}

/// Where the log is taken to end.
package enum LogEnd: Equatable, Sendable {
  /// After this many events.
  case events(Offset)
  /// With the longest beginning in which nothing was recorded later.
  case time(Timestamp)

  /// `41` means after event 41, `-1` before the first one; anything else is a time as an event may
  /// write it, a date or words for one, to its end.
  package init?(_ text: String) {
    if text == "-1" {
      self = .events(0)
    } else if let offset = UInt64(text), offset < .max {
      self = .events(offset + 1)
    } else if Int64(text) == nil, let range = TimeRange(text, now: wallClock()) {
      self = .time(range.last)
    } else {
      return nil
    }
  }
}

/// What is asked: a table of a view, live or kept under a name: `values`, `values/daily`,
/// `values@NAME/daily`.
package struct TableAddress: Equatable, Sendable {
  package let view: String
  /// Nil for the live view.
  package let kept: String?
  /// The table's own name: `values`, `values/daily`.
  package let table: String

  package init(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let names = (parts.first ?? "").split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    view = names.first.map(String.init) ?? ""
    kept = names.count > 1 ? String(names[1]) : nil
    table = parts.count > 1 ? "\(view)/\(parts[1])" : view
  }

  /// `values@NAME`.
  package var viewName: String { kept.map { "\(view)@\($0)" } ?? view }
}
