internal import Bytes

/// A metric over some samples: count, sum and sum of squares, in billionths and exact, so that a
/// value that is taken back leaves no trace, and sums can be added to one another.
struct MetricSums: ByteCodable, Equatable, Sendable {
  private(set) var count: UInt64 = 0
  private(set) var sum: Int128 = 0
  private var squares = ProductSum()

  mutating func add(_ value: Int64, square: Int128) {
    count &+= 1
    sum &+= Int128(value)
    squares.add(square)
  }

  mutating func remove(_ value: Int64, square: Int128) {
    count &-= 1
    sum &-= Int128(value)
    squares.remove(square)
  }

  static func += (left: inout MetricSums, right: MetricSums) {
    left.count &+= right.count
    left.sum &+= right.sum
    left.squares = ProductSum(left.squares.wide + right.squares.wide)
  }

  static func - (left: MetricSums, right: MetricSums) -> MetricSums {
    var result = left
    result.count &-= right.count
    result.sum &-= right.sum
    result.squares = ProductSum(left.squares.wide - right.squares.wide)
    return result
  }

  /// Σ(x − mean)², times the count and in squared billionths: never negative, never rounded.
  var spread: WideInteger { squares.wide * count - WideInteger.product(sum, sum) }

  /// In the metric's own unit; nil without samples.
  var mean: Double? { count == 0 ? nil : Double(sum) / (Double(count) * 1e9) }

  /// The unbiased variance, in the metric's own unit, squared; nil below two samples.
  var variance: Double? {
    guard count >= 2 else { return nil }
    return spread.doubleValue / (Double(count) * Double(count - 1) * 1e18)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    guard count > 0 else { return }
    writer.append(wide: WideInteger(sum))
    writer.append(wide: squares.wide)
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    guard count > 0 else { return }
    sum = try Int128(from: &reader)
    squares = ProductSum(try reader.wide())
  }
}

/// A sum of products as 256 bits, for the hottest additions of the fold: those of `WideInteger` are
/// calls into another module.
struct ProductSum: Equatable, Sendable {
  private var low: UInt128 = 0
  private var high: Int128 = 0

  init() {}

  init(_ wide: WideInteger) {
    low = wide.limbs.low
    high = wide.limbs.high
  }

  var wide: WideInteger { WideInteger(low: low, high: high) }

  mutating func add(_ product: Int128) {
    let (sum, carry) = low.addingReportingOverflow(UInt128(truncatingIfNeeded: product))
    low = sum
    high = high &+ (product < 0 ? -1 : 0) &+ (carry ? 1 : 0)
  }

  mutating func remove(_ product: Int128) {
    let (sum, borrow) = low.subtractingReportingOverflow(UInt128(truncatingIfNeeded: product))
    low = sum
    high = high &- (product < 0 ? -1 : 0) &- (borrow ? 1 : 0)
  }
}
