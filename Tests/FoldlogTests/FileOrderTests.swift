import Bytes
import Events
import Foldlog
import TestSupport
import Testing
import Views

/// Files of transcripts are read in any order: every table says the same, but for what names an offset.
@Suite struct FileOrderTests {
  /// What a row is called by the order in which things were read, and the offsets that it stands on.
  private static let named: Set = [
    "pattern_id", "example_id", "alert_id", "request_id", "subject", "number",
  ]

  /// The files of the fixtures, a backup of the beginning of each, and an agent that was sent out.
  private func files() throws -> [(name: String, text: String)] {
    let paths = [
      "claude-code/projects/-home-dev-shop/5b0c1f60-2f6e-4a55-9a51-0c3d1a7f0001.jsonl",
      "claude-code/projects/-home-dev-shop/77d2a9c4-81b3-4c02-8e1f-2b9e4d5f0002.jsonl",
      "codex/sessions/2026/03/02/rollout-2026-03-02T10-00-00-0199c0de-0000-7000-8000-00000000c0de.jsonl",
    ]
    var files: [(name: String, text: String)] = []
    for (index, path) in paths.enumerated() {
      let text = try run("cat", ["\(packageRoot)/fixtures/transcripts/\(path)"]).output
      let lines = text.split(separator: "\n").map(String.init)
      files.append(("whole-\(index)", lines.map { $0 + "\n" }.joined()))
      files.append(("half-\(index)", lines.prefix(lines.count / 2).map { $0 + "\n" }.joined()))
    }
    files.append(("agent", Self.agent.map { $0 + "\n" }.joined()))
    return files
  }

  private static let agent = [
    agentLine(
      "assistant", "g1", 30,
      #"{"id":"gm1","role":"assistant","model":"claude-sonnet-4-5-20250929","content":[{"type":"#
        + #""tool_use","id":"gt1","name":"Bash","input":{"command":"npm run lint"}}],"usage":"#
        + #"{"input_tokens":3,"output_tokens":4},"stop_reason":"tool_use"}"#),
    agentLine(
      "user", "g2", 33,
      #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"gt1","is_error":true,"#
        + #""content":"Exit code 2\nerror: no rule called semi"}]}"#),
  ]

  private static func agentLine(
    _ type: String, _ uuid: String, _ second: Int, _ message: String
  ) -> String {
    #"{"type":"\#(type)","uuid":"\#(uuid)","isSidechain":true,"agentId":"ag","sessionId":"#
      + #""5b0c1f60-2f6e-4a55-9a51-0c3d1a7f0001","cwd":"/home/dev/shop","gitBranch":"main","timestamp":"#
      + #""2026-03-02T09:00:\#(second).000Z","message":\#(message)}"#
  }

  /// The rows of every table, without what names an offset.
  private func rows(_ files: [(name: String, text: String)]) throws -> [String: [String]] {
    let directory = try TemporaryDirectory()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    for file in files {
      try store.ingest(lines: Array(file.text.utf8), source: file.name, stream: nil)
    }
    try store.fold()
    return try withExtendedLifetime(directory) {
      var rows: [String: [String]] = [:]
      for table in ProjectorCatalogue.builtIn.answers {
        var told: [String] = []
        try store.forEachRow(of: table.name) { row in
          let cells = zip(row.columns, row.cells).filter { column, _ in
            !column.name.contains("offset") && !Self.named.contains(column.name)
          }
          told.append(cells.map { "\($0.name): \($1)" }.joined(separator: ", "))
          return true
        }
        rows[table.name] = told.sorted()
      }
      return rows
    }
  }

  @Test(arguments: UInt64(1)...6)
  func `every table says the same, in whatever order files are read`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let files = try files()
    let expected = try rows(files)
    #expect(expected["sessions"]?.count == 3)
    #expect(expected["errors"]?.isEmpty == false)
    let order = files.shuffled(using: &random)
    let found = try rows(order)
    for (table, rows) in expected {
      let difference = Set(rows).symmetricDifference(found[table] ?? []).sorted()
      #expect(difference.isEmpty, "\(table), seed \(seed), \(order.map(\.name))")
    }
  }

  @Test(arguments: [#""type":"function_call""#, #""type":"token_count""#])
  func `what is new in a rewritten file of Codex is of the session that the file is of`(
    _ isMissing: String
  ) throws {
    let text = try files()[4].text
    var lines = text.split(separator: "\n").map { $0 + "\n" }
    let call = try #require(lines.firstIndex { $0.contains(isMissing) })
    lines.remove(at: call)
    let directory = try TemporaryDirectory()
    let store = try Store(directory: DataDirectory(path: directory.file("data")))
    let path = try directory.write("rollout.jsonl", lines.prefix(10).joined())
    try store.ingest(files: [path])
    _ = try run("rm", [path])
    _ = try directory.write("rollout.jsonl", text)
    try store.ingest(files: [path])
    try store.fold()
    let whole = try Store(directory: DataDirectory(path: directory.file("whole")))
    try whole.ingest(files: [path])
    try whole.fold()
    func told(_ store: Store) throws -> [[String]] {
      var rows: [[String]] = []
      try store.forEachRow(of: "sessions") { row in
        let names = [
          "session_id", "turns", "model_calls", "tool_calls", "tokens_output", "cost_usd",
        ]
        rows.append(
          zip(row.columns, row.cells).filter { names.contains($0.0.name) }.map { "\($0.1)" })
        return true
      }
      return rows
    }
    let expected = try told(whole)
    #expect(expected.count == 1)
    #expect(try told(store) == expected)
  }
}
