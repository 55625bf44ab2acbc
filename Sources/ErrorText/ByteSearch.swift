/// What a byte can be part of. Bytes from 0x80 on belong to letters.
extension UInt8 {
  @inline(__always) var isDigit: Bool { self &- 0x30 < 10 }
  @inline(__always) var isUpper: Bool { self &- 0x41 < 26 }
  @inline(__always) var isLower: Bool { self &- 0x61 < 26 }
  @inline(__always) var isLetter: Bool { (self | 0x20) &- 0x61 < 26 || self >= 0x80 }
  @inline(__always) var isHex: Bool { isDigit || (self | 0x20) &- 0x61 < 6 }
  @inline(__always) var isSpace: Bool { self == 0x20 || self &- 0x09 < 5 }

  /// Letters, digits, and what may stand inside a word.
  @inline(__always) var isWord: Bool {
    if isLetter || isDigit { return true }
    switch self {
    case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "$"),
      UInt8(ascii: "@"), UInt8(ascii: "+"):
      return true
    default: return false
    }
  }

  /// What is no part of a word when it stands at its end.
  @inline(__always) var isTrimmed: Bool { isWord && !isLetter && !isDigit }

  /// What may stand in a path, after its beginning.
  @inline(__always) var isPath: Bool {
    if isSpace || self < 0x20 { return false }
    switch self {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "("),
      UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
      UInt8(ascii: "|"), UInt8(ascii: "="), UInt8(ascii: "{"), UInt8(ascii: "}"):
      return false
    default: return true
    }
  }

  @inline(__always) var isQuote: Bool {
    self == UInt8(ascii: "\"") || self == UInt8(ascii: "'") || self == UInt8(ascii: "`")
  }

  @inline(__always) var lowercased: UInt8 { isUpper ? self | 0x20 : self }
}

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

  /// The beginning, at most so long.
  @_lifetime(copy self)
  package func extracting(first most: Int) -> Span<UInt8> { extracting(0..<Swift.min(most, count)) }

  /// Where bytes stand first.
  func firstPlace(of wanted: Span<UInt8>) -> Int? {
    guard !wanted.isEmpty, count >= wanted.count else { return nil }
    for start in 0...(count - wanted.count) where self[start] == wanted[0] {
      var index = 1
      while index < wanted.count, self[start + index] == wanted[index] { index += 1 }
      if index == wanted.count { return start }
    }
    return nil
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
}

/// Lower-case words or phrases that are looked for together, in whatever case.
struct PhraseSet: Sendable {
  /// By the lower five bits of the first letter, so that few are compared at each place.
  private let byFirst: [[[UInt8]]]

  init(_ phrases: String...) { self.init(phrases) }

  /// - Parameter words: with a space between them.
  init(words: String) { self.init(words.split(separator: " ")) }

  private init(_ phrases: [some StringProtocol]) {
    var byFirst = [[[UInt8]]](repeating: [], count: 32)
    for phrase in phrases {
      let bytes = Array(phrase.utf8)
      if let first = bytes.first { byFirst[Int(first & 31)].append(bytes) }
    }
    self.byFirst = byFirst
  }

  /// Whether a range is one of them.
  func contains(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard let start = range.first else { return false }
    for phrase in byFirst[Int(bytes[start] & 31)] where phrase.count == range.count {
      if stands(phrase, in: bytes, at: start) { return true }
    }
    return false
  }

  @inline(__always)
  private func stands(_ phrase: [UInt8], in bytes: Span<UInt8>, at start: Int) -> Bool {
    var index = 0
    while index < phrase.count, bytes[start + index].lowercased == phrase[index] { index += 1 }
    return index == phrase.count
  }
}

extension String {
  /// The text of UTF-8 bytes; what is not valid becomes U+FFFD.
  package init(repairing bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe String(decoding: buffer, as: UTF8.self)
    }
  }

  /// At most so many bytes of the text, cut between characters (Unicode scalars).
  package func bounded(_ size: Int) -> String {
    guard utf8.count > size else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: size)
    while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    return String(decoding: utf8[utf8.startIndex..<end], as: UTF8.self)
  }
}
