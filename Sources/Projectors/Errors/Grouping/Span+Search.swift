extension Span where Element == UInt8 {
  /// Whether a text stands at the beginning of a range.
  func has(_ text: StaticString, at range: Range<Int>) -> Bool {
    let size = text.utf8CodeUnitCount
    guard range.count >= size else { return false }
    for index in 0..<size {
      let byte = unsafe text.utf8Start[index]
      if byte != self[range.lowerBound + index] { return false }
    }
    return true
  }

  func has(_ text: String, at range: Range<Int>) -> Bool {
    range.count >= text.utf8.count
      && zip(text.utf8, range).allSatisfy { $0 == self[$1] }
  }

  /// Where a lower-case phrase stands first in a range, in whatever case.
  func firstIndex(of phrase: String, in range: Range<Int>) -> Int? {
    let utf8 = phrase.utf8
    let wanted = utf8.span
    guard !wanted.isEmpty, range.count >= wanted.count else { return nil }
    let first = wanted[0]
    for start in range.lowerBound...(range.upperBound - wanted.count) {
      guard self[start].lowercased == first else { continue }
      var index = 1
      while index < wanted.count, self[start + index].lowercased == wanted[index] { index += 1 }
      if index == wanted.count { return start }
    }
    return nil
  }

  func holds(_ phrase: String, in range: Range<Int>) -> Bool {
    firstIndex(of: phrase, in: range) != nil
  }

  func holdsAny(_ phrases: [String], in range: Range<Int>) -> Bool {
    phrases.contains { holds($0, in: range) }
  }

  /// Whether a word such as `error`, `TypeError` or `fatal` introduces what follows it.
  func namesError(in range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      guard self[index].isLetter else {
        index += 1
        continue
      }
      let start = index
      while index < range.upperBound, self[index].isLetter { index += 1 }
      guard index < range.upperBound, isErrorWord(start..<index) else { continue }
      switch self[index] {
      case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "!"): return true
      case 0x20:
        // `Error Something`, `AssertionError [ERR_ASSERTION]: …`
        if index + 1 < range.upperBound,
          self[index + 1].isUpper || self[index + 1] == UInt8(ascii: "[")
        {
          return true
        }
      default: break
      }
    }
    return false
  }

  private func isErrorWord(_ word: Range<Int>) -> Bool {
    for ending in ["error", "exception", "fatal", "panic"] where word.count >= ending.utf8.count {
      if holds(ending, in: (word.upperBound - ending.utf8.count)..<word.upperBound) { return true }
    }
    return word.count == 3 && holds("err", in: word)
  }

  /// Of a line that names a test and says why it failed, the reason: of pytest's summary
  /// (`FAILED tests/a.py::test_b - assert 1 == 2`) what follows the dash.
  func summaryReason(_ range: Range<Int>) -> Range<Int>? {
    if let issue = firstIndex(of: "recorded an issue at ", in: range),
      let colon = firstIndex(of: ": ", in: issue..<range.upperBound), colon + 2 < range.upperBound
    {
      return (colon + 2)..<range.upperBound
    }
    if let colon = firstIndex(of: " : xctassert", in: range) {
      return (colon + 3)..<range.upperBound
    }
    guard has("FAILED ", at: range) || has("ERROR ", at: range),
      let name = firstIndex(of: "::", in: range),
      let dash = firstIndex(of: " - ", in: name..<range.upperBound), dash + 3 < range.upperBound
    else { return nil }
    return (dash + 3)..<range.upperBound
  }

  /// The message of a long object of JSON on one line, as compilers give diagnostics to tools.
  func longObjectMessage(_ range: Range<Int>) -> Range<Int>? {
    guard range.count > 500, has("{", at: range),
      let key = firstIndex(of: "\"message\":", in: range)
    else { return nil }
    var start = key + 10
    if start < range.upperBound, self[start] == 0x20 { start += 1 }
    guard start < range.upperBound, self[start] == UInt8(ascii: "\""),
      let end = quoteEnd(self, from: start), end > start + 2
    else { return nil }
    return (start + 1)..<(end - 1)
  }

  /// `"error": {`: what it holds comes in the lines that follow.
  func opensObject(_ range: Range<Int>) -> Bool {
    guard let last = range.last, has("\"", at: range) else { return false }
    return self[last] == UInt8(ascii: "{") || self[last] == UInt8(ascii: "[")
  }

  /// `/srv/app/index.js:10`: where, and nothing of what.
  func isPosition(_ range: Range<Int>) -> Bool {
    guard let last = range.last, self[last].isDigit else { return false }
    var colons = 0
    for index in range {
      if self[index].isSpace { return false }
      if self[index] == UInt8(ascii: ":") { colons += 1 }
    }
    return colons > 0 && !self[range.lowerBound].isDigit && holdsAny(["/", "."], in: range)
  }

  /// `main.go:5:2: ` at the beginning, as compilers write where they stopped.
  func startsWithPosition(in range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, self[index].isPath { index += 1 }
    var numbers = 0
    while index + 1 < range.upperBound, self[index] == UInt8(ascii: ":"), self[index + 1].isDigit {
      index += 1
      while index < range.upperBound, self[index].isDigit { index += 1 }
      numbers += 1
    }
    return numbers > 0 && index + 1 < range.upperBound && self[index] == UInt8(ascii: ":")
      && self[index + 1] == 0x20
  }
}

extension UInt8 {
  @inline(__always) var lowercased: UInt8 { isUpper ? self | 0x20 : self }
}

// Phrases that begin a word, or a part of a name (`ReadTimeout`): `enotfound` is no part of
// `FileNotFoundError`.
extension Span where Element == UInt8 {
  /// Where a lower-case phrase stands that begins so.
  ///
  /// - Parameter isWhole: whether a word also ends where the phrase does.
  func beginning(of phrase: String, from start: Int, isWhole: Bool) -> Int? {
    var start = start
    while let found = firstIndex(of: phrase, in: start..<count) {
      let end = found + phrase.utf8.count
      if !isInsideWord(found), !isWhole || !isInsideWord(end) { return found }
      start = found + 1
    }
    return nil
  }

  func holdsBeginning(ofAny phrases: [String]) -> Bool {
    phrases.contains { beginning(of: $0, from: 0, isWhole: false) != nil }
  }

  /// Whether a place lies between letters of one word.
  private func isInsideWord(_ place: Int) -> Bool {
    guard place > 0, place < count, self[place].isLetter, self[place - 1].isLetter else {
      return false
    }
    guard self[place].isUpper else { return true }
    // The last of several capitals begins a word: `OSError`.
    return self[place - 1].isUpper && !(place + 1 < count && self[place + 1].isLower)
  }
}
