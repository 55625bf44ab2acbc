/// How the value of a field must look. Whatever looks otherwise is of the wrong type: it counts as
/// absent, and the search goes on. A number in quotation marks is a text, and no number.
enum FieldShape: Sendable {
  /// A text.
  case text
  /// A text that recurs from line to line, as a name of a model does.
  case term
  /// A text, or an integer, kept as its digits.
  case identifier
  /// A text, or a number, kept as its digits.
  case version
  /// A number; beyond the range of `FixedPoint` it is absent.
  case number
  /// A number, or a list, kept as its count.
  case count
  /// −1, 0 or 1; any other number is absent.
  case sign
  /// 1 to 5; any other number is absent.
  case rating
  /// True or false.
  case flag
  /// A list of texts, or of objects with a `name`; for a name marked `single` one text.
  case terms
  /// True or false; a number, true above 0; a list, true. A 0 says false only if nothing says true.
  case presence
  /// True or false; or a count of tests beside `tests_failed`, true when that is 0.
  case verdict
}

/// A name under which a field is written, and when it counts.
struct FieldName: Sendable, ExpressibleByStringLiteral {
  let key: String
  /// Never taken from inside another object.
  var isTopOnly = false
  /// The kinds on which the name counts; empty for all.
  var kinds: [String] = []
  /// What the number is multiplied with.
  var factor: Int64 = 1
  /// One text stands for a list of one.
  var isSingle = false
  /// The value is an error: a text, which is its message, or an object with these members.
  var errorMember: ErrorMember?
  /// A value of the wrong type means another field.
  var isShared = false

  enum ErrorMember: String, Sendable { case message, type, stack }

  init(stringLiteral key: String) { self.key = key }

  static func top(_ key: FieldName) -> FieldName { with(key) { $0.isTopOnly = true } }

  static func on(_ kinds: String..., key: FieldName) -> FieldName { with(key) { $0.kinds = kinds } }

  static func times(_ factor: Int64, _ key: FieldName) -> FieldName {
    with(key) { $0.factor = factor }
  }

  static func single(_ key: FieldName) -> FieldName { with(key) { $0.isSingle = true } }

  static func error(_ member: ErrorMember) -> FieldName {
    with(.top("error")) { $0.errorMember = member }
  }

  static func shared(_ key: FieldName) -> FieldName { with(key) { $0.isShared = true } }

  private static func with(_ name: FieldName, _ change: (inout FieldName) -> Void) -> FieldName {
    var name = name
    change(&name)
    return name
  }
}

/// A field with the shape of its values and all its names, the first of which counts most.
struct FieldRule: Sendable {
  let field: Field
  let shape: FieldShape
  let names: [FieldName]

  init(_ field: Field, _ shape: FieldShape, _ names: FieldName...) {
    self.field = field
    self.shape = shape
    self.names = names
  }
}

/// All fields. To teach foldlog another name, add it to the line of its field; to teach it another
/// field, add a case to `Field` and a line here.
enum FieldNames {
  /// The objects in which names are looked up after the line itself, one after the other.
  static let containers = ["task", "context", "metadata", "data", "payload", "result"]

  /// What stands beside a count of `tests_passed`.
  static let testsFailed = "tests_failed"

  static let rules: [FieldRule] = [
    // Identity.
    FieldRule(
      .interactionID, .identifier, "interaction_id", "task_id", "query_id", "request_id",
      "completion_id", .top("id")),
    FieldRule(.sessionID, .identifier, "session_id", "session", "conversation_id", "thread_id"),
    // Text.
    FieldRule(.prompt, .text, "prompt", "query", "input", "instruction", "question"),
    FieldRule(.response, .text, "response", "output", "completion", "answer"),
    FieldRule(.correctedResponse, .text, "corrected_response"),
    // Outcome.
    FieldRule(.success, .flag, "success"),
    FieldRule(.partialSuccess, .flag, "partial_success"),
    FieldRule(.status, .term, .top("status")),
    FieldRule(.outcomeBasis, .term, "outcome_basis"),
    FieldRule(.passed, .flag, "passed"),
    // Work.
    FieldRule(
      .iterations, .number, "iterations", "total_iterations", "iteration", "attempts", "attempt"),
    FieldRule(.steps, .number, "steps"),
    FieldRule(.toolsUsed, .terms, "tools_used", .single("tool_name")),
    FieldRule(.toolCalls, .count, "tool_calls"),
    FieldRule(.filesModified, .count, "files_modified"),
    FieldRule(.linesChanged, .number, "lines_changed"),
    FieldRule(.exitCode, .number, "exit_code"),
    FieldRule(.testsPassed, .verdict, "tests_passed"),
    FieldRule(.hasCode, .flag, "has_code"),
    FieldRule(.hasExplanation, .flag, "has_explanation"),
    // Feedback.
    FieldRule(.userFeedback, .sign, "user_feedback", "feedback"),
    FieldRule(.rating, .rating, "rating"),
    FieldRule(.helpful, .flag, "helpful"),
    FieldRule(.copiedToClipboard, .flag, "copied_to_clipboard"),
    FieldRule(.modifiedResponse, .flag, "modified_response"),
    FieldRule(.accepted, .flag, "accepted"),
    FieldRule(.abandoned, .flag, "abandoned"),
    // Factors.
    FieldRule(.model, .term, "model", "model_used", "llm_model"),
    FieldRule(.llmUsed, .term, "llm_used"),
    FieldRule(.isLocal, .flag, "is_local"),
    FieldRule(.route, .term, "route"),
    FieldRule(.backend, .term, "backend"),
    FieldRule(.provider, .term, "provider"),
    FieldRule(.extension, .term, "extension"),
    FieldRule(.profile, .term, "profile"),
    FieldRule(.agentType, .term, "agent_type"),
    FieldRule(.language, .term, "language"),
    FieldRule(.taskType, .term, "task_type"),
    FieldRule(.domain, .term, "domain"),
    FieldRule(.cacheHit, .flag, "cache_hit"),
    FieldRule(
      .contextRetrieved, .presence, "context_retrieved", "qdrant_results", "rag_hits",
      "context_count"),
    FieldRule(.strategy, .term, "strategy"),
    FieldRule(.project, .term, "project"),
    // Metrics.
    FieldRule(.tokensInput, .number, "tokens_input", "prompt_tokens", "tokens_in", "input_tokens"),
    FieldRule(
      .tokensOutput, .number, "tokens_output", "completion_tokens", "tokens_out", "output_tokens"),
    FieldRule(.tokensUsed, .number, "tokens_used"),
    FieldRule(
      .latencyMS, .number, "latency_ms", "duration_ms", "response_time_ms", "execution_time_ms",
      .times(1_000, "duration_s")),
    FieldRule(.costUSD, .number, "cost_usd", "cost", "total_cost_usd"),
    // Errors.
    FieldRule(.errorType, .term, "error_type", .error(.type)),
    FieldRule(
      .errorMessage, .text, "error_message", .error(.message), .on("error", key: "message")),
    FieldRule(.errorStack, .text, "error_stack", .error(.stack)),
    FieldRule(
      .fix, .text, "fix", "successful_fix", "resolution",
      .on("error_resolved", "error_resolution", key: "solution")),
    FieldRule(.command, .text, "command"),
    // Quality.
    FieldRule(.timeToFirstUseS, .number, "time_to_first_use_s"),
    FieldRule(.codeCompiles, .flag, "code_compiles"),
    FieldRule(.lintPasses, .flag, "lint_passes"),
    FieldRule(.typeCheckPasses, .flag, "type_check_passes"),
    FieldRule(.deploymentSuccess, .flag, "deployment_success"),
    FieldRule(.noRuntimeErrors, .flag, "no_runtime_errors"),
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
    // Judgments and preferences.
    FieldRule(.chosen, .text, "chosen"),
    FieldRule(.rejected, .text, "rejected"),
    FieldRule(.margin, .number, "margin"),
    FieldRule(.reason, .text, "reason"),
    // Models and deployments.
    FieldRule(.deploymentID, .identifier, "deployment_id"),
    FieldRule(.version, .version, "version"),
    FieldRule(.baseModel, .term, "base_model"),
    FieldRule(.baselineModel, .term, "baseline_model"),
    FieldRule(.runID, .identifier, "run_id"),
    FieldRule(.trafficPercentage, .number, "traffic_percentage"),
    FieldRule(.arm, .term, "arm"),
    FieldRule(.qualityScore, .number, "quality_score"),
    FieldRule(.isError, .flag, .shared(.top("error"))),
    FieldRule(.improvement, .number, "improvement"),
    FieldRule(.accuracyChange, .number, "accuracy_change"),
    FieldRule(.latencyChange, .number, "latency_change"),
    FieldRule(.memoryChange, .number, "memory_change"),
    FieldRule(.forgettingRate, .number, "forgetting_rate"),
    FieldRule(.safetyPassed, .flag, "safety_passed"),
  ]
}
