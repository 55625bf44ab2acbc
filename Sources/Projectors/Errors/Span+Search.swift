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
        if index + 1 < range.upperBound, self[index + 1].isUpper { return true }
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
