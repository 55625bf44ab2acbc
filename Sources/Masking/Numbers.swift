/// What the numbers of a text look like: one pass tells which rules of numbers need not be looked for.
struct Numbers {
  /// The most digits that stand together, with at most signs of numbers between them.
  private(set) var digitsMax = 0
  /// Four numbers with dots between, at least.
  private(set) var hasDottedFour = false
  /// A digit in a row of hexadecimal digits, colons and dots, two colons among them.
  private(set) var hasColons = false
  /// Two capitals and two digits, as bank accounts begin.
  private(set) var hasCountry = false
  /// Twelve letters and digits together, one digit among them, or thirty.
  private(set) var hasLongRun = false
  /// Twelve together with a digit, a capital and a small letter among them.
  private(set) var hasMixedRun = false
  /// Where the last letters and digits that were looked at end.
  private var runEnd = 0

  init(in text: Span<UInt8>) {
    var index = 0
    while index < text.count {
      index = isDigit(text[index]) ? read(text, from: index) : index + 1
    }
    if !hasLongRun { hasLongRun = Self.hasLetters(30, text) }
  }

  /// Whether so many letters stand together. Looks from the end of where they would, so that most
  /// bytes are passed over.
  private static func hasLetters(_ least: Int, _ text: Span<UInt8>) -> Bool {
    var start = 0
    while start + least <= text.count {
      var index = start + least - 1
      while index >= start, isAlphanumeric(text[index]) { index -= 1 }
      if index < start { return true }
      start = index + 1
    }
    return false
  }

  /// Reads what a digit begins: what stands together as numbers do. Returns where it ends.
  private mutating func read(_ text: Span<UInt8>, from start: Int) -> Int {
    var end = start
    var (digits, dots) = (0, 0)
    while end < text.count {
      if isDigit(text[end]) {
        digits += 1
        if end == start || !isDigit(text[end - 1]) { look(text, at: end) }
      } else if text[end] == UInt8(ascii: ".") {
        dots += 1
      } else if !Self.isSign(text[end]) {
        break
      }
      end += 1
    }
    digitsMax = max(digitsMax, digits)
    if digits >= 4, dots >= 3 { hasDottedFour = true }
    return end
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "/"),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// More than an address of version 6 has before or behind any of its digits.
  private static let extentMax = 64

  /// Looks at what stands around the first digit of some.
  private mutating func look(_ text: Span<UInt8>, at digit: Int) {
    func byte(_ index: Int) -> UInt8 { index >= 0 && index < text.count ? text[index] : 0 }
    if isCapital(byte(digit - 1)), isCapital(byte(digit - 2)), isDigit(byte(digit + 1)) {
      hasCountry = true
    }
    func extent(_ isPart: (UInt8) -> Bool) -> Range<Int> {
      var (start, end) = (digit, digit)
      while digit - start < Self.extentMax, isPart(byte(start - 1)) { start -= 1 }
      while end - digit < Self.extentMax, isPart(byte(end)) { end += 1 }
      return start..<end
    }
    if !hasMixedRun, digit >= runEnd {
      let run = extent(isAlphanumeric)
      runEnd = run.upperBound
      if run.count >= 12 {
        hasLongRun = true
        hasMixedRun =
          run.contains { isCapital(text[$0]) }
          && run.contains { isLetter(text[$0]) && !isCapital(text[$0]) }
      }
    }
    if !hasColons {
      let row = extent { isHexDigit($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
      hasColons = row.count { text[$0] == UInt8(ascii: ":") } >= 2
    }
  }
}
