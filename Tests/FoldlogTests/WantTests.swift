import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog

/// What views want done, read for those who do it; and what these answer.
@Suite struct WantTests {
  /// Wants each query to be asked of somebody.
  private final class Asker: EventProjector {
    struct Row: Views.Row {
      var want = WantedEffect()
      var question = ""

      static let table = StoredTable<TextKey, Row>("wanted")
      static func columns<V: ColumnVisitor>(_ row: inout Row, _ visit: inout V) throws(V.Failure) {
        try visit.wanted(&row.want)
        try visit.column("question", &row.question, "What to ask.")
      }
      static let answer = Answer("asks/wanted", "A question.", of: table, key: { TextKey($0[0]) })
    }

    static let view = View(
      "asks", version: 1, "What to ask.",
      needs: Needs.kinds(["query", "skill_extracted", "effect_failed"])
        .andPayload(ExtractedSkill.self).andPayload(FailedEffect.self),
      tables: [], wants: Wants(kinds: ["ask"], in: Row.answer))
    private let rows: KeyedTable<TextKey, Row>

    init(tables: FoldTables) throws(TableError) { rows = try tables.open(Row.table) }

    func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
      if let answer = event.payload(ExtractedSkill.self) {
        try rows.remove(TextKey(answer.requestID))
      } else if let failure = event.payload(FailedEffect.self) {
        if failure.isFinal == true { try rows.remove(TextKey(failure.requestID)) }
      } else if let prompt = event.fields.text(.prompt) {
        let want = WantedEffect("ask", of: prompt, revision: 1, since: event.offset)
        try rows.put(TextKey(want.requestID), Row(want: want, question: prompt))
      }
    }
  }

  private static func query(_ prompt: String) -> String {
    #"{"event":"query","query_id":"q","prompt":"\#(prompt)","ts":"2026-03-01T00:00:00Z"}"#
  }

  private static func id(of prompt: String) -> String {
    WantedEffect("ask", of: prompt, revision: 1, since: 0).requestID
  }

  private func log(_ lines: [String]) throws -> ContractLog {
    let log = try ContractLog(
      [LogPiece(stream: nil, lines: lines)], catalogue: .builtIn.adding([Asker.self]))
    try log.store.fold()
    return log
  }

  @Test func `a request is named by what it is, and by no setting`() {
    // XXH3-128 of a length, the text, a length, the text, and the revision.
    #expect(Self.id(of: "a").utf8.count == 32)
    #expect(
      WantedEffect("ask", of: "a", revision: 1, since: 5).requestID
        == WantedEffect("ask", of: "a", revision: 1, since: 9).requestID)
    let others = [
      WantedEffect("ask", of: "a", revision: 2, since: 5),
      WantedEffect("as", of: "ka", revision: 1, since: 5),
      WantedEffect("ask", of: "b", revision: 1, since: 5),
    ]
    #expect(Set(others.map(\.requestID) + [Self.id(of: "a")]).count == 4)
  }

  @Test func `wants are read with all their cells, the longest wanted first`() throws {
    let log = try log([Self.query("one"), Self.query("two"), Self.query("three")])
    let wants = try WantService(log.store).wants(of: ["ask"])
    #expect(wants.map(\.subject) == ["one", "two", "three"])
    #expect(wants.map(\.since) == [0, 1, 2])
    #expect(wants.map(\.requestID) == ["one", "two", "three"].map(Self.id))
    #expect(wants.allSatisfy { $0.view == "asks" && $0.kind == "ask" })
    #expect(wants.last?.row["question"] == .text("three"))
    #expect(try WantService(log.store).wants(of: ["webhook"]).isEmpty)
    #expect(WantService.kinds(of: log.store.projectors).contains("ask"))
  }

  @Test func `an answer takes its want away, a failure only when it is final`() throws {
    let log = try log([
      Self.query("one"), Self.query("two"), Self.query("three"),
      #"{"event":"skill_extracted","request_id":"\#(Self.id(of: "one"))","source_offset":0,"#
        + #""prompt_version":0,"model":"m","ts":1772323200}"#,
      #"{"event":"effect_failed","kind":"ask","subject":"two","#
        + #""request_id":"\#(Self.id(of: "two"))","final":true,"ts":1772323200}"#,
      #"{"event":"effect_failed","kind":"ask","subject":"three","#
        + #""request_id":"\#(Self.id(of: "three"))","status":"503","ts":1772323200}"#,
    ])
    #expect(try WantService(log.store).wants(of: ["ask"]).map(\.subject) == ["three"])
  }

  @Test func `of a view that another version built, or that is not built, nothing is wanted`()
    throws
  {
    let log = try log([Self.query("one")])
    #expect(try WantService(log.store).wants(of: ["ask"]).count == 1)
    // A process opens a folder once.
    let copy = try TemporaryDirectory()
    #expect(
      try run("cp", ["-r", log.directory.file("data"), copy.file("data")]).status == 0)
    let newer = try Store(
      directory: DataDirectory(path: copy.file("data")),
      projectors: .builtIn.adding([NewerAsker.self]))
    #expect(try WantService(newer).wants(of: ["ask"]).isEmpty)
    // Before the view was ever built.
    let other = try ContractLog([LogPiece(stream: nil, lines: [Self.query("one")])])
    #expect(try WantService(other.store).wants(of: ["ask"]).isEmpty)
  }

  private final class NewerAsker: EventProjector {
    static let view = View(
      "asks", version: 2, "What to ask.", needs: .kinds(["query"]), tables: [],
      wants: Wants(kinds: ["ask"], in: Asker.Row.answer))
    init(tables: FoldTables) throws(TableError) {
      _ = try tables.open(Asker.Row.table)
    }
  }

  @Test func `every table of wants begins with what all have`() {
    for projector in ProjectorCatalogue.builtIn.projectors {
      guard let wants = projector.view.wants else { continue }
      #expect(
        wants.table.columns.prefix(WantedEffect.columns.count).map(\.name) == WantedEffect.columns)
      #expect(wants.table.key == ["request_id"] && !wants.kinds.isEmpty)
      #expect(projector.view.tables.last?.name == wants.table.name)
    }
  }

  @Test func `export leaves out what foldlog said, unless it is named`() throws {
    let own = #"{"event":"alert_sent","alert_id":"a","ts":1772323200}"#
    let log = try log([Self.query("one"), own, Self.query("two")])
    func exported(_ change: (inout LogRequest) -> Void = { _ in }) throws -> [String] {
      var request = LogRequest()
      change(&request)
      var bytes: [UInt8] = []
      try LogService(log.store).exportLog(request.checked(for: .builtIn)) { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    #expect(try exported() == [Self.query("one"), Self.query("two")])
    #expect(try exported { $0.stream = "foldlog" } == [own])
    #expect(try exported { $0.kind = "alert_sent" } == [own])
    #expect(try exported { $0.filters = ["stream = foldlog"] } == [own])
  }
}
