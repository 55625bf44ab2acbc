/// A signed integer of 256 bits, for sums of squares: adding and taking back leave no trace.
///
/// Holds 2^63 products of two 64-bit numbers without overflow.
public struct WideInteger: Hashable, Sendable {
  /// Two's complement, the lowest limb first.
  public var limbs: InlineLimbs

  /// Its 256 bits in two halves.
  public struct InlineLimbs: Hashable, Sendable {
    /// The lower half.
    public var low: UInt128
    /// The upper half, with the sign.
    public var high: Int128

    @inlinable
    public init(low: UInt128, high: Int128) {
      self.low = low
      self.high = high
    }
  }

  @inlinable public init() { limbs = InlineLimbs(low: 0, high: 0) }

  @inlinable public init(_ value: Int128) {
    limbs = InlineLimbs(low: UInt128(truncatingIfNeeded: value), high: value < 0 ? -1 : 0)
  }

  @inlinable public init(_ value: Int64) { self.init(Int128(value)) }

  @inlinable public init(low: UInt128, high: Int128) { limbs = InlineLimbs(low: low, high: high) }

  @inlinable public static var zero: WideInteger { WideInteger() }

  @inlinable public static func += (left: inout WideInteger, right: WideInteger) {
    let (low, carry) = left.limbs.low.addingReportingOverflow(right.limbs.low)
    left.limbs.low = low
    left.limbs.high = left.limbs.high &+ right.limbs.high &+ (carry ? 1 : 0)
  }

  @inlinable public static func -= (left: inout WideInteger, right: WideInteger) {
    let (low, borrow) = left.limbs.low.subtractingReportingOverflow(right.limbs.low)
    left.limbs.low = low
    left.limbs.high = left.limbs.high &- right.limbs.high &- (borrow ? 1 : 0)
  }

  @inlinable public static func - (left: WideInteger, right: WideInteger) -> WideInteger {
    var result = left
    result -= right
    return result
  }

  @inlinable public static func + (left: WideInteger, right: WideInteger) -> WideInteger {
    var result = left
    result += right
    return result
  }

  /// The product of two numbers, exactly.
  @inlinable public static func product(_ left: Int64, _ right: Int64) -> WideInteger {
    WideInteger(Int128(left) * Int128(right))
  }

  /// The product of two sums, exactly.
  @inlinable public static func product(_ left: Int128, _ right: Int128) -> WideInteger {
    let (high, low) = left.multipliedFullWidth(by: right)
    return WideInteger(low: low, high: high)
  }

  /// A multiple, modulo 2^256.
  @inlinable public static func * (left: WideInteger, count: UInt64) -> WideInteger {
    let (carry, low) = left.limbs.low.multipliedFullWidth(by: UInt128(count))
    let high = left.limbs.high &* Int128(count) &+ Int128(truncatingIfNeeded: carry)
    return WideInteger(low: low, high: high)
  }

  @inlinable public static prefix func - (value: WideInteger) -> WideInteger { zero - value }
}

extension WideInteger: Comparable {
  @inlinable public static func < (left: WideInteger, right: WideInteger) -> Bool {
    left.limbs.high != right.limbs.high
      ? left.limbs.high < right.limbs.high : left.limbs.low < right.limbs.low
  }

  @inlinable public var isZero: Bool { limbs.high == 0 && limbs.low == 0 }

  /// The nearest double, ties to even.
  public var doubleValue: Double {
    guard limbs.high >= 0 else { return -Self.double((-self).limbs) }
    return Self.double(limbs)
  }

  /// Reads the limbs as an unsigned number. The 128 leading bits decide the rounding, together with
  /// one bit that says whether anything follows them.
  private static func double(_ limbs: InlineLimbs) -> Double {
    let high = UInt128(truncatingIfNeeded: limbs.high)
    guard high != 0 else { return Double(limbs.low) }
    let shift = UInt128(high.leadingZeroBitCount)
    let leading = shift == 0 ? high : high << shift | limbs.low >> (128 - shift)
    let rest = limbs.low << shift
    let rounded = Double(rest == 0 ? leading : leading | 1)
    return rounded * Double(sign: .plus, exponent: 128 - Int(shift), significand: 1)
  }
}

extension ByteWriter {
  /// Minimal two's complement bytes, the lowest first, with their count: canonical and short.
  @inlinable
  public mutating func append(wide value: WideInteger) {
    let (low, high) = (value.limbs.low, value.limbs.high)
    let signs = UInt128(truncatingIfNeeded: high >> 127)
    let upper = UInt128(truncatingIfNeeded: high) ^ signs
    let bits =
      upper == 0 ? 128 - (low ^ signs).leadingZeroBitCount : 256 - upper.leadingZeroBitCount
    // One bit more, for the sign.
    let count = bits / 8 + 1
    append(byte: UInt8(count))
    append(low, lowest: min(count, 16))
    if count > 16 { append(UInt128(truncatingIfNeeded: high), lowest: count - 16) }
  }

  @inlinable
  mutating func append(_ value: UInt128, lowest count: Int) {
    var value = value.littleEndian
    unsafe withUnsafeBytes(of: &value) { bytes in
      unsafe storage.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }
}

extension ByteReader {
  @inlinable @_lifetime(self: copy self)
  public mutating func wide() throws(BytesError) -> WideInteger {
    let start = position
    let count = try count()
    guard (1...32).contains(count) else {
      throw BytesError("a wide integer has 1 to 32 bytes", at: start)
    }
    let bytes = try span(count)
    let filler: UInt8 = bytes[count - 1] & 0x80 != 0 ? 0xff : 0
    var low: UInt128 = 0
    var high: UInt128 = 0
    for index in 0..<32 {
      let byte = UInt128(index < count ? bytes[index] : filler)
      if index < 16 {
        low |= byte &<< UInt128(index * 8)
      } else {
        high |= byte &<< UInt128((index - 16) * 8)
      }
    }
    return WideInteger(low: low, high: Int128(truncatingIfNeeded: high))
  }
}
