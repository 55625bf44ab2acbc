public import Bytes
public import Views

/// An amount of money, exact to 1e-15 dollars: a price of a millionth of a dollar a million tokens
/// times a number of tokens is still a whole number of these.
public struct Money: Hashable, Comparable, Sendable, ByteCodable {
  /// In 1e-15 dollars.
  public private(set) var units: Int128

  public init() { units = 0 }

  /// Of a price for a million tokens: billionths of a dollar for a million are 1e-15 for each.
  public init(_ tokens: UInt64, at pricePerMillion: FixedPoint) {
    units = Int128(tokens) * Int128(pricePerMillion.units)
  }

  public init(dollars: FixedPoint) { units = Int128(dollars.units) * 1_000_000 }

  public static func + (left: Money, right: Money) -> Money {
    var sum = left
    sum += right
    return sum
  }
  public static func - (left: Money, right: Money) -> Money {
    var difference = left
    difference -= right
    return difference
  }
  public static func < (left: Money, right: Money) -> Bool { left.units < right.units }
  public static func += (left: inout Money, right: Money) { left.units &+= right.units }
  public static func -= (left: inout Money, right: Money) { left.units &-= right.units }

  public var half: Money {
    var half = self
    half.units /= 2
    return half
  }

  public func times(_ factor: Int128, dividedBy divisor: Int128) -> Money {
    var product = self
    let (units, isTooLarge) = units.multipliedReportingOverflow(by: factor)
    if !isTooLarge { product.units = units / divisor }
    return product
  }

  /// To the nearest billionth of a dollar, ties to even.
  public var dollars: FixedPoint {
    FixedPoint(units: FixedPoint.divide(units, by: 1_000_000))
  }

  /// In dollars.
  public var doubleValue: Double { Double(units) / 1e15 }

  public func encode(into writer: inout ByteWriter) { units.encode(into: &writer) }
  public init(from reader: inout ByteReader) throws(BytesError) {
    units = try Int128(from: &reader)
  }
}

/// What an amount of dollars rests on, weak to strong.
public enum CostBasis: UInt8, NamedChoice, Comparable {
  /// There is no price for the model, or nobody told what it read and what it wrote.
  case unknown = 0
  /// A lower bound.
  case partial = 1
  /// The tokens times the price of the model on that day.
  case priced = 2
  /// A model on a machine of one's own, which costs nothing by the token.
  case local = 3
  /// The record says it.
  case said = 4

  public var name: String { "\(self)" }
  public var meaning: String {
    switch self {
    case .unknown: "No price fits the model."
    case .partial:
      """
      A lower bound: not all of its tokens are told, the price of its tier is not known, or calls that \
      may be of another run were taken for its own.
      """
    case .priced: "Tokens times the model's price."
    case .local: "A model on a machine of one's own, which costs nothing by the token."
    case .said: "The record says it."
    }
  }

  public static func < (left: CostBasis, right: CostBasis) -> Bool {
    left.rawValue < right.rawValue
  }
}
