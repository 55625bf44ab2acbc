/// All fields. To add a name, add it to the line of its field; to add a
/// field, add a case to `Field` and a line here.
enum FieldNames {
  /// The objects in which names are looked up after the line itself, one after the other.
  static let containers = ["task", "context", "metadata", "data", "payload", "result"]

  /// The objects inside those in which names are looked up after all of them.
  static let innerContainers = [InnerContainer(outer: "task", name: "context")]

  /// The line itself, and all objects in which names are looked up.
  static let placeCount = 1 + containers.count + innerContainers.count

  /// Names that are never looked up inside another object, where they mean something else.
  static let topOnly: Set = ["id", "status", "error", "type"]

  /// What stands beside a count of `tests_passed`.
  static let testsFailed = "tests_failed"

  static let rules: [FieldRule] = [
    // Identity.
    FieldRule(
      .interactionID, .identifier,
      "Joins the events of one interaction, within a stream.",
      "interaction_id", "task_id", "query_id", "request_id", "completion_id", "id"),
    FieldRule(
      .sessionID, .identifier,
      "The session, conversation or thread.",
      "session_id", "session", "conversation_id", "thread_id"),
    // Text.
    FieldRule(
      .prompt, .text,
      """
      What was asked. `sha256:<64 hex>` and `[REDACTED:…]` are opaque: equal to \
      themselves, and otherwise no text.
      """,
      "prompt", "query", "input", "instruction", "question", "query_text"),
    FieldRule(
      .response, .text,
      "What was answered. May be opaque, as a prompt.",
      "response", "output", "completion", "answer"),
    FieldRule(
      .correctedResponse, .text,
      "The answer as a person corrected it.",
      "corrected_response"),
    // Outcome.
    FieldRule(.success, .flag, "Whether it worked, as the tool says: basis `tool`.", "success"),
    FieldRule(
      .partialSuccess, .flag,
      "True makes the outcome partial, also beside `success` false.",
      "partial_success"),
    FieldRule(
      .status, .term,
      """
      \(StatusWords.success.joined(separator: ", ")): success; \
      \(StatusWords.failure.joined(separator: ", ")): failure; \
      \(StatusWords.partial.joined(separator: ", ")): partial. Basis `self`.
      """,
      "status"),
    FieldRule(
      .outcomeBasis, .term,
      "What decides the outcome: text, self, tool, exit_code, tests, human or benchmark.",
      "outcome_basis"),
    FieldRule(.passed, .flag, "Of a `harness_eval`: whether it worked.", "passed"),
    // Work.
    FieldRule(
      .iterations, .number, unit: .count,
      "How often it was tried, from 1; of several the greatest.",
      "iterations", "total_iterations", "iteration", "attempts", "attempt"),
    FieldRule(.steps, .number, unit: .count, "Steps that the work took.", "steps"),
    FieldRule(
      .toolsUsed, .terms,
      "Names of the tools that were used.",
      "tools_used", .single("tool_name")),
    FieldRule(
      .toolCalls, .count, unit: .count,
      "Calls of tools: how many, or the calls.",
      "tool_calls"),
    FieldRule(
      .filesModified, .count, unit: .count,
      "Files that were changed: how many, or their names.",
      "files_modified"),
    FieldRule(.linesChanged, .number, unit: .lines, "Lines that were changed.", "lines_changed"),
    FieldRule(
      .exitCode, .number,
      "The exit code of a process: 0 is success. Basis `exit_code`.",
      "exit_code"),
    FieldRule(
      .testsPassed, .verdict,
      "Whether the tests passed, or how many did, beside `tests_failed`. Basis `tests`.",
      "tests_passed"),
    FieldRule(.hasCode, .flag, "Whether the response holds code.", "has_code"),
    FieldRule(.hasExplanation, .flag, "Whether the response explains.", "has_explanation"),
    // Feedback.
    FieldRule(.userFeedback, .sign, "−1, 0 or +1.", "user_feedback", "feedback"),
    FieldRule(.rating, .rating, "From 1 to 5: ≤2 is −1, 3 is 0, ≥4 is +1.", "rating"),
    FieldRule(.helpful, .flag, "Whether the answer helped: true is +1, false −1.", "helpful"),
    FieldRule(
      .copiedToClipboard, .flag,
      "Whether the answer was copied: implicit feedback.",
      "copied_to_clipboard"),
    FieldRule(
      .modifiedResponse, .flag,
      "Whether the answer was used, with changes: implicit feedback.",
      "modified_response"),
    FieldRule(
      .accepted, .flag,
      "Whether the answer was accepted: implicit feedback, and an outcome with the basis `human`.",
      "accepted"),
    FieldRule(
      .abandoned, .flag,
      """
      Whether the answer was given up: implicit feedback; true is a failure with the \
      basis `human`.
      """,
      "abandoned"),
    // Factors.
    FieldRule(
      .model, .term, "The model that answered.", "model", "model_used", "llm_model",
      .ofModels("model_name"), .ofModels("modelName")),
    FieldRule(.llmUsed, .term, "`local` or `remote`.", "llm_used"),
    FieldRule(.isLocal, .flag, "Whether the model ran here.", "is_local", "local"),
    FieldRule(.route, .term, "Where a request was sent.", "route"),
    FieldRule(.backend, .term, "The agent behind a task.", "backend"),
    FieldRule(.provider, .term, "Who serves the model.", "provider"),
    FieldRule(.extension, .term, "The extension of an editor.", "extension"),
    FieldRule(.profile, .term, "The retrieval or inference profile.", "profile"),
    FieldRule(.agentType, .term, "The kind of agent.", "agent_type"),
    FieldRule(.language, .term, "The programming language.", "language"),
    FieldRule(.taskType, .term, "The kind of task.", "task_type", .ofModels("taskType")),
    FieldRule(
      .domain, .term,
      "The field of work; it may have a threshold of its own (`values.domains`).",
      "domain"),
    FieldRule(.cacheHit, .flag, "Whether the answer came from a cache.", "cache_hit"),
    FieldRule(
      .contextRetrieved, .presence,
      "Whether anything was retrieved: true or false, a count, or a list.",
      "context_retrieved", "qdrant_results", "rag_hits", "context_count"),
    FieldRule(.strategy, .term, "The strategy that was chosen.", "strategy"),
    FieldRule(.project, .term, "The project that was worked on.", "project"),
    // Metrics.
    FieldRule(
      .tokensInput, .number, unit: .tokens,
      "Tokens that the model read.",
      "tokens_input", "prompt_tokens", "tokens_in", "input_tokens"),
    FieldRule(
      .tokensOutput, .number, unit: .tokens,
      "Tokens that the model wrote.",
      "tokens_output", "completion_tokens", "tokens_out", "output_tokens"),
    FieldRule(
      .tokensUsed, .number, unit: .tokens,
      "Tokens read and written together. With one of both known, it gives the other.",
      "tokens_used"),
    FieldRule(
      .latencyMS, .number, unit: .milliseconds,
      "How long it took.",
      "latency_ms", .ofModels("latencyMs"), "duration_ms", "response_time_ms", "execution_time_ms",
      .times(
        1_000,
        "duration_s")),
    FieldRule(.costUSD, .number, unit: .usd, "What it cost.", "cost_usd", "cost", "total_cost_usd"),
    // Errors.
    FieldRule(.errorType, .term, "The type of an error.", "error_type", .error(.type)),
    FieldRule(
      .errorMessage, .text,
      "The message of an error.",
      "error_message", .error(.message), .on(["error"], "message"), "last_error", "last_exception"),
    FieldRule(.errorStack, .text, "The stack of an error.", "error_stack", .error(.stack)),
    FieldRule(
      .fix, .text,
      "What mended an error.",
      "fix", "successful_fix", "resolution",
      .on(Kinds.resolvingErrors, "solution", including: Kinds.resolvesError)),
    FieldRule(.command, .text, "The command that was run.", "command"),
    // Quality.
    FieldRule(
      .timeToFirstUseS, .number, unit: .seconds,
      "Time until the answer was first used.",
      "time_to_first_use_s"),
    FieldRule(
      .codeCompiles, .share, "Whether the code compiles, or what share of it, 0 to 1.",
      "code_compiles"),
    FieldRule(
      .lintPasses, .share, "Whether the linter passes, or what share of its checks, 0 to 1.",
      "lint_passes"),
    FieldRule(
      .typeCheckPasses, .share, "Whether the type checker passes, or on what share, 0 to 1.",
      "type_check_passes"),
    FieldRule(
      .deploymentSuccess, .share, "Whether it could be deployed, or how often, 0 to 1.",
      "deployment_success"),
    FieldRule(
      .noRuntimeErrors, .share, "Whether it ran without errors, or how often, 0 to 1.",
      "no_runtime_errors"),
    FieldRule(.styleScore, .fraction, unit: .fraction, "Style of the code, 0 to 1.", "style_score"),
    FieldRule(
      .maintainabilityScore, .fraction, unit: .fraction,
      "Maintainability of the code, 0 to 1.",
      "maintainability_score"),
    FieldRule(
      .securityScore, .fraction, unit: .fraction,
      "Security of the code, 0 to 1.",
      "security_score"),
    FieldRule(
      .performanceScore, .fraction, unit: .fraction,
      "Performance of the code, 0 to 1.",
      "performance_score"),
    FieldRule(
      .projectScore, .fraction, unit: .fraction,
      "Project relevance, 0 to 1.",
      "project_score"),
    FieldRule(
      .patternScore, .fraction, unit: .fraction,
      "Pattern relevance, 0 to 1.",
      "pattern_score"),
    FieldRule(
      .domainScore, .fraction, unit: .fraction, "Domain relevance, 0 to 1.", "domain_score"),
    FieldRule(
      .generationTimeS, .number, unit: .seconds,
      "Time that the answer took.",
      "generation_time_s"),
    FieldRule(
      .solutionComplexity, .fraction, unit: .fraction,
      "How complex the solution is, 0 to 1.",
      "solution_complexity"),
    FieldRule(
      .productivityGain, .fraction, unit: .fraction,
      "How much work it saved, 0 to 1.",
      "productivity_gain"),
    // Judgments and preferences.
    FieldRule(.chosen, .text, "The better answer, of a judgment or preference.", "chosen"),
    FieldRule(.rejected, .text, "The worse answer, of a judgment or preference.", "rejected"),
    FieldRule(.margin, .number, unit: .fraction, "How much better, 0 to 1.", "margin"),
    FieldRule(.reason, .text, "Why, of a judgment or of a change of a deployment.", "reason"),
    // Models and deployments.
    FieldRule(
      .deploymentID, .identifier, "The deployment.", "deployment_id", .ofModels("deploymentId")),
    FieldRule(
      .version, .version,
      "The version of a model; without one, the newest registered.",
      "version", .ofModels("model_version"), .ofModels("modelVersion")),
    FieldRule(
      .baseModel, .term, "What a model was trained from.", "base_model", .ofModels("baseModel")),
    FieldRule(
      .baselineModel, .term, "What a deployment is compared with.", "baseline_model",
      .ofModels("baselineModel")),
    FieldRule(.runID, .identifier, "The training run.", "run_id", .ofModels("runId")),
    FieldRule(
      .trafficPercentage, .number, unit: .percent,
      "Share of the requests, 0 to 100.",
      "traffic_percentage", .ofModels("trafficPercentage")),
    FieldRule(
      .arm, .term,
      "`deployment` or `baseline`: which of the two answered the request of an `ab_result`.",
      "arm"),
    FieldRule(
      .qualityScore, .number,
      "How good the answer of an `ab_result` was; more is better.",
      "quality_score", .ofModels("qualityScore")),
    FieldRule(
      .isError, .flag,
      "Of an `ab_result`: whether the request ended in an error.",
      .shared("error")),
    FieldRule(
      .improvement, .number, unit: .fraction,
      "Change of quality as a fraction; positive is better.",
      "improvement"),
    FieldRule(
      .accuracyChange, .number, unit: .fraction,
      "Change of accuracy as a fraction; positive is better.",
      "accuracy_change", .ofModels("accuracyChange")),
    FieldRule(
      .latencyChange, .number, unit: .fraction,
      "Change of latency as a fraction; positive is better.",
      "latency_change", .ofModels("latencyChange")),
    FieldRule(
      .memoryChange, .number, unit: .fraction,
      "Change of memory as a fraction; positive is better.",
      "memory_change", .ofModels("memoryChange")),
    FieldRule(
      .forgettingRate, .number, unit: .fraction,
      "Share of what was known before and is lost, 0 to 1.",
      "forgetting_rate", .ofModels("forgettingRate")),
    FieldRule(
      .safetyPassed, .flag, "Whether the safety checks passed.", "safety_passed",
      .ofModels("safetyPassed")),
    // Agents.
    FieldRule(.agent, .term, "The tool that an agent runs in: `claude-code`, `codex`.", "agent"),
    FieldRule(
      .agentID, .identifier,
      "The sub-agent within a session; none for the session's own agent.",
      "agent_id"),
    FieldRule(.agentVersion, .version, "The version of that tool.", "agent_version"),
    FieldRule(.effort, .term, "How much a model was told to think.", "effort"),
    FieldRule(
      .permissionMode, .term,
      "What the agent may do without being asked.",
      "permission_mode"),
    FieldRule(.gitBranch, .term, "The branch that was worked on.", "git_branch"),
    FieldRule(
      .tokensCacheRead, .number, unit: .tokens,
      "Tokens that the model read from a cache; not in `tokens_input`.",
      "tokens_cache_read"),
    FieldRule(
      .tokensCacheWrite, .number, unit: .tokens,
      "Tokens that were written to a cache; not in `tokens_input`.",
      "tokens_cache_write"),
    FieldRule(
      .tokensReasoning, .number, unit: .tokens,
      "Tokens that the model thought with; in `tokens_output`.",
      "tokens_reasoning"),
    FieldRule(
      .modelCalls, .number, unit: .count,
      "Calls of models that the work took.",
      "model_calls"),
    // What the work was.
    FieldRule(.userID, .identifier, "The person who asked.", "user_id"),
    FieldRule(.traceID, .identifier, "The trace that joins what led to an answer.", "trace_id"),
    FieldRule(.phase, .term, "The phase of the work.", "phase"),
    FieldRule(.skill, .term, "The skill that was used.", "skill"),
    FieldRule(.role, .term, "The role that an agent had.", "role"),
    FieldRule(
      .reasoningMode, .term,
      "How the model reasoned: standard, tree_of_thought, mars or decomposition.",
      "reasoning_mode"),
    FieldRule(
      .statedComplexity, .complexity,
      """
      How hard the task is said to be: simple (or low), moderate (or medium), complex (or high), \
      very_complex or expert, in whatever case; or 0 to 1.
      """,
      "complexity", "task_complexity"),
    FieldRule(
      .confidenceScore, .fraction, unit: .fraction,
      "How sure the one who answered was, 0 to 1.",
      "confidence_score"),
    FieldRule(
      .testsPassRate, .fraction, unit: .fraction,
      """
      The share of the tests that passed, 0 to 1; without it, of the counts `tests_passed` and \
      `tests_failed`: true is 1, false 0.
      """,
      "tests_pass_rate", .ofTests("tests_passed")),
    FieldRule(.tags, .terms, "What the work was about, in words of its own.", .single("tags")),
    FieldRule(
      .toolInput, .identifier,
      "A hash of what a tool was given: calls of one tool with the same hash are alike.",
      "tool_input_hash"),
    FieldRule(
      .systemMessage, .text,
      "What the model was told before all that was asked: of the interaction, or of the session.",
      "system_message", "system_prompt"),
  ]
}

/// An object inside one of `containers`.
struct InnerContainer: Sendable {
  let outer: String
  let name: String
}
