internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Whether requests should go to a deployment.
enum Circuit: UInt8, NamedChoice {
  case closed = 0
  case open = 1
  case halfOpen = 2

  var name: String {
    switch self {
    case .closed: "closed"
    case .open: "open"
    case .halfOpen: "half_open"
    }
  }
}

/// What is advised for a deployment that runs. Advice only, as any recommendation.
enum HealthAdvice: UInt8, NamedChoice {
  case none = 0
  case bypass = 1
  case stop = 2
  case scaleUp = 3
  case scaleDown = 4

  var name: String {
    switch self {
    case .none: "none"
    case .bypass: "bypass"
    case .stop: "stop"
    case .scaleUp: "scale_up"
    case .scaleDown: "scale_down"
    }
  }
}

/// What a report says of the deployment at its time.
struct TimedReport: Row, Equatable {
  enum Kind: UInt8, NamedChoice {
    case checked = 0
    case scaled = 1
    case stopped = 2

    var name: String { "\(self)" }
  }

  var time = Timestamp(nanoseconds: 0)
  var offset: Offset = 0
  var kind = Kind.checked
  var isOK = false
  var latency: FixedPoint?
  var uptime: FixedPoint?
  var replicas: UInt64?
  var idle: FixedPoint?
  /// Whether somebody asked it something since the report before.
  var wasAsked = false

  init() {}

  init(_ report: DeploymentReport, kind: Kind, _ event: Event) {
    time = event.time
    offset = event.offset
    self.kind = kind
    isOK = report.saysOK ?? (kind != .checked)
    latency = report.latencyMS
    uptime = report.uptimeS
    replicas = report.replicas
    idle = report.idleS
    wasAsked = report.requests.map { $0 > 0 } ?? false
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("time", &row.time)
    try visit.hidden("offset", &row.offset)
    try visit.hidden("kind", &row.kind)
    try visit.hidden("is_ok", &row.isOK)
    try visit.hidden("latency", &row.latency)
    try visit.hidden("uptime", &row.uptime)
    try visit.hidden("replicas", &row.replicas)
    try visit.hidden("idle", &row.idle)
    try visit.hidden("was_asked", &row.wasAsked)
  }
}

extension TimedReport {
  /// What it says, and what it changed.
  fileprivate func account(from before: HealthState, to after: HealthState) -> String {
    var said = kind == .checked && isOK ? ["went well"] : isOK ? [] : ["went wrong"]
    let numbers: [(String, String?)] = [
      ("latency_ms", latency?.description), ("uptime_s", uptime?.description),
      ("replicas", replicas?.description), ("idle_s", idle?.description),
    ]
    said += numbers.compactMap { name, value in value.map { "\(name) \($0)" } }
    var account = ([kind.name] + said).joined(separator: ", ")
    account += "; failures_in_row \(after.failuresInRow.value)"
    if after.circuit != before.circuit {
      account += ", circuit \(before.circuit.name) → \(after.circuit.name)"
    }
    return account + ", replicas \(after.replicas), compute_s \(after.compute.cell.plainText)"
  }
}

/// What reports, taken in the order of their times, say of a deployment.
struct HealthState: Row, Equatable {
  /// Of the last report.
  var time: Timestamp?
  var failuresInRow = Count()
  var circuit = Circuit.closed
  var isStopped = false
  var replicas: UInt64 = 1
  var idle: FixedPoint?
  /// The time of the report that said it.
  var idleAt: Timestamp?
  /// Of the checks since the replicas last changed that went well.
  var latencies = Count()
  var latencySum = ExactSum()
  /// What the last report said; nil before the first, and once it was stopped.
  var uptime: FixedPoint?
  var compute = ExactSum()
  /// With so many failures in a row a circuit opens.
  var failuresMax = DeploymentsSettings().failuresInRow

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("time", &row.time)
    try visit.hidden("failures_in_row", &row.failuresInRow)
    try visit.hidden("circuit", &row.circuit)
    try visit.hidden("is_stopped", &row.isStopped)
    try visit.hidden("replicas", &row.replicas)
    try visit.hidden("idle", &row.idle)
    try visit.hidden("latencies", &row.latencies)
    try visit.hidden("latency_sum", &row.latencySum)
    try visit.hidden("uptime", &row.uptime)
    try visit.hidden("compute", &row.compute)
    try visit.hidden("idle_at", &row.idleAt)
    try visit.hidden("failures_max", &row.failuresMax)
  }

  mutating func add(_ report: TimedReport) {
    time = report.time
    addCompute(report)
    if report.kind == .checked || report.isOK { addChange(report) }
    if report.wasAsked { idle = nil }
    if let said = report.idle { (idle, idleAt) = (said, report.time) }
    if isStopped { idle = nil }
    if report.kind == .checked {
      if report.isOK, let latency = report.latency {
        latencies += 1
        latencySum += latency
      }
      check(report.isOK)
    }
  }

  /// What runs by a report. A stop or a change of replicas that went wrong changes nothing.
  private mutating func addChange(_ report: TimedReport) {
    let (hadStopped, before) = (isStopped, replicas)
    isStopped = report.kind == .stopped
    replicas = report.replicas ?? (isStopped ? 0 : max(1, replicas))
    if hadStopped { idle = nil }
    if isStopped { uptime = nil }
    if hadStopped != isStopped {
      // What runs from now on was never tried.
      failuresInRow = Count()
      circuit = .closed
    }
    if report.kind == .scaled || replicas != before {
      latencies = Count()
      latencySum = ExactSum()
    }
  }

  /// The time since the last report was that of the replicas known then; all of what was started
  /// anew since, that of those that run now.
  private mutating func addCompute(_ report: TimedReport) {
    guard let now = report.uptime else { return }
    if let uptime, now >= uptime {
      compute.add(now - uptime, times: replicas)
    } else {
      let said = report.kind == .checked || report.isOK ? report.replicas : nil
      compute.add(now, times: said ?? max(1, replicas))
    }
    uptime = now
  }

  /// An open circuit closes when two checks in a row go well.
  private mutating func check(_ isOK: Bool) {
    guard isOK else {
      failuresInRow += 1
      if circuit == .halfOpen || failuresInRow.value >= failuresMax { circuit = .open }
      return
    }
    failuresInRow = Count()
    circuit = circuit == .open ? .halfOpen : .closed
  }
}

/// How a deployment is, by its reports in the order of their times.
struct DeploymentHealth: Row, Equatable {
  var deploymentID = ""
  /// As `deployments` has it.
  var status = DeploymentStatus.pending
  /// The latest time of a result of it.
  var resultAt: Timestamp?
  var checks = Count()
  var requests = Count()
  var cost = ExactSum()
  /// After all reports but the recent ones.
  var settled = HealthState()
  /// The latest, in the order of their times; of equal times, in that in which they were read.
  var recent: [TimedReport] = []
  var evidence = Evidence()

  static let table = StoredTable<TextKey, DeploymentHealth>("health")

  /// A report may be read so many others too late.
  static let recentMax = 32
  static let replicasMax: UInt64 = 3
  static let idleMax = FixedPoint(hundredths: 30_000)
  static let latencyMaxMS = 1_000

  init() {}

  init(of deployment: Deployment, failuresMax: UInt64) {
    deploymentID = deployment.deploymentID
    settled.failuresMax = failuresMax
    take(deployment)
  }

  /// Takes what the deployment itself says: where it stands, and that it was asked something.
  mutating func take(_ deployment: Deployment) {
    status = deployment.state.status
    resultAt = deployment.resultAt
  }

  mutating func add(_ report: DeploymentReport, kind: TimedReport.Kind, _ event: Event) {
    if kind == .checked { checks += 1 }
    requests += report.requests ?? 0
    if let dollars = report.costUSD { cost += dollars }
    evidence.add(event.offset)
    if let time = settled.time, event.time < time { return }
    let place = recent.lastIndex { $0.time <= event.time }.map { $0 + 1 } ?? 0
    recent.insert(TimedReport(report, kind: kind, event), at: place)
    if recent.count > Self.recentMax { settled.add(recent.removeFirst()) }
  }

  private var state: HealthState {
    var state = settled
    for report in recent { state.add(report) }
    if let resultAt, let idleAt = state.idleAt, resultAt >= idleAt { state.idle = nil }
    return state
  }

  /// What each of the latest reports says, and what it changed.
  private var steps: [Step] {
    var state = settled
    return recent.map { report in
      let before = state
      state.add(report)
      return Step(report.offset, report.account(from: before, to: state))
    }
  }

  private static func advice(
    _ state: HealthState, _ status: DeploymentStatus
  ) -> HealthAdvice {
    if state.isStopped || state.replicas == 0 { return .none }
    if status.isOutOfService { return .stop }
    if let idle = state.idle, idle >= idleMax { return .stop }
    if state.circuit == .open { return .bypass }
    if state.replicas > replicasMax { return .scaleDown }
    let slowSum = Int128(latencyMaxMS) * 1_000_000_000 * Int128(state.latencies.value)
    let isSlow = state.latencySum.units > slowSum
    return isSlow && state.replicas < replicasMax ? .scaleUp : .none
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout DeploymentHealth, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("deployment_id", &row.deploymentID, "The deployment.")
    try visit.column("status", &row.status, "Where it stands, as in deployments.")
    try visit.hidden("result_at", &row.resultAt)
    try visit.column("checks", &row.checks, "How often it was tried whether it answers.")
    visit.derived("failures_in_row", "The last of these that all went wrong.") {
      row.state.failuresInRow
    }
    visit.derived(
      "circuit", "Whether requests should go to it.",
      rule: """
        open at failures_in_row ≥ deployments.failures_in_row, half_open when a check then goes well, \
        closed when the next does too, open again when it does not
        """
    ) { row.state.circuit }
    visit.derived("stopped", "Whether it was shut down, and not seen since.") {
      row.state.isStopped
    }
    visit.derived("replicas", unit: .count, "How many of it run, as was last said.") {
      row.state.replicas
    }
    visit.derived(
      "idle_s", unit: .seconds,
      """
      How long nobody had asked it anything, as was last said; null once somebody did, as its reports \
      and its results (ab_result) tell.
      """
    ) { row.state.idle }
    visit.derived(
      "mean_latency_ms", unit: .milliseconds,
      "Of the checks that went well since the replicas last changed.",
      rule: "latency_sum / latencies"
    ) {
      let state = row.state
      return state.latencySum.mean(of: state.latencies)
    }
    try visit.column("requests", &row.requests, unit: .count, "Requests that its reports tell of.")
    visit.derived(
      "compute_s", unit: .seconds, "How long its replicas have run, together.",
      rule: """
        what uptime_s has grown by from report to report, times the replicas that ran; all of it, times \
        those that run now, of the first report and after a new start
        """
    ) { row.state.compute }
    try visit.column("cost_usd", &row.cost, unit: .usd, "What its reports say that it cost.")
    try visit.hidden("settled", &row.settled)
    try visit.hidden("recent", &row.recent)
    visit.derived(
      "recommendation", "What its checks say; it changes nothing by itself.",
      rule: """
        none when stopped, or at replicas 0; stop when status is failed, demoted or rolled_back, or at \
        idle_s ≥ \(idleMax); bypass while circuit is open; scale_down at replicas > \(replicasMax); \
        scale_up at mean_latency_ms > \(latencyMaxMS) while replicas < \(replicasMax); else none
        """
    ) { advice(row.state, row.status) }
    visit.derived(
      "recommended_replicas", unit: .count,
      "How many should run then; null: nothing is recommended.",
      rule: "0 to stop, replicas + 1 to scale_up, \(replicasMax) to scale_down"
    ) { () -> UInt64? in
      let state = row.state
      return switch advice(state, row.status) {
      case .stop: 0
      case .scaleUp: state.replicas + 1
      case .scaleDown: replicasMax
      case .none, .bypass: nil
      }
    }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "deployments/health",
    """
    How a deployment is, by deployment_checked, deployment_scaled and deployment_stopped, in the order of \
    their times. A scaling or a stop that went wrong changes neither replicas nor stopped. Each line counts, also one that says the same as another. What is read when \
    \(recentMax) later ones were adds to checks, requests and cost_usd only.
    """,
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "circuit", "recommendation", "replicas", "mean_latency_ms").touched {
    subject, tables throws(TableError) in
    guard let id = subject.event.fields.text(.deploymentID),
      let row = try tables.read(table).row(TextKey(id)),
      try row.evidence.holds(subject, if: DeploymentReport.kinds.contains, in: tables)
    else { return [] }
    return [row]
  }.explained { explanation, row, tables, _ throws(TableError) in
    guard let kept = try tables.read(table).row(TextKey(row["deployment_id"].text ?? "")) else {
      return
    }
    let state = kept.state
    explanation.add(
      Input("latency_sum", state.latencySum.cell), Input("latencies", state.latencies.cell),
      to: "mean_latency_ms")
    explanation.add(Input("uptime_s", state.uptime.cell), to: "compute_s")
    explanation.add(
      Input("deployments.failures_in_row", Cell(state.failuresMax)), to: "circuit")
    explanation.add(
      Input("time of that", state.idleAt.cell),
      Input("time of the last result", kept.resultAt.cell),
      to: "idle_s")
    explanation.steps = kept.steps
  }.whenEmpty { tables throws(TableError) in
    var deployments: UInt64 = 0
    try tables.read(Deployment.table).forEach { _, _ in
      deployments += 1
      return true
    }
    return [
      "a deployment that was created has a row by an event with its deployment_id of one of "
        + DeploymentReport.kinds.joined(separator: ", ")
        + ": none tells of the \(deployments) that there are"
    ]
  }
}
