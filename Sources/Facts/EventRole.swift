public import Events

/// What an event does to the interaction that it belongs to.
public enum EventRole: UInt8, Sendable, CaseIterable {
  /// It has nothing to do with one.
  case none
  /// It begins one.
  case opens
  /// It ends one, and is one by itself when it has no id.
  case closes
  /// It adds to one, and never says how it ended.
  case part
  /// It says what one was worth.
  case speaks
}

/// What a kind does, before an event's fields are looked at.
private enum KindRole {
  case fixed(EventRole)
  /// Closes when it has an id or a prompt.
  case closesWhenNamed
}

/// The roles of the kinds, whatever the stream. A kind that is neither here nor begins as
/// `prefixRoles` say is unknown: it closes when it has a prompt, and `success` or a response; else,
/// in ralph and with an id, it is a part, as every other kind of ralph is.
private let kindRoles: [String: KindRole] = {
  var roles: [String: KindRole] = ["error": .closesWhenNamed]
  func add(_ role: EventRole, _ kinds: String) {
    for kind in kinds.split(separator: " ") { roles[String(kind)] = .fixed(role) }
  }
  add(.opens, "task_submitted query")
  add(
    .closes,
    """
    task_completed task_failed query_completion completion cache_hit parallel_generate \
    local_inference agent_step_complete refactoring harness_eval workflow_step_complete
    """)
  add(
    .part,
    """
    adaptive_limit_calculated iteration_started iteration_completed step_completed \
    exit_code_blocked checkpoint_saved error_resolved error_resolution context_augmented \
    context_augmentation route_query route_search route_decided routing_decision \
    interaction_tracked workflow_step_dispatched tool_invocation tool_execute tool_result \
    agent_thinking agent_tool_call
    """)
  add(.speaks, "feedback learning_feedback quality_assessment judgment preference")
  add(
    .none,
    """
    telemetry_probe skills_list skill_get skill_import tools_list documents_list \
    document_import discovery_info discovery_quickstart discovery_capabilities \
    discovery_capability_detail hybrid_search agent_memory_store agent_memory_recall \
    learning_triggered pattern_stored dataset_updated workflow_started workflow_aggregated \
    model_registered training_started training_completed training_failed model_evaluated \
    deployment_created deployment_started deployment_active deployment_promoted \
    deployment_demoted deployment_failed deployment_rolled_back ab_result health-check \
    health_check
    """)
  return roles
}()

private let prefixRoles: [(prefix: String, role: EventRole)] = [
  ("context_", .part), ("route_", .part), ("tool_", .part), ("health_spider_", .none),
  ("apparmor_fix_", .none),
]

extension EventRole {
  /// Whether events of a kind close an interaction whatever they carry: they say how a piece of work
  /// ended.
  public static func closes(_ kind: String) -> Bool {
    if case .fixed(.closes)? = kindRoles[kind] { true } else { false }
  }

  public init(of event: Event) {
    switch kindRoles[event.kind] {
    case .fixed(let role)?: self = role
    case .closesWhenNamed?:
      self = event.fields.has(.interactionID) || event.fields.has(.prompt) ? .closes : .none
    case nil: self = Self.ofUnlisted(event)
    }
  }

  private static func ofUnlisted(_ event: Event) -> EventRole {
    let kind = event.kind.utf8
    for entry in prefixRoles where kind.starts(with: entry.prefix.utf8) { return entry.role }
    let fields = event.fields
    if fields.has(.prompt), fields.has(.success) || fields.has(.response) { return .closes }
    return event.stream == .ralph && fields.has(.interactionID) ? .part : .none
  }
}
