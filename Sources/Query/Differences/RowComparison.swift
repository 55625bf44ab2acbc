internal import Bytes
package import Views

/// Compares two states of a table: what is on one side only, and how the others changed.
///
/// Rows are paired by the key, in whose order they come; or by the identity that the table declares,
/// where its key is a number that is handed out in passing. A thread reads each side. Memory is that of
/// some thousand rows and the examples, whatever the number of rows; of an identity, beside, some forty
/// bytes a row, and the rows that wait for their like.
package struct RowComparison: Sendable {
  /// What pairs the rows of two states.
  package enum Pairing: Sendable { case key, identity }

  private let table: any AnswerTable
  private let order: KeyOrder
  private let identity: KeyOrder
  private let pairing: Pairing
  private let examplesMax: Int

  /// - Parameter examplesMax: how many added and removed rows, and changes of each field, are kept.
  package init(_ table: any AnswerTable, by pairing: Pairing = .key, examplesMax: Int = 3) {
    self.table = table
    self.pairing = pairing
    self.examplesMax = max(examplesMax, 0)
    order = KeyOrder(table.key, of: table)
    identity = KeyOrder(pairing == .key ? table.key : table.identity, of: table)
  }

  /// Reads both sides to the end. Each is read by another thread while this runs, and by none
  /// after: they must not share a transaction.
  ///
  /// - Parameter progress: called now and then with the rows that were read of both sides; an error
  ///   of its own ends the comparison.
  /// - Throws: `TableError` when a side cannot be read, or does not come in the order of its key;
  ///   and what `progress` throws.
  @available(*, noasync)
  package func run(
    before: any ViewReader, after: any ViewReader, progress: (_ rows: Int) throws -> Void = { _ in }
  ) throws -> TableDifference {
    var tally = RowTally(
      table, identity, ignoring: pairing == .key ? [] : table.numbering, examplesMax: examplesMax)
    let isInOrder = identity.places == order.places
    var couples = try isInOrder ? nil : Couples(table, identity, before, after)
    let old = RowStream(table, in: before, order)
    defer { old.close() }
    let new = RowStream(table, in: after, order)
    defer { new.close() }
    var left = try old.pull()
    var right = try new.pull()
    while left != nil || right != nil {
      let side = isInOrder ? sideOfNext(left, right) : 0
      let rows = (side <= 0 ? left : nil, side >= 0 ? right : nil)
      if couples == nil {
        tally.count(rows.0, rows.1)
      } else {
        if let row = rows.0 { couples?.take(row, isBefore: true, into: &tally) }
        if let row = rows.1 { couples?.take(row, isBefore: false, into: &tally) }
      }
      if side <= 0 { left = try old.pull() }
      if side >= 0 { right = try new.pull() }
      if tally.steps % 1_024 == 0 { try progress(tally.rows) }
    }
    return tally.result
  }

  /// Negative when the left row comes next, positive when the right does, zero for both.
  private func sideOfNext(_ left: [Cell]?, _ right: [Cell]?) -> Int {
    guard let left else { return 1 }
    guard let right else { return -1 }
    return order.order(left, right)
  }
}

/// Brings rows of one identity together, in whatever order they come. Of several of one identity the
/// first goes with the first.
private struct Couples {
  /// A row of an identity, by its place among those of one side.
  private struct Name: Hashable {
    let identity: Hash128
    let place: UInt32
  }

  private struct Side {
    /// How many rows of each identity there are, and how many have come.
    var counts: [Hash128: UInt32] = [:]
    var come: [Hash128: UInt32] = [:]
    var waiting: [Name: [Cell]] = [:]

    /// The place of the next row of an identity among those.
    mutating func next(_ hash: Hash128) -> UInt32 {
      let place = come[hash] ?? 0
      come[hash] = place + 1
      return place
    }
  }

  private let identity: KeyOrder
  private var before = Side()
  private var after = Side()

  init(
    _ table: any AnswerTable, _ identity: KeyOrder, _ before: any ViewReader,
    _ after: any ViewReader
  ) throws(TableError) {
    self.identity = identity
    self.before.counts = try Self.counts(table, identity, in: before)
    self.after.counts = try Self.counts(table, identity, in: after)
  }

  private static func counts(
    _ table: any AnswerTable, _ identity: KeyOrder, in tables: any ViewReader
  ) throws(TableError) -> [Hash128: UInt32] {
    var counts: [Hash128: UInt32] = [:]
    try table.forEach(in: tables, only: identity.places, choosing: { _ in .wantedCells }) {
      row throws(TableError) in
      counts[identity.hash(of: row), default: 0] += 1
      return true
    }
    return counts
  }

  /// Counts a row once its like has come, or at once when it has none.
  mutating func take(_ row: [Cell], isBefore: Bool, into tally: inout RowTally) {
    let hash = identity.hash(of: row)
    let place = isBefore ? before.next(hash) : after.next(hash)
    let name = Name(identity: hash, place: place)
    if place >= min(before.counts[hash] ?? 0, after.counts[hash] ?? 0) {
      tally.count(isBefore ? row : nil, isBefore ? nil : row)
    } else if isBefore {
      if let like = after.waiting.removeValue(forKey: name) {
        tally.count(row, like)
      } else {
        before.waiting[name] = row
      }
    } else if let like = before.waiting.removeValue(forKey: name) {
      tally.count(like, row)
    } else {
      after.waiting[name] = row
    }
  }
}

/// Counts rows, pair by pair.
private struct RowTally {
  private(set) var steps = 0
  private let order: KeyOrder
  private let examplesMax: Int
  private var difference: TableDifference
  private var fields: [FieldTally]

  init(_ table: any AnswerTable, _ order: KeyOrder, ignoring: [String], examplesMax: Int) {
    self.order = order
    self.examplesMax = examplesMax
    difference = TableDifference(table: table.name, key: order.columns)
    fields = table.columns.enumerated().filter {
      !order.places.contains($0.offset) && !ignoring.contains($0.element.name)
    }.map { FieldTally($0.element, at: $0.offset, examplesMax: examplesMax) }
  }

  var rows: Int { difference.rowsBefore + difference.rowsAfter }

  var result: TableDifference {
    var result = difference
    result.fields = fields.compactMap(\.result)
    return result
  }

  /// Takes in the rows of the key that comes next; nil on the side that has none.
  mutating func count(_ before: [Cell]?, _ after: [Cell]?) {
    steps += 1
    if before != nil { difference.rowsBefore += 1 }
    if after != nil { difference.rowsAfter += 1 }
    switch (before, after) {
    case (let before?, let after?): compare(before, after)
    case (let before?, nil):
      difference.removed += 1
      if difference.removed <= examplesMax { difference.removedKeys.append(order.key(of: before)) }
    case (nil, let after?):
      difference.added += 1
      if difference.added <= examplesMax { difference.addedKeys.append(order.key(of: after)) }
    case (nil, nil): return
    }
  }

  private mutating func compare(_ before: [Cell], _ after: [Cell]) {
    var isSame = true
    for index in fields.indices {
      let place = fields[index].place
      let (old, new) = (before.cell(place), after.cell(place))
      if isEqual(old, new) { continue }
      isSame = false
      fields[index].count(old, new, key: order.key(of: before))
    }
    if !isSame { difference.changed += 1 }
  }
}

/// Whether two cells say the same: texts by their bytes, numbers by their value, no number as null.
private func isEqual(_ left: Cell, _ right: Cell) -> Bool {
  if left.isNull || right.isNull { return left.isNull && right.isNull }
  return Cell.order(left, right) == 0
}

/// Counts the changes of one field, row by row, and keeps the largest.
struct FieldTally {
  /// Where the field lies in a row.
  let place: Int
  private let examplesMax: Int
  private var difference: FieldDifference
  private var numbers = 0
  /// Billionths, of exact numbers; the others are summed apart.
  private var exactSum: Int128 = 0
  private var realSum = 0.0
  /// Of the changes without their signs: how large the sum's rounding error may be.
  private var realSize = 0.0

  private static let roundingError = 1e-12

  init(_ column: Column, at place: Int, examplesMax: Int) {
    self.place = place
    self.examplesMax = examplesMax
    difference = FieldDifference(field: column.name)
  }

  /// Nil when the field never changed.
  var result: FieldDifference? {
    if difference.changed == 0 { return nil }
    var result = difference
    if numbers > 0 {
      // A sum within the rounding error counts as zero: the changes cancel one another.
      let isRounding = realSize.isFinite && realSum.magnitude <= realSize * Self.roundingError
      let reals = isRounding ? 0 : realSum
      let mean = (Double(exactSum) / 1e9 + reals) / Double(numbers)
      result.meanChange = mean.isFinite ? mean : nil
    }
    return result
  }

  /// Takes in a change of the row that comes next by its key.
  mutating func count(_ before: Cell, _ after: Cell, key: @autoclosure () -> [Cell]) {
    difference.changed += 1
    let change = measure(before, after)
    let size = change.doubleValue?.magnitude ?? -1
    let place = difference.examples.firstIndex { $0.size < size } ?? difference.examples.count
    guard place < examplesMax else { return }
    difference.examples.insert(
      CellChange(key: key(), before: before, after: after, difference: change), at: place)
    if difference.examples.count > examplesMax { difference.examples.removeLast() }
  }

  /// The change from number to number, which counts for the mean; null for others.
  private mutating func measure(_ before: Cell, _ after: Cell) -> Cell {
    if let old = before.exactUnits, let new = after.exactUnits {
      numbers += 1
      exactSum += new - old
      if case .integer = before, case .integer = after {
        return .integer(Int64(clamping: (new - old) / 1_000_000_000))
      }
      return .decimal(FixedPoint(units: Int64(clamping: new - old)))
    }
    guard let old = before.doubleValue, let new = after.doubleValue else { return .null }
    numbers += 1
    realSum += new - old
    realSize += (new - old).magnitude
    return Cell(new - old)
  }
}

extension CellChange {
  /// Less than any other's for what is no change from number to number.
  fileprivate var size: Double { difference.doubleValue?.magnitude ?? -1 }
}
