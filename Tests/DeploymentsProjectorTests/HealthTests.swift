import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

/// How a deployment is, by its checks, and what its own terms change.
@Suite struct HealthTests {
  private let spec: ProjectorSpec<DeploymentsProjector>

  init() throws { spec = try ProjectorSpec(DeploymentsProjector.self) }

  private func given(
    _ offset: Offset, _ kind: String, _ payload: any Payload, _ fields: [Field: FieldValue] = [:]
  ) throws {
    var all = fields
    all[.deploymentID] = "d"
    let bare = event(offset, kind, all)
    try spec.given([
      Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [payload])
    ])
  }

  private func checked(
    _ offset: Offset, _ isOK: Bool, _ change: (inout DeploymentReport) -> Void = { _ in }
  ) throws {
    var report = DeploymentReport()
    report.isOK = isOK
    change(&report)
    try given(offset, "deployment_checked", report)
  }

  private func row() throws -> [String: Cell] { try spec.rows("deployments/health").first ?? [:] }

  @Test func `a circuit opens after five failures, and closes after two successes`() throws {
    var circuits: [Cell?] = []
    for (offset, isOK) in [
      false, false, false, false, false, true, false, true, true, false,
    ].enumerated() {
      try checked(UInt64(offset), isOK)
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
    try given(1, "deployment_stopped", DeploymentReport())
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

  @Test func `a check must say how it went`() throws {
    try given(0, "deployment_checked", DeploymentReport())
    #expect(try spec.rows("deployments/health").isEmpty)
    #expect(try spec.rows("deployments/anomalies").count == 1)
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
    var terms = DeploymentTerms()
    terms.promotionThreshold = threshold.flatMap { FixedPoint($0) }
    terms.autoPromote = auto
    try given(0, "deployment_created", terms)
    try spec.given([event(1, "deployment_active", [.deploymentID: "d"])])
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
}
