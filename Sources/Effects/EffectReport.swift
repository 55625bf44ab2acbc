package import Bytes

/// What came of one want, to be written down.
package struct EffectOutcome: Sendable {
  /// The event that tells of it, as a line.
  package let line: [UInt8]
  /// Whether the want is done with.
  package let isFinal: Bool
  package let task: EffectTask
  package let failure: EffectFailure?
  package let cost: FixedPoint
  package let correction: Correction
  package let day: Int64
}

/// What a run did.
package struct EffectReport: Equatable, Sendable {
  package var answered = 0
  package var failed = 0
  /// Of those that failed, those that are wanted no more.
  package var givenUp = 0
  package var calls: UInt64 = 0
  package var cost = FixedPoint.zero
  /// Wants that were not tried, since their server is left alone, or after what failed before.
  package var waiting = 0
  /// Why something was not asked for; nil where the budget of the day was enough.
  package var budgetReached: String?
  /// What failed, each once.
  package var reasons: [String] = []
  /// What servers say of it, each once: not to be written down.
  package var explanations: [String] = []
  /// Milliseconds after which a server that is left alone may be asked again; nil where none is.
  package var nextTry_ms: Int?
  /// The servers that are left alone, by their names.
  package var resting: [EndpointRest] = []
  /// What the day has taken, UTC, of this run and of others.
  package var spentToday = Budget(calls: 0, cost: .zero)

  package init() {}
}
