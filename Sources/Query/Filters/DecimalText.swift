internal import Bytes

/// Why a text is no value of its column.
enum ValueProblem: Error, Equatable {
  /// It has another form.
  case otherForm
  /// It has the form, and is too great.
  case beyondRange
  /// It has more digits after the point than are kept.
  case tooFine
}

/// A decimal number read exactly: `0.75`, `-12`, `+1.5e-3`.
///
/// - Throws: `tooFine` for what is no multiple of 1e-9, `beyondRange` beyond ±9,223,372,036.
func decimal(_ text: String) throws(ValueProblem) -> FixedPoint {
  let (digits, exponent, isNegative) = try decimalParts(text)
  let significant = digits.drop { $0 == 0 }
  guard let last = significant.lastIndex(where: { $0 != 0 }) else { return .zero }
  // The value is the digits up to `last`, times 1e-9 and ten to the power of `shift`.
  let shift = exponent + 9 + (digits.count - 1 - last)
  if shift < 0 { throw .tooFine }
  var units: Int64 = 0
  let kept = significant.indices.lowerBound...last
  guard kept.count <= 19, shift <= 19 else { throw .beyondRange }
  for place in 0..<(kept.count + shift) {
    let digit = place < kept.count ? digits[kept.lowerBound + place] : 0
    let (tenfold, overflow) = units.multipliedReportingOverflow(by: 10)
    let (sum, carry) = tenfold.subtractingReportingOverflow(Int64(digit))
    if overflow || carry { throw .beyondRange }
    units = sum
  }
  // Gathered below zero, where there is room for one more.
  if isNegative { return FixedPoint(units: units) }
  guard units > Int64.min else { throw .beyondRange }
  return FixedPoint(units: -units)
}

/// The digits of a number, the power of ten of the last one, and the sign.
private func decimalParts(
  _ text: String
) throws(ValueProblem) -> (digits: [UInt8], exponent: Int, isNegative: Bool) {
  var rest = Array(text.utf8)[...]
  let isNegative = rest.first == UInt8(ascii: "-")
  if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  var digits: [UInt8] = []
  var exponent = 0
  var seenPoint = false
  while let byte = rest.first {
    if byte == UInt8(ascii: "."), !seenPoint {
      seenPoint = true
    } else if (0x30...0x39).contains(byte) {
      digits.append(byte - 0x30)
      if seenPoint { exponent -= 1 }
    } else {
      break
    }
    rest.removeFirst()
  }
  guard !digits.isEmpty else { throw .otherForm }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    let written = rest.dropFirst()
    guard written.count <= 6, let power = Int(String(decoding: written, as: UTF8.self)) else {
      throw .otherForm
    }
    exponent += power
    rest = []
  }
  guard rest.isEmpty else { throw .otherForm }
  return (digits, exponent, isNegative)
}

/// A whole number: `42`, `-1`.
func integer(_ text: String) throws(ValueProblem) -> Int64 {
  if let value = Int64(text) { return value }
  let digits = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  let isWhole = !digits.isEmpty && digits.allSatisfy { (0x30...0x39).contains($0) }
  throw isWhole && text.utf8.count - digits.count <= 1 ? .beyondRange : .otherForm
}

/// A finite number in decimal digits: `0.05`, `1e-6`.
func real(_ text: String) throws(ValueProblem) -> Double {
  _ = try decimalParts(text)
  guard let value = Double(text) else { throw .otherForm }
  guard value.isFinite else { throw .beyondRange }
  return value
}
