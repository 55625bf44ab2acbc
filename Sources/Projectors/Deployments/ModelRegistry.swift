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
      var row = slot ?? ModelVersion(model: model, version: version)
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
    try change(model, try version(of: model, event), by: event) { row, moment in
      if let status { row.make(status, at: moment) }
      row.check(failed: failed, missing: missing, at: moment)
    }
    return nil
  }

  /// A version that is promoted takes the place of the one before, which is deprecated by that.
  func promote(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    let version = try version(of: model, event)
    let known = try promoted.row(TextKey(model)) ?? PromotedVersion(version: version)
    var last = try models.row(TextKey(model, known.version))
    let moment = (last ?? ModelVersion()).moment(of: event)
    try change(model, version, by: event) { row, _ in row.promote(at: moment) }
    guard TextKey(known.version) != TextKey(version) else {
      try promoted.put(TextKey(model), known)
      return nil
    }
    if let promotedAt = last?.promotedAt, moment < promotedAt {
      // It is told late: what was promoted since has taken its place.
      try models.change(TextKey(model, version)) { _ = $0?.replace(at: promotedAt) }
      return nil
    }
    try promoted.put(TextKey(model), PromotedVersion(version: version))
    if last?.replace(at: moment) == true {
      last?.evidence.add(event.offset)
      if let last { try models.put(TextKey(model, known.version), last) }
    }
    return nil
  }

  /// Without a version it is about the promoted one; where none ever was, about the newest.
  func deprecate(_ event: Event) throws(TableError) -> Refusal? {
    guard let model = event.fields.text(.model) else { return .withoutModel }
    var version = try version(of: model, event)
    if let known = try promoted.row(TextKey(model)), !event.fields.has(.version) {
      let row = try models.row(TextKey(model, known.version)) ?? ModelVersion()
      if row.status != .promoted {
        return Refusal("deprecated without a version, and none is promoted")
      }
      if let promotedAt = row.promotedAt, row.moment(of: event) < promotedAt {
        return Refusal("deprecated without a version, before the promotion that is known")
      }
      version = known.version
    }
    try change(model, version, by: event) { row, moment in row.deprecate(at: moment) }
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
      try change(model, version, by: event) { row, moment in
        guard let next else { return }
        if row.status != .promoted { row.check(failed: [], missing: [], at: moment) }
        row.make(next, at: moment)
      }
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

  /// Changes a version, which has a row from now on.
  private func change(
    _ model: String, _ version: String?, by event: Event,
    _ body: (inout ModelVersion, Moment) -> Void
  ) throws(TableError) {
    try models.change(TextKey(model, version)) { slot in
      var row = slot ?? ModelVersion(model: model, version: version)
      body(&row, row.moment(of: event))
      row.evidence.add(event.offset)
      slot = row
    }
  }
}

extension Refusal {
  fileprivate static let withoutModel = Refusal("without a model")
}
