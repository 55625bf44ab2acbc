/// Which kinds each stream is known to have. Others are events too, and counted.
package enum Kinds {
  private static let byStream: [(stream: Stream, kinds: String)] = [
    (
      .ralph,
      """
      task_submitted adaptive_limit_calculated iteration_started iteration_completed \
      step_completed exit_code_blocked task_completed task_failed checkpoint_saved error_resolved \
      error_resolution
      """
    ),
    (
      .aidb,
      """
      query query_completion cache_hit context_augmentation tool_invocation tool_execute \
      telemetry_probe parallel_generate skills_list skill_get skill_import tools_list \
      documents_list document_import discovery_info discovery_quickstart discovery_capabilities \
      discovery_capability_detail
      """
    ),
    (
      .hybrid,
      """
      context_augmented interaction_tracked hybrid_search route_query route_search route_decided \
      routing_decision agent_memory_store agent_memory_recall harness_eval learning_feedback \
      learning_triggered pattern_stored dataset_updated local_inference agent_step_complete \
      agent_thinking agent_tool_call tool_result workflow_started workflow_step_dispatched \
      workflow_step_complete workflow_aggregated judgment preference quality_assessment \
      model_registered training_started training_completed training_failed model_evaluated \
      deployment_created deployment_started deployment_active deployment_promoted \
      deployment_demoted deployment_failed deployment_rolled_back ab_result
      """
    ),
    (.editor, "refactoring health-check health_check"),
  ]
  private static let shared = "completion error feedback"
  private static let hybridPrefixes = ["health_spider_", "apparmor_fix_"]

  private static let streams: [String: Stream] = {
    var streams: [String: Stream] = [:]
    for (stream, kinds) in byStream {
      for kind in kinds.split(separator: " ") { streams[String(kind)] = stream }
    }
    return streams
  }()
  private static let sharedKinds = Set(shared.split(separator: " ").map(String.init))

  /// The stream of a kind that only one stream has.
  package static func onlyStream(of kind: String) -> Stream? {
    if let stream = streams[kind] { return stream }
    let bytes = kind.utf8
    return hybridPrefixes.contains { bytes.starts(with: $0.utf8) } ? .hybrid : nil
  }

  /// Whether a stream is known to have a kind.
  package static func isKnown(_ kind: String, in stream: Stream) -> Bool {
    sharedKinds.contains(kind) || onlyStream(of: kind) == stream
  }
}
