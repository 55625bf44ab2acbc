public import Bytes

/// The canonical fields: what foldlog reads from a line, whatever its writer calls it.
///
/// The number of each is kept by tables, and never changes. The names, the sentence and the unit of
/// each, and where it is looked up, stand in `FieldNames.swift`.
public enum Field: UInt8, Sendable, CaseIterable {
  // Identity.
  case interactionID = 0
  case sessionID = 1
  // Text.
  case prompt = 2
  case response = 3
  case correctedResponse = 4
  // Outcome.
  case success = 5
  case partialSuccess = 6
  case status = 7
  case outcomeBasis = 8
  case passed = 9
  // Work.
  case iterations = 10
  case steps = 11
  case toolsUsed = 12
  case toolCalls = 13
  case filesModified = 14
  case linesChanged = 15
  case exitCode = 16
  case testsPassed = 17
  case hasCode = 18
  case hasExplanation = 19
  // Feedback. `rating` keeps its 1 to 5, `helpful` its boolean.
  case userFeedback = 20
  case rating = 21
  case helpful = 22
  case copiedToClipboard = 23
  case modifiedResponse = 24
  case accepted = 25
  case abandoned = 26
  // Factors.
  case model = 27
  case llmUsed = 28
  case isLocal = 29
  case route = 30
  case backend = 31
  case provider = 32
  case `extension` = 33
  case profile = 34
  case agentType = 35
  case language = 36
  case taskType = 37
  case domain = 38
  case cacheHit = 39
  case contextRetrieved = 40
  case strategy = 41
  case project = 42
  // Metrics.
  case tokensInput = 43
  case tokensOutput = 44
  case tokensUsed = 45
  case latencyMS = 46
  case costUSD = 47
  // Errors.
  case errorType = 48
  case errorMessage = 49
  case errorStack = 50
  case fix = 51
  case command = 52
  // Quality.
  case timeToFirstUseS = 53
  case codeCompiles = 54
  case lintPasses = 55
  case typeCheckPasses = 56
  case deploymentSuccess = 57
  case noRuntimeErrors = 58
  case styleScore = 59
  case maintainabilityScore = 60
  case securityScore = 61
  case performanceScore = 62
  case projectScore = 63
  case patternScore = 64
  case domainScore = 65
  case generationTimeS = 66
  case solutionComplexity = 67
  case productivityGain = 68
  // Judgments and preferences.
  case chosen = 69
  case rejected = 70
  case margin = 71
  case reason = 72
  // Models and deployments.
  case deploymentID = 73
  case version = 74
  case baseModel = 75
  case baselineModel = 76
  case runID = 77
  case trafficPercentage = 78
  case arm = 79
  case qualityScore = 80
  case isError = 81
  case improvement = 82
  case accuracyChange = 83
  case latencyChange = 84
  case memoryChange = 85
  case forgettingRate = 86
  case safetyPassed = 87
  // Agents.
  case agent = 88
  case agentID = 89
  case agentVersion = 90
  case effort = 91
  case permissionMode = 92
  case gitBranch = 93
  case tokensCacheRead = 94
  case tokensCacheWrite = 95
  case tokensReasoning = 96
  case modelCalls = 97
  // What the work was: who asked, in which role, how hard it was said to be.
  case userID = 98
  case traceID = 99
  case phase = 100
  case skill = 101
  case role = 102
  case reasoningMode = 103
  case statedComplexity = 104
  case confidenceScore = 105
  /// Beside `testsPassed`, which says whether all did.
  case testsPassRate = 106
  /// What the work was about, in words of its own.
  case tags = 107
  /// Of a call of a tool.
  case toolInput = 108
  /// What the model was told before all that was asked.
  case systemMessage = 109

  /// As lines and rows write it: `exit_code`, `cost_usd`.
  public var name: String { FieldNames.rules[Int(rawValue)].names.first?.key ?? "\(self)" }

  /// What it says, in a sentence.
  public var about: String { FieldNames.rules[Int(rawValue)].about }

  /// What its numbers are measured in.
  public var unit: Unit? { FieldNames.rules[Int(rawValue)].unit }
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
    case .text, .term, .identifier, .version, .complexity: .text
    case .number, .fraction, .count, .sign, .rating: .number
    case .flag, .share, .presence, .verdict: .bool
    case .terms: .texts
    }
  }
}

/// How hard a task is said to be.
public enum StatedComplexity: String, CaseIterable, Sendable {
  case simple, moderate, complex
  case veryComplex = "very_complex"
  case expert

  /// Up to which number a task is simple, moderate and complex; beyond that it is very complex.
  public static let bounds = (simple: 0.2, moderate: 0.5, complex: 0.8)

  /// The word that is said, or that stands for what is said as a number from 0 to 1, as the score's own
  /// complexity is banded; what is neither, as it is.
  public static func band(of text: String) -> String {
    if let word = StatedComplexity(word: text) { return word.rawValue }
    guard let number = Double(text), (0...1).contains(number) else { return text }
    let band: StatedComplexity =
      number <= bounds.simple
      ? .simple
      : number <= bounds.moderate
        ? .moderate : number <= bounds.complex ? .complex : .veryComplex
    return band.rawValue
  }

  /// Reads a word in whatever case, its parts joined by `_`, `-` or a space; low, medium and high are
  /// simple, moderate and complex.
  public init?(word: String) {
    let parts = word.lowercased().utf8.split { [0x20, 0x2d, 0x5f].contains($0) }
    switch parts.map({ String(decoding: $0, as: UTF8.self) }).joined(separator: "_") {
    case "low": self = .simple
    case "medium": self = .moderate
    case "high": self = .complex
    case let name: self.init(rawValue: name)
    }
  }
}

/// The words by which a status says how something ended, in whatever case.
public enum StatusWords {
  /// Words for what ended as it should.
  public static let success = ["completed", "success", "ok", "done"]
  /// Words for what did not.
  public static let failure = [
    "failed", "failure", "rejected", "error", "errored", "timeout", "timed_out", "crashed",
    "killed",
    "aborted",
  ]
  /// Words for what ended half-way.
  public static let partial = [
    "stopped", "cancelled", "canceled", "partial", "incomplete", "interrupted",
  ]
}
