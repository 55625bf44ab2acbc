import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import ValuesProjector
import Views

/// Facts about interactions that come and change, made up.
private func madeUpFacts(seed: UInt64, count: Int) -> [Fact] {
  var random = SeededRandom(seed: seed)
  func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
  var known: [Interaction] = []
  return (0..<count).map { offset in
    if known.isEmpty || number(3) > 0 {
      let made = interaction(
        UInt64(known.count), at: UInt64(offset), stream: Events.Stream.allCases[number(4)],
        seconds: Int64(number(5)) * 86_400, score: Int64(number(101)),
        number(2) == 0 ? [:] : [.model: .text("m\(number(3))")])
      known.append(made)
      return asserted(made)
    }
    let place = number(known.count)
    let before = known[place]
    if number(2) == 0 { known[place].score.total = FixedPoint(hundredths: Int64(number(101))) }
    if number(2) == 0 { known[place].score.tier = Tier.allCases[number(4)] }
    if number(3) == 0 { known[place].fields[.model] = .text("m\(number(3))") }
    known[place].evidence.add(UInt64(offset))
    return Fact(of: EventID(UInt64(offset)), before: before, after: known[place])
  }
}

@Suite struct ValuesFoldTests {
  /// The digest and the answers of a fold in batches, its tables opened anew in between or not.
  private func fold(
    _ facts: [Fact], cuts: [Int], reopens: Bool
  ) throws -> (digest: Digest, rows: [[[Cell]]]) {
    let storage = MemoryTables()
    var tables = FoldTables(view: "values", provider: storage)
    var projector = try ValuesProjector(tables: tables)
    var start = 0
    for end in cuts + [facts.count] {
      try projector.apply(FoldBatch(events: [], facts: Array(facts[start..<end])))
      start = end
      guard reopens || end == facts.count else { continue }
      try tables.flush()
      tables = FoldTables(view: "values", digest: tables.digest, provider: storage)
      projector = try ValuesProjector(tables: tables)
    }
    #expect(try tables.rehashed() == tables.digest)
    let rows = try ValuesProjector.view.tables.map { answer in
      var rows: [[Cell]] = []
      try answer.forEach(in: FoldTables(view: "values", provider: storage)) { cells in
        rows.append(cells)
        #expect(cells.count == answer.columns.count)
        return true
      }
      return rows
    }
    return (tables.digest, rows)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `cuts and openings leave no trace`(seed: UInt64) throws {
    let facts = madeUpFacts(seed: seed, count: 1_500)
    let whole = try fold(facts, cuts: [], reopens: false)
    var random = SeededRandom(seed: seed ^ 0xff)
    for round in 0..<4 {
      let cuts = (0..<20).map { _ in Int(random.next() % 1_500) }.sorted()
      let again = try fold(facts, cuts: cuts, reopens: round > 0)
      #expect(again.digest == whole.digest, "seed \(seed)")
      #expect(again.rows == whole.rows, "seed \(seed)")
    }
  }

  @Test func `the sums are those of the rows`() throws {
    let rows = try fold(madeUpFacts(seed: 5, count: 1_500), cuts: [200, 900], reopens: true).rows
    let values = rows[0]
    var tenths = [Int64](repeating: 0, count: 10)
    var days: [String: (count: Int64, high: Int64, sum: Double)] = [:]
    for row in values {
      guard case .decimal(let score) = row[12], case .time(let time) = row[6],
        case .text(let stream) = row[4], case .text(let tier) = row[18]
      else {
        Issue.record("a row without a score")
        continue
      }
      tenths[min(9, Int(score.doubleValue * 10 + 1e-12))] += 1
      let model = if case .text(let model) = row[8] { model } else { "" }
      var day = days["\(CivilDate(day: time.day)) \(stream) \(model)"] ?? (0, 0, 0)
      day.count += 1
      day.high += tier == "reference" ? 0 : 1
      day.sum += score.doubleValue
      days["\(CivilDate(day: time.day)) \(stream) \(model)"] = day
    }
    #expect(rows[2].map { $0[1] } == tenths.map { .integer($0) })
    #expect(rows[1].count == days.count)
    for row in rows[1] {
      guard case .text(let date) = row[0], case .text(let stream) = row[1],
        case .real(let mean) = row[4]
      else {
        Issue.record("a day without a name")
        continue
      }
      let model = if case .text(let model) = row[2] { model } else { "" }
      let day = try #require(days["\(date) \(stream) \(model)"])
      #expect(row[3] == .integer(day.count))
      #expect(row[5] == .integer(day.high))
      #expect(abs(mean - day.sum / Double(day.count)) < 1e-12)
    }
  }
}
