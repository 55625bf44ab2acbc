import ArgumentParser
import Foldlog
import Query

struct AlertsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "alerts",
    abstract: "What somebody should know of; `foldlog query alerts` lists it.",
    subcommands: [AlertsAcknowledgeCommand.self])

  @ParentCommand var parent: FoldlogCommand
}

struct AlertsAcknowledgeCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "ack",
    abstract: "Take note of alerts: nobody is told of them any more.",
    discussion: """
      An alert is named by its alert_id, or by as much of its beginning as fits it alone. That it was \
      noted is an event of the log, alert_acknowledged. If what it is about is over and comes back, that \
      is another alert.

        foldlog query alerts --where 'resolved_at=null'
        foldlog alerts ack 05445e84 --who ann
      """)

  @Argument(help: "The alerts.")
  var alerts: [String] = []

  @Option(help: ArgumentHelp("Who has taken note.", valueName: "name"))
  var who: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: AlertsCommand
  var root: FoldlogCommand { parent.parent }

  var request: AlertRequest { AlertRequest(alerts: alerts, who: who) }

  func run(_ asked: AlertRequest.Checked, _ store: Store) throws {
    let (alerts, projection) = try AlertService(store).acknowledge(asked)
    complain("\(HumanNumbers.counted(UInt64(alerts.count), "alert")) noted")
    try complainAbout(projection)
  }
}
