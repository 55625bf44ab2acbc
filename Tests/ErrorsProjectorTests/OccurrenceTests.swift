import ErrorsProjector
import Events
import Facts
import TestSupport
import Testing
import Views

/// An error counts when it happens, and a fix once: numbers as one counts them by hand.
@Suite struct OccurrenceTests {
  private let message: FieldValue = "error[E0382]: borrow of moved value: `order`"
  private let spec: ProjectorSpec<ErrorsProjector>
  private let task: [Field: FieldValue] = [.sessionID: "s", .interactionID: "t"]

  init() throws { spec = try ProjectorSpec(ErrorsProjector.self) }

  private func run(
    _ offset: Offset, _ command: FieldValue, fails: Bool, _ fields: [Field: FieldValue] = [:]
  ) -> Event {
    var all = task.merging([.command: command, .exitCode: fails ? 1 : 0]) { $1 }
    if fails { all[.errorMessage] = message }
    return event(
      offset, "step_completed", stream: .ralph, at: 1_767_225_600 + Int64(offset) * 10,
      all.merging(fields) { $1 })
  }

  private func resolved(
    _ offset: Offset, _ kind: String = "error_resolved", fix: FieldValue? = "clone it",
    _ more: [Field: FieldValue] = [:]
  ) -> Event {
    var fields = task.merging([.errorMessage: message]) { $1 }.merging(more) { $1 }
    fields[.fix] = fix
    return event(
      offset, kind, stream: .ralph, at: 1_767_225_600 + Int64(offset) * 10, fields)
  }

  /// Count and unresolved of the pattern, then of each fix its text, attempts and seconds.
  private func told(_ events: [Event]) throws -> [[Cell?]] {
    try spec.given(events)
    return try spec.rows().map { [$0["count"], $0["unresolved"]] }
      + spec.rows("errors/fixes").map { [$0["fix"], $0["attempts"], $0["seconds_to_fix"]] }
  }

  @Test(arguments: ["error_resolved", "error_resolution", "error_fixed", "bug_resolved"])
  func `red, green, and a report of it: one error, one fix, by its name`(kind: String) throws {
    let told = try told([
      run(0, "cargo build", fails: true), run(1, "cargo build", fails: false), resolved(2, kind),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.text("clone it"), .integer(1), .real(10)]])
    #expect(try spec.rows().first?["offsets"] == .offsets([0]))
    #expect(try spec.rows("errors/events").map { $0["offset"] } == [.integer(0)])
    #expect(try spec.rows("errors/fixes").map { $0["offsets"] } == [.offsets([2])])
  }

  @Test func `a report before the rerun counts once as well`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), resolved(1), run(2, "cargo build", fails: false),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.text("clone it"), .integer(1), .real(10)]])
  }

  @Test func `a report that names nothing leaves it unknown`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), run(1, "cargo build", fails: false),
      resolved(2, fix: nil),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.null, .integer(1), .real(10)]])
  }

  @Test func `a report names the guess anew`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), run(1, "cargo add x", fails: false),
      run(2, "cargo build", fails: false), resolved(3),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.text("clone it"), .integer(1), .real(20)]])
  }

  @Test func `a report makes no pattern, and counts for one that is known from elsewhere`() throws {
    #expect(try told([resolved(0)]).isEmpty)
    let told = try told([event(1, "error", [.errorMessage: message]), resolved(2)])
    #expect(told == [[.integer(1), .integer(1)], [.text("clone it"), .integer(1), .null]])
  }

  @Test func `an error is mended once, however often it is said`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), resolved(1), run(2, "cargo build", fails: false),
      resolved(3), resolved(4, "error_fixed", fix: "copy it"), resolved(5, fix: nil),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.text("clone it"), .integer(1), .real(10)]])
    try spec.given([run(6, "cargo build", fails: true), resolved(7)])
    #expect(try spec.rows().map { $0["successes"] } == [.integer(2)])
  }

  /// A report of other words than its error's.
  @Test(
    arguments: [
      (["A", "B"], "A", true, "first"), (["A", "B"], "B", true, "second"),
      (["A", "B"], "A", false, "first"), (["A", "B"], "C", true, nil), (["A"], "C", true, "first"),
      (["A"], nil, true, "first"), (["A", "B"], nil, true, nil),
      (["A", "B"], nil, false, "second"),
    ] as [([String], String?, Bool, String?)])
  func `a report finds its error by type, or as the only one`(
    types: [String], type: String?, hasMessage: Bool, mended: String?
  ) throws {
    let messages = ["first thing broke", "second part of it is gone"]
    try spec.given(
      zip(types, messages).enumerated().map { offset, error in
        event(
          Offset(offset), "error",
          [.sessionID: "s", .errorType: .text(error.0), .errorMessage: .text(error.1)])
      })
    var report: [Field: FieldValue] = [.sessionID: "s", .fix: "mend it"]
    report[.errorType] = type.map { .text($0) }
    if hasMessage { report[.errorMessage] = "all of this is told in words of its own" }
    try spec.given([event(2, "error_resolved", report)])
    let rows = try spec.rows()
    #expect(rows.count == types.count)
    for (row, message) in zip(rows, messages) {
      let isMended = mended.map(message.hasPrefix) ?? false
      #expect(row["successes"] == .integer(isMended ? 1 : 0))
      #expect(row["unresolved"] == .integer(isMended ? 0 : 1))
    }
  }

  /// A failure as its line says it, in tenths of a second.
  private func failed(
    _ offset: Offset, at tenths: Int64, source: SourceID = 1, isTimeInferred: Bool = false,
    _ fields: [Field: FieldValue] = [:]
  ) -> Event {
    let all = task.merging([.command: "make", .exitCode: 1, .errorMessage: message]) { $1 }
    let event = event(
      offset, "step_completed", stream: .ralph, isTimeInferred: isTimeInferred,
      all.merging(fields) { $1 })
    var envelope = event.envelope
    envelope.time = Timestamp(nanoseconds: envelope.time.nanoseconds + tenths * 100_000_000)
    envelope.source = source
    return Event(event.id, envelope: envelope, fields: event.fields)
  }

  @Test func `the same failure later is another, and a copy of a line is none`() throws {
    let events = [
      failed(0, at: 0), failed(1, at: 600), failed(2, at: 0, source: 2),
      failed(3, at: 600, source: 2), failed(4, at: 602),
      failed(5, at: 900, source: 2, isTimeInferred: true), failed(6, at: 1_200),
    ]
    try spec.given(events, repeats: events.dropFirst().map { Repeat(of: $0.id) })
    #expect(try spec.rows().map { $0["offsets"] } == [.offsets([0, 1, 4, 6])])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(4)])
  }

  @Test func `a failure that two writers tell of is one, each at its own moment`() throws {
    let events = [
      failed(0, at: 0), failed(1, at: 1, source: 2), failed(2, at: 1, [.agent: "x"]),
      failed(3, at: 5), failed(4, at: 6, source: 2), failed(5, at: 30, source: 2),
    ]
    try spec.given(events, repeats: events.dropFirst().map { Repeat(of: $0.id) })
    #expect(try spec.rows().map { $0["offsets"] } == [.offsets([0, 3, 5])])
  }

  @Test(arguments: ["resolved", "Fixed", "recovered"])
  func `an error that is called resolved is a report of it`(status: String) throws {
    let told = try told([
      run(0, "cargo build", fails: true),
      resolved(1, "error", fix: "clone it", [.status: .text(status)]),
    ])
    #expect(told == [[.integer(1), .integer(0)], [.text("clone it"), .integer(1), .real(10)]])
  }

  @Test func `a report that comes before its error joins it when it comes`() throws {
    var report = resolved(0)
    report = Event(
      report.id, envelope: at(100, report.envelope), fields: report.fields)
    let told = try told([
      report, run(1, "cargo build", fails: true), run(2, "cargo build", fails: true),
    ])
    #expect(told == [[.integer(2), .integer(0)], [.text("clone it"), .integer(1), .real(80)]])
    #expect(try spec.rows().map { $0["successes"] } == [.integer(1)])
    // What happens after it was resolved is not.
    try spec.given([run(11, "cargo build", fails: true)])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(1)])
  }

  @Test func `errors that were reported before are counted each`() throws {
    let report = resolved(0)
    let events = [failed(1, at: 0), failed(2, at: 4), failed(3, at: 4, source: 2)]
    try spec.given(
      [Event(report.id, envelope: at(100, report.envelope), fields: report.fields)] + events,
      repeats: events.dropFirst().map { Repeat(of: $0.id) })
    #expect(try spec.rows().map { $0["offsets"] } == [.offsets([1, 2])])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(0)])
  }

  @Test func `a report of an error elsewhere counts when its pattern is known`() throws {
    let elsewhere: [Field: FieldValue] = [.sessionID: "r", .interactionID: "u"]
    let told = try told([
      resolved(0), run(1, "cargo build", fails: true, elsewhere),
      run(2, "cargo build", fails: true, elsewhere),
    ])
    #expect(told == [[.integer(2), .integer(2)], [.text("clone it"), .integer(1), .null]])
  }

  @Test func `a report of a failed fix leaves its error open`() throws {
    let report = resolved(0, fix: "clone it", [.success: false])
    let told = try told([
      Event(report.id, envelope: at(100, report.envelope), fields: report.fields),
      run(1, "cargo build", fails: true),
    ])
    #expect(told == [[.integer(1), .integer(1)], [.text("clone it"), .integer(1), .null]])
  }

  private func at(_ seconds: Int64, _ envelope: Envelope) -> Envelope {
    var envelope = envelope
    envelope.time = Timestamp(nanoseconds: (1_767_225_600 + seconds) * 1_000_000_000)
    return envelope
  }

  /// What says only that a command failed is told apart by the command.
  @Test func `commands that fail without a word are patterns of their own`() throws {
    let heads = ["npm test", "make", "git push", "cargo test", "pytest", "tox", "ls"]
    try spec.given(
      heads.enumerated().flatMap { index, head in
        ["exited with 1", "exited with 2"].enumerated().map { number, said in
          run(
            Offset(index * 2 + number), .text("cd x && \(head) -q"), fails: true,
            [.errorMessage: .text(said)])
        }
      })
    #expect(
      try spec.rows().map { $0["template"] } == heads.map { .text("\($0): exited with <*>") })
    #expect(try spec.rows().map { $0["count"] } == heads.map { _ in .integer(2) })
  }

  @Test(arguments: [
    ("exited with 2", "npm test: exited with <*>"),
    ("Exit code 1", "npm test: Exit code <*>"),
    ("Command failed: git push origin", "Command failed: git push origin"),
    ("npm test exited with code 1", "npm test exited with code <*>"),
    ("exited with 1: no such file", "exited with <*>: no such file"),
    ("the disk is full", "the disk is full"),
  ])
  func `a message that says nothing else names its command`(_ said: String, _ template: String)
    throws
  {
    try spec.given([run(0, "npm test", fails: true, [.errorMessage: .text(said)])])
    #expect(try spec.rows().map { $0["template"] } == [.text(template)])
  }

  @Test func `all that wait for one thing are resolved with it, and the fix counts once`() throws {
    var events = (0..<3).map { run($0, "cargo build", fails: true) }
    events.append(run(3, "make", fails: true, [.interactionID: "u", .sessionID: "r"]))
    events.append(run(4, "cargo build", fails: false))
    #expect(
      try told(events) == [[.integer(4), .integer(1)], [.null, .integer(1), .real(20)]])
  }

  @Test func `errors of several calls are resolved when their task completes`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), run(1, "cargo test", fails: true),
      event(2, "task_completed", stream: .ralph, at: 1_767_225_620, task),
    ])
    #expect(told == [[.integer(2), .integer(0)], [.null, .integer(1), .real(10)]])
  }

  @Test func `what nobody mends stays unresolved`() throws {
    let told = try told([
      run(0, "cargo build", fails: true), event(1, "error", [.errorMessage: message]),
      run(2, "cargo build", fails: false, [.sessionID: "other", .interactionID: "other"]),
    ])
    #expect(told == [[.integer(2), .integer(2)]])
  }

  @Test func `many errors of many calls are counted to the last`() throws {
    var offset: Offset = 0
    var events: [Event] = []
    for number in 0..<20 {
      for _ in 0...number {
        events.append(run(offset, "make \(number)".fieldValue, fails: true))
        offset += 1
      }
    }
    for number in 0..<15 {
      events.append(run(offset, "make \(number)".fieldValue, fails: false))
      offset += 1
    }
    try spec.given(events)
    #expect(try spec.rows().map { $0["count"] } == [.integer(210)])
    #expect(try spec.rows().map { $0["unresolved"] } == [.integer(16 + 17 + 18 + 19 + 20)])
    #expect(try spec.rows().map { $0["attempts"] } == [.integer(15)])
  }

  @Test func `a time that its line does not say measures no fix`() throws {
    try spec.given([
      run(0, "cargo build", fails: true),
      event(
        1, "step_completed", stream: .ralph, isTimeInferred: true,
        task.merging([.command: "cargo build", .exitCode: 0]) { $1 }),
    ])
    #expect(try spec.rows("errors/fixes").map { $0["seconds_to_fix"] } == [.null])
    try spec.given([
      event(
        2, "error", isTimeInferred: true, [.errorMessage: message])
    ])
    let row = try spec.rows().first
    #expect(row?["is_first_seen_inferred"] == .bool(false))
    #expect(row?["is_last_seen_inferred"] == .bool(true))
  }

  /// What passes between red and green is the fix only when it changes something.
  @Test(arguments: [
    ("npm install x", true), ("pip install -r requirements.txt", true), ("sed -i s/a/b/ f", true),
    ("git checkout -- f", true), ("echo x > f", true), ("npx eslint --fix .", true),
    ("npm run lint:fix", true), ("cd app && npm install && npm test", true), ("make clean", true),
    ("cat > f <<EOF", true), ("ruff format .", true), ("sudo apt-get install -y x", true),
    ("docker compose up -d", true), ("./deploy.sh", true), ("black .", true), ("go get x", true),
    ("npm test", false), ("npm run test:unit", false), ("pytest -q", false), ("ls -l", false),
    ("python -m pytest tests", false), ("uv run pytest", false), ("CI=1 npx jest", false),
    ("cd app && npm test 2>&1 | tail -5", false), ("git status", false), ("cargo clippy", false),
    ("timeout 60 go test ./...", false), ("make", false), ("make -j8 check", false),
    ("./gradlew :app:check", false), ("grep -rn x src > /dev/null", false),
    ("npm run build", false),
    ("git -C sub diff", false), ("git -C sub checkout -- f", true),
    ("git -c core.pager= log -3", false), ("kubectl -n prod get pods", false),
    ("kubectl -n prod apply -f x", true), ("sh -c 'git status; ls'", false),
    ("bash -lc 'cd app && npm test'", false), ("bash -lc 'npm install x'", true),
    ("bash -c \"sh -c 'rm f'\"", true), ("bash deploy.sh", true), ("sudo -u me cat f", false),
    ("sudo -u me rm f", true), ("for f in a b; do cat $f; done", false),
    ("for f in a b; do rm $f; done", true), ("if [ -f x ]; then cat x; fi", false),
    ("find . -name x | xargs -n 1 grep y", false), ("ls | xargs rm", true),
    ("docker compose ps", false), ("docker compose -f a.yml logs web", false),
    ("docker compose exec web sh", true), ("docker container ls", false),
    ("gh pr view 3", false), ("gh -R a/b pr list", false), ("gh pr merge 3", true),
    ("aws s3 ls", false), ("aws --region x ec2 describe-instances", false),
    ("aws s3 rm x", true), ("cargo fmt --check", false), ("cargo fmt", true),
    ("ruff format --check .", false), ("npm run format -- --check", false),
    ("black --check .", false), ("cat 'a > b'", false), ("kubectl get pods", false),
    ("bundle exec rspec", false), ("nl -ba a.go | sed -n 1,9p", false),
    ("gh api repos/a/b --jq .name", false), ("gh api -X POST repos/a/b", true),
    ("gh api repos/a/b --method=PATCH", true), ("gh api repos/a/b -f name=x", true),
    ("command -v entire", false), ("command rm a", true), ("bd dep remove --help", false),
    ("mise run test:unit", false), ("mise install", true),
  ])
  func `a check that passes in between is no fix`(command: String, isFix: Bool) throws {
    let told = try told([
      run(0, "cargo build", fails: true), run(1, command.fieldValue, fails: false),
      run(2, "cargo build", fails: false),
    ])
    #expect(told.last?.first == (isFix ? .text(command) : .null))
  }

  @Test(arguments: [
    ("edit_file", true), ("apply_patch", true), ("Write", true), ("str_replace_editor", true),
    ("mcp__fs__write_file", true), ("deploy", true), ("write_stdin", false), ("update_plan", false),
    ("TodoWrite", false), ("read_file", false), ("runTests", false),
    ("grep", false), ("list_directory", false), ("WebSearch", false), ("todo_read", false),
  ])
  func `a tool that only looks is no fix`(tool: String, isFix: Bool) throws {
    let told = try told([
      run(0, "cargo build", fails: true),
      event(1, "tool_result", task.merging([.toolsUsed: .texts([tool]), .success: true]) { $1 }),
      run(2, "cargo build", fails: false),
    ])
    #expect(told.last?.first == (isFix ? .text(tool) : .null))
  }

  /// As a log is read whose lines are not in the order of their times.
  @Test func `the first and the last time are the least and the greatest`() throws {
    func failure(_ offset: Offset, at seconds: Int64, _ name: String) -> Event {
      event(
        offset, "error", at: 1_767_225_600 + seconds, isTimeInferred: seconds == 9,
        [.errorMessage: .text("cannot open the \(name) of the store at once")])
    }
    try spec.given([
      failure(0, at: 5, "door"), failure(1, at: 9, "door"), failure(2, at: 2, "door"),
      failure(3, at: 4, "door"),
    ])
    let row = try #require(try spec.rows().first)
    func time(_ seconds: Int64) -> Cell {
      .time(Timestamp(nanoseconds: (1_767_225_600 + seconds) * 1_000_000_000))
    }
    #expect([row["first_seen"], row["last_seen"]] == [time(2), time(9)])
    #expect(row["is_first_seen_inferred"] == .bool(false))
    #expect(row["is_last_seen_inferred"] == .bool(true))
    #expect(row["first_offset"] == .integer(0))
  }

  @Test func `what had to be run twice is the fix of what waits for it`() throws {
    try spec.given([
      run(0, "pytest", fails: true),
      run(1, "pip install x", fails: true, [.errorMessage: "no network at all"]),
      run(2, "pip install x", fails: false), run(3, "pytest", fails: false),
    ])
    let fixes = try spec.rows("errors/fixes")
    #expect(fixes.map { $0["fix"] } == [.text("pip install x"), .null])
  }
}

extension String {
  fileprivate var fieldValue: FieldValue { .text(self) }
}
