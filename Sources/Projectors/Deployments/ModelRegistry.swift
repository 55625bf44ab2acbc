internal import Events
internal import Facts
internal import Tables
internal import Views

/// The versions of models and their training runs.
///
/// An event about an unregistered version gives it a row all the same, since a log can begin
/// anywhere.
struct ModelRegistry {
  private let models: KeyedTable<TextKey, ModelVersion>
  private let newestVersions: KeyedTable<TextKey, NewestVersion>
  private let training: KeyedTable<TextKey, TrainingRun>

  init(tables: FoldTables) throws(TableError) {
    models = try tables.open(ModelVersion.table)
    newestVersions = try tables.open(ModelVersion.newest)
    training = try tables.open(TrainingRun.table)
  }

  /// A version that is registered again keeps its status, and becomes the newest.
  func register(_ event: Event) throws(TableError) -> Refusal? {
    let fields = event.fields
    guard let model = fields.text(.model) else { return .withoutModel }
    let version = fields.text(.version)
    try models.change(TextKey(model, version)) { slot in
      var row =
        slot
        ?? ModelVersion(model: model, version: version, status: .registered, offset: event.offset)
      row.baseModel = fields.text(.baseModel) ?? row.baseModel
      row.taskType = fields.text(.taskType) ?? row.taskType
      row.evidence.add(event.offset)
      slot = row
    }
    try newestVersions.put(TextKey(model), NewestVersion(version: version))
    return nil
  }

  func evaluate(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    let failed = EvaluationCheck.failed(by: event.fields)
    try change(model, by: event, to: failed.isEmpty ? .passed : .failed, failedChecks: failed)
    return nil
  }

  /// A run without an id is no row, but says something of its model; a run whose event names no
  /// model is of the model that it named before.
  func train(_ event: Event, _ status: TrainingStatus) throws(TableError) -> Refusal? {
    var model = event.fields.text(.model)
    let runID = event.fields.text(.runID)
    guard model != nil || runID != nil else { return Refusal("without a run_id or a model") }
    var isNow = true
    if let runID {
      (model, isNow) = try training.change(TextKey(runID)) { slot in
        var row = slot ?? TrainingRun(runID: runID, status: status, offset: event.offset)
        let isNow = row.change(to: status, model: model, by: event)
        slot = row
        return (row.model, isNow)
      }
    }
    if let model, isNow { try change(model, by: event, to: status.modelStatus, failedChecks: []) }
    return nil
  }

  private func change(
    _ model: String, by event: Event, to status: ModelStatus, failedChecks: [EvaluationCheck]
  ) throws(TableError) {
    let newest = try newestVersions.row(TextKey(model))
    let version = event.fields.text(.version) ?? newest?.version
    try models.change(TextKey(model, version)) { slot in
      var row =
        slot ?? ModelVersion(model: model, version: version, status: status, offset: event.offset)
      row.status = status
      row.failedChecks = failedChecks
      row.evidence.add(event.offset)
      slot = row
    }
  }
}

extension Refusal {
  fileprivate static let withoutModel = Refusal("without a model")
}
