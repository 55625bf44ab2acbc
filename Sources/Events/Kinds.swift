/// The kinds of events that are known, by stream. Any other kind is an event too, of unknown kind.
public enum Kinds {
  /// The kind of a line that names none.
  public static let unknown = "unknown"

  /// Kinds that several streams write.
  public static let common = ["completion", "error", "feedback"]

  /// Kinds that one stream alone writes.
  public static func own(by stream: Stream) -> [String] {
    switch stream {
    case .ralph: ralph
    case .aidb: aidb
    case .hybrid: hybrid
    case .editor: editor
    }
  }

  /// Beginnings of kinds that the hybrid stream alone writes.
  public static let hybridPrefixes = ["health_spider_", "apparmor_fix_"]

  private static let ralph = [
    "task_submitted", "adaptive_limit_calculated", "iteration_started", "iteration_completed",
    "step_completed", "exit_code_blocked", "task_completed", "task_failed", "checkpoint_saved",
    "error_resolved", "error_resolution",
  ]

  private static let aidb = [
    "query", "query_completion", "cache_hit", "context_augmentation", "tool_invocation",
    "tool_execute", "telemetry_probe", "parallel_generate", "skills_list", "skill_get",
    "skill_import", "tools_list", "documents_list", "document_import", "discovery_info",
    "discovery_quickstart", "discovery_capabilities", "discovery_capability_detail",
  ]

  private static let hybrid = [
    "context_augmented", "interaction_tracked", "hybrid_search", "route_query", "route_search",
    "route_decided", "routing_decision", "agent_memory_store", "agent_memory_recall",
    "harness_eval", "learning_feedback", "learning_triggered", "pattern_stored",
    "dataset_updated", "local_inference", "agent_step_complete", "agent_thinking",
    "agent_tool_call", "tool_result", "workflow_started", "workflow_step_dispatched",
    "workflow_step_complete", "workflow_aggregated", "judgment", "preference",
    "quality_assessment", "model_registered", "training_started", "training_completed",
    "training_failed", "model_evaluated", "deployment_created", "deployment_started",
    "deployment_active", "deployment_promoted", "deployment_demoted", "deployment_failed",
    "deployment_rolled_back", "ab_result",
  ]

  private static let editor = ["refactoring", "health-check", "health_check"]

  private static let streams: [String: Stream] = {
    var streams: [String: Stream] = [:]
    for stream in Stream.allCases {
      for kind in own(by: stream) { streams[kind] = stream }
    }
    return streams
  }()

  /// The stream that alone writes a kind; nil when several do, or none.
  public static func onlyStream(of kind: String) -> Stream? {
    if let stream = streams[kind] { return stream }
    return hybridPrefixes.contains(where: kind.hasPrefix) ? .hybrid : nil
  }

  /// Whether a stream is known to write a kind.
  public static func isKnown(_ kind: String, in stream: Stream) -> Bool {
    onlyStream(of: kind) == stream || common.contains(kind)
  }
}
