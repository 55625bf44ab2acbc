package import Bytes

/// What may be spent in a day.
package struct Budget: Equatable, Sendable {
  package var calls: UInt64
  package var cost: FixedPoint

  package init(calls: UInt64, cost: FixedPoint) {
    self.calls = calls
    self.cost = cost
  }

  /// Of the calls, those that are kept for what is urgent.
  package var urgentCalls: UInt64 { min(max(1, calls / 10), calls / 2) }

  /// Why a call is not made; nil where it may be.
  ///
  /// - Parameters:
  ///   - spent: on that day, with what is held back.
  ///   - cost: what the call may cost at most: one that costs nothing needs no money.
  ///   - kept: calls that are not for this one.
  func shortage(after spent: Budget, cost: FixedPoint, keeping kept: UInt64) -> String? {
    if spent.calls >= calls {
      return "the budget of a day is reached: \(spent.calls) of \(calls) calls (react.daily_calls)"
    }
    if spent.calls >= calls - min(kept, calls) {
      return
        "the budget of a day is reached: \(spent.calls) of \(calls) calls, and the others are kept "
        + "for alerts (react.daily_calls)"
    }
    if cost <= .zero { return nil }
    if cost > self.cost {
      return "a call may cost \(cost) USD, and a day \(self.cost): it is not made (react.daily_usd)"
    }
    if spent.cost.adding(cost) <= self.cost { return nil }
    let left = max(.zero, self.cost - max(.zero, spent.cost))
    return
      "the budget of a day is reached: a call may cost \(cost) USD, and \(left) of \(self.cost) "
      + "are left (react.daily_usd)"
  }
}

/// By how much a day took more than what was held back for it; less, below zero.
package struct Correction: Equatable, Sendable {
  package let calls: Int64
  package let cost: FixedPoint
}

/// Whether a server takes wants of a kind. As long as it takes none, what it refuses is the fault of
/// settings, an account or a model, and of no want.
struct Standing {
  /// Refusals in a row after which somebody has to change something.
  static let refusalsMax = 5
  /// The same, of a server that never took one.
  static let firstRefusalsMax = 3

  enum Fault {
    case want, unknown, settings
  }

  /// Whether one was taken, with fewer refusals since than would mean anything.
  private(set) var hasTaken = false
  private var refusals = 0

  mutating func take() { (hasTaken, refusals) = (true, 0) }

  /// Notes that one was refused. Returns what is at fault.
  mutating func refuse() -> Fault {
    refusals += 1
    if refusals < (hasTaken ? Self.refusalsMax : Self.firstRefusalsMax) {
      return hasTaken ? .want : .unknown
    }
    (hasTaken, refusals) = (false, 0)
    return .settings
  }
}
