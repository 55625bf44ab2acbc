import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import Query

/// The same by looking up each row in a dictionary.
private struct NaiveComparison {
  let columns: [Column]
  let keyCount: Int
  let examplesMax: Int

  func run(_ before: [[Cell]], _ after: [[Cell]]) -> TableDifference {
    var difference = TableDifference(table: "made/up", key: Array(columns.prefix(keyCount)))
    let old = Dictionary(uniqueKeysWithValues: before.map { (name($0), $0) })
    let new = Dictionary(uniqueKeysWithValues: after.map { (name($0), $0) })
    let added = after.filter { old[name($0)] == nil }
    let removed = before.filter { new[name($0)] == nil }
    let both = before.compactMap { row in new[name(row)].map { (row, $0) } }
    difference.rowsBefore = before.count
    difference.rowsAfter = after.count
    difference.added = added.count
    difference.removed = removed.count
    difference.changed = both.count { $0 != $1 }
    difference.addedKeys = added.prefix(examplesMax).map(key)
    difference.removedKeys = removed.prefix(examplesMax).map(key)
    difference.fields = (keyCount..<columns.count).compactMap { field($0, both) }
    return difference
  }

  private func key(_ row: [Cell]) -> [Cell] { Array(row.prefix(keyCount)) }
  private func name(_ row: [Cell]) -> String { "\(key(row))" }

  private func field(_ place: Int, _ rows: [([Cell], [Cell])]) -> FieldDifference? {
    let changes = rows.filter { $0[place] != $1[place] }.map { before, after in
      CellChange(
        key: key(before), before: before[place], after: after[place],
        difference: less(after[place], before[place]))
    }
    if changes.isEmpty { return nil }
    var field = FieldDifference(field: columns[place].name)
    field.changed = changes.count
    let numbers = changes.compactMap(\.difference.doubleValue)
    if !numbers.isEmpty { field.meanChange = numbers.reduce(0, +) / Double(numbers.count) }
    let ranked = changes.enumerated().sorted { left, right in
      let (one, other) = (size(left.element), size(right.element))
      return one != other ? one > other : left.offset < right.offset
    }
    field.examples = ranked.prefix(examplesMax).map(\.element)
    return field
  }

  private func size(_ change: CellChange) -> Double {
    change.difference.doubleValue.map(\.magnitude) ?? -1
  }

  private func less(_ left: Cell, _ right: Cell) -> Cell {
    switch (left, right) {
    case (.integer(let left), .integer(let right)): .integer(left - right)
    case (.decimal(let left), .decimal(let right)): .decimal(left - right)
    case (.real(let left), .real(let right)): .real(left - right)
    default: .null
    }
  }
}

@Suite struct RandomComparisonTests {
  private static let columns = [
    Column("model", .text), Column("id", .integer), Column("count", .integer),
    Column("score", .decimal), Column("mean", .real), Column("text", .text), Column("on", .bool),
    Column("time", .time), Column("tools", .texts), Column("offsets", .offsets),
  ]

  private func row(_ model: Int, _ id: Int, _ random: inout SeededRandom) -> [Cell] {
    let number = Int64.random(in: 0...3, using: &random)
    // Quarters add up exactly in any order.
    let values: [Cell] = [
      .integer(number), .decimal(FixedPoint(hundredths: 25 * number)), .real(Double(number) / 4),
      .text("text \(number)"), .bool(number > 1), seconds(number),
      .texts(number == 0 ? [] : ["a", "\(number)"]), .offsets([UInt64(number)]),
    ]
    return [model == 0 ? .null : .text("m\(model)"), .integer(Int64(id))]
      + values.map { Int.random(in: 0..<6, using: &random) == 0 ? .null : $0 }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `finds what a comparison by a dictionary finds`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let size = Int.random(in: 0...40, using: &random)
    let share = Int.random(in: 1...5, using: &random)
    var (before, after): ([[Cell]], [[Cell]]) = ([], [])
    for model in 0..<4 {
      for id in 0..<size {
        let common = row(model, id, &random)
        let isSame = Bool.random(using: &random)
        let other = isSame ? common : row(model, id, &random)
        if Int.random(in: 0...share, using: &random) > 0 { before.append(common) }
        if Int.random(in: 0...share, using: &random) > 0 { after.append(other) }
      }
    }
    let examplesMax = Int.random(in: 0...5, using: &random)
    let naive = NaiveComparison(columns: Self.columns, keyCount: 2, examplesMax: examplesMax)
    let table = StatesTable(Self.columns, key: ["model", "id"], before: before, after: after)
    #expect(
      try table.compared(examplesMax: examplesMax) == naive.run(before, after), "seed \(seed)")
  }
}
