public import Bytes

/// A value as a line has it.
public enum LineValue: Sendable {
  case text(String)
  case integer(Int64)
  /// An integer beyond `Int64`.
  case natural(UInt64)
  case real(Double)
  case bool(Bool)
  /// A list of texts, or of objects with a `name`.
  case texts([String])
  /// An object, as `name=value` of its texts, numbers, true and false, and lists of texts, sorted; of an
  /// object in it as `outer.name=value`.
  case members([String])
  /// Anything else.
  case other
}

/// How a value of a line reads as the value of a field.
public enum PayloadReading<Value> {
  case value(Value)
  /// It says nothing.
  case absent
  case wrongType
  /// It is of the right type, and beyond what the field can hold: it is told as a wrong type is.
  case outOfRange
}

/// A value that a field of a payload can have.
public protocol PayloadValue: Sendable {
  /// What it may be bounded by.
  associatedtype Bound: Sendable
  /// Whether there is no payload without it.
  static var isRequired: Bool { get }
  static func shape(within bound: Bound?) -> ValueShape
  static func read(_ value: LineValue, within bound: Bound?) -> PayloadReading<Self>
}

extension PayloadValue {
  public static var isRequired: Bool { true }
}

extension Optional: PayloadValue where Wrapped: PayloadValue {
  public static var isRequired: Bool { false }
  public static func shape(within bound: Wrapped.Bound?) -> ValueShape {
    Wrapped.shape(within: bound)
  }
  public static func read(_ value: LineValue, within bound: Wrapped.Bound?) -> PayloadReading<Self>
  {
    switch Wrapped.read(value, within: bound) {
    case .value(let value): .value(value)
    case .absent: .absent
    case .wrongType: .wrongType
    case .outOfRange: .outOfRange
    }
  }
}

/// One of a few words, in whatever case; any other is out of range.
public protocol PayloadWord: PayloadValue, RawRepresentable where RawValue == String {}

extension PayloadWord {
  public static func shape(within bound: Never?) -> ValueShape { ValueShape("string") }
  public static func read(_ value: LineValue, within bound: Never?) -> PayloadReading<Self> {
    guard case .text(let text) = value else { return .wrongType }
    return Self(rawValue: text.lowercased()).map { .value($0) } ?? .outOfRange
  }
}

extension Bool: PayloadValue {
  public static func shape(within bound: Never?) -> ValueShape { ValueShape("boolean") }
  public static func read(_ value: LineValue, within bound: Never?) -> PayloadReading<Bool> {
    if case .bool(let bool) = value { .value(bool) } else { .wrongType }
  }
}

extension String: PayloadValue {
  public static func shape(within bound: PartialRangeThrough<Int>?) -> ValueShape {
    var shape = ValueShape("string")
    shape.sizeMax = bound?.upperBound
    return shape
  }
  public static func read(
    _ value: LineValue, within bound: PartialRangeThrough<Int>?
  ) -> PayloadReading<String> {
    guard case .text(let text) = value else { return .wrongType }
    return .value(bound.map { text.cut(toBytes: $0.upperBound) } ?? text)
  }

  /// At most so many bytes of it, cut between characters (Unicode scalars).
  fileprivate func cut(toBytes size: Int) -> String {
    guard utf8.count > size else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: Swift.max(0, size))
    while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    return String(decoding: utf8[..<end], as: UTF8.self)
  }
}

extension Array: PayloadValue where Element == String {
  public static func shape(within bound: PartialRangeThrough<Int>?) -> ValueShape {
    var shape = ValueShape("array")
    shape.sizeMax = bound?.upperBound
    return shape
  }
  public static func read(
    _ value: LineValue, within bound: PartialRangeThrough<Int>?
  ) -> PayloadReading<[String]> {
    guard case .texts(let texts) = value else { return .wrongType }
    return .value(bound.map { Array(texts.prefix(Swift.max(0, $0.upperBound))) } ?? texts)
  }
}

/// What an object has by name, sorted: `epochs=3, lora.r=8, rate=0.0002`.
public struct NamedValues: PayloadValue, Equatable {
  public var text: String

  public init(text: String) { self.text = text }

  public static func shape(within bound: PartialRangeThrough<Int>?) -> ValueShape {
    ValueShape("object")
  }
  public static func read(
    _ value: LineValue, within bound: PartialRangeThrough<Int>?
  ) -> PayloadReading<NamedValues> {
    guard case .members(let members) = value else { return .wrongType }
    if members.isEmpty { return .absent }
    let text = members.joined(separator: ", ")
    return .value(NamedValues(text: bound.map { text.cut(toBytes: $0.upperBound) } ?? text))
  }
}

extension FixedPoint: PayloadValue {
  public static func shape(within bound: ClosedRange<FixedPoint>?) -> ValueShape {
    .number("number", bound)
  }
  public static func read(
    _ value: LineValue, within bound: ClosedRange<FixedPoint>?
  ) -> PayloadReading<FixedPoint> {
    switch value {
    case .integer(let number): within(bound, FixedPoint(number))
    case .real(let number): within(bound, FixedPoint(number))
    case .natural: .outOfRange
    default: .wrongType
    }
  }
}

extension Int64: PayloadValue {
  public static func shape(within bound: ClosedRange<Int64>?) -> ValueShape {
    .number("integer", bound)
  }
  public static func read(
    _ value: LineValue, within bound: ClosedRange<Int64>?
  ) -> PayloadReading<Int64> {
    switch value {
    case .integer(let number): within(bound, number)
    case .natural: .outOfRange
    case .real(let number) where number == number.rounded(): within(bound, Int64(exactly: number))
    default: .wrongType
    }
  }
}

extension UInt64: PayloadValue {
  public static func shape(within bound: ClosedRange<UInt64>?) -> ValueShape {
    .number("integer", bound ?? 0...UInt64.max)
  }
  public static func read(
    _ value: LineValue, within bound: ClosedRange<UInt64>?
  ) -> PayloadReading<UInt64> {
    switch value {
    case .integer(let number): within(bound, UInt64(exactly: number))
    case .natural(let number): within(bound, number)
    case .real(let number) where number == number.rounded(): within(bound, UInt64(exactly: number))
    default: .wrongType
    }
  }
}

extension Timestamp: PayloadValue {
  public static func shape(within bound: Never?) -> ValueShape {
    var shape = ValueShape("string", "number")
    shape.isTime = true
    return shape
  }
  public static func read(_ value: LineValue, within bound: Never?) -> PayloadReading<Timestamp> {
    let time: Timestamp? =
      switch value {
      case .text(let text): Timestamp(parsing: text)
      case .integer(let count): Timestamp(number: count)
      case .real(let count): Timestamp(epoch: count)
      default: nil
      }
    return time.map { .value($0) } ?? .wrongType
  }
}

private func within<Value: Comparable>(
  _ bound: ClosedRange<Value>?, _ value: Value?
) -> PayloadReading<Value> {
  guard let value, bound?.contains(value) != false else { return .outOfRange }
  return .value(value)
}

extension ValueShape {
  fileprivate static func number<Value>(_ type: String, _ bound: ClosedRange<Value>?) -> ValueShape
  {
    var shape = ValueShape(type)
    shape.least = bound.map { "\($0.lowerBound)" }
    // The greatest value of the type is not shown as a bound.
    shape.greatest = bound.flatMap {
      "\($0.upperBound)" == "\(UInt64.max)" ? nil : "\($0.upperBound)"
    }
    return shape
  }
}
