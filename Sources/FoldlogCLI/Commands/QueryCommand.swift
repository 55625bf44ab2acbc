import ArgumentParser
import Foldlog
import Query
import Views

struct QueryCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Ask a view.",
    discussion: """
      Tables: \(TableHelp.names).

      \(FilterOptions.discussion) FIELD is a column: `foldlog schema VIEW` lists them. Rows come in \
      the order of their key, unless sorted. On a terminal a table shows \
      \(QueryPlan.terminalRowsMax) rows unless a limit is given; every other form gives all.

      With --group-by, --sum or --mean the answer has a row a group: its fields, count, and sum_F \
      and mean_F of the fields that were named; nulls are left out of both, and of true and false \
      true counts 1. Sums are exact. --where comes before: it chooses the rows that are grouped, by \
      fields of the view. --sort, --columns and --limit come after, over the answer's own columns.

      A number alone is an offset, for --as-of: the year 2026 is written 2026-01-01.

      EXAMPLES
        foldlog query values --where 'score >= 0.85' --sort score --desc --limit 20
        foldlog query values --columns offset,model,score --sort model,score:desc
        foldlog query values --group-by model --mean score --sort mean_score --desc
        foldlog query correlations --where 'factor = model' --where 'metric ~ cost'
        foldlog query errors --where 'category = network' --or --where 'count > 5'
        foldlog query values --where 'model = null'
        foldlog query errors --where 'template ~i timeout' --format csv
        foldlog query errors/events --group-by template,unresolved --sort count:desc
        foldlog query costs/models --columns model,success_rate,cost_per_success_usd
        foldlog query deployments --format json | jq '.rows[].recommendation'
        foldlog query deployments --for code --key request-17
        foldlog query errors --for 'error[E0382]: borrow of moved value: cart'
        foldlog query values --as-of 41         as it was after event 41
        foldlog query values --as-of 2026-01-05T17:49:37Z
        foldlog query values@heavier            what a replay kept as heavier
      """)

  @Argument(
    help: ArgumentHelp("A view, or a table of it.", valueName: "view[@name][/table]"),
    completion: .tables)
  var table: String

  @OptionGroup var conditions: FilterOptions

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A row a group of rows that are equal in these.", valueName: "fields"),
    completion: .tableFields)
  var groupBy: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("The sum of each of these fields, a group.", valueName: "fields"),
    completion: .tableFields)
  var sum: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("The mean of each of these fields, a group.", valueName: "fields"),
    completion: .tableFields)
  var mean: [String] = []

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Order by these, the first before the second; FIELD:asc and FIELD:desc say its own way.",
      valueName: "fields"),
    completion: .answerFields)
  var sort: [String] = []

  @Flag(help: "The greatest first.")
  var desc = false

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("The columns of the answer: these, in this order.", valueName: "fields"),
    completion: .answerFields)
  var columns: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("At most this many rows.", valueName: "n"))
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
      """
      Of errors: what mended an error with this message, and what did not; the message need never \
      have been seen. Of deployments, with --key: which model serves a request of this task type.
      """, valueName: "message|task-type"),
    completion: .taskTypes)
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
    request.filters = conditions.filters
    request.groupBy = groupBy
    request.sums = sum
    request.means = mean
    request.sort = sort
    request.isDescending = desc
    request.columns = columns
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

/// Which rows or events are meant, by what stands in them.
struct FilterOptions: ParsableArguments {
  @Option(
    name: .customLong("where"), parsing: .singleValue,
    help: ArgumentHelp("Only those for which this holds; may be given again.", valueName: "expr"),
    completion: .tableFields)
  var filters: [String] = []

  // For the help alone: the words are read in their order by `CommandWords`.
  @Flag(help: "Between two --where: those for which what stands before it holds, or what follows.")
  var or = false

  /// What the help says of them.
  static let discussion = """
    EXPR is FIELD OP VALUE with = != < <= > >= ~ (contains) or ~i (contains, in any case); several \
    are all required, but for --or between them. Null passes FIELD = null alone, and what is not null \
    FIELD != null; every other condition, != and < too, leaves null out: --where 'model != x' --or \
    --where 'model = null' asks for both. Times are written as 2026-03-06 or 2026-03-06T10:33:00Z, or \
    said: yesterday, monday, last week, 3 hours ago; days are those of UTC.
    """
}

/// The lines of standard input that are not empty.
private func linesOfInput() -> [String] {
  var lines: [String] = []
  while let line = readLine() { if !line.isEmpty { lines.append(line) } }
  return lines
}
