internal import Bytes
internal import Events
internal import Facts
internal import Views

/// A deployment as the traffic split sees it.
struct RoutedDeployment: Equatable, Sendable {
  let deploymentID: String
  let model: String?
  let baselineModel: String?
  let status: DeploymentStatus
  /// From 0 to 100.
  let trafficPercentage: FixedPoint
  /// The events that made it what it is; the first created it.
  let evidence: Evidence

  var created: Offset { evidence.first.first ?? evidence.last }
}

/// Which side of a comparison a request is on, in the word of `ab_result`.
enum Arm: Equatable, Sendable {
  case deployment
  case baseline

  var name: String {
    switch self {
    case .deployment: "deployment"
    case .baseline: "baseline"
    }
  }
}

/// Who answers a request.
struct Serving: Equatable, Sendable {
  let arm: Arm
  /// Nil when nobody named the baseline.
  let model: String?
  /// The deployment that serves; nil for a baseline that is no deployment itself.
  let deployment: RoutedDeployment?
  /// The share of all requests that is served so, from 0 to 100.
  let trafficPercentage: FixedPoint
  /// The events that say so.
  let evidence: Evidence
}

/// How the requests of one task type are shared out.
///
/// Live deployments below 100 % are on trial, each with its share; shares of more than 100 % together
/// are scaled down to it. What they leave is the baseline's: that is the newest deployment at 100 %,
/// else the model that a deployment names as its baseline, the newest on trial before the newest of
/// any state. So before a deployment is live, and after it is rolled back, its baseline serves.
///
/// Trials choose one after the other, the oldest first. Each draws a number for the request, from
/// nothing but its own id and the request's key, and takes what falls below its share of what the
/// older ones leave. So each has its share exactly; the same requests are not tried on by every
/// deployment; a trial that grows keeps all that it has, none of them goes back to the baseline, and
/// the older ones do not notice.
struct TrafficSplit: Sendable {
  private let trials: [RoutedDeployment]
  private let remainder: Serving?
  /// What the trials' shares are shares of, in billionths: 100, or their sum when that is more.
  private let whole: UInt64

  /// - Parameter deployments: all of the task type, in any state and order.
  init(_ deployments: [RoutedDeployment]) {
    let live = deployments.filter(\.status.isLive)
    trials = live.filter { $0.trafficPercentage < DeploymentState.trafficMax }.sorted {
      one, other in
      one.created == other.created
        ? one.deploymentID.utf8.lexicographicallyPrecedes(other.deploymentID.utf8)
        : one.created < other.created
    }
    let taken = trials.reduce(UInt64(0)) { $0 + $1.trafficUnits }
    whole = max(taken, DeploymentState.trafficMax.unsignedUnits)
    remainder = Self.remainder(of: deployments, trials: trials, units: whole - taken)
  }

  private static func remainder(
    of deployments: [RoutedDeployment], trials: [RoutedDeployment], units: UInt64
  ) -> Serving? {
    let traffic = FixedPoint(units: Int64(clamping: units))
    let complete = deployments.filter {
      $0.status.isLive && $0.trafficPercentage >= DeploymentState.trafficMax
    }
    if let newest = complete.max(by: isOlder) {
      return Serving(
        arm: trials.isEmpty ? .deployment : .baseline, model: newest.model, deployment: newest,
        trafficPercentage: traffic, evidence: newest.evidence)
    }
    let naming =
      trials.filter { $0.baselineModel != nil }.max(by: isOlder)
      ?? deployments.filter { $0.baselineModel != nil }.max(by: isOlder)
    // A trial that names no baseline leaves the others to one that is not known here.
    guard let source = naming ?? trials.max(by: isOlder) else { return nil }
    return Serving(
      arm: .baseline, model: source.baselineModel, deployment: nil, trafficPercentage: traffic,
      evidence: source.evidence)
  }

  /// Whether any request is served.
  private var isAnybodyServing: Bool { !trials.isEmpty || remainder != nil }

  /// Who serves a request: always the same for the same key and the same split, with no chance in
  /// it. Nil when nothing says who does.
  ///
  /// - Parameter key: what names the request, such as its id or its session's.
  func serving(_ key: String) -> Serving? {
    var left = whole
    for trial in trials {
      // The number, stretched over what is left: even to 1 in 2^27.
      if trial.draw(key).multipliedFullWidth(by: left).high < trial.trafficUnits {
        let traffic = FixedPoint(
          units: FixedPoint.divide(
            Int128(trial.trafficUnits) * Int128(DeploymentState.trafficMax.units),
            by: Int128(whole)))
        return Serving(
          arm: .deployment, model: trial.model, deployment: trial, trafficPercentage: traffic,
          evidence: trial.evidence)
      }
      left -= trial.trafficUnits
    }
    return remainder
  }
}

private func isOlder(_ one: RoutedDeployment, _ other: RoutedDeployment) -> Bool {
  one.created < other.created
}

extension RoutedDeployment {
  fileprivate var trafficUnits: UInt64 { trafficPercentage.unsignedUnits }

  /// The upper half of XXH3-128 (seed 0) over the id, a zero byte and the key, all as UTF-8.
  fileprivate func draw(_ key: String) -> UInt64 {
    let bytes = Array(deploymentID.utf8) + [0] + Array(key.utf8)
    return UInt64(truncatingIfNeeded: Hash128(of: bytes).value >> 64)
  }
}

extension FixedPoint {
  fileprivate var unsignedUnits: UInt64 { UInt64(max(0, units)) }
}

extension TrafficSplit {
  /// The split of a task type as the view has it: over the deployments that name it, or, when none of
  /// these serves, over those that name no task type at all, which are for any.
  init(taskType: String, in tables: any ViewReader) throws(TableError) {
    let wanted = Hash128(of: taskType)
    var own: [RoutedDeployment] = []
    var general: [RoutedDeployment] = []
    try tables.read(DeploymentTables.deployments).forEach { _, row in
      if let taskType = row.taskType {
        if Hash128(of: taskType) == wanted { own.append(RoutedDeployment(row)) }
      } else {
        general.append(RoutedDeployment(row))
      }
      return true
    }
    let split = TrafficSplit(own)
    self = split.isAnybodyServing ? split : TrafficSplit(general)
  }
}

extension RoutedDeployment {
  fileprivate init(_ row: DeploymentRow) {
    self.init(
      deploymentID: row.deploymentID, model: row.model, baselineModel: row.baselineModel,
      status: row.state.status, trafficPercentage: row.state.trafficPercentage,
      evidence: row.evidence)
  }
}
