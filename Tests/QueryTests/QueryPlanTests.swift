import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import Query

@Suite struct QueryPlanTests {
  @Test func `rows come in key order, and the scan ends at the limit`() throws {
    let table = sampleTable()
    #expect(try offsets(QueryPlan(table)) == [0, 1, 2, 3])
    #expect(try offsets(QueryPlan(table, limit: 2)) == [0, 1])
    #expect(table.scanned.rows == 4 + 2)
    #expect(try offsets(QueryPlan(table, limit: 0)) == [])
    #expect(table.scanned.rows == 4 + 2)
    #expect(try offsets(QueryPlan(table, limit: 9)) == [0, 1, 2, 3])
  }

  @Test func `without a field, descending turns the key order round`() throws {
    #expect(try offsets(QueryPlan(sampleTable(), isDescending: true)) == [3, 2, 1, 0])
    #expect(try offsets(QueryPlan(sampleTable(), isDescending: true, limit: 3)) == [3, 2, 1])
    #expect(try offsets(QueryPlan(sampleTable(), isDescending: true, limit: 4)) == [3, 2, 1, 0])
    #expect(
      try offsets(QueryPlan(sampleTable(), where: ["offset < 3"], isDescending: true, limit: 1))
        == [2])
  }

  @Test func `a limit below zero is wrong`() {
    let error = #expect(throws: QueryError.self) { try QueryPlan(sampleTable(), limit: -1) }
    #expect(error?.description == "a limit is 0 or more, and -1 is not")
    #expect(error?.kind == .usage)
  }

  @Test func `an unknown field to sort by is wrong`() {
    let error = #expect(throws: QueryError.self) { try QueryPlan(sampleTable(), sort: ["scores"]) }
    #expect(
      error?.description == """
        values has no field `scores`; did you mean `score`?
        fields of values: offset, active, score, p_value, model, time, tools, offsets
        """)
  }

  @Test(arguments: [
    ("active", [1, 0, 2, 3], [0, 2, 1, 3]), ("score", [1, 0, 2, 3], [2, 0, 1, 3]),
    ("p_value", [1, 0, 2, 3], [2, 0, 1, 3]), ("model", [1, 2, 0, 3], [0, 2, 1, 3]),
    ("time", [0, 1, 2, 3], [2, 1, 0, 3]), ("tools", [1, 0, 2, 3], [2, 0, 1, 3]),
    ("offsets", [2, 0, 1, 3], [1, 0, 2, 3]), ("offset", [0, 1, 2, 3], [3, 2, 1, 0]),
  ])
  func `sorts by each type, nulls last both ways`(
    field: String, ascending: [Int64], descending: [Int64]
  ) throws {
    for limit in [nil, 4, 3, 1] {
      let count = limit ?? 4
      #expect(
        try offsets(QueryPlan(sampleTable(), sort: [field], limit: limit))
          == Array(ascending.prefix(count)))
      #expect(
        try offsets(QueryPlan(sampleTable(), sort: [field], isDescending: true, limit: limit))
          == Array(descending.prefix(count)))
    }
  }

  @Test func `counts what lies beyond the limit when asked to`() throws {
    func count(_ plan: QueryPlan) throws -> RowCount { try plan.run(in: noTables()) { _ in true } }
    let table = sampleTable()
    for sort in [nil, "score"] {
      for isDescending in [false, true] {
        let some = try QueryPlan(
          table, where: ["offset > 0"], sort: sort.map { [$0] } ?? [], isDescending: isDescending,
          limit: 2,
          countsRest: true)
        #expect(try count(some) == RowCount(shown: 2, more: 1))
        let all = try QueryPlan(
          table, sort: sort.map { [$0] } ?? [], isDescending: isDescending, countsRest: true)
        #expect(try count(all) == RowCount(shown: 4, more: 0))
        let none = try QueryPlan(
          table, sort: sort.map { [$0] } ?? [], isDescending: isDescending, limit: 0,
          countsRest: true)
        #expect(try count(none) == RowCount(shown: 0, more: 4))
        let uncounted = try QueryPlan(
          table, sort: sort.map { [$0] } ?? [], isDescending: isDescending, limit: 2)
        #expect(try count(uncounted) == RowCount(shown: 2, more: nil))
      }
    }
  }

  @Test func `stops when nobody reads on`() throws {
    let table = sampleTable()
    for sort in [nil, "score"] {
      for isDescending in [false, true] {
        var seen = 0
        try QueryPlan(table, sort: sort.map { [$0] } ?? [], isDescending: isDescending).run(
          in: noTables()
        ) { _ in
          seen += 1
          return seen < 2
        }
        #expect(seen == 2)
      }
    }
    let counting = try QueryPlan(table, limit: 3, countsRest: true)
    #expect(try counting.run(in: noTables()) { _ in false } == RowCount(shown: 1, more: nil))
  }

  @Test func `errors of the table pass through`() throws {
    let plan = try QueryPlan(sampleTable())
    #expect(throws: TableError.self) {
      try plan.run(in: noTables()) { _ throws(TableError) in
        throw TableError(table: "values", reason: "torn")
      }
    }
  }

  @Test func `names the columns that the question names`() throws {
    let plan = try QueryPlan(
      sampleTable(), where: ["model = a", "score > 0", "model != b"], sort: ["score"])
    #expect(plan.namedColumns == [2, 4])
  }

  @Test func `a terminal gets 50 rows and the count of the others`() throws {
    let plan = try QueryPlan(sampleTable()).forTerminalTable()
    #expect(plan.limit == 50)
    #expect(plan.countsRest)
    let limited = try QueryPlan(sampleTable(), limit: 70).forTerminalTable()
    #expect(limited.limit == 70)
    #expect(!limited.countsRest)
  }
}

/// The order of many random rows, against a plain stable sort.
@Suite struct SortOracleTests {
  private static let long = String(repeating: "abcdefg", count: 12)

  private static func cell(_ type: ColumnType, _ random: inout SeededRandom) -> Cell {
    if Int.random(in: 0..<8, using: &random) == 0 { return .null }
    let small = Int64.random(in: -3...3, using: &random)
    switch type {
    case .bool: return .bool(small > 0)
    case .integer: return [.integer(small), .integer(.max), .integer(.min)][abs(Int(small)) % 3]
    case .decimal: return .decimal(FixedPoint(units: small))
    case .real:
      return .real([0.0, -0.0, 1e-300, -1e300, .infinity, -1, .nan][Int(small + 3)])
    case .time: return .time(Timestamp(nanoseconds: small))
    case .text:
      let texts = [
        "", "a", "a\0", "abcdefg", "abcdefgh", "abcdefg\0", long, long + "x", long + "\0", "é", "日",
      ]
      return .text(texts[Int.random(in: 0..<texts.count, using: &random)])
    case .texts: return .texts(Array(repeating: "x", count: abs(Int(small))) + ["\(small)"])
    case .offsets: return .offsets([UInt64(small.magnitude), UInt64(abs(small + 1))])
    }
  }

  /// Written without the code under test: the order that the columns' types call for.
  private static func precedes(_ left: Cell, _ right: Cell) -> Bool {
    switch (left, right) {
    case (.bool(let left), .bool(let right)): !left && right
    case (.integer(let left), .integer(let right)): left < right
    case (.decimal(let left), .decimal(let right)): left < right
    case (.real(let left), .real(let right)): left < right
    case (.time(let left), .time(let right)): left < right
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.texts(let left), .texts(let right)):
      left.lexicographicallyPrecedes(right) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    case (.offsets(let left), .offsets(let right)): left.lexicographicallyPrecedes(right)
    default: false
    }
  }

  private static func isNull(_ cell: Cell) -> Bool {
    if case .real(let value) = cell { return value.isNaN }
    return cell == .null
  }

  @Test(arguments: [
    ColumnType.bool, .integer, .decimal, .real, .time, .text, .texts, .offsets,
  ])
  func `equals a plain stable sort`(type: ColumnType) throws {
    var random = SeededRandom(seed: 2_026)
    let rows = (0..<300).map { [Cell.integer($0), Self.cell(type, &random)] }
    let table = RowsTable("t", [Column("offset", .integer), Column("x", type)], rows)
    for isDescending in [false, true] {
      // Insertion sort is stable and needs no promise of the library's.
      var expected: [[Cell]] = []
      for row in rows where !Self.isNull(row[1]) {
        let place = expected.firstIndex {
          isDescending ? Self.precedes($0[1], row[1]) : Self.precedes(row[1], $0[1])
        }
        expected.insert(row, at: place ?? expected.count)
      }
      expected += rows.filter { Self.isNull($0[1]) }
      let places = expected.compactMap {
        if case .integer(let place) = $0[0] { place } else { nil }
      }
      for limit in [nil, 1, 7, 299, 300, 1_000] {
        let plan = try QueryPlan(table, sort: ["x"], isDescending: isDescending, limit: limit)
        #expect(
          try offsets(plan) == Array(places.prefix(limit ?? 300)), "\(type), limit \(limit ?? -1)")
      }
    }
  }
}
