/// How a value is read as a field; anything else is a wrong type.
enum FieldReading: Sendable {
  /// A text that is not empty.
  case text
  /// A text, or an integer, which becomes its decimal digits.
  case identity
  case number
  case bool
  /// A number, or an array, which counts its elements.
  case count
  /// A text, or texts in an array, or objects with a `name` in one.
  case names
  /// A number of seconds, read as milliseconds.
  case seconds
  /// Whether a number or a count of elements is above 0.
  case isSome
  /// A part of the object `error`; text itself is the message.
  case errorPart(StaticString)
  /// `error` as a boolean.
  case errorFlag
  /// A boolean, or a count, which passes when `tests_failed` beside it is 0.
  case tests
}

/// A field: where it is found, first found wins.
struct FieldRule: Sendable {
  let field: Field
  /// In order, each with how it is read.
  let names: [(name: String, reading: FieldReading)]
  init(
    _ field: Field, _ reading: FieldReading, _ names: String,
    or others: [(String, FieldReading)] = []
  ) {
    self.field = field
    self.names =
      names.split(separator: " ").map { (String($0), reading) }
      + others.map { (name: $0.0, reading: $0.1) }
  }
}

/// The objects inside a line that fields are looked for in, after the line itself, in order.
let containerNames = ["task", "context", "metadata", "data", "payload", "result"]

/// Names that are never taken from inside, whatever field they stand for.
let topOnlyNames: Set<String> = ["id", "status", "error", "type"]

/// Every field with all its names. A new name is a word here, and a line in schemas/events.
let fieldRules: [FieldRule] = [
  FieldRule(
    .interactionID, .identity, "interaction_id task_id query_id request_id completion_id id"),
  FieldRule(.sessionID, .identity, "session_id session conversation_id thread_id"),
  FieldRule(.prompt, .text, "prompt query input instruction question"),
  FieldRule(.response, .text, "response output completion answer"),
  FieldRule(.correctedResponse, .text, "corrected_response"),

  FieldRule(.success, .bool, "success"),
  FieldRule(.partialSuccess, .bool, "partial_success"),
  FieldRule(.status, .text, "status"),
  FieldRule(.outcomeBasis, .text, "outcome_basis"),
  FieldRule(.passed, .bool, "passed"),

  FieldRule(.iterations, .number, "iterations total_iterations iteration attempts attempt"),
  FieldRule(.steps, .count, "steps"),
  FieldRule(.toolsUsed, .names, "tools_used tool_name"),
  FieldRule(.toolCalls, .count, "tool_calls"),
  FieldRule(.filesModified, .count, "files_modified"),
  FieldRule(.linesChanged, .number, "lines_changed"),
  FieldRule(.exitCode, .number, "exit_code"),
  FieldRule(.testsPassed, .tests, "tests_passed"),
  FieldRule(.hasCode, .bool, "has_code"),
  FieldRule(.hasExplanation, .bool, "has_explanation"),

  FieldRule(.userFeedback, .number, "user_feedback feedback"),
  FieldRule(.rating, .number, "rating"),
  FieldRule(.helpful, .bool, "helpful"),
  FieldRule(.copiedToClipboard, .bool, "copied_to_clipboard"),
  FieldRule(.modifiedResponse, .bool, "modified_response"),
  FieldRule(.accepted, .bool, "accepted"),
  FieldRule(.abandoned, .bool, "abandoned"),

  FieldRule(.model, .text, "model model_used llm_model"),
  FieldRule(.llmUsed, .text, "llm_used"),
  FieldRule(.isLocal, .bool, "is_local"),
  FieldRule(.route, .text, "route"),
  FieldRule(.backend, .text, "backend"),
  FieldRule(.provider, .text, "provider"),
  FieldRule(.extension, .text, "extension"),
  FieldRule(.profile, .text, "profile"),
  FieldRule(.agentType, .text, "agent_type"),
  FieldRule(.language, .text, "language"),
  FieldRule(.taskType, .text, "task_type"),
  FieldRule(.domain, .text, "domain"),
  FieldRule(.cacheHit, .bool, "cache_hit"),
  FieldRule(
    .contextRetrieved, .bool, "context_retrieved",
    or: [("qdrant_results", .isSome), ("rag_hits", .isSome), ("context_count", .isSome)]),
  FieldRule(.strategy, .text, "strategy"),
  FieldRule(.project, .text, "project"),

  FieldRule(.tokensInput, .number, "tokens_input prompt_tokens tokens_in input_tokens"),
  FieldRule(.tokensOutput, .number, "tokens_output completion_tokens tokens_out output_tokens"),
  FieldRule(.tokensUsed, .number, "tokens_used"),
  FieldRule(
    .latencyMS, .number, "latency_ms duration_ms response_time_ms execution_time_ms",
    or: [("duration_s", .seconds)]),
  FieldRule(.costUSD, .number, "cost_usd cost total_cost_usd"),

  FieldRule(.errorType, .text, "error_type", or: [("error", .errorPart("type"))]),
  FieldRule(.errorMessage, .text, "error_message", or: [("error", .errorPart("message"))]),
  FieldRule(.errorStack, .text, "error_stack", or: [("error", .errorPart("stack"))]),
  FieldRule(.fix, .text, "fix successful_fix resolution"),
  FieldRule(.command, .text, "command"),

  FieldRule(.timeToFirstUseS, .number, "time_to_first_use_s"),
  FieldRule(.codeCompiles, .bool, "code_compiles"),
  FieldRule(.lintPasses, .bool, "lint_passes"),
  FieldRule(.typeCheckPasses, .bool, "type_check_passes"),
  FieldRule(.deploymentSuccess, .bool, "deployment_success"),
  FieldRule(.noRuntimeErrors, .bool, "no_runtime_errors"),
  FieldRule(.styleScore, .number, "style_score"),
  FieldRule(.maintainabilityScore, .number, "maintainability_score"),
  FieldRule(.securityScore, .number, "security_score"),
  FieldRule(.performanceScore, .number, "performance_score"),
  FieldRule(.projectScore, .number, "project_score"),
  FieldRule(.patternScore, .number, "pattern_score"),
  FieldRule(.domainScore, .number, "domain_score"),
  FieldRule(.generationTimeS, .number, "generation_time_s"),
  FieldRule(.solutionComplexity, .number, "solution_complexity"),
  FieldRule(.productivityGain, .number, "productivity_gain"),

  FieldRule(.chosen, .text, "chosen"),
  FieldRule(.rejected, .text, "rejected"),
  FieldRule(.margin, .number, "margin"),
  FieldRule(.reason, .text, "reason reasoning"),

  FieldRule(.deploymentID, .identity, "deployment_id"),
  FieldRule(.version, .identity, "version"),
  FieldRule(.baseModel, .text, "base_model"),
  FieldRule(.baselineModel, .text, "baseline_model"),
  FieldRule(.runID, .identity, "run_id"),
  FieldRule(.trafficPercentage, .number, "traffic_percentage"),
  FieldRule(.arm, .text, "arm"),
  FieldRule(.qualityScore, .number, "quality_score"),
  FieldRule(.isError, .errorFlag, "error"),
  FieldRule(.improvement, .number, "improvement"),
  FieldRule(.accuracyChange, .number, "accuracy_change"),
  FieldRule(.latencyChange, .number, "latency_change"),
  FieldRule(.memoryChange, .number, "memory_change"),
  FieldRule(.forgettingRate, .number, "forgetting_rate"),
  FieldRule(.safetyPassed, .bool, "safety_passed"),
]

/// Names that stand for a field on some kinds only.
let kindNames: [(kinds: Set<String>, field: Field, name: String)] = [
  (["error"], .errorMessage, "message"),
  (["error_resolved", "error_resolution"], .fix, "solution"),
]
