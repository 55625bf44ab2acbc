/// A decimal number in steps of 1e-9: exact to add, the same on every machine.
///
/// Holds −9,223,372,036.854775808 to 9,223,372,036.854775807.
public struct FixedPoint: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The value in billionths.
  public var units: Int64

  @inlinable public init(units: Int64) { self.units = units }

  @inlinable public static var zero: FixedPoint { FixedPoint(units: 0) }
  @inlinable public static var one: FixedPoint { FixedPoint(units: 1_000_000_000) }
  private static let scale: Int64 = 1_000_000_000

  /// An integer, or nil beyond the range.
  public init?(_ value: Int64) {
    let (units, overflow) = value.multipliedReportingOverflow(by: Self.scale)
    guard !overflow else { return nil }
    self.units = units
  }

  /// The nearest billionth, ties to even; nil beyond the range, and for no number.
  public init?(_ value: Double) {
    let scaled = (value * 1e9).rounded(.toNearestOrEven)
    guard let units = Int64(exactly: scaled) else { return nil }
    self.units = units
  }

  /// `numerator / denominator` to the nearest billionth, ties to even.
  public init(ratio numerator: Int64, _ denominator: Int64) {
    self.init(
      units: Self.divide(
        Int128(numerator) * Int128(Self.scale), by: Int128(denominator)))
  }

  /// A number of hundredths, as weights and scores are written.
  @inlinable public init(hundredths: Int64) { units = hundredths * 10_000_000 }

  @inlinable public static func + (left: FixedPoint, right: FixedPoint) -> FixedPoint {
    FixedPoint(units: left.units &+ right.units)
  }

  @inlinable public static func - (left: FixedPoint, right: FixedPoint) -> FixedPoint {
    FixedPoint(units: left.units &- right.units)
  }

  /// The sum; beyond the range, the end of it.
  public func adding(_ other: FixedPoint) -> FixedPoint {
    let (sum, isOver) = units.addingReportingOverflow(other.units)
    return FixedPoint(units: isOver ? (units < 0 ? .min : .max) : sum)
  }

  /// The product to the nearest billionth, ties to even.
  public static func * (left: FixedPoint, right: FixedPoint) -> FixedPoint {
    FixedPoint(units: divide(Int128(left.units) * Int128(right.units), by: Int128(scale)))
  }

  @inlinable public static func < (left: FixedPoint, right: FixedPoint) -> Bool {
    left.units < right.units
  }

  /// Division of wide integers to the nearest, ties to even, clamped to 64 bits.
  public static func divide(_ numerator: Int128, by denominator: Int128) -> Int64 {
    let (quotient, remainder) = numerator.quotientAndRemainder(dividingBy: denominator)
    let twice = remainder.magnitude &* 2
    let half = denominator.magnitude
    var rounded = quotient
    if twice > half || (twice == half && quotient & 1 != 0) {
      rounded += (numerator < 0) == (denominator < 0) ? 1 : -1
    }
    return Int64(clamping: rounded)
  }

  /// The nearest double: what is beyond 2^53 billionths is rounded.
  public var doubleValue: Double { Double(units) / 1e9 }

  /// The integer below or at the value.
  public var floor: Int64 {
    let (quotient, remainder) = units.quotientAndRemainder(dividingBy: Self.scale)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Decimal digits without trailing zeros: `0.7`, `-12`, `1.000000001`.
  public var description: String {
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt64(Self.scale))
    let sign = units < 0 ? "-" : ""
    guard rest > 0 else { return "\(sign)\(whole)" }
    var digits = String(rest)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return "\(sign)\(whole).\(digits)"
  }
}
