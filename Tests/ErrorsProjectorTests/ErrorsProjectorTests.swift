import Bytes
import ErrorsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@Suite struct ErrorsProjectorTests {
  private func folded(_ messages: [String]) throws -> ProjectorSpec<ErrorsProjector> {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { index, message in
        event(Offset(index), "error", [.errorMessage: .text(message)])
      })
    return spec
  }

  private func templates(_ messages: String...) throws -> [String] {
    try folded(messages).rows().compactMap { row in
      guard case .text(let text)? = row["template"] else { return nil }
      return text
    }
  }

  /// What tools write beside what went wrong, and in two ways, makes no pattern of its own.
  @Test(arguments: [
    ["npm ERR! code ERESOLVE", "npm error code ERESOLVE"],
    ["npm ERR! Missing script: \"lint\"", "npm error Missing script: \"build\""],
    [
      "overloaded_error: try again (request_id: req_011CSHoEeqs5C35K2UUqR7Fy)",
      "overloaded_error: try again (request_id: req_abcDefGhiJkl)",
      "overloaded_error: try again (request_id: amber-fox-night)",
    ],
    ["gateway failed, x-request-id: 4f2a-11", "gateway failed, x-request-id: quiet-river-stone"],
    [
      "TypeError: x is null", "Uncaught TypeError: x is null",
      "Uncaught (in promise) TypeError: x is null",
      "ERROR Error: Uncaught (in promise): TypeError: x is null",
    ],
    [
      "panic: runtime error: no room", "panic: runtime error: no room [recovered]",
      "panic: runtime error: no room [recovered, repanicked]",
    ],
    [
      "expected '<' but found &quot;a&quot;", "expected '<' but found \"b\"",
      "expected '&lt;' but found &#34;c&#34;", "expected &#39;&lt;&#39; but found \"d\"",
    ],
  ])
  func `one failure is one pattern, however tools dress it`(messages: [String]) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { event(Offset($0), "error", [.errorMessage: .text($1)]) })
    let rows = try spec.rows()
    #expect(rows.count == 1, "\(rows.map { $0["template"] })")
  }

  @Test func `an error that two writers tell of counts once`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let told = (0..<4).map { (offset: Offset) in
      var fields: [Field: FieldValue] = [.interactionID: "t", .errorMessage: "no such file"]
      // The second is another writer's line of the first.
      fields[.agent] = offset == 1 ? "x" : nil
      return event(offset, "iteration_completed", fields)
    }
    try spec.given(told, repeats: told.dropFirst().map { Repeat(of: $0.id) })
    #expect(try spec.rows().map { $0["count"] } == [.integer(3)])
    #expect(try spec.rows().map { $0["offsets"] } == [.offsets([0, 2, 3])])
    #expect(try spec.rows("errors/events").map { $0["offset"] } == [0, 2, 3].map(Cell.integer))
  }

  @Test(arguments: [
    ("failed after 30 retries", "failed after 12 retries", "failed after <*> retries"),
    (
      "Foo::V1::NotFoundError: no a1 in 3", "Foo::V1::NotFoundError: no a1 in 4",
      "Foo::V1::NotFoundError: no a<*> in <*>"
    ),
    ("Net::HTTP2::Error: stream 3", "Net::HTTP2::Error: stream 4", "Net::HTTP2::Error: stream <*>"),
    ("bad page at 0xdeadbeef", "bad page at 0x1f", "bad page at <*>"),
    ("cannot open /etc/app/a.conf", "cannot open /home/u/b", "cannot open <*>"),
    (#"cannot open C:\Users\u\a.txt now"#, #"cannot open D:\b now"#, "cannot open <*> now"),
    ("GET https://a.example/x?y=1 failed", "GET http://b.example/ failed", "GET <*> failed"),
    (
      "run 123e4567-e89b-12d3-a456-426614174000 lost",
      "run 9b2e4567-e89b-12d3-a456-426614174fff lost", "run <*> lost"
    ),
    ("refused by 10.0.0.7:8080", "refused by fe80::1:2ff:3", "refused by <*>"),
    ("at 12:30:01 it stopped", "at 2026-01-05T17:49:37Z it stopped", "at <*> it stopped"),
    ("no module named 'foo'", "no module named \"bar\"", "no module named <*>"),
    ("main.py:12:5 is wrong", "src/other.py:7 is wrong", "<*> is wrong"),
    ("\u{1b}[31mred 1\u{1b}[0m alert", "red 2 alert", "red <*> alert"),
    ("sent 5 KB to blk_17", "sent 512 bytes to blk_99", "sent <*> to blk_<*>"),
    ("nodes 1, 2, 3 down", "nodes 4 down", "nodes <*> down"),
    ("node 1 at 5, node 2 at 6 down", "node 7 at 8 down", "node <*> at <*> down"),
    ("lost user=ann mode = ro", "lost user=bob mode = rw", "lost user=<*> mode = <*>"),
    ("ready is true", "ready is false", "ready is <*>"),
    ("cut off (None) at once", "cut off (17) at once", "cut off (<*>) at once"),
    ("no route to db.corp.example", "no route to a.b.c.net", "no route to <*>"),
    ("lost peer example.org", "lost peer mail.net", "lost peer <*>"),
    ("cannot start a.out.exe now", "cannot start thing.exe now", "cannot start <*> now"),
    ("starts com.acme.app/.Main now", "starts org.acme.b/.Other now", "starts <*> now"),
    ("error: ‘a b’ is odd", "error: ‘c’ is odd", "error: <*> is odd"),
    ("reference to `a' is odd", "reference to `b' is odd", "reference to <*> is odd"),
    (
      #"{"type":"error","message":"slow down","id":"a"}"#,
      #"{"type":"error","message":"slow down","id":"b"}"#,
      #"{"type":"error","message":"slow down","id":<*>}"#
    ),
    (
      "src/a.ts(14,23): error TS2307: no module", "lib/b/c.ts(9,1): error TS2307: no module",
      "error TS2307: no module"
    ),
    ("since Fri Jun 17 07:07:00 2005 down", "since 2005-06-17 down", "since <*> down"),
  ])
  func `masks what varies`(first: String, second: String, template: String) throws {
    #expect(try templates(first, second) == [template])
  }

  @Test func `words that differ are different errors`() throws {
    #expect(try templates("session opened for it", "session closed for it").count == 2)
    #expect(try templates("don't do that", "can't do that").count == 2)
    #expect(try templates("error TS2304: no name", "error TS2307: no name").count == 2)
  }

  @Test(arguments: [
    (#""GET /a/1 HTTP/1.1" status: 500"#, #""POST /a/1 HTTP/1.1" status: 500"#),
    (
      #"{"error":{"type":"rate_limit_error","message":"slow down"}}"#,
      #"{"error":{"type":"api_error","message":"broken inside"}}"#
    ),
    ("{'error': {'code': 'too_long', 'n': 1}}", "{'error': {'code': 'no_such', 'n': 1}}"),
    (#"level=error msg="disk is full" id=1"#, #"level=error msg="peer is gone" id=1"#),
    ("job 1 ended reason=timeout", "job 1 ended reason=killed"),
    (#"Error: "cannot open it""#, #"Error: "cannot close it""#),
    ("app.net.PeerGone: it went", "app.net.PeerLate: it went"),
    ("app.net.PeerError at once", "app.net.LateError at once"),
    ("on intent.action.SCREEN_ON now", "on intent.action.SCREEN_OFF now"),
  ])
  func `what tells causes apart is no value`(first: String, second: String) throws {
    #expect(try templates(first, second).count == 2)
  }

  @Test func `a place where many words were seen becomes a wildcard`() throws {
    let users = ["ann", "bob", "carl", "dora", "eve"]
    let spec = try folded(
      ["login refused to user ann", "other thing"]
        + users.dropFirst().map { "login refused to user \($0)" })
    let rows = try spec.rows()
    #expect(
      rows.map { $0["template"] } == ["login refused to user <*>", "other thing"].map(Cell.text))
    #expect(rows.map { $0["pattern_id"] } == [0, 1].map(Cell.integer))
    #expect(rows.map { $0["count"] } == [5, 1].map(Cell.integer))
    #expect(rows[0]["offsets"] == .offsets([0, 2, 3, 4, 5]))
    #expect(
      try spec.rows("errors/events").map { $0["pattern_id"] }
        == [0, 1, 0, 0, 0, 0].map(Cell.integer))
  }

  @Test func `sessions are counted once, also when groups become one`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    var events: [Event] = []
    for (index, user) in ["a", "b", "c", "d", "e", "a"].enumerated() {
      events.append(
        event(
          Offset(index), "error",
          [
            .errorMessage: .text("no such user named \(user)"),
            .sessionID: .text("s\(index % 2)"),
          ]))
    }
    try spec.given(events)
    let rows = try spec.rows()
    #expect(rows.count == 1)
    #expect(rows.first?["sessions"] == .integer(2))
    #expect(rows.first?["offset_count"] == .integer(6))
  }

  @Test func `opaque messages are alike when they are equal`() throws {
    let one = "sha256:" + String(repeating: "0a", count: 32)
    let other = "sha256:" + String(repeating: "0b", count: 32)
    #expect(try templates(one, other, one, "[REDACTED:x]") == [one, other, "[REDACTED:x]"])
  }

  @Test func `messages without words are told apart by type`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "error", [.errorMessage: "'a'", .errorType: "KeyError"]),
      event(1, "error", [.errorMessage: "'b'", .errorType: "KeyError"]),
      event(2, "error", [.errorMessage: "17", .errorType: "IndexError"]),
    ])
    #expect(try spec.rows().map { $0["error_type"] } == ["KeyError", "IndexError"].map(Cell.text))
  }

  @Test(arguments: [
    "", " ", "???", "\u{1b}[", "'", "\"", "\\", "/", "~", "é", "\n\n", ":::::", "@.",
  ])
  func `odd messages are errors too`(message: String) throws {
    let spec = try folded([message, message])
    #expect(try spec.rows().map { $0["count"] } == [.integer(2)])
  }

  @Test func `the example is bounded, at a character`() throws {
    let spec = try folded([String(repeating: "é", count: 1_500)])
    #expect(try spec.rows().first?["example"] == .text(String(repeating: "é", count: 1_000)))
  }

  @Test func `other events are passed over`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([event(0, "query", [.prompt: "x"]), event(1, "error", [:])])
    #expect(try spec.rows().isEmpty)
  }
}
