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
  @Option(help: ArgumentHelp("Only this stream.", valueName: "stream"))
  var stream: String?

  @Option(help: ArgumentHelp("Only this kind.", valueName: "kind"))
  var kind: String?

  @Option(help: ArgumentHelp("Only this source: its path, name or id.", valueName: "source"))
  var source: String?

  @Option(help: ArgumentHelp("From this offset, or from this time on.", valueName: "offset|time"))
  var from: String?

  @Option(help: ArgumentHelp("To this offset or time, itself included.", valueName: "offset|time"))
  var to: String?

  func selection() throws -> EventSelection {
    var selection = EventSelection()
    selection.stream = try parseStream(stream)
    selection.kind = kind
    selection.source = source
    selection.from = try point(from, "--from")
    selection.to = try point(to, "--to")
    return selection
  }

  private func point(_ text: String?, _ option: String) throws -> LogPoint? {
    guard let text else { return nil }
    guard let point = LogPoint(text) else {
      throw FoldlogError(
        .usage, "\(option) takes an offset or a time such as 2026-01-09T10:33:00Z, not `\(text)`")
    }
    return point
  }
}

struct LogShowCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print events: offset, time, stream, kind, source and line.",
    discussion: """
      A time that the line did not say has a ~ before it. Lines are cut to the terminal's width; \
      in a pipe they are whole, fields apart by tabs.
      """)

  @OptionGroup var options: SelectionOptions
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var parentData: String? { parent.parent.data }

  func run(_ foldlog: Foldlog) throws {
    let width = Terminal.width
    try foldlog.forEachEvent(try options.selection()) { event in
      let mark = event.envelope.isTimeInferred ? "~" : ""
      let source = "\(event.sourceName):\(event.envelope.position)"
      let line = String(decoding: event.line, as: UTF8.self)
      let text =
        "\(event.offset)\t\(mark)\(event.envelope.time)\t\(event.envelope.stream)\t"
        + "\(event.envelope.kind)\t\(source)\t\(line)"
      try standardOutput.writeLine(width.map { shownText(text, width: $0) } ?? text)
      return true
    }
  }
}

struct LogExportCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Give the raw lines back, byte for byte, each with a newline.")

  @OptionGroup var options: SelectionOptions
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var parentData: String? { parent.parent.data }

  func run(_ foldlog: Foldlog) throws {
    try foldlog.exportLog(try options.selection()) { try standardOutput.write($0) }
  }
}

struct LogVerifyCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every block's bytes, and the chain of hashes event by event.")

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: LogCommand
  var parentData: String? { parent.parent.data }

  func run(_ foldlog: Foldlog) throws {
    if try !verifyLog(foldlog) { throw ExitCode(FoldlogError.Code.badData.rawValue) }
  }
}

/// Checks the log and says what was found. Returns whether all is well.
func verifyLog(_ foldlog: Foldlog) throws -> Bool {
  let bar = ProgressReporter()
  let check = try foldlog.verifyLog(progress: bar.show)
  bar.finish()
  for damage in check.damages { complain("foldlog: \(damage)") }
  try standardOutput.writeLine(
    "log: \(HumanNumbers.counted(check.events, "event")) in "
      + "\(HumanNumbers.counted(check.blocks, "block")), "
      + "\(HumanNumbers.counted(check.quarantined, "line")) in quarantine, head \(check.head): "
      + (check.damages.isEmpty ? "good" : "\(check.damages.count) damages"))
  return check.damages.isEmpty
}
