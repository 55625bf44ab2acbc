internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What a session did, or one of its agents: the columns that both have.
struct SessionTotals: Equatable {
  var agent = First<String>()
  var stream = First<Events.Stream>()
  var project = Earliest<String>()
  var gitBranch = Earliest<String>()
  var parent = Earliest<String>()
  var title = Latest<String>()
  var firstPrompt = Earliest<String>()
  var startedAt = Least<Timestamp>()
  var endedAt = Greatest<Timestamp>()
  /// Of the events whose lines say their time.
  var saidStart = Least<Timestamp>()
  var saidEnd = Greatest<Timestamp>()
  var active = ActiveTime()
  var events = Count()
  var interactions = Count()
  var turns = Count()
  var toolCalls = Count()
  var toolFailures = Count()
  var rejections = Count()
  var interruptions = Count()
  var compactions = Count()
  var errors = Count()
  var calls = CallTotals()
  var contextMax = Greatest<UInt64>()
  var linesAdded = Count()
  var linesRemoved = Count()
  var commits = Count()
  /// Those that its commands and tools opened, and those that its tool says that it did.
  var openedRequests = Count()
  var linkedRequests = NameSet<256>()
  var models = NameSet<16>()
  /// Of the last interaction.
  var outcome = Latest<Outcome>()
  var scoreSum = ExactSum()
  var evidence = Evidence()

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SessionTotals, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.column("agent", &row.agent, "The tool that the agent runs in.")
    try visit.column("stream", &row.stream, "The stream of its first event.")
    try visit.column(
      "project", &row.project, "The project, or folder, that its earliest event names.")
    try visit.column("git_branch", &row.gitBranch, "The branch that its earliest event names.")
    try visit.column(
      "parent_session_id", &row.parent, "The session that it went on from.")
    try visit.column(
      "title", &row.title,
      "The name that its tool gave it last; else what its tool says that it is about.")
    try visit.column("first_prompt", &row.firstPrompt, "What was asked first.")
    try visit.column(
      "started_at", &row.startedAt, "The earliest time that a line of it tells.")
    try visit.hidden("said_start", &row.saidStart)
    let isStartInferred = row.startedAt.value != row.saidStart.value
    visit.derived("is_started_at_inferred", "Whether no line says it.") { isStartInferred }
    try visit.column("ended_at", &row.endedAt, "The latest.")
    try visit.hidden("said_end", &row.saidEnd)
    let isEndInferred = row.endedAt.value != row.saidEnd.value
    visit.derived("is_ended_at_inferred", "Whether no line says it.") { isEndInferred }
    let duration = row.duration
    visit.derived("duration_s", unit: .seconds, rule: "ended_at − started_at") { duration }
    try visit.column(
      "active_s", &row.active, unit: .seconds,
      ActiveTime.about)
    try visit.column(
      "events", &row.events,
      "Its events; a repeat counts once, and ends of turns, which others tell, do not.")
    try visit.column("interactions", &row.interactions, "Those that came to an outcome.")
    try visit.column("turns", &row.turns, "Requests of a person.")
    try visit.column("tool_calls", &row.toolCalls, "Tools that models called.")
    try visit.column("tool_failures", &row.toolFailures, "Of these, those that failed.")
    try visit.column(
      "rejections", &row.rejections, "Of these, those that a person did not let run.")
    try visit.column("interruptions", &row.interruptions, "How often a person stopped it.")
    try visit.column(
      "compactions", &row.compactions, "How often what came before was replaced by a summary.")
    try visit.column(
      "errors", &row.errors,
      "Events that tell of an error; one that says again what an earlier one of its interaction said "
        + "is none. `errors` counts each time that it happened.")
    try CallTotals.columns(&row.calls, &visit)
    try visit.column(
      "context_max_tokens", &row.contextMax, unit: .tokens,
      "The most that a call read: input, cache read and cache write together.")
    try visit.column("lines_added", &row.linesAdded, "Lines that accepted edits added.")
    try visit.column("lines_removed", &row.linesRemoved, "Lines that they took away.")
    try visit.column(
      "commits", &row.commits,
      "Commits that git told of, and times that `git commit` was run in commands that succeeded.")
    try visit.hidden("opened_requests", &row.openedRequests)
    try visit.hidden("linked_requests", &row.linkedRequests)
    let requests = max(row.openedRequests.value, UInt64(row.linkedRequests.names.count))
    visit.derived(
      "pull_requests", unit: .count,
      """
      Pull requests that its tools opened, and `gh pr create` in commands that succeeded; or, where \
      these are more, those that its tool links to it.
      """
    ) { requests }
    try visit.column("models", &row.models, "Who answered, by name; the first 16.")
    try visit.column("outcome", &row.outcome, "How its last interaction ended, as is known by now.")
    try visit.hidden("score_sum", &row.scoreSum)
    let mean = row.scoreSum.mean(of: row.interactions)
    visit.derived("mean_score", unit: .fraction, rule: "the mean score of its interactions") {
      mean
    }
    try visit.evidence(&row.evidence)
  }

  /// A time of nanoseconds, and a decimal of billionths, count alike.
  private var duration: FixedPoint? {
    guard let start = startedAt.value, let end = endedAt.value else { return nil }
    let (units, isTooLong) = end.nanoseconds.subtractingReportingOverflow(start.nanoseconds)
    return isTooLong ? nil : FixedPoint(units: units)
  }

  mutating func count(_ event: borrowing Event) {
    let fields = event.fields
    agent.add(fields.text(.agent))
    stream.add(event.envelope.stream)
    let rank = event.envelope.time.rank
    project.add(fields.text(.project), rank: rank)
    gitBranch.add(fields.text(.gitBranch), rank: rank)
    add(event.envelope.time, isInferred: event.envelope.isTimeInferred)
    // How a turn stands follows from other events, and is told as often as it changes.
    if !event.isKnownByName || !Kinds.isTurn(event.envelope.kind) { events += 1 }
    if fields.has(.errorMessage),
      !Kinds.resolvesError(event.envelope.kind, status: fields.text(.status))
    {
      errors += 1
    }
    if let model = fields.text(.model) { models.add(model) }
    evidence.add(event.offset)
  }

  /// It was at work then.
  private mutating func add(_ time: Timestamp, isInferred: Bool) {
    startedAt.add(time)
    endedAt.add(time)
    if !isInferred {
      saidStart.add(time)
      saidEnd.add(time)
    }
    active.add(time)
  }

  mutating func count(_ fact: Fact, since before: Interaction?) {
    if let before { scoreSum -= before.score.total } else { interactions += 1 }
    scoreSum += fact.after.score.total
    outcome.add(fact.after.outcome, rank: fact.after.rank)
    evidence.add(fact.event.offset)
  }

  mutating func count(_ change: CallChange<ModelCall>) {
    calls.apply(change)
    evidence.add(change.event.offset)
    let usage = change.after.usage
    if !change.after.isUnattributed {
      contextMax.add(
        (usage.input ?? 0) &+ (usage.cacheRead ?? 0) &+ (usage.cacheWrite ?? 0)
          &+ (usage.longCacheWrite ?? 0))
    }
  }

  mutating func count(_ change: CallChange<ToolCall>) {
    let after = change.after
    if after.isToldTwice {
      if let before = change.before { takeBack(before) }
      return
    }
    if change.before == nil { toolCalls += 1 }
    guard change.before?.ending ?? .open == .open else { return }
    switch after.ending {
    case .open: return
    case .failed:
      toolFailures += 1
      commits += after.toldCommits
    case .rejected: rejections += 1
    case .succeeded:
      linesAdded += after.linesAdded
      linesRemoved += after.linesRemoved
      commits += after.commits
      openedRequests += after.pullRequests
    }
  }

  mutating func takeBack(_ call: ModelCall, at offset: Offset) {
    calls.subtract(call)
    evidence.add(offset)
  }

  mutating func takeBack(_ call: ToolCall) {
    toolCalls -= 1
    switch call.ending {
    case .open: return
    case .failed:
      toolFailures -= 1
      commits -= call.toldCommits
    case .rejected: rejections -= 1
    case .succeeded:
      linesAdded -= call.linesAdded
      linesRemoved -= call.linesRemoved
      commits -= call.commits
      openedRequests -= call.pullRequests
    }
  }

  mutating func count(_ note: SessionNote) {
    let rank = note.context.time.rank
    switch note.what {
    case .turn(let prompt):
      turns += 1
      firstPrompt.add(prompt.map { String($0.prefix(Self.promptMax)) }, rank: rank)
    case .request(let prompt):
      firstPrompt.add(String(prompt.prefix(Self.promptMax)), rank: rank)
    case .interruption: interruptions += 1
    case .compaction: compactions += 1
    case .title(let name): title.add(name, rank: rank / 2 | 1 << 63)
    case .summary(let text): title.add(text, rank: rank / 2)
    case .pullRequest(let address): linkedRequests.add(address)
    case .parent(let session): parent.add(session, rank: rank)
    case .limits: break
    case .activity:
      add(note.context.time, isInferred: note.context.isTimeInferred)
    }
  }

  /// Characters of the first prompt that are kept.
  private static let promptMax = 200
}

extension ToolCall {
  fileprivate var commits: UInt64 {
    // What a script does is told by git alone, what is done quietly by the command alone.
    max(
      toldCommits,
      runs(of: "git", ["commit"], unless: ["--dry-run", "--short", "--porcelain", "--long"]))
  }

  fileprivate var pullRequests: UInt64 {
    if tool.hasSuffix("create_pull_request") { return 1 }
    return runs(of: "gh", ["pr", "create"], unless: ["--dry-run", "--web", "-w"])
  }

  private func runs(
    of program: String, _ subcommands: [String], unless options: Set<String>
  ) -> UInt64 {
    guard let command else { return 0 }
    return UInt64(
      commandRuns(of: program, subcommands, unless: options.union(["--help", "-h"]), in: command))
  }
}

extension Interaction {
  /// Orders those of a session by their times, to about a millisecond, then by their numbers: its files
  /// may be read in any order, and lines of one file may tell the same time.
  fileprivate var rank: UInt64 {
    let bits: UInt64 = 20
    return (time.rank >> bits) << bits | number & (1 << bits - 1)
  }
}
