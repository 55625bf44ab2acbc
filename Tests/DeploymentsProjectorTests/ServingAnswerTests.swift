import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

@Suite struct ServingAnswerTests {
  private func ask(
    _ spec: DeploymentSpec, _ taskType: String, _ requests: [String] = ["r"]
  ) throws -> [[String: Cell]] {
    let answer = servingAnswer(taskType: taskType, requests: requests)
    var rows: [[String: Cell]] = []
    try answer.forEach(in: spec.spec.tables) { cells in
      rows.append(Dictionary(zip(answer.columns.map(\.name), cells)) { first, _ in first })
      return rows.count < 4
    }
    return rows
  }

  private func create(
    _ spec: DeploymentSpec, _ id: String, taskType: FieldValue?, traffic: FieldValue = 100
  ) throws {
    var fields: [Field: FieldValue] = [
      .deploymentID: .text(id), .model: .text("model-\(id)"), .baselineModel: "base",
      .trafficPercentage: traffic,
    ]
    fields[.taskType] = taskType
    try spec.given("deployment_created", fields)
    try spec.given("deployment_active", id)
  }

  @Test func `a row names the model, the arm, the deployment, its traffic and its events`() throws {
    let spec = try DeploymentSpec()
    try create(spec, "a", taskType: "fix")
    try create(spec, "b", taskType: "review", traffic: 0)
    #expect(
      try ask(spec, "fix") == [
        [
          "key": .text("r"), "task_type": .text("fix"), "model": .text("model-a"),
          "arm": .text("deployment"), "deployment_id": .text("a"), "status": .text("active"),
          "traffic_percentage": percent(100), "offsets": .offsets([0, 1]),
          "last_offset": .integer(1), "offset_count": .integer(2),
        ]
      ])
    #expect(
      try ask(spec, "review") == [
        [
          "key": .text("r"), "task_type": .text("review"), "model": .text("base"),
          "arm": .text("baseline"), "deployment_id": .null, "status": .null,
          "traffic_percentage": percent(100), "offsets": .offsets([2, 3]),
          "last_offset": .integer(3), "offset_count": .integer(2),
        ]
      ])
  }

  @Test func `each request has a row, in the order of the question, also when nobody serves`()
    throws
  {
    let rows = try ask(try DeploymentSpec(), "fix", ["b", "a", "b", "c", "d"])
    #expect(rows.map { $0["key"] } == ["b", "a", "b", "c"].map { .text($0) })
    #expect(rows.allSatisfy { $0["model"] == .null && $0["arm"] == .null })
    #expect(rows.allSatisfy { $0["offsets"] == .offsets([]) && $0["last_offset"] == .null })
  }

  @Test func `what names no task type is for any that nothing else is for`() throws {
    let spec = try DeploymentSpec()
    try create(spec, "general", taskType: nil)
    #expect(try ask(spec, "fix").map { $0["model"] } == [.text("model-general")])
    try create(spec, "fixer", taskType: "fix", traffic: 0)
    #expect(try ask(spec, "fix").map { $0["model"] } == [.text("base")])
    #expect(try ask(spec, "Fix").map { $0["model"] } == [.text("model-general")])
  }

  @Test func `what is named for a task and serves nobody hides nothing that is for any`() throws {
    let spec = try DeploymentSpec()
    try create(spec, "general", taskType: nil)
    try spec.given(
      "deployment_created", [.deploymentID: "d", .model: "new", .taskType: "fix"])
    #expect(try ask(spec, "fix").map { $0["model"] } == [.text("model-general")])
  }

  @Test func `the answer changes with each event of a deployment's life`() throws {
    let spec = try DeploymentSpec()
    func model() throws -> Cell? { try ask(spec, "fix").first?["model"] }
    try spec.given(
      "deployment_created",
      [
        .deploymentID: "d", .model: "new", .baselineModel: "old", .taskType: "fix",
        .trafficPercentage: 99.999_999_999,
      ])
    #expect(try model() == .text("old"))
    try spec.given("deployment_started")
    #expect(try model() == .text("old"))
    try spec.given("deployment_active")
    #expect(try model() == .text("new"))
    try spec.given("deployment_promoted", traffic: 100)
    #expect(try model() == .text("new"))
    try spec.given("deployment_rolled_back")
    #expect(try model() == .text("old"))
  }
}
