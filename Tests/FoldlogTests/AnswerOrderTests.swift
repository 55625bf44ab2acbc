import Events
import Query
import TestSupport
import Testing
import Views

@testable import Foldlog

/// What everyone who reads two states of a table side by side relies on.
@Suite struct AnswerOrderTests {
  /// What the fixtures have too little of: gaps, models of one day that begin alike for longer than
  /// a key holds, and none.
  private static let more: [String] = {
    var lines: [String] = []
    for prompt in ["parse the odd file", "draw the tall tower", "sort every card by colour"] {
      for number in 0..<3 {
        lines.append(
          #"{"event":"task_failed","task_id":"\#(prompt) \#(number)","prompt":"\#(prompt)"}"#)
      }
    }
    // Of high value, and no successes.
    for number in 0..<7 {
      lines.append(
        #"{"event":"task_completed","task_id":"tide \#(number)","prompt":"tell the tides of the bay","#
          + #""response":"Twice a day, as told \#(number) times.","partial_success":true,"rating":5,"#
          + #""steps":3,"tools_used":["bash"],"files_modified":5,"has_code":true,"#
          + #""has_explanation":true}"#)
    }
    let long = String(repeating: "long ", count: 100)
    let models = ["", "-3", "-1", "-20", "-2", "", "-10", "-9"].map { long + $0 }
    for (number, model) in (models + ["m", "long"]).enumerated() {
      let time = "2026-01-05T00:00:0\(number % 10)Z"
      lines.append(
        #"{"event":"task_completed","task_id":"\#(number)","model":"\#(model)","ts":"\#(time)"}"#)
    }
    lines.append(#"{"event":"task_completed","task_id":"none","ts":"2026-01-05T00:00:00Z"}"#)
    for session in ["loud", "louder"] {
      let time = #""ts":"2026-01-05T00:00:00Z""#
      lines += (0..<22).map { _ in
        #"{"event":"feedback","session_id":"\#(session)","rating":5,\#(time)}"#
      }
      lines += ["created", "checked", "demoted"].map {
        #"{"event":"deployment_\#($0)","deployment_id":"\#(session)","ok":true,\#(time)}"#
      }
      lines.append(
        #"{"event":"completion","completion_id":"\#(session)","rating":5,\#(time)}"#)
    }
    return lines
  }()

  /// A call of a tool of another server.
  private static let otherServer = [
    """
    {"type":"assistant","sessionId":"s-two","uuid":"other","timestamp":"2026-05-01T12:00:00.000Z",\
    "message":{"id":"other","model":"m","content":[{"type":"tool_use","id":"other","name":\
    "mcp__another__ask","input":{}}]}}
    """,
    """
    {"type":"rate_limit_event","session_id":"s-two","uuid":"limit","rate_limit_info":\
    {"status":"allowed","resetsAt":1773997200,"rateLimitType":"five_hour"}}
    """,
  ]

  /// A data directory with every fixture in it, and more.
  private func filled() throws -> (Store, TemporaryDirectory) {
    let directory = try TemporaryDirectory()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let names = ["ralph", "aidb", "hybrid", "editor", "deployments"]
    _ = try ingest(
      names.map { "\(packageRoot)/fixtures/\($0)-events.jsonl" }, isProjecting: false, into: store)
    let more = try directory.write("more.jsonl", Self.more.joined(separator: "\n") + "\n")
    _ = try ingest(
      [more], stream: "ralph", into: store)
    let transcripts = try directory.write(
      "transcripts.jsonl",
      (Transcripts.claudeCode + Self.otherServer + Transcripts.codex).joined(separator: "\n") + "\n"
    )
    _ = try ingest([transcripts], isProjecting: false, into: store)
    let own = try directory.write("own.jsonl", ownLines.joined(separator: "\n") + "\n")
    _ = try ingest([own], into: store)
    return (store, directory)
  }

  @Test func `the rows of every table come in the order of their key, one of each`() throws {
    let (store, directory) = try filled()
    try withExtendedLifetime(directory) {
      for table in ProjectorCatalogue.builtIn.answers {
        let names = table.columns.map(\.name)
        #expect(!table.key.isEmpty && table.key.allSatisfy(names.contains), "\(table.name)")
        #expect(Set(names).count == names.count, "\(table.name)")
        #expect(
          !table.shownFirst.isEmpty && table.shownFirst.allSatisfy(names.contains), "\(table.name)")
        // Against itself a table is the same, row for row, and a comparison refuses a wrong order.
        let difference = try ViewReading(store).withView(TableAddress(table.name)) { tables, _ in
          try ViewReading(store).withView(TableAddress(table.name)) { others, _ in
            try RowComparison(table).run(before: tables, after: others)
          }
        }
        #expect(difference.isEmpty, "\(table.name)")
        #expect((table.identity + table.numbering).allSatisfy(names.contains), "\(table.name)")
        let others = try ViewReading(store).withView(TableAddress(table.name)) { tables, _ in
          try ViewReading(store).withView(TableAddress(table.name)) { others, _ in
            try RowComparison(table, by: .identity).run(before: tables, after: others)
          }
        }
        #expect(others.isEmpty && others.rowsAfter == difference.rowsAfter, "\(table.name)")
        // One row alone would be in any order.
        if table.name == "metrics/now" { continue }
        #expect(difference.rowsAfter > 1, "\(table.name) has no rows to tell")
      }
    }
  }
}
