import ArgumentParser
import Bytes
import Events
import Foldlog
import Query

struct TodayCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "today",
    abstract: "One page of a day: worked on, spent, broken, mended, learnt, and left open.",
    discussion: """
      The day is that of the time zone of --tz, else of `query.tz` in foldlog.toml, else of the machine's. \
      Views keep hours of UTC, so that in a \
      zone whose hours begin at another minute an hour belongs to the day in which it begins.

      The page is put together from several views as they are at one moment, and says up to which event \
      they are: it has no --as-of.

        foldlog today                        the day so far
        foldlog today --date yesterday       another day: also `monday`, the last one
        foldlog today --date 2026-02-01      by its date
        foldlog today --tz America/New_York  as it is counted there
      """)

  @Option(
    help: ArgumentHelp(
      "The day, as 2026-02-01, `today`, `yesterday` or the name of a weekday.", valueName: "date"))
  var date: String?

  @Option(help: ArgumentHelp("The time zone, as Europe/Berlin.", valueName: "zone"))
  var tz: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: TodayRequest {
    var request = TodayRequest()
    request.date = date
    request.zone = tz
    request.format = format
    return request
  }

  func run(_ asked: TodayRequest.Checked, _ store: Store) throws {
    let report = try TodayService(store).report(asked)
    if asked.format == .json { return try standardOutput.write(report.document.bytes) }
    let zone = report.zone.isEmpty ? "" : " in \(report.zone)"
    try standardOutput.writeLine("\(report.date)\(zone), \(standing(report))")
    if report.isEmpty {
      try standardOutput.writeLine(
        "\nNothing of that day is in the log. "
          + (report.lastDate.map { "The last day before it is `foldlog today --date \($0)`." }
            ?? "`foldlog discover` shows what is on this machine."))
      return
    }
    try write(report.projects)
    try write("worked on", report.sessions)
    try write("broke", report.broken)
    try write("mended", report.mended)
    try write("worth learning from", report.learnt)
    try write("left open", report.open)
  }

  /// Up to which event it is.
  private func standing(_ report: DayReport) -> String {
    func text(_ offset: Int64) -> String {
      offset < 0 ? "before any event" : "up to event \(offset)"
    }
    if report.views.allSatisfy({ $0.offset == report.offset }) { return text(report.offset) }
    return report.views.map { "\($0.name) \(text($0.offset))" }.joined(separator: ", ")
  }

  private func write(_ projects: [DayReport.Project]) throws {
    if projects.isEmpty { return }
    var grid = TextGrid([
      .init("project"), .init("sessions", isNumber: true), .init("turns", isNumber: true),
      .init("active", isNumber: true), .init("calls", isNumber: true),
      .init("tokens", isNumber: true), .init("dollars", isNumber: true),
      .init("went well", isNumber: true), .init("half-way", isNumber: true),
      .init("failed", isNumber: true),
    ])
    for project in projects {
      grid.append([
        project.name, "\(project.sessions)", "\(project.turns)",
        HumanNumbers.duration(seconds: Double(project.activeSeconds.units) / 1e9)
          + (project.isTimeInferred ? "*" : ""),
        HumanNumbers.grouped(UInt64(clamping: project.calls)),
        HumanNumbers.grouped(UInt64(clamping: project.tokens)), dollars(project),
        "\(project.successes)", "\(project.partials)", "\(project.failures)",
      ])
    }
    try standardOutput.writeLine("")
    for line in grid.lines(Terminal.style) { try standardOutput.writeLine(line) }
    if projects.contains(where: \.isTimeInferred) {
      try standardOutput.writeLine(
        """
        * No line says when a part of this was done: it counts on the day on which its file was changed \
        last, or read, and how long it took is not known.
        """)
    }
  }

  /// To the cent; `≥` where calls were counted at a lower bound or have no price.
  private func dollars(_ project: DayReport.Project) -> String {
    guard let cost = project.costUSD else { return "–" }
    let cents = FixedPoint.divide(Int128(cost.units), by: 10_000_000)
    let rest = cents % 100
    return "\(project.isLowerBound ? "≥ " : "")\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  private func write(_ heading: String, _ items: [DayReport.Item]) throws {
    if items.isEmpty { return }
    try standardOutput.writeLine("\n\(heading)")
    for item in items.prefix(Self.itemsMax) {
      try standardOutput.writeLine("  \(item.title)  (\(item.detail))")
      try standardOutput.writeLine("      \(item.command)")
    }
    if items.count > Self.itemsMax {
      try standardOutput.writeLine("  and \(items.count - Self.itemsMax) more")
    }
  }

  private static let itemsMax = 8
}
