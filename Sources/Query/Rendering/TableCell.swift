internal import Bytes
internal import Views

extension ColumnType {
  /// Whether cells end at the right of their column.
  var isRight: Bool {
    switch self {
    case .integer, .decimal, .real: true
    default: false
    }
  }

  /// Whether cells may be cut.
  var isFlexible: Bool {
    switch self {
    case .text, .texts, .offsets: true
    default: false
    }
  }
}

extension DisplayText {
  /// A cell as a table shows it: times to the second, reals to four digits, lists with commas.
  init(_ cell: Cell, width limit: Int?, isASCII: Bool) {
    switch cell {
    case .text(let text): self.init(text, width: limit, isASCII: isASCII)
    case .texts(let texts):
      self.init(texts.joined(separator: ", "), width: limit, isASCII: isASCII)
    case .null: self.init(isASCII ? "-" : "–", width: limit, isASCII: isASCII)
    case .real(let value) where !value.isFinite:
      self.init(.null, width: limit, isASCII: isASCII)
    default: self.init(plain: tableBytes(cell), width: limit, isASCII: isASCII)
    }
  }
}

/// A number, a time or offsets, in ASCII.
private func tableBytes(_ cell: Cell) -> [UInt8] {
  var bytes: [UInt8] = []
  switch cell {
  case .real(let value): bytes.append(utf8: rounded(value, digits: 4))
  case .time(let time): bytes.append(time: time, hasFraction: false)
  case .offsets(let offsets):
    for (place, offset) in offsets.enumerated() {
      if place > 0 { bytes.append(ascii: ", ") }
      bytes.append(unsigned: offset)
    }
  default: bytes.append(json: cell)
  }
  return bytes
}

/// A number to some significant digits, without zeros at the end: `0.1235`, `1235`, `1.2e-07`.
///
/// Rounds the shortest decimal digits of the number, halves away from zero. Integers up to 1e15 keep
/// all of their digits.
func rounded(_ value: Double, digits count: Int) -> String {
  guard value.isFinite else { return "" }
  let magnitude = value.magnitude
  let sign = value < 0 ? "-" : ""
  if magnitude == 0 { return "0" }
  if magnitude >= 1_000, magnitude < 1e15 {
    return sign + String(Int64(magnitude.rounded(.toNearestOrAwayFromZero)))
  }
  let (digits, exponent) = roundedDigits(decimalDigits(magnitude), to: count)
  let text = String(decoding: digits.map { $0 + 0x30 }, as: UTF8.self)
  if exponent < -5 || exponent >= 15 {
    let fraction = text.dropFirst()
    let power = exponent < 0 ? "-\(exponent.magnitude)" : "+\(exponent)"
    return "\(sign)\(text.prefix(1))\(fraction.isEmpty ? "" : ".\(fraction)")e\(power)"
  }
  if exponent < 0 { return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(text)" }
  let whole = exponent + 1
  if text.utf8.count <= whole {
    return sign + text + String(repeating: "0", count: whole - text.utf8.count)
  }
  return "\(sign)\(text.prefix(whole)).\(text.dropFirst(whole))"
}

/// The shortest digits of a positive number, and the power of ten of the first.
private func decimalDigits(_ value: Double) -> (digits: [UInt8], exponent: Int) {
  let parts = value.description.split(separator: "e")
  var digits: [UInt8] = []
  var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
  var seenPoint = false
  for byte in parts.first.map({ Array($0.utf8) }) ?? [] {
    if byte == UInt8(ascii: ".") {
      seenPoint = true
      continue
    }
    if !seenPoint { exponent += 1 }
    digits.append(byte - 0x30)
  }
  while digits.count > 1, digits[0] == 0 {
    digits.removeFirst()
    exponent -= 1
  }
  return (digits, exponent - 1)
}

private func roundedDigits(
  _ number: (digits: [UInt8], exponent: Int), to count: Int
) -> (digits: [UInt8], exponent: Int) {
  var digits = Array(number.digits.prefix(count))
  var exponent = number.exponent
  if number.digits.count > count, number.digits[count] >= 5 {
    var place = digits.count - 1
    while place >= 0, digits[place] == 9 {
      digits[place] = 0
      place -= 1
    }
    if place >= 0 {
      digits[place] += 1
    } else {
      digits = [1]
      exponent += 1
    }
  }
  while digits.count > 1, digits.last == 0 { digits.removeLast() }
  return (digits, exponent)
}
