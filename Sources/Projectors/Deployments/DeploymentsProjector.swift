internal import Bytes
internal import Events
package import Facts
package import Projection
package import Tables
package import Views

/// Folds what is said of models, training and deployments: which model is live, and whether it is
/// better than its baseline.
///
/// It changes no deployment by itself: a recommendation is a row, a change of state an event.
///
/// Memory: a row a deployment, a version of a model and a training run (about 500 bytes each), of
/// which at most 2^20 a table stay in memory; of the anomalies at most 64 chunks of 256. An answer
/// reads the rows of its table into memory to sort them by name; anomalies stream.
package final class DeploymentsProjector: Projector {
  package static let view = View(
    "deployments", version: 3, "Which model is live.",
    needs: .events,
    tables: [
      DeploymentsAnswer(), ModelsAnswer(), TrainingAnswer(), AnomaliesAnswer(),
    ])

  let deployments: KeyedTable<Hash128, DeploymentRow>
  private let anomalies: ChunkedTable<AnomalyRow>
  private let registry: ModelRegistry
  let notes: FoldNotes?

  package init(tables: TableSet) throws(TableError) {
    notes = tables.notes
    deployments = try tables.open(DeploymentTables.deployments)
    anomalies = try tables.open(DeploymentTables.anomalies)
    registry = try ModelRegistry(tables: tables)
  }

  package func apply(_ batch: FoldBatch) throws(FoldError) {
    // In place: an event is costly to copy, and most are about something else.
    let events = batch.events.span
    for index in events.indices where isConcerned(events[index].envelope.kind) {
      do throws(TableError) { try fold(events[index]) } catch {
        throw FoldError(at: events[index].offset, error)
      }
    }
  }

  /// A quick look at the first letter: most events of a log are about something else.
  private func isConcerned(_ kind: String) -> Bool {
    switch kind.utf8.first {
    case UInt8(ascii: "d"): kind.hasPrefix("deployment_")
    case UInt8(ascii: "a"): kind == "ab_result"
    case UInt8(ascii: "m"): kind.hasPrefix("model_")
    case UInt8(ascii: "t"): kind.hasPrefix("training_")
    default: false
    }
  }

  private func fold(_ event: Event) throws(TableError) {
    let before = try noted(event)
    let refusal: Refusal?
    switch event.kind {
    case "deployment_created": refusal = try create(event)
    case "ab_result": refusal = try compare(event)
    case "model_registered": refusal = try registry.register(event)
    case "model_evaluated": refusal = try registry.evaluate(event)
    case "training_started": refusal = try registry.train(event, .running)
    case "training_completed": refusal = try registry.train(event, .completed)
    case "training_failed": refusal = try registry.train(event, .failed)
    default:
      if let step = DeploymentStep(kind: event.kind) {
        refusal = try change(event, step)
      } else if event.kind.hasPrefix("deployment_") {
        refusal = Refusal("no change of state that is known: \(event.kind)")
      } else {
        return
      }
    }
    try note(event, refusal, before: before)
    guard let refusal else { return }
    try anomalies.append(
      AnomalyRow(
        offset: event.offset, deploymentID: event.fields.text(.deploymentID),
        reason: refusal.reason))
  }

  private func create(_ event: Event) throws(TableError) -> Refusal? {
    guard let id = event.fields.text(.deploymentID) else { return .withoutID }
    let traffic = event.fields.number(.trafficPercentage) ?? DeploymentState.trafficAtFirst
    guard DeploymentState.isTraffic(traffic) else {
      return Refusal("created with \(traffic) % of the traffic, which is not within 0 to 100")
    }
    let isNew = try deployments.change(Hash128(of: id)) { row in
      guard row == nil else { return false }
      row = DeploymentRow(id: id, traffic: traffic, event: event)
      return true
    }
    return isNew ? nil : Refusal("created again")
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
      let fields = event.fields
      let isError = fields.bool(.isError) ?? fields.has(.errorMessage)
      switch fields.text(.arm) {
      case "deployment":
        row.deployment.add(
          quality: fields.number(.qualityScore), latencyMS: fields.number(.latencyMS),
          isError: isError)
      case "baseline":
        row.baseline.add(
          quality: fields.number(.qualityScore), latencyMS: fields.number(.latencyMS),
          isError: isError)
      default: throw Refusal("a result whose arm is neither deployment nor baseline")
      }
      row.evidence.add(event.offset)
    }
  }

  /// Changes the deployment that an event names, unless `body` refuses.
  private func withDeployment(
    _ event: Event, _ body: (inout DeploymentRow) throws(Refusal) -> Void
  ) throws(TableError) -> Refusal? {
    guard let id = event.fields.text(.deploymentID) else { return .withoutID }
    return try deployments.change(Hash128(of: id)) { slot in
      guard var row = slot else { return Refusal("no such deployment") }
      do throws(Refusal) { try body(&row) } catch { return error }
      slot = row
      return nil
    }
  }
}

extension Refusal {
  fileprivate static let withoutID = Refusal("without a deployment_id")
}

/// The tables of the view.
enum DeploymentTables {
  static let deployments = StoredTable<Hash128, DeploymentRow>("deployments")
  static let models = StoredTable<Hash128, ModelRow>("models")
  static let training = StoredTable<Hash128, TrainingRow>("training")
  static let anomalies = NumberedTable<AnomalyRow>("anomalies")
  static let newestVersions = StoredTable<Hash128, NewestVersionRow>(
    "newest_versions", isCounted: false)
}
