internal import Bytes
internal import HTTP

/// A want on its way: its tries, and what they took.
struct EffectAttempt {
  let task: EffectTask
  let effect: any Effect
  var tries: UInt64 = 0
  var notBefore = 0
  var began = 0
  /// What its tries took, as far as they have ended.
  var spent = Budget(calls: 0, cost: .zero)
  var lastFailure: EffectFailure?
  /// The day of its last try, what was held back for its tries on it, and what it had taken before.
  var day: Int64 = 0
  var held = Budget(calls: 0, cost: .zero)
  var before = Budget(calls: 0, cost: .zero)
  /// Of that, what is held back for the last try.
  var costHeld = FixedPoint.zero

  var place: String { effect.place }
  var endpoint: EndpointName { EndpointName(place: effect.place, kind: task.kind) }

  var correction: Correction {
    Correction(
      calls: Int64(clamping: spent.calls) - Int64(clamping: before.calls)
        - Int64(clamping: held.calls),
      cost: spent.cost - before.cost - held.cost)
  }
}

/// The state of one run.
struct EffectRun {
  var waiting: [EffectAttempt]
  /// Whether nothing new is begun any more.
  var isEnding = false
  var flying: [ObjectIdentifier: (attempt: EffectAttempt, transfer: HTTPTransfer)] = [:]
  var report = EffectReport()
  /// What was refused of kinds of which none was taken yet: it is the fault of these wants if one is.
  var undecided: [(attempt: EffectAttempt, failure: EffectFailure)] = []
  /// Kinds of which somebody has to change settings first.
  var refused: Set<String> = []

  /// How many were begun of each kind, and have not ended.
  var begunByKind: [String: Int] {
    var begun: [String: Int] = [:]
    for attempt in waiting where attempt.tries > 0 { begun[attempt.task.kind, default: 0] += 1 }
    for (attempt, _) in flying.values { begun[attempt.task.kind, default: 0] += 1 }
    return begun
  }
}
