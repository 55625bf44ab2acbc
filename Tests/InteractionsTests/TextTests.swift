import Bytes
import Events
import Facts
import TestSupport
import Testing

/// So many words, the same for the same numbers: n words have n − 2 shingles.
private func words(_ range: ClosedRange<Int>) -> String {
  range.map { "word\($0)" }.joined(separator: " ")
}

private let opaque = "sha256:" + String(repeating: "0f", count: 32)

@Suite struct ReusabilityTests {
  @Test func `prompts that come back count, of any stream`() throws {
    let spec = try StepSpec(.aidb)
    for stream in [Stream.aidb, .ralph, .hybrid, .editor, .aidb, .ralph, .hybrid] {
      try spec.line("completion", stream: stream, [.prompt: "mend the parser of dates"])
    }
    #expect(spec.interactions.map(\.score.reusability) == [0.3, 0.5, 0.5, 0.7, 0.7, 1.0, 1.0])
  }

  @Test func `similar is 0.85 and more`() throws {
    // 37 of 40 shingles of each, 37/43 = 0.8605; 36 of them, 36/44 = 0.818.
    for (last, worth) in [(45, 0.5), (46, 0.3)] as [(Int, FixedPoint)] {
      let spec = try StepSpec(.aidb)
      try spec.line("completion", [.prompt: .text(words(1...42))])
      try spec.line("completion", [.prompt: .text(words((last - 41)...last))])
      #expect(spec.interactions.last?.score.reusability == worth)
    }
    // 17 of 20, exactly.
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.prompt: .text(words(1...22))])
    try spec.line("completion", [.prompt: .text(words(4...22))])
    #expect(spec.interactions.last?.score.reusability == 0.5)
  }

  @Test func `what has no outcome counts, and what is no interaction does not`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("query", [.interactionID: "a", .prompt: "why is it slow"])
    try spec.line("query", [.prompt: "why is it slow"])
    try spec.line("hybrid_search", [.prompt: "why is it slow", .response: "r"])
    try spec.line("tool_result", [.interactionID: "b", .prompt: "why is it slow"])
    try spec.line("completion", [.prompt: "why is it slow"])
    #expect(spec.interactions.first?.score.reusability == 0.5)
    try spec.line("completion", [.prompt: "why is it slow"])
    #expect(spec.interactions.last?.score.reusability == 0.5)
    try spec.line("completion", [.prompt: "why is it slow"])
    #expect(spec.interactions.last?.score.reusability == 0.7)
  }

  @Test func `it is fixed by the event that first brings the prompt`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.interactionID: "a", .success: true])
    try spec.line("completion", [.prompt: "why is it slow"])
    #expect(spec.interactions.first?.score.reusability == 0.3)
    try spec.line("completion", [.interactionID: "a", .success: true, .prompt: "why is it slow"])
    #expect(spec.interactions.first?.score.reusability == 0.5)
    for _ in 0..<5 { try spec.line("completion", [.prompt: "why is it slow"]) }
    try spec.line("feedback", [.interactionID: "a", .userFeedback: 1])
    try spec.line("completion", [.interactionID: "a", .success: false, .prompt: "something else"])
    #expect(spec.interactions.first?.score.reusability == 0.5)
    #expect(spec.interactions.first?.fields.text(.prompt) == "why is it slow")
  }

  @Test func `what cannot be read counts when it is equal`() throws {
    for text in [opaque, "[REDACTED:secrets_detected:aws]", "?!", "—"] {
      let spec = try StepSpec(.ralph)
      for _ in 0..<4 { try spec.line("task_completed", [.prompt: .text(text)]) }
      try spec.line("task_completed", [.prompt: .text(text + "x")])
      #expect(spec.interactions.map(\.score.reusability) == [0.3, 0.5, 0.5, 0.7, 0.3])
      #expect(spec.interactions.allSatisfy { $0.score.novelty == 0.0 })
    }
  }
}

@Suite struct NoveltyTests {
  @Test func `what an agent says on the way is found anew, and nothing is measured against it`()
    throws
  {
    let spec = try StepSpec(.ralph)
    func novelty(_ kind: String, _ id: String, _ range: ClosedRange<Int>) throws -> FixedPoint? {
      try spec.line(
        kind,
        [
          .interactionID: .text(id), .response: .text(words(range)), .success: true,
          .userFeedback: 1, .toolCalls: 1,
        ])
      return spec.interactions.last { $0.fields.text(.interactionID) == id }?.score.novelty
    }
    #expect(try novelty("turn_progressed", "a", 1...40) == 1.0)
    #expect(try novelty("turn_progressed", "b", 1...40) == 1.0)
    #expect(try novelty("turn_ended", "a", 101...140) == 1.0)
    #expect(try novelty("turn_progressed", "b", 101...140) == 0.0)
    #expect(try novelty("turn_ended", "b", 201...240) == 1.0)
    // Measured against what others ended with, and not against itself.
    #expect(try novelty("turn_ended", "b", 201...240) == 1.0)
    #expect(try novelty("turn_ended", "c", 201...240) == 0.0)
  }

  /// Fields that make an interaction of high value: 0.40 + 0.20 + 0.06 + 0.02 + novelty.
  private let good: [Field: FieldValue] = [.success: true, .userFeedback: 1, .toolCalls: 1]

  private func good(_ response: String) -> [Field: FieldValue] {
    good.merging([.response: .text(response)]) { _, new in new }
  }

  @Test func `a response is new unless one of high value was like it`() throws {
    let spec = try StepSpec(.hybrid)
    let text = words(1...22)
    // Of little value: it teaches nothing.
    try spec.line("local_inference", [.response: .text(text), .success: false])
    try spec.line("local_inference", good(text))
    try spec.line("local_inference", good(text))
    // 18 of 20 shingles, exactly 0.9; then 17 of 20.
    try spec.line("local_inference", good(words(3...22)))
    try spec.line("local_inference", good(words(30...51)))
    try spec.line("local_inference", good(words(33...51)))
    #expect(spec.interactions.map(\.score.novelty) == [1.0, 1.0, 0.0, 0.1, 1.0, 1.0])
    #expect(
      spec.interactions.map(\.score.tier)
        == [.reference, .highValue, .reference, .reference, .highValue, .highValue])
  }

  @Test func `the nearest counts, to a billionth`() throws {
    let spec = try StepSpec(.hybrid)
    try spec.line("local_inference", good(words(1...50)))
    try spec.line("local_inference", good(words(1...47)))
    // 45 of 48 shingles.
    #expect(spec.interactions.last?.score.novelty == FixedPoint(units: 62_500_000))
    try spec.line("local_inference", good(words(1...49)))
    // 47 of 48: 1 − 0.979166667.
    #expect(spec.interactions.last?.score.novelty == FixedPoint(units: 20_833_333))
  }

  @Test func `a response teaches from the moment when its row is of high value, and for good`()
    throws
  {
    let spec = try StepSpec(.hybrid)
    let text = words(1...30)
    let id: [Field: FieldValue] = [.interactionID: "a", .response: .text(text), .success: true]
    try spec.line("completion", id)
    #expect(spec.interactions.last?.isHighValue == false)
    try spec.line("completion", [.response: .text(text)])
    #expect(spec.interactions.last?.score.novelty == 1.0)
    try spec.line("feedback", [.interactionID: "a", .userFeedback: 1])
    #expect(spec.interactions.first?.isHighValue == true)
    try spec.line("completion", [.response: .text(text)])
    #expect(spec.interactions.last?.score.novelty == 0.0)
    try spec.line("feedback", [.interactionID: "a", .userFeedback: -1])
    #expect(spec.interactions.first?.isHighValue == false)
    try spec.line("completion", [.response: .text(text)])
    #expect(spec.interactions.last?.score.novelty == 0.0)
    // Its own novelty stays.
    #expect(spec.interactions.first?.score.novelty == 1.0)
  }

  @Test func `it is fixed by the event that first brings the response`() throws {
    let spec = try StepSpec(.hybrid)
    try spec.line("completion", [.interactionID: "a", .success: true])
    #expect(spec.interactions.first?.score.novelty == 0.0)
    try spec.line("completion", good(words(1...30)))
    try spec.line(
      "completion", [.interactionID: "a", .success: true, .response: .text(words(1...30))])
    #expect(spec.interactions.first?.score.novelty == 0.0)
    try spec.line(
      "completion", [.interactionID: "a", .exitCode: 0, .response: .text(words(60...90))])
    #expect(spec.interactions.first?.fields.text(.response) == words(60...90))
    #expect(spec.interactions.first?.score.novelty == 0.0)
  }

  @Test func `what cannot be read teaches nothing`() throws {
    let spec = try StepSpec(.hybrid)
    for _ in 0..<2 {
      for text in [opaque, "…"] { try spec.line("completion", good(text)) }
    }
    #expect(spec.interactions.map(\.score.novelty) == [0.0, 0.0, 0.0, 0.0])
  }

  @Test func `a hashed task is a task, and no lesson`() throws {
    let spec = try StepSpec(.ralph)
    let fields: [Field: FieldValue] = [
      .status: "rejected", .iterations: 2, .prompt: .text(opaque),
      .response: .text("sha256:" + String(repeating: "bb", count: 32)), .backend: "aider",
    ]
    for id in ["a", "b"] {
      try spec.line("task_completed", fields.merging([.interactionID: .text(id)]) { _, new in new })
    }
    #expect(spec.interactions.map(\.outcome) == [.failure, .failure])
    #expect(spec.interactions.map(\.score.reusability) == [0.3, 0.5])
    #expect(spec.interactions.map(\.score.novelty) == [0.0, 0.0])
    #expect(spec.interactions.map(\.score.complexity) == [0.0, 0.0])
  }
}

extension Interaction {
  var isHighValue: Bool { score.isHighValue }
}
