import Events

/// How a field of an event joins what an interaction already has.
enum Manner: UInt8, Sendable {
  /// Not at all.
  case ignored
  /// When the interaction has none: the first stands.
  case completes
  /// The latest stands: counts that repeat or accumulate are never added.
  case replaces
  /// The greatest number stands.
  case greatest
  /// A set of names.
  case joins
  /// With the outcome: see `InteractionState.takeResponse`.
  case withOutcome
}

/// The manner of each field in each role, where DESIGN is silent:
///
/// - ids, prompt and factors are completed; the prompt of a tool call is not the interaction's;
/// - what a part answers is not the answer, and how a part ended is not the outcome;
/// - tokens and cost are totals so far, in parts too; latency is that of a closing event;
/// - who speaks of an interaction adds what was said of it, its tests and its quality, and no
///   factor, count or metric: those are the speaker's own.
enum FieldManners {
  private static let table: [[Manner]] = EventRole.allCases.map { role in
    Field.allCases.map { manner(of: group(of: $0), in: role) }
  }

  /// The manners of a role, by a field's raw value.
  static func of(_ role: EventRole) -> [Manner] { table[Int(role.rawValue)] }
}

private enum FieldGroup {
  case identity, prompt, response, verdict, tests, count, set, aboutResponse, feedback, factor
  case total, latency, error, quality, other
}

private func group(of field: Field) -> FieldGroup {
  switch field {
  case .interactionID, .sessionID: .identity
  case .prompt: .prompt
  case .response: .response
  case .success, .partialSuccess, .status, .outcomeBasis, .passed, .exitCode: .verdict
  case .testsPassed: .tests
  case .iterations, .steps, .toolCalls, .linesChanged: .count
  case .toolsUsed, .filesModified: .set
  case .hasCode, .hasExplanation: .aboutResponse
  case .userFeedback, .rating, .helpful, .copiedToClipboard, .modifiedResponse, .accepted,
    .abandoned, .correctedResponse:
    .feedback
  case .model, .llmUsed, .isLocal, .route, .backend, .provider, .extension, .profile, .agentType,
    .language, .taskType, .domain, .cacheHit, .contextRetrieved, .strategy, .project:
    .factor
  case .tokensInput, .tokensOutput, .tokensUsed, .costUSD: .total
  case .latencyMS: .latency
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
  switch role {
  case .none: .ignored
  case .closes:
    switch group {
    case .identity, .prompt, .factor, .error, .other: .completes
    case .verdict, .tests, .feedback, .total, .latency, .quality: .replaces
    case .count: .greatest
    case .set: .joins
    case .response, .aboutResponse: .withOutcome
    }
  case .opens, .part, .toolPart:
    switch group {
    case .identity, .factor, .error: .completes
    case .prompt: role == .toolPart ? .ignored : .completes
    case .feedback, .total, .quality: .replaces
    case .count: .greatest
    case .set: .joins
    case .response, .aboutResponse, .latency: role == .opens ? .completes : .ignored
    case .verdict, .tests, .other: .ignored
    }
  case .speaks:
    switch group {
    case .identity, .prompt, .response: .completes
    case .tests, .feedback, .quality: .replaces
    default: .ignored
    }
  }
}
