import ArgumentParser
import Foldlog
import Query
import Views

struct QueryCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask a view.",
    discussion: """
      Tables: \(ProjectorCatalogue.builtIn.answers.map(\.name).joined(separator: ", ")).

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
    completion: .list(ProjectorCatalogue.builtIn.answers.map(\.name)))
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
  var root: FoldlogCommand { parent }

  var request: QueryRequest {
    var request = QueryRequest(table: table)
    request.filters = filters
    request.sort = sort
    request.isDescending = desc
    request.limit = limit
    request.format = format
    request.asOf = asOf
    request.taskType = taskType
    request.keys = keys
    return request
  }

  func run(_ asked: QueryRequest.Checked, _ store: Store) throws {
    let bar = ProgressReporter()
    defer { bar.finish() }
    try standardOutput.settingAside {
      try QueryService(store).run(
        asked, style: Terminal.style, isForTerminal: Terminal.outputIsTerminal,
        moreKeys: linesOfInput,
        progress: { progress in
          if let progress { bar.show(progress) } else { bar.finish() }
        },
        write: { try standardOutput.write($0) })
    }
  }
}

/// The lines of standard input that are not empty.
private func linesOfInput() -> [String] {
  var lines: [String] = []
  while let line = readLine() { if !line.isEmpty { lines.append(line) } }
  return lines
}
