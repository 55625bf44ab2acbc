/// A signed integer of 256 bits, for sums of squares: adding and taking back leave no trace.
///
/// Holds 2^63 products of two 64-bit numbers without overflow.
package struct WideInteger: Hashable, Sendable {
  /// Two's complement, the lowest limb first.
  package private(set) var limbs: InlineLimbs

  package struct InlineLimbs: Hashable, Sendable {
    package var low: UInt128
    package var high: Int128
  }

  package init() { limbs = InlineLimbs(low: 0, high: 0) }

  package init(_ value: Int128) {
    limbs = InlineLimbs(low: UInt128(truncatingIfNeeded: value), high: value < 0 ? -1 : 0)
  }

  package init(_ value: Int64) { self.init(Int128(value)) }

  package init(low: UInt128, high: Int128) { limbs = InlineLimbs(low: low, high: high) }

  package static let zero = WideInteger()

  package static func += (left: inout WideInteger, right: WideInteger) {
    let (low, carry) = left.limbs.low.addingReportingOverflow(right.limbs.low)
    left.limbs.low = low
    left.limbs.high = left.limbs.high &+ right.limbs.high &+ (carry ? 1 : 0)
  }

  package static func -= (left: inout WideInteger, right: WideInteger) {
    let (low, borrow) = left.limbs.low.subtractingReportingOverflow(right.limbs.low)
    left.limbs.low = low
    left.limbs.high = left.limbs.high &- right.limbs.high &- (borrow ? 1 : 0)
  }

  package static func - (left: WideInteger, right: WideInteger) -> WideInteger {
    var result = left
    result -= right
    return result
  }

  package static func + (left: WideInteger, right: WideInteger) -> WideInteger {
    var result = left
    result += right
    return result
  }

  /// The product of two numbers, exactly.
  package static func product(_ left: Int64, _ right: Int64) -> WideInteger {
    WideInteger(Int128(left) * Int128(right))
  }
}

extension ByteWriter {
  /// Minimal two's complement bytes, the lowest first, with their count: canonical and short.
  package mutating func append(wide value: WideInteger) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(32)
    for shift in stride(from: 0, to: 128, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.limbs.low >> UInt128(shift)))
    }
    for shift in stride(from: 0, to: 128, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value.limbs.high >> Int128(shift)))
    }
    let filler: UInt8 = value.limbs.high < 0 ? 0xff : 0
    while bytes.count > 1, bytes[bytes.count - 1] == filler,
      (bytes[bytes.count - 2] & 0x80) == (filler & 0x80)
    {
      bytes.removeLast()
    }
    append(sized: bytes)
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  package mutating func wide() throws(BytesError) -> WideInteger {
    let start = position
    let bytes = try sized()
    guard (1...32).contains(bytes.count) else {
      throw BytesError("a wide integer has 1 to 32 bytes", at: start)
    }
    let filler: UInt8 = bytes[bytes.count - 1] & 0x80 != 0 ? 0xff : 0
    var low: UInt128 = 0
    var high: UInt128 = 0
    for index in 0..<32 {
      let byte = UInt128(index < bytes.count ? bytes[index] : filler)
      if index < 16 {
        low |= byte << UInt128(index * 8)
      } else {
        high |= byte << UInt128((index - 16) * 8)
      }
    }
    return WideInteger(low: low, high: Int128(truncatingIfNeeded: high))
  }
}
