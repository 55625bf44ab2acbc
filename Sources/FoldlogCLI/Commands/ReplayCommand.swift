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
        foldlog replay --set values.profile=quality   what that would change
        foldlog settings values.weights > heavier.toml    then change weights in it
        foldlog replay --what-if heavier.toml   the same, were it foldlog.toml
        foldlog replay --what-if heavier.toml --keep heavier
        foldlog query values@heavier            ask what is kept
        foldlog replay --use heavier            swap it in, with its settings
        foldlog replay --rollback               take the last swap back
        foldlog replay --drop heavier           forget what is kept
      """)

  @Argument(help: "Views; none for all.", completion: .list(ProjectorCatalogue.builtIn.views))
  var views: [String] = []

  @Flag(help: "Change nothing: say what a replay would change.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Change nothing: say what would change under the settings of this file.", valueName: "file"),
    completion: .file(extensions: ["toml"]))
  var whatIf: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "Change nothing: say what would change with this setting, beside those of --what-if or of now.",
      valueName: "name=value"))
  var set: [String] = []

  @Option(
    help: ArgumentHelp(
      "With --what-if or --set: keep what it builds as VIEW@NAME.", valueName: "name"))
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
    help: ArgumentHelp("Of --dry-run, --what-if and --set: text or json.", valueName: "format"),
    completion: .list(["text", "json"]))
  var format = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReplayRequest {
    var request = ReplayRequest()
    request.views = views
    request.isDryRun = dryRun
    request.whatIf = whatIf
    request.set = set
    request.keep = keep
    request.use = use
    request.isRollingBack = rollback
    request.drop = drop
    request.format = format
    return request
  }

  func run(_ asked: ReplayRequest.Checked, _ store: Store) throws {
    let bar = ProgressReporter()
    defer { bar.finish() }
    let service = ReplayService(store)
    switch asked {
    case .replay(let job): try replay(job, service, bar)
    case .use(let name): try write(service.use(name, progress: bar.show), bar)
    case .rollBack(let job): try write(service.rollBack(job, progress: bar.show), bar)
    case .drop(let name): try service.drop(name)
    case .forecast(let job):
      let forecast = try ForecastService(store).run(job, progress: bar.show)
      bar.finish()
      try ForecastReport(forecast).write(asJSON: job.format == .json)
    }
  }

  private func replay(
    _ job: ReplayJob, _ service: ReplayService, _ bar: ProgressReporter
  ) throws {
    let start = monotonicSeconds()
    let (states, outdated) = try service.replay(job, progress: bar.show)
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
        "these builds serve now, and their settings count, but foldlog.toml could not be "
          + "written: \(error)")
    } else if report.hasOtherSettings {
      complain(
        "foldlog.toml has the settings of these builds now (before: foldlog.toml.before)")
    }
    report.outdated.forEach(complainAboutOutdated)
  }

  private func line(_ state: ReplayedView) -> String {
    "\(state.view): \(HumanNumbers.grouped(state.checkpoint)) events, digest \(state.digest)"
  }
}
