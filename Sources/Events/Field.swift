public import Bytes

/// The canonical fields: what foldlog reads from a line, whatever its writer calls it.
///
/// The other names of each, and where they are looked up, stand in `FieldNames.swift` and in
/// schemas/events.
public enum Field: UInt8, Sendable, CaseIterable {
  // Identity.
  case interactionID, sessionID
  // Text.
  case prompt, response, correctedResponse
  // Outcome.
  case success, partialSuccess, status, outcomeBasis, passed
  // Work.
  case iterations, steps, toolsUsed, toolCalls, filesModified, linesChanged, exitCode
  case testsPassed, hasCode, hasExplanation
  // Feedback. `rating` keeps its 1 to 5, `helpful` its boolean.
  case userFeedback, rating, helpful, copiedToClipboard, modifiedResponse, accepted, abandoned
  // Factors.
  case model, llmUsed, isLocal, route, backend, provider, `extension`, profile, agentType, language
  case taskType, domain, cacheHit, contextRetrieved, strategy, project
  // Metrics.
  case tokensInput, tokensOutput, tokensUsed, latencyMS, costUSD
  // Errors.
  case errorType, errorMessage, errorStack, fix, command
  // Quality.
  case timeToFirstUseS, codeCompiles, lintPasses, typeCheckPasses, deploymentSuccess
  case noRuntimeErrors, styleScore, maintainabilityScore, securityScore, performanceScore
  case projectScore, patternScore, domainScore, generationTimeS, solutionComplexity
  case productivityGain
  // Judgments and preferences.
  case chosen, rejected, margin, reason
  // Models and deployments.
  case deploymentID, version, baseModel, baselineModel, runID, trafficPercentage, arm, qualityScore
  case isError, improvement, accuracyChange, latencyChange, memoryChange, forgettingRate
  case safetyPassed

  /// As lines and rows write it: `exit_code`, `cost_usd`.
  public var name: String { FieldNames.rules[Int(rawValue)].names.first?.key ?? "\(self)" }
}

/// What a canonical field can hold.
public enum FieldValue: Equatable, Sendable {
  case text(String)
  case number(FixedPoint)
  case bool(Bool)
  case texts([String])
}

/// The type that a field's values have.
public enum FieldType: Sendable {
  case text, number, bool, texts
}

extension Field {
  /// The type of its values.
  public var type: FieldType {
    switch FieldNames.rules[Int(rawValue)].shape {
    case .text, .term, .identifier, .version: .text
    case .number, .count, .sign, .rating: .number
    case .flag, .presence, .verdict: .bool
    case .terms: .texts
    }
  }
}
