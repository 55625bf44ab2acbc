import Bytes
import Events
import Projection
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

/// What is advised for a deployment, and what is known of one that nothing reports of.
@Suite struct HealthAdviceTests {
  private let health: HealthTests

  init() throws { health = try HealthTests() }

  private var spec: ProjectorSpec<DeploymentsProjector> { health.spec }

  /// The circuit after so many failures in a row, where four open it.
  @Test(arguments: [(3, "closed"), (4, "open")])
  func `after how many failures a circuit opens is a setting`(
    failures: Int, circuit: String
  ) throws {
    var settings = DeploymentsSettings()
    settings.failuresInRow = 4
    let spec = try ProjectorSpec(DeploymentsProjector.self, settings: settings)
    try spec.given([event(0, "deployment_created", [.deploymentID: "d"])])
    for offset in 1...failures {
      let bare = event(UInt64(offset), "deployment_checked", [.deploymentID: "d"])
      var report = DeploymentReport()
      report.isOK = false
      try spec.given([
        Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
      ])
    }
    #expect(try spec.rows("deployments/health").first?["circuit"] == .text(circuit))
    #expect(DeploymentsSettings().canonicalBytes != settings.canonicalBytes)
  }

  /// Whether a stop, or a change to two replicas, was done: without ok it was.
  @Test(
    arguments: [
      ("deployment_stopped", nil, 0), ("deployment_stopped", true, 0),
      ("deployment_stopped", false, 1), ("deployment_scaled", nil, 2),
      ("deployment_scaled", true, 2), ("deployment_scaled", false, 1),
    ] as [(String, Bool?, Int64)])
  func `what went wrong changes nothing that runs`(
    kind: String, isOK: Bool?, replicas: Int64
  ) throws {
    try health.checked(1) { $0.latencyMS = 1_500 }
    var report = DeploymentReport()
    (report.isOK, report.costUSD) = (isOK, FixedPoint(hundredths: 10))
    if kind == "deployment_scaled" { report.replicas = 2 }
    try health.given(2, kind, report)
    let row = try health.row()
    #expect(row["replicas"] == .integer(replicas))
    #expect(row["stopped"] == .bool(replicas == 0))
    #expect(row["recommendation"] == .text(isOK == false ? "scale_up" : "none"))
    #expect(row["cost_usd"] == .decimal(FixedPoint(hundredths: 10)))
    let table = try #require(
      DeploymentsProjector.view.tables.first { $0.name == "deployments/health" })
    let cells = try #require(try table.row(["d"], in: spec.tables))
    let steps = try table.explanation(
      of: AnswerRow(columns: table.columns, cells: cells), in: spec.tables, trace: nil
    ).steps
    #expect(steps.last?.text.contains("went wrong") == (isOK == false))
  }

  @Test(arguments: [
    ("deployment_failed", "stop"), ("deployment_demoted", "stop"),
    ("deployment_rolled_back", "stop"), ("deployment_promoted", "scale_up"),
  ])
  func `what was taken away from requests is to be stopped`(kind: String, advice: String) throws {
    try health.given(1, "deployment_active")
    try health.checked(2) { $0.latencyMS = 1_500 }
    #expect(try health.row()["recommendation"] == .text("scale_up"))
    try spec.given([event(3, kind, [.deploymentID: "d", .trafficPercentage: 25])])
    #expect(try health.row()["recommendation"] == .text(advice))
    try health.given(4, "deployment_stopped")
    #expect(try health.row()["recommendation"] == .text("none"))
  }

  /// A report at second 100 that nobody asked anything, and a result at a second.
  @Test(
    arguments: [
      ("deployment", 99, "stop"), ("deployment", 100, "none"), ("baseline", 100, "stop"),
    ] as [(String, Int64, String)])
  func `a result is a request`(arm: String, second: Int64, advice: String) throws {
    for isResultFirst in [false, true] {
      let spec = try ProjectorSpec(DeploymentsProjector.self)
      let result = event(3, "ab_result", at: second, [.deploymentID: "d", .arm: .text(arm)])
      let bare = event(4, "deployment_checked", at: 100, [.deploymentID: "d"])
      var report = DeploymentReport()
      (report.isOK, report.idleS) = (true, 400)
      let check = Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
      try spec.given(
        [
          event(0, "deployment_created", [.deploymentID: "d"]),
          event(1, "deployment_active", [.deploymentID: "d"]),
        ] + (isResultFirst ? [result, check] : [check, result]))
      #expect(try spec.rows("deployments/health").first?["recommendation"] == .text(advice))
    }
  }

  @Test(
    arguments: [(0, "none", nil), (3, "none", nil), (4, "scale_down", 3)]
      as [(UInt64, String, Int64?)])
  func `more than three replicas are too many, and none is none`(
    replicas: UInt64, advice: String, recommended: Int64?
  ) throws {
    try health.checked(1) { ($0.replicas, $0.latencyMS) = (replicas, 2_000) }
    #expect(try health.row()["recommendation"] == .text(advice))
    #expect(try health.row()["recommended_replicas"] == recommended.map(Cell.integer) ?? .null)
  }

  @Test func `how long a check took that went wrong is no latency`() throws {
    for offset in 1...5 as ClosedRange<Offset> {
      try health.checked(offset, false) { $0.latencyMS = 30_000 }
    }
    #expect(try health.row()["mean_latency_ms"] == .null)
    #expect(try health.row()["recommendation"] == .text("bypass"))
    try health.checked(6) { $0.latencyMS = 200 }
    #expect(try health.row()["mean_latency_ms"] == .real(200))
  }

  /// Of a run: its end at second 10, and what it reports at seconds 4 and 5.
  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func `a run's loss is the last by time`(order: [Int]) throws {
    func loss(ofEnd end: FixedPoint?) throws -> Cell? {
      let spec = try ProjectorSpec(DeploymentsProjector.self)
      for (offset, index) in order.enumerated() {
        let (kind, seconds, loss): (String, Int64, FixedPoint?) =
          index == 0
          ? ("training_completed", 10, end)
          : ("training_progress", 3 + Int64(index), FixedPoint(hundredths: 60 - 10 * Int64(index)))
        let bare = event(UInt64(offset), kind, at: seconds, [.runID: "r", .model: "M"])
        var report = TrainingReport()
        report.loss = loss
        try spec.given([
          Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [report])
        ])
      }
      return try spec.rows("deployments/training").first?["loss"]
    }
    #expect(try loss(ofEnd: nil) == .decimal(FixedPoint(hundredths: 40)))
    #expect(try loss(ofEnd: 3) == .decimal(3))
  }

  @Test func `what a deployment had over its life is told with its sums`() throws {
    try health.given(1, "deployment_active")
    for (offset, arm) in [(2, "deployment"), (3, "deployment"), (4, "baseline")] {
      try spec.given([
        event(
          UInt64(offset), "ab_result",
          [
            .deploymentID: "d", .arm: .text(arm), .latencyMS: 200,
            .qualityScore: .number(FixedPoint(hundredths: 50)),
          ])
      ])
    }
    try spec.given([
      event(5, "deployment_promoted", [.deploymentID: "d", .trafficPercentage: 25])
    ])
    let table = try #require(DeploymentsProjector.view.tables.first { $0.name == "deployments" })
    let cells = try #require(try table.row(["d"], in: spec.tables))
    let explanation = try table.explanation(
      of: AnswerRow(columns: table.columns, cells: cells), in: spec.tables, trace: nil)
    func inputs(_ figure: String) -> [String] {
      explanation.figures.first { $0.name == figure }?.inputs.map {
        "\($0.name) \($0.value.plainText)"
      } ?? []
    }
    #expect(inputs("total_mean_quality") == ["total_quality_sum 1.0", "total_samples 2"])
    #expect(
      inputs("total_baseline_mean_latency_ms")
        == ["total_baseline_latency_sum 200.0", "total_baseline_latencies 1"])
    #expect(inputs("total_error_rate") == ["total_results 2", "total_errors 0"])
    #expect(inputs("improvement") == ["mean_quality null", "baseline_mean_quality null"])
  }

  @Test(arguments: DeploymentsProjector.view.tables.map(\.name))
  func `a table without rows says what makes one`(name: String) throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    let table = try #require(DeploymentsProjector.view.tables.first { $0.name == name })
    #expect(try spec.rows(name).isEmpty)
    #expect(try table.reasonsForNone(in: spec.tables).count == 1)
    if name == "deployments/health" {
      #expect(
        try table.reasonsForNone(in: self.spec.tables)[0].hasSuffix(
          "deployment_stopped: none tells of the 1 that there are"))
    }
  }
}
