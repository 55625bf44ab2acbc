import ArgumentParser
import Foldlog
import Query

struct QuarantineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quarantine",
    abstract: "Lines that are no events: kept with their reason.",
    subcommands: [
      QuarantineListCommand.self, QuarantineExportCommand.self, QuarantineRetryCommand.self,
    ])

  @ParentCommand var parent: FoldlogCommand
}

struct QuarantineListCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "Number, source and position, size, reason, and how each line begins.")

  @Option(
    help: ArgumentHelp("table, json or jsonl.", valueName: "format"),
    completion: .list(EventFormat.allCases.map(\.rawValue)))
  var format = EventFormat.table.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: QuarantineCommand
  var root: FoldlogCommand { parent.parent }

  var request: QuarantineListRequest { QuarantineListRequest(format: format) }

  func run(_ asked: EventFormat, _ store: Store) throws {
    let isEmpty = try !write(asked, store)
    if isEmpty { complain("no line is in quarantine") }
  }

  /// Returns whether there are any.
  private func write(_ asked: EventFormat, _ store: Store) throws -> Bool {
    var isAny = false
    if asked != .table {
      let list = ObjectList("lines", asked)
      try QuarantineService(store).forEachQuarantined { entry in
        isAny = true
        try list.write(entry.json)
      }
      try list.end()
      return isAny
    }
    let width = Terminal.width
    try QuarantineService(store).forEachQuarantined { entry in
      isAny = true
      let state = entry.retriedAt.map { "taken at \($0)" } ?? entry.reason
      let text =
        "\(entry.number)\t\(entry.sourceName):\(entry.position)\t\(entry.size) bytes\t\(state)\t"
        + shownText(String(decoding: entry.beginning, as: UTF8.self))
      try standardOutput.writeLine(width.map { shownText(text, width: $0) } ?? text)
    }
    return isAny
  }
}

struct QuarantineExportCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Give the raw lines back, each with a newline; not those that a retry took.")

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: QuarantineCommand
  var root: FoldlogCommand { parent.parent }

  var request: PlainRequest { PlainRequest() }

  func run(_ asked: PlainRequest.Checked, _ store: Store) throws {
    try QuarantineService(store).exportQuarantine { try standardOutput.write($0) }
  }
}

struct QuarantineRetryCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "retry",
    abstract: "Decide again: lines that are events now are appended at the head, and marked.",
    discussion: "Then the views are brought up to date, as after an ingest.")

  @Option(help: ArgumentHelp("The stream of all of them.", valueName: "stream"))
  var stream: String?

  @Flag(help: "Leave the views as they are.")
  var noProject = false

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: QuarantineCommand
  var root: FoldlogCommand { parent.parent }

  var request: RetryRequest {
    var request = RetryRequest()
    request.stream = stream
    request.isProjecting = !noProject
    return request
  }

  func run(_ asked: RetryRequest.Checked, _ store: Store) throws {
    let bar = ProgressReporter()
    defer { bar.finish() }
    let report = try QuarantineService(store).retry(asked, progress: bar.show)
    bar.finish()
    try standardOutput.writeLine(
      "\(HumanNumbers.grouped(report.tried)) tried: \(HumanNumbers.grouped(report.taken)) taken, "
        + "\(HumanNumbers.grouped(report.refused)) refused again")
    try complainAbout(report.projection)
  }
}
