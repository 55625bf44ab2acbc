internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// A training run, by its last event. A run that starts again is running again; but a start that
/// happened no later than the known end arrived late, and begins nothing, as progress after the end
/// does. One that is queued after its end waits again.
struct TrainingRun: Row, Equatable {
  var runID = ""
  var model: String?
  /// Nil when no event of it named one.
  var version: String?
  var status = TrainingStatus.running
  var startedAt: Timestamp?
  var isStartInferred = false
  var endedAt: Timestamp?
  var isEndInferred = false
  /// What it last reported.
  var loss = Reported<FixedPoint>()
  var evalLoss = Reported<FixedPoint>()
  var evalScore = Reported<FixedPoint>()
  var datasetSHA256 = Reported<String>()
  /// As `name=value`.
  var hyperparameters = Reported<String>()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, TrainingRun>("training")

  init() {}

  init(runID: String, status: TrainingStatus, offset: Offset) {
    self.runID = runID
    self.status = status
    evidence = Evidence(offset)
  }

  /// Returns whether the event says how far the run is now.
  mutating func change(
    to status: TrainingStatus, model: String?, version: String?, by event: Event, isProgress: Bool
  ) -> Bool {
    self.model = model ?? self.model
    self.version = version ?? self.version
    evidence.add(event.offset)
    let isInferred = event.envelope.isTimeInferred
    switch status {
    case .queued:
      // That it waited is told late, once it is known to run.
      let isAgain = endedAt.map { !isInferred && event.time > $0 } ?? false
      guard evidence.count == 1 || isAgain else { return false }
      endedAt = nil
      isEndInferred = false
    case .running:
      if startedAt.map({ event.time < $0 }) ?? true {
        startedAt = event.time
        isStartInferred = isInferred
      }
      if let endedAt, isProgress || (!isInferred && event.time <= endedAt) { return false }
      endedAt = nil
      isEndInferred = false
    case .completed, .failed:
      endedAt = event.time
      isEndInferred = isInferred
    }
    self.status = status
    return true
  }

  /// Takes what a run reports. What its end reports is the last of it, until it runs again.
  ///
  /// - Parameter isNow: whether the event says how far the run is now.
  mutating func take(_ report: TrainingReport, at time: Timestamp, isNow: Bool) {
    let isEnd = isNow && endedAt != nil
    let end = isNow ? nil : endedAt
    loss.take(report.loss, at: time, isEnd: isEnd, before: end)
    evalLoss.take(report.evalLoss, at: time, isEnd: isEnd, before: end)
    evalScore.take(report.evalScore, at: time, isEnd: isEnd, before: end)
    datasetSHA256.take(report.datasetSHA256?.digits, at: time, isEnd: isEnd, before: end)
    hyperparameters.take(report.hyperparameters?.text, at: time, isEnd: isEnd, before: end)
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout TrainingRun, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("run_id", &row.runID, "The run.")
    try visit.column("model", &row.model, "The model.")
    try visit.column("version", &row.version, "The version, where an event of the run named one.")
    try visit.column("status", &row.status, "How it stands.", rule: "by the last event below")
    try visit.column(
      "started_at", &row.startedAt,
      "The time of the first training_started or training_progress; null: not given.")
    try visit.column(
      "is_started_at_inferred", &row.isStartInferred, "Whether its line does not say it.")
    try visit.column(
      "ended_at", &row.endedAt, "The time of the last end, unless it runs again; null: not ended.")
    try visit.column(
      "is_ended_at_inferred", &row.isEndInferred, "Whether its line does not say it.")
    try visit.column("loss", &row.loss.value, "The loss that it last reported.")
    try visit.column("eval_loss", &row.evalLoss.value, "The loss of its last evaluation.")
    try visit.column(
      "eval_score", &row.evalScore.value, unit: .fraction, "The score of its last evaluation.")
    try visit.column(
      "dataset_sha256", &row.datasetSHA256.value, "The SHA-256 of the file that it is trained on.")
    try visit.column(
      "hyperparameters", &row.hyperparameters.value,
      "What it is trained with, as last said: `name=value`, sorted by name, and `outer.name=value`."
    )
    try visit.hidden("loss_at", &row.loss.time)
    try visit.hidden("eval_loss_at", &row.evalLoss.time)
    try visit.hidden("eval_score_at", &row.evalScore.time)
    try visit.hidden("dataset_sha256_at", &row.datasetSHA256.time)
    try visit.hidden("hyperparameters_at", &row.hyperparameters.time)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "deployments/training",
    """
    How each training run stands, by its last event: training_queued → queued, training_started and \
    training_progress → running, training_completed → completed, \
    training_failed → failed. A run that starts again is running again, one that is queued at a later \
    time than its end is queued again; progress that is told after its end begins nothing. What it \
    reports is the last by time; what its end reports stands.
    """,
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "model", "status").touched { subject, tables throws(TableError) in
    guard let id = subject.event.fields.text(.runID),
      let row = try tables.read(table).row(TextKey(id)),
      try row.evidence.holds(subject, if: TrainingReport.kinds.contains, in: tables)
    else { return [] }
    return [row]
  }.explained(byTrace: true) { explanation, row, _, trace throws(TableError) in
    explanation.steps = DeploymentNotes.steps(
      about: DeploymentNotes.subject(run: row["run_id"].text ?? ""), trace)
  }.whenEmpty { _ in
    [
      "a run has a row by an event with its run_id of one of \(TrainingReport.kinds.joined(separator: ", ")): "
        + "there is none"
    ]
  }
}

/// A value as it was last reported, and when.
struct Reported<Value: Equatable & Sendable>: Equatable, Sendable {
  var value: Value?
  var time: Timestamp?

  /// - Parameters:
  ///   - isEnd: whether the end of the run reports it.
  ///   - end: the end of a run that is over, of what is told after it: what the end reports stands.
  mutating func take(_ new: Value?, at time: Timestamp, isEnd: Bool, before end: Timestamp?) {
    guard let new else { return }
    if let known = self.time, value != nil, !isEnd {
      if time < known { return }
      if let end, known == end { return }
    }
    value = new
    self.time = time
  }
}

/// How far a training run has come.
enum TrainingStatus: UInt8, NamedChoice {
  case running = 0
  case completed = 1
  case failed = 2
  case queued = 3

  var name: String {
    switch self {
    case .running: "running"
    case .completed: "completed"
    case .failed: "failed"
    case .queued: "queued"
    }
  }

  /// What the run's end, or its start, makes of the model.
  var modelStatus: ModelStatus? {
    switch self {
    case .queued: nil
    case .running: .training
    case .completed: .ready
    case .failed: .failed
    }
  }
}
