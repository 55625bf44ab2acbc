internal import Bytes
internal import ErrorText
internal import Events
internal import Facts
internal import Views

/// What an event says about a thing that was tried: where, what, when, and whether it succeeded. A
/// row, since it may be needed again: see `Case`.
struct Attempt: Row {
  var event = EventID(0)
  var time = Timestamp(nanoseconds: 0)
  var isTimeInferred = false
  var source: UInt64 = 0
  /// Of the error that happened; nil when none did.
  var group: UInt64?
  /// Of the error that it names again; nil when it names none.
  var wording: Wording?
  var hasMessage = false
  var type: String?
  /// What the event calls the fix; nil also where that is no text.
  var fix: String?
  /// Whether it says anything of a fix.
  private var saysFix = false
  /// The command or tool, if it may have changed something; of an event that closes a task, the
  /// command only, as its tools are those of the whole task.
  var action: String?
  /// Nil when the event does not say.
  var succeeded: Bool?
  /// It went half-way, which is neither success nor failure.
  var isPartial = false
  /// The event says that an error was resolved.
  var isResolution = false
  private var isClosing = false
  /// Whether that it succeeded means that all of its task did.
  private var passesTask = false
  /// Hashes of the command or the call of a tool, where it was tried, of the task and the session;
  /// nil where the event names none.
  private var call: UInt64?
  private var task: UInt64?
  private var session: UInt64?
  /// Hashes of the commands of a line whose success it took for that to succeed.
  private var proven: [UInt64] = []
  /// Hashes of names; 0 for none.
  var project: UInt64 = 0
  var sessionName: UInt64 = 0
  /// What its message says, but for numbers: see `subject(of:_:)`; 0 without a message.
  var subject: UInt64 = 0
  /// A hash of what it reports of a fix, without the error.
  var reported: UInt64 = 0

  init() {}

  /// - Parameter changes: what is known of commands and tools.
  init(
    _ event: Event, group: UInt64? = nil, naming wording: Wording? = nil,
    _ changes: inout ChangeMemory
  ) {
    let fields = event.fields
    self.event = event.id
    time = event.time
    isTimeInferred = event.envelope.isTimeInferred
    source = event.envelope.source
    (self.group, self.wording) = (group, wording)
    if let message = fields.text(.errorMessage) { subject = ErrorSubject.of(message, event) }
    hasMessage = fields.has(.errorMessage)
    type = fields.text(.errorType)?.bounded(ErrorLimits.wordSizeMax)
    saysFix = fields.text(.fix) != nil
    if let text = fields.text(.fix), !isOpaque(text) { fix = text.bounded(ErrorLimits.fixSizeMax) }
    project = fields.text(.project).map(identity) ?? 0
    sessionName = fields.text(.sessionID).map(identity) ?? 0
    session = fields.text(.sessionID).map { mix(1, identity($0)) }
    task = Self.task(of: event)
    isClosing = EventRole.closes(event.kind)
    // An agent that ends a turn has said something, and a check that passed by then may be another one:
    // what failed before may fail still.
    passesTask = isClosing && !Kinds.isTurn(event.kind)
    isResolution = Self.isResolution(event)
    succeeded = Self.outcome(of: event)
    isPartial = succeeded == nil && Self.isPartial(event)
    tried(event, &changes)
    var report = identity(event.kind)
    for text in [fields.text(.sessionID), fields.text(.interactionID), fields.text(.fix)] {
      report = mix(report, text.map(identity) ?? 0)
    }
    report = mix(report, fields.number(.iterations).map { UInt64(bitPattern: $0.units) } ?? 0)
    reported = mix(report, succeeded.map { $0 ? 1 : 2 } ?? 0)
  }

  private mutating func tried(_ event: Event, _ changes: inout ChangeMemory) {
    let fields = event.fields
    let command = fields.text(.command)?.bounded(ErrorLimits.fixSizeMax)
    let tools = isClosing ? [] : fields.texts(.toolsUsed)
    let tool = tools.isEmpty ? nil : tools.joined(separator: ", ").bounded(ErrorLimits.fixSizeMax)
    guard let tried = command ?? tool else { return }
    let known = command.map { changes.command($0) }
    if known?.mayChange ?? tools.contains(where: { changes.mayChange(tool: $0) }) { action = tried }
    guard let scope = session ?? task else { return }
    // A tool call without a known command is identified by its input.
    let input = fields.text(.toolInput) ?? fields.text(.prompt)
    let identityOfInput = command == nil ? input.map(identity) ?? 0 : 1
    call = mix(mix(scope, known?.gist ?? identity(tried)), identityOfInput)
    if succeeded == true, let command, command.contains("&&") {
      proven = (ShellParts(command)?.proven ?? []).map {
        mix(mix(scope, changes.command($0).gist), 1)
      }
    }
  }

  /// The same, with the call that failed, of which another event tells.
  func completed(by call: Attempt) -> Attempt {
    var whole = self
    (whole.call, whole.task, whole.session) = (
      call.call, call.task ?? task, call.session ?? session
    )
    (whole.action, whole.proven) = (call.action, call.proven)
    (whole.succeeded, whole.reported) = (call.succeeded ?? succeeded, call.reported)
    if whole.project == 0 { whole.project = call.project }
    if whole.sessionName == 0 { whole.sessionName = call.sessionName }
    return whole
  }

  static func task(of event: Event) -> UInt64? {
    event.fields.text(.interactionID).map { mix(2 + UInt64(event.stream.rawValue), identity($0)) }
  }

  /// Whether it says of what mended its error, or did not. A fix that went half-way did neither.
  var namesFix: Bool { saysFix && !isPartial }

  /// The task or session, the session first; none when the event names neither.
  var scopes: [UInt64] { [session, task].compactMap { $0 } }

  /// What fails when the event fails: the call, and the task that made it.
  var failing: [UInt64] { [call, task].compactMap { $0 } }

  /// What passes when the event succeeds: the call; the task only when the event tells of its end.
  var passing: [UInt64] { (passesTask ? failing : [call].compactMap { $0 }) + proven }

  /// Where its error may be mended, the narrowest first.
  var places: [UInt64] { failing + scopes.filter { !failing.contains($0) } }

  /// Whether both tell of one thing, each in a source of its own.
  func tellsTheSame(as other: Attempt) -> Bool {
    source != other.source && !other.isTimeInferred && time == other.time
      && reported == other.reported && call == other.call && task == other.task
      && action == other.action
  }

  /// Whether an error happened, or one was resolved.
  var isOfError: Bool { group != nil || isResolution }

  /// Whether it can matter to an error.
  var matters: Bool { isOfError || action != nil || !passing.isEmpty }

  /// Whether it says that something worked, or that an error was resolved.
  static func isHopeful(_ event: Event) -> Bool {
    outcome(of: event) == true || isResolution(event)
  }

  static func isResolution(_ event: Event) -> Bool {
    Kinds.resolvesError(event.kind, status: event.fields.text(.status))
  }

  private static func isPartial(_ event: Event) -> Bool {
    event.fields.bool(.partialSuccess) == true
      || event.fields.text(.status).flatMap(Outcome.init(ofStatus:)) == .partial
  }

  /// The strongest that the event says about its outcome; nil where it does not say, or says half.
  private static func outcome(of event: Event) -> Bool? {
    let fields = event.fields
    let failed = Outcome.isFailure(event.kind)
    let bases = EventRole.closes(event.kind) ? ofClosing : ofTrying
    if let verdict = Verdict(of: fields, kind: event.kind, on: bases) {
      // A failure that says it succeeded says neither.
      if verdict.outcome == .success { return failed && verdict.basis == .tool ? nil : true }
      return verdict.outcome == .failure ? false : nil
    }
    if let status = fields.text(.status) {
      switch Outcome(ofStatus: status) {
      case .success: return failed ? nil : true
      case .failure: return false
      case .partial: return nil
      case nil: if !isResolution(event) { return nil }
      }
    }
    if Kinds.declared(event.kind)?.outcome == .success || isResolution(event) { return true }
    return failed ? false : nil
  }

  // What people and tests say of a thing as a whole is no word about one attempt of it.
  private static let ofClosing = Array(Verdict.basesByStrength.dropLast())
  private static let ofTrying: [OutcomeBasis] = [.exitCode, .tool]

  static let table = StoredTable<UInt64, Attempt>(
    "attempts/rows", rowsPerChunk: 128, isCounted: false, residentMax: 1 << 16)

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Attempt, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("event", &row.event)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("source", &row.source)
    try visit.hidden("group", &row.group)
    try visit.hidden("wording", &row.wording)
    try visit.hidden("has_message", &row.hasMessage)
    try visit.hidden("type", &row.type)
    try visit.hidden("fix", &row.fix)
    try visit.hidden("says_fix", &row.saysFix)
    try visit.hidden("action", &row.action)
    try visit.hidden("succeeded", &row.succeeded)
    try visit.hidden("is_partial", &row.isPartial)
    try visit.hidden("is_resolution", &row.isResolution)
    try visit.hidden("is_closing", &row.isClosing)
    try visit.hidden("passes_task", &row.passesTask)
    try visit.hidden("call", &row.call)
    try visit.hidden("task", &row.task)
    try visit.hidden("session", &row.session)
    try visit.hidden("proven", &row.proven)
    try visit.hidden("project", &row.project)
    try visit.hidden("session_name", &row.sessionName)
    try visit.hidden("subject", &row.subject)
    try visit.hidden("reported", &row.reported)
  }
}
