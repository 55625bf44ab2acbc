import Bytes
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

/// How many names a set keeps: the first distinct ones.
private let setMax = 256

/// What an event changed of the texts.
struct TextChange {
  /// Whether there was no prompt before.
  let lackedPrompt: Bool
  /// Whether there was no response before.
  let lackedResponse: Bool
  /// Whether the response is another one now.
  var hasResponse = false
}

extension InteractionState {
  /// Takes what an event says of the outcome: evidence as strong as what there is, or stronger,
  /// takes its place. Returns whether it did.
  func take(_ verdict: Verdict, from event: Event, number: () -> UInt64) -> Bool {
    if let settled = settlement {
      guard verdict.basis >= settled.verdict.basis else { return false }
      settlement?.verdict = verdict
    } else {
      settlement = Settlement(
        number: number(), event: event.id, kind: event.kind, time: event.time,
        verdict: verdict)
    }
    return true
  }

  func close(by event: Event) {
    isClosed = true
    closed = event.envelope.isTimeInferred ? nil : event.time
  }

  /// Takes the fields of an event, each in the manner of its role.
  ///
  /// - Parameters:
  ///   - heard: the fields that count: without those that a repeat repeats, or feedback that is
  ///     ignored.
  ///   - isDecisive: whether the event's verdict is the outcome now.
  func take(_ heard: Fields, role: EventRole, isDecisive: Bool) -> TextChange {
    var change = TextChange(
      lackedPrompt: !fields.has(.prompt), lackedResponse: !fields.has(.response))
    if role == .closes || role == .speaks { feedback.hear(heard) }
    if fields.isEmpty, role == .closes {
      // It ends what it begins: all that it says stands.
      fields = heard
      for field in [Field.toolsUsed, .filesModified] { tidy(field) }
      change.hasResponse = heard.has(.response)
      return change
    }
    let manners = FieldManners.of(role)
    heard.forEach { field, value in
      let mayReplace =
        switch manners[Int(field.rawValue)] {
        case .ignored: false
        case .completes: !fields.has(field)
        case .replaces: true
        case .greatest: isGreater(field, value)
        case .joins: join(field, value)
        case .withOutcome: !fields.has(field) || (isDecisive && isReadable(value, over: field))
        }
      guard mayReplace else { return }
      fields[field] = value
      if field == .response { change.hasResponse = true }
    }
    return change
  }

  /// Whether a text may take the place of one: what cannot be read never that of what can.
  private func isReadable(_ value: FieldValue, over field: Field) -> Bool {
    guard case .text(let new) = value, let old = fields.text(field) else { return true }
    return !isOpaque(new) || isOpaque(old)
  }

  private func isGreater(_ field: Field, _ value: FieldValue) -> Bool {
    guard case .number(let number) = value, let old = fields.number(field) else {
      return !fields.has(field)
    }
    return number > old
  }

  /// Joins names with those that are there. Returns whether the value stands as it is: of two
  /// counts the greater, and of names and a count what tells of more.
  private func join(_ field: Field, _ value: FieldValue) -> Bool {
    switch (fields[field], value) {
    case (let old, .texts(let new)):
      var names = fields.texts(field) + new
      names = distinct(names)
      let count = FixedPoint(Int64(names.count)) ?? .zero
      if case .number(let known)? = old, known > count { return false }
      fields[field] = .texts(names)
      return false
    case (.texts(let names)?, .number(let count)):
      return count > (FixedPoint(Int64(names.count)) ?? .zero)
    default: return isGreater(field, value)
    }
  }
}

extension InteractionState {
  fileprivate func tidy(_ field: Field) {
    let names = fields.texts(field)
    if names.count > 1 { fields[field] = .texts(distinct(names)) }
  }
}

private func distinct(_ names: [String]) -> [String] {
  var seen: Set<Hash128> = []
  var kept: [String] = []
  for name in names where kept.count < setMax {
    if seen.insert(Hash128(of: name)).inserted { kept.append(name) }
  }
  return kept
}
