/// A time as ASCII writes it, of one that others write: digits, halves of the day and marks of Chinese,
/// Japanese, Korean and Arabic, letters with accents, and comments as RFC 2822 has them, but for one at
/// the end, which may name the zone.
struct TimeSpelling {
  private(set) var plain: [UInt8] = []
  private let text: [UInt8]
  private var position = 0

  /// Bytes of a text that may be a time.
  private static let sizeMax = 200

  /// Nil of what is written in ASCII without any of that, or is too long for a time.
  init?(_ span: Span<UInt8>) {
    guard span.count <= Self.sizeMax else { return nil }
    text = span.indices.map { span[$0] }
    while position < text.count { step() }
    if plain == text { return nil }
  }

  private mutating func step() {
    if text[position] >= 0x80 {
      stepOther()
    } else if text[position] == UInt8(ascii: "("), let end = commentEnd() {
      plain.append(0x20)
      position = end
    } else if TimeReader.isSpace(text[position]) {
      stepSpaces()
    } else {
      plain.append(text[position])
      position += 1
    }
  }

  // MARK: ASCII

  /// Where a comment ends that begins here; nil for what may name a zone, and what is none.
  private func commentEnd() -> Int? {
    if let last = plain.last, TimeReader.isLetter(last) { return nil }
    var (depth, end, isDeep) = (0, position, false)
    repeat {
      if end == text.count { return nil }
      switch text[end] {
      case UInt8(ascii: "("):
        depth += 1
        isDeep = isDeep || depth > 1
      case UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "\\"):
        end += 1
        isDeep = true
      default: break
      }
      end += 1
    } while depth > 0
    guard end <= text.count else { return nil }
    // The last one stays, unless an offset before it has said all and no zone is written so.
    let rest = text[end...].drop(while: TimeReader.isSpace)
    let hasOffset = plain.suffix(7).contains { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
    return rest.isEmpty && !(isDeep && hasOffset) ? nil : end
  }

  /// Spaces go beside colons, and behind the dots of `2026. 5. 2. `.
  private mutating func stepSpaces() {
    var end = position
    while end < text.count, TimeReader.isSpace(text[end]) { end += 1 }
    let next = end < text.count ? text[end] : 0
    let isBesideColon = next == UInt8(ascii: ":") || plain.last == UInt8(ascii: ":")
    let isInDate = plain.last == UInt8(ascii: ".") && TimeReader.isDigit(next) && dots < 3
    if dots == 3, plain.last == UInt8(ascii: ".") { plain.removeLast() }
    if !isBesideColon, !isInDate, plain.last != UInt8(ascii: "-") { plain.append(0x20) }
    position = end
  }

  /// How many dots there are, where a year of four digits and nothing but digits go before them.
  private var dots: Int {
    guard plain.count > 4, plain[..<4].allSatisfy(TimeReader.isDigit),
      plain[4] == UInt8(ascii: "."),
      plain.allSatisfy({ TimeReader.isDigit($0) || $0 == UInt8(ascii: ".") })
    else { return 0 }
    return plain.count { $0 == UInt8(ascii: ".") }
  }

  // MARK: Other scripts

  private enum Mark {
    case plain(StaticString)
    /// Ends a part of a clock.
    case part
    /// Ends the name of a weekday of one character, or begins one.
    case weekday, weekdayFollows
  }

  private static let marks: [(written: StaticString, mark: Mark)] = [
    ("年", .plain("-")), ("月", .plain("-")), ("日", .plain(" ")),
    ("년", .plain("-")), ("월", .plain("-")), ("일", .plain(" ")),
    ("上午", .plain(" am ")), ("下午", .plain(" pm ")), ("午前", .plain(" am ")),
    ("午後", .plain(" pm ")), ("오전", .plain(" am ")), ("오후", .plain(" pm ")),
    ("ص", .plain(" am ")), ("م", .plain(" pm ")), ("π.μ.", .plain(" am ")),
    ("μ.μ.", .plain(" pm ")),
    ("曜日", .weekday), ("요일", .weekday), ("星期", .weekdayFollows), ("周", .weekdayFollows),
    ("時", .part), ("时", .part), ("点", .part), ("點", .part), ("시", .part),
    ("分", .part), ("분", .part), ("秒", .part), ("초", .part),
    ("：", .plain(":")), ("／", .plain("/")), ("－", .plain("-")), ("．", .plain(".")),
    ("，", .plain(",")), ("（", .plain("(")), ("）", .plain(")")), ("　", .plain(" ")),
    // What tells the direction of writing.
    ("\u{200e}", .plain("")), ("\u{200f}", .plain("")), ("\u{feff}", .plain("")),
  ]

  /// The zeros of decimal digits: full width, Arabic, Persian, Devanagari, Bengali.
  private static let zeros: [[UInt8]] = ["０", "٠", "۰", "०", "০"].map { Array($0.utf8) }

  private mutating func stepOther() {
    // Weekdays go before days: `土曜日`.
    let found = Self.marks.first { isHere($0.written) }
    let weekday = Self.marks.first { entry in
      if case .weekday = entry.mark { return isHere(entry.written, behind: 3) }
      return false
    }
    if let weekday {
      position += 3 + weekday.written.utf8CodeUnitCount
    } else if let found {
      position += found.written.utf8CodeUnitCount
      switch found.mark {
      case .plain(let text): plain += text.bytes
      case .part: endPart()
      case .weekday: break
      case .weekdayFollows: position = min(position + 3, text.count)
      }
    } else if let digit = otherDigit() {
      plain.append(digit.byte)
      position += digit.size
    } else if text[position] == 0xc3, position + 1 < text.count,
      let letter = Self.letter(text[position + 1])
    {
      plain.append(letter)
      position += 2
    } else {
      plain.append(text[position])
      position += 1
    }
  }

  private func isHere(_ word: StaticString, behind count: Int = 0) -> Bool {
    text[position...].dropFirst(count).starts(with: word.bytes)
  }

  private func otherDigit() -> (byte: UInt8, size: Int)? {
    let rest = text[position...]
    for zero in Self.zeros where rest.starts(with: zero.dropLast()) {
      if let least = zero.last, let last = rest.dropFirst(zero.count - 1).first,
        (least...least + 9).contains(last)
      {
        return (UInt8(ascii: "0") + last - least, zero.count)
      }
    }
    return nil
  }

  /// `4分` becomes `04`, and a colon stands behind it where another part follows.
  private mutating func endPart() {
    if let last = plain.last, TimeReader.isDigit(last),
      plain.dropLast().last.map(TimeReader.isDigit) != true
    {
      plain.insert(UInt8(ascii: "0"), at: plain.count - 1)
    }
    if let next = text[position...].drop(while: TimeReader.isSpace).first, TimeReader.isDigit(next)
    {
      plain.append(UInt8(ascii: ":"))
    }
  }

  /// The letter without the accent, of the second byte of one of Latin-1.
  private static func letter(_ byte: UInt8) -> UInt8? {
    let place = Int(byte & 0x1f)
    let letter = Self.letters[place]
    return letter == UInt8(ascii: "-") ? nil : letter
  }

  /// From à to ÿ.
  private static let letters = Array("aaaaaa-ceeeeiiii-nooooo--uuuuy--".utf8)
}

extension StaticString {
  fileprivate var bytes: [UInt8] { withUTF8Buffer { unsafe Array($0) } }
}
