import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

@Suite struct TrafficSplitTests {
  private func live(
    _ id: String, _ percentage: Double, baseline: String? = "base", created: Offset = 0
  ) -> LiveDeployment {
    LiveDeployment(
      deploymentID: id, model: "model-\(id)", baselineModel: baseline, taskType: nil,
      trafficPercentage: FixedPoint(percentage) ?? .zero, created: created)
  }

  private func shares(_ split: TrafficSplit) -> [String: Double] {
    var counts: [String: Double] = [:]
    for number in 0..<100_000 {
      counts[split.serving("request-\(number)")?.model ?? "nobody", default: 0] += 1 / 1_000
    }
    return counts
  }

  @Test func `requests are shared out evenly, within 1 percent`() {
    let shares = shares(TrafficSplit([live("b", 20), live("a", 5), live("c", 33.5)]))
    #expect(abs(shares["model-a", default: 0] - 5) < 1)
    #expect(abs(shares["model-b", default: 0] - 20) < 1)
    #expect(abs(shares["model-c", default: 0] - 33.5) < 1)
    #expect(abs(shares["base", default: 0] - 41.5) < 1)
  }

  @Test func `shares of more than 100 percent are scaled down`() {
    let shares = shares(TrafficSplit([live("a", 90), live("b", 60)]))
    #expect(abs(shares["model-a", default: 0] - 60) < 1)
    #expect(abs(shares["model-b", default: 0] - 40) < 1)
    #expect(shares["base"] == nil)
  }

  @Test func `the newest deployment at 100 is the baseline of a trial`() {
    let split = TrafficSplit([
      live("a", 100, created: 1), live("b", 100, created: 2), live("c", 10, created: 3),
    ])
    let shares = shares(split)
    #expect(abs(shares["model-c", default: 0] - 10) < 1)
    #expect(abs(shares["model-b", default: 0] - 90) < 1)
    #expect(shares.count == 2)
  }

  @Test func `nobody serves where nothing is live`() {
    #expect(TrafficSplit([]).serving("request") == nil)
    #expect(TrafficSplit([live("a", 0, baseline: nil)]).serving("request") == nil)
    #expect(
      TrafficSplit([live("a", 0)]).serving("request") == Serving(deploymentID: nil, model: "base"))
  }

  @Test func `a request is served alike in any order, and moves only as shares do`() {
    let before = TrafficSplit([live("a", 10), live("b", 20)])
    let turned = TrafficSplit([live("b", 20), live("a", 10)])
    let grown = TrafficSplit([live("a", 10), live("b", 40)])
    for number in 0..<10_000 {
      let key = "request-\(number)"
      #expect(before.serving(key) == turned.serving(key))
      // Whom a trial has served, it serves when it grows.
      if let serving = before.serving(key), serving.deploymentID != nil {
        #expect(grown.serving(key) == serving)
      }
    }
  }

  @Test func `the split is what the view says is live`() throws {
    let spec = try DeploymentSpec()
    for id in ["a", "b", "c"] {
      try spec.given(
        "deployment_created",
        [
          .deploymentID: .text(id), .model: .text("model-\(id)"), .trafficPercentage: 100,
          .taskType: id == "c" ? "review" : "fix",
        ])
    }
    try spec.given("deployment_active", "b")
    try spec.given("deployment_active", "c")
    let fix = try TrafficSplit(taskType: "fix", in: spec.spec.tables)
    #expect(fix.serving("request") == Serving(deploymentID: "b", model: "model-b"))
    let none = try TrafficSplit(taskType: nil, in: spec.spec.tables)
    #expect(none.serving("request") == nil)
  }
}
