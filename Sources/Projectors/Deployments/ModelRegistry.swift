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
  /// By model: the version that was promoted last, where it was not deprecated since.
  private let promoted: KeyedTable<TextKey, NewestVersion>

  init(tables: FoldTables) throws(TableError) {
    models = try tables.open(ModelVersion.table)
    newestVersions = try tables.open(ModelVersion.newest)
    training = try tables.open(TrainingRun.table)
    promoted = try tables.open(ModelVersion.promoted)
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
    let missing = EvaluationCheck.missing(in: event.fields)
    // What measures nothing says nothing of the version.
    let status: ModelStatus? =
      missing.count == EvaluationCheck.allCases.count ? nil : failed.isEmpty ? .passed : .failed
    try change(model, by: event, to: status, checks: (failed, missing))
    return nil
  }

  /// A version that is promoted takes the place of the one before, which is deprecated by that.
  func promote(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    let version = try version(of: model, event)
    if let before = try promoted.row(TextKey(model)), before.version != version {
      try models.change(TextKey(model, before.version)) { row in
        row?.status = .deprecated
        row?.evidence.add(event.offset)
      }
    }
    try change(model, by: event, to: .promoted)
    try promoted.put(TextKey(model), NewestVersion(version: version))
    return nil
  }

  /// Without a version it is about the promoted one, else about the newest.
  func deprecate(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    let current = try promoted.row(TextKey(model))
    let newest = try version(of: model, event)
    let version = event.fields.text(.version) ?? current?.version ?? newest
    try change(model, version, by: event, to: .deprecated)
    if let current, current.version == version { try promoted.remove(TextKey(model)) }
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
        if let report = event.payload(TrainingReport.self) { row.take(report) }
        slot = row
        return (row.model, isNow)
      }
    }
    if let model, isNow {
      let next = status.modelStatus
      try change(model, by: event, to: next, checks: next == nil ? nil : ([], []))
    }
    return nil
  }

  /// The version that an event is about: the newest registered where it names none.
  private func version(of model: String, _ event: Event) throws(TableError) -> String? {
    let newest = try newestVersions.row(TextKey(model))
    return event.fields.text(.version) ?? newest?.version
  }

  private func change(
    _ model: String, by event: Event, to status: ModelStatus?, checks: Checks? = nil
  ) throws(TableError) {
    try change(model, try version(of: model, event), by: event, to: status, checks: checks)
  }

  private typealias Checks = (failed: [EvaluationCheck], missing: [EvaluationCheck])

  /// - Parameters:
  ///   - status: nil where it stays.
  ///   - checks: nil where they stay.
  private func change(
    _ model: String, _ version: String?, by event: Event, to status: ModelStatus?,
    checks: Checks? = nil
  ) throws(TableError) {
    try models.change(TextKey(model, version)) { slot in
      var row =
        slot
        ?? ModelVersion(
          model: model, version: version, status: status ?? .registered, offset: event.offset)
      row.status = status ?? row.status
      if let checks {
        row.failedChecks = checks.failed
        row.missingChecks = checks.missing
      }
      row.evidence.add(event.offset)
      slot = row
    }
  }
}

extension Refusal {
  fileprivate static let withoutModel = Refusal("without a model")
}
