internal import Bytes
internal import Events
internal import Views

/// The sums over the results of one side of a comparison, exact whatever their order.
struct ArmTotals: ByteCodable, Equatable, Sendable {
  private(set) var results: UInt64 = 0
  private(set) var errors: UInt64 = 0
  /// Results that carry a quality: the samples of the comparison.
  private(set) var samples: UInt64 = 0
  /// In billionths.
  private(set) var qualitySum: Int128 = 0
  private(set) var latencies: UInt64 = 0
  /// In billionths of a millisecond.
  private(set) var latencySum: Int128 = 0

  init() {}

  mutating func add(quality: FixedPoint?, latencyMS: FixedPoint?, isError: Bool) {
    results &+= 1
    if isError { errors &+= 1 }
    if let quality {
      samples &+= 1
      qualitySum &+= Int128(quality.units)
    }
    if let latencyMS {
      latencies &+= 1
      latencySum &+= Int128(latencyMS.units)
    }
  }

  var meanQuality: Double? { mean(qualitySum, samples) }
  var meanLatencyMS: Double? { mean(latencySum, latencies) }
  var errorRate: Double? { results == 0 ? nil : Double(errors) / Double(results) }

  private func mean(_ sum: Int128, _ count: UInt64) -> Double? {
    count == 0 ? nil : Double(sum) / (Double(count) * 1e9)
  }

  func encode(into writer: inout ByteWriter) {
    results.encode(into: &writer)
    errors.encode(into: &writer)
    samples.encode(into: &writer)
    qualitySum.encode(into: &writer)
    latencies.encode(into: &writer)
    latencySum.encode(into: &writer)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    results = try UInt64(from: &reader)
    errors = try UInt64(from: &reader)
    samples = try UInt64(from: &reader)
    qualitySum = try Int128(from: &reader)
    latencies = try UInt64(from: &reader)
    latencySum = try Int128(from: &reader)
  }
}

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

  /// Whether it is at least so much, a fraction of 1.
  func reaches(_ threshold: FixedPoint) -> Bool {
    difference * UInt64(FixedPoint.one.units) >= baseline * UInt64(max(0, threshold.units))
  }
  /// Whether it is below `-Recommendation.regression`.
  var isRegression: Bool {
    difference * UInt64(FixedPoint.one.units)
      < -(baseline * UInt64(Recommendation.regression.units))
  }

  var value: Double { difference.doubleValue / baseline.doubleValue }
}

/// What the comparison advises. Advice only: a change of state is only ever an event.
enum Recommendation: UInt8, NamedChoice {
  case none = 0
  case wait = 1
  case promote = 2
  case demote = 3

  static let samplesNeeded: UInt64 = 100
  /// From which improvement on a promotion is advised, where the deployment does not say.
  static let promotionThreshold = FixedPoint(hundredths: 5)
  /// How much worse it must be for a demotion to be advised: more than so much.
  static let regression = FixedPoint(hundredths: 5)

  init(
    _ state: DeploymentState, _ deployment: ArmTotals, over baseline: ArmTotals,
    threshold: FixedPoint?
  ) {
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
    self =
      improvement.reaches(threshold ?? Self.promotionThreshold)
      ? .promote : improvement.isRegression ? .demote : .wait
  }

  var name: String {
    switch self {
    case .none: "none"
    case .wait: "wait"
    case .promote: "promote"
    case .demote: "demote"
    }
  }
}
