import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

@Suite struct ModelTests {
  private func model(
    _ spec: DeploymentSpec, _ version: String?
  ) throws -> [String: Cell] {
    try spec.spec.rows("deployments/models").first { $0["version"] == Cell(version) } ?? [:]
  }

  private static let passing: [Field: FieldValue] = [
    .model: "m", .improvement: 0.05, .accuracyChange: -0.02, .latencyChange: -0.1,
    .memoryChange: -0.05, .forgettingRate: 0.299_999_999, .safetyPassed: true,
  ]

  @Test func `a version is registered, trained and ready`() throws {
    let spec = try DeploymentSpec()
    try spec.given(
      "model_registered", [.model: "m", .version: "1", .baseModel: "base", .taskType: "fix"])
    #expect(try model(spec, "1")["status"] == .text("registered"))
    #expect(try model(spec, "1")["base_model"] == .text("base"))
    #expect(try model(spec, "1")["task_type"] == .text("fix"))
    try spec.given("training_started", [.model: "m", .runID: "r"])
    #expect(try model(spec, "1")["status"] == .text("training"))
    try spec.given("training_completed", [.model: "m", .runID: "r"])
    #expect(try model(spec, "1")["status"] == .text("ready"))
    #expect(try model(spec, "1")["offsets"] == .offsets([0, 1, 2]))
    #expect(try spec.anomalies().isEmpty)
  }

  @Test func `no version means the newest registered`() throws {
    let spec = try DeploymentSpec()
    for version in ["1", "3", "2"] {
      try spec.given("model_registered", [.model: "m", .version: .text(version)])
    }
    try spec.given("model_registered", [.model: "other", .version: "9"])
    try spec.given("training_started", [.model: "m"])
    try spec.given("training_failed", [.model: "m", .version: "1"])
    #expect(try model(spec, "1")["status"] == .text("failed"))
    #expect(try model(spec, "2")["status"] == .text("training"))
    #expect(try model(spec, "3")["status"] == .text("registered"))
    #expect(try model(spec, "9")["status"] == .text("registered"))
    try spec.given("model_evaluated", Self.passing)
    #expect(try model(spec, "2")["status"] == .text("passed"))
  }

  @Test func `a version that nobody registered has a row all the same`() throws {
    let spec = try DeploymentSpec()
    try spec.given("training_started", [.model: "m"])
    #expect(try model(spec, nil)["status"] == .text("training"))
  }

  @Test func `an evaluation passes at each bound`() throws {
    let spec = try DeploymentSpec()
    try spec.given("model_registered", [.model: "m", .version: "1"])
    try spec.given("model_evaluated", Self.passing)
    #expect(try model(spec, "1")["status"] == .text("passed"))
    #expect(try model(spec, "1")["failed_checks"] == .texts([]))
  }

  @Test(
    arguments: [
      (.improvement, 0.049_999_999), (.accuracyChange, -0.020_000_001),
      (.latencyChange, -0.100_000_001), (.memoryChange, -0.050_000_001), (.forgettingRate, 0.3),
      (.safetyPassed, false),
    ] as [(Field, FieldValue)])
  func `beyond a bound an evaluation fails, without the field that check is missing`(
    field: Field, value: FieldValue
  ) throws {
    for worse in [value, nil] {
      let spec = try DeploymentSpec()
      var fields = Self.passing
      fields[field] = worse
      try spec.given("model_registered", [.model: "m", .version: "1"])
      try spec.given("model_evaluated", fields)
      #expect(try model(spec, "1")["status"] == .text(worse == nil ? "passed" : "failed"))
      let name = try #require(
        EvaluationCheck.allCases.first { field.name.hasPrefix($0.name) || $0.name == field.name }
      ).name
      #expect(try model(spec, "1")["failed_checks"] == .texts(worse == nil ? [] : [name]))
      #expect(try model(spec, "1")["missing_checks"] == .texts(worse == nil ? [name] : []))
    }
  }

  @Test func `an evaluation that measures nothing changes no status`() throws {
    let spec = try DeploymentSpec()
    try spec.given("model_registered", [.model: "m", .version: "1"])
    try spec.given("model_evaluated", [.model: "m"])
    #expect(try model(spec, "1")["status"] == .text("registered"))
    #expect(try model(spec, "1")["missing_checks"] == .texts(EvaluationCheck.allCases.map(\.name)))
  }

  @Test func `a version that is promoted takes the place of the one before`() throws {
    let spec = try DeploymentSpec()
    for version in ["1", "2"] {
      try spec.given("model_registered", [.model: "m", .version: .text(version)])
    }
    try spec.given("model_promoted", [.model: "m", .version: "1"])
    #expect(try model(spec, "1")["status"] == .text("promoted"))
    try spec.given("model_promoted", [.model: "m"])
    #expect(try model(spec, "1")["status"] == .text("deprecated"))
    #expect(try model(spec, "1")["offsets"] == .offsets([0, 2, 3]))
    #expect(try model(spec, "2")["status"] == .text("promoted"))
    // Without a version it is the promoted one that goes.
    try spec.given("model_registered", [.model: "m", .version: "3"])
    try spec.given("model_deprecated", [.model: "m"])
    #expect(try model(spec, "2")["status"] == .text("deprecated"))
    try spec.given("model_promoted", [.model: "m"])
    #expect(try model(spec, "2")["offsets"] == .offsets([1, 3, 5]))
    #expect(try model(spec, "3")["status"] == .text("promoted"))
    #expect(try spec.anomalies().isEmpty)
  }

  @Test func `a promoted version stays so, whatever is trained and however it is evaluated`() throws
  {
    let spec = try DeploymentSpec()
    try spec.given("model_registered", [.model: "m", .version: "1"])
    try spec.given("model_promoted", [.model: "m", .version: "1"])
    for kind in ["training_started", "training_failed", "training_completed"] {
      try spec.given(kind, [.model: "m", .runID: "another"])
      #expect(try model(spec, "1")["status"] == .text("promoted"), "\(kind)")
    }
    var failing = Self.passing
    failing[.improvement] = 0
    try spec.given("model_evaluated", failing)
    #expect(try model(spec, "1")["status"] == .text("promoted"))
    #expect(try model(spec, "1")["failed_checks"] == .texts(["improvement"]))
    try spec.given("model_evaluated", Self.passing)
    #expect(try model(spec, "1")["failed_checks"] == .texts([]))
    #expect(try model(spec, "1")["status"] == .text("promoted"))
    // A newer version is trained for itself.
    try spec.given("model_registered", [.model: "m", .version: "2"])
    try spec.given("training_failed", [.model: "m", .runID: "another"])
    #expect(try model(spec, "2")["status"] == .text("failed"))
    #expect(try model(spec, "1")["status"] == .text("promoted"))
    try spec.given("model_deprecated", [.model: "m"])
    #expect(try model(spec, "1")["status"] == .text("deprecated"))
  }

  @Test func `a run is of the version that an event of it named`() throws {
    let spec = try DeploymentSpec()
    for version in ["1", "2"] {
      try spec.given("model_registered", [.model: "m", .version: .text(version)])
    }
    try spec.given("training_started", [.model: "m", .runID: "r", .version: "1"])
    try spec.given("training_failed", [.runID: "r"])
    #expect(try model(spec, "1")["status"] == .text("failed"))
    #expect(try model(spec, "2")["status"] == .text("registered"))
    #expect(try spec.spec.rows("deployments/training").map { $0["version"] } == [.text("1")])
  }

  @Test func `a deprecation is of the version that it names, else of the one that is live`() throws
  {
    let spec = try DeploymentSpec()
    for version in ["1", "2", "3"] {
      try spec.given("model_registered", [.model: "m", .version: .text(version)])
    }
    func states() throws -> [Cell?] { try ["1", "2", "3"].map { try model(spec, $0)["status"] } }
    try spec.given("model_promoted", [.model: "m", .version: "2"])
    try spec.given("model_deprecated", [.model: "m", .version: "1"])
    #expect(try states() == ["deprecated", "promoted", "registered"].map(Cell.text))
    try spec.given("model_deprecated", [.model: "m"])
    #expect(try states() == ["deprecated", "deprecated", "registered"].map(Cell.text))
    // None is live now: the newest was never promoted, and is not meant.
    try spec.given("model_deprecated", [.model: "m"])
    #expect(try states() == ["deprecated", "deprecated", "registered"].map(Cell.text))
    #expect(
      try spec.anomalies().map { $0["reason"] }
        == [.text("deprecated without a version, and none is promoted")])
  }

  @Test func `a live version without a name is deprecated, and not the newest`() throws {
    let spec = try DeploymentSpec()
    try spec.given("model_registered", [.model: "m"])
    try spec.given("model_promoted", [.model: "m"])
    try spec.given("model_registered", [.model: "m", .version: "2"])
    try spec.given("model_deprecated", [.model: "m"])
    #expect(try model(spec, nil)["status"] == .text("deprecated"))
    #expect(try model(spec, "2")["status"] == .text("registered"))
  }

  @Test(arguments: ["model_promoted", "model_deprecated"])
  func `what names no model is an anomaly`(kind: String) throws {
    let spec = try DeploymentSpec()
    try spec.given(kind, [.version: "1"])
    #expect(try spec.anomalies().count == 1)
  }

  @Test(arguments: ["model_melted", "training_paused"])
  func `an unknown kind about models is an anomaly`(kind: String) throws {
    let spec = try DeploymentSpec()
    try spec.given(kind, [.model: "m", .runID: "r"])
    #expect(
      try spec.spec.rows("deployments/anomalies").map { $0["reason"] } == [
        .text("no event about models that is known: \(kind)")
      ])
    #expect(try spec.spec.rows("deployments/models").isEmpty)
  }

  @Test func `a run waits, begins, reports and ends`() throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    let sum = String(repeating: "ab", count: 32)
    var report = TrainingReport()
    report.datasetSHA256 = SHA256Text(sum)
    func given(_ offset: Offset, _ kind: String, _ report: TrainingReport? = nil) throws {
      let bare = event(
        offset, kind, at: 1_767_225_600 + Int64(offset), [.model: "m", .runID: "r"])
      try spec.given([
        Event(
          bare.id, envelope: bare.envelope, fields: bare.fields, payloads: report.map { [$0] } ?? []
        )
      ])
    }
    func row() throws -> [String: Cell] { try spec.rows("deployments/training").first ?? [:] }
    try given(0, "training_queued", report)
    #expect(try row()["status"] == .text("queued"))
    #expect(try row()["dataset_sha256"] == .text(sum))
    #expect(try row()["started_at"] == .null)
    #expect(try spec.rows("deployments/models").first?["status"] == .text("registered"))
    report = TrainingReport()
    report.loss = 2
    report.evalScore = FixedPoint(hundredths: 80)
    try given(1, "training_progress", report)
    #expect(try row()["status"] == .text("running") && row()["loss"] == .decimal(2))
    #expect(try row()["dataset_sha256"] == .text(sum))
    #expect(try row()["eval_score"] == .decimal(FixedPoint(hundredths: 80)))
    // That it waited is told late.
    try given(2, "training_queued")
    #expect(try row()["status"] == .text("running"))
    try given(3, "training_completed")
    #expect(try row()["status"] == .text("completed"))
    #expect(try spec.rows("deployments/models").first?["status"] == .text("ready"))
  }

  /// The run `r` after reports of its kind, second and loss, in hundredths.
  private func trained(_ reports: (String, Int64, Int64)...) throws -> [String: Cell] {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    for (offset, (kind, second, loss)) in reports.enumerated() {
      let bare = event(Offset(offset), "training_\(kind)", at: second, [.model: "m", .runID: "r"])
      var report = TrainingReport()
      report.loss = FixedPoint(hundredths: loss)
      if kind == "progress" { report.evalScore = FixedPoint(hundredths: 7) }
      try spec.given([
        Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
      ])
    }
    return try spec.rows("deployments/training").first ?? [:]
  }

  @Test(arguments: [15, 20, 25] as [Int64])
  func `progress that is told after the end takes no place`(second: Int64) throws {
    let row = try trained(("progress", 10, 300), ("completed", 20, 100), ("progress", second, 200))
    #expect(row["status"] == .text("completed") && row["loss"] == .decimal(1))
    #expect(row["ended_at"] == .time(Timestamp(nanoseconds: 20_000_000_000)))
    // What nothing said before is taken all the same.
    let late = try trained(("completed", 20, 100), ("progress", second, 200))
    #expect(
      late["loss"] == .decimal(1) && late["eval_score"] == .decimal(FixedPoint(hundredths: 7)))
  }

  @Test func `of progress the last by its time counts, until the run starts again`() throws {
    let swapped = try trained(("started", 1, 900), ("progress", 10, 200), ("progress", 5, 300))
    #expect(swapped["loss"] == .decimal(2) && swapped["status"] == .text("running"))
    let again = try trained(
      ("completed", 20, 100), ("started", 21, 800), ("progress", 22, 700))
    #expect(again["loss"] == .decimal(7) && again["status"] == .text("running"))
    // The end says what came of it, whenever it is told to have been.
    let early = try trained(("progress", 30, 200), ("completed", 20, 100))
    #expect(early["loss"] == .decimal(1))
  }

  @Test func `a training run has a start and an end`() throws {
    let spec = try DeploymentSpec()
    try spec.given("training_started", [.model: "m", .runID: "r1"])
    try spec.given("training_started", [.model: "m", .runID: "r2"])
    try spec.given("training_completed", [.runID: "r1"])
    let rows = try spec.spec.rows("deployments/training")
    #expect(rows.map { $0["run_id"] } == [.text("r1"), .text("r2")])
    #expect(rows.map { $0["status"] } == [.text("completed"), .text("running")])
    #expect(rows[0]["model"] == .text("m"))
    #expect(rows[0]["started_at"] == .time(Timestamp(nanoseconds: 1_767_225_600_000_000_000)))
    #expect(rows[0]["ended_at"] == .time(Timestamp(nanoseconds: 1_767_225_602_000_000_000)))
    #expect(rows[1]["ended_at"] == .null)
    #expect(rows[0]["offsets"] == .offsets([0, 2]))
    // A run that names no model is of the model that it named before.
    #expect(try model(spec, nil)["status"] == .text("ready"))
  }

  /// The status of the run `r` and of its model after events, each with the second it happened in.
  private func run(_ events: (String, Int64)...) throws -> [Cell?] {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    for (offset, (kind, second)) in events.enumerated() {
      let fields: [Field: FieldValue] = [.model: "m", .runID: "r"]
      try spec.given([event(Offset(offset), "training_\(kind)", at: second, fields)])
    }
    let row = try spec.rows("deployments/training").first
    let model = try spec.rows("deployments/models").first?["status"]
    return [row?["status"], model]
      + ["started_at", "ended_at"].map { column in
        guard case .time(let time)? = row?[column] else { return .null }
        return .integer(time.seconds)
      }
  }

  @Test func `of the ends of a run the last counts`() throws {
    #expect(
      try run(("started", 10), ("failed", 20), ("completed", 30))
        == ["completed", "ready"].map(Cell.text) + [.integer(10), .integer(30)])
    #expect(
      try run(("started", 10), ("completed", 20), ("failed", 30))
        == ["failed", "failed"].map(Cell.text) + [.integer(10), .integer(30)])
  }

  @Test func `a run that starts after its end is running again`() throws {
    #expect(
      try run(("started", 10), ("failed", 20), ("started", 21))
        == ["running", "training"].map(Cell.text) + [.integer(10), .null])
  }

  @Test func `a start that happened no later than the end is told late`() throws {
    for second in [10, 20] as [Int64] {
      #expect(
        try run(("completed", 20), ("started", second))
          == ["completed", "ready"].map(Cell.text) + [.integer(second), .integer(20)])
    }
    #expect(
      try run(("started", 15), ("failed", 20), ("started", 10))
        == ["failed", "failed"].map(Cell.text) + [.integer(10), .integer(20)])
  }

  @Test func `what names neither run nor model is an anomaly`() throws {
    let spec = try DeploymentSpec()
    for kind in ["model_registered", "model_evaluated", "training_failed"] {
      try spec.given(kind, [:])
    }
    #expect(try spec.anomalies().count == 3)
    #expect(try spec.spec.rows("deployments/models").isEmpty)
  }
}
