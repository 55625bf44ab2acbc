import Events
import Facts
import TestSupport
import Testing

@Suite struct RoleTests {
  @Test(arguments: [
    "task_completed", "task_failed", "query_completion", "completion", "cache_hit",
    "parallel_generate", "local_inference", "agent_step_complete", "refactoring", "harness_eval",
    "workflow_step_complete",
  ])
  func `what closes is an interaction by itself`(kind: String) throws {
    for stream in Stream.telemetry {
      let spec = try StepSpec(stream)
      try spec.line(kind)
      #expect(spec.interactions.count == 1)
      #expect(spec.interactions.first?.kind == kind)
      #expect(spec.interactions.first?.stream == stream)
      #expect(spec.interactions.first?.fields.text(.interactionID) == nil)
    }
  }

  @Test(arguments: [
    "task_submitted", "query", "iteration_started", "iteration_completed", "step_completed",
    "exit_code_blocked", "checkpoint_saved", "error_resolved", "error_resolution",
    "adaptive_limit_calculated", "context_augmented", "context_augmentation", "context_whatever",
    "tool_invocation", "tool_execute", "tool_result", "route_query", "route_search",
    "route_decided", "routing_decision", "agent_thinking", "agent_tool_call",
    "interaction_tracked", "workflow_step_dispatched", "learning_feedback",
  ])
  func `what opens, adds or annotates joins by id, and ends nothing`(kind: String) throws {
    let spec = try StepSpec(.hybrid)
    let all: [Field: FieldValue] = [
      .interactionID: "a", .prompt: "p", .response: "r", .success: true, .exitCode: 0,
    ]
    try spec.line(kind, all)
    #expect(spec.facts.isEmpty)
    try spec.line("completion", [.interactionID: "a"])
    #expect(spec.interactions.first?.evidence.first == [0, 1])
    let alone = try StepSpec(.hybrid)
    try alone.line(kind, [.prompt: "p", .response: "r", .success: true, .sessionID: "s"])
    #expect(alone.facts.isEmpty)
  }

  @Test(arguments: [
    "telemetry_probe", "skills_list", "tools_list", "documents_list", "discovery_info",
    "hybrid_search", "agent_memory_store", "workflow_started", "workflow_aggregated",
    "model_registered", "training_failed", "deployment_failed", "ab_result", "health-check",
    "health_spider_cycle", "apparmor_fix_staged", "deployment_checked", "deployment_scaled",
    "deployment_stopped", "training_queued", "training_progress", "model_promoted",
    "model_deprecated", "health_checked", "prediction_made",
  ])
  func `the rest has nothing to do with one`(kind: String) throws {
    let spec = try StepSpec(.hybrid)
    try spec.line("query", [.interactionID: "a", .prompt: "p"])
    try spec.line(kind, [.interactionID: "a", .prompt: "p", .response: "r", .success: true])
    try spec.line("completion", [.interactionID: "a"])
    #expect(spec.interactions.map(\.evidence.first) == [[0, 2]])
  }

  /// 0.40 × 0.2 + 0.20 × 0.5 + 0.20 × 0.3 + 0.10 × 0 + 0.10 × 0.
  @Test func `a query that found nothing is a failure`() throws {
    let spec = try StepSpec(.hybrid)
    try spec.line("query_gap", [.prompt: "configure services"])
    #expect(spec.interactions.first?.outcome == .failure)
    #expect(spec.interactions.first?.score.total == 0.24)
  }

  @Test func `an error closes when it has an id or a prompt`() throws {
    let spec = try StepSpec(.editor)
    try spec.line("error", [.errorMessage: "boom", .extension: "continue"])
    #expect(spec.facts.isEmpty)
    try spec.line("error", [.errorMessage: "boom", .prompt: "p"])
    try spec.line("error", [.errorMessage: "boom", .interactionID: "a"])
    #expect(spec.interactions.map(\.outcome) == [.failure, .failure])
  }

  @Test func `an unknown kind closes when it has a prompt, and success or a response`() throws {
    let spec = try StepSpec(.hybrid)
    try spec.line("sample", [.prompt: "p"])
    try spec.line("sample", [.response: "r", .success: true])
    try spec.line("sample", [.prompt: "p", .status: "done"])
    #expect(spec.facts.isEmpty)
    try spec.line("sample", [.prompt: "p", .success: false])
    try spec.line("unknown", [.prompt: "p", .response: "r"])
    try spec.line("thing_failed", [.prompt: "p", .response: "r"])
    #expect(spec.interactions.map(\.outcome) == [.failure, .success, .failure])
    #expect(spec.interactions.map(\.basis) == [.tool, .`self`, .`self`])
  }

  @Test func `every other kind of ralph is a part`() throws {
    for (stream, count) in [(Stream.ralph, 2), (.hybrid, 1)] {
      let spec = try StepSpec(stream)
      try spec.line("loop_paused", [.interactionID: "a", .toolsUsed: ["sed"]])
      try spec.line("task_completed", [.interactionID: "a"])
      #expect(spec.interactions.first?.evidence.count == UInt64(count))
    }
  }

  @Test func `an id joins within a stream, byte by byte`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.interactionID: "caf\u{e9}"])
    try spec.line("completion", [.interactionID: "cafe\u{301}"])
    try spec.line("completion", stream: .hybrid, [.interactionID: "caf\u{e9}"])
    #expect(spec.interactions.count == 3)
    #expect(spec.interactions.map(\.number) == [0, 1, 2])
    #expect(spec.interactions.map(\.offset) == [0, 1, 2])
  }
}
