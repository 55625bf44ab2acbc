internal import Bytes
public import Events
internal import Facts
public import Projection
public import Tables
public import Views

/// Folds events about models, training and deployments: which model is live, and whether it is
/// better than its baseline.
///
/// It changes no deployment by itself: a recommendation is a row, a change of state an event.
///
/// Memory: a row a deployment, a version of a model and a training run (about 500 bytes each), of
/// which at most 2^20 a table stay in memory; of the anomalies at most 64 chunks of 256. An answer
/// streams its rows.
public final class DeploymentsProjector: EventProjector, ConfiguredProjector {
  public static let view = View(
    "deployments", version: 12, "Which model is live.",
    needs: Needs.kinds(["ab_result"], beginning: ["deployment_", "model_", "training_"])
      .andPayload(DeploymentTerms.self).andPayload(DeploymentReport.self)
      .andPayload(TrainingReport.self),
    tables: [
      Deployment.answer, ModelVersion.answer, TrainingRun.answer, DeploymentHealth.answer,
      Anomaly.answer,
    ])

  private let deployments: KeyedTable<TextKey, Deployment>
  private let anomalies: ChunkedTable<Anomaly>
  private let registry: ModelRegistry
  private let health: KeyedTable<TextKey, DeploymentHealth>
  private let settings: DeploymentsSettings

  public init(tables: FoldTables, settings: DeploymentsSettings) throws(TableError) {
    self.settings = settings
    deployments = try tables.open(Deployment.table)
    anomalies = try tables.open(Anomaly.table)
    registry = try ModelRegistry(tables: tables)
    health = try tables.open(DeploymentHealth.table)
  }

  public func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    let event = copy event
    let notes = context.trace.map(DeploymentNotes.init)
    let before = notes == nil ? nil : try state(of: event)
    let refusal: Refusal?
    switch event.kind {
    case "deployment_created": refusal = try create(event)
    case "ab_result": refusal = try compare(event)
    case "model_registered": refusal = try registry.register(event)
    case "model_evaluated": refusal = try registry.evaluate(event)
    case "model_promoted": refusal = try registry.promote(event)
    case "model_deprecated": refusal = try registry.deprecate(event)
    case "deployment_checked": refusal = try report(event, .checked)
    case "deployment_scaled": refusal = try report(event, .scaled)
    case "deployment_stopped": refusal = try report(event, .stopped)
    case "training_queued": refusal = try registry.train(event, .queued)
    case "training_progress": refusal = try registry.train(event, .running, isProgress: true)
    case "training_started": refusal = try registry.train(event, .running)
    case "training_completed": refusal = try registry.train(event, .completed)
    case "training_failed": refusal = try registry.train(event, .failed)
    // That one is asked for changes no model.
    case "training_requested": refusal = nil
    default:
      if let step = DeploymentStep(kind: event.kind) {
        refusal = try change(event, step)
      } else if event.kind.hasPrefix("deployment_") {
        refusal = Refusal("no change of state that is known: \(event.kind)")
      } else if ["model_", "training_"].contains(where: event.kind.hasPrefix) {
        refusal = Refusal("no event about models that is known: \(event.kind)")
      } else {
        return
      }
    }
    if let notes { notes.add(event, refusal, before: before, after: try state(of: event)) }
    guard let refusal else { return }
    try anomalies.append(
      Anomaly(
        event: event.id, deploymentID: event.fields.text(.deploymentID),
        reason: refusal.reason))
  }

  /// The state of the deployment that an event names.
  private func state(of event: Event) throws(TableError) -> DeploymentState? {
    guard let id = event.fields.text(.deploymentID) else { return nil }
    return try deployments.row(TextKey(id))?.state
  }

  private func create(_ event: Event) throws(TableError) -> Refusal? {
    guard let id = event.fields.text(.deploymentID) else { return .withoutID }
    let traffic = event.fields.number(.trafficPercentage) ?? DeploymentState.trafficAtFirst
    guard DeploymentState.isTraffic(traffic) else {
      return Refusal("created with \(traffic) % of the traffic, which is not within 0 to 100")
    }
    return try deployments.change(TextKey(id)) { row in
      guard row == nil else { return Refusal("created again") }
      let (terms, refusal) = (event.payload(DeploymentTerms.self) ?? DeploymentTerms()).checked
      row = Deployment(id: id, traffic: traffic, terms, event: event)
      return refusal
    }
  }

  private func change(
    _ event: Event, _ step: DeploymentStep
  ) throws(TableError) -> Refusal? {
    try withDeployment(event) { row throws(Refusal) in
      let traffic = event.fields.number(.trafficPercentage)
      row.change(to: try row.state.after(step, traffic: traffic), by: event)
    }
  }

  private func compare(_ event: Event) throws(TableError) -> Refusal? {
    try withDeployment(event) { row throws(Refusal) in
      guard row.state.status.isLive else {
        throw Refusal("a result while \(row.state.status.name)")
      }
      guard let arm = Arm.allCases.first(where: { $0.name == event.fields.text(.arm) }) else {
        throw Refusal("a result whose arm is neither deployment nor baseline")
      }
      row.count(arm, event)
    }
  }

  private func report(
    _ event: Event, _ kind: TimedReport.Kind
  ) throws(TableError) -> Refusal? {
    guard let id = event.fields.text(.deploymentID) else { return .withoutID }
    guard let deployment = try deployments.row(TextKey(id)) else { return .unknown }
    let report = event.payload(DeploymentReport.self) ?? DeploymentReport()
    if kind == .checked, report.saysOK == nil {
      return Refusal("a check that does not say whether it went well")
    }
    try health.change(TextKey(id)) { slot in
      var row = slot.take() ?? DeploymentHealth(of: deployment, failuresMax: settings.failuresInRow)
      row.add(report, kind: kind, event)
      slot = row
    }
    return nil
  }

  /// Changes the deployment that an event names, unless `body` refuses.
  private func withDeployment(
    _ event: Event, _ body: (inout Deployment) throws(Refusal) -> Void
  ) throws(TableError) -> Refusal? {
    guard let id = event.fields.text(.deploymentID) else { return .withoutID }
    guard var row = try deployments.row(TextKey(id)) else { return .unknown }
    do throws(Refusal) { try body(&row) } catch { return error }
    try deployments.put(TextKey(id), row)
    if var known = try health.row(TextKey(id)) {
      known.take(row)
      try health.put(TextKey(id), known)
    }
    return nil
  }
}

extension Refusal {
  fileprivate static let withoutID = Refusal("without a deployment_id")
  fileprivate static let unknown = Refusal("no such deployment")
}
