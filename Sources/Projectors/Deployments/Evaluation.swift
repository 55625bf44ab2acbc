internal import Bytes
internal import Events

/// The checks that an evaluated model must pass, all of them. Changes are fractions of the value
/// before, and positive is better.
enum EvaluationCheck: UInt8, Sendable, CaseIterable {
  case improvement = 0
  case accuracy = 1
  case latency = 2
  case memory = 3
  case forgetting = 4
  case safety = 5

  var name: String {
    switch self {
    case .improvement: "improvement"
    case .accuracy: "accuracy_change"
    case .latency: "latency_change"
    case .memory: "memory_change"
    case .forgetting: "forgetting_rate"
    case .safety: "safety_passed"
    }
  }

  /// Whether an evaluation passes it: what it does not say, it does not pass.
  func passes(_ fields: Fields) -> Bool {
    switch self {
    case .improvement: atLeast(fields.number(.improvement), hundredths: 5)
    case .accuracy: atLeast(fields.number(.accuracyChange), hundredths: -2)
    case .latency: atLeast(fields.number(.latencyChange), hundredths: -10)
    case .memory: atLeast(fields.number(.memoryChange), hundredths: -5)
    case .forgetting:
      fields.number(.forgettingRate).map { $0 < FixedPoint(hundredths: 30) } ?? false
    case .safety: fields.bool(.safetyPassed) ?? false
    }
  }

  private func atLeast(_ value: FixedPoint?, hundredths: Int64) -> Bool {
    value.map { $0 >= FixedPoint(hundredths: hundredths) } ?? false
  }

  /// The checks that an evaluation fails.
  static func failed(by fields: Fields) -> [EvaluationCheck] {
    allCases.filter { !$0.passes(fields) }
  }
}
