import ArgumentParser
import Effects
import Foldlog
import Query

struct ReactCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "react",
    abstract:
      "Have a model write skills of what worked, and post alerts, and write down what came of it.",
    discussion: """
      What is wanted is in skills/wanted and alerts/wanted. Two kinds of things are done:

        extract_skill   a model writes a skill of an interaction that worked
        webhook         an open alert is posted to an address

      A model is sent the interaction's prompt and response, masked, 16,000 bytes of each.

      Nothing leaves this machine unless foldlog.toml in the data directory says where to:

        [react]
        chat_url = "http://127.0.0.1:11434/v1"      # for skills
        chat_model = "NAME"
        webhook_url = "https://HOST/PATH"           # for alerts

      What came of it is an event of the stream foldlog, with the note that the want is answered: asked \
      at least once, counted once. A replay asks nobody.

      Each request is tried up to three times; a server that failed five times in a row is left alone \
      for a minute, and as long as it asks for, by every run: `foldlog status` says which, why and until \
      when, and `--again SERVER` has it asked again at once. What failed stays wanted: the next run tries it again, \
      and with --follow that is done after 1 minute, then twice as long each time, up to an hour. It is \
      given up for good only where its server takes others: after five refusals, or three wrong answers \
      in a row; where a server takes none, its settings, the account or the model are at fault.

      A view knows no time but that of the log's lines. Where silence changes one of its rows, as when an \
      error has not come back for alerts.quiet_days, react appends one event, tick, once the clock is past \
      that time. While nothing is due, it writes nothing.

      `react.daily_calls` and `react.daily_usd` are what a day, UTC, may take; what costs nothing needs \
      no money. Keys come from the environment or from a file that only its owner may read.

      An alert is sent by POST, as https://www.standardwebhooks.com has it: the headers webhook-id, \
      webhook-timestamp, and, with a key, webhook-signature: v1, and in Base64 the HMAC-SHA256 of \
      ID.TIMESTAMP.BODY. Of a key whsec_…, the rest is Base64 of what is signed with; another is used as \
      it is. It counts as sent once the server of the address answers with a status from 200 to 299, and \
      not with a page of HTML, as a login or the portal of a network does: what leads to another server \
      is not followed. A receiver may get one twice, with the same id.

      Exit status: 0, also where something waits (it is counted, and why is said); 74 where something \
      failed; 64 where settings are wrong; 75 where another is running.

        foldlog react --dry-run         what is wanted
        foldlog react                   do it
        foldlog react --follow          and go on, until SIGINT or SIGTERM
        foldlog react --again webhook   want again what was given up of that kind
        foldlog settings react          whom it asks, and how much
      """)

  @Flag(help: "Go on, until SIGINT or SIGTERM.")
  var follow = false

  @Option(
    help: ArgumentHelp(
      "Only what is wanted of this kind: extract_skill or webhook.", valueName: "kind"),
    completion: .list(WantService.kinds(of: .builtIn)))
  var only: String?

  @Flag(help: "Ask nobody: say what is wanted.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      """
      Want again what was given up for good: all of a kind, or one request_id; or ask a server again that \
      is left alone. With --dry-run, list it.
      """,
      valueName: "kind|request_id|server"),
    completion: .list(WantService.kinds(of: .builtIn)))
  var again: String?

  @Option(
    help: ArgumentHelp(
      "Do so many at most; with --follow, each time that it looks.", valueName: "n"))
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
    request.again = again
    request.format = format
    return request
  }

  func run(_ asked: ReactRequest.Checked, _ store: Store) throws {
    if let name = asked.again { return try want(name, again: asked, store) }
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
          + (report.givenUp > 0 ? "\(report.givenUp) of them given up for good, " : "")
          + "\(report.waiting) waiting; \(HumanNumbers.counted(report.calls, "call")), "
          + "\(report.cost) USD")
    }
    // Who goes on tries again, and has said what failed.
    if report.failed > 0, !asked.isFollowing {
      throw ExitCode(FoldlogError.Code.inputOutput.rawValue)
    }
  }

  private func want(_ name: String, again asked: ReactRequest.Checked, _ store: Store) throws {
    if name.contains("://") { return try ask(name, again: asked, store) }
    let service = GivenUpService(store)
    let wants = try service.named(name)
    if asked.format == .json {
      try standardOutput.write(wants.document.bytes)
    } else {
      for want in wants {
        try standardOutput.writeLine(
          "\(want.kind) \(want.subject) (\(want.requestID)): \(want.reason)")
      }
    }
    let count = HumanNumbers.counted(UInt64(wants.count), "want")
    if asked.isDryRun { return complain("\(count) given up") }
    let projection = try service.renew(wants)
    complain("\(count) wanted again: `foldlog react` does it")
    try complainAbout(projection)
  }

  private func ask(_ place: String, again asked: ReactRequest.Checked, _ store: Store) throws {
    let found = try ReactService(store).endRest(of: place, isDryRun: asked.isDryRun)
    guard let rest = found else {
      throw FoldlogError(
        .noInput,
        "no server `\(shownText(place))` is left alone: `foldlog status` lists those that are")
    }
    if asked.format == .json {
      try standardOutput.write(rest.document.bytes)
    } else {
      try standardOutput.writeLine(shownText("\(rest.place) failed last: \(rest.reason)"))
    }
    if !asked.isDryRun { complain("it is asked again: `foldlog react` does it") }
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
