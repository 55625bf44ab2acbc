internal import Bytes
internal import Events
internal import Facts

/// What an event says about a thing that was tried: where, what, and whether it succeeded.
struct Attempt {
  /// The task or session, the session first; none when the event names neither.
  let scopes: [UInt64]
  /// The command or tool, if it may have changed something; of an event that closes a task, the
  /// command only, as its tools are those of the whole task.
  let action: String?
  /// Nil when the event does not say.
  let succeeded: Bool?
  /// It went half-way, which is neither success nor failure.
  let isPartial: Bool
  /// The event says that an error was resolved.
  let isResolution: Bool
  /// The command or the call of a tool, where it was tried.
  private let call: UInt64?
  let task: UInt64?
  private let isClosing: Bool

  init(_ event: Event) {
    let session = event.fields.text(.sessionID).map { mix(1, identity($0)) }
    task = event.fields.text(.interactionID).map {
      mix(2 + UInt64(event.stream.rawValue), identity($0))
    }
    scopes = [session, task].compactMap { $0 }
    isClosing = EventRole.closes(event.kind)
    let command = event.fields.text(.command)?.bounded(ErrorLimits.fixSizeMax)
    let tools = isClosing ? [] : event.fields.texts(.toolsUsed)
    let tool = tools.isEmpty ? nil : tools.joined(separator: ", ").bounded(ErrorLimits.fixSizeMax)
    let tried = command ?? tool
    let mayChange =
      command.map(Changes.mayChange(command:)) ?? tools.contains(where: Changes.mayChange(tool:))
    action = mayChange ? tried : nil
    if let scope = session ?? task, let tried {
      // A tool call without a known command is identified by its input.
      let input = command == nil ? event.fields.text(.prompt).map(identity) ?? 0 : 1
      call = mix(mix(scope, identity(tried)), input)
    } else {
      call = nil
    }
    isResolution = Self.isResolution(event)
    succeeded = Self.outcome(of: event)
    isPartial = succeeded == nil && Self.isPartial(event)
  }

  /// What fails when the event fails: the call, and the task that made it.
  var failing: [UInt64] { [call, task].compactMap { $0 } }

  /// What passes when the event succeeds: the call; the task only when the event closes it.
  var passing: [UInt64] { isClosing ? failing : [call].compactMap { $0 } }

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

  /// The strongest that the event says about its outcome.
  private static func outcome(of event: Event) -> Bool? {
    let fields = event.fields
    if let exit = Outcome(ofExit: fields) { return exit == .success }
    if fields.bool(.partialSuccess) == true { return nil }
    let failed = Outcome.isFailure(event.kind)
    // A failure that says it succeeded says neither.
    if let success = fields.bool(.success) { return failed && success ? nil : success }
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
}
