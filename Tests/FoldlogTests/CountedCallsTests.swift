import Bytes
import Events
import Query
import TestSupport
import Testing
import Views

@testable import Foldlog

/// Rows name the calls that they count, and events of transcripts are explained by the files of their
/// sessions as by all.
@Suite struct CountedCallsTests {
  private let directory: TemporaryDirectory
  private let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store(directory: DataDirectory(path: directory.file("data")))
  }

  private func take(_ lines: [String], as source: String) throws {
    let text = lines.map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(text.utf8), source: source, stream: nil)
  }

  private func explain(_ words: [String]) throws -> Lineage {
    var request = ExplainRequest()
    request.words = words
    return try ExplainService(store).run(
      request.checked(for: store.projectors), progress: { _ in })
  }

  private func rows(of table: String) throws -> [AnswerRow] {
    try answerRows(of: table, in: store)
  }

  private func key(of table: String, _ row: AnswerRow) throws -> [String] {
    let found = try #require(store.projectors.answers.first { $0.name == table })
    return found.key.map { row[$0].plainText }
  }

  @Test func `an event is explained with the rows that count its calls, however many they are`()
    throws
  {
    let lines = (0..<80).map { number -> String in
      let time = "2026-05-01T09:\(10 + number / 2):\(number % 2 == 0 ? "00" : "10")Z"
      let message =
        number % 2 == 0
        ? #"{"id":"m\#(number)","role":"assistant","model":"claude-opus-4-5-20251101","#
          + #""content":[{"type":"tool_use","id":"t\#(number)","name":"Bash","#
          + #""input":{"command":"git status"}}],"usage":{"input_tokens":1,"output_tokens":2}}"#
        : #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t\#(number - 1)","#
          + #""content":"clean"}]}"#
      let type = number % 2 == 0 ? "assistant" : "user"
      return #"{"type":"\#(type)","sessionId":"s","uuid":"u\#(number)","timestamp":"\#(time)","#
        + #""version":"2.1.0","message":\#(message)}"#
    }
    try take(lines, as: "claude")
    try store.fold()
    let tables = ["costs", "sessions/hours", "tools", "tools/commands"]
    for offset in [0, 40, 78] {
      // The line tells of the message, and of the tool that it calls.
      let rows = try explain(["\(offset)"]).rows + explain(["\(offset).1"]).rows
      let named = Set(rows.map(\.table))
      #expect(named.isSuperset(of: tables), "event \(offset): \(named)")
    }
  }

  @Test func `an answer of a stream is explained with its costs, however many there are`() throws {
    let lines = (0..<40).map { number in
      #"{"event":"query_completion","query_id":"q\#(number)","model":"claude-opus-4-5","#
        + #""query":"count the apples of tree \#(number)","task_type":"code","success":true,"#
        + #""tokens_input":10,"tokens_output":2,"timestamp":"2026-05-01T09:\#(10 + number):00Z"}"#
    }
    let text = lines.map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(text.utf8), source: "answers", stream: .aidb)
    try store.fold()
    for offset in [0, 31, 32, 39] {
      let named = Set(try explain(["\(offset)"]).rows.map(\.table))
      #expect(named.isSuperset(of: ["costs", "costs/models"]), "event \(offset): \(named)")
    }
  }

  @Test func `what a row costs is the sum of the calls that it names`() throws {
    try take(Transcripts.claudeCode, as: "claude")
    try take(Transcripts.codex, as: "codex")
    try store.fold()
    for table in ["costs", "sessions", "sessions/agents", "sessions/hours"] {
      let all = try rows(of: table)
      #expect(!all.isEmpty)
      for row in all {
        let calls = try explain([table] + key(of: table, row)).calls
        func cells(_ name: String) -> [Cell] {
          calls.compactMap { call in call.members.first { $0.name == name }?.value }
        }
        func sum(_ name: String) -> Int64 { cells(name).reduce(0) { $0 + ($1.integer ?? 0) } }
        let name = "\(table) \(try key(of: table, row))"
        #expect(
          cells("call").count { $0 == .text("model") } == row["model_calls"].integer ?? -1,
          "\(name)")
        for tokens in ["tokens_input", "tokens_cache_read", "tokens_output"] {
          #expect(sum(tokens) == row[tokens].integer, "\(name) \(tokens)")
        }
        let dollars = cells("cost_usd").reduce(FixedPoint.zero) { sum, cell in
          if case .decimal(let dollars) = cell { sum + dollars } else { sum }
        }
        #expect(row["cost_usd"] == .null || .decimal(dollars) == row["cost_usd"], "\(name)")
        for call in calls where call.members.contains(where: { $0.value == .text("priced") }) {
          #expect(call.members.contains { $0.name == "price_of" }, "\(name)")
        }
      }
    }
    for table in ["tools", "tools/commands", "tools/servers"] {
      for row in try rows(of: table) {
        let calls = try explain([table] + key(of: table, row)).calls
        #expect(Int64(calls.count) == row["calls"].integer, "\(table)")
        let failed = calls.count { call in
          call.members.contains { $0.name == "ending" && $0.value == .text("failed") }
        }
        #expect(Int64(failed) == row["failures"].integer)
      }
    }
  }

  @Test func `what a run told beyond its calls is one call that is unattributed`() throws {
    try take(
      [
        #"{"type":"system","subtype":"init","session_id":"s","model":"m","uuid":"i","cwd":"/p"}"#,
        #"{"type":"assistant","session_id":"s","uuid":"a","message":{"id":"m1","model":"m","#
          + #""content":[{"type":"text","text":"hi"}],"stop_reason":null,"#
          + #""usage":{"input_tokens":10,"output_tokens":1}}}"#,
        #"{"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"r","#
          + #""result":"hi","total_cost_usd":0.5,"modelUsage":"#
          + #"{"m":{"inputTokens":10,"outputTokens":90,"costUSD":0.5}}}"#,
      ], as: "run")
    try store.fold()
    let row = try #require(try rows(of: "costs").first)
    let explained = try explain(["costs"] + key(of: "costs", row))
    let kinds = explained.calls.map { call in call.members.first { $0.name == "call" }?.value }
    #expect(kinds == [.text("model"), .text("unattributed")])
    guard case .array(let calls)? = StrictJSON(explained.json)?["calls"] else {
      Issue.record("no calls")
      return
    }
    #expect(calls.map { $0["event"] } == [.string("1"), .string("2")])
    #expect(calls.first?["message_id"] == .string("m1"))
    #expect(calls.last?["tokens_output"] == .number("89"))
  }

  @Test func `a name that reads as null is found beside what has none`() throws {
    func line(_ branch: String, _ at: Int) -> String {
      #"{"event":"task_completed","interaction_id":"\#(at)","model":"m","tokens_input":1,"#
        + #""project":\#(branch),"ts":"2026-05-01T10:00:0\#(at)Z"}"#
    }
    let text = [line(#""null""#, 1), line("null", 2)].map { $0 + "\n" }.joined()
    try store.ingest(lines: Array(text.utf8), source: "ralph-events.jsonl", stream: .ralph)
    try store.fold()
    let all = try rows(of: "costs")
    #expect(all.count == 2)
    let finder = try #require(store.projectors.answers.first { $0.name == "costs" })
    let found = try store.reading.withView(TableAddress("costs")) { tables, _ in
      try all.map { row in
        let key = RowKey(finder.key.map { row[$0] == .null ? nil : row[$0].plainText })
        return try finder.row(key, in: tables)
      }
    }
    #expect(found == all.map(\.cells))
  }

  /// What the events of all lines are when each is explained from the build, and when no view is there.
  @Test func `events are explained by the files of their session as by all`() throws {
    let copied = Transcripts.claudeCode.map { line in
      line.replacing(#""sessionId":"s-one""#, with: #""sessionId":"s-copy""#)
    }
    try take(Transcripts.claudeCode, as: "one")
    try take(Transcripts.codex, as: "two")
    try take(copied + Transcripts.laterClaudeCode, as: "three")
    let count = 2 * Transcripts.claudeCode.count + Transcripts.codex.count
    var bare: [String] = []
    for offset in 0..<count { bare.append(shown(try? explain(["\(offset)"]))) }
    try store.fold()
    for offset in 0..<count {
      #expect(shown(try? explain(["\(offset)"])) == bare[offset], "\(offset)")
    }
  }

  /// What is told of an event itself and of its interaction.
  private func shown(_ lineage: Lineage?) -> String {
    guard let lineage else { return "none" }
    let figures = (lineage.interaction?.figures ?? []).filter {
      !["reusability", "novelty", "score"].contains($0.name)
    }.map { "\($0.name)=\($0.value)" }
    return "\(lineage.role ?? "") \(lineage.interaction?.offsets ?? []) \(figures)"
  }
}
