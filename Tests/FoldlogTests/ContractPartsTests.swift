import Events
import Facts
import Pipeline
import Projection
import Query
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog

/// Counts the parts of each line, and throws at a part of kind `bad`, after it has counted it.
private final class PartCounter: Projector {
  static let view = View("parts", version: 1, "A view of tests.", needs: .events, tables: [])
  static let table = StoredTable<UInt64, UInt64>("counts")
  private let counts: KeyedTable<UInt64, UInt64>

  init(tables: FoldTables) throws(TableError) { counts = try tables.open(Self.table) }

  func apply(_ batch: FoldBatch) throws(FoldError) {
    for event in batch.events {
      do throws(TableError) { try counts.change(event.offset) { $0 = ($0 ?? 0) + 1 } } catch {
        throw FoldError(at: event.offset, error)
      }
      if event.kind == "bad" { throw FoldError(at: event.offset, "it is bad") }
    }
  }
}

/// Lines that tell of several events, or of none, as all that folds and answers sees them.
@Suite struct ContractPartsTests {
  private static let error = "\"error_message\":\"ModuleNotFoundError: No module named 'yaml'\""

  private static func turn(_ second: Int, _ told: [String]) -> String {
    "{\"event\":\"probe/turn\",\"timestamp\":\"2026-03-03T08:00:0\(second)Z\",\"told\":["
      + told.map { "{\($0)}" }.joined(separator: ",") + "]}"
  }

  /// Line 1 holds an error and what mended it, line 2 tells of nothing, line 3 of a question, its
  /// answer and an error, line 4 of two interactions without a name.
  private static let lines = [
    "{\"event\":\"tool_execute\",\"timestamp\":\"2026-03-03T08:00:00Z\",\"session_id\":\"n\","
      + "\"command\":\"ls\",\"exit_code\":0}",
    turn(
      1,
      [
        "\"event\":\"tool_execute\",\"session_id\":\"s\",\"command\":\"pytest\",\"exit_code\":1,"
          + error,
        "\"event\":\"tool_execute\",\"session_id\":\"s\",\"command\":\"pip install yaml\","
          + "\"exit_code\":0",
        "\"event\":\"tool_execute\",\"session_id\":\"s\",\"command\":\"pytest\",\"exit_code\":0",
      ]),
    turn(2, []),
    turn(
      3,
      [
        "\"event\":\"query\",\"interaction_id\":\"i\",\"session_id\":\"t\",\"prompt\":\"Why?\"",
        "\"event\":\"query_completion\",\"interaction_id\":\"i\",\"session_id\":\"t\","
          + "\"response\":\"So.\",\"success\":true",
        "\"event\":\"tool_execute\",\"session_id\":\"u\",\"command\":\"make\",\"exit_code\":2,"
          + error,
      ]),
    turn(
      4,
      [
        "\"event\":\"completion\",\"prompt\":\"One\",\"response\":\"1\",\"success\":true",
        "\"event\":\"completion\",\"prompt\":\"Two\",\"response\":\"2\",\"success\":false",
      ]),
    "{\"event\":\"error\",\"timestamp\":\"2026-03-03T08:00:05Z\",\"session_id\":\"n\",\(error)}",
  ]

  private func filled(
    _ lines: [String] = lines, catalogue: ProjectorCatalogue = ContractLog.catalogue
  ) throws -> ContractLog {
    let log = try ContractLog(
      [LogPiece(stream: .hybrid, lines: lines)], catalogue: catalogue)
    try log.store.fold()
    return log
  }

  /// The rows of a table as they serve, by their names.
  private func rows(
    _ table: String, of log: ContractLog, asOf end: Offset? = nil
  ) throws -> [String: AnswerRow] {
    let answer = try #require(ProjectorCatalogue.builtIn.answers.first { $0.name == table })
    var rows: [String: AnswerRow] = [:]
    func read(_ tables: any ViewReader, _ offset: Int64) throws {
      try answer.forEach(in: tables) { cells in
        let row = AnswerRow(columns: answer.columns, cells: cells)
        rows[row.name(key: answer.key)] = row
        return true
      }
    }
    if let end {
      try AsOfService(log.store).withView(
        TableAddress(table), asOf: .events(end), progress: { _ in }, read)
    } else {
      try ViewReading(log.store).withView(TableAddress(table), read)
    }
    return rows
  }

  private func explain(_ words: String..., in log: ContractLog) throws(FoldlogError) -> Lineage {
    var request = ExplainRequest()
    request.words = words
    return try ExplainService(log.store).run(
      request.checked(for: log.store.projectors), progress: { _ in })
  }

  private func project(
    _ log: ContractLog, skip: [String] = [], noSkip: [String] = []
  ) throws {
    var request = ProjectRequest()
    request.skip = skip
    request.noSkip = noSkip
    _ = try ViewService(log.store).run(
      request.checked(for: log.store.projectors), progress: { _ in })
  }

  @Test func `rows name the part that they are of, and stand on the line once`() throws {
    let log = try filled()
    let events = try rows("errors/events", of: log)
    #expect(events.keys.sorted() == ["1", "3.2", "5"])
    #expect(events["3.2"]?["part"] == .integer(2))
    #expect(events["5"]?["part"] == .integer(0))
    let values = try rows("values", of: log)
    #expect(values.keys.sorted() == ["3.1", "4", "4.1"])
    #expect(values["3.1"]?["offsets"] == .offsets([3]))
    #expect(values["3.1"]?["offset_count"] == .integer(1))
    #expect(values["4.1"]?["outcome"] == .text("failure"))
    let sessions = try rows("sessions", of: log)
    #expect(sessions["s"]?["events"] == .integer(3))
    #expect(sessions["s"]?["offset_count"] == .integer(1))
    #expect(sessions["t"]?["interactions"] == .integer(1))
  }

  @Test func `an error is mended by a later part of its line`() throws {
    let log = try filled()
    let fixes = try rows("errors/fixes", of: log).values
    #expect(fixes.count == 1)
    #expect(fixes.first?["fix"] == .text("pip install yaml"))
    #expect(fixes.first?["successes"] == .integer(1))
    #expect(fixes.first?["offsets"] == .offsets([1]))
  }

  @Test func `a replay and a check fold them as they were folded live`() throws {
    let log = try filled(Array(Self.lines.prefix(2)))
    // One line after the other.
    for end in 3...Self.lines.count {
      let path = try log.directory.write(
        "piece-0.jsonl", Self.lines[..<end].joined(separator: "\n") + "\n")
      try log.store.ingest(files: [path], stream: .hybrid)
      try log.store.fold()
    }
    let live = try VerifyService(log.store).verifyViews(progress: { _ in })
    #expect(live.count == log.store.projectors.views.count)
    for verdict in live { #expect(verdict.isGood, "\(verdict)") }
    let replayed = try log.store.replay()
    for verdict in live { #expect(replayed[verdict.view] == "\(verdict.kept)") }
  }

  @Test func `as of a line, all its parts are there or none is`() throws {
    let log = try filled()
    #expect(try rows("values", of: log, asOf: 3).isEmpty)
    #expect(try rows("values", of: log, asOf: 4).keys.sorted() == ["3.1"])
    #expect(try rows("values", of: log, asOf: 5).keys.sorted() == ["3.1", "4", "4.1"])
    #expect(try rows("errors/events", of: log, asOf: 3).keys.sorted() == ["1"])
    #expect(try rows("errors/events", of: log, asOf: 4).keys.sorted() == ["1", "3.2"])
  }

  @Test func `a line that is skipped is skipped with all its parts`() throws {
    let log = try filled()
    let before = try log.store.replay()
    try project(log, skip: ["values", "4", "errors", "1"])
    #expect(try rows("values", of: log).keys.sorted() == ["3.1"])
    #expect(try rows("errors/events", of: log).keys.sorted() == ["3.2", "5"])
    #expect(try rows("errors/fixes", of: log).isEmpty)
    #expect(try rows("sessions", of: log)["s"]?["events"] == .integer(3))
    for verdict in try VerifyService(log.store).verifyViews(progress: { _ in }) {
      #expect(verdict.isGood, "\(verdict)")
    }
    try project(log, noSkip: ["values", "4", "errors", "1"])
    #expect(try log.store.replay() == before)
  }

  @Test func `a part is explained by its own rows`() throws {
    let log = try filled()
    func names(_ lineage: Lineage) -> [String] {
      lineage.rows.map(\.name).filter { $0.hasPrefix("values ") || $0.hasPrefix("errors/events ") }
    }
    #expect(try names(explain("4", in: log)) == ["values 4"])
    #expect(try names(explain("4.1", in: log)) == ["values 4.1"])
    #expect(try names(explain("3.2", in: log)) == ["errors/events 3.2"])
    #expect(try names(explain("3.0", in: log)) == ["values 3.1"])
    #expect(try names(explain("1.1", in: log)).isEmpty)
    #expect(try explain("4.1", in: log).interaction?.offsets == [4])
  }

  @Test func `a row of a part is found by the part, and explained by it`() throws {
    let log = try filled()
    for (table, event) in [("values", "4.1"), ("values", "3.1"), ("errors/events", "3.2")] {
      let lineage = try explain(table, event, in: log)
      let row = try #require(lineage.rows.first)
      #expect(row.row.name(key: row.key) == event)
      #expect(row.explanation?.title.hasSuffix(event) == true)
      #expect(lineage.events.map(\.offset) == row.explanation?.offsets)
    }
    #expect(try explain("values", "4.1", in: log).interaction?.offsets == [4])
    #expect(try explain("values", "4", in: log).rows.first?.row["part"] == .integer(0))
    #expect(try explain("values", "4", "1", in: log).rows.first?.row["part"] == .integer(1))
  }

  @Test(arguments: [
    ("3.3", "the line 3 tells of 3 events, 0 to 2"), ("2", "the line 2 tells of no event"),
    ("0.1", "the line 0 tells of one event, `foldlog explain 0`"),
    ("6", "the log has no event 6: it has events 0 to 5"),
  ])
  func `a part that is not there is named`(_ event: String, _ message: String) throws {
    let log = try filled()
    let error = #expect(throws: FoldlogError.self) { _ = try explain(event, in: log) }
    #expect(error?.code == .noInput && error?.description.contains(message) == true, "\(error)")
  }

  @Test func `who throws at a part stops before its line, and nobody else does`() throws {
    var lines = Self.lines
    lines[3] = Self.turn(
      3,
      [
        "\"event\":\"query\",\"interaction_id\":\"i\",\"prompt\":\"Why?\"", "\"event\":\"bad\"",
        "\"event\":\"query_completion\",\"interaction_id\":\"i\",\"success\":true",
      ])
    let without = try filled(lines)
    let log = try filled(
      lines, catalogue: ContractLog.catalogue.adding([PartCounter.self]))
    try ViewReading(log.store).withViewState(TableAddress("parts")) { tables, state, _ in
      #expect(state?.checkpoint == 3 && state?.stopped == "it is bad")
      var counts: [Offset: UInt64] = [:]
      try tables.read(PartCounter.table).forEach { offset, count in
        counts[offset] = count
        return true
      }
      #expect(counts == [0: 1, 1: 3])
    }
    #expect(try rows("values", of: log).keys.sorted() == ["3.2", "4", "4.1"])
    let views = log.store.projectors.views.filter { $0 != "parts" }
    #expect(try log.store.replay(views) == without.store.replay())
    try project(log, skip: ["parts", "3"])
    try ViewReading(log.store).withViewState(TableAddress("parts")) { _, state, _ in
      #expect(state?.checkpoint == 6 && state?.stopped == nil)
    }
  }
}
