package import Bytes
internal import Rules

/// Cuts a line into words and masks what varies: numbers, hexadecimal, paths, URLs, UUIDs,
/// addresses, times, quoted strings and code positions.
///
/// Neighbours that are masked become one, so that lists of any length are alike. One pass; about a
/// nanosecond a byte.
package struct Scanner {
  private(set) var tokens: [Token] = []
  /// Where the last word ends, and the punctuation before the next begins.
  private(set) var end = 0
  /// Where the last month or weekday ends, and the last unit.
  private(set) var calendarEnd = -1
  private(set) var unitEnd = -1

  init() { tokens.reserveCapacity(ErrorLimits.wordsMax) }

  mutating func scan(_ bytes: Span<UInt8>) {
    tokens.removeAll(keepingCapacity: true)
    end = 0
    calendarEnd = -1
    unitEnd = -1
    var index = 0
    /// The closing mark of a quoted text whose words count.
    var openQuote = -1
    var marks = marks(in: bytes)[...]
    while index < bytes.count, tokens.count < ErrorLimits.wordsMax {
      let byte = bytes[index]
      // What begins within a word or a quotation that was masked is of it.
      while let mark = marks.first, mark.range.lowerBound < index { marks.removeFirst() }
      if let mark = marks.first, mark.range.lowerBound == index {
        let range = mark.range
        if let word = mark.word {
          add(.none, word, range.lowerBound, range.upperBound, next: range.upperBound)
        } else {
          add(.whole, .wildcard, range.lowerBound, range.upperBound, next: range.upperBound)
        }
        index = range.upperBound
      } else if byte.isWord {
        index = scanWord(bytes, from: index)
      } else if index == openQuote {
        index += 1
      } else if let close = markedEnd(bytes, from: index) {
        if byte.isQuote, isTellingQuote(bytes, index..<close) {
          openQuote = close - 1
          index += 1
          continue
        }
        add(.whole, .wildcard, index, close, next: close)
        index = close
      } else {
        index += 1
      }
    }
    maskName(bytes)
  }

  private static let marked = RuleSet(markRules)

  /// What stands for something else, in its order: for a word of its kind, or nil for what varies.
  private func marks(in bytes: Span<UInt8>) -> [(range: Range<Int>, word: WordHash?)] {
    let line = bytes.extracting(first: ErrorLimits.lineSizeMax)
    var marks: [(range: Range<Int>, word: WordHash?)] = []
    for rule in Self.marked.hits(line) {
      let kind = Self.marked.rules[rule].kind
      var start = 0
      while let found = Self.marked.match(rule, in: line, from: start)?.found {
        let word: WordHash? =
          switch kind {
          case "place": nil
          case "word": WordHash(of: line.extracting(found)).telling
          default: WordHash(of: kind.utf8.span)
          }
        marks.append((found, word))
        start = found.upperBound
      }
    }
    return marks.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Masks the name that ends a compiler's complaint (`main.go:5:2: undefined: foo`), where others
  /// would quote it.
  private mutating func maskName(_ bytes: Span<UInt8>) {
    guard tokens.count >= 3, let first = tokens.first, first.mask == .whole,
      first.start == 0, let last = tokens.last, last.mask == .none, last.end == bytes.count,
      startsWithPosition(bytes),
      bytes.has(": ", at: last.separatorStart..<bytes.count)
    else { return }
    let before = tokens[tokens.count - 2]
    guard before.mask == .none, !bytes.holds("error", in: before.start..<before.end),
      !bytes.holds("warning", in: before.start..<before.end)
    else { return }
    tokens[tokens.count - 1].mask = .whole
    tokens[tokens.count - 1].hash = .wildcard
  }

  /// `main.go:5:2: ` at the beginning, as compilers write where they stopped.
  private func startsWithPosition(_ bytes: Span<UInt8>) -> Bool {
    var index = 0
    while index < bytes.count, bytes[index].isPath { index += 1 }
    var numbers = 0
    while index + 1 < bytes.count, bytes[index] == UInt8(ascii: ":"), bytes[index + 1].isDigit {
      index += 1
      while index < bytes.count, bytes[index].isDigit { index += 1 }
      numbers += 1
    }
    return numbers > 0 && bytes.has(": ", at: index..<bytes.count)
  }

  /// The end of what begins with a mark: a quoted string or a path; nil for other punctuation.
  private func markedEnd(_ bytes: Span<UInt8>, from index: Int) -> Int? {
    switch bytes[index] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): quoteEnd(bytes, from: index)
    case UInt8(ascii: "/"), UInt8(ascii: "~"): rootedPathEnd(bytes, from: index)
    default: nil
    }
  }

  /// Scans the word that begins here, or the larger thing that it begins. Returns its end.
  private mutating func scanWord(_ bytes: Span<UInt8>, from start: Int) -> Int {
    if let close = foreignQuoteEnd(bytes, from: start) {
      add(.whole, .wildcard, start, close, next: close)
      return close
    }
    let shape = WordShape(bytes, from: start)
    if let close = compoundEnd(bytes, shape) {
      add(.whole, .wildcard, start, close, next: close)
      return close
    }
    guard shape.count > 0 else { return shape.runEnd }
    if tells(bytes, shape) {
      let hash = hash(bytes, shape.start, shape.end).telling
      add(.none, hash, shape.start, shape.end, next: shape.end)
      return shape.runEnd
    }
    switch shape.mask(bytes) {
    case .whole:
      add(.whole, .wildcard, shape.start, shape.end, next: shape.end, isNumber: true)
    case .suffix where isZone(bytes, shape): end = shape.end
    case .suffix:
      let numberStart = shape.numberStart(bytes)
      let hash = hash(bytes, shape.start, numberStart).ofBeginning
      add(.suffix, hash, shape.start, numberStart, next: shape.end)
    case .none:
      if let half = halfOfDayEnd(bytes, shape) {
        end = half
        return half
      }
      if isUnit(bytes, shape) {
        end = shape.end
        unitEnd = end
      } else if joinsDate(bytes, shape) {
        end = shape.end
      } else if isCalendarWord(bytes, shape) {
        add(.whole, .wildcard, shape.start, shape.end, next: shape.end, isNumber: true)
        calendarEnd = shape.end
      } else if isValue(bytes, shape) || isUser(bytes, shape) {
        add(.whole, .wildcard, shape.start, shape.end, next: shape.end)
      } else {
        let hash = hash(bytes, shape.start, shape.end)
        add(.none, hash, shape.start, shape.end, next: shape.end)
      }
    }
    return shape.runEnd
  }

  /// Adds a token, unless it goes on with a list: masked like the one before it.
  private mutating func add(
    _ mask: Token.Mask, _ hash: WordHash, _ start: Int, _ wordEnd: Int, next: Int,
    isNumber: Bool = false
  ) {
    defer { end = next }
    if mask != .none, let last = tokens.last, last.hash == hash {
      if isNumber { tokens[tokens.count - 1].isNumber = true }
      return
    }
    tokens.append(
      Token(
        hash: hash, mask: mask, isNumber: isNumber, separatorStart: end, start: start, end: wordEnd)
    )
    dropRepeat()
  }

  /// Takes the last words away again when they repeat those before them, as in a list of things that
  /// each have several words: `node 1 up, node 2 up`.
  private mutating func dropRepeat() {
    guard tokens.count >= 4 else { return }
    for size in 2...ErrorLimits.repeatedWordsMax where tokens.count >= 2 * size {
      let last = tokens.count - size
      var isEqual = true
      var isMasked = false
      for index in last..<tokens.count {
        if tokens[index].hash != tokens[index - size].hash { isEqual = false }
        if tokens[index].mask != .none { isMasked = true }
      }
      if isEqual, isMasked {
        tokens.removeLast(size)
        return
      }
    }
  }

  private func hash(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> WordHash {
    WordHash(of: bytes.extracting(start..<end))
  }

  /// Whether it names a user, as in `session opened for user ann`.
  private func isUser(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
    guard tokens.count >= 2, let last = tokens.last, last.mask == .none,
      shape.runStart == last.end + 1, userWords.contains(bytes, last.start..<last.end)
    else { return false }
    let before = tokens[tokens.count - 2]
    return before.mask == .none && prepositions.contains(bytes, before.start..<before.end)
  }
}

private let userWords = PhraseSet(words: "user username account")
private let prepositions = PhraseSet(words: "for of by to from as")

// The template of the line that was scanned.
extension Scanner {
  /// The words of the line, and the punctuation after the last.
  package func template(of line: Span<UInt8>) -> (pieces: [Piece], tail: String) {
    var pieces: [Piece] = []
    for token in tokens {
      let word =
        switch token.mask {
        case .whole: Piece.wildcard
        case .suffix: String(repairing: line.extracting(token.start..<token.end)) + Piece.wildcard
        case .none: String(repairing: line.extracting(token.start..<token.end))
        }
      pieces.append(
        Piece(separator: separator(line, token.separatorStart..<token.start), word: word))
    }
    return (pieces, separator(line, end..<line.count))
  }

  /// The punctuation of a range, spaces of any kind and number becoming one.
  private func separator(_ line: Span<UInt8>, _ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    for index in range {
      let byte = line[index]
      if bytes.count >= ErrorLimits.separatorSizeMax { break }
      if !byte.isSpace, byte >= 0x20 {
        bytes.append(byte)
      } else if bytes.last != 0x20 {
        bytes.append(0x20)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// A word of a message, or what was masked in its place.
struct Token: Equatable {
  enum Mask: UInt8 {
    /// The word itself.
    case none = 0
    /// The word up to its number: `blk_<*>`.
    case suffix = 1
    /// `<*>`.
    case whole = 2
  }

  /// Equal for equal words.
  var hash: WordHash
  var mask: Mask
  /// Whether it stands for a number, so that a unit may follow.
  var isNumber = false
  /// Where the punctuation before it begins.
  var separatorStart: Int
  /// The word's bytes; of a masked suffix, those before it.
  var start: Int
  var end: Int
}

/// A word as templates compare it: kept as eight bytes, where a varint would take ten.
package struct WordHash: Hashable, Sendable, ByteCodable {
  package let bits: UInt64

  /// Where all is masked.
  package static let wildcard = WordHash(bits: 0)

  /// Set where a word says what went wrong, which groups that become one agree on.
  private static let tellingBit: UInt64 = 1 << 63

  private init(bits: UInt64) { self.bits = bits }

  init(of word: Span<UInt8>) {
    let hash = UInt64(truncatingIfNeeded: Hash128(of: word).value) & ~Self.tellingBit
    bits = hash == 0 ? 1 : hash
  }

  package var isTelling: Bool { bits & Self.tellingBit != 0 }

  /// The same word, which says what went wrong.
  var telling: WordHash { WordHash(bits: bits | Self.tellingBit) }

  /// The word as what stands before a number.
  var ofBeginning: WordHash { WordHash(bits: ~bits & ~Self.tellingBit) }

  package func encode(into writer: inout ByteWriter) { writer.append(littleEndian: bits) }

  package init(from reader: inout ByteReader) throws(BytesError) {
    bits = try reader.littleEndian(UInt64.self)
  }
}

/// A word of a template, with the punctuation before it.
package struct Piece: Equatable, Sendable, ByteCodable {
  package static let wildcard = "<*>"

  package var separator: String
  package var word: String

  package init(separator: String, word: String) {
    self.separator = separator
    self.word = word
  }

  package func encode(into writer: inout ByteWriter) {
    separator.encode(into: &writer)
    word.encode(into: &writer)
  }

  package init(from reader: inout ByteReader) throws(BytesError) {
    separator = try String(from: &reader)
    word = try String(from: &reader)
  }
}

extension [Piece] {
  /// The words of a template, with the punctuation between them and after the last.
  package func text(tail: String) -> String {
    var text = ""
    for piece in self { text += piece.separator + piece.word }
    return text + tail
  }
}
