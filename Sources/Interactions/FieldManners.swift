import Events
import Facts

/// How a field of an event joins what an interaction already has.
enum Manner: UInt8, Sendable {
  /// Not at all.
  case ignored = 0
  /// When the interaction has none: the first stands.
  case completes = 1
  /// The latest stands: counts that repeat or accumulate are never added.
  case replaces = 2
  /// The greatest number stands.
  case greatest = 3
  /// A set of names.
  case joins = 4
  /// With the outcome: see `InteractionState.takeResponse`.
  case withOutcome = 5
}

/// The manner of each field in each role, where DESIGN is silent:
///
/// - ids, prompt and factors are completed: the first of each stands;
/// - a response stands until that of a closing event comes whose verdict is the outcome now, so
///   that outcome and response are of one piece; one that cannot be read never replaces one that can;
/// - a part adds no texts and no metrics: those of a tool call are the tool's own;
/// - who speaks of an interaction adds what was said of it, its tests and its quality.
enum FieldManners {
  private static let table: [[Manner]] = EventRole.allCases.map { role in
    Field.allCases.map { manner(of: group(of: $0), in: role) }
  }

  /// The manners of a role, by a field's raw value.
  static func of(_ role: EventRole) -> [Manner] { table[Int(role.rawValue)] }
}

private enum FieldGroup {
  case identity, prompt, response, verdict, tests, count, set, feedback, factor, metric, error
  case quality, other
}

private func group(of field: Field) -> FieldGroup {
  switch field {
  case .interactionID, .sessionID: .identity
  case .prompt: .prompt
  case .response, .hasCode, .hasExplanation: .response
  case .success, .partialSuccess, .status, .outcomeBasis, .passed, .exitCode: .verdict
  case .testsPassed: .tests
  case .iterations, .steps, .toolCalls, .linesChanged: .count
  case .toolsUsed, .filesModified: .set
  case .userFeedback, .rating, .helpful, .copiedToClipboard, .modifiedResponse, .accepted,
    .abandoned, .correctedResponse:
    .feedback
  case .model, .llmUsed, .isLocal, .route, .backend, .provider, .extension, .profile, .agentType,
    .language, .taskType, .domain, .cacheHit, .contextRetrieved, .strategy, .project:
    .factor
  case .tokensInput, .tokensOutput, .tokensUsed, .costUSD, .latencyMS: .metric
  case .errorType, .errorMessage, .errorStack, .fix, .command: .error
  case .timeToFirstUseS, .codeCompiles, .lintPasses, .typeCheckPasses, .deploymentSuccess,
    .noRuntimeErrors, .styleScore, .maintainabilityScore, .securityScore, .performanceScore,
    .projectScore, .patternScore, .domainScore, .generationTimeS, .solutionComplexity,
    .productivityGain:
    .quality
  default: .other
  }
}

private func manner(of group: FieldGroup, in role: EventRole) -> Manner {
  switch (role, group) {
  case (.none, _): .ignored
  case (.opens, .identity), (.part, .identity), (.closes, .identity), (.speaks, .identity):
    .completes
  case (.opens, .factor), (.part, .factor), (.closes, .factor): .completes
  case (.opens, .error), (.part, .error), (.closes, .error): .completes
  case (.opens, .count), (.part, .count), (.closes, .count): .greatest
  case (.opens, .set), (.part, .set), (.closes, .set): .joins
  case (.opens, .prompt), (.closes, .prompt), (.opens, .response): .completes
  case (.closes, .response): .withOutcome
  case (.opens, .metric), (.closes, .metric): .replaces
  case (.closes, .verdict): .replaces
  case (.closes, .other): .completes
  case (.closes, .tests), (.speaks, .tests), (.closes, .quality), (.speaks, .quality): .replaces
  case (.closes, .feedback), (.speaks, .feedback): .replaces
  default: .ignored
  }
}
