internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A version of a model.
struct ModelVersion: Row, Equatable {
  var model = ""
  /// Nil when no event named one.
  var version: String?
  var baseModel: String?
  var taskType: String?
  /// What its registration, training and evaluation make of it.
  private(set) var made = ModelStatus.registered
  private var madeAt: Moment?
  /// Of the last promotion.
  private(set) var promotedAt: Moment?
  /// Of the last deprecation, also by the promotion of another.
  private var deprecatedAt: Moment?
  private var checkedAt: Moment?
  /// The checks that the last evaluation failed.
  var failedChecks: [EvaluationCheck] = []
  /// Those of which it says nothing.
  var missingChecks: [EvaluationCheck] = []
  var evidence = Evidence()

  static let table = StoredTable<TextKey, ModelVersion>("models")
  /// By model: the version that its last registration named.
  static let newest = StoredTable<TextKey, NewestVersion>("newest_versions", isCounted: false)
  /// By model: the version that was promoted last.
  static let promoted = StoredTable<TextKey, PromotedVersion>("promoted_versions", isCounted: false)

  init() {}

  init(model: String, version: String?) {
    self.model = model
    self.version = version
  }

  /// What is promoted stays so until it is deprecated, however it is trained and evaluated; then it is
  /// what is made of it after that.
  var status: ModelStatus {
    if let promotedAt, deprecatedAt.map({ $0 < promotedAt }) ?? true { return .promoted }
    if let deprecatedAt, madeAt.map({ $0 < deprecatedAt }) ?? true { return .deprecated }
    return made
  }

  /// When an event happened; where its line does not say, after all that is known of the version.
  func moment(of event: Event) -> Moment {
    let known = [madeAt, promotedAt, deprecatedAt, checkedAt].compactMap { $0?.time }.max()
    let time = event.envelope.isTimeInferred ? known ?? event.time : event.time
    return Moment(time: time, offset: event.offset)
  }

  mutating func make(_ status: ModelStatus, at moment: Moment) {
    if let madeAt, moment < madeAt { return }
    (made, madeAt) = (status, moment)
  }

  mutating func promote(at moment: Moment) {
    promotedAt = max(promotedAt ?? moment, moment)
  }

  mutating func deprecate(at moment: Moment) {
    deprecatedAt = max(deprecatedAt ?? moment, moment)
  }

  /// Deprecates it where another is promoted while it is. Returns whether it was.
  @discardableResult
  mutating func replace(at moment: Moment) -> Bool {
    if let promotedAt, let deprecatedAt, promotedAt < deprecatedAt, deprecatedAt < moment {
      return false
    }
    deprecate(at: moment)
    return true
  }

  /// Takes what an evaluation found: nothing, once it is trained anew.
  mutating func check(failed: [EvaluationCheck], missing: [EvaluationCheck], at moment: Moment) {
    if let checkedAt, moment < checkedAt { return }
    (failedChecks, missingChecks, checkedAt) = (failed, missing, moment)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout ModelVersion, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("model", &row.model, "The model.")
    try visit.key("version", &row.version, "Its version; null: without one.")
    try visit.column("base_model", &row.baseModel, "What it was trained from.")
    try visit.column("task_type", &row.taskType, "For which tasks.")
    try visit.hidden("made", &row.made)
    try visit.hidden("made_at", &row.madeAt)
    try visit.hidden("promoted_at", &row.promotedAt)
    try visit.hidden("deprecated_at", &row.deprecatedAt)
    try visit.hidden("checked_at", &row.checkedAt)
    visit.derived("status", "Where it stands.", rule: "by the latest of the events below") {
      row.status
    }
    try visit.column(
      "failed_checks", &row.failedChecks,
      "The checks that the last evaluation failed: of what it measured.")
    try visit.column(
      "missing_checks", &row.missingChecks, "The checks of which the last evaluation says nothing.")
    try visit.evidence(&row.evidence)
  }

  /// The versions that an event says something of: those that name it, else, among those that do not
  /// name all that they stand on, the one that it is about.
  private static func touched(
    by subject: EventSubject, in tables: any ViewReader
  ) throws(TableError) -> [ModelVersion] {
    let fields = subject.event.fields
    // An event may name its model, or only a run of it.
    let run = try fields.text(.runID).flatMap { id throws(TableError) in
      try tables.read(TrainingRun.table).row(TextKey(id))
    }
    guard let model = fields.text(.model) ?? run?.model else { return [] }
    let version = fields.text(.version) ?? run?.version
    var named: [ModelVersion] = []
    var cut: [ModelVersion] = []
    try tables.read(table).forEach(from: TextKey(model)) { key, row throws(TableError) in
      if !row.model.utf8.elementsEqual(model.utf8) { return false }
      let evidence = row.evidence
      if evidence.first.contains(subject.offset) || evidence.last == subject.offset {
        named.append(row)
      } else if try evidence.holds(subject, if: isOfModels, in: tables),
        version == nil || key == TextKey(model, version)
      {
        cut.append(row)
      }
      return true
    }
    if !named.isEmpty { return named }
    // What names no version is about the one that was the newest then.
    return cut.max { ($0.evidence.first.first ?? 0) < ($1.evidence.first.first ?? 0) }.map { [$0] }
      ?? []
  }

  private static func isOfModels(_ kind: String) -> Bool {
    kind.hasPrefix("model_") || TrainingReport.kinds.contains(kind)
  }

  static let answer = Answer(
    "deployments/models",
    """
    How each version of a model stands, and what of its evaluation it passed. It is registered from model_registered on, or from the first event that \
    is about it; training_started → training, \
    training_completed → ready, training_failed → failed, model_evaluated → passed or failed, by what \
    it measures, model_promoted → promoted, and the version promoted before → deprecated, \
    model_deprecated → deprecated. A promoted version stays so, however it is trained and evaluated, \
    until it is deprecated. The latest event counts, in whatever order they are read, one that says no \
    time as the latest: of two promotions the later one stands. What names no version means that of its run, where an event named one, else \
    the newest registered; a deprecation, the promoted one.
    """,
    of: table, key: { TextKey($0[0], $0[1]) }
  ).showing(first: "status").touched { subject, tables throws(TableError) in
    try touched(by: subject, in: tables)
  }.explained(byTrace: true) { explanation, row, _, trace throws(TableError) in
    let failed: [String] = if case .texts(let names) = row["failed_checks"] { names } else { [] }
    let missing: [String] = if case .texts(let names) = row["missing_checks"] { names } else { [] }
    explanation.set(
      Figure(
        "failed_checks", row["failed_checks"],
        "the checks that the last evaluation failed: of what it measured",
        EvaluationCheck.allCases.map {
          let isMissing = missing.contains($0.name)
          return Input(
            "\($0.name) \($0.bound)",
            .text(failed.contains($0.name) ? "failed" : isMissing ? "not measured" : "not failed"))
        }))
    var known = Set(row.offsets)
    for note in trace?.notes ?? [] where known.remove(note.offset) != nil {
      explanation.steps.append(Step(note.offset, note.text))
    }
  }.whenEmpty { _ in
    [
      "a version has a row by model_registered, or by another event about models or training that names its "
        + "model: there is none"
    ]
  }
}

/// What is kept of a model's newest registration.
struct NewestVersion: Row, Equatable {
  var version: String?

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout NewestVersion, _ visit: inout Visitor
  ) throws(Visitor.Failure) { try visit.hidden("version", &row.version) }
}

/// When an event happened, of those of one time in the order in which they are read.
struct Moment: ByteCodable, Comparable, Sendable {
  var time: Timestamp
  var offset: Offset

  init(time: Timestamp, offset: Offset) {
    self.time = time
    self.offset = offset
  }

  static func < (left: Moment, right: Moment) -> Bool {
    (left.time, left.offset) < (right.time, right.offset)
  }

  func encode(into writer: inout ByteWriter) {
    time.encode(into: &writer)
    writer.append(varint: offset)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    time = try Timestamp(from: &reader)
    offset = try reader.varint()
  }
}

/// What is kept of a model's latest promotion.
struct PromotedVersion: Row, Equatable {
  var version: String?

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromotedVersion, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("version", &row.version)
  }
}

/// How far a version of a model has come.
enum ModelStatus: UInt8, NamedChoice {
  case registered = 0
  case training = 1
  case ready = 2
  case passed = 3
  case failed = 4
  case promoted = 5
  case deprecated = 6

  var name: String {
    switch self {
    case .registered: "registered"
    case .training: "training"
    case .ready: "ready"
    case .passed: "passed"
    case .failed: "failed"
    case .promoted: "promoted"
    case .deprecated: "deprecated"
    }
  }
}

/// The checks that an evaluated model must pass, all of those that were measured. Changes are
/// fractions of the value before, and positive is better.
enum EvaluationCheck: UInt8, NamedChoice {
  case improvement = 0
  case accuracy = 1
  case latency = 2
  case memory = 3
  case forgetting = 4
  case safety = 5

  var name: String {
    switch self {
    case .improvement: "improvement"
    case .accuracy: "accuracy_change"
    case .latency: "latency_change"
    case .memory: "memory_change"
    case .forgetting: "forgetting_rate"
    case .safety: "safety_passed"
    }
  }

  /// Whether an evaluation passes it; nil where it does not say.
  func passes(_ fields: Fields) -> Bool? {
    switch self {
    case .improvement: atLeast(fields.number(.improvement), hundredths: 5)
    case .accuracy: atLeast(fields.number(.accuracyChange), hundredths: -2)
    case .latency: atLeast(fields.number(.latencyChange), hundredths: -10)
    case .memory: atLeast(fields.number(.memoryChange), hundredths: -5)
    case .forgetting: fields.number(.forgettingRate).map { $0 < FixedPoint(hundredths: 30) }
    case .safety: fields.bool(.safetyPassed)
    }
  }

  private func atLeast(_ value: FixedPoint?, hundredths: Int64) -> Bool? {
    value.map { $0 >= FixedPoint(hundredths: hundredths) }
  }

  /// The checks that an evaluation fails.
  static func failed(by fields: Fields) -> [EvaluationCheck] {
    allCases.filter { $0.passes(fields) == false }
  }

  /// The checks of which an evaluation says nothing.
  static func missing(in fields: Fields) -> [EvaluationCheck] {
    allCases.filter { $0.passes(fields) == nil }
  }
}

extension EvaluationCheck {
  /// What an evaluation must say to pass.
  var bound: String {
    switch self {
    case .improvement: "≥ 0.05"
    case .accuracy: "≥ -0.02"
    case .latency: "≥ -0.1"
    case .memory: "≥ -0.05"
    case .forgetting: "< 0.3"
    case .safety: "true"
    }
  }

  func account(of fields: Fields) -> String {
    let said: String? =
      switch self {
      case .improvement: fields.number(.improvement)?.description
      case .accuracy: fields.number(.accuracyChange)?.description
      case .latency: fields.number(.latencyChange)?.description
      case .memory: fields.number(.memoryChange)?.description
      case .forgetting: fields.number(.forgettingRate)?.description
      case .safety: fields.bool(.safetyPassed).map { "\($0)" }
      }
    return "\(name) \(said ?? "not said") (\(bound))"
  }
}
