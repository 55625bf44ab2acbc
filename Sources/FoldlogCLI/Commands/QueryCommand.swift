import ArgumentParser
import Foldlog
import Query
import Views

struct QueryCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask a view.",
    discussion: """
      Tables: \(Foldlog.answers.map(\.name).joined(separator: ", ")).

      EXPR is FIELD OP VALUE with = != < <= > >= or ~ (contains); several are all required. Rows \
      come in the order of their key, unless sorted. On a terminal a table shows 50 rows unless a \
      limit is given; every other form gives all.

        foldlog query values --where 'score >= 0.85' --sort score --desc --limit 20
        foldlog query correlations --where 'metric = success' --where 'n_with >= 30'
        foldlog query errors --sort count --desc --format csv
        foldlog query deployments --format json | jq '.rows[].recommendation'
        foldlog query deployments --for code --key request-17
        foldlog query values --as-of 41         as it was after event 41
        foldlog query values --as-of 2026-01-05T17:49:37Z
        foldlog query values@heavier            what `replay --keep heavier` kept
      """)

  @Argument(
    help: ArgumentHelp("A view, or a table of it.", valueName: "view[@name][/table]"),
    completion: .list(Foldlog.answers.map(\.name)))
  var table: String

  @Option(
    name: .customLong("where"), parsing: .singleValue,
    help: ArgumentHelp("Only rows for which this holds; may be given again.", valueName: "expr"))
  var filters: [String] = []

  @Option(help: ArgumentHelp("Order by this field.", valueName: "field"))
  var sort: String?

  @Flag(help: "The greatest first.")
  var desc = false

  @Option(help: ArgumentHelp("At most this many rows.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp(
      "table, json, jsonl or csv.", valueName: "format"),
    completion: .list(AnswerFormat.allCases.map(\.rawValue)))
  var format: String = AnswerFormat.table.rawValue

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "As if the log ended after this event, or with what was recorded by this time.",
      valueName: "offset|time"))
  var asOf: String?

  @Option(
    name: .customLong("for"), parsing: .unconditional,
    help: ArgumentHelp(
      "With --key: which model serves a request of this task type (of deployments only).",
      valueName: "task-type"))
  var taskType: String?

  @Option(
    name: .customLong("key"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      With --for: what names the request, such as its id or its session's; may be given again. \
      - reads keys from standard input, one a line.
      """, valueName: "request"))
  var keys: [String] = []

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    guard let format = AnswerFormat(rawValue: format) else {
      throw FoldlogError(
        .usage, "there is no format `\(format)`: there are table, json, jsonl and csv")
    }
    let address = TableAddress(table)
    let catalog = AnswerCatalog(Foldlog.answers)
    var plan = try QueryPlan(
      try servingTable(address) ?? catalog.table(address.table), where: filters, sort: sort,
      isDescending: desc, limit: limit)
    if format == .table && Terminal.outputIsTerminal { plan = plan.forTerminalTable() }
    try standardOutput.settingAside {
      try ask(foldlog, address) { tables, offset in
        var failure: (any Error)?
        let formatter = AnswerFormatter(
          format, AnswerHeading(plan, offset: offset), style: Terminal.style
        ) { bytes in
          do { try standardOutput.write(bytes) } catch { failure = error }
        }
        try plan.write(to: formatter, in: tables) { failure == nil }
        if let failure { throw failure }
      }
    }
  }

  /// Opens the view as it is, or as it was.
  private func ask(
    _ foldlog: Foldlog, _ address: TableAddress, _ body: (any ViewReader, Int64) throws -> Void
  ) throws {
    guard let asOf else {
      return try foldlog.withView(address, body)
    }
    guard let end = LogEnd(asOf) else {
      throw FoldlogError(
        .usage, "--as-of takes an offset or a time as RFC 3339 writes it, not `\(asOf)`")
    }
    let bar = ProgressReporter()
    defer { bar.finish() }
    try foldlog.withView(address, asOf: end, progress: bar.show) { tables, offset in
      bar.finish()
      try body(tables, offset)
    }
  }
}
