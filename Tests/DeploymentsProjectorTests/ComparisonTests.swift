import Projection
import Bytes
import Events
import Facts
import Tables
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

@Suite struct ComparisonTests {
  private func active() throws -> DeploymentSpec {
    let spec = try DeploymentSpec()
    try spec.reach("active")
    return spec
  }

  @Test func `exactly 5 percent better promotes, by 20 points`() throws {
    let spec = try active()
    try spec.results("baseline", 100, hundredths: 80)
    try spec.results("deployment", 100, hundredths: 84)
    let row = try spec.row()
    // In doubles (0.84 − 0.80)/0.80 is 0.04999…
    #expect(row["improvement"] == .real(0.05))
    #expect(row["recommendation"] == .text("promote"))
    #expect(row["recommended_traffic_percentage"] == percent(25))
    #expect(row["status"] == .text("active"))
    #expect(row["traffic_percentage"] == percent(5))
  }

  @Test func `a billionth less than 5 percent waits`() throws {
    let spec = try active()
    try spec.results("baseline", 100, hundredths: 80)
    try spec.results("deployment", 99, hundredths: 84)
    try spec.given(
      "ab_result",
      [
        .deploymentID: "d", .arm: "deployment",
        .qualityScore: .number(FixedPoint(units: 839_999_999)),
      ])
    #expect(try spec.row()["samples"] == .integer(100))
    #expect(try spec.row()["recommendation"] == .text("wait"))
  }

  @Test func `exactly 5 percent worse waits, and a billionth more demotes`() throws {
    let spec = try active()
    try spec.results("baseline", 100, hundredths: 80)
    try spec.results("deployment", 100, hundredths: 76)
    #expect(try spec.row()["improvement"] == .real(-0.05))
    #expect(try spec.row()["recommendation"] == .text("wait"))
    try spec.given(
      "ab_result",
      [
        .deploymentID: "d", .arm: "deployment",
        .qualityScore: .number(FixedPoint(units: 759_999_999)),
      ])
    #expect(try spec.row()["recommendation"] == .text("demote"))
    #expect(try spec.row()["recommended_traffic_percentage"] == .null)
  }

  @Test(arguments: [(99, 100), (100, 99), (0, 200), (200, 0)])
  func `99 samples on a side are too few`(deployment: Int, baseline: Int) throws {
    let spec = try active()
    try spec.results("deployment", deployment, hundredths: 90)
    try spec.results("baseline", baseline, hundredths: 50)
    #expect(try spec.row()["samples"] == .integer(Int64(deployment)))
    #expect(try spec.row()["baseline_samples"] == .integer(Int64(baseline)))
    #expect(try spec.row()["recommendation"] == .text("wait"))
  }

  @Test func `unequal sides compare by their means`() throws {
    let spec = try active()
    try spec.results("deployment", 300, hundredths: 84)
    try spec.results("baseline", 100, hundredths: 80)
    #expect(try spec.row()["recommendation"] == .text("promote"))
    #expect(try spec.row()["mean_quality"] == .real(0.84))
    #expect(try spec.row()["baseline_mean_quality"] == .real(0.8))
  }

  @Test(arguments: [(5, 25), (75, 95), (80, 100), (99, 100)] as [(Int64, Int64)])
  func `20 points more, and never above 100`(from: Int64, to: Int64) throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", traffic: .number(FixedPoint(from) ?? .zero))
    try spec.given("deployment_active")
    try spec.results("baseline", 100, hundredths: 50)
    try spec.results("deployment", 100, hundredths: 100)
    #expect(try spec.row()["recommended_traffic_percentage"] == percent(to))
  }

  @Test func `nothing is advised at 100`() throws {
    let spec = try DeploymentSpec()
    try spec.given("deployment_created", traffic: 100)
    try spec.given("deployment_active")
    try spec.results("baseline", 100, hundredths: 50)
    try spec.results("deployment", 100, hundredths: 100)
    #expect(try spec.row()["recommendation"] == .text("none"))
    #expect(try spec.row()["improvement"] == .real(1))
  }

  @Test func `results count afresh after a change of traffic`() throws {
    let spec = try active()
    try spec.results("baseline", 100, hundredths: 80)
    try spec.results("deployment", 100, hundredths: 90)
    try spec.given("deployment_promoted", traffic: 25)
    let row = try spec.row()
    #expect(row["samples"] == .integer(0))
    #expect(row["baseline_samples"] == .integer(0))
    #expect(row["improvement"] == .null)
    #expect(row["recommendation"] == .text("wait"))
    try spec.results("deployment", 1, hundredths: 70)
    #expect(try spec.row()["mean_quality"] == .real(0.7))
  }

  @Test func `a refused promotion leaves the results`() throws {
    let spec = try active()
    try spec.results("deployment", 3, hundredths: 80)
    try spec.given("deployment_promoted", traffic: 5)
    #expect(try spec.row()["samples"] == .integer(3))
  }

  @Test func `a result that says it did not succeed is an error`() throws {
    let spec = try active()
    let results: [[Field: FieldValue]] = [
      [.success: false], [.success: true], [.errorMessage: "boom"],
      [.isError: false, .success: false],
    ]
    for result in results {
      try spec.given(
        "ab_result", result.merging([.deploymentID: "d", .arm: "deployment"]) { $1 })
    }
    #expect(try spec.row()["error_rate"] == .real(0.5))
  }

  @Test func `a result without a quality counts for latency and errors only`() throws {
    let spec = try active()
    try spec.results("deployment", 1, hundredths: 80, [.latencyMS: 100])
    try spec.given(
      "ab_result", [.deploymentID: "d", .arm: "deployment", .latencyMS: 300, .isError: true])
    try spec.given("ab_result", [.deploymentID: "d", .arm: "deployment", .errorMessage: "boom"])
    try spec.given("ab_result", [.deploymentID: "d", .arm: "deployment", .isError: false])
    let row = try spec.row()
    #expect(row["samples"] == .integer(1))
    #expect(row["results"] == .integer(4))
    #expect(row["mean_quality"] == .real(0.8))
    #expect(row["mean_latency_ms"] == .real(200))
    #expect(row["error_rate"] == .real(0.5))
    #expect(row["baseline_error_rate"] == .null)
  }

  @Test func `a baseline of zero has no improvement`() throws {
    let spec = try active()
    try spec.results("baseline", 100, hundredths: 0)
    try spec.results("deployment", 100, hundredths: 90)
    #expect(try spec.row()["improvement"] == .null)
    #expect(try spec.row()["recommendation"] == .text("wait"))
  }

  @Test func `the greatest qualities do not overflow`() throws {
    let spec = try active()
    for arm in ["baseline", "deployment"] {
      for _ in 0..<100 {
        try spec.given(
          "ab_result",
          [
            .deploymentID: "d", .arm: .text(arm),
            .qualityScore: .number(FixedPoint(units: .max)),
          ])
      }
    }
    #expect(try spec.row()["improvement"] == .real(0))
    #expect(try spec.row()["recommendation"] == .text("wait"))
  }

  @Test func `a row names the events that it stands on`() throws {
    let spec = try active()
    try spec.results("deployment", 40, hundredths: 90)
    let row = try spec.row()
    #expect(row["offsets"] == .offsets(Array(0..<32)))
    #expect(row["last_offset"] == .integer(41))
    #expect(row["offset_count"] == .integer(42))
  }

  @Test func `batches and reopening change nothing`() throws {
    var random = SeededRandom(seed: 0x5eed)
    let spec = try active()
    for _ in 0..<300 {
      let steps = ["deployment_active", "deployment_demoted", "deployment_created"]
      let id = ["d", "e", "f"].randomElement(using: &random) ?? "d"
      switch Int.random(in: 0..<10, using: &random) {
      case 0: try spec.given(steps.randomElement(using: &random) ?? "", id)
      case 1: try spec.given("deployment_promoted", id, traffic: 40)
      case 2: try spec.given("model_registered", [.model: .text(id), .version: "1"])
      case 3: try spec.given("training_completed", [.model: .text(id), .runID: "r"])
      default:
        let hundredths = Int64.random(in: 0...100, using: &random)
        try spec.results("deployment", 1, hundredths: hundredths, id: id)
      }
    }
    for batch in [1, 7, 64, 1_000] {
      let provider = MemoryTables()
      var digest = Digest()
      for start in stride(from: 0, to: spec.events.count, by: batch) {
        let tables = FoldTables(view: "deployments", digest: digest, provider: provider)
        let projector = try DeploymentsProjector(tables: tables)
        let events = Array(spec.events[start..<min(start + batch, spec.events.count)])
        try projector.apply(.init(events: events, facts: []))
        try tables.flush()
        digest = tables.digest
        #expect(try tables.rehashed() == digest)
      }
      #expect(digest == spec.digest, "batches of \(batch), seed \(random.seed)")
    }
  }
}
