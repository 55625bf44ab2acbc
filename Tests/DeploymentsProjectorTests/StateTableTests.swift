import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

private let states = [
  "pending", "deploying", "active", "promoting", "demoted", "failed", "rolled_back",
]

/// A line of the state table: where a step leads, and with which traffic (nil: the same).
struct Line: Sendable {
  let from: [String]
  let kind: String
  let to: String
  let traffic: Int64?
}

private let lines = [
  Line(from: ["pending"], kind: "deployment_started", to: "deploying", traffic: nil),
  Line(from: ["pending", "deploying"], kind: "deployment_active", to: "active", traffic: nil),
  Line(from: ["active", "promoting"], kind: "deployment_promoted", to: "promoting", traffic: 45),
  Line(from: ["active", "promoting"], kind: "deployment_demoted", to: "demoted", traffic: 0),
  Line(
    from: ["pending", "deploying", "active", "promoting"], kind: "deployment_failed", to: "failed",
    traffic: 0),
  Line(
    from: ["active", "promoting", "demoted"], kind: "deployment_rolled_back", to: "rolled_back",
    traffic: 0),
]

@Suite struct StateTableTests {
  @Test func `a deployment is created pending, at 5 percent`() throws {
    let spec = try DeploymentSpec()
    try spec.given(
      "deployment_created",
      [
        .deploymentID: "d", .model: "coder-2", .provider: "local", .baselineModel: "coder-1",
        .taskType: "fix",
      ])
    let row = try spec.row()
    #expect(row["status"] == .text("pending"))
    #expect(row["traffic_percentage"] == percent(5))
    #expect(row["model"] == .text("coder-2"))
    #expect(row["provider"] == .text("local"))
    #expect(row["baseline_model"] == .text("coder-1"))
    #expect(row["task_type"] == .text("fix"))
    #expect(row["recommendation"] == .text("none"))
    #expect(row["samples"] == .integer(0))
    #expect(row["mean_quality"] == .null)
    #expect(row["offsets"] == .offsets([0]))
    #expect(try spec.anomalies().isEmpty)
  }

  @Test func `a deployment is created with the traffic that is given`() throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", traffic: 12.5)
    #expect(try spec.row()["traffic_percentage"] == .decimal(FixedPoint(units: 12_500_000_000)))
  }

  @Test(arguments: [-1, 101] as [Int64])
  func `a deployment cannot be created with an impossible traffic`(traffic: Int64) throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", traffic: .number(FixedPoint(traffic) ?? .zero))
    #expect(try spec.spec.rows().isEmpty)
    #expect(try spec.anomalies().count == 1)
  }

  @Test(arguments: lines, states)
  func `each step leads where the table says, or is an anomaly`(line: Line, from: String) throws {
    let spec = try DeploymentSpec()
    try spec.reach(from)
    let before = try spec.row()
    let offset = UInt64(spec.events.count)
    // The traffic that a step does not use must not matter.
    try spec.given(line.kind, traffic: 45)
    let after = try spec.row()
    if line.from.contains(from) {
      #expect(after["status"] == .text(line.to))
      #expect(
        after["traffic_percentage"] == line.traffic.map(percent) ?? before["traffic_percentage"])
      #expect(after["last_offset"] == .integer(Int64(offset)))
      #expect(try spec.anomalies().isEmpty)
    } else {
      #expect(after == before)
      let anomalies = try spec.anomalies()
      #expect(anomalies.count == 1)
      #expect(anomalies.first?["offset"] == .integer(Int64(offset)))
      #expect(anomalies.first?["deployment_id"] == .text("d"))
    }
  }

  @Test func `a promotion to 100 is active again`() throws {
    let spec = try DeploymentSpec()
    try spec.reach("promoting")
    try spec.given("deployment_promoted", traffic: 100)
    #expect(try spec.row()["status"] == .text("active"))
    #expect(try spec.row()["traffic_percentage"] == percent(100))
    #expect(try spec.row()["recommendation"] == .text("none"))
    try spec.given("deployment_promoted", traffic: 100)
    #expect(try spec.anomalies().count == 1)
  }

  @Test(arguments: [nil, 25, 24, 101] as [Int64?])
  func `a promotion needs a traffic that is higher, and at most 100`(traffic: Int64?) throws {
    let spec = try DeploymentSpec()
    try spec.reach("promoting")
    let before = try spec.row()
    try spec.given(
      "deployment_promoted", traffic: traffic.flatMap(FixedPoint.init).map(FieldValue.number))
    #expect(try spec.row() == before)
    #expect(try spec.anomalies().count == 1)
  }

  @Test func `what cannot be placed is an anomaly`() throws {
    let spec = try DeploymentSpec()
    try spec.reach("active")
    let before = try spec.row()
    try spec.given("deployment_created")
    try spec.given("deployment_started", "nobody")
    try spec.given("ab_result", [.deploymentID: "nobody", .arm: "deployment", .qualityScore: 1])
    try spec.given("ab_result", [.arm: "deployment", .qualityScore: 1])
    try spec.given("deployment_failed", [:])
    try spec.given("ab_result", [.deploymentID: "d", .qualityScore: 1])
    try spec.given("ab_result", [.deploymentID: "d", .arm: "control", .qualityScore: 1])
    #expect(try spec.row() == before)
    let anomalies = try spec.anomalies()
    #expect(anomalies.map { $0["offset"] } == (2...8).map { .integer($0) })
    #expect(anomalies[2]["deployment_id"] == .text("nobody"))
    #expect(anomalies[3]["deployment_id"] == .null)
  }

  @Test(arguments: ["pending", "deploying", "demoted", "failed", "rolled_back"])
  func `a result for what is not live is an anomaly`(status: String) throws {
    let spec = try DeploymentSpec()
    try spec.reach(status)
    let before = try spec.row()
    try spec.results("deployment", 1, hundredths: 90)
    #expect(try spec.row() == before)
    #expect(try spec.anomalies().count == 1)
  }

  @Test func `ids that differ only in their normal form are two`() throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", "caf\u{e9}")
    try spec.given("deployment_created", "cafe\u{301}")
    #expect(try spec.spec.rows().count == 2)
    #expect(try spec.anomalies().isEmpty)
  }

  @Test func `rows come in the order of the ids' bytes, however long`() throws {
    let spec = try DeploymentSpec()
    let ids = ["b", String(repeating: "a", count: 2_000), "a\u{0}", "ä", "a"]
    for id in ids { try spec.given("deployment_created", id) }
    let sorted = ["a", "a\u{0}", String(repeating: "a", count: 2_000), "b", "ä"]
    #expect(try spec.spec.rows().map { $0["deployment_id"] } == sorted.map { .text($0) })
  }
}
