import ArgumentParser
import Effects
import Foldlog
import Query

struct ReactCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "react",
    abstract: "Do what views want done, and write down what came of it.",
    discussion: """
      A fold touches no network: what a view wants done is a row. This asks the servers that [react] in \
      foldlog.toml names, and appends what came of it as an event of the stream foldlog, together with \
      the note that the want is answered: asked at least once, counted once. A replay asks nobody.

      Each request is tried up to three times; a server that failed five times in a row is left alone \
      for a minute, and as long as it asks for. `react.daily_calls` and `react.daily_usd` are what a \
      day, UTC, may take. Keys come from the environment or from a file that only its owner may read.

      An alert is sent by POST, as https://www.standardwebhooks.com has it: the headers webhook-id, \
      webhook-timestamp, and, with a key, webhook-signature: v1, and in Base64 the HMAC-SHA256 of \
      ID.TIMESTAMP.BODY. A receiver may get one twice, with the same id.

        foldlog react --dry-run         what is wanted
        foldlog react                   do it
        foldlog react --follow          and go on, until SIGINT or SIGTERM
        foldlog settings react          whom it asks, and how much
      """)

  @Flag(help: "Go on, until SIGINT or SIGTERM.")
  var follow = false

  @Option(
    help: ArgumentHelp("Only what is wanted of this kind.", valueName: "kind"),
    completion: .list(WantService.kinds(of: .builtIn)))
  var only: String?

  @Flag(help: "Ask nobody: say what is wanted.")
  var dryRun = false

  @Option(help: ArgumentHelp("Do so many at most, at a time.", valueName: "n"))
  var limit: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReactRequest {
    var request = ReactRequest()
    request.only = only
    request.limit = limit
    request.isFollowing = follow
    request.isDryRun = dryRun
    request.format = format
    return request
  }

  func run(_ asked: ReactRequest.Checked, _ store: Store) throws {
    let service = ReactService(store)
    if asked.isDryRun {
      let wants = Array(try service.wants(asked, tell: tell).prefix(asked.limit))
      if asked.format == .json { return try standardOutput.write(wants.document.bytes) }
      for want in wants {
        try standardOutput.writeLine(
          "\(want.kind) \(want.subject), since event \(want.since) (\(want.requestID))")
      }
      return complain("\(HumanNumbers.counted(UInt64(wants.count), "want"))")
    }
    let report = try service.run(asked, stop: StopSignal(), tell: tell)
    if asked.format == .json {
      try standardOutput.write(report.document.bytes)
    } else {
      try standardOutput.writeLine(
        "\(HumanNumbers.counted(UInt64(report.answered), "want")) answered, \(report.failed) failed, "
          + "\(report.waiting) waiting; \(HumanNumbers.counted(report.calls, "call")), "
          + "\(report.cost) USD")
    }
    // Who goes on tries again, and has said what failed.
    if report.failed > 0, !asked.isFollowing {
      throw ExitCode(FoldlogError.Code.inputOutput.rawValue)
    }
  }

  private func tell(_ message: ReactMessage) {
    switch message {
    case .warning(let text): complain(text)
    case .views(let outcome):
      if let views = outcome.views { complainAbout(views) }
      if let error = outcome.error { complain("the views are not up to date: \(error)") }
    }
  }
}
