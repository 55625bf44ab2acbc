package import Bytes
package import Events

/// How an interaction ended.
package enum Outcome: UInt8, Sendable, CaseIterable {
  case failure = 0
  case partial = 1
  case success = 2

  package var name: String {
    switch self {
    case .failure: "failure"
    case .partial: "partial"
    case .success: "success"
    }
  }
}

/// What an outcome rests on, weak to strong.
package enum OutcomeBasis: UInt8, Sendable, CaseIterable, Comparable {
  case text = 0
  case `self` = 1
  case tool = 2
  case exitCode = 3
  case tests = 4
  case human = 5
  case benchmark = 6

  package var name: String {
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

  package init?(name: String) {
    guard let basis = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = basis
  }

  package static func < (left: OutcomeBasis, right: OutcomeBasis) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// How much an interaction is worth as an example.
package enum Tier: UInt8, Sendable, CaseIterable {
  case reference = 0
  case highValue = 1
  case highQuality = 2
  case exceptional = 3

  package var name: String {
    switch self {
    case .reference: "reference"
    case .highValue: "high_value"
    case .highQuality: "high_quality"
    case .exceptional: "exceptional"
    }
  }
}

/// What people said or did about an interaction, merged over all its events.
package struct Feedback: Equatable, Sendable {
  /// −1, 0 or +1; nil when nobody said.
  package var explicit: Int8?
  package var copied: Bool?
  package var modified: Bool?
  package var accepted: Bool?
  package var abandoned: Bool?

  package init() {}

  package var hasImplicit: Bool {
    copied != nil || modified != nil || accepted != nil || abandoned != nil
  }
}

/// The parts of a value score, each from 0 to 1, and their weighted sum.
package struct Score: Equatable, Sendable {
  package var outcome: FixedPoint
  package var feedback: FixedPoint
  package var reusability: FixedPoint
  package var complexity: FixedPoint
  package var novelty: FixedPoint
  package var total: FixedPoint
  package var tier: Tier
  package var confidence: FixedPoint

  package init(
    outcome: FixedPoint, feedback: FixedPoint, reusability: FixedPoint, complexity: FixedPoint,
    novelty: FixedPoint, total: FixedPoint, tier: Tier, confidence: FixedPoint
  ) {
    self.outcome = outcome
    self.feedback = feedback
    self.reusability = reusability
    self.complexity = complexity
    self.novelty = novelty
    self.total = total
    self.tier = tier
    self.confidence = confidence
  }

  package var isHighValue: Bool { tier != .reference }
}

/// The events that something stands on: the first 32 of them, the last, and how many.
package struct Evidence: Equatable, Sendable {
  package static let keptMax = 32

  package private(set) var first: [Offset]
  package private(set) var last: Offset
  package private(set) var count: UInt64

  package init(_ offset: Offset) {
    first = [offset]
    last = offset
    count = 1
  }

  package init(first: [Offset], last: Offset, count: UInt64) {
    self.first = first
    self.last = last
    self.count = count
  }

  /// Adds an event. Offsets come in order; the same one twice counts once.
  package mutating func add(_ offset: Offset) {
    if offset == last { return }
    if first.count < Self.keptMax { first.append(offset) }
    last = offset
    count += 1
  }
}

/// The clusters of a prompt: from its coming on, and for good, those of the earliest prompts that it is
/// similar to, of those that began one. What cannot be compared by its words is with its equals.
package struct PromptClusters: Equatable, Sendable {
  /// Of prompts at least 0.85 similar to the first.
  package var wide: UInt64
  /// Of prompts at least 0.95 similar to the first.
  package var narrow: UInt64

  package init(wide: UInt64, narrow: UInt64) {
    self.wide = wide
    self.narrow = narrow
  }
}

/// A piece of work with an outcome, and what later events say of it, as known at one offset.
package struct Interaction: Equatable, Sendable {
  /// Interactions with an outcome are numbered from 0, in the order of `offset`.
  package var number: UInt64
  /// The event that first gave it an outcome.
  package var offset: Offset
  package var stream: Stream
  /// The kind and the time of that event.
  package var kind: String
  package var time: Timestamp
  package var outcome: Outcome
  package var basis: OutcomeBasis
  package var feedback: Feedback
  /// Text, ids, factors and metrics, merged over its events.
  package var fields: Fields
  /// Nil while there is no prompt.
  package var prompts: PromptClusters?
  package var score: Score
  package var evidence: Evidence

  package init(
    number: UInt64, offset: Offset, stream: Stream, kind: String, time: Timestamp,
    outcome: Outcome, basis: OutcomeBasis, feedback: Feedback, fields: Fields,
    prompts: PromptClusters?, score: Score, evidence: Evidence
  ) {
    self.number = number
    self.offset = offset
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
}
