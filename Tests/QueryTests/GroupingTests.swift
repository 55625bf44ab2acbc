import Bytes
import TestSupport
import Testing
import Views

@testable import Query

/// Groups, their sums and means, several orders, and the columns of an answer.
@Suite struct GroupingTests {
  private static func decimal(_ text: String) -> Cell {
    .decimal(FixedPoint(units: Int64((Double(text) ?? 0) * 1e9 + 0.5)))
  }

  /// Model, cost, tokens, latency, whether it worked.
  private static let table = RowsTable(
    [
      Column("offset", .integer), Column("model", .text), Column("cost", .decimal),
      Column("tokens", .integer), Column("latency", .real), Column("ok", .bool),
      Column("tools", .texts),
    ],
    key: ["offset"],
    [
      [
        .integer(0), .text("b"), decimal("0.1"), .integer(.max), .real(1e16), .bool(true),
        .texts([]),
      ],
      [.integer(1), .null, .null, .integer(1), .real(1), .bool(false), .texts([])],
      [.integer(2), .text("b"), decimal("0.2"), .integer(.max), .real(-1e16), .null, .texts([])],
      [.integer(3), .text("a"), decimal("0.3"), .null, .real(.nan), .bool(true), .texts([])],
      [.integer(4), .text("b"), .null, .integer(-.max), .real(1), .bool(false), .texts([])],
    ])

  private func answer(
    _ grouping: Grouping, where filters: [String] = [], sort: [String] = [],
    isDescending: Bool = false, columns: [String] = [], limit: Int? = nil
  ) throws -> String {
    let plan = try QueryPlan(
      Self.table, where: filters, groupedBy: grouping, sort: sort, isDescending: isDescending,
      columns: columns, limit: limit)
    var bytes: [UInt8] = []
    let formatter = AnswerFormatter(.csv, AnswerHeading(plan, offset: 0)) { bytes += $0 }
    try plan.write(to: formatter, in: noTables())
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
      .joined(separator: "\n")
  }

  @Test func `null is a group, and the last one`() throws {
    #expect(try answer(Grouping(by: ["model"])) == "model,count\na,1\nb,3\n,1")
  }

  @Test func `sums are exact, and nulls are left out of them and of means`() throws {
    #expect(
      try answer(Grouping(by: ["model"], sums: ["cost", "tokens", "ok"], means: ["cost", "ok"]))
        == """
        model,count,sum_cost,sum_tokens,sum_ok,mean_cost,mean_ok
        a,1,0.3,,1,0.3,1.0
        b,3,0.3,9223372036854775807,1,0.15,0.5
        ,1,,1,0,,0.0
        """)
  }

  @Test func `the sum of reals does not depend on their order`() throws {
    #expect(
      try answer(Grouping(by: ["model"], sums: ["latency"]))
        == "model,count,sum_latency\na,1,\nb,3,1.0\n,1,1.0")
    // Halfway between two doubles, and above it by what comes last.
    let numbers = [1.0, 0x1p-53, 0x1p-106]
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [1, 0, 2]] {
      let table = RowsTable([Column("x", .real)], order.map { [.real(numbers[$0])] })
      var sums: [Cell] = []
      try QueryPlan(table, groupedBy: Grouping(sums: ["x"])).run(in: noTables()) { cells in
        sums.append(cells[1])
        return true
      }
      #expect(sums == [.real(1 + 0x1p-52)])
    }
  }

  @Test func `without fields all rows are one group, also when there are none`() throws {
    #expect(try answer(Grouping(sums: ["cost"])) == "count,sum_cost\n5,0.6")
    #expect(try answer(Grouping(means: ["cost"]), where: ["offset > 9"]) == "count,mean_cost\n0,")
  }

  @Test func `filters come before, order, columns and limit after`() throws {
    #expect(
      try answer(
        Grouping(by: ["model", "ok"], sums: ["cost"]), where: ["offset != 3"],
        sort: ["count", "sum_cost:asc"], isDescending: true, columns: ["sum_cost", "model"],
        limit: 3) == "sum_cost,model\n0.1,b\n0.2,b\n,b")
  }

  @Test func `numbers of any size sort among one another`() throws {
    let sums: [Cell] = [
      .decimal(FixedPoint(units: 500_000_000)), .integer(20_000_000_000), .integer(-20_000_000_000),
      .integer(30_000_000_000), .null, .decimal(FixedPoint(units: .max)),
    ]
    let table = RowsTable(
      [Column("offset", .integer), Column("x", .decimal)],
      sums.enumerated().map { [.integer(Int64($0)), $1] })
    #expect(try offsets(QueryPlan(table, sort: ["x"])) == [2, 0, 5, 1, 3, 4])
    #expect(try offsets(QueryPlan(table, sort: ["x:desc"], limit: 4)) == [3, 1, 5, 0])
  }

  @Test func `what cannot be grouped or summed is named`() {
    func message(_ grouping: Grouping) -> String? {
      #expect(throws: QueryError.self) { try answer(grouping) }?.message
    }
    #expect(
      message(Grouping(by: ["tools"])) == "`tools` holds lists of texts, which cannot be grouped by"
    )
    #expect(
      message(Grouping(by: ["model"], sums: ["model"]))
        == "`model` holds text, which cannot be summed")
    #expect(
      message(Grouping(by: ["modle"])) == "values has no field `modle`; did you mean `model`?")
  }

  @Test(arguments: [
    (
      "cost", "; `--mean cost` adds mean_cost, `--sum cost` adds sum_cost"
    ),
    ("offset", "; `--mean offset` adds mean_offset, `--sum offset` adds sum_offset"),
    ("tools", ""), ("cuont", "; did you mean `count`?"),
  ])
  func `groups have no fields of their rows, and say what adds them`(field: String, added: String) {
    let error = #expect(throws: QueryError.self) {
      try answer(Grouping(by: ["model"]), sort: [field])
    }
    #expect(error?.message == "the groups of values have no field `\(field)`\(added)")
    #expect(error?.notes == ["fields of the groups: model, count"])
  }

  @Test func `two columns of one name are refused`() {
    let table = RowsTable([Column("count", .integer)])
    let error = #expect(throws: QueryError.self) {
      try QueryPlan(table, groupedBy: Grouping(by: ["count"]))
    }
    #expect(error?.message == "the answer would have two columns that are called `count`")
  }

  @Test func `columns are given as they are named, each once`() throws {
    let plan = try QueryPlan(Self.table, columns: ["model", "offset", "model"], limit: 1)
    #expect(plan.columns.map(\.name) == ["model", "offset"])
    try plan.run(in: noTables()) { cells in
      #expect(cells == [.text("b"), .integer(0)])
      return true
    }
    let unknown = #expect(throws: QueryError.self) {
      try QueryPlan(Self.table, columns: ["modell"])
    }
    #expect(unknown?.message == "values has no field `modell`; did you mean `model`?")
  }

  @Test func `a later field orders what is equal by the earlier`() throws {
    #expect(try offsets(QueryPlan(Self.table, sort: ["model", "offset:desc"])) == [3, 4, 2, 0, 1])
    #expect(
      try offsets(QueryPlan(Self.table, sort: ["ok", "tokens"], isDescending: true, limit: 4))
        == [0, 3, 1, 4])
    let error = #expect(throws: QueryError.self) {
      try QueryPlan(Self.table, sort: ["model:up"])
    }
    #expect(error?.message == "a field is sorted `asc` or `desc`, as in `model:desc`, not `up`")
  }

  @Test func `conditions are alternatives where or stands between them`() throws {
    func offsets(_ filters: String...) throws -> [Int64] {
      try QueryTests.offsets(QueryPlan(Self.table, where: filters))
    }
    #expect(try offsets("model = a", "or", "offset = 1") == [1, 3])
    #expect(try offsets("model = b", "ok = true", "or", "model = b", "ok = false") == [0, 4])
    for wrong in [
      ["or"], ["or", "ok = true"], ["ok = true", "or"], ["ok = true", "or", "or", "ok = false"],
    ] {
      let error = #expect(throws: QueryError.self) { try QueryPlan(Self.table, where: wrong) }
      #expect(error?.message.hasPrefix("--or stands between two --where") == true)
    }
  }

  @Test(arguments: [
    ("model ~i QWEN", [0]), ("model ~i 'LLAMA'", [1]), ("model ~i\"llama\"", [1]),
    ("tools ~i BASH", [0]), ("model ~ QWEN", []), ("model ~instruct", []), ("model ~ i", []),
    ("model ~i ÉTÉ", []),
  ])
  func `upper and lower case are one with ~i alone`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test func `~i says nothing of numbers, and wants a value`() {
    for (expression, part) in [
      ("score ~i 1", "for which ~i says nothing"), ("model ~i", "no value"),
    ] {
      let error = #expect(throws: QueryError.self) { try matching(expression) }
      #expect(error?.message.contains(part) == true)
    }
  }
}

/// Several columns with few values, ties and nulls, against a plain stable sort.
@Suite struct SeveralOrdersTests {
  @Test func `equals a plain stable sort by several columns`() throws {
    var random = SeededRandom(seed: 7)
    let texts = ["", "a", "abcdefg", "abcdefgh", "abcdefghi"]
    let rows: [[Cell]] = (0..<Int64(400)).map { offset in
      let number = Int64.random(in: 0..<3, using: &random)
      let text = Int.random(in: 0..<6, using: &random)
      return [
        .integer(offset), text == 5 ? .null : .text(texts[text]),
        number == 2 ? .null : .integer(number),
      ]
    }
    let table = RowsTable(
      "t", [Column("offset", .integer), Column("a", .text), Column("b", .integer)], rows)
    func rank(_ cell: Cell, _ isDescending: Bool) -> Int {
      switch cell {
      case .text(let text):
        let place = texts.firstIndex(of: text) ?? 0
        return isDescending ? -place : place
      case .integer(let number): return Int(isDescending ? -number : number)
      default: return 100
      }
    }
    for (sort, descending) in [
      (["a:asc", "b:desc"], [false, true]), (["a:desc", "b:asc"], [true, false]),
      (["a:desc", "b:desc"], [true, true]),
    ] {
      let expected = rows.map { row in
        [rank(row[1], descending[0]), rank(row[2], descending[1]), Int(row[0].integer ?? 0)]
      }.sorted { $0.lexicographicallyPrecedes($1) }.map { Int64($0[2]) }
      for limit in [nil, 5, 333] {
        #expect(
          try offsets(QueryPlan(table, sort: sort, limit: limit))
            == Array(expected.prefix(limit ?? 400)))
      }
    }
  }
}
