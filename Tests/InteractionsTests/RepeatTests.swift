import Bytes
import Events
import Facts
import TestSupport
import Testing

/// The loops of agents as they are really logged.
@Suite struct RepeatTests {
  private func iteration(
    _ spec: StepSpec, _ count: Int64, exit: Int64 = 1, _ more: [Field: FieldValue] = [:]
  ) throws {
    let fields: [Field: FieldValue] = [
      .interactionID: "t", .iterations: .number(FixedPoint(count) ?? .zero),
      .exitCode: .number(FixedPoint(exit) ?? .zero), .backend: "aider",
    ]
    try spec.line("iteration_completed", fields.merging(more) { _, new in new })
  }

  private func submit(_ spec: StepSpec, prompt: String? = nil) throws {
    var fields: [Field: FieldValue] = [.interactionID: "t", .backend: "aider"]
    fields[.prompt] = prompt.map(FieldValue.text)
    try spec.line("task_submitted", fields)
  }

  private func complete(
    _ spec: StepSpec, _ count: Int64, status: String = "completed",
    _ more: [Field: FieldValue] = [:]
  ) throws {
    let fields: [Field: FieldValue] = [
      .interactionID: "t", .iterations: .number(FixedPoint(count) ?? .zero), .status: .text(status),
    ]
    try spec.line("task_completed", fields.merging(more) { _, new in new })
  }

  @Test func `iterations that are logged twice count once`() throws {
    let spec = try StepSpec(.ralph)
    try submit(spec)
    for count in 1...4 {
      try iteration(spec, Int64(count))
      // The second writer says the output's length in addition, which is no canonical field.
      try iteration(spec, Int64(count))
    }
    try complete(spec, 4)
    let found = try #require(spec.interactions.first)
    #expect(found.evidence.first == [0, 1, 3, 5, 7, 9])
    #expect(found.evidence.count == 6)
    #expect(found.fields.number(.iterations) == 4.0)
    #expect(found.score.outcome == 0.8)
  }

  @Test func `repeats are told, with what they bring`() throws {
    let spec = try StepSpec(.ralph)
    try iteration(spec, 1, [.errorMessage: "no such file"])
    try iteration(spec, 1, [.errorMessage: "no such file"])
    try iteration(spec, 1, [.errorMessage: "another file"])
    try iteration(spec, 2)
    try iteration(spec, 2, [.errorMessage: "no such file"])
    let message: UInt128 = 1 << UInt128(Field.errorMessage.rawValue)
    #expect(spec.repeats == [Repeat(of: EventID(1)), Repeat(of: EventID(4), newFields: message)])
  }

  @Test func `the later of two completes the former`() throws {
    let spec = try StepSpec(.ralph)
    try complete(spec, 2)
    try complete(spec, 2, [.latencyMS: 12, .testsPassed: false])
    let found = try #require(spec.interactions.first)
    #expect(spec.interactions.count == 1)
    #expect(found.fields.number(.latencyMS) == 12.0)
    #expect(found.outcome == .failure)
    #expect(found.basis == .tests)
    #expect(found.evidence.first == [0, 1])
    // What the second brought is known now: said again, it is a repeat.
    #expect(
      try spec.line(
        "task_completed", [.interactionID: "t", .iterations: 2, .latencyMS: 12]) == nil)
  }

  @Test func `what is said, taken back and said again is no repeat`() throws {
    let spec = try StepSpec(.aidb)
    let outcomes = try [true, false, true, true].map { isSuccess in
      try spec.line("completion", [.interactionID: "a", .success: .bool(isSuccess)])?.after.outcome
    }
    #expect(outcomes == [.success, .failure, .success, nil])
    let feedback = try [1, -1, 1, 1].map { (sign: Int64) in
      try spec.line(
        "feedback",
        [
          .interactionID: "a", .sessionID: "s",
          .userFeedback: .number(FixedPoint(hundredths: 100 * sign)),
        ])?.after.feedback.explicit
    }
    #expect(feedback == [1, -1, 1, nil])
  }

  @Test func `lines of another kind, iteration or field are no repeats`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.interactionID: "a", .model: "m", .success: true])
    try spec.line("local_inference", [.interactionID: "a", .model: "m", .success: true])
    try spec.line("completion", [.interactionID: "a", .model: "m", .success: true, .iterations: 1])
    try spec.line("completion", [.interactionID: "a", .model: "n", .success: true])
    try spec.line("completion", [.interactionID: "b", .model: "m", .success: true])
    #expect(spec.interactions.map(\.evidence.count) == [4, 1])
  }

  @Test func `without an id two lines are two interactions`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("parallel_generate", [.model: "m", .latencyMS: 9])
    try spec.line("parallel_generate", [.model: "m", .latencyMS: 9])
    #expect(spec.interactions.count == 2)
  }

  @Test func `a crash before the end begins the count again, not the task`() throws {
    let spec = try StepSpec(.ralph)
    try submit(spec)
    try iteration(spec, 1)
    try iteration(spec, 2)
    for count in 1...3 { try iteration(spec, Int64(count)) }
    try complete(spec, 3)
    #expect(spec.interactions.count == 1)
    #expect(spec.interactions.first?.fields.number(.iterations) == 3.0)
    #expect(spec.interactions.first?.evidence.first == [0, 1, 2, 5, 6])
  }

  @Test func `after the end a count that begins again begins another interaction`() throws {
    let spec = try StepSpec(.ralph)
    try submit(spec)
    try iteration(spec, 1)
    try iteration(spec, 2)
    try complete(spec, 2, status: "failed")
    // Queued again, with no word of it, and it goes as before.
    try iteration(spec, 1)
    try iteration(spec, 1)
    try iteration(spec, 2)
    try iteration(spec, 3)
    try complete(spec, 3)
    #expect(spec.interactions.map(\.outcome) == [.failure, .success])
    #expect(spec.interactions.map(\.evidence.first) == [[0, 1, 2, 3], [4, 6, 7, 8]])
    #expect(spec.interactions.last?.fields.number(.iterations) == 3.0)
  }

  @Test func `after the end a higher count goes on, as do other parts`() throws {
    let spec = try StepSpec(.ralph)
    try iteration(spec, 1)
    try complete(spec, 1, status: "stopped")
    try iteration(spec, 2)
    try spec.line("checkpoint_saved", [.interactionID: "t", .iterations: 1])
    try complete(spec, 2)
    #expect(spec.interactions.count == 1)
    #expect(spec.interactions.first?.outcome == .success)
    #expect(spec.interactions.first?.evidence.count == 5)
  }

  @Test func `after the end an opening begins another interaction, whatever it says`() throws {
    let spec = try StepSpec(.ralph)
    for _ in 0..<2 {
      try submit(spec, prompt: "mend it")
      try submit(spec, prompt: "mend it")
      try complete(spec, 1)
    }
    #expect(spec.interactions.map(\.evidence.first) == [[0, 2], [3, 5]])
    #expect(spec.interactions.map(\.score.reusability) == [0.3, 0.5])
  }

  @Test func `what happened no later than the end, and agrees, is told late`() throws {
    let spec = try StepSpec(.ralph)
    let start = spec.second
    for _ in 0..<2 {
      spec.second = start
      try submit(spec)
      try iteration(spec, 1)
      try complete(spec, 1)
    }
    // The copy of the other writer, from another file.
    spec.second = start + 2
    try iteration(spec, 1)
    #expect(spec.interactions.count == 1)
    #expect(spec.interactions.first?.evidence.count == 3)
    // What differs is another run, whatever its time.
    spec.second = start
    try iteration(spec, 1, exit: 0)
    try complete(spec, 1)
    #expect(spec.interactions.count == 2)
  }

  @Test func `another closing updates the one there is`() throws {
    let spec = try StepSpec(.ralph)
    try complete(spec, 3, status: "completed")
    try complete(spec, 3, status: "failed")
    try spec.line("task_failed", [.interactionID: "t", .iterations: 1])
    #expect(spec.interactions.count == 1)
    #expect(spec.interactions.first?.outcome == .failure)
    #expect(spec.interactions.first?.evidence.count == 3)
  }

  @Test func `a task that hit its cap says that it completed`() throws {
    let spec = try StepSpec(.ralph)
    try submit(spec)
    try iteration(spec, 1, exit: 1)
    try complete(spec, 2, status: "completed")
    let found = try #require(spec.interactions.first)
    #expect(found.outcome == .success)
    #expect(found.basis == .`self`)
    #expect(found.fields.number(.iterations) == 2.0)
    #expect(found.fields.number(.exitCode) == nil)
  }

  @Test func `a task that is never ended has no row`() throws {
    let spec = try StepSpec(.ralph)
    try submit(spec, prompt: "mend it")
    try iteration(spec, 1)
    #expect(spec.facts.isEmpty)
    try spec.line("completion", stream: .editor, [.prompt: "mend it"])
    #expect(spec.interactions.first?.score.reusability == 0.5)
  }
}
