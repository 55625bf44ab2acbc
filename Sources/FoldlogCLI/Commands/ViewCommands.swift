import ArgumentParser
import Foldlog
import Query

struct ProjectCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Bring the views up to date with the log.",
    discussion: """
      Views that another version or other settings built are rebuilt, beside the live ones. An event \
      that stops a view can be passed over: it counts as if it were not in the log, for that view \
      alone, now and in every replay.

        foldlog project                       bring the views up to date
        foldlog project --skip errors 41      pass over event 41 in the view errors
        foldlog project --no-skip errors 41   fold it again
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Pass over an event in a view.", valueName: "view offset"))
  var skip: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Take an event off the list of those passed over.", valueName: "view offset")
  )
  var noSkip: [String] = []

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ProjectRequest {
    var request = ProjectRequest()
    request.skip = skip
    request.noSkip = noSkip
    return request
  }

  func run(_ asked: ProjectRequest.Checked, _ store: Store) throws {
    let bar = ProgressReporter()
    defer { bar.finish() }
    let report = try ViewService(store).run(asked, progress: bar.show)
    bar.finish()
    complainAbout(report)
    try standardOutput.writeLine(
      "\(HumanNumbers.grouped(report.folded)) events folded; the views stand at \(HumanNumbers.grouped(report.checkpoint))"
    )
  }
}

/// Says what became of the views after lines were taken.
///
/// - Throws: the exit status where they could not be brought up to date.
func complainAbout(_ outcome: ProjectionOutcome) throws {
  if let views = outcome.views { complainAbout(views) }
  if outcome.isFollowed {
    complain("another process keeps the views up to date: it will project these events")
  }
  if let error = outcome.error {
    complain("the lines are in the log, but the views are not up to date: \(error)")
    throw ExitCode(error.code.rawValue)
  }
}

/// Says which views wait, and which stopped.
func complainAbout(_ report: ViewsReport) {
  report.outdated.forEach(complainAboutOutdated)
  for stopped in report.stopped { complain("stopped: \(stopped)") }
}

/// Says of a view that its rows are not what they would be now.
func complainAboutOutdated(_ view: String) {
  complain(ViewReading.outdatedSentence(view))
}
