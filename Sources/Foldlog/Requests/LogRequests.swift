internal import Events
internal import Query

/// Names events of the log, and how they are shown.
package struct LogRequest: Request {
  package var stream: String?
  package var kind: String?
  /// A source's path, name or id.
  package var source: String?
  package var session: String?
  package var interaction: String?
  /// Each `FIELD OP VALUE`, over the columns of `EventColumn`; with a lone `or` between
  /// alternatives; of one all are required.
  package var filters: [String] = []
  /// Offsets or times.
  package var from: String?
  package var to: String?
  /// At most this many, the first; or the last.
  package var limit: Int?
  package var tail: Int?
  package var format = EventFormat.table.rawValue

  package init() {}

  package struct Checked: Sendable {
    package let selection: EventSelection
    package let format: EventFormat
    /// What narrows the events, as it is typed.
    package let words: [String]
    /// What to tell of words that could have been meant otherwise.
    package let notes: [String]

    fileprivate init(
      _ selection: EventSelection, _ format: EventFormat, words: [String], notes: [String]
    ) {
      self.words = words
      self.selection = selection
      self.format = format
      self.notes = notes
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    var selection = EventSelection()
    selection.stream = try checkedStream(stream)
    selection.kind = kind
    selection.source = source
    selection.session = session
    selection.interaction = interaction
    selection.from = try point(from, "--from")
    selection.to = try point(to, "--to")
    do throws(QueryError) { try selection.require(filters) } catch { throw FoldlogError(error) }
    if let limit { selection.part = .first(try count(limit, "--limit")) }
    if let tail { selection.part = .last(try count(tail, "--tail")) }
    if limit != nil, tail != nil {
      throw FoldlogError(.usage, "--limit gives the first events and --tail the last: take one")
    }
    let notes = [("--from", from), ("--to", to)].compactMap { option, text in
      text.flatMap { ambiguity(of: $0, option) }
    }
    return Checked(
      selection, try checkedFormat(format, EventFormat.allCases), words: words, notes: notes)
  }

  /// What narrows the events, as it is typed.
  private var words: [String] {
    let named = [
      ("--stream", stream), ("--kind", kind), ("--source", source), ("--session", session),
      ("--interaction", interaction), ("--from", from), ("--to", to),
    ]
    let conditions = filters.map { $0 == RowFilter.separator ? "--or" : "--where '\($0)'" }
    return named.compactMap { name, value in value.map { "\(name) \($0)" } } + conditions
  }

  private func point(_ text: String?, _ option: String) throws(FoldlogError) -> LogPoint? {
    guard let text else { return nil }
    guard let point = LogPoint(text) else { throw noPoint(option, text) }
    return point
  }

  private func count(_ number: Int, _ option: String) throws(FoldlogError) -> Int {
    if number >= 0 { return number }
    throw FoldlogError(.usage, "\(option) takes 0 or more, and \(number) is not")
  }
}

/// What is said of digits that are taken for an offset and could be a time; nil where they could not.
func ambiguity(of text: String, _ option: String) -> String? {
  timeMeant(byDigits: text).map {
    "\(option) \(text) is the offset \(text), as every number is; for the time, write \($0)"
  }
}

/// How lines are listed: a line each for a person, one object, or an object a line.
package enum EventFormat: String, CaseIterable, Sendable {
  case table, json, jsonl
}

/// Asks which lines are in quarantine.
package struct QuarantineListRequest: Request {
  package var format = EventFormat.table.rawValue

  package init(format: String) { self.format = format }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> EventFormat {
    try checkedFormat(format, EventFormat.allCases)
  }
}
