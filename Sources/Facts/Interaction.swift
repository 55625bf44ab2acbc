public import Bytes
public import Events
public import Views

/// How an interaction ended.
public enum Outcome: UInt8, NamedChoice {
  case failure = 0
  case partial = 1
  case success = 2

  public var name: String {
    switch self {
    case .failure: "failure"
    case .partial: "partial"
    case .success: "success"
    }
  }
}

/// What an outcome rests on, weak to strong.
public enum OutcomeBasis: UInt8, NamedChoice, Comparable {
  case text = 0
  case `self` = 1
  case tool = 2
  case exitCode = 3
  case tests = 4
  case human = 5
  case benchmark = 6

  public var name: String {
    switch self {
    case .text: "text"
    case .`self`: "self"
    case .tool: "tool"
    case .exitCode: "exit_code"
    case .tests: "tests"
    case .human: "human"
    case .benchmark: "benchmark"
    }
  }

  public init?(name: String) {
    guard let basis = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = basis
  }

  public static func < (left: OutcomeBasis, right: OutcomeBasis) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// How much an interaction is worth as an example.
public enum Tier: UInt8, NamedChoice {
  case reference = 0
  case highValue = 1
  case highQuality = 2
  case exceptional = 3

  public var name: String {
    switch self {
    case .reference: "reference"
    case .highValue: "high_value"
    case .highQuality: "high_quality"
    case .exceptional: "exceptional"
    }
  }
}

/// The feedback of people on an interaction, merged over all its events.
public struct Feedback: Equatable, Sendable {
  /// −1, 0 or +1; nil when there is none.
  public var explicit: Int8?
  public var copied: Bool?
  public var modified: Bool?
  public var accepted: Bool?
  public var abandoned: Bool?

  public init() {}

  public var hasImplicit: Bool {
    copied != nil || modified != nil || accepted != nil || abandoned != nil
  }
}

/// The parts of a value score, each from 0 to 1, and their weighted sum.
public struct Score: Equatable, Sendable {
  /// How good the outcome was, from 0 to 1, as the other parts.
  public var outcome: FixedPoint
  public var feedback: FixedPoint
  public var reusability: FixedPoint
  public var complexity: FixedPoint
  public var novelty: FixedPoint
  /// The parts by their weights, from 0 to 1.
  public var total: FixedPoint
  /// By the profile `quality`, whichever gives the total; nil where nothing of it was given.
  public var quality: FixedPoint?
  /// How much of that profile was given, by the weights of its parts.
  public var qualityConfidence: FixedPoint?
  /// What the total is called.
  public var tier: Tier
  /// How much is known of what it rests on, from 0 to 1.
  public var confidence: FixedPoint

  /// Of nothing yet.
  public init() {
    self.init(
      outcome: .zero, feedback: .zero, reusability: .zero, complexity: .zero, novelty: .zero,
      total: .zero, tier: .reference, confidence: .zero)
  }

  public init(
    outcome: FixedPoint, feedback: FixedPoint, reusability: FixedPoint, complexity: FixedPoint,
    novelty: FixedPoint, total: FixedPoint, quality: FixedPoint? = nil,
    qualityConfidence: FixedPoint? = nil,
    tier: Tier, confidence: FixedPoint
  ) {
    self.outcome = outcome
    self.feedback = feedback
    self.reusability = reusability
    self.complexity = complexity
    self.novelty = novelty
    self.total = total
    self.quality = quality
    self.qualityConfidence = qualityConfidence
    self.tier = tier
    self.confidence = confidence
  }

  public var isHighValue: Bool { tier != .reference }
}

/// The clusters of a prompt, which never change: those whose first prompt it is similar to, the
/// earliest ones. A prompt that cannot be compared by its words shares a cluster with equal
/// prompts.
public struct PromptClusters: Equatable, Sendable {
  /// Of prompts at least 0.85 similar to the first.
  public var wide: UInt64
  /// Of prompts that ask the same as the first, by `ScoreRules.samePromptMin`.
  public var narrow: UInt64

  public init(wide: UInt64, narrow: UInt64) {
    self.wide = wide
    self.narrow = narrow
  }
}

/// A piece of work with an outcome, and what later events add to it, as known at one offset.
public struct Interaction: Equatable, Sendable {
  /// Interactions with an outcome are numbered from 0, in the order of `event`.
  public var number: UInt64
  /// The event that first gave it an outcome.
  public var event: EventID
  public var stream: Stream
  /// The kind and the time of that event.
  public var kind: String
  public var time: Timestamp
  /// Whether its line does not say the time.
  public var isTimeInferred = false
  public var outcome: Outcome
  /// What the outcome rests on.
  public var basis: OutcomeBasis
  public var feedback: Feedback
  /// Text, ids, factors and metrics, merged over its events.
  public var fields: Fields
  /// Nil while there is no prompt.
  public var prompts: PromptClusters?
  public var score: Score
  /// The events that it stands on.
  public var evidence: Evidence

  public init(
    number: UInt64, event: EventID, stream: Stream, kind: String, time: Timestamp,
    outcome: Outcome, basis: OutcomeBasis, feedback: Feedback, fields: Fields,
    prompts: PromptClusters?, score: Score, evidence: Evidence
  ) {
    self.number = number
    self.event = event
    self.stream = stream
    self.kind = kind
    self.time = time
    self.outcome = outcome
    self.basis = basis
    self.feedback = feedback
    self.fields = fields
    self.prompts = prompts
    self.score = score
    self.evidence = evidence
  }

  /// The line of the event that first gave it an outcome.
  public var offset: Offset { event.offset }
}

/// What the interactions step derives from an event: an interaction that has its first outcome, or
/// one that has changed since.
public struct Fact: Sendable {
  /// The event that the fact comes from.
  public let event: EventID
  /// The interaction as it was; nil when this is its first outcome.
  public let before: Interaction?
  /// As it is from this event on.
  public let after: Interaction

  public init(of event: EventID, before: Interaction?, after: Interaction) {
    self.event = event
    self.before = before
    self.after = after
  }
}

/// An event that repeats an earlier event of its interaction, and therefore counts once.
public struct Repeat: Equatable, Sendable {
  public let event: EventID
  /// The fields that the earlier event lacked, one bit each.
  public let newFields: UInt128

  public init(of event: EventID, newFields: UInt128 = 0) {
    self.event = event
    self.newFields = newFields
  }
}

/// That an event's feedback was ignored, because its session had given too much in that minute.
public struct IgnoredFeedback: Equatable, Sendable {
  public let event: EventID
  public let session: String
  public let time: Timestamp
  public let isTimeInferred: Bool

  public init(of event: EventID, session: String, time: Timestamp, isTimeInferred: Bool) {
    self.event = event
    self.session = session
    self.time = time
    self.isTimeInferred = isTimeInferred
  }
}
