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

  @Test(arguments: ["completed", "Completed", "OK", "Done", "SUCCESS"])
  func `a status says what it says in whatever case`(_ status: FieldValue) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "tool_execute", [.sessionID: "s", .command: "make", .errorMessage: message]),
      event(1, "tool_execute", [.sessionID: "s", .command: "make", .status: status]),
    ])
    #expect(try spec.rows("errors/fixes").map { $0["offsets"] } == [.offsets([1])])
  }

  @Test(arguments: ["failed", "Failed", "TIMEOUT"])
  func `a task whose status says that it failed mends nothing`(_ status: FieldValue) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "task_failed", stream: .ralph, [.interactionID: "t", .errorMessage: message]),
      event(1, "task_completed", stream: .ralph, [.interactionID: "t", .status: status]),
    ])
    #expect(try spec.rows("errors/fixes").isEmpty)
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
      event(0, "error", stream: .ralph, [.errorMessage: message, .fix: "pip install x"]),
      event(1, "error", [.errorMessage: message, .sessionID: "s"]),
      event(2, "error_resolved", [.sessionID: "s", .fix: "pip install x"]),
    ])
    let fix = try spec.rows("errors/fixes")
    #expect(fix.map { $0["attempts"] } == [.integer(2)])
    #expect(fix.map { $0["success_rate"] } == [.real(1)])
    #expect(try spec.rows().first?["successes"] == .integer(2))
    #expect(try spec.rows().first?["attempts"] == .integer(2))
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
        event(Offset(offset * 2), "error", known),
        event(Offset(offset * 2 + 1), "error", learned),
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
          Offset(index), "error",
          [.errorMessage: .text("no such user named \(name)"), .fix: "add it"])
      ])
    }
    #expect(try spec.rows().map { $0["successes"] } == [.integer(4)])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["attempts"] } == [.integer(4)])
    #expect(fixes.first?["offsets"] == .offsets([0, 1, 2, 3]))
  }

  @Test func `patterns for prompts are those whose fixes work, the best first`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    var offset: Offset = 0
    for (text, successes, failures) in [
      ("a b c", 1, 1), ("d e f", 3, 2), ("g h i", 2, 0), ("j k", 4, 0),
    ] {
      for index in 0..<(successes + failures) {
        try spec.given([
          event(
            offset, "error",
            [
              .errorMessage: .text(text), .fix: "x",
              .success: .bool(index < successes),
            ])
        ])
        offset += 1
      }
    }
    #expect(try spec.rows("errors/prompt").map { $0["pattern_id"] } == [3, 2, 1].map(Cell.integer))
    #expect(
      try spec.rows("errors/prompt").map { $0["fix"] }
        == Array(repeating: "x", count: 3).map(Cell.text))
    // By confidence: 4.7/5, 2.7/3, 0.7 of one that nothing was tried on, 3.7/6, 1.7/3.
    try spec.given([event(offset, "error", [.errorMessage: "l m n o", .sessionID: "s"])])
    #expect(
      try spec.rows("errors/top").map { $0["pattern_id"] } == [3, 2, 4, 1, 0].map(Cell.integer))
  }

  @Test func `no more than fifty are on top, and thirty for prompts`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    // Messages that cannot be read are alike when they are equal.
    try spec.given(
      (0..<60).map {
        event(
          Offset($0), "error",
          [
            .errorMessage: .text("sha256:" + String(repeating: "ab", count: 31) + "\($0 + 10)"),
            .fix: "x", .success: true,
          ])
      })
    #expect(try spec.rows().count == 60)
    #expect(try spec.rows("errors/top").count == 50)
    #expect(try spec.rows("errors/prompt").count == 30)
  }

  /// What events say of a fix of one learned pattern.
  private func spec(successes: Int, failures: Int) throws -> ProjectorSpec<ErrorsProjector> {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      (0..<(successes + failures)).map { index in
        event(
          Offset(index), "error",
          [
            .errorMessage: "the frobnicator stalls", .fix: "x",
            .success: .bool(index < successes),
          ])
      })
    return spec
  }

  @Test(arguments: [
    (0, 2, true), (0, 3, false), (2, 3, false), (3, 3, true), (3, 4, false), (4, 3, true),
  ])
  func `inactive from three failures on, below a rate of one half`(
    successes: Int, failures: Int, isActive: Bool
  ) throws {
    let row = try spec(successes: successes, failures: failures).rows().first
    #expect(row?["active"] == .bool(isActive))
  }

  @Test(arguments: [(6, 4, true), (59, 41, false), (3, 2, true), (1, 1, false), (1, 0, true)])
  func `for prompts from a rate of 0.6 on`(successes: Int, failures: Int, isMeant: Bool) throws {
    let rows = try spec(successes: successes, failures: failures).rows("errors/prompt")
    #expect(rows.isEmpty != isMeant)
  }

  @Test(arguments: [(3, 3, true), (2, 3, false)])
  func `on top while active`(successes: Int, failures: Int, isTop: Bool) throws {
    let rows = try spec(successes: successes, failures: failures).rows("errors/top")
    #expect(rows.isEmpty != isTop)
  }

  /// Where a line names a project, sessions do not count.
  @Test(arguments: [nil, "p"] as [FieldValue?])
  func `without projects, two sessions make a fix global`(project: FieldValue?) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (index, session) in ["a", "b"].enumerated() {
      func step(_ offset: Offset, _ command: FieldValue, fails: Bool) -> Event {
        var fields: [Field: FieldValue] = [
          .sessionID: .text(session), .command: command, .exitCode: fails ? 1 : 0,
        ]
        fields[.project] = project
        if fails { fields[.errorMessage] = message }
        return event(Offset(index * 10) + offset, "tool_execute", fields)
      }
      try spec.given([
        step(0, "pytest", fails: true), step(1, "pip install x", fails: false),
        step(2, "pytest", fails: false),
      ])
      #expect(
        try spec.rows("errors/fixes").first?["global"] == .bool(index == 1 && project == nil))
    }
    #expect(try spec.rows("errors/fixes").first?["sessions"] == .integer(2))
    #expect(try spec.rows("errors/fixes").first?["fix_type"] == .text("dependency"))
  }

  @Test(
    arguments: [
      [.partialSuccess: true, .success: false], [.status: "stopped"], [.status: "cancelled"],
    ] as [[Field: FieldValue]])
  func `a fix that went half-way neither worked nor failed`(outcome: [Field: FieldValue]) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    var fields = outcome
    fields[.errorMessage] = message
    fields[.fix] = "x"
    fields[.sessionID] = "s"
    try spec.given([event(0, "step_completed", fields)])
    #expect(try spec.rows().first?["attempts"] == .integer(0))
    #expect(try spec.rows().first?["unresolved"] == .integer(1))
    try spec.given([event(1, "error_resolved", fields)])
    #expect(try spec.rows("errors/fixes").isEmpty)
    fields[.partialSuccess] = nil
    fields[.success] = nil
    fields[.status] = nil
    try spec.given([event(2, "error_resolved", fields)])
    #expect(try spec.rows("errors/fixes").map { $0["successes"] } == [.integer(1)])
  }

  @Test func `confidence is that of the start, then what fixes show`() throws {
    #expect(try spec(successes: 3, failures: 1).rows().first?["confidence"] == .real(3.7 / 5))
    #expect(try spec(successes: 0, failures: 1).rows().first?["confidence"] == .real(0.7 / 2))
  }

  @Test func `one project makes no fix global, however often`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for index in 0..<3 {
      let first = Offset(index * 10)
      try spec.given([
        run(first, "pytest", fails: true), run(first + 1, "pip install x", fails: false),
        run(first + 2, "pytest", fails: false),
      ])
    }
    let fix = try spec.rows("errors/fixes").first
    #expect(fix?["successes"] == .integer(3))
    #expect(fix?["projects"] == .integer(1))
    #expect(fix?["global"] == .bool(false))
  }

  @Test func `a tool call that passes later is a fix too`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let tool: [Field: FieldValue] = [.sessionID: "s", .toolsUsed: ["edit_file"]]
    try spec.given([
      event(0, "tool_result", tool.merging([.errorMessage: message, .success: false]) { $1 }),
      event(1, "tool_result", [.sessionID: "s", .toolsUsed: ["write_file"], .success: true]),
      event(2, "tool_result", at: 1_767_225_607, tool.merging([.success: true]) { $1 }),
    ])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["fix"] } == [.text("write_file")])
    #expect(fixes.map { $0["seconds_to_fix"] } == [.real(7)])
    #expect(fixes.map { $0["offsets"] } == [.offsets([2])])
  }

  @Test(
    arguments: [
      (Kinds.turnProgressed, [:], false), (Kinds.turnProgressed, [Field.testsPassed: true], false),
      (Kinds.turnEnded, [:], false), (Kinds.turnEnded, [.testsPassed: true], false),
      (Kinds.turnEnded, [.exitCode: 0], false), ("task_completed", [:], true),
    ] as [(String, [Field: FieldValue], Bool)])
  func `that an agent ends a turn mends nothing, whatever passed in it`(
    kind: String, told: [Field: FieldValue], isMended: Bool
  ) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let turn: [Field: FieldValue] = [.sessionID: "s", .interactionID: "t"]
    let failure: [Field: FieldValue] = [
      .command: "cargo test", .errorMessage: message, .success: false,
    ]
    try spec.given([
      event(0, "tool_result", turn.merging(failure) { $1 }),
      event(1, kind, turn.merging([.status: "completed"]) { $1 }.merging(told) { $1 }),
    ])
    #expect(try spec.rows().first?["unresolved"] == .integer(isMended ? 0 : 1))
  }

  @Test(arguments: [
    ("npm test", "npm test 2>&1", true), ("npm test | tail -5", "npm test 2>&1 | tail -50", true),
    ("npm test", "CI=1 npm test", true), ("npm test", "timeout 60 npm  test", true),
    ("npm test", "npm run test", true), ("pytest a.py", "python -m pytest a.py", true),
    ("pytest a.py", "uv run pytest a.py", true), ("npm test", "npm run build", false),
    ("pytest a.py", "pytest b.py", false), ("cat a | wc", "cat b | wc", false),
    // Another folder may be another package.
    ("cd a && npm test", "cd b && npm test", false),
  ])
  func `the same command in another dress is the same`(
    first: String, second: String, isSame: Bool
  ) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([run(0, .text(first), fails: true), run(1, .text(second), fails: false)])
    #expect(try spec.rows().first?["unresolved"] == .integer(isSame ? 0 : 1))
  }

  @Test func `a tool that was given something else is another call`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    func call(_ offset: Offset, _ input: FieldValue, fails: Bool) -> Event {
      var fields: [Field: FieldValue] = [
        .sessionID: "s", .toolsUsed: ["Read"], .toolInput: input, .success: .bool(!fails),
      ]
      if fails { fields[.errorMessage] = "File does not exist." }
      return event(offset, "tool_result", fields)
    }
    try spec.given([call(0, "a", fails: true), call(1, "b", fails: false)])
    #expect(try spec.rows().first?["unresolved"] == .integer(1))
    try spec.given([call(2, "a", fails: false)])
    #expect(try spec.rows().first?["unresolved"] == .integer(0))
  }

  @Test func `what may not have passed is no fix`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      run(0, "pytest", fails: true),
      event(1, "tool_execute", [.sessionID: "s", .command: "pytest"]),
      event(2, "tool_execute", [.sessionID: "s", .command: "pytest", .partialSuccess: true]),
    ])
    #expect(try spec.rows("errors/fixes").isEmpty)
  }
}
