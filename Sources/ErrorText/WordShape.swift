/// A run of word bytes, and what it is made of.
struct WordShape {
  /// The run, with what is trimmed from its ends.
  let runStart: Int
  let runEnd: Int
  /// The word itself.
  let start: Int
  let end: Int
  /// Where its first digit is; `end` when there is none.
  let firstDigit: Int
  let digits: Int
  let letters: Int
  let isHex: Bool
  let isUpperBeforeDigits: Bool
  /// Whether only digits, dots, dashes and underscores follow the first digit.
  let endsInNumber: Bool
  /// Whether only digits follow it.
  let endsInDigits: Bool
  /// Whether a dash stands before the first digit.
  let hasNumberBehindDash: Bool
  /// Where its last dot is; `start` when there is none.
  let lastDot: Int
  /// Where its last @ is.
  let lastAt: Int

  init(_ bytes: Span<UInt8>, from runStart: Int) {
    var runEnd = runStart
    var dots = 0
    while runEnd < bytes.count, bytes[runEnd].isWord {
      let byte = bytes[runEnd]
      if byte == UInt8(ascii: ".") {
        // A row of dots is no part of a word.
        if dots == 0, runEnd > runStart, bytes.has("...", at: runEnd..<bytes.count) { break }
        dots += 1
      } else {
        if dots > 2 { break }
        dots = 0
        if byte >= 0xc2, runEnd > runStart, isForeignQuote(bytes, at: runEnd) { break }
      }
      runEnd += 1
    }
    var start = runStart
    var end = runEnd
    while start < end, bytes[start].isTrimmed { start += 1 }
    while end > start, bytes[end - 1].isTrimmed { end -= 1 }
    var firstDigit = end
    var digits = 0
    var letters = 0
    var isHex = true
    var isUpper = true
    var endsInNumber = true
    var endsInDigits = true
    var lastDot = start
    var lastAt = start
    for index in start..<end {
      let byte = bytes[index]
      if byte.isDigit {
        if digits == 0 { firstDigit = index }
        digits += 1
        continue
      }
      if !byte.isHex { isHex = false }
      if byte.isLetter {
        letters += 1
        if digits > 0 { endsInNumber = false }
      } else if byte == UInt8(ascii: ".") {
        lastDot = index
      } else if byte == UInt8(ascii: "@") {
        lastAt = index
      }
      if digits > 0 { endsInDigits = false } else if !byte.isUpper { isUpper = false }
    }
    self.runStart = runStart
    self.runEnd = runEnd
    self.start = start
    self.end = end
    self.firstDigit = firstDigit
    self.digits = digits
    self.letters = letters
    self.isHex = isHex
    isUpperBeforeDigits = isUpper
    self.endsInNumber = endsInNumber
    self.endsInDigits = endsInDigits
    hasNumberBehindDash =
      firstDigit > start && firstDigit < end && bytes[firstDigit - 1] == UInt8(ascii: "-")
    self.lastDot = lastDot
    self.lastAt = lastAt
  }

  var count: Int { end - start }

  /// Where its number begins, with a sign before it.
  func numberStart(_ bytes: Span<UInt8>) -> Int {
    var index = firstDigit
    while index > start,
      bytes[index - 1] == UInt8(ascii: "-") || bytes[index - 1] == UInt8(ascii: "+")
    {
      index -= 1
    }
    return index
  }

  /// What of the word is kept.
  func mask(_ bytes: Span<UInt8>) -> Token.Mask {
    if count > ErrorLimits.wordSizeMax { return .whole }
    if digits == 0 { return .none }
    if letters == 0 || firstDigit == start { return .whole }
    if isErrorCode || isQualified(bytes) { return .none }
    if isHex, count >= 6 { return .whole }
    if endsInNumber { return .suffix }
    guard digits <= 2, letters >= 4 * digits, lastDot == start else { return .whole }
    // A digit inside a name (`jk2_init`) is part of the name; behind a dash it is a version
    // (`gpt-4o-mini`).
    return hasNumberBehindDash ? .suffix : .none
  }

  /// `V1` of `Foo::V1::NotFoundError`: a name in a name.
  private func isQualified(_ bytes: Span<UInt8>) -> Bool {
    guard bytes[start].isUpper, digits <= 3 else { return false }
    let isInFront =
      bytes.has("::", at: runEnd..<bytes.count) && runEnd + 2 < bytes.count
      && bytes[runEnd + 2].isUpper
    let isBehind =
      runStart > 2 && bytes.has("::", at: runStart - 2..<runStart) && bytes[runStart - 3].isWord
    return isInFront || isBehind
  }

  /// `TS2304`, `E0382`, `F401`: what tools number their complaints with.
  var isErrorCode: Bool {
    isUpperBeforeDigits && endsInDigits && (1...4).contains(firstDigit - start)
      && (3...5).contains(digits)
  }
}
