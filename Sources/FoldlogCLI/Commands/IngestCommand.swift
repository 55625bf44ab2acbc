import ArgumentParser
import Events
import Foldlog
import Query

struct IngestCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "ingest",
    abstract: "Take lines in, exactly once, and bring the views up to date.",
    discussion: """
      Paths are files, folders (every *.jsonl and *.ndjson in them), patterns, .gz and .zst; none, \
      or -, is standard input. A file is known by what it is and what it holds: taken in again, it \
      gives only what is new. A line that is no event goes to quarantine, with its reason; of what \
      was named and gives no event at all it is said what it looks like, with exit status 65. Files \
      are taken in the order given, those of a folder or a pattern by the time that their first lines \
      tell, then by the bytes of their paths: so that an original comes before its copies.

      A file of a server is named by its address, http:// or https://, compressed or not. Its copy is \
      kept in the data directory; what broke off goes on where it ended, if the server names versions \
      (ETag) and knows ranges, and what has not changed is not fetched again. With --source it is known by \
      that name, also where its address changes, as one does that is signed for a day.

      A line's stream is the one given, else the line's own `stream`, else the file's name \
      (ralph-events.jsonl), else what the line's fields tell.

      A file whose name begins with a dash is taken as one unless an option is called so; after -- \
      everything is a path.

        foldlog ingest ~/telemetry                    every file of a folder
        foldlog ingest 'logs/*.jsonl.gz'              files that fit a pattern
        foldlog ingest --follow ~/telemetry           what comes, as it comes
        foldlog ingest https://host/events.jsonl.zst  a file of a server
        agent | foldlog ingest --stream ralph         a pipe
        ssh host cat log | foldlog ingest --source host   a pipe with a memory
      """)

  @Argument(
    help: "Files, folders, patterns or addresses; none for standard input.", completion: .file())
  var paths: [String] = []

  @Option(
    help: ArgumentHelp(
      "The stream of all lines: \(Stream.telemetry.map(\.name).joined(separator: ", ")).",
      valueName: "stream"),
    completion: .list(Stream.telemetry.map(\.name)))
  var stream: String?

  @Option(
    help: ArgumentHelp(
      "The tool that all lines are taken for, as claude-code or codex; without, each tells.",
      valueName: "name"),
    completion: .list(ProjectorCatalogue.builtIn.formats.formats.map(\.name)))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "Gives standard input, or a file of a server, a name: what that source gave before is skipped.",
      valueName: "name"))
  var source: String?

  @Flag(help: "Take what coding tools wrote on this machine: `foldlog discover` lists it.")
  var discovered = false

  @Flag(help: "Go on taking what the files gain, until SIGINT or SIGTERM.")
  var follow = false

  @Flag(help: "Exit with 65 when any line went to quarantine.")
  var strict = false

  @Flag(help: "Leave the views as they are.")
  var noProject = false

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: IngestRequest {
    var request = IngestRequest()
    request.paths = paths
    request.isDiscovering = discovered
    request.stream = stream
    request.format = format
    request.source = source
    request.isFollowing = follow
    request.isStrict = strict
    request.isProjecting = !noProject
    return request
  }

  func run(_ asked: IngestRequest.Checked, _ store: Store) throws {
    switch asked {
    case .once(let job): try run(job, store)
    case .following(let job): try run(job, store)
    }
  }

  private func run(_ job: IngestJob, _ store: Store) throws {
    let bar = ProgressReporter()
    let outcome = try IngestService(store).run(job, progress: bar.show)
    bar.finish()
    tellFirst(of: outcome.warnings, rest: "notes: `--log-level notice` gives all")
    for path in outcome.absent { complain(path) }
    for failure in outcome.failures { complain("\(failure)") }
    for reason in outcome.quarantineReasons { complain("quarantine: \(reason)") }
    if outcome.quarantinedOtherwise > 0 {
      complain(
        "quarantine: \(HumanNumbers.counted(outcome.quarantinedOtherwise, "line")) more for "
          + "other reasons: `foldlog quarantine list`")
    }
    for sentence in outcome.notUnderstood { complain(sentence) }
    try standardOutput.writeLine(summary(outcome))
    if discovered, outcome.events > 0 {
      try standardOutput.writeLine(
        "`foldlog today` tells of a day, and `foldlog query sessions` of each session.")
    }
    try complainAbout(outcome.projection)
    if !outcome.absent.isEmpty { throw ExitCode(FoldlogError.Code.noInput.rawValue) }
    if !outcome.failures.isEmpty { throw ExitCode(FoldlogError.Code.inputOutput.rawValue) }
    if outcome.isNothingUnderstood || job.isStrict && outcome.quarantined > 0 {
      throw ExitCode(FoldlogError.Code.badData.rawValue)
    }
  }

  /// Tells the first of some notes, and how many more there are.
  private func tellFirst(of notes: [String], rest: String) {
    for note in notes.prefix(Self.notesMax) { complain(note) }
    if notes.count > Self.notesMax {
      complain("and \(notes.count - Self.notesMax) more \(rest)")
    }
  }

  private func run(_ job: FollowJob, _ store: Store) throws {
    let outcome = try FollowService(store).run(job, stop: StopSignal()) { message in
      switch message {
      case .warning(let text), .failure(let text): complain(text)
      case .views(let report): complainAbout(report)
      }
    }
    tellFirst(
      of: outcome.failures.map { "not read to the end: \($0)" },
      rest: "that were not: `--log-level warning` gives all")
    try standardOutput.writeLine(summary(outcome))
    if !outcome.failures.isEmpty { throw ExitCode(FoldlogError.Code.inputOutput.rawValue) }
    if job.isStrict && outcome.quarantined > 0 {
      throw ExitCode(FoldlogError.Code.badData.rawValue)
    }
  }

  /// How many notes, or files that a follower could not read, are told one by one.
  private static let notesMax = 10

  private func summary(_ outcome: IngestOutcome) -> String {
    let seconds = max(outcome.elapsedSeconds, 1e-9)
    let rate = Double(outcome.events) / seconds
    let bytesPerSecond = UInt64(Double(outcome.bytes) / seconds)
    return
      "\(HumanNumbers.counted(outcome.lines, "line")): \(HumanNumbers.counted(outcome.events, "event")), "
      + "\(HumanNumbers.grouped(outcome.quarantined)) quarantined, \(HumanNumbers.grouped(outcome.blank)) blank; "
      + "\(HumanNumbers.bytes(outcome.bytes)) in \(HumanNumbers.duration(seconds: seconds)) "
      + "(\(HumanNumbers.grouped(UInt64(rate))) events/s, \(HumanNumbers.bytes(bytesPerSecond))/s)"
  }
}
