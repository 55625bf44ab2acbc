package import Bytes
package import Events
internal import Facts
package import Views

/// A deployment that takes requests, as the traffic split sees it.
package struct LiveDeployment: Equatable, Sendable {
  package let deploymentID: String
  package let model: String?
  package let baselineModel: String?
  package let taskType: String?
  /// From 0 to 100.
  package let trafficPercentage: FixedPoint
  /// The event that created it.
  package let created: Offset

  package init(
    deploymentID: String, model: String?, baselineModel: String?, taskType: String?,
    trafficPercentage: FixedPoint, created: Offset
  ) {
    self.deploymentID = deploymentID
    self.model = model
    self.baselineModel = baselineModel
    self.taskType = taskType
    self.trafficPercentage = trafficPercentage
    self.created = created
  }
}

/// Who answers a request.
package struct Serving: Equatable, Sendable {
  /// Nil for a baseline that is no deployment itself.
  package let deploymentID: String?
  package let model: String?

  package init(deploymentID: String?, model: String?) {
    self.deploymentID = deploymentID
    self.model = model
  }
}

/// How the requests of one task type are shared out among what is live.
///
/// Deployments below 100 % are on trial: each takes its share, side by side in the order of their
/// ids; shares of more than 100 % together are scaled down to it. What is left goes to the baseline:
/// the newest deployment at 100 %, else the model that the newest on trial names as its baseline.
package struct TrafficSplit: Sendable {
  private let trials: [LiveDeployment]
  private let baseline: Serving?

  /// - Parameter deployments: the live deployments of the task type, in any order.
  package init(_ deployments: [LiveDeployment]) {
    let whole = deployments.filter { $0.trafficPercentage >= DeploymentState.trafficMax }
    trials = deployments.filter { $0.trafficPercentage < DeploymentState.trafficMax }
      .sorted { $0.deploymentID.utf8.lexicographicallyPrecedes($1.deploymentID.utf8) }
    if let newest = whole.max(by: { $0.created < $1.created }) {
      baseline = Serving(deploymentID: newest.deploymentID, model: newest.model)
    } else {
      let named = trials.filter { $0.baselineModel != nil }.max { $0.created < $1.created }
      baseline = named.map { Serving(deploymentID: nil, model: $0.baselineModel) }
    }
  }

  /// Who serves a request: always the same for the same key and the same split, with no chance in
  /// it. Nil when nobody does.
  ///
  /// - Parameter request: what names the request, such as its id or its session's.
  package func serving(_ request: String) -> Serving? {
    let total = trials.reduce(UInt64(0)) { $0 &+ UInt64(clamping: $1.trafficPercentage.units) }
    let range = max(total, UInt64(DeploymentState.trafficMax.units))
    // The upper half of the hash, stretched over the range: even to 1 in 2^27.
    let hash = UInt64(truncatingIfNeeded: Hash128(of: request).value >> 64)
    let point = hash.multipliedFullWidth(by: range).high
    var end: UInt64 = 0
    for trial in trials {
      end &+= UInt64(clamping: trial.trafficPercentage.units)
      if point < end { return Serving(deploymentID: trial.deploymentID, model: trial.model) }
    }
    return baseline
  }
}

extension TrafficSplit {
  /// The split of a task type as the view has it; nil stands for deployments that name none.
  package init(taskType: String?, in tables: TableSet) throws(TableError) {
    let wanted = taskType.map(Hash128.init(of:))
    var live: [LiveDeployment] = []
    try DeploymentTables.deployments(tables, isCounted: false).forEach { _, row in
      if row.state.status.isLive, row.taskType.map(Hash128.init(of:)) == wanted {
        live.append(LiveDeployment(row))
      }
      return true
    }
    self.init(live)
  }
}

extension LiveDeployment {
  fileprivate init(_ row: DeploymentRow) {
    self.init(
      deploymentID: row.deploymentID, model: row.model, baselineModel: row.baselineModel,
      taskType: row.taskType, trafficPercentage: row.state.trafficPercentage,
      created: row.evidence.first.first ?? row.evidence.last)
  }
}
