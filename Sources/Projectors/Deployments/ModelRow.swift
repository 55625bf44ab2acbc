internal import Bytes
internal import Events
internal import Facts
internal import Views

/// How far a version of a model has come.
enum ModelStatus: UInt8, Sendable, CaseIterable {
  case registered = 0
  case training = 1
  case ready = 2
  case passed = 3
  case failed = 4

  var name: String {
    switch self {
    case .registered: "registered"
    case .training: "training"
    case .ready: "ready"
    case .passed: "passed"
    case .failed: "failed"
    }
  }
}

/// A version of a model; nil when nobody named one.
struct ModelRow: StoredRow, Equatable {
  var model: String
  var version: String?
  var baseModel: String?
  var taskType: String?
  var status: ModelStatus
  /// The checks that the last evaluation failed.
  var failedChecks: [EvaluationCheck] = []
  var evidence: Evidence

  init(model: String, version: String?, status: ModelStatus, offset: Offset) {
    self.model = model
    self.version = version
    self.status = status
    evidence = Evidence(offset)
  }

  /// Where the row lies: by the bytes of both names.
  static func key(_ model: String, _ version: String?) -> Hash128 {
    var writer = ByteWriter(capacity: 64)
    writer.append(text: model)
    writer.append(optional: version)
    return Hash128(of: writer.span)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: model)
    writer.append(optional: version)
    writer.append(optional: baseModel)
    writer.append(optional: taskType)
    writer.append(byte: status.rawValue)
    writer.append(varint: failedChecks.count)
    for check in failedChecks { writer.append(byte: check.rawValue) }
    writer.append(evidence: evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    model = try reader.text()
    version = try reader.optionalText()
    baseModel = try reader.optionalText()
    taskType = try reader.optionalText()
    status = try reader.choice(ModelStatus.self)
    let count = try reader.count()
    for _ in 0..<count { failedChecks.append(try reader.choice(EvaluationCheck.self)) }
    evidence = try reader.evidence()
  }
}

/// The version that the last registration of a model named.
struct NewestVersionRow: StoredRow, Equatable {
  var version: String?

  init(version: String?) { self.version = version }

  func encode(into writer: inout ByteWriter) { writer.append(optional: version) }

  init(from reader: inout ByteReader) throws(BytesError) { version = try reader.optionalText() }
}

/// How far a training run has come.
enum TrainingStatus: UInt8, Sendable, CaseIterable {
  case running = 0
  case completed = 1
  case failed = 2

  var name: String {
    switch self {
    case .running: "running"
    case .completed: "completed"
    case .failed: "failed"
    }
  }

  /// What the run's end, or its start, makes of the model.
  var modelStatus: ModelStatus {
    switch self {
    case .running: .training
    case .completed: .ready
    case .failed: .failed
    }
  }
}

/// A training run, by its last event. A run that starts again is running again; but a start that
/// happened no later than the end that is known is told late, and begins nothing.
struct TrainingRow: StoredRow, Equatable {
  var runID: String
  var model: String?
  var status: TrainingStatus
  var startedAt: Timestamp?
  var endedAt: Timestamp?
  var evidence: Evidence

  init(runID: String, status: TrainingStatus, offset: Offset) {
    self.runID = runID
    self.status = status
    evidence = Evidence(offset)
  }

  /// Returns whether the event says how far the run is now.
  mutating func change(to status: TrainingStatus, model: String?, by event: Event) -> Bool {
    self.model = model ?? self.model
    evidence.add(event.offset)
    switch status {
    case .running:
      startedAt = startedAt.map { min($0, event.time) } ?? event.time
      if let endedAt, !event.envelope.isTimeInferred, event.time <= endedAt { return false }
      endedAt = nil
    case .completed, .failed:
      endedAt = event.time
    }
    self.status = status
    return true
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: runID)
    writer.append(optional: model)
    writer.append(byte: status.rawValue)
    writer.append(optional: startedAt)
    writer.append(optional: endedAt)
    writer.append(evidence: evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    runID = try reader.text()
    model = try reader.optionalText()
    status = try reader.choice(TrainingStatus.self)
    startedAt = try reader.optionalTime()
    endedAt = try reader.optionalTime()
    evidence = try reader.evidence()
  }
}
