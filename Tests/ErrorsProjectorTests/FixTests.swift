import ErrorsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@Suite struct FixTests {
  private let message: FieldValue = "ModuleNotFoundError: No module named 'x'"

  private func run(
    _ offset: Offset, _ command: FieldValue, fails: Bool, session: FieldValue = "s",
    project: FieldValue = "p"
  ) -> Event {
    var fields: [Field: FieldValue] = [
      .sessionID: session, .command: command, .exitCode: fails ? 1 : 0, .project: project,
    ]
    if fails { fields[.errorMessage] = message }
    return event(offset, "tool_execute", at: 1_767_225_600 + Int64(offset) * 10, fields)
  }

  @Test func `the same command passing later names what was done in between`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      run(0, "pytest", fails: true), run(1, "pip install y", fails: false),
      run(2, "pytest", fails: true), run(3, "pip install x", fails: false),
      run(4, "pytest", fails: false), run(5, "pytest", fails: false),
    ])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["fix"] } == ["pip install x", "pip install y"].map(Cell.text))
    #expect(fixes.map { $0["successes"] } == [1, 0].map(Cell.integer))
    #expect(fixes.map { $0["failures"] } == [0, 1].map(Cell.integer))
    #expect(fixes.map { $0["seconds_to_fix"] } == [.real(20), .null])
    let pattern = try spec.rows().first
    #expect(pattern?["success_rate"] == .real(0.5))
    #expect(pattern?["confidence"] == .real((1 + 0.9) / 3))
  }

  @Test func `sessions do not mend one another`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      run(0, "pytest", fails: true), run(1, "pytest", fails: false, session: "other"),
      run(2, "make", fails: false),
    ])
    #expect(try spec.rows("errors/fixes").isEmpty)
    #expect(try spec.rows().first?["success_rate"] == .null)
  }

  @Test func `a task that fails and then completes`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "task_failed", stream: .ralph, [.interactionID: "t", .errorMessage: message]),
      event(1, "task_completed", stream: .ralph, [.interactionID: "u"]),
      event(2, "task_completed", stream: .ralph, [.interactionID: "t", .status: "failed"]),
      event(3, "task_completed", stream: .ralph, [.interactionID: "t"]),
    ])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["offsets"] } == [.offsets([3])])
    #expect(fixes.first?["fix"] == .null)
  }

  @Test func `an event that says what the fix was`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "error_resolved", stream: .ralph, [.errorMessage: message, .fix: "pip install x"]),
      event(1, "error", [.errorMessage: message, .sessionID: "s"]),
      event(2, "error_resolved", [.sessionID: "s", .fix: "pip install x"]),
    ])
    #expect(try spec.rows("errors/fixes").map { $0["attempts"] } == [.integer(2)])
    #expect(try spec.rows().first?["successes"] == .integer(2))
  }

  @Test func `what worked in two projects is global, and names none`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (index, project) in ["a", "b"].enumerated() {
      let first = Offset(index * 10)
      let project = FieldValue.text(project)
      try spec.given([
        run(first, "pytest", fails: true, project: project),
        run(first + 1, "pip install x", fails: false, project: project),
        run(first + 2, "pytest", fails: false, project: project),
      ])
      #expect(try spec.rows("errors/fixes").first?["global"] == .bool(index == 1))
    }
    #expect(try spec.rows("errors/fixes").first?["projects"] == .integer(2))
  }

  @Test func `a learned pattern whose fixes fail goes inactive`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let known: [Field: FieldValue] = [.errorMessage: message, .fix: "x", .success: false]
    var learned = known
    learned[.errorMessage] = "the frobnicator stalls"
    for offset in 0..<3 {
      #expect(try spec.rows().allSatisfy { $0["active"] == .bool(true) })
      try spec.given([
        event(Offset(offset * 2), "error_resolved", known),
        event(Offset(offset * 2 + 1), "error_resolved", learned),
      ])
    }
    #expect(try spec.rows().map { $0["active"] } == [.bool(true), .bool(false)])
    #expect(try spec.rows().map { $0["built_in"] } == [.bool(true), .bool(false)])
    #expect(try spec.rows()[1]["confidence"] == .real(0.7 / 4))
  }

  @Test func `fixes of groups that become one are put together`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (index, name) in ["a", "b", "c", "d"].enumerated() {
      try spec.given([
        event(
          Offset(index), "error_resolved",
          [.errorMessage: .text("no such user named \(name)"), .fix: "add it"])
      ])
    }
    #expect(try spec.rows().map { $0["successes"] } == [.integer(4)])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["attempts"] } == [.integer(4)])
    #expect(fixes.first?["offsets"] == .offsets([0, 1, 2, 3]))
  }

  @Test func `the top patterns are those whose fixes work, the best first`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    var offset: Offset = 0
    for (text, successes, failures) in [
      ("a b c", 1, 1), ("d e f", 3, 2), ("g h i", 2, 0), ("j k", 4, 0),
    ] {
      for index in 0..<(successes + failures) {
        try spec.given([
          event(
            offset, "error_resolved",
            [
              .errorMessage: .text(text), .fix: "x",
              .success: .bool(index < successes),
            ])
        ])
        offset += 1
      }
    }
    #expect(try spec.rows("errors/top").map { $0["pattern_id"] } == [3, 2, 1].map(Cell.integer))
  }
}
