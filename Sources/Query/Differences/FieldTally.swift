internal import Bytes
internal import Views

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
      // What is within the rounding error is nothing: changes that make up for each other.
      let reals = realSum.magnitude <= realSize * Self.roundingError ? 0 : realSum
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
