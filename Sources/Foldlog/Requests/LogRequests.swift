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
  /// Each `FIELD OP VALUE`, over the columns of `EventColumn`; all are required.
  package var filters: [String] = []
  /// Offsets or times.
  package var from: String?
  package var to: String?
  package var format = AnswerFormat.table.rawValue

  package init() {}

  package enum Format: Equatable, Sendable {
    case table, json, jsonl
  }

  package struct Checked: Sendable {
    package let selection: EventSelection
    package let format: Format

    fileprivate init(_ selection: EventSelection, _ format: Format) {
      self.selection = selection
      self.format = format
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
    for filter in filters {
      do throws(QueryError) { try selection.require(filter) } catch { throw FoldlogError(error) }
    }
    return Checked(selection, try checkedFormat())
  }

  private func point(_ text: String?, _ option: String) throws(FoldlogError) -> LogPoint? {
    guard let text else { return nil }
    guard let point = LogPoint(text) else {
      throw FoldlogError(
        .usage,
        "\(option) takes an offset or a time, such as 2026-01-09T10:33:00Z or 2026-01-09, not `\(text)`"
      )
    }
    return point
  }

  private func checkedFormat() throws(FoldlogError) -> Format {
    switch AnswerFormat(rawValue: format) {
    case .table: .table
    case .json: .json
    case .jsonl: .jsonl
    case .csv, nil:
      throw FoldlogError(
        .usage, "there is no format `\(format)` here: there are table, json and jsonl")
    }
  }
}
