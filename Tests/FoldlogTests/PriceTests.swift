import Bytes
import Query
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog
@testable import Pipeline

/// Prices of `foldlog.toml`, from the file to the rows.
@Suite struct PriceTests {
  // A process has a folder open once, so that each step opens it anew.

  private func fill(_ directory: TemporaryDirectory) throws {
    let lines = Transcripts.claudeCode.joined(separator: "\n") + "\n"
    let path = try directory.write("session.jsonl", lines)
    try ingest([path], into: open(directory))
  }

  private func open(_ directory: TemporaryDirectory) throws -> Store {
    try Store(directory: DataDirectory(path: directory.file("data")))
  }

  private func outdated(_ directory: TemporaryDirectory) throws -> [String] {
    try StatusService(open(directory)).status().views.filter { !$0.isCurrent }.map(\.name)
  }

  private func dollars(_ directory: TemporaryDirectory) throws -> [Cell] {
    let store = try open(directory)
    let table = try #require(store.projectors.answers.first { $0.name == "costs" })
    return try store.reading.withView(TableAddress("costs")) { tables, _ in
      var cells: [Cell] = []
      try table.forEach(in: tables) { row in
        cells.append(AnswerRow(columns: table.columns, cells: row)["cost_usd"])
        return true
      }
      return cells
    }
  }

  @Test func `an entry for a model that no call names changes nothing`() throws {
    let directory = try TemporaryDirectory()
    try fill(directory)
    for entry in [
      "[[prices]]\nmodel = \"other*\"\ninput = 9\noutput = 9\n",
      "[[prices]]\nmodel = \"claude-opus-4-5*\"\nfrom = 2027-01-01\ninput = 9\noutput = 9\n",
    ] {
      try directory.write("data/foldlog.toml", entry)
      #expect(try outdated(directory).isEmpty)
    }
    // A new call is priced by it, and the view stands as if it had been there before.
    let line =
      #"{"event":"task_completed","interaction_id":"n","model":"other-1","#
      + #""tokens_input":1000000,"tokens_output":0,"ts":"2026-05-01T20:00:00Z"}"#
    try directory.write(
      "data/foldlog.toml", "[[prices]]\nmodel = \"other*\"\ninput = 9\noutput = 9\n")
    let path = try directory.write("ralph-events.jsonl", line + "\n")
    try ingest([path], into: open(directory))
    #expect(try dollars(directory).contains(.decimal(FixedPoint(units: 9_000_000_000))))
    do {
      let store = try open(directory)
      let verdicts = try VerifyService(store).verifyViews(progress: { _ in })
      #expect(verdicts.allSatisfy { $0.isGood && $0.isCurrent })
      let record = try store.reading.snapshot(of: TableAddress("costs")).record()
      #expect(record.settings.contains("other*"))
    }
    try directory.write("data/foldlog.toml", "")
    #expect(try outdated(directory).contains("costs"))
  }

  @Test func `an entry for a model that calls name prices history anew`() throws {
    let directory = try TemporaryDirectory()
    try fill(directory)
    // Of each session six calls: input 100, cache read 2000, write 200 for five minutes and 100 for an
    // hour at 5, 0.5, 6.25 and 10, and 169 of output at 25 dollars a million.
    // 6 × (0.0005 + 0.001 + 0.00125 + 0.001) + 169 × 0.000025
    #expect(
      try dollars(directory) == [
        .decimal(FixedPoint(units: 26_725_000)), .decimal(FixedPoint(units: 26_725_000)),
      ])
    try directory.write(
      "data/foldlog.toml",
      "[[prices]]\nmodel = \"claude-opus-4-5*\"\ninput = 1\ncache_read = 0.1\noutput = 10\n")
    #expect(try outdated(directory).contains("costs"))
    #expect(try outdated(directory).contains("tools"))
    _ = try ViewService(open(directory)).project(progress: { _ in })
    // 6 × (0.0001 + 0.0002 + 0.0003) + 169 × 0.00001: writes cost what the input does.
    #expect(
      try dollars(directory) == [
        .decimal(FixedPoint(units: 5_290_000)), .decimal(FixedPoint(units: 5_290_000)),
      ])
    #expect(try outdated(directory).isEmpty)
  }

  private let published = """
    {"sample_spec": {"mode": "one of: chat", "input_cost_per_token": 0, "output_cost_per_token": 0},
     "claude-opus-4-5": {"litellm_provider": "anthropic", "mode": "chat",
       "input_cost_per_token": 5e-06, "output_cost_per_token": 2.5e-05,
       "cache_read_input_token_cost": 5e-07, "cache_creation_input_token_cost": 6.25e-06,
       "cache_creation_input_token_cost_above_1hr": 1e-05},
     "some/new-1": {"litellm_provider": "some", "mode": "chat", "input_cost_per_token": 3e-07,
       "output_cost_per_token": 1.2e-06, "cache_creation_input_token_cost": 0,
       "input_cost_per_token_above_200k_tokens": 6e-07,
       "output_cost_per_token_above_200k_tokens": 1.8e-06},
     "other/new-1": {"litellm_provider": "other", "mode": "chat", "input_cost_per_token": 4e-07,
       "output_cost_per_token": 1.2e-06},
     "mistral/new-2": {"litellm_provider": "mistral", "mode": "chat", "tiered_pricing": [
       {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "range": [0, 32000]}]},
     "free": {"mode": "chat", "input_cost_per_token": 0, "output_cost_per_token": 0},
     "picture": {"mode": "image_generation", "input_cost_per_token": 1, "output_cost_per_token": 1}}
    """

  @Test func `entries are made of what is published where it says something else`() throws {
    let directory = try TemporaryDirectory()
    try fill(directory)
    let path = try directory.write("prices.json", published)
    var request = PricesRequest()
    request.importing = path
    func imported() throws -> ImportedPrices {
      try PriceService(open(directory)).imported(path, request.checked(for: .builtIn))
    }
    // Without a name, the models that calls have.
    #expect(try imported() == ImportedPrices(same: ["claude-opus-4-5-20251101"]))
    request.models = ["new-1", "new-2", "some/new-1", "free", "picture"]
    request.from = "2026-05-01"
    let made = try imported()
    #expect(made.unknown == ["new-1", "free", "picture"])
    #expect(
      made.toml == """
        [[prices]]
        model = "new-2"
        from = "2026-05-01"
        input = 1
        output = 2

        [[prices]]
        model = "some/new-1"
        from = "2026-05-01"
        input = 0.3
        output = 1.2

        [[prices]]
        model = "some/new-1"
        from = "2026-05-01"
        input = 0.6
        output = 1.8
        above = 200000


        """)
    // They are read as they are written.
    try directory.write("data/foldlog.toml", made.toml)
    let listed = try PriceService(open(directory)).list(PricesRequest().checked(for: .builtIn))
    #expect(listed.suffix(3).map(\.model) == ["new-2", "some/new-1", "some/new-1"])
    #expect(listed.suffix(2).map(\.above) == [0, 200_000])
    #expect(listed.last?.amounts == ["0.6", "0.6", "0.6", "0.6", "1.8"])
    #expect(listed.last?.isBuiltIn == false)
    try directory.write("prices.json", "[1]")
    #expect(throws: FoldlogError.self) { _ = try imported() }
  }
}
