internal import Bytes

/// A metric over some samples: count, sum and sum of squares, in billionths and exact, so that a
/// value that is taken back leaves no trace, and sums can be added to one another.
struct MetricSums: Equatable, Sendable {
  private(set) var count: UInt64 = 0
  private(set) var sum: Int128 = 0
  private(set) var squares = WideInteger.zero

  mutating func add(_ value: Int64, square: Int128) {
    count &+= 1
    sum &+= Int128(value)
    squares += WideInteger(square)
  }

  mutating func remove(_ value: Int64, square: Int128) {
    count &-= 1
    sum &-= Int128(value)
    squares -= WideInteger(square)
  }

  static func += (left: inout MetricSums, right: MetricSums) {
    left.count &+= right.count
    left.sum &+= right.sum
    left.squares += right.squares
  }

  static func - (left: MetricSums, right: MetricSums) -> MetricSums {
    var result = left
    result.count &-= right.count
    result.sum &-= right.sum
    result.squares -= right.squares
    return result
  }

  /// Σ(x − mean)², times the count and in squared billionths: never negative, never rounded.
  var spread: WideInteger { squares * count - WideInteger.product(sum, sum) }

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
    writer.append(wide: squares)
  }

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    guard count > 0 else { return }
    sum = try reader.sum()
    squares = try reader.wide()
  }
}

extension ByteReader {
  /// A wide integer that fits 128 bits.
  @_lifetime(self: copy self)
  mutating func sum() throws(BytesError) -> Int128 {
    let start = position
    let wide = try wide()
    let sum = Int128(truncatingIfNeeded: wide.limbs.low)
    guard WideInteger(sum) == wide else {
      throw BytesError("a sum of more than 128 bits", at: start)
    }
    return sum
  }
}
