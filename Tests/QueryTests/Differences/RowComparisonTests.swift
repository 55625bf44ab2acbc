import Bytes
import Events
import Testing
import Views

@testable import Query

/// Rows of an id and one value.
private func column(
  _ type: ColumnType, _ before: [Int64: Cell], _ after: [Int64: Cell], examplesMax: Int = 3
) throws -> TableDifference {
  func rows(_ values: [Int64: Cell]) -> [[Cell]] {
    values.sorted { $0.key < $1.key }.map { [.integer($0.key), $0.value] }
  }
  return try StatesTable(
    [Column("id", .integer), Column("value", type)], before: rows(before), after: rows(after)
  ).compared(examplesMax: examplesMax)
}

/// The one field of the only column.
private func changes(
  _ type: ColumnType, _ before: [Int64: Cell], _ after: [Int64: Cell], examplesMax: Int = 3
) throws -> FieldDifference? {
  try column(type, before, after, examplesMax: examplesMax).fields.first
}

private func change(
  _ id: Int64, _ before: Cell, _ after: Cell, _ difference: Cell = .null
) -> CellChange {
  CellChange(key: [.integer(id)], before: before, after: after, difference: difference)
}

@Suite struct RowComparisonTests {
  @Test func `two empty sides are the same`() throws {
    let difference = try column(.text, [:], [:])
    #expect(difference == TableDifference(table: "made/up", key: [Column("id", .integer)]))
    #expect(difference.isEmpty)
  }

  @Test func `against nothing all rows are added, or removed`() throws {
    let rows: [Int64: Cell] = [1: .text("a"), 2: .text("b"), 5: .null, 9: .text("")]
    let grown = try column(.text, [:], rows)
    #expect(grown.rowsBefore == 0 && grown.rowsAfter == 4)
    #expect(grown.added == 4 && grown.removed == 0 && grown.changed == 0 && grown.fields.isEmpty)
    #expect(grown.addedKeys == [[.integer(1)], [.integer(2)], [.integer(5)]])
    #expect(grown.removedKeys.isEmpty && !grown.isEmpty)
    let gone = try column(.text, rows, [:])
    #expect(gone.rowsBefore == 4 && gone.rowsAfter == 0)
    #expect(gone.added == 0 && gone.removed == 4 && gone.addedKeys.isEmpty)
    #expect(gone.removedKeys == grown.addedKeys && !gone.isEmpty)
  }

  @Test func `rows are added and removed at both ends and between`() throws {
    let before: [Int64: Cell] = [1: .null, 3: .null, 5: .null, 6: .null]
    let after: [Int64: Cell] = [0: .null, 3: .null, 4: .null, 6: .null, 7: .null]
    let difference = try column(.text, before, after)
    #expect(difference.rowsBefore == 4 && difference.rowsAfter == 5 && difference.changed == 0)
    #expect(difference.added == 3 && difference.removed == 2)
    #expect(difference.addedKeys == [[.integer(0)], [.integer(4)], [.integer(7)]])
    #expect(difference.removedKeys == [[.integer(1)], [.integer(5)]])
  }

  @Test func `a row that changed counts once, its fields each`() throws {
    let columns = [Column("id", .integer), Column("a", .text), Column("b", .integer)]
    let difference = try StatesTable(
      columns,
      before: [[.integer(1), .text("x"), .integer(1)], [.integer(2), .null, .integer(5)]],
      after: [[.integer(1), .text("y"), .integer(2)], [.integer(2), .null, .integer(7)]]
    ).compared()
    #expect(difference.changed == 2 && difference.added == 0 && difference.removed == 0)
    #expect(difference.fields.map(\.field) == ["a", "b"])
    #expect(difference.fields.map(\.changed) == [1, 2])
    #expect(difference.fields[0].meanChange == nil && difference.fields[1].meanChange == 1.5)
  }

  @Test func `rows are paired by what they are of, and not by a number handed out in passing`()
    throws
  {
    func row(_ number: Int64, _ offset: Int64, _ score: Int64) -> [Cell] {
      [.integer(number), .integer(offset), .integer(score)]
    }
    let columns = [
      Column("number", .integer), Column("offset", .integer), Column("score", .integer),
    ]
    // The first is gone, so that each that is left has another number; one has another score, two lie
    // in another order, two are of one offset, and one is new.
    var table = StatesTable(
      columns, key: ["number"],
      before: [row(0, 10, 5), row(1, 20, 6), row(2, 30, 7), row(3, 30, 8), row(4, 40, 9)],
      after: [row(0, 40, 9), row(1, 20, 6), row(2, 30, 7), row(3, 30, 1), row(4, 50, 2)])
    #expect(try table.compared(by: .identity).changed == 3)
    table.identity = ["offset"]
    table.numbering = ["number"]
    let difference = try table.compared(by: .identity)
    #expect(difference.key.map(\.name) == ["offset"])
    #expect(difference.rowsBefore == 5 && difference.rowsAfter == 5)
    #expect(difference.removedKeys == [[.integer(10)]] && difference.removed == 1)
    #expect(difference.addedKeys == [[.integer(50)]] && difference.added == 1)
    #expect(difference.changed == 1 && difference.fields.map(\.field) == ["score"])
    #expect(
      difference.fields.first?.examples == [
        CellChange(
          key: [.integer(30)], before: .integer(8), after: .integer(1), difference: .integer(-7))
      ])
    #expect(try table.compared().changed == 3, "by the key, which is what `verify` compares")
  }

  @Test func `keys of several columns go one after the other, none before the empty one`() throws {
    let columns = [
      Column("count", .integer), Column("model", .text), Column("day", .text),
    ]
    let before: [[Cell]] = [
      [.integer(1), .null, .text("2026-01-05")], [.integer(1), .text(""), .text("2026-01-05")],
      [.integer(1), .text("b"), .text("2026-01-05")], [.integer(1), .null, .text("2026-01-06")],
    ]
    var after = before
    after[1][0] = .integer(4)
    after[2][1] = .text("a")
    let difference = try StatesTable(columns, key: ["day", "model"], before: before, after: after)
      .compared()
    #expect(difference.key.map(\.name) == ["day", "model"])
    #expect(difference.addedKeys == [[.text("2026-01-05"), .text("a")]])
    #expect(difference.removedKeys == [[.text("2026-01-05"), .text("b")]])
    #expect(
      difference.fields.first?.examples == [
        CellChange(
          key: [.text("2026-01-05"), .text("")], before: .integer(1), after: .integer(4),
          difference: .integer(3))
      ])
  }

  @Test func `the largest changes come first, equal ones by key`() throws {
    let before = Dictionary(uniqueKeysWithValues: (1...6).map { (Int64($0), Cell.integer(10)) })
    let values: [Int64] = [11, 7, 13, 10, 14, 7]
    let after = Dictionary(
      uniqueKeysWithValues: values.enumerated().map { (Int64($0 + 1), Cell.integer($1)) })
    let field = try changes(.integer, before, after)
    #expect(field?.changed == 5)
    #expect(field?.meanChange == 0.4)
    let ordered = [
      change(5, .integer(10), .integer(14), .integer(4)),
      change(2, .integer(10), .integer(7), .integer(-3)),
      change(3, .integer(10), .integer(13), .integer(3)),
      change(6, .integer(10), .integer(7), .integer(-3)),
      change(1, .integer(10), .integer(11), .integer(1)),
    ]
    for count in 0...6 {
      #expect(
        try changes(.integer, before, after, examplesMax: count)?.examples
          == Array(ordered.prefix(count)))
    }
  }

  @Test func `decimals are subtracted exactly`() throws {
    let field = try changes(
      .decimal, [1: .decimal(FixedPoint(hundredths: 40)), 2: .decimal(FixedPoint(units: 1))],
      [1: .decimal(FixedPoint(hundredths: 70)), 2: .decimal(.zero)])
    #expect(
      field?.examples == [
        change(
          1, .decimal(FixedPoint(hundredths: 40)), .decimal(FixedPoint(hundredths: 70)),
          .decimal(FixedPoint(hundredths: 30))),
        change(
          2, .decimal(FixedPoint(units: 1)), .decimal(.zero), .decimal(FixedPoint(units: -1))),
      ])
    #expect(field?.meanChange == 0.149_999_999_5)
  }

  @Test func `a change beyond a type's range is the nearest within it`() throws {
    let integers = try changes(.integer, [1: .integer(.min)], [1: .integer(.max)])
    #expect(integers?.examples.first?.difference == .integer(.max))
    #expect(integers?.meanChange == 0x1p64)
    let decimals = try changes(
      .decimal, [1: .decimal(FixedPoint(units: .max))], [1: .decimal(FixedPoint(units: .min))])
    #expect(decimals?.examples.first?.difference == .decimal(FixedPoint(units: .min)))
    let reals = try changes(
      .real, [1: .real(-.greatestFiniteMagnitude)], [1: .real(.greatestFiniteMagnitude)])
    #expect(reals?.examples.first?.difference == .null && reals?.meanChange == nil)
  }

  @Test func `a value that comes or goes changes its field, and no mean`() throws {
    let field = try changes(
      .real, [1: .null, 2: .real(2), 3: .real(1), 4: .null],
      [1: .real(9), 2: .null, 3: .real(1.25), 4: .null])
    #expect(field?.changed == 3 && field?.meanChange == 0.25)
    #expect(
      field?.examples == [
        change(3, .real(1), .real(1.25), .real(0.25)), change(1, .null, .real(9)),
        change(2, .real(2), .null),
      ])
    let onlyNulls = try changes(.real, [1: .null], [1: .real(9)])
    #expect(onlyNulls?.changed == 1 && onlyNulls?.meanChange == nil)
  }

  @Test func `what is no number is null, and the two zeros are one`() throws {
    #expect(
      try column(
        .real, [1: .real(.nan), 2: .null, 3: .real(0)], [1: .null, 2: .real(.nan), 3: .real(-0.0)]
      )
      .isEmpty)
    let field = try changes(.real, [1: .real(.nan)], [1: .real(1)])
    #expect(field?.examples.map(\.after) == [.real(1)])
    #expect(field?.examples.map(\.difference) == [.null] && field?.meanChange == nil)
  }

  @Test func `texts are compared by their bytes`() throws {
    let field = try changes(
      .text, [1: .text("caf\u{e9}"), 2: .text("same"), 3: .text("")],
      [1: .text("cafe\u{301}"), 2: .text("same"), 3: .null])
    #expect(field?.changed == 2 && field?.meanChange == nil)
    #expect(field?.examples.map(\.key) == [[.integer(1)], [.integer(3)]])
  }

  @Test(arguments: [
    (ColumnType.time, seconds(5), seconds(6)), (.bool, .bool(false), .bool(true)),
    (.texts, .texts(["a"]), .texts(["a", "b"])), (.texts, .texts(["a", "b"]), .texts(["b", "a"])),
    (.offsets, .offsets([1, 2]), .offsets([1, 3])), (.offsets, .offsets([]), .null),
  ])
  func `of other types the first changes are kept`(
    type: ColumnType, before: Cell, after: Cell
  ) throws {
    let same: [Int64: Cell] = [1: before, 2: after]
    #expect(try column(type, same, same).isEmpty)
    let ids = Int64(1)...5
    let field = try changes(
      type, Dictionary(uniqueKeysWithValues: ids.map { ($0, before) }),
      Dictionary(uniqueKeysWithValues: ids.map { ($0, after) }))
    #expect(field?.changed == 5 && field?.meanChange == nil)
    #expect(field?.examples == (1...3).map { change($0, before, after) })
  }
}
