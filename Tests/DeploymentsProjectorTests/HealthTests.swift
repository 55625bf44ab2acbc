import Bytes
import Events
import Projection
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

/// How a deployment is, by its checks, and what its own terms change.
@Suite struct HealthTests {
  let spec: ProjectorSpec<DeploymentsProjector>

  init() throws {
    spec = try ProjectorSpec(DeploymentsProjector.self)
    try given(0, "deployment_created")
  }

  func given(
    _ offset: Offset, _ kind: String, _ payload: (any Payload)? = nil, id: String = "d",
    at seconds: Int64? = nil
  ) throws {
    let bare = event(
      offset, kind, at: seconds ?? 1_767_225_600 + Int64(offset), [.deploymentID: .text(id)])
    try spec.given([
      Event(
        bare.id, envelope: bare.envelope, fields: bare.fields, payloads: payload.map { [$0] } ?? [])
    ])
  }

  func checked(
    _ offset: Offset, _ isOK: Bool = true, at seconds: Int64? = nil,
    _ change: (inout DeploymentReport) -> Void = { _ in }
  ) throws {
    var report = DeploymentReport()
    report.isOK = isOK
    change(&report)
    try given(offset, "deployment_checked", report, at: seconds)
  }

  @Test func `of a row that stands on many events each is told, and none that was refused`() throws
  {
    try given(1, "deployment_active")
    func result(_ offset: Offset, _ arm: String) throws {
      try spec.given([
        event(
          offset, "ab_result",
          [
            .deploymentID: "d", .arm: .text(arm),
            .qualityScore: .number(FixedPoint(hundredths: 50)),
          ])
      ])
    }
    for offset in UInt64(2)..<42 { try result(offset, "baseline") }
    try given(42, "deployment_promoted")
    try result(43, "zzz")
    for offset in UInt64(44)..<84 { try checked(offset) }
    try given(84, "deployment_checked", DeploymentReport())
    try result(85, "baseline")
    func tables(_ offset: Offset, _ kind: String) throws -> [String] {
      let subject = EventSubject(
        event: event(offset, kind, [.deploymentID: "d"]), interaction: nil)
      return try DeploymentsProjector.view.tables.filter {
        try !$0.rows(about: subject, in: spec.tables).isEmpty
      }.map(\.name)
    }
    #expect(try tables(10, "ab_result") == ["deployments"])
    #expect(try tables(40, "ab_result") == ["deployments"])
    #expect(try tables(42, "deployment_promoted") == ["deployments/anomalies"])
    #expect(try tables(43, "ab_result") == ["deployments/anomalies"])
    #expect(try tables(60, "deployment_checked") == ["deployments/health"])
    #expect(try tables(80, "deployment_checked") == ["deployments/health"])
    #expect(try tables(84, "deployment_checked") == ["deployments/anomalies"])
    #expect(try tables(85, "ab_result") == ["deployments"])
    #expect(try tables(86, "ab_result").isEmpty)
  }

  @Test func `of a version that stands on many events each is told`() throws {
    let fields: [Field: FieldValue] = [.model: "M", .runID: "r"]
    func version(_ offset: Offset, _ fields: [Field: FieldValue]) throws -> [String] {
      let table = try #require(
        DeploymentsProjector.view.tables.first { $0.name == "deployments/models" })
      let subject = EventSubject(
        event: event(offset, "training_progress", fields), interaction: nil)
      return try table.rows(about: subject, in: spec.tables).map { $0["version"].plainText }
    }
    try spec.given([event(1, "model_registered", [.model: "M", .version: "1"])])
    for offset in UInt64(2)..<82 { try spec.given([event(offset, "training_progress", fields)]) }
    try spec.given([event(82, "model_registered", [.model: "M", .version: "2"])])
    for offset in UInt64(83)..<143 { try spec.given([event(offset, "training_progress", fields)]) }
    #expect(try version(20, fields) == ["1"] && version(60, fields) == ["1"])
    // Only its run.
    #expect(try version(70, [.runID: "r"]) == ["1"])
    #expect(try version(130, fields) == ["2"] && version(131, [.runID: "r"]) == ["2"])
    #expect(try version(200, fields).isEmpty)
    #expect(try version(60, [.model: "N"]).isEmpty)
  }

  func row() throws -> [String: Cell] { try spec.rows("deployments/health").first ?? [:] }

  @Test func `a circuit opens after five failures, and closes after two successes`() throws {
    var circuits: [Cell?] = []
    for (offset, isOK) in [
      false, false, false, false, false, true, false, true, true, false,
    ].enumerated() {
      try checked(UInt64(offset) + 1, isOK)
      circuits.append(try row()["circuit"])
    }
    #expect(
      circuits
        == [
          "closed", "closed", "closed", "closed", "open", "half_open", "open", "half_open",
          "closed", "closed",
        ].map(Cell.text))
    #expect(try row()["checks"] == .integer(10) && row()["failures_in_row"] == .integer(1))
    #expect(try spec.rows("deployments/anomalies").isEmpty)
  }

  @Test(arguments: [(1_000, "none"), (1_000.000_001, "scale_up")])
  func `slow checks ask for a replica more`(mean: Double, advice: String) throws {
    try checked(0, true) { $0.latencyMS = FixedPoint(mean) }
    try checked(1, true) { $0.latencyMS = FixedPoint(mean) }
    #expect(try row()["recommendation"] == .text(advice))
    #expect(
      try row()["recommended_replicas"] == (advice == "scale_up" ? .integer(2) : .null))
  }

  @Test func `three replicas are the most, and their latency counts afresh`() throws {
    try checked(0, true) { $0.latencyMS = 2_000 }
    var report = DeploymentReport()
    report.replicas = 2
    try given(1, "deployment_scaled", report)
    #expect(try row()["recommendation"] == .text("none") && row()["mean_latency_ms"] == .null)
    try checked(2, true) { $0.latencyMS = 1_500 }
    #expect(try row()["recommended_replicas"] == .integer(3))
    report.replicas = 3
    try given(3, "deployment_scaled", report)
    try checked(4, true) { $0.latencyMS = 1_500 }
    #expect(try row()["recommendation"] == .text("none"))
  }

  @Test(arguments: [(299.999_999_999, "none"), (300, "stop")])
  func `what is idle is to be stopped`(idle: Double, advice: String) throws {
    try checked(0, true) { $0.idleS = FixedPoint(idle) }
    #expect(try row()["recommendation"] == .text(advice))
    try given(1, "deployment_stopped")
    #expect(try row()["recommendation"] == .text("none") && row()["stopped"] == .bool(true))
    #expect(try row()["replicas"] == .integer(0))
    try checked(2, true)
    #expect(try row()["stopped"] == .bool(false) && row()["replicas"] == .integer(1))
  }

  /// 60 s of one replica, 30 s of two, and 10 s of two after a new start.
  @Test func `replicas run as long as they say, together`() throws {
    try checked(0, true) { $0.uptimeS = 60 }
    try checked(1, true) { $0.replicas = 2 }
    try checked(2, true) {
      $0.uptimeS = 90
      $0.costUSD = FixedPoint(hundredths: 25)
      $0.requests = 7
    }
    try checked(3, true) {
      $0.uptimeS = 10
      $0.costUSD = FixedPoint(hundredths: 50)
    }
    #expect(try row()["compute_s"] == .decimal(140))
    #expect(try row()["cost_usd"] == .decimal(FixedPoint(hundredths: 75)))
    #expect(try row()["requests"] == .integer(7))
  }

  /// 60 s of five replicas from the first check on, 30 s of five and 10 s of seven.
  @Test func `what runs counts, however much it is`() throws {
    try checked(1) { ($0.uptimeS, $0.replicas) = (60, 5) }
    #expect(try row()["compute_s"] == .decimal(300) && row()["replicas"] == .integer(5))
    try checked(2) { ($0.uptimeS, $0.replicas) = (90, 7) }
    #expect(try row()["compute_s"] == .decimal(450))
    try checked(3) { ($0.uptimeS, $0.latencyMS) = (100, 2_000) }
    #expect(try row()["compute_s"] == .decimal(520))
    // What is recommended stays within three.
    #expect(try row()["recommended_replicas"] == .integer(3))
    // Of nothing that runs nothing counts; after a stop it starts anew, with what runs then.
    try checked(4) { ($0.uptimeS, $0.replicas) = (110, 0) }
    try checked(5) { ($0.uptimeS, $0.replicas) = (200, 2) }
    #expect(try row()["compute_s"] == .decimal(590))
    try given(6, "deployment_stopped")
    try checked(7) { ($0.uptimeS, $0.replicas) = (300, 3) }
    #expect(try row()["compute_s"] == .decimal(1_490))
  }

  /// In the order of their times: 60 s of one, 30 s of one, 30 s of two, 40 s of four.
  @Test(arguments: [
    [0, 1, 2, 3], [0, 2, 1, 3], [1, 0, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 3, 0, 2],
  ])
  func `reports count in the order of their times`(order: [Int]) throws {
    let reports: [(second: Int64, uptime: Int64, replicas: UInt64?, isOK: Bool)] = [
      (60, 60, nil, true), (90, 90, 2, false), (120, 120, 4, false), (160, 160, nil, false),
    ]
    for (offset, index) in order.enumerated() {
      let report = reports[index]
      try checked(UInt64(offset) + 1, report.isOK, at: report.second) {
        ($0.uptimeS, $0.replicas) = (FixedPoint(report.uptime), report.replicas)
        $0.idleS = FixedPoint(report.second)
      }
    }
    #expect(try row()["compute_s"] == .decimal(60 + 30 + 60 + 160))
    #expect(try row()["replicas"] == .integer(4) && row()["failures_in_row"] == .integer(3))
    #expect(try row()["idle_s"] == .decimal(160) && row()["checks"] == .integer(4))
  }

  /// The first of 34 reports is read last: 33 others have come, and it is not known any more what ran
  /// before them.
  @Test func `a report that is read far too late is counted, and tells nothing of now`() throws {
    for offset in 1...33 as ClosedRange<UInt64> {
      try checked(offset, at: Int64(offset) * 10) { $0.uptimeS = FixedPoint(Int64(offset) * 10) }
    }
    let before = try row()
    try checked(34, false, at: 5) { ($0.uptimeS, $0.requests, $0.replicas) = (5, 3, 9) }
    #expect(before["compute_s"] == .decimal(330) && before["replicas"] == .integer(1))
    for column in ["compute_s", "replicas", "failures_in_row"] {
      #expect(try row()[column] == before[column], "\(column)")
    }
    #expect(try row()["checks"] == .integer(34) && row()["requests"] == .integer(3))
  }

  @Test func `what is idle is to be stopped, also when its circuit is open`() throws {
    for offset in 1...5 as ClosedRange<UInt64> { try checked(offset, false) { $0.idleS = 299 } }
    #expect(try row()["circuit"] == .text("open") && row()["recommendation"] == .text("bypass"))
    try checked(6, false) { $0.idleS = 300 }
    #expect(try row()["circuit"] == .text("open") && row()["recommendation"] == .text("stop"))
    #expect(try row()["recommended_replicas"] == .integer(0))
  }

  @Test func `a check must say how it went`() throws {
    try given(1, "deployment_checked")
    #expect(try spec.rows("deployments/health").isEmpty)
    #expect(try spec.rows("deployments/anomalies").count == 1)
  }

  @Test(arguments: ["deployment_checked", "deployment_scaled", "deployment_stopped"])
  func `a report of a deployment that nobody created is an anomaly`(kind: String) throws {
    var report = DeploymentReport()
    report.isOK = true
    try given(1, kind, report, id: "other")
    #expect(try spec.rows("deployments/health").isEmpty)
    let anomalies = try spec.rows("deployments/anomalies")
    #expect(anomalies.map { $0["reason"] } == [.text("no such deployment")])
    #expect(anomalies.map { $0["deployment_id"] } == [.text("other")])
  }

  @Test(
    arguments: [(-0.000_000_001, false), (0, true), (1, true), (1.000_000_001, false), (5, false)])
  func `a threshold that is no share is an anomaly, and that of all others holds`(
    threshold: Double, holds: Bool
  ) throws {
    var terms = DeploymentTerms()
    (terms.promotionThreshold, terms.autoPromote) = (FixedPoint(threshold), true)
    try given(1, "deployment_created", terms, id: "e")
    let row = try spec.rows().first { $0["deployment_id"] == .text("e") }
    #expect(row?["auto_promote"] == .bool(true) && row?["status"] == .text("pending"))
    #expect(row?["promotion_threshold"] == (holds ? .decimal(FixedPoint(threshold) ?? 9) : .null))
    let said = FixedPoint(threshold)?.description ?? ""
    let reason = "a promotion_threshold of \(said), which is not within 0 to 1: 0.05 holds"
    #expect(
      try spec.rows("deployments/anomalies").map { $0["reason"] } == (holds ? [] : [.text(reason)]))
  }

  /// A baseline of 0.80 and a deployment of 0.84 differ by 5 %.
  @Test(
    arguments: [
      (nil, nil, "promote", true), (0.05, true, "promote", false),
      (0.050_000_001, true, "wait", nil), (0, false, "promote", true),
    ] as [(Double?, Bool?, String, Bool?)])
  func `a deployment has its own threshold`(
    threshold: Double?, auto: Bool?, advice: String, needsApproval: Bool?
  ) throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    var terms = DeploymentTerms()
    terms.promotionThreshold = threshold.flatMap { FixedPoint($0) }
    terms.autoPromote = auto
    let created = event(0, "deployment_created", [.deploymentID: "d"])
    try spec.given([
      Event(created.id, envelope: created.envelope, fields: created.fields, payloads: [terms]),
      event(1, "deployment_active", [.deploymentID: "d"]),
    ])
    for (place, arm) in ["deployment", "baseline"].enumerated() {
      try spec.given(
        (0..<100).map {
          event(
            UInt64(2 + place * 100 + $0), "ab_result",
            [
              .deploymentID: "d", .arm: .text(arm),
              .qualityScore: .number(FixedPoint(hundredths: place == 0 ? 84 : 80)),
            ])
        })
    }
    func row() throws -> [String: Cell] { try spec.rows().first ?? [:] }
    #expect(try row()["recommendation"] == .text(advice))
    #expect(try row()["needs_approval"] == needsApproval.map(Cell.bool) ?? .null)
    try spec.given([
      event(300, "deployment_promoted", [.deploymentID: "d", .trafficPercentage: 25]),
      event(301, "ab_result", [.deploymentID: "d", .arm: "deployment", .isError: true]),
    ])
    #expect(try row()["results"] == .integer(1) && row()["total_results"] == .integer(101))
    #expect(try row()["total_baseline_results"] == .integer(100))
    #expect(try row()["total_mean_quality"] == .real(0.84) && row()["mean_quality"] == .null)
    #expect(try row()["total_error_rate"] == .real(1.0 / 101))
  }

  @Test func `what is asked something is idle no more, nor what was started anew`() throws {
    try checked(1) { $0.idleS = FixedPoint(400) }
    #expect(try row()["recommendation"] == .text("stop"))
    try checked(2) { $0.requests = 50 }
    #expect(try row()["idle_s"] == .null)
    #expect(try row()["recommendation"] == .text("none"))
    try checked(3) { $0.idleS = FixedPoint(400) }
    try given(4, "deployment_stopped", DeploymentReport())
    var report = DeploymentReport()
    report.replicas = 3
    try given(5, "deployment_scaled", report)
    try checked(6)
    #expect(try row()["recommendation"] == .text("none"))
  }

  @Test func `latencies are those of as many replicas as there are`() throws {
    try checked(1) { ($0.latencyMS, $0.replicas) = (FixedPoint(3_000), 1) }
    try checked(2) { ($0.latencyMS, $0.replicas) = (FixedPoint(100), 2) }
    #expect(try row()["mean_latency_ms"] == .real(100))
    #expect(try row()["recommendation"] == .text("none"))
  }

  @Test func `what failed before a stop says nothing of what was started then`() throws {
    for offset in 1...5 as ClosedRange<Offset> { try checked(offset, false) }
    #expect(try row()["circuit"] == .text("open"))
    try given(6, "deployment_stopped", DeploymentReport())
    try given(7, "deployment_scaled", DeploymentReport())
    #expect(try row()["circuit"] == .text("closed"))
    #expect(try row()["failures_in_row"] == .integer(0))
  }

  @Test(arguments: [
    ("healthy", true), ("unreachable", false), ("completed", true), ("killed", false),
  ])
  func `a check may say by its status whether it went well`(status: String, isOK: Bool) throws {
    var report = DeploymentReport()
    report.status = status
    try given(1, "deployment_checked", report)
    #expect(try row()["failures_in_row"] == .integer(isOK ? 0 : 1))
  }
}
