import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

private let states = [
  "pending", "deploying", "active", "promoting", "demoted", "failed", "rolled_back",
]

/// What each kind of event makes of each state, in the order of `states`: the next state, or the
/// reason of the anomaly.
private let table: [(kind: String, outcomes: [String])] = [
  ("deployment_created", [String](repeating: "!created again", count: 7)),
  (
    "deployment_started",
    ["deploying"] + states.dropFirst().map { "!started while \($0)" }
  ),
  ("deployment_active", ["active", "active"] + states.dropFirst(2).map { "!active while \($0)" }),
  (
    "deployment_promoted",
    ["!promoted while pending", "!promoted while deploying", "promoting", "promoting"]
      + states.dropFirst(4).map { "!promoted while \($0)" }
  ),
  (
    "deployment_demoted",
    ["!demoted while pending", "!demoted while deploying", "demoted", "demoted"]
      + states.dropFirst(4).map { "!demoted while \($0)" }
  ),
  (
    "deployment_failed",
    ["failed", "failed", "failed", "failed"] + states.dropFirst(4).map { "!failed while \($0)" }
  ),
  (
    "deployment_rolled_back",
    [
      "!rolled_back while pending", "!rolled_back while deploying", "rolled_back", "rolled_back",
      "rolled_back", "!rolled_back while failed", "!rolled_back while rolled_back",
    ]
  ),
  (
    "ab_result",
    ["!a result while pending", "!a result while deploying", "active", "promoting"]
      + states.dropFirst(4).map { "!a result while \($0)" }
  ),
]

/// Every kind of event in every state, written out.
@Suite struct DeploymentEventTests {
  @Test(arguments: table.indices, states.indices)
  func `an event leads to one state, or is kept as an anomaly with reason and offset`(
    line: Int, state: Int
  ) throws {
    let (kind, outcomes) = table[line]
    let outcome = outcomes[state]
    let spec = try DeploymentSpec()
    try spec.reach(states[state])
    let before = try spec.row()
    let offset = UInt64(spec.events.count)
    try spec.given(
      kind,
      [.deploymentID: "d", .trafficPercentage: 60, .arm: "baseline", .qualityScore: 0.5])
    let after = try spec.row()
    guard outcome.hasPrefix("!") else {
      #expect(after["status"] == .text(outcome))
      #expect(after["last_offset"] == .integer(Int64(offset)))
      #expect(try spec.anomalies().isEmpty)
      return
    }
    #expect(after == before)
    #expect(
      try spec.anomalies() == [
        [
          "offset": .integer(Int64(offset)), "part": .integer(0), "deployment_id": .text("d"),
          "reason": .text(String(outcome.dropFirst())),
        ]
      ])
  }

  @Test(
    arguments: [
      (99_999_999_999, "promoting"), (100_000_000_000, "active"),
    ] as [(Int64, String)])
  func `a promotion is over at 100, and not before`(units: Int64, status: String) throws {
    let spec = try DeploymentSpec()
    try spec.reach("promoting")
    try spec.given("deployment_promoted", traffic: .number(FixedPoint(units: units)))
    #expect(try spec.row()["status"] == .text(status))
    #expect(try spec.row()["traffic_percentage"] == .decimal(FixedPoint(units: units)))
  }

  @Test(arguments: [(5_000_000_001, true), (5_000_000_000, false)] as [(Int64, Bool)])
  func `a promotion gives more than there is`(units: Int64, isTaken: Bool) throws {
    let spec = try DeploymentSpec()
    try spec.reach("active")
    try spec.given("deployment_promoted", traffic: .number(FixedPoint(units: units)))
    #expect(try spec.row()["status"] == .text(isTaken ? "promoting" : "active"))
    #expect(try spec.anomalies().isEmpty == isTaken)
  }

  @Test(arguments: [0, 100] as [Int64])
  func `a deployment may be created with nothing, and with all`(traffic: Int64) throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", traffic: .number(FixedPoint(traffic) ?? .zero))
    #expect(try spec.row()["traffic_percentage"] == percent(traffic))
  }

  @Test func `a change of state that nobody knows is an anomaly`() throws {
    let spec = try DeploymentSpec()
    try spec.reach("active")
    try spec.given("deployment_paused")
    #expect(try spec.row()["status"] == .text("active"))
    #expect(
      try spec.anomalies().map { $0["reason"] }
        == [.text("no change of state that is known: deployment_paused")])
  }

  @Test func `what an anomaly gives as its reason is kept`() throws {
    let spec = try DeploymentSpec()
    try spec.reach("active")
    try spec.given("deployment_promoted")
    try spec.given("deployment_promoted", traffic: 5)
    try spec.given("deployment_promoted", traffic: 100.5)
    try spec.given("deployment_created", "e", traffic: -1)
    try spec.given("ab_result", [.deploymentID: "d"])
    try spec.given("deployment_failed", [:])
    try spec.given("deployment_failed", "f")
    #expect(
      try spec.anomalies().map { $0["reason"] } == [
        .text("promoted without a traffic percentage"),
        .text("promoted to 5 %, which is not above 5 %"),
        .text("promoted to 100.5 %, which is above 100 %"),
        .text("created with -1 % of the traffic, which is not within 0 to 100"),
        .text("a result whose arm is neither deployment nor baseline"),
        .text("without a deployment_id"), .text("no such deployment"),
      ])
  }

  @Test func `every declared kind about models and deployments is known`() throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    let kinds = Kinds.all.map(\.name).filter { kind in
      ["deployment_", "model_", "training_"].contains(where: kind.hasPrefix)
    }
    #expect(kinds.count > 10)
    try spec.given(kinds.enumerated().map { event(Offset($0.offset), $0.element, [:]) })
    for row in try spec.rows("deployments/anomalies") {
      #expect(row["reason"]?.text?.contains("is known") == false, "\(row)")
    }
  }
}
