internal import Bytes
internal import Events
internal import Facts
internal import Projection
public import Views

/// Which side of a comparison a request is on, in the word of `ab_result`.
enum Arm: UInt8, NamedChoice {
  case deployment = 0
  case baseline = 1

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
  /// Nil when no event named the baseline.
  let model: String?
  /// The deployment that serves; nil for a baseline that is no deployment itself.
  let deployment: Deployment?
  /// The share of all requests that is served so, from 0 to 100.
  let trafficPercentage: FixedPoint
  /// The events that say so.
  let evidence: Evidence
}

/// How the requests of one task type are shared out.
///
/// Live deployments below 100 % are on trial, each with its share; shares of more than 100 %
/// together are scaled down to it. What they leave is the baseline's: that is the newest deployment
/// at 100 %, else the model that a deployment names as its baseline, the newest on trial before the
/// newest of any state. So before a deployment is live, and after it is rolled back, its baseline
/// serves.
///
/// Trials choose one after the other, the oldest first. Each draws a number for the request, from
/// nothing but its own id and the request's key, and takes what falls below its share of what the
/// older ones leave. So each has its share exactly; the same requests are not tried on by every
/// deployment; a trial that grows keeps all that it has, none of them goes back to the baseline,
/// and the older ones do not notice.
struct TrafficSplit: Sendable {
  private let trials: [Deployment]
  private let remainder: Serving?
  /// What the trials' shares are shares of, in billionths: 100, or their sum when that is more.
  private let whole: UInt64

  /// - Parameter deployments: all of the task type, in any state and order.
  init(_ deployments: [Deployment]) {
    let live = deployments.filter(\.state.status.isLive)
    trials = live.filter { $0.state.trafficPercentage < DeploymentState.trafficMax }.sorted {
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
    of deployments: [Deployment], trials: [Deployment], units: UInt64
  ) -> Serving? {
    let traffic = FixedPoint(units: Int64(clamping: units))
    let complete = deployments.filter {
      $0.state.status.isLive && $0.state.trafficPercentage >= DeploymentState.trafficMax
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
  fileprivate var isAnybodyServing: Bool { !trials.isEmpty || remainder != nil }

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

private func isOlder(_ one: Deployment, _ other: Deployment) -> Bool {
  one.created < other.created
}

extension Deployment {
  fileprivate var created: Offset { evidence.first.first ?? evidence.last }

  fileprivate var trafficUnits: UInt64 { state.trafficPercentage.unsignedUnits }

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
  /// The split of a task type as the view has it: over the deployments that name it, or, when none
  /// of these serves, over those that name no task type at all, which are for any.
  init(taskType: String, in tables: any ViewReader) throws(TableError) {
    let wanted = Hash128(of: taskType)
    var own: [Deployment] = []
    var general: [Deployment] = []
    try tables.read(Deployment.table).forEach { _, row in
      if let taskType = row.taskType {
        if Hash128(of: taskType) == wanted { own.append(row) }
      } else {
        general.append(row)
      }
      return true
    }
    let split = TrafficSplit(own)
    self = split.isAnybodyServing ? split : TrafficSplit(general)
  }
}

/// Which model serves a request: a row of the question `--for TASK_TYPE --key REQUEST`.
struct ServedRequest: Row {
  var key = ""
  var taskType = ""
  var serving: Serving?

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ServedRequest, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("key", &row.key, "What names the request, as it was asked.")
    try visit.column("task_type", &row.taskType, "The kind of task, as it was asked.")
    visit.derived("model", "The model that serves it; null: nothing says which.") {
      row.serving?.model
    }
    visit.derived(
      "arm",
      """
      The side of the comparison that it is on: deployment for one on trial, or at \
      \(DeploymentState.trafficMax) % with none on trial beside it; baseline for what trials leave; null: \
      no deployment is known for such a task.
      """
    ) { row.serving?.arm }
    visit.derived(
      "deployment_id", "The deployment that serves it; null: a baseline that is a model only."
    ) { row.serving?.deployment?.deploymentID }
    visit.derived("status", "Where that deployment stands.") {
      row.serving?.deployment?.state.status
    }
    visit.derived(
      "traffic_percentage", unit: .percent,
      "The share of all such requests that is served so, after scaling."
    ) { row.serving?.trafficPercentage }
    visit.derived(
      "offsets",
      """
      The events of the deployment that serves, or that names the baseline, in order: the first \
      \(Evidence.keptMax).
      """
    ) { row.serving?.evidence.first ?? [] }
    visit.derived("last_offset", "The last of these events.") { row.serving?.evidence.last }
    visit.derived("offset_count", "How many they are.") { row.serving?.evidence.count ?? 0 }
  }
}

/// The task types that deployments name, sorted, where nothing serves requests of another; nil where
/// something does.
public func taskTypes(
  besideUnserved taskType: String, in tables: any ViewReader
) throws(TableError) -> [String]? {
  if try TrafficSplit(taskType: taskType, in: tables).isAnybodyServing { return nil }
  var names: Set<String> = []
  try tables.read(Deployment.table).forEach { _, row in
    if let name = row.taskType { names.insert(name) }
    return true
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Which model serves some requests of a task type: a row a request, in the order in which they are
/// asked. Not among the view's tables, since its rows are those of a question.
///
/// Reads every deployment once; then about a tenth of a microsecond a request and trial.
///
/// - Parameter requests: the keys that name the requests.
public func servingAnswer(taskType: String, requests: [String]) -> any AnswerTable {
  Answer<ServedRequest>(
    "deployments",
    """
    Which model serves a request: a row a key, in the order in which they are asked. Of the deployments \
    that name the task type (when none does: of those that name none, which are for any), the live ones \
    below \(DeploymentState.trafficMax) % are on trial, each with its share of the requests; more than \
    \(DeploymentState.trafficMax) % together are scaled down to it. What they leave is the baseline's: the \
    newest live deployment at \(DeploymentState.trafficMax) %, else the model that is named as baseline by \
    the newest on trial, else by the newest in any state, so that before a deployment is live and after it \
    is rolled back its baseline serves. Trials choose one after the other, the oldest first: each takes \
    the requests whose draw falls below its share of what the older ones leave, where the draw is the \
    upper half of XXH3-128 (seed 0) over deployment_id, a zero byte and the key (UTF-8), as a fraction of \
    2^64. The same key gets the same answer until the traffic changes; a deployment whose traffic grows \
    keeps every request that it has, and none goes back to the baseline.
    """,
    rows: { tables, body throws(TableError) in
      let split = try TrafficSplit(taskType: taskType, in: tables)
      for request in requests {
        let row = ServedRequest(
          key: request, taskType: taskType, serving: split.serving(request))
        if try !body(row) { return }
      }
    })
}
