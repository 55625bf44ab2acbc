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

  var name: String {
    switch self {
    case .none: "none"
    case .bypass: "bypass"
    case .stop: "stop"
    case .scaleUp: "scale_up"
    }
  }
}

/// How a deployment is, by its checks.
struct DeploymentHealth: Row, Equatable {
  var deploymentID = ""
  var checks = Count()
  var failuresInRow = Count()
  var circuit = Circuit.closed
  var isStopped = false
  var replicas: UInt64 = 1
  var idle: FixedPoint?
  /// Of the checks since the replicas last changed.
  var latencies = Count()
  var latencySum = ExactSum()
  var requests = Count()
  /// What the last report said.
  var uptime = FixedPoint.zero
  var compute = ExactSum()
  var cost = ExactSum()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, DeploymentHealth>("health")

  static let failuresMax: UInt64 = 5
  static let replicasMax: UInt64 = 3
  static let idleMax = FixedPoint(hundredths: 30_000)
  static let latencyMaxMS = 1_000

  init() {}

  init(id: String) { deploymentID = id }

  mutating func add(_ report: DeploymentReport, kind: String, offset: Offset) {
    // The time since the last report, or all of it where it was started anew in between.
    if let now = report.uptimeS {
      let ran = now >= uptime ? now - uptime : now
      for _ in 0..<max(1, min(replicas, Self.replicasMax)) { compute += ran }
      uptime = now
    }
    if let dollars = report.costUSD { cost += dollars }
    requests += report.requests ?? 0
    idle = report.idleS ?? idle
    switch kind {
    case "deployment_checked":
      isStopped = false
      checks += 1
      if let latency = report.latencyMS {
        latencies += 1
        latencySum += latency
      }
      check(report.isOK == true)
    case "deployment_stopped":
      isStopped = true
      uptime = .zero
    default:
      isStopped = false
      latencies = Count()
      latencySum = ExactSum()
    }
    replicas = report.replicas ?? (isStopped ? 0 : replicas == 0 ? 1 : replicas)
    evidence.add(offset)
  }

  /// An open circuit closes when two checks in a row go well.
  private mutating func check(_ isOK: Bool) {
    guard isOK else {
      failuresInRow += 1
      if circuit == .halfOpen || failuresInRow.value >= Self.failuresMax { circuit = .open }
      return
    }
    failuresInRow = Count()
    circuit = circuit == .open ? .halfOpen : .closed
  }

  private var meanLatencyMS: Double? { latencySum.mean(of: latencies) }

  private var advice: HealthAdvice {
    if isStopped { return .none }
    if circuit == .open { return .bypass }
    if let idle, idle >= Self.idleMax { return .stop }
    let isSlow =
      latencySum.units > Int128(Self.latencyMaxMS) * 1_000_000_000 * Int128(latencies.value)
    return isSlow && replicas < Self.replicasMax ? .scaleUp : .none
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout DeploymentHealth, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("deployment_id", &row.deploymentID, "The deployment.")
    try visit.column("checks", &row.checks, "How often it was tried whether it answers.")
    try visit.column(
      "failures_in_row", &row.failuresInRow, "The last of these that all went wrong.")
    try visit.column(
      "circuit", &row.circuit, "Whether requests should go to it.",
      rule: """
        open after \(failuresMax) failures in a row, half_open when a check then goes well, closed when \
        the next does too, open again when it does not
        """)
    try visit.column("stopped", &row.isStopped, "Whether it was shut down, and not seen since.")
    try visit.column(
      "replicas", &row.replicas, unit: .count, "How many of it run, as was last said.")
    try visit.column(
      "idle_s", &row.idle, unit: .seconds,
      "How long nobody had asked it anything, as was last said.")
    try visit.hidden("latencies", &row.latencies)
    try visit.hidden("latency_sum", &row.latencySum)
    visit.derived(
      "mean_latency_ms", unit: .milliseconds, "Of the checks since the replicas last changed.",
      rule: "latency_sum / latencies"
    ) { row.meanLatencyMS }
    try visit.column("requests", &row.requests, unit: .count, "Requests that its reports tell of.")
    try visit.hidden("uptime", &row.uptime)
    try visit.column(
      "compute_s", &row.compute, unit: .seconds, "How long its replicas have run, together.",
      rule: "what uptime_s has grown by from report to report, times the replicas")
    try visit.column("cost_usd", &row.cost, unit: .usd, "What its reports say that it cost.")
    visit.derived(
      "recommendation", "What its checks say; it changes nothing by itself.",
      rule: """
        none when stopped; bypass while circuit is open; stop at idle_s ≥ \(idleMax); scale_up at \
        mean_latency_ms > \(latencyMaxMS) while replicas < \(replicasMax); else none
        """
    ) { row.advice }
    visit.derived(
      "recommended_replicas", unit: .count,
      "How many should run then; null: nothing is recommended.",
      rule: "0 to stop, replicas + 1 to scale_up"
    ) { () -> UInt64? in
      switch row.advice {
      case .stop: 0
      case .scaleUp: row.replicas + 1
      case .none, .bypass: nil
      }
    }
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "deployments/health",
    "How a deployment is, by deployment_checked, deployment_scaled and deployment_stopped.",
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "circuit", "recommendation", "replicas", "mean_latency_ms").touched {
    subject, tables throws(TableError) in
    guard let id = subject.event.fields.text(.deploymentID),
      let row = try tables.read(table).row(TextKey(id)), row.evidence.mayHold(subject.offset)
    else { return [] }
    return [row]
  }.explained { explanation, row, tables, _ throws(TableError) in
    guard let kept = try tables.read(table).row(TextKey(row["deployment_id"].text ?? "")) else {
      return
    }
    explanation.add(
      Input("latency_sum", kept.latencySum.cell), Input("latencies", kept.latencies.cell),
      to: "mean_latency_ms")
    explanation.add(Input("uptime_s", .decimal(kept.uptime)), to: "compute_s")
  }
}
