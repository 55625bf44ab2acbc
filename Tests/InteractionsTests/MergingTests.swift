import Bytes
import Events
import Facts
import TestSupport
import Testing

@Suite struct MergingTests {
  private func merged(_ lines: [(String, [Field: FieldValue])]) throws -> Interaction {
    let spec = try StepSpec(.aidb)
    for (kind, fields) in lines {
      try spec.line(kind, fields.merging([.interactionID: "a"]) { old, _ in old })
    }
    #expect(spec.interactions.count == 1)
    return try #require(spec.interactions.first)
  }

  @Test func `counts of tokens replace one another`() throws {
    let found = try merged([
      ("query", [.tokensInput: 5, .costUSD: 0.5]),
      ("completion", [.tokensInput: 10, .tokensOutput: 30, .latencyMS: 8, .costUSD: 0.25]),
      ("completion", [.tokensInput: 10, .tokensOutput: 20, .success: true]),
    ])
    #expect(found.fields.number(.tokensInput) == 10.0)
    #expect(found.fields.number(.tokensOutput) == 20.0)
    #expect(found.fields.number(.latencyMS) == 8.0)
    #expect(found.fields.number(.costUSD) == 0.25)
  }

  @Test func `a part adds iterations, tools, files, errors and factors, and nothing else`() throws {
    let found = try merged([
      ("context_augmented", [.contextRetrieved: true, .prompt: "of the part", .latencyMS: 1]),
      (
        "tool_invocation",
        [.toolsUsed: ["grep", "sed"], .response: "of the tool", .tokensInput: 1]
      ),
      (
        "tool_invocation",
        [.toolsUsed: ["sed", "awk"], .errorMessage: "boom", .testsPassed: false]
      ),
      (
        "route_decided",
        [.route: "local", .model: "m", .filesModified: ["a", "b"], .iterations: 4]
      ),
      ("completion", [.success: true, .iterations: 2, .filesModified: ["b", "c"], .model: "n"]),
    ])
    #expect(found.fields.texts(.toolsUsed) == ["grep", "sed", "awk"])
    #expect(found.fields.texts(.filesModified) == ["a", "b", "c"])
    #expect(found.fields.number(.iterations) == 4.0)
    #expect(found.fields.text(.errorMessage) == "boom")
    #expect(found.fields.bool(.contextRetrieved) == true)
    #expect(found.fields.text(.model) == "m")
    #expect(found.fields.text(.route) == "local")
    for field in [Field.prompt, .response, .latencyMS, .tokensInput, .testsPassed] {
      #expect(found.fields[field] == nil, "\(field)")
    }
  }

  @Test(arguments: [[false, true], [true, false], [true, true], [false, false]])
  func `something was retrieved once any event says so`(said: [Bool]) throws {
    let found = try merged(
      said.map { ("context_augmented", [.contextRetrieved: .bool($0)]) } + [
        ("completion", [.success: true])
      ])
    #expect(found.fields.bool(.contextRetrieved) == said.contains(true))
  }

  @Test func `an annotation adds feedback and quality, and no factor`() throws {
    let found = try merged([
      ("completion", [.prompt: "p"]),
      (
        "judgment",
        [
          .model: "judge", .tokensOutput: 9, .styleScore: 0.5, .correctedResponse: "better",
          .response: "r", .iterations: 7, .sessionID: "s",
        ]
      ),
    ])
    #expect(found.fields.number(.styleScore) == 0.5)
    #expect(found.fields.text(.correctedResponse) == "better")
    #expect(found.fields.text(.sessionID) == "s")
    for field in [Field.model, .tokensOutput, .response, .iterations] {
      #expect(found.fields[field] == nil, "\(field)")
    }
  }

  @Test func `counts and names of files are one set`() throws {
    #expect(
      try merged([
        ("completion", [.filesModified: ["a", "b"]]), ("task_failed", [.filesModified: 4]),
        ("task_completed", [.filesModified: ["c"]]),
      ]).score.complexity == 0.3)
    #expect(
      try merged([
        ("completion", [.filesModified: 3]),
        ("task_completed", [.filesModified: ["a", "b", "c", "d"]]),
      ]).score.complexity == 0.3)
  }

  @Test func `the response is that of the closing that decides`() throws {
    let opaque = "sha256:" + String(repeating: "0a", count: 32)
    #expect(
      try merged([
        ("completion", [.response: "bad", .success: false]),
        ("local_inference", [.response: "good", .success: true]),
        ("task_completed", [.response: "word", .status: "failed"]),
        ("agent_step_complete", [.response: .text(opaque), .success: true]),
      ]).fields.text(.response) == "good")
    #expect(
      try merged([
        ("completion", [.response: .text(opaque), .success: false]),
        ("local_inference", [.response: "good", .success: true]),
      ]).fields.text(.response) == "good")
  }

  @Test func `a set of names stops growing`() throws {
    let spec = try StepSpec(.aidb)
    for number in 0..<300 {
      try spec.line(
        "tool_invocation",
        [.interactionID: "a", .toolsUsed: ["tool \(number)"], .iterations: .number(1.0)])
    }
    try spec.line("completion", [.interactionID: "a"])
    #expect(spec.interactions.first?.fields.texts(.toolsUsed).count == 256)
    #expect(spec.interactions.first?.evidence.first.count == 32)
    #expect(spec.interactions.first?.evidence.count == 301)
    #expect(spec.interactions.first?.evidence.last == 300)
  }
}
