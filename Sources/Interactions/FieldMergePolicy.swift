import Bytes
import Events
import Facts

/// How the value of an event's field is merged into the interaction.
///
/// `policies(of:)` gives the policy of each field in each role:
///
/// - ids, prompt and factors are completed: the first value of each is kept, but for the model of an
///   agent's turn, which is that of its first call, whichever is read first;
/// - a response is kept until a closing event whose verdict becomes the outcome brings another, so
///   that outcome and response come from one event; a response that cannot be read never replaces
///   one that can;
/// - a part adds no texts and no metrics, because those of a tool call are the tool's own;
/// - an annotation adds feedback, test results and measures of quality.
enum FieldMergePolicy: UInt8, Sendable {
  /// The value is dropped.
  case ignored = 0
  /// The first value is kept.
  case completes = 1
  /// The latest value is kept. Numbers are never added, since events repeat and accumulate them.
  case replaces = 2
  /// The greatest number is kept, and true once an event says so.
  case greatest = 3
  /// Names are united into one set.
  case joins = 4
  /// The first value is kept, until an event whose verdict becomes the outcome brings another.
  case withOutcome = 5

  private static let table: [[FieldMergePolicy]] = EventRole.allCases.map { role in
    Field.allCases.map { policy(of: group(of: $0), in: role) }
  }

  /// The policies of a role, by a field's raw value.
  static func policies(of role: EventRole) -> [FieldMergePolicy] { table[Int(role.rawValue)] }
}

private enum FieldGroup {
  case identity, prompt, response, verdict, tests, count, set, feedback, factor, metric, error
  case quality, other
}

private func group(of field: Field) -> FieldGroup {
  switch field {
  case .interactionID, .sessionID, .userID, .traceID: .identity
  case .prompt: .prompt
  case .response, .hasCode, .hasExplanation: .response
  case .success, .partialSuccess, .status, .outcomeBasis, .passed, .exitCode: .verdict
  case .testsPassed, .testsPassRate: .tests
  case .iterations, .steps, .toolCalls, .linesChanged, .modelCalls, .contextRetrieved: .count
  case .toolsUsed, .filesModified, .tags: .set
  case .userFeedback, .rating, .helpful, .copiedToClipboard, .modifiedResponse, .accepted,
    .abandoned, .correctedResponse:
    .feedback
  case .model, .llmUsed, .isLocal, .route, .backend, .provider, .extension, .profile, .agentType,
    .language, .taskType, .domain, .cacheHit, .strategy, .project, .agent,
    .agentID, .agentVersion, .effort, .permissionMode, .gitBranch, .phase, .skill, .role,
    .reasoningMode, .statedComplexity, .systemMessage:
    .factor
  case .tokensInput, .tokensOutput, .tokensUsed, .costUSD, .latencyMS, .tokensCacheRead,
    .tokensCacheWrite, .tokensReasoning, .confidenceScore:
    .metric
  case .errorType, .errorMessage, .errorStack, .fix, .command: .error
  case .timeToFirstUseS, .codeCompiles, .lintPasses, .typeCheckPasses, .deploymentSuccess,
    .noRuntimeErrors, .styleScore, .maintainabilityScore, .securityScore, .performanceScore,
    .projectScore, .patternScore, .domainScore, .generationTimeS, .solutionComplexity,
    .productivityGain:
    .quality
  default: .other
  }
}

private func policy(of group: FieldGroup, in role: EventRole) -> FieldMergePolicy {
  switch (role, group) {
  case (.none, _): .ignored
  case (.opens, .identity), (.part, .identity), (.closes, .identity), (.annotates, .identity):
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
  case (.closes, .tests), (.annotates, .tests), (.closes, .quality), (.annotates, .quality):
    .replaces
  case (.closes, .feedback), (.annotates, .feedback): .replaces
  default: .ignored
  }
}

/// How many names a set keeps: the first distinct ones.
private let setMax = 256

/// How an event changed the prompt and the response.
struct TextChange {
  /// Whether there was no prompt before.
  let lackedPrompt: Bool
  /// Whether there was no response before.
  let lackedResponse: Bool
  /// Whether the event changed the response.
  var hasResponse = false
}

extension InteractionState {
  /// Makes the verdict of an event the outcome, unless the known outcome has stronger evidence.
  /// Returns whether it did. How an agent's turn stands is told anew each time, with all that is
  /// known of it by then: the last that is said of it holds.
  func take(_ verdict: Verdict, from event: borrowing Event, number: () -> UInt64) -> Bool {
    let isOfTurn = Kinds.isTurn(event.kind)
    if let known = outcomeRecord {
      let isToldAnew = isOfTurn && known.isOfTurn
      guard isToldAnew || verdict.basis >= known.verdict.basis else { return false }
      outcomeRecord?.verdict = verdict
      outcomeRecord?.isOfTurn = isOfTurn
      if isToldAnew {
        for field in [Field.success, .partialSuccess, .status, .outcomeBasis, .passed, .exitCode] {
          fields[field] = nil
        }
      }
    } else {
      outcomeRecord = OutcomeRecord(
        number: number(), event: event.id, kind: event.kind, time: event.time,
        isTimeInferred: event.envelope.isTimeInferred, verdict: verdict, isOfTurn: isOfTurn)
    }
    return true
  }

  func close(by event: borrowing Event) {
    isClosed = true
    closed = event.envelope.isTimeInferred ? nil : event.time
  }

  /// Merges the fields of an event, each by the policy of the event's role.
  ///
  /// - Parameters:
  ///   - observed: the fields that count: of a repeat only the new ones, and no feedback that is
  ///     ignored.
  ///   - isDecisive: whether the event's verdict has become the outcome.
  ///   - isOfTurn: whether the event says how an agent's turn stands, with all that is known of it.
  func take(
    _ observed: Fields, role: EventRole, isDecisive: Bool, isOfTurn: Bool
  ) -> TextChange {
    var change = TextChange(
      lackedPrompt: !fields.has(.prompt), lackedResponse: !fields.has(.response))
    if role == .closes || role == .annotates {
      feedback.observe(observed)
      if observed.contradictsRating(of: fields) { fields[.rating] = nil }
    }
    if fields.isEmpty, role == .closes {
      // The event both begins and ends the interaction, so there is nothing to merge with.
      fields = observed
      for field in [Field.toolsUsed, .filesModified, .tags] { tidy(field) }
      change.hasResponse = observed.has(.response)
      return change
    }
    let policies = FieldMergePolicy.policies(of: role)
    observed.forEach { field, value in
      let mayReplace =
        switch policies[Int(field.rawValue)] {
        case .ignored: false
        case .completes: !fields.has(field) || (isOfTurn && field == .model)
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

  /// Whether a text may replace another: one that cannot be read never replaces one that can.
  private func isReadable(_ value: FieldValue, over field: Field) -> Bool {
    guard case .text(let new) = value, let old = fields.text(field) else { return true }
    return !isOpaque(new) || isOpaque(old)
  }

  private func isGreater(_ field: Field, _ value: FieldValue) -> Bool {
    switch (fields[field], value) {
    case (.number(let old)?, .number(let number)): return number > old
    case (.bool(false)?, .bool(true)): return true
    case (let old, _): return old == nil
    }
  }

  /// Unites names with those already known. Returns whether the value replaces the known one as it
  /// is: a greater count does, also where it is greater than the number of known names.
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
