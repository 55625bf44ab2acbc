internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A deployment, with both sides of its comparison since the last change of traffic.
struct Deployment: Row, Equatable {
  var deploymentID = ""
  var model: String?
  var taskType: String?
  var provider: String?
  var baselineModel: String?
  var state = DeploymentState(status: .pending, trafficPercentage: .zero)
  /// What the event of the last change of state gave as its reason.
  var reason: String?
  /// What the event that created it says of promotions; nil where it does not.
  var promotionThreshold: FixedPoint?
  var autoPromote: Bool?
  var deployment = ArmTotals()
  var baseline = ArmTotals()
  /// Of all results, whatever the traffic was.
  var lifeOfDeployment = ArmTotals()
  var lifeOfBaseline = ArmTotals()
  /// The latest time of a result of its own.
  var resultAt: Timestamp?
  /// The events that changed the row.
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Deployment>("deployments")

  init() {}

  /// The deployment that an event creates.
  init(id: String, traffic: FixedPoint, _ terms: DeploymentTerms, event: Event) {
    deploymentID = id
    model = event.fields.text(.model)
    taskType = event.fields.text(.taskType)
    provider = event.fields.text(.provider)
    baselineModel = event.fields.text(.baselineModel)
    state.trafficPercentage = traffic
    reason = event.fields.text(.reason)
    promotionThreshold = terms.promotionThreshold
    autoPromote = terms.autoPromote
    evidence = Evidence(event.offset)
  }

  /// Counts a result of one side.
  mutating func count(_ arm: Arm, _ event: Event) {
    let fields = event.fields
    let isError = fields.saysError ?? false
    func add(to totals: inout ArmTotals) {
      totals.add(
        quality: fields.number(.qualityScore), latencyMS: fields.number(.latencyMS),
        isError: isError)
    }
    switch arm {
    case .deployment:
      add(to: &deployment)
      add(to: &lifeOfDeployment)
      resultAt = resultAt.map { max($0, event.time) } ?? event.time
    case .baseline:
      add(to: &baseline)
      add(to: &lifeOfBaseline)
    }
    evidence.add(event.offset)
  }

  /// Takes a new state. Results count afresh after a change of traffic.
  mutating func change(to next: DeploymentState, by event: Event) {
    if next.trafficPercentage != state.trafficPercentage {
      deployment = ArmTotals()
      baseline = ArmTotals()
    }
    state = next
    reason = event.fields.text(.reason)
    evidence.add(event.offset)
  }

  private var improvement: Improvement? { Improvement(deployment, over: baseline) }
  private var recommendation: Recommendation {
    Recommendation(state, deployment, over: baseline, threshold: promotionThreshold)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Deployment, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("deployment", &row.deployment)
    try visit.hidden("baseline", &row.baseline)
    try visit.hidden("life_of_deployment", &row.lifeOfDeployment)
    try visit.hidden("life_of_baseline", &row.lifeOfBaseline)
    try visit.hidden("result_at", &row.resultAt)
    try visit.key("deployment_id", &row.deploymentID, "The deployment.")
    try visit.column("model", &row.model, "The model that is tried.")
    try visit.column("task_type", &row.taskType, "For which tasks; null: for any.")
    try visit.column("provider", &row.provider, "Who serves it.")
    try visit.column(
      "status", &row.state.status, "Where it stands.", rule: "the last change of state, below")
    try visit.column(
      "traffic_percentage", &row.state.trafficPercentage, unit: .percent,
      "Share of the requests that it gets.", rule: "as the last change of state left it")
    try visit.column("baseline_model", &row.baselineModel, "What it is compared with.")
    visit.derived("samples", "Results of the deployment that have a quality.") {
      row.deployment.samples
    }
    visit.derived("baseline_samples", "Results of the baseline that have one.") {
      row.baseline.samples
    }
    visit.derived(
      "mean_quality", "Mean quality of the deployment.", rule: "quality_sum / samples"
    ) { row.deployment.meanQuality }
    visit.derived(
      "baseline_mean_quality", "Mean quality of the baseline.",
      rule: "quality_sum / baseline_samples"
    ) { row.baseline.meanQuality }
    visit.derived(
      "mean_latency_ms", unit: .milliseconds, "Mean latency of the deployment.",
      rule: "latency_sum / latencies"
    ) { row.deployment.meanLatencyMS }
    visit.derived(
      "error_rate", unit: .fraction, "Share of the deployment's results that are errors.",
      rule: "errors / results"
    ) { row.deployment.errorRate }
    visit.derived(
      "improvement", unit: .fraction, "How much better it is than its baseline.",
      rule: """
        (mean_quality − baseline_mean_quality) / baseline_mean_quality; null where one of them is, or \
        where the latter is not above 0
        """
    ) { row.improvement?.value }
    visit.derived(
      "recommendation", "What the results say; it changes nothing by itself.",
      rule: """
        none unless status is active or promoting and traffic_percentage below \
        \(DeploymentState.trafficMax); wait until samples and baseline_samples are \(Recommendation.samplesNeeded); then promote at an improvement ≥ \
        promotion_threshold, or \(Recommendation.promotionThreshold) where that is null, demote below \
        −\(Recommendation.regression), else wait
        """
    ) { row.recommendation }
    try visit.column(
      "promotion_threshold", &row.promotionThreshold, unit: .fraction,
      "From which improvement on it is to be promoted, as its creation says; null: it does not.")
    try visit.column(
      "auto_promote", &row.autoPromote,
      "Whether it may be promoted without a person; null: nothing says.")
    visit.derived(
      "needs_approval", "Whether a person has to agree to what is recommended; null: nothing is.",
      rule: "when recommendation is promote: not auto_promote"
    ) { () -> Bool? in row.recommendation == .promote ? row.autoPromote != true : nil }
    visit.derived(
      "recommended_traffic_percentage", unit: .percent,
      "The traffic that a promotion would give; null: none is recommended.",
      rule: """
        when promoted: traffic_percentage + \(DeploymentState.trafficStep), at most \
        \(DeploymentState.trafficMax)
        """
    ) { row.recommendation == .promote ? row.state.promotedTraffic : nil }
    visit.derived("results", "Results of the deployment, with a quality or without.") {
      row.deployment.results
    }
    visit.derived("baseline_results", "Results of the baseline.") { row.baseline.results }
    visit.derived(
      "baseline_mean_latency_ms", unit: .milliseconds, "Mean latency of the baseline.",
      rule: "latency_sum / latencies"
    ) { row.baseline.meanLatencyMS }
    visit.derived(
      "baseline_error_rate", unit: .fraction, "Share of the baseline's results that are errors.",
      rule: "errors / baseline_results"
    ) { row.baseline.errorRate }
    visit.derived("total_results", "Results of the deployment over its life.") {
      row.lifeOfDeployment.results
    }
    visit.derived("total_baseline_results", "Results of the baseline over that time.") {
      row.lifeOfBaseline.results
    }
    visit.derived(
      "total_mean_quality", "Mean quality of the deployment over its life.",
      rule: "total_quality_sum / total_samples"
    ) { row.lifeOfDeployment.meanQuality }
    visit.derived(
      "total_baseline_mean_quality", "Mean quality of the baseline over that time.",
      rule: "total_baseline_quality_sum / total_baseline_samples"
    ) { row.lifeOfBaseline.meanQuality }
    visit.derived(
      "total_mean_latency_ms", unit: .milliseconds,
      "Mean latency of the deployment over its life.",
      rule: "total_latency_sum / total_latencies"
    ) { row.lifeOfDeployment.meanLatencyMS }
    visit.derived(
      "total_error_rate", unit: .fraction,
      "Share of the deployment's results that are errors, over its life.",
      rule: "total_errors / total_results"
    ) { row.lifeOfDeployment.errorRate }
    visit.derived(
      "total_baseline_mean_latency_ms", unit: .milliseconds,
      "Mean latency of the baseline over that time.",
      rule: "total_baseline_latency_sum / total_baseline_latencies"
    ) { row.lifeOfBaseline.meanLatencyMS }
    visit.derived(
      "total_baseline_error_rate", unit: .fraction,
      "Share of the baseline's results that are errors, over that time.",
      rule: "total_baseline_errors / total_baseline_results"
    ) { row.lifeOfBaseline.errorRate }
    try visit.column("reason", &row.reason, "What the last change of state gave as its reason.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "deployments",
    """
    Where each deployment stands, and whether it is better than its baseline. A state changes by events \
    alone: created → pending; started → deploying; active → active; \
    promoted to a higher traffic → promoting, at \(DeploymentState.trafficMax) active; demoted, failed, rolled_back → traffic 0. \
    What the state table does not know changes nothing and is an anomaly. Results (ab_result) count \
    while it is active or promoting, afresh after each change of traffic.
    """,
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "model", "status", "recommendation", "improvement", "reason").touched {
    subject, tables throws(TableError) in
    guard let id = subject.event.fields.text(.deploymentID),
      let row = try tables.read(table).row(TextKey(id)),
      try row.evidence.holds(
        subject, if: { $0 == "ab_result" || DeploymentStep(kind: $0) != nil }, in: tables)
    else { return [] }
    return [row]
  }.explained(byTrace: true) { explanation, row, tables, trace throws(TableError) in
    let id = row["deployment_id"].text ?? ""
    let kept = try tables.read(table).row(TextKey(id)) ?? Deployment()
    for (prefix, arm) in [("", kept.deployment), ("baseline_", kept.baseline)] {
      explanation.add(
        Input("quality_sum", Cell(Double(arm.qualitySum) / 1e9)), to: "\(prefix)mean_quality")
      explanation.add(
        Input("latency_sum", Cell(Double(arm.latencySum) / 1e9)),
        Input("latencies", Cell(arm.latencies)), to: "\(prefix)mean_latency_ms")
      explanation.add(Input("errors", Cell(arm.errors)), to: "\(prefix)error_rate")
    }
    for (prefix, arm) in [
      ("total_", kept.lifeOfDeployment), ("total_baseline_", kept.lifeOfBaseline),
    ] {
      explanation.add(
        Input("\(prefix)quality_sum", Cell(Double(arm.qualitySum) / 1e9)),
        Input("\(prefix)samples", Cell(arm.samples)), to: "\(prefix)mean_quality")
      explanation.add(
        Input("\(prefix)latency_sum", Cell(Double(arm.latencySum) / 1e9)),
        Input("\(prefix)latencies", Cell(arm.latencies)), to: "\(prefix)mean_latency_ms")
      explanation.add(Input("\(prefix)errors", Cell(arm.errors)), to: "\(prefix)error_rate")
    }
    explanation.add(
      Input("samples_needed", Cell(Recommendation.samplesNeeded)), to: "recommendation")
    explanation.add(
      Input("step", .decimal(DeploymentState.trafficStep)), to: "recommended_traffic_percentage")
    explanation.steps = DeploymentNotes.steps(about: DeploymentNotes.subject(deployment: id), trace)
  }.whenEmpty { _ in
    ["a deployment has a row by an event deployment_created with a deployment_id: there is none"]
  }
}
