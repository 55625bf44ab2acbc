import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// Which success mends which error.
@Suite struct MendingTests {
  private let message: FieldValue = "ModuleNotFoundError: No module named 'x'"

  /// What became of fixes: the text, how often it worked, and how often it did not.
  private func fixes(_ events: [Event]) throws -> [[Cell?]] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(events)
    return try spec.rows("errors/fixes").map { [$0["fix"], $0["successes"], $0["failures"]] }
  }

  /// Of no session and no task: only what is of none tells of it.
  @Test func `a report mends the errors of its pattern that nothing else places`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let error: [Field: FieldValue] = [.errorMessage: message]
    let resolved = error.merging([.fix: "pip install x"]) { $1 }
    try spec.given([
      event(0, "error", error), event(1, "error", error),
      event(2, "error", [.errorMessage: "the frobnicator stalls"]),
      event(3, "error", error.merging([.sessionID: "s"]) { $1 }),
      event(4, "error_resolved", resolved),
    ])
    #expect(try spec.rows().map { $0["unresolved"] } == [1, 1].map(Cell.integer))
    let mended = try spec.rows("errors/events").map { $0["mended_by"] }
    #expect(mended == [.null, .text("pip install x"), .null, .null])
    // What happened since is open, and what happened before and is read late is not.
    try spec.given([event(6, "error", error)])
    #expect(try spec.rows().first?["unresolved"] == .integer(2))
    try spec.given([event(7, "error", at: 1_767_225_599, error)])
    #expect(try spec.rows().first?["unresolved"] == .integer(2))
  }

  @Test func `errors of patterns that become one wait together`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let words = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta"]
    let errors = words.map { "the long machine of the \($0) shop does not run today" }
    try spec.given(
      errors.enumerated().map { event(Offset($0), "error", [.errorMessage: .text($1)]) })
    #expect(try spec.rows().map { $0["count"] } == [.integer(8)])
    try spec.given([event(9, "error_resolved", [.errorMessage: .text(errors[2])])])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(0)])
  }

  @Test func `of many errors of no session each counts`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given((0..<200).map { event($0, "error", [.errorMessage: message]) })
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(200)])
    try spec.given([event(200, "error_resolved", [.errorMessage: message])])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(0)])
  }

  @Test(arguments: [Field.command, .toolsUsed])
  func `a task that completes is mended, whatever its failure names`(field: Field) throws {
    let name: FieldValue = field == .command ? "make test" : .texts(["bash"])
    let task: [Field: FieldValue] = [.interactionID: "t", .sessionID: "s"]
    let fixes = try fixes([
      event(0, "task_failed", task.merging([.errorMessage: message, field: name]) { $1 }),
      event(1, "task_completed", task.merging([.toolsUsed: ["bash", "edit"]]) { $1 }),
    ])
    #expect(fixes == [[.null, .integer(1), .integer(0)]])
  }

  @Test func `an error is mended once, by its command or its task`() throws {
    let task: [Field: FieldValue] = [.interactionID: "t", .sessionID: "s"]
    let call = task.merging([.command: "make test"]) { $1 }
    let fixes = try fixes([
      event(0, "task_failed", call.merging([.errorMessage: message]) { $1 }),
      event(1, "step_completed", task.merging([.command: "apt install x", .exitCode: 0]) { $1 }),
      event(2, "step_completed", call.merging([.exitCode: 0]) { $1 }),
      event(3, "task_completed", task),
    ])
    #expect(fixes == [[.text("apt install x"), .integer(1), .integer(0)]])
  }

  @Test func `only what closes a task mends it`() throws {
    let task: [Field: FieldValue] = [.interactionID: "t", .sessionID: "s"]
    let events = [
      event(0, "iteration_completed", task.merging([.errorMessage: message]) { $1 }),
      event(1, "checkpoint_saved", task.merging([.status: "success"]) { $1 }),
      event(2, "step_completed", task.merging([.success: true]) { $1 }),
    ]
    #expect(try fixes(events).isEmpty)
    #expect(try fixes(events + [event(3, "task_completed", task)]).count == 1)
  }

  @Test(
    arguments: [
      [.testsPassed: false], [.status: "completed", .testsPassed: false], [.accepted: false],
      [.abandoned: true], [.success: true, .accepted: false],
    ] as [[Field: FieldValue]])
  func `a task mends nothing whose tests fail, or that people refuse`(end: [Field: FieldValue])
    throws
  {
    let task: [Field: FieldValue] = [.interactionID: "t", .sessionID: "s"]
    let fixes = try fixes([
      event(0, "task_failed", task.merging([.errorMessage: message]) { $1 }),
      event(1, "tool_execute", [.sessionID: "s", .command: "pip install x", .exitCode: 0]),
      event(2, "task_completed", task.merging(end) { $1 }),
    ])
    #expect(fixes.isEmpty)
  }

  @Test func `a check that says by passed how it ended mends, and does not`() throws {
    let task: [Field: FieldValue] = [.interactionID: "t", .sessionID: "s"]
    for passed in [true, false] {
      let fixes = try fixes([
        event(0, "task_failed", task.merging([.errorMessage: message]) { $1 }),
        event(1, "tool_execute", [.sessionID: "s", .command: "pip install x", .exitCode: 0]),
        event(2, "harness_eval", task.merging([.passed: .bool(passed)]) { $1 }),
      ])
      #expect(fixes.count == (passed ? 1 : 0))
    }
  }

  @Test func `a failure that names a fix is no success of it`() throws {
    let fixes = try fixes([
      event(
        0, "task_failed",
        [.interactionID: "t", .errorMessage: message, .fix: "kick it", .success: false])
    ])
    #expect(fixes == [[.text("kick it"), .integer(0), .integer(1)]])
  }

  @Test func `a task that completes mends all its errors`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "task_failed", [.interactionID: "t", .errorMessage: message]),
      event(1, "task_failed", [.interactionID: "t", .errorMessage: "the frobnicator stalls"]),
      event(2, "task_completed", [.interactionID: "t"]),
    ])
    #expect(try spec.rows().map { $0["successes"] } == [1, 1].map(Cell.integer))
  }

  @Test func `a tool that was given something else is another thing`() throws {
    let tool: [Field: FieldValue] = [.sessionID: "s", .toolsUsed: ["bash"]]
    let failure = event(0, "tool_execute", tool.merging([.errorMessage: message]) { $1 })
    func success(_ fields: [Field: FieldValue]) -> Event {
      event(1, "tool_execute", tool.merging([.success: true]) { $1 }.merging(fields) { $1 })
    }
    #expect(try fixes([failure, success([.command: "ls"])]).isEmpty)
    #expect(try fixes([failure, success([.prompt: "ls"])]).isEmpty)
    #expect(try fixes([failure, success([:])]).count == 1)
  }

  @Test func `what nobody named is not global`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (index, project) in ["a", "b"].enumerated() {
      let task: [Field: FieldValue] = [.interactionID: .text(project), .project: .text(project)]
      try spec.given([
        event(Offset(index * 2), "task_failed", task.merging([.errorMessage: message]) { $1 }),
        event(Offset(index * 2 + 1), "task_completed", task),
      ])
    }
    #expect(try spec.rows("errors/fixes").map { $0["projects"] } == [.integer(2)])
    #expect(try spec.rows("errors/fixes").map { $0["global"] } == [.bool(false)])
  }

  @Test func `a repeat counts once`() throws {
    func reported(_ offset: Offset, iteration: FieldValue = 1) -> Event {
      event(
        offset, "error_resolved",
        [
          .interactionID: "t", .errorMessage: message, .fix: "x", .success: false,
          .iterations: iteration,
        ])
    }
    let known = event(0, "error", [.errorMessage: message])
    #expect(
      try fixes([known, reported(1), reported(2), reported(3)]) == [
        [.text("x"), .integer(0), .integer(1)]
      ])
    #expect(
      try fixes([known, reported(1), reported(2, iteration: 2)]) == [
        [.text("x"), .integer(0), .integer(2)]
      ])
    let again = event(2, "iteration_completed", [.interactionID: "t", .errorMessage: message])
    #expect(
      try fixes([known, reported(1), again, reported(3)]) == [
        [.text("x"), .integer(0), .integer(2)]
      ])
  }

  @Test func `a success with a remark waits for nothing`() throws {
    let task: [Field: FieldValue] = [.interactionID: "t"]
    let fixes = try fixes([
      event(0, "task_completed", task.merging([.errorMessage: message, .success: true]) { $1 }),
      event(1, "task_completed", task),
    ])
    #expect(fixes.isEmpty)
  }
}
