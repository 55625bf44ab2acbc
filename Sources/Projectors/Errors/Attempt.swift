internal import Bytes
internal import Events

/// What an event says about a thing that was tried: where, what, and whether it succeeded.
struct Attempt {
  /// The task or session, the session first; none when the event names neither.
  let scopes: [UInt64]
  /// The thing within it; nil when there is no saying what was tried.
  let thing: UInt64?
  /// The command or tool.
  let action: String?
  /// Nil when the event does not say.
  let succeeded: Bool?
  /// The event says that an error was resolved.
  let isResolution: Bool

  init(_ event: Event) {
    let session = event.fields.text(.sessionID).map { mix(1, identity($0)) }
    let task = event.fields.text(.interactionID).map {
      mix(2 + UInt64(event.stream.rawValue), identity($0))
    }
    scopes = [session, task].compactMap { $0 }
    let tools = event.fields.texts(.toolsUsed)
    action =
      event.fields.text(.command)?.bounded(Limits.fixSizeMax)
      ?? (tools.isEmpty ? nil : tools.joined(separator: ", ").bounded(Limits.fixSizeMax))
    if let action, let scope = session ?? task {
      thing = mix(scope, identity(action))
    } else {
      thing = task
    }
    isResolution = Self.isResolution(event)
    succeeded = Self.outcome(of: event)
  }

  /// Whether it says that something worked, or that an error was resolved.
  static func isHopeful(_ event: Event) -> Bool {
    outcome(of: event) == true || isResolution(event)
  }

  private static func isResolution(_ event: Event) -> Bool {
    event.kind == "error_resolved" || event.kind == "error_resolution"
  }

  /// The strongest that the event says about its outcome.
  private static func outcome(of event: Event) -> Bool? {
    let fields = event.fields
    if let code = fields.number(.exitCode) { return code == .zero }
    if fields.bool(.partialSuccess) == true { return nil }
    if let success = fields.bool(.success) { return success }
    if let status = fields.text(.status) {
      switch status {
      case "completed", "success", "ok", "done": return true
      case "failed", "rejected", "error", "timeout": return false
      default: return nil
      }
    }
    switch event.kind {
    case "task_completed", "error_resolved", "error_resolution": return true
    case "error": return false
    default: return event.kind.hasSuffix("_failed") ? false : nil
    }
  }
}
