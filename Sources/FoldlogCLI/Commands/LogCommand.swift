import ArgumentParser
import Events
import Foldlog
import Query

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Look into the log, give its lines back, or check it.",
    subcommands: [LogShowCommand.self, LogExportCommand.self, LogVerifyCommand.self])

  @ParentCommand var parent: FoldlogCommand
}

/// Which events are meant.
struct SelectionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Only this stream.", valueName: "stream"),
    completion: .list(Stream.allCases.map(\.name)))
  var stream: String?

  @Option(
    help: ArgumentHelp(
      """
      Only this kind, that of the line or of what a transcript's line tells: `foldlog schema events` \
      lists those that are known.
      """,
      valueName: "kind"),
    completion: .list(Kinds.all.filter { !$0.isFamily }.map(\.name)))
  var kind: String?

  @Option(help: ArgumentHelp("Only this source: its path, name or id.", valueName: "source"))
  var source: String?

  @Option(
    help: ArgumentHelp("Only lines with this session_id, however they name it.", valueName: "id"))
  var session: String?

  @Option(
    help: ArgumentHelp(
      "Only lines with this interaction_id, however they name it (task_id, query_id, …).",
      valueName: "id"))
  var interaction: String?

  @OptionGroup var conditions: FilterOptions

  @Option(
    name: [.long, .customLong("since")],
    help: ArgumentHelp("From this offset, or from this time on.", valueName: "offset|time"))
  var from: String?

  @Option(
    name: [.long, .customLong("until")],
    help: ArgumentHelp("To this offset or time, itself included.", valueName: "offset|time"))
  var to: String?

  /// What the help says of them.
  static let discussion = """
    \(FilterOptions.discussion) FIELD is \
    offset, stream, kind, time, is_time_inferred, source, position, recorded, or a canonical field \
    such as prompt, model, success, exit_code, latency_ms, error_message: what foldlog reads from a \
    line, whatever the line calls it. A time may be the beginning of one: --from 2026-01-09 \
    --to 2026-01-09 is that day (UTC). A number alone is an offset: the year 2026 is written \
    2026-01-01. --stream, --kind, --source, --from and --to pass over \
    blocks of the log that cannot hold such events; the others read lines.
    """

  var request: LogRequest {
    var request = LogRequest()
    request.stream = stream
    request.kind = kind
    request.source = source
    request.session = session
    request.interaction = interaction
    request.filters = conditions.filters
    request.from = from
    request.to = to
    return request
  }

  /// Says why nothing was found.
  func complainIfNothing(_ scan: LogScan, _ asked: LogRequest.Checked, _ store: Store) throws {
    guard scan.events == 0 else { return }
    let log = LogService(store)
    let near = try kind.map { kind in try log.suggestedKinds(for: kind) } ?? []
    if let kind, !near.isEmpty {
      let names = near.map { "`\($0)`" }.joined(separator: " or ")
      return complain("no event has the kind `\(kind)`; did you mean \(names)?")
    }
    if let session, let near = try log.suggestedSession(for: session), near != session {
      return complain(
        "no such event has the session `\(session)`; did you mean `\(near)`?")
    }
    let events = try log.eventCount()
    if events == 0 {
      return complain("the log has no events yet: `foldlog ingest FILE` takes some in")
    }
    if !asked.words.isEmpty {
      complain(
        "none of the \(HumanNumbers.counted(events, "event")) in the log passes "
          + asked.words.joined(separator: " "))
    }
  }
}

struct LogShowCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print events: offset, time, stream, kind, source and line.",
    discussion: """
      A time that the line did not say has a ~ before it. Lines are cut to the terminal's width; \
      in a pipe they are whole, fields apart by tabs. With json and jsonl come the canonical \
      fields too, and the line as the object that it is.

      \(SelectionOptions.discussion)

        foldlog log show --tail 5
        foldlog log show --kind task_failed --from 2026-01-09 --limit 20
        foldlog log show --interaction task-17
        foldlog log show --where 'exit_code != 0' --where 'model ~ coder'
        foldlog log show --session s-7 --format jsonl | jq .line
      """)

  @OptionGroup var options: SelectionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most this many events, the first ones.", valueName: "n"))
  var limit: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most this many events, the last ones.", valueName: "n"))
  var tail: Int?

  @Option(
    help: ArgumentHelp("table, json or jsonl.", valueName: "format"),
    completion: .list(EventFormat.allCases.map(\.rawValue)))
  var format = EventFormat.table.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var root: FoldlogCommand { parent.parent }

  var request: LogRequest {
    var request = options.request
    request.limit = limit
    request.tail = tail
    request.format = format
    return request
  }

  func run(_ asked: LogRequest.Checked, _ store: Store) throws {
    for note in asked.notes { complain(note) }
    let scan: LogScan
    switch asked.format {
    case .table: scan = try showText(asked, store)
    case .json, .jsonl:
      let list = ObjectList("events", asked.format)
      scan = try LogService(store).forEachEvent(asked, withFields: true) { event in
        try list.write(event.json)
        return true
      }
      try list.end()
    }
    if limit != 0, tail != 0 { try options.complainIfNothing(scan, asked, store) }
  }

  private func showText(_ asked: LogRequest.Checked, _ store: Store) throws -> LogScan {
    let width = Terminal.width
    return try LogService(store).forEachEvent(asked) { event in
      try standardOutput.writeLine(width.map { shownText(event.text, width: $0) } ?? event.text)
      return true
    }
  }
}

/// Objects of JSON on standard output, as they come: a line each, or in one object's list.
final class ObjectList {
  private let name: String
  private let isOneObject: Bool
  private var isEmpty = true

  init(_ name: String, _ format: EventFormat) {
    self.name = name
    isOneObject = format == .json
  }

  func write(_ object: [UInt8]) throws {
    if isOneObject { try standardOutput.write(isEmpty ? "{\"\(name)\":[\n" : ",\n") }
    isEmpty = false
    try standardOutput.write(isOneObject ? object : object + [UInt8(ascii: "\n")])
  }

  func end() throws {
    if isOneObject { try standardOutput.write(isEmpty ? "{\"\(name)\":[]}\n" : "\n]}\n") }
  }
}

struct LogExportCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Give the raw lines back, byte for byte, each with a newline.",
    discussion: """
      What foldlog itself appended is left out, unless its stream or one of its kinds is named: \
      --stream foldlog.

      \(SelectionOptions.discussion)
      """)

  @OptionGroup var options: SelectionOptions
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var root: FoldlogCommand { parent.parent }

  var request: LogRequest { options.request }

  func run(_ asked: LogRequest.Checked, _ store: Store) throws {
    for note in asked.notes { complain(note) }
    let scan = try LogService(store).exportLog(asked) { try standardOutput.write($0) }
    try options.complainIfNothing(scan, asked, store)
  }
}

struct LogVerifyCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every block's bytes, and the chain of hashes event by event.")

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var root: FoldlogCommand { parent.parent }

  var request: ReportRequest { ReportRequest(format: format) }

  func run(_ asked: TextFormat, _ store: Store) throws {
    let check = try checkLog(store)
    switch asked {
    case .json: try standardOutput.write(check.document.bytes)
    case .text: try standardOutput.writeLine(sentence(of: check))
    }
    if !check.isGood { throw ExitCode(FoldlogError.Code.badData.rawValue) }
  }
}

/// Checks the log, and tells of each damage.
func checkLog(_ store: Store) throws -> LogCheck {
  let bar = ProgressReporter()
  let check = try LogService(store).verifyLog(progress: bar.show)
  bar.finish()
  for damage in check.damages { complain(damage) }
  return check
}

/// What a check of the log found.
func sentence(of check: LogCheck) -> String {
  "log: \(HumanNumbers.counted(check.events, "event")) in "
    + "\(HumanNumbers.counted(check.blocks, "block")), "
    + "\(HumanNumbers.counted(check.quarantined, "line")) in quarantine, head \(check.head): "
    + (check.isGood ? "good" : "\(check.damages.count) damages")
}
