import ArgumentParser
import Foldlog
import Query

struct ReplayCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Rebuild views from the first event, beside the live ones, and swap.",
    discussion: """
      The live views answer until the new ones take their place, all at once. A replay that is \
      stopped changes nothing, and the next one goes on where it stood. The build before is kept \
      for --rollback.

        foldlog replay                          all views
        foldlog replay errors                   one view
        foldlog replay --dry-run                what would change
        foldlog replay --what-if heavier.toml   the same, were it foldlog.toml
        foldlog replay --what-if heavier.toml --keep heavier
        foldlog query values@heavier            ask what is kept
        foldlog replay --use heavier            swap it in, with its settings
        foldlog replay --rollback               take the last swap back
        foldlog replay --drop heavier           forget what is kept
      """)

  @Argument(help: "Views; none for all.", completion: .list(Foldlog.views))
  var views: [String] = []

  @Flag(help: "Change nothing: say what a replay would change.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Change nothing: say what would change under the settings of this file.", valueName: "file"),
    completion: .file(extensions: ["toml"]))
  var whatIf: String?

  @Option(
    help: ArgumentHelp("With --what-if: keep what it builds as VIEW@NAME.", valueName: "name"))
  var keep: String?

  @Option(
    help: ArgumentHelp(
      "Let what is kept under this name serve, with its settings.", valueName: "name"))
  var use: String?

  @Flag(
    help:
      "Let the builds before serve again, with their settings: of the views named, else of those that the last swap changed."
  )
  var rollback = false

  @Option(help: ArgumentHelp("Forget what is kept under this name.", valueName: "name"))
  var drop: String?

  @Option(
    help: ArgumentHelp("Of --dry-run and --what-if: text or json.", valueName: "format"),
    completion: .list(["text", "json"]))
  var format = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    try checkOptions()
    let bar = ProgressReporter()
    defer { bar.finish() }
    if let drop {
      try foldlog.drop(drop)
    } else if let use {
      try write(foldlog.use(use, progress: bar.show), bar)
    } else if rollback {
      try write(foldlog.rollBack(views, progress: bar.show), bar)
    } else if dryRun || whatIf != nil {
      let forecast = try foldlog.forecast(
        views, whatIf: whatIf, keepingAs: keep, progress: bar.show)
      bar.finish()
      try ForecastReport(forecast).write(asJSON: format == "json")
    } else {
      try replay(foldlog, bar)
    }
  }

  private func checkOptions() throws {
    let ways = [
      ("--use", use != nil), ("--rollback", rollback), ("--drop", drop != nil),
      ("--dry-run or --what-if", dryRun || whatIf != nil),
    ].filter(\.1).map(\.0)
    if ways.count > 1 {
      throw FoldlogError(.usage, "\(ways.joined(separator: " and ")) do not go together")
    }
    if keep != nil, whatIf == nil {
      throw FoldlogError(.usage, "--keep NAME goes with --what-if FILE")
    }
    if !views.isEmpty, use != nil || drop != nil {
      throw FoldlogError(
        .usage, "what is kept under a name is used or dropped as a whole: name no views")
    }
    guard format == "text" || format == "json" else {
      throw FoldlogError(.usage, "there is no format `\(format)`: there are text and json")
    }
    if format == "json", !dryRun, whatIf == nil {
      throw FoldlogError(.usage, "--format is for --dry-run and --what-if")
    }
  }

  private func replay(_ foldlog: Foldlog, _ bar: ProgressReporter) throws {
    let start = monotonicSeconds()
    let (states, outdated) = try foldlog.replay(views, progress: bar.show)
    bar.finish()
    let seconds = max(monotonicSeconds() - start, 1e-9)
    for state in states { try standardOutput.writeLine(line(state)) }
    outdated.forEach(complainAboutOutdated)
    if let events = states.map(\.checkpoint).max() {
      let rate = HumanNumbers.grouped(UInt64(Double(events) / seconds))
      complain("replayed in \(HumanNumbers.duration(seconds: seconds)) (\(rate) events/s)")
    }
  }

  private func write(_ report: SwitchReport, _ bar: ProgressReporter) throws {
    bar.finish()
    for state in report.views { try standardOutput.writeLine(line(state)) }
    if let error = report.unwritten {
      complain(
        "foldlog: these builds serve now, and their settings count, but foldlog.toml could not be "
          + "written: \(error)")
    } else if report.hasOtherSettings {
      complain(
        "foldlog: foldlog.toml has the settings of these builds now (before: foldlog.toml.before)")
    }
    report.outdated.forEach(complainAboutOutdated)
  }

  private func line(_ state: ReplayedView) -> String {
    "\(state.view): \(HumanNumbers.grouped(state.checkpoint)) events, digest \(state.digest)"
  }
}
