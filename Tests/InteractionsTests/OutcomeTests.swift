import Bytes
import Events
import Facts
import TestSupport
import Testing

@Suite struct OutcomeTests {
  private func verdict(
    _ fields: [Field: FieldValue], kind: String = "task_completed"
  ) throws -> (Outcome, OutcomeBasis)? {
    let spec = try StepSpec(.ralph)
    try spec.line(kind, fields)
    return spec.interactions.first.map { ($0.outcome, $0.basis) }
  }

  private static let cases: [([Field: FieldValue], Outcome, OutcomeBasis)] = [
    ([:], .success, .`self`),
    ([.status: "completed"], .success, .`self`), ([.status: "OK"], .success, .`self`),
    ([.status: "success"], .success, .`self`), ([.status: "done"], .success, .`self`),
    ([.status: "failed"], .failure, .`self`), ([.status: "rejected"], .failure, .`self`),
    ([.status: "error"], .failure, .`self`), ([.status: "timeout"], .failure, .`self`),
    ([.status: "stopped"], .partial, .`self`), ([.status: "cancelled"], .partial, .`self`),
    ([.status: "Failure"], .failure, .`self`), ([.status: "errored"], .failure, .`self`),
    ([.status: "timed_out"], .failure, .`self`), ([.status: "killed"], .failure, .`self`),
    ([.status: "aborted"], .failure, .`self`), ([.status: "crashed"], .failure, .`self`),
    ([.status: "partial"], .partial, .`self`), ([.status: "incomplete"], .partial, .`self`),
    ([.status: "interrupted"], .partial, .`self`),
    ([.status: "running"], .success, .`self`),
    ([.success: true, .status: "failed"], .success, .tool),
    ([.success: false, .status: "completed"], .failure, .tool),
    ([.success: false, .partialSuccess: true], .partial, .tool),
    ([.success: true, .partialSuccess: true], .success, .tool),
    ([.partialSuccess: true], .partial, .tool),
    ([.partialSuccess: false, .status: "failed"], .failure, .`self`),
    ([.exitCode: 0, .success: false], .success, .exitCode),
    ([.exitCode: 1, .success: true], .failure, .exitCode),
    ([.exitCode: -9], .failure, .exitCode),
    ([.testsPassed: true, .exitCode: 1], .success, .tests),
    ([.testsPassed: false, .exitCode: 0], .failure, .tests),
    ([.accepted: true, .testsPassed: false], .success, .human),
    ([.accepted: false, .testsPassed: true], .failure, .human),
    ([.abandoned: true, .testsPassed: true], .failure, .human),
    ([.abandoned: false, .testsPassed: true], .success, .tests),
    ([.accepted: true, .abandoned: true], .success, .human),
    ([.userFeedback: -1, .rating: 1, .success: true], .success, .tool),
    // A named basis names the field.
    ([.outcomeBasis: "tool", .success: true, .exitCode: 1], .success, .tool),
    ([.outcomeBasis: "self", .status: "failed", .accepted: true], .failure, .`self`),
    ([.outcomeBasis: "exit_code", .exitCode: 2, .testsPassed: true], .failure, .exitCode),
    ([.outcomeBasis: "benchmark", .success: false], .failure, .benchmark),
    ([.outcomeBasis: "text", .success: false, .status: "completed"], .failure, .text),
    ([.outcomeBasis: "tests", .success: true], .success, .tests),
    ([.outcomeBasis: "hearsay", .success: false], .failure, .tool),
  ]

  @Test(arguments: cases.indices)
  func `the strongest field decides, or the one that is named`(index: Int) throws {
    let (fields, outcome, basis) = Self.cases[index]
    let found = try #require(try verdict(fields))
    #expect(found == (outcome, basis), "\(fields)")
  }

  @Test func `the kind decides when nothing else does`() throws {
    #expect(try #require(try verdict([:], kind: "task_failed")) == (.failure, .`self`))
    #expect(try #require(try verdict([.status: "ok"], kind: "task_failed")) == (.success, .`self`))
    #expect(try #require(try verdict([.prompt: "p"], kind: "error")) == (.failure, .`self`))
    #expect(
      try #require(try verdict([.prompt: "p", .success: true], kind: "error")) == (.success, .tool))
    #expect(try #require(try verdict([.passed: false], kind: "harness_eval")) == (.failure, .tool))
    #expect(try #require(try verdict([.passed: true], kind: "harness_eval")) == (.success, .tool))
    #expect(try #require(try verdict([.passed: false], kind: "completion")) == (.success, .`self`))
  }

  @Test func `later evidence replaces what is as strong or weaker`() throws {
    let spec = try StepSpec(.aidb)
    let id: [Field: FieldValue] = [.interactionID: "a"]
    func close(_ fields: [Field: FieldValue]) throws -> [Outcome: OutcomeBasis] {
      try spec.line("completion", id.merging(fields) { _, new in new })
      let last = try #require(spec.interactions.last)
      return [last.outcome: last.basis]
    }
    #expect(try close([.success: true]) == [.success: .tool])
    #expect(try close([.success: false]) == [.failure: .tool])
    #expect(try close([.status: "completed"]) == [.failure: .tool])
    #expect(try close([.testsPassed: true]) == [.success: .tests])
    #expect(try close([.success: false, .exitCode: 3]) == [.success: .tests])
    #expect(try close([.testsPassed: false]) == [.failure: .tests])
    #expect(try close([.accepted: true]) == [.success: .human])
    #expect(try close([.outcomeBasis: "benchmark", .success: false]) == [.failure: .benchmark])
    #expect(try close([.accepted: true, .success: true]) == [.failure: .benchmark])
    #expect(spec.interactions.count == 1)
    #expect(spec.interactions.first?.offset == 0)
    #expect(spec.interactions.first?.evidence.count == 9)
  }

  @Test func `an annotation may state an outcome by its own fields alone`() throws {
    for kind in ["feedback", "learning_feedback", "quality_assessment", "judgment", "preference"] {
      let spec = try StepSpec(.hybrid)
      try spec.line("local_inference", [.interactionID: "a", .success: true])
      try spec.line(kind, [.interactionID: "a", .success: false, .status: "failed", .exitCode: 1])
      #expect(spec.interactions.first?.outcome == .success)
      try spec.line(kind, [.interactionID: "a", .testsPassed: false])
      #expect(spec.interactions.first?.basis == .tests)
      #expect(spec.interactions.first?.outcome == .failure)
      try spec.line(kind, [.interactionID: "a", .accepted: true])
      #expect(spec.interactions.first?.outcome == .success)
      try spec.line(kind, [.interactionID: "a", .abandoned: true, .userFeedback: 1])
      #expect(spec.interactions.first?.outcome == .failure)
      #expect(spec.interactions.first?.basis == .human)
      #expect(spec.interactions.first?.offset == 0)
      #expect(spec.interactions.first?.kind == "local_inference")
    }
  }

  @Test func `a part never ends anything`() throws {
    let spec = try StepSpec(.ralph)
    try spec.line("iteration_completed", [.interactionID: "a", .exitCode: 1, .accepted: false])
    #expect(spec.facts.isEmpty)
    try spec.line("task_completed", [.interactionID: "a", .status: "completed"])
    try spec.line("checkpoint_saved", [.interactionID: "a", .testsPassed: false])
    #expect(spec.interactions.first?.outcome == .success)
    #expect(spec.interactions.first?.basis == .`self`)
    #expect(spec.interactions.first?.feedback.accepted == nil)
  }

  @Test func `what is said before the end counts at the end, and an acceptance is an end`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("feedback", [.interactionID: "a", .userFeedback: 1])
    #expect(spec.facts.isEmpty)
    try spec.line("query_completion", [.interactionID: "a", .success: true])
    #expect(spec.interactions.first?.offset == 1)
    #expect(spec.interactions.first?.feedback.explicit == 1)
    try spec.line("query", [.interactionID: "b", .prompt: "why"])
    try spec.line("feedback", [.interactionID: "b", .accepted: true])
    #expect(spec.interactions.last?.offset == 3)
    #expect(spec.interactions.last?.kind == "feedback")
    try spec.line("query_completion", [.interactionID: "b", .success: false])
    #expect(spec.interactions.last?.outcome == .success)
    #expect(spec.interactions.count == 2)
  }
}
