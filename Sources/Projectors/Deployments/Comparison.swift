internal import Bytes

/// How much better a deployment is than its baseline, as a ratio of whole numbers.
struct Improvement: Sendable {
  private let difference: WideInteger
  private let baseline: WideInteger

  /// (deployment − baseline) / baseline of the mean quality. Nil where it has no meaning: no sample
  /// on a side, or a baseline whose mean is not above zero.
  init?(_ deployment: ArmTotals, over baseline: ArmTotals) {
    guard deployment.samples > 0, baseline.samples > 0, baseline.qualitySum > 0 else { return nil }
    // Both means are multiplied by both counts, so that nothing is divided.
    let mine = WideInteger(deployment.qualitySum) * baseline.samples
    let theirs = WideInteger(baseline.qualitySum) * deployment.samples
    difference = mine - theirs
    self.baseline = theirs
  }

  /// Whether it is at least 1/20, which is 5 %.
  var isPromotion: Bool { difference * 20 >= baseline }
  /// Whether it is below −1/20.
  var isRegression: Bool { difference * 20 < -baseline }

  var value: Double { difference.doubleValue / baseline.doubleValue }
}

/// What the comparison advises. Advice only: a change of state is only ever an event.
enum Recommendation: Equatable, Sendable {
  case none
  case wait
  case promote(toTrafficPercentage: FixedPoint)
  case demote

  static let samplesNeeded: UInt64 = 100
  static let trafficStep = FixedPoint(units: 20_000_000_000)

  init(_ state: DeploymentState, _ deployment: ArmTotals, over baseline: ArmTotals) {
    guard state.status.isLive, state.trafficPercentage < DeploymentState.trafficMax else {
      self = .none
      return
    }
    guard
      deployment.samples >= Self.samplesNeeded, baseline.samples >= Self.samplesNeeded,
      let improvement = Improvement(deployment, over: baseline)
    else {
      self = .wait
      return
    }
    if improvement.isPromotion {
      let traffic = min(state.trafficPercentage + Self.trafficStep, DeploymentState.trafficMax)
      self = .promote(toTrafficPercentage: traffic)
    } else {
      self = improvement.isRegression ? .demote : .wait
    }
  }

  var name: String {
    switch self {
    case .none: "none"
    case .wait: "wait"
    case .promote: "promote"
    case .demote: "demote"
    }
  }

  var trafficPercentage: FixedPoint? {
    guard case .promote(let traffic) = self else { return nil }
    return traffic
  }
}
