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
  /// By model: the version that was promoted last.
  private let promoted: KeyedTable<TextKey, PromotedVersion>

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
    let version = try version(of: model, event)
    try change(
      model, version, by: event, to: status, checks: .found(failed: failed, missing: missing))
    return nil
  }

  /// A version that is promoted takes the place of the one before, which is deprecated by that.
  func promote(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    let version = try version(of: model, event)
    if let before = try promoted.row(TextKey(model)), before.isLive,
      TextKey(before.version) != TextKey(version)
    {
      try models.change(TextKey(model, before.version)) { row in
        row?.status = .deprecated
        row?.evidence.add(event.offset)
      }
    }
    try change(model, version, by: event, to: .promoted)
    try promoted.put(TextKey(model), PromotedVersion(version: version))
    return nil
  }

  /// Without a version it is about the promoted one; where none ever was, about the newest.
  func deprecate(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    var known = try promoted.row(TextKey(model))
    var version = try version(of: model, event)
    if let known, !event.fields.has(.version) {
      if !known.isLive { return Refusal("deprecated without a version, and none is promoted") }
      version = known.version
    }
    try change(model, version, by: event, to: .deprecated)
    if let live = known, live.isLive, TextKey(live.version) == TextKey(version) {
      known?.isLive = false
      try known.map { row throws(TableError) in try promoted.put(TextKey(model), row) }
    }
    return nil
  }

  /// A run without an id is no row, but says something of its model; a run whose event names no
  /// model, or no version, is of those that it named before.
  func train(
    _ event: Event, _ status: TrainingStatus, isProgress: Bool = false
  ) throws(TableError) -> Refusal? {
    var model = event.fields.text(.model)
    var version = event.fields.text(.version)
    let runID = event.fields.text(.runID)
    guard model != nil || runID != nil else { return Refusal("without a run_id or a model") }
    var isNow = true
    if let runID {
      (model, version, isNow) = try training.change(TextKey(runID)) { slot in
        var row = slot ?? TrainingRun(runID: runID, status: status, offset: event.offset)
        let isNow = row.change(
          to: status, model: model, version: version, by: event, isProgress: isProgress)
        if let report = event.payload(TrainingReport.self) {
          row.take(report, at: event.time, isNow: isNow)
        }
        slot = row
        return (row.model, row.version, isNow)
      }
    }
    if let model, isNow {
      let next = status.modelStatus
      if version == nil { version = try newest(of: model) }
      try change(model, version, by: event, to: next, checks: next == nil ? .kept : .forgotten)
    }
    return nil
  }

  /// The version that an event names, else the newest.
  private func version(of model: String, _ event: Event) throws(TableError) -> String? {
    if let named = event.fields.text(.version) { return named }
    return try newest(of: model)
  }

  /// The version of a model that was registered last; nil for one without a version, and for none.
  private func newest(of model: String) throws(TableError) -> String? {
    try newestVersions.row(TextKey(model))?.version
  }

  /// What becomes of the checks of a version.
  private enum Checks {
    case kept, forgotten
    case found(failed: [EvaluationCheck], missing: [EvaluationCheck])
  }

  /// Changes a version. One that is promoted stays so until it is deprecated.
  ///
  /// - Parameter status: nil where it stays.
  private func change(
    _ model: String, _ version: String?, by event: Event, to status: ModelStatus?,
    checks: Checks = .kept
  ) throws(TableError) {
    try models.change(TextKey(model, version)) { slot in
      var row =
        slot
        ?? ModelVersion(
          model: model, version: version, status: status ?? .registered, offset: event.offset)
      let stays = row.status == .promoted && status != .deprecated
      if let status, !stays { row.status = status }
      switch checks {
      case .kept: break
      case .forgotten where stays: break
      case .forgotten: (row.failedChecks, row.missingChecks) = ([], [])
      case .found(let failed, let missing):
        (row.failedChecks, row.missingChecks) = (failed, missing)
      }
      row.evidence.add(event.offset)
      slot = row
    }
  }
}

extension Refusal {
  fileprivate static let withoutModel = Refusal("without a model")
}
