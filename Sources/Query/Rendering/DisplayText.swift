internal import Bytes
internal import Views

/// A text as one line of a terminal shows it: without what could move the cursor, and its width.
///
/// Line breaks and tabs become a space (a run of spaces that begins with one becomes one), other
/// control characters become visible, invisible format characters go. What does not fit is cut
/// between characters, and an ellipsis says so. Cost: that of what is shown, not of the whole text.
struct DisplayText {
  private(set) var bytes: [UInt8] = []
  /// In columns of the terminal.
  private(set) var width = 0

  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// - Parameters:
  ///   - limit: columns there are; nil for any number.
  ///   - keepsBreaks: a break becomes one space, however many spaces follow it.
  init(_ text: String, width limit: Int? = nil, isASCII: Bool = false, keepsBreaks: Bool = false) {
    let limit = max(limit ?? .max, 0)
    if Self.isPlain(text, limit: limit) {
      let count = text.utf8.count
      let plain = count <= limit ? Array(text.utf8) : Array(text.utf8.prefix(limit))
      appendPlain(plain, count, limit, isASCII)
    } else {
      appendCharacters(text, limit: limit, isASCII: isASCII, keepsBreaks: keepsBreaks)
    }
  }

  /// Printable ASCII.
  init(plain bytes: [UInt8], width limit: Int? = nil, isASCII: Bool = false) {
    appendPlain(bytes, bytes.count, max(limit ?? .max, 0), isASCII)
  }

  /// Whether a text is printable ASCII as far as it can be shown.
  private static func isPlain(_ text: String, limit: Int) -> Bool {
    let span = text.utf8.span
    let reach = min(span.count, limit == .max ? limit : limit + 1)
    for index in 0..<reach where !(0x20...0x7e).contains(span[index]) { return false }
    return true
  }

  /// - Parameter count: the length of the whole, of which `plain` is as much as can be shown.
  private mutating func appendPlain(
    _ plain: [UInt8], _ count: Int, _ limit: Int, _ isASCII: Bool
  ) {
    bytes = plain
    width = count
    guard count > limit else { return }
    bytes.removeSubrange(max(limit - 1, 0)...)
    width = bytes.count
    if limit > 0 { appendEllipsis(isASCII) }
  }

  private mutating func appendEllipsis(_ isASCII: Bool) {
    bytes.append(contentsOf: (isASCII ? "~" : "…").utf8)
    width += 1
  }

  private mutating func appendCharacters(
    _ text: String, limit: Int, isASCII: Bool, keepsBreaks: Bool
  ) {
    // Where to cut back to if the text goes on beyond the limit.
    var cut = (bytes: 0, width: 0)
    var isAfterBreak = false
    for character in text {
      let isBreak = character.isNewline || character == "\t"
      if isAfterBreak, !keepsBreaks, isBreak || character == " " { continue }
      isAfterBreak = isBreak
      let (shown, columns) = isBreak ? (" ", 1) : displayed(character, isASCII: isASCII)
      if columns > limit - width {
        bytes.removeSubrange(cut.bytes...)
        width = cut.width
        if limit > 0 { appendEllipsis(isASCII) }
        return
      }
      bytes.append(contentsOf: shown.utf8)
      width += columns
      if width < limit { cut = (bytes.count, width) }
    }
  }
}

/// A character as it is shown, and the columns it takes.
private func displayed(_ character: Character, isASCII: Bool) -> (String, Int) {
  if let first = character.unicodeScalars.first, first.properties.generalCategory == .control {
    return (isASCII ? "?" : picture(of: first), 1)
  }
  // A mark without a letter would join what is shown before it.
  let visible = character.unicodeScalars.drop { isJoining($0) }
  return (String(String.UnicodeScalarView(visible)), columns(of: visible))
}

/// The Unicode picture of a control character; those of the second set have none.
private func picture(of control: Unicode.Scalar) -> String {
  let code = control.value < 0x20 ? 0x2400 + control.value : control.value == 0x7f ? 0x2421 : 0xfffd
  return Unicode.Scalar(code).map { String($0) } ?? "?"
}

/// Whether a scalar takes no column of its own.
private func isJoining(_ scalar: Unicode.Scalar) -> Bool {
  if scalar.value < 0xad { return false }
  switch scalar.properties.generalCategory {
  case .nonspacingMark, .enclosingMark, .spacingMark, .format: return true
  case .lineSeparator, .paragraphSeparator: return true
  default: return false
  }
}

/// The columns of a character: those of its widest scalar, two for an emoji presentation.
private func columns(of character: Substring.UnicodeScalarView) -> Int {
  var columns = 0
  for scalar in character {
    if scalar.value == 0xfe0f { return 2 }
    columns = max(columns, scalarColumns(scalar))
  }
  return columns
}

private func scalarColumns(_ scalar: Unicode.Scalar) -> Int {
  if scalar.value < 0x300 { return 1 }
  if isJoining(scalar) { return 0 }
  return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
}

/// The blocks whose characters East Asian Width (Unicode annex 11) calls wide or full-width, and
/// the emoji, in rough ranges.
private let wideRanges: [ClosedRange<UInt32>] = [
  0x1100...0x115f, 0x231a...0x231b, 0x23e9...0x23ec, 0x25fd...0x25fe, 0x2614...0x2615,
  0x2648...0x2653, 0x26a1...0x26a1, 0x2705...0x2705, 0x270a...0x270b, 0x274c...0x274c,
  0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797, 0x2b1b...0x2b1c, 0x2b50...0x2b50,
  0x2e80...0x303e, 0x3041...0x4dbf, 0x4e00...0xa4cf, 0xa960...0xa97f, 0xac00...0xd7a3,
  0xf900...0xfaff, 0xfe10...0xfe19, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6,
  0x16fe0...0x18aff, 0x1b000...0x1b2ff, 0x1f004...0x1f004, 0x1f0cf...0x1f0cf,
  0x1f18e...0x1f18e, 0x1f191...0x1f19a, 0x1f1e6...0x1f202, 0x1f210...0x1f265,
  0x1f300...0x1f64f, 0x1f680...0x1f6ff, 0x1f7e0...0x1f7eb, 0x1f900...0x1f9ff,
  0x1fa70...0x1faff, 0x20000...0x3fffd,
]

/// Text as a terminal can show it: control characters made visible, cut to a width with an
/// ellipsis.
///
/// - Parameter width: nil when nothing is cut.
package func shownText(_ text: String, width: Int? = nil) -> String {
  DisplayText(text, width: width).text
}

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
/// Rounds the shortest decimal digits of the number, halves away from zero. Integers up to 1e15
/// keep all of their digits.
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
