import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@testable import KnowledgeProjector

/// Given these notes, these rows.
@Suite struct NoteTests {
  private let spec: ProjectorSpec<KnowledgeProjector>

  init() throws { spec = try ProjectorSpec(KnowledgeProjector.self) }

  static func noted(
    _ offset: Offset, _ text: String, _ section: KnowledgeSection? = nil, key: String? = nil,
    scope: KnowledgeScope? = nil, project: String? = nil
  ) -> Event {
    var note = NotedKnowledge()
    note.text = text
    note.section = section
    note.key = key
    note.scope = scope
    var fields: [Field: FieldValue] = [:]
    if let project { fields[.project] = .text(project) }
    let bare = event(offset, "knowledge_noted", stream: .foldlog, fields)
    return Event(
      EventID(offset), envelope: bare.envelope, fields: bare.fields, payloads: [note])
  }

  @Test func `what is said again counts, and a later word on a key takes its place`() throws {
    try spec.given([
      Self.noted(1, "Use tabs.", .preference, key: "indent"),
      Self.noted(2, "Keep cents.", .decision, project: "/shop"),
      Self.noted(3, "Keep cents.", .decision, project: "/shop"),
      Self.noted(4, "Keep cents.", .decision, project: "/api"),
      Self.noted(5, "Use spaces.", .preference, key: "indent"),
      Self.noted(6, " \n"),
    ])
    let rows = try spec.rows()
    #expect(rows.count == 3)
    let indent = try #require(rows.first { $0["key"] == .text("indent") })
    #expect(indent["text"] == .text("Use spaces."))
    #expect(indent["section"] == .text("preference"))
    #expect(indent["scope"] == .text("global"))
    #expect(indent["times"] == .integer(2))
    #expect(indent["offsets"] == .offsets([1, 5]))
    let shop = try #require(rows.first { $0["subject"] == .text("/shop") })
    #expect(shop["scope"] == .text("project"))
    #expect(shop["times"] == .integer(2))
    #expect(shop["offsets"] == .offsets([2, 3]))
  }

  @Test func `an empty text takes back the note of its key, until it is said anew`() throws {
    let said = Self.noted(1, "Use tabs.", .preference, key: "indent")
    try spec.given([
      said, Self.noted(2, "Keep cents.", .preference),
      Self.noted(3, "", .preference, key: "indent"),
    ])
    #expect(try spec.rows().map { $0["text"] } == [.text("Keep cents.")])
    try spec.given([Self.noted(4, "Use spaces.", .preference, key: "indent")])
    #expect(try spec.rows().contains { $0["text"] == .text("Use spaces.") })
  }

  @Test func `what is stated of the scope goes before the project`() throws {
    try spec.given([Self.noted(1, "Be brief.", scope: .global, project: "/shop")])
    let row = try #require(try spec.rows().first)
    #expect(row["scope"] == .text("global"))
    #expect(row["subject"] == .null)
    #expect(row["section"] == .text("other"))
  }
}

/// Given what agents were told and what they did, this is what came of it. Every number is worked out
/// by hand.
@Suite struct AdviceTests {
  private let spec: ProjectorSpec<KnowledgeProjector>

  init() throws { spec = try ProjectorSpec(KnowledgeProjector.self) }

  static func given(
    _ offset: Offset, _ advice: String, session: String? = "s", call: String? = nil,
    prompt: String? = nil
  ) -> Event {
    var given = GivenAdvice()
    given.section = "fixes"
    given.advice = advice
    given.session = session
    given.call = call
    given.prompt = prompt.map { "\(Hash128(of: $0))" }
    given.pattern = "tsc: command not found"
    let bare = event(offset, "advice_given", stream: .foldlog)
    return Event(
      EventID(offset), envelope: bare.envelope, fields: bare.fields, payloads: [given])
  }

  static func context(_ turn: String) -> CallContext {
    CallContext(
      stream: .ralph, session: "s", interaction: turn, time: Timestamp(nanoseconds: 0))
  }

  /// A call that begins, and one that ends where its ending is given.
  static func call(
    _ offset: Offset, _ id: String, _ command: String, in turn: String,
    _ ending: ToolCall.Ending = .open
  ) -> CallChange<ToolCall> {
    var call = ToolCall(event: EventID(offset), id: id, context: context(turn), tool: "Bash")
    call.command = command
    let begun = call
    call.ending = ending
    return CallChange(
      of: EventID(offset), before: ending == .open ? nil : begun, after: call)
  }

  static func ended(_ offset: Offset, _ turn: String, _ outcome: Outcome) -> Fact {
    asserted(
      interaction(offset, at: offset, outcome: outcome, basis: .tool, [.interactionID: .text(turn)])
    )
  }

  /// A turn in which `tsc` fails, then something is run, and the turn ends.
  private func turn(
    _ name: String, at offset: Offset, told: Bool = true, then command: String,
    _ outcome: Outcome, ending: ToolCall.Ending = .succeeded
  ) throws {
    try spec.given(toolCalls: [Self.call(offset, "c-\(name)", "npx tsc", in: name)])
    try spec.given(toolCalls: [Self.call(offset + 1, "c-\(name)", "npx tsc", in: name, .failed)])
    if told { try spec.given([Self.given(offset + 2, "bun install", call: "c-\(name)")]) }
    try spec.given(toolCalls: [Self.call(offset + 3, "d-\(name)", command, in: name, ending)])
    try spec.given(facts: [Self.ended(offset + 4, name, outcome)])
  }

  private func advice() throws -> [String: Cell] {
    try #require(try spec.rows("knowledge/advice").first)
  }

  @Test func `turns that did it are set beside those that did not`() throws {
    // Three do it, of which two succeed; two do otherwise, of which one succeeds; one is not told.
    try turn("a", at: 10, then: "cd web && bun install", .success)
    try turn("b", at: 20, then: "bun install", .success)
    try turn("c", at: 30, then: "bun install", .failure)
    try turn("d", at: 40, then: "npm ci", .success)
    try turn("e", at: 50, then: "npm ci", .failure)
    try turn("f", at: 60, told: false, then: "bun install", .success)
    let row = try advice()
    #expect(row["shown"] == .integer(5))
    #expect(row["turns"] == .integer(5))
    #expect(row["heeded"] == .integer(3))
    #expect(row["successes_with"] == .integer(2))
    #expect(row["failures_with"] == .integer(1))
    #expect(row["successes_without"] == .integer(1))
    #expect(row["failures_without"] == .integer(1))
    #expect(row["success_rate_with"] == .real(2.0 / 3))
    #expect(row["success_rate_without"] == .real(0.5))
    // Wilson: 2 of 3 lies in 0.2077 to 0.9385, 1 of 2 in 0.0945 to 0.9055. Newcombe: 1/6 less
    // √((0.6667 − 0.2077)² + (0.9055 − 0.5)²) = 0.6125, and plus
    // √((0.9385 − 0.6667)² + (0.5 − 0.0945)²) = 0.4882.
    #expect(abs(try number(row["difference"]) - 0.1667) < 0.0001)
    #expect(abs(try number(row["low"]) - (0.1667 - 0.6125)) < 0.0002)
    #expect(abs(try number(row["high"]) - (0.1667 + 0.4882)) < 0.0002)
    let turns = try spec.rows("knowledge/turns")
    #expect(turns.count == 2)
    let (untold, told) = (turns[0], turns[1])
    #expect(untold["advised"] == .bool(false) && told["advised"] == .bool(true))
    #expect(untold["turns"] == .integer(1) && untold["successes"] == .integer(1))
    #expect(told["turns"] == .integer(5))
    #expect(told["successes"] == .integer(3) && told["failures"] == .integer(2))
    #expect(told["success_rate"] == .real(0.6))
  }

  private func number(_ cell: Cell?) throws -> Double {
    guard case .real(let number) = cell else {
      throw TableError(table: "", reason: "\(cell ?? .null)")
    }
    return number
  }

  @Test func `it is all one whether the advice or the transcript is read first`() throws {
    let first = try ProjectorSpec(KnowledgeProjector.self)
    try first.given([Self.given(1, "bun install", call: "c")])
    try first.given(toolCalls: [Self.call(2, "c", "npx tsc", in: "t")])
    try first.given(toolCalls: [Self.call(3, "c", "npx tsc", in: "t", .failed)])
    try first.given(toolCalls: [Self.call(4, "d", "bun install", in: "t", .succeeded)])
    try first.given(facts: [Self.ended(5, "t", .success)])
    try spec.given(toolCalls: [Self.call(1, "c", "npx tsc", in: "t")])
    try spec.given(toolCalls: [Self.call(2, "c", "npx tsc", in: "t", .failed)])
    try spec.given(toolCalls: [Self.call(3, "d", "bun install", in: "t", .succeeded)])
    try spec.given(facts: [Self.ended(4, "t", .success)])
    try spec.given([Self.given(5, "bun install", call: "c")])
    for told in [first, spec] {
      let row = try #require(try told.rows("knowledge/advice").first)
      #expect(row["heeded"] == .integer(1))
      #expect(row["successes_with"] == .integer(1))
    }
  }

  @Test func `what a person refused was not done, and what failed is counted apart`() throws {
    try turn("a", at: 10, then: "bun install", .success, ending: .rejected)
    try turn("b", at: 20, then: "bun install", .success, ending: .open)
    try turn("c", at: 30, then: "bun install", .success, ending: .failed)
    try turn("d", at: 40, then: "bun install", .failure)
    let row = try advice()
    #expect(row["turns"] == .integer(4))
    #expect(row["heeded"] == .integer(1) && row["failures_with"] == .integer(1))
    #expect(row["turns_failing"] == .integer(1) && row["successes_failing"] == .integer(1))
    #expect(row["turns_without"] == .integer(2) && row["successes_with"] == .integer(0))
  }

  @Test func `what was done before the advice heeds it not`() throws {
    try spec.given(toolCalls: [Self.call(1, "b", "bun install", in: "t", .succeeded)])
    try spec.given(toolCalls: [Self.call(2, "c", "npx tsc", in: "t")])
    try spec.given(toolCalls: [Self.call(3, "c", "npx tsc", in: "t", .failed)])
    try spec.given([Self.given(4, "bun install", call: "c")])
    let row = try advice()
    #expect(row["turns"] == .integer(1))
    #expect(row["heeded"] == .integer(0))
    #expect(row["success_rate_with"] == .null && row["success_rate_without"] == .null)
  }

  @Test func `told twice in a turn it is one turn, and an outcome that changes counts once`() throws
  {
    try turn("a", at: 10, then: "bun install", .failure)
    try spec.given([Self.given(20, "bun install", call: "c-a")])
    try spec.given(facts: [Self.ended(21, "a", .success)])
    let row = try advice()
    #expect(row["shown"] == .integer(2))
    #expect(row["turns"] == .integer(1))
    #expect(row["successes_with"] == .integer(1))
    #expect(row["failures_with"] == .integer(0))
  }

  @Test func `a request is found by its text`() throws {
    try spec.given([Self.given(1, "bun install", prompt: "mend the build")])
    try spec.given(notes: [
      SessionNote(of: EventID(2), Self.context("t"), .turn(prompt: "mend the build"))
    ])
    try spec.given(toolCalls: [Self.call(3, "d", "bun install", in: "t", .succeeded)])
    try spec.given(facts: [Self.ended(4, "t", .success)])
    let row = try advice()
    #expect(row["heeded"] == .integer(1))
    #expect(row["successes_with"] == .integer(1))
    #expect(try spec.rows("knowledge/turns").isEmpty)
  }

  @Test(arguments: ["mcp__foldlog__fix", "mcp__memory__fix"])
  func `an agent that asks by itself is found by the call with which it asked`(
    _ tool: String
  ) throws {
    var call = ToolCall(event: EventID(2), id: "asked-1", context: Self.context("t"), tool: tool)
    let asked = CallChange(of: EventID(2), before: nil, after: call)
    call.ending = .succeeded
    try spec.given(toolCalls: [Self.call(1, "b", "bun install", in: "t", .succeeded)])
    try spec.given(toolCalls: [asked])
    try spec.given(toolCalls: [Self.call(3, "d", "bun install", in: "t", .succeeded)])
    try spec.given([
      Self.given(4, "bun install", session: nil, call: "asked-1"),
      Self.given(4, "npm ci", session: nil, call: "asked-1"),
      Self.given(4, "make", session: nil, call: "asked-2"),
    ])
    try spec.given(facts: [Self.ended(5, "t", .success)])
    let rows = try spec.rows("knowledge/advice")
    func heeded(_ advice: String) -> [Cell?] {
      rows.filter { $0["advice"] == .text(advice) }.flatMap { [$0["turns"], $0["heeded"]] }
    }
    #expect(heeded("bun install") == [.integer(1), .integer(1)])
    #expect(heeded("npm ci") == [.integer(1), .integer(0)])
    #expect(heeded("make") == [.integer(0), .integer(0)])
  }

  @Test func `without a session it is shown, and nothing else is known`() throws {
    try spec.given([Self.given(1, "bun install", session: nil)])
    let row = try advice()
    #expect(row["shown"] == .integer(1))
    #expect(row["turns"] == .integer(0))
  }
}
