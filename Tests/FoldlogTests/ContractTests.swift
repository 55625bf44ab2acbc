import Bytes
import Conversations
import EventLog
import Events
import Facts
import Interactions
import Projection
import Query
import Scoring
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog
@testable import Pipeline

/// What holds for every view of the catalogue, whoever made it: a new projector is held to it by being
/// there.
@Suite struct ContractTests {
  private let views = ContractLog.catalogue.views

  private func expectSame(
    _ left: [String: ViewContent], _ right: [String: ViewContent], _ what: String,
    _ location: SourceLocation = #_sourceLocation
  ) {
    #expect(left.keys.sorted() == right.keys.sorted(), "\(what)", sourceLocation: location)
    for (view, content) in left.sorted(by: { $0.key < $1.key }) {
      guard let other = right[view] else { continue }
      let differences = content.differences(from: other)
      #expect(
        differences.isEmpty, "\(view), \(what): \(differences.joined(separator: "\n"))",
        sourceLocation: location)
    }
  }

  // MARK: Folds

  @Test(arguments: [UInt64(101), 102])
  func `cuts, checkpoints, restarts and threads change nothing`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let log = try ContractLog(LogPiece.all(seed: seed))
    let whole = try log.folded()
    for view in views {
      let tables = try #require(whole[view]).tables
      #expect(tables.allSatisfy { !$0.value.isEmpty }, "\(view) has empty tables: seed \(seed)")
    }
    let cut = try ContractLog(
      LogPiece.all(seed: seed), cuts: { Int.random(in: 1...400, using: &random) })
    let folder = try cut.makeBuildFolder()
    var end: Offset = 0
    while end < cut.end {
      end = min(cut.end, end + UInt64.random(in: 1...700, using: &random))
      try cut.fold(
        folder, views, to: end, interval: UInt64.random(in: 1...300, using: &random),
        threads: Int.random(in: 1...2, using: &random))
    }
    expectSame(try cut.contents(folder), whole, "seed \(seed)")
  }

  @Test func `a view folded alone is what it is beside all others`() throws {
    let seed: UInt64 = 201
    let log = try ContractLog(LogPiece.all(seed: seed))
    let together = try log.folded()
    for view in views {
      expectSame(
        try log.folded([view]), together.filter { $0.key == view }, "alone, seed \(seed)")
    }
  }

  @Test(arguments: [UInt64(301), 302, 308])
  func `lines of interactions that are told once more change nothing`(_ seed: UInt64) throws {
    let pieces = try LogPiece.all(seed: seed)
    let log = try ContractLog(pieces)
    let usingFacts = log.store.projectors.projectors.map { $0.view }.filter { $0.needs.facts }
      .map { $0.name }
    let repeated = RepeatableLines(try log.events())
    let lines = pieces.flatMap { piece in piece.lines.map { (piece.stream, $0) } }
    let again = repeated.lines.map { offset in
      LogPiece(stream: lines[Int(offset)].0, lines: [lines[Int(offset)].1])
    }
    #expect(again.count > 300, "seed \(seed)")
    let byStream = Dictionary(grouping: again) { $0.stream?.name ?? "" }.sorted { $0.key < $1.key }
      .map { LogPiece(stream: $0.value[0].stream, lines: $0.value.flatMap(\.lines)) }
    let longer = try ContractLog(pieces + byStream)
    expectSame(
      try longer.folded(usingFacts), try log.folded(usingFacts),
      "\(again.count) lines told again, seed \(seed)")
  }

  @Test func `with its last line skipped a view is that of the log before it`() throws {
    let seed: UInt64 = 401
    let log = try ContractLog(LogPiece.all(seed: seed))
    let whole = try log.folded()
    for projector in log.store.projectors.projectors {
      let view = projector.view
      let content = try #require(whole[view.name])
      let last = try #require(log.lastNamedLine(view, content), "\(view.name) names no line")
      let before = try log.folded([view.name], to: last)
      let skipping = try log.folded([view.name], to: last + 1, skipping: [last])
      expectSame(skipping, before, "without line \(last), seed \(seed)")
      let with = try log.folded([view.name], to: last + 1)
      #expect(with != before, "line \(last) does nothing to \(view.name): seed \(seed)")
    }
  }

  @Test func `as of an event, views are those of a log that ends there`() throws {
    let seed: UInt64 = 501
    var random = SeededRandom(seed: seed)
    let pieces = try LogPiece.all(seed: seed)
    let log = try ContractLog(pieces)
    try log.store.fold()
    for _ in 0..<3 {
      let end = UInt64.random(in: 1..<log.end, using: &random)
      var left = Int(end)
      let first = pieces.map { piece in
        defer { left -= min(left, piece.lines.count) }
        return LogPiece(stream: piece.stream, lines: Array(piece.lines.prefix(left)))
      }
      let short = try ContractLog(first)
      let expected = try short.folded()
      for projector in log.store.projectors.projectors {
        let view = projector.view
        let rows = try AsOfService(log.store).withView(
          TableAddress(view.name), asOf: .events(end), progress: { _ in }
        ) { tables, _ in try log.rows(view, in: tables) }
        let content = ViewContent(sum: expected[view.name]?.sum ?? 0, tables: rows)
        expectSame(
          [view.name: content], expected.filter { $0.key == view.name },
          "as of \(end), seed \(seed)")
      }
    }
  }

  @Test func `the digest kept, that of the rows and that of another fold are one`() throws {
    let seed: UInt64 = 601
    let log = try ContractLog(LogPiece.all(seed: seed), isFolding: true)
    let verdicts = try VerifyService(log.store).verifyViews(progress: { _ in })
    #expect(verdicts.map(\.view) == views)
    for verdict in verdicts { #expect(verdict.isGood, "seed \(seed): \(verdict)") }
  }

  @Test(arguments: [UInt64(701), 702, 703])
  func `tables that merge may be folded in two halves`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let pieces = try LogPiece.all(seed: seed)
    let log = try ContractLog(pieces)
    let conversations = try Conversations(
      tables: FoldTables(view: Conversations.tables, provider: MemoryTables()),
      prices: .builtIn)
    let told = try conversations.fold(log.events())
    let events = told.events
    let step = try InteractionStep(
      tables: FoldTables(view: InteractionStep.tables, provider: MemoryTables()),
      settings: ScoringSettings())
    let facts = try step.derive(events)
    let calls = (told.modelCalls + conversations.nativeCalls(of: facts)).enumerated().sorted {
      ($0.element.event, $0.offset) < ($1.element.event, $1.offset)
    }.map(\.element)
    // Among the lines that are made up, whose sessions are many lines long.
    let madeUp = try #require(pieces.firstIndex { $0.lines.count == LogPiece.madeUpCount })
    let start = UInt64(pieces[..<madeUp].map(\.lines.count).reduce(0, +))
    let middle = EventID(UInt64.random(in: start + 100..<start + 300, using: &random))
    func part(where isMeant: (EventID) -> Bool) -> FoldBatch {
      FoldBatch(
        events: events.filter { isMeant($0.id) }, facts: facts.filter { isMeant($0.event) },
        repeats: step.repeats.filter { isMeant($0.event) },
        modelCalls: calls.filter { isMeant($0.event) },
        toolCalls: told.toolCalls.filter { isMeant($0.event) },
        notes: told.notes.filter { isMeant($0.event) })
    }
    let halves = [part { $0 < middle }, part { $0 >= middle }]
    let whole = part { _ in true }
    var merging: [String] = []
    for projector in ContractLog.catalogue.projectors {
      let tables = projector.view.tables.compactMap { $0 as? any MergingTable }.filter(\.merges)
      // What does not merge need not fold a half.
      if tables.isEmpty { continue }
      let folded = try ([whole] + halves).map { batch in
        let tables = FoldTables(view: projector.view.name, provider: MemoryTables())
        try ViewSettings(of: [projector]).open(projector, tables).apply(batch)
        try tables.flush()
        return tables
      }
      for table in tables {
        let difference = try table.difference(of: folded[1], and: folded[2], to: folded[0])
        merging.append(table.name)
        #expect(
          difference == nil, "\(table.name) cut at \(middle), seed \(seed): \(difference ?? "")")
      }
    }
    #expect(merging.contains("sessions"))
  }

  // MARK: Answers

  @Test func `rows come in the order of their key, and each is found by it`() throws {
    let log = try ContractLog(LogPiece.all(seed: 801))
    try log.store.fold()
    for table in ContractLog.catalogue.answers {
      let places = table.key.compactMap { key in table.columns.firstIndex { $0.name == key } }
      #expect(places.count == table.key.count && !places.isEmpty, "\(table.name)")
      try ViewReading(log.store).withView(TableAddress(table.name)) { tables, _ in
        var rows: [[Cell]] = []
        try table.forEach(in: tables) { cells in
          rows.append(cells)
          return true
        }
        #expect(!rows.isEmpty, "\(table.name)")
        for row in rows {
          #expect(row.count == table.columns.count, "\(table.name)")
          let key = RowKey(places.map { row[$0] == .null ? nil : row[$0].plainText })
          #expect(try table.row(key, in: tables) == row, "\(table.name) \(key)")
        }
        for (before, after) in zip(rows, rows.dropFirst()) {
          let keys = [before, after].map { row in places.map { sortable(row[$0]) } }
          #expect(keys[0].lexicographicallyPrecedes(keys[1]), "\(table.name) \(before) \(after)")
        }
        let nobody = table.key.map { _ in "no such thing" }
        #expect(try table.row(RowKey(nobody), in: tables) == nil, "\(table.name)")
      }
    }
  }

  @Test(arguments: ContractLog.catalogue.answers.map(\.name))
  func `every column says what it is`(_ name: String) throws {
    let table = try #require(ContractLog.catalogue.answers.first { $0.name == name })
    #expect(!table.about.isEmpty)
    #expect(Set(table.columns.map(\.name)).count == table.columns.count)
    for column in table.columns {
      #expect(!column.about.isEmpty || column.rule?.isEmpty == false, "\(column.name)")
      #expect(
        column.name.utf8.allSatisfy {
          (0x61...0x7a).contains($0) || $0 == 0x5f || (0x30...0x39).contains($0)
        })
    }
  }

  @Test func `every row says how it came about`() throws {
    let seed: UInt64 = 901
    var random = SeededRandom(seed: seed)
    let log = try ContractLog(LogPiece.all(seed: seed))
    try log.store.fold()
    let service = ExplainService(log.store)
    for projector in log.store.projectors.projectors {
      let address = TableAddress(projector.view.name)
      let trace =
        projector.view.tables.contains(where: \.needsTrace)
        ? try service.watch(address, { _ in }).trace(projector, to: log.end) : nil
      try ViewReading(log.store).withView(address) { tables, _ in
        for table in projector.view.tables {
          let rows = try table.rows(in: tables) { _ in true }
          for row in rows {
            let explanation = try table.explanation(of: row, in: tables, trace: trace)
            check(explanation, of: row, table, log, seed)
          }
          // As a person asks for it, with the interaction and the events.
          for row in [rows.first, rows.randomElement(using: &random), rows.last].compactMap({ $0 })
          {
            let key = table.key.map { row[$0].plainText }
            let lineage = try service.explain(
              TableAddress(table.name), key: key, progress: { _ in })
            let explained = try #require(lineage.rows.first)
            #expect(explained.row.cells == row.cells, "\(table.name) \(key), seed \(seed)")
            let explanation = try #require(explained.explanation)
            check(explanation, of: row, table, log, seed)
            #expect(
              lineage.events.map(\.offset) == explanation.offsets,
              "\(table.name) \(key), seed \(seed)")
          }
        }
      }
    }
  }

  private func check(
    _ explanation: Explanation, of row: AnswerRow, _ table: any ExplainedTable, _ log: ContractLog,
    _ seed: UInt64
  ) {
    let name = "\(table.name) \(row.name(key: table.key)), seed \(seed)"
    #expect(!explanation.title.isEmpty && !explanation.rule.isEmpty, "\(name)")
    let untold = table.columns.map(\.name).filter { column in
      !table.key.contains(column)
        && !["offsets", "last_offset", "offset_count"].contains(column)
        && !explanation.figures.contains { $0.name == column }
    }
    #expect(untold.isEmpty, "\(name) does not explain \(untold)")
    for figure in explanation.figures {
      guard table.columns.contains(where: { $0.name == figure.name }) else { continue }
      #expect(figure.value == row[figure.name], "\(name): \(figure.name)")
    }
    #expect(explanation.offsets == Set(explanation.offsets).sorted(), "\(name)")
    #expect(explanation.mentioned.allSatisfy { $0 < log.end }, "\(name)")
    let isOfNothing = zip(table.columns, row.cells).allSatisfy { column, cell in
      column.isKey || column.type != .integer || (cell.integer ?? 0) == 0
    }
    #expect(!explanation.offsets.isEmpty || isOfNothing, "\(name) stands on no event")
    #expect(
      explanation.offsetCount ?? .max >= UInt64(explanation.offsets.count), "\(name)")
  }

  @Test func `the rows that an event went into are those that name it`() throws {
    let seed: UInt64 = 1_001
    var random = SeededRandom(seed: seed)
    let log = try ContractLog(LogPiece.all(seed: seed))
    try log.store.fold()
    let rows = try log.store.projectors.projectors.flatMap { projector in
      try ViewReading(log.store).withView(TableAddress(projector.view.name)) { tables, _ in
        try projector.view.tables.flatMap { table in
          try table.rows(in: tables) { _ in true }.map { (table: table, row: $0) }
        }
      }
    }
    let lines = Dictionary(grouping: try log.events(), by: \.offset).sorted { $0.key < $1.key }
    for (offset, events) in lines.shuffled(using: &random).prefix(40) {
      let place = "line \(offset), seed \(seed)"
      var (told, related) = ([Lineage.ExplainedRow](), Set([offset]))
      for event in events {
        let lineage = try ExplainService(log.store).explain(event: event.id, progress: { _ in })
        told += lineage.rows
        related.formUnion(lineage.interaction?.offsets ?? [])
      }
      let touched = rows.filter { table, row in
        told.contains { $0.table == table.name && $0.row.cells == row.cells }
      }
      let names = Set(touched.map { "\($0.table.name) \($0.row.name(key: $0.table.key))" })
      #expect(Set(told.map(\.plainName)) == names, "\(place)")
      // Rows of a table may stand on the same events: of these, one is enough.
      let missing = rows.filter { table, row in
        row.offsets.contains(offset)
          && !touched.contains { $0.table.name == table.name && $0.row.hasEvidence(of: row) }
      }.map { "\($0.table.name) \($0.row.name(key: $0.table.key))" }
      #expect(missing.isEmpty, "\(place) is in \(missing)")
      // A row that does not name it has more events than it names, or tells of it otherwise.
      let unrelated = try touched.filter { table, row in
        guard table.columns.contains(where: { $0.name == "offsets" }),
          related.isDisjoint(with: row.offsets),
          row["offset_count"].integer ?? 0 <= row.offsets.count
        else { return false }
        return try ViewReading(log.store).withView(TableAddress(table.name)) { tables, _ in
          try table.explanation(of: row, in: tables, trace: nil).mentioned.isDisjoint(with: related)
        }
      }.map { "\($0.table.name) \($0.row.name(key: $0.table.key))" }
      #expect(unrelated.isEmpty, "\(place) is not in \(unrelated)")
    }
  }
}

extension Explanation {
  /// All events that it names.
  fileprivate var mentioned: Set<Offset> {
    Set(offsets + steps.map(\.offset) + figures.flatMap(\.inputs).flatMap(\.offsets))
  }
}

extension Lineage.ExplainedRow {
  fileprivate var plainName: String { "\(table) \(row.name(key: key))" }
}

extension AnswerRow {
  /// Whether it is the other, or says that it stands on just the same events.
  fileprivate func hasEvidence(of other: AnswerRow) -> Bool {
    if cells == other.cells { return true }
    let names = ["offsets", "last_offset", "offset_count"]
    return names.allSatisfy { self[$0] != .null && self[$0] == other[$0] }
  }
}

/// What sorts as rows are to come: missing texts first, numbers by their size, texts by their bytes.
private func sortable(_ cell: Cell) -> [UInt8] {
  switch cell {
  case .null: [0]
  case .integer(let number):
    [1] + (0..<8).map { UInt8(truncatingIfNeeded: UInt64(bitPattern: number) >> (56 - 8 * $0)) }
  default: [1] + Array(cell.plainText.utf8)
  }
}

extension [[UInt8]] {
  fileprivate func lexicographicallyPrecedes(_ other: [[UInt8]]) -> Bool {
    for (mine, theirs) in zip(self, other) where mine != theirs {
      return mine.lexicographicallyPrecedes(theirs)
    }
    return false
  }
}
