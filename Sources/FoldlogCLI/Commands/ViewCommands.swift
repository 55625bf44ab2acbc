import ArgumentParser
import Foldlog
import Query

struct ProjectCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Bring the views up to date with the log.")

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    let bar = ProgressReporter()
    let report = try foldlog.project(progress: bar.show)
    bar.finish()
    complainAbout(report)
    try standardOutput.writeLine(
      "\(HumanNumbers.grouped(report.folded)) events folded; the views stand at \(HumanNumbers.grouped(report.checkpoint))"
    )
  }
}

struct ReplayCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "Rebuild views from the first event, beside the live ones, and swap.",
    discussion: """
      The live views answer until the new ones take their place, all at once. A replay that is \
      stopped changes nothing.

        foldlog replay           all views
        foldlog replay errors    one view
      """)

  @Argument(help: "Views; none for all.", completion: .list(Foldlog.views))
  var views: [String] = []

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    let bar = ProgressReporter()
    let start = monotonicSeconds()
    let states = try foldlog.replay(views, progress: bar.show)
    bar.finish()
    let seconds = max(monotonicSeconds() - start, 1e-9)
    for state in states {
      try standardOutput.writeLine(
        "\(state.view): \(HumanNumbers.grouped(state.checkpoint)) events, digest \(state.digest)")
    }
    if let events = states.map(\.checkpoint).max() {
      complain(
        "replayed in \(HumanNumbers.duration(seconds: seconds)) (\(HumanNumbers.grouped(UInt64(Double(events) / seconds))) events/s)"
      )
    }
  }
}

/// Says which views wait, and which stopped.
func complainAbout(_ report: ViewsReport) {
  report.outdated.forEach(complainAboutOutdated)
  for stopped in report.stopped { complain("foldlog: stopped: \(stopped)") }
}

/// Says of a view that its rows are not what they would be now.
func complainAboutOutdated(_ view: String) {
  complain(
    "foldlog: the view `\(view)` was built by another version or other settings: it keeps its "
      + "rows until `foldlog replay \(view)`")
}
