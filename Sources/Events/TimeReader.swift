/// A time as somebody wrote it.
///
/// It is read as RFC 3339 has it and with the liberties that writers take: with a zone, none (UTC), or
/// an offset and a name both; `T`, a space or `_` before the clock; dates with hyphens, slashes or
/// nothing between, by week or by day of the year; RFC 9557's `[Europe/Berlin]`; with the month's
/// name, as RFC 2822, RFC 850, `date`, git, JavaScript and Apache write it; the day first where dots
/// stand between, as in `01.05.2026`; with AM or PM; 24:00 for the end of a day. An epoch count has
/// digits, a sign, a decimal point or comma and an exponent at most, or stands in `/Date(…)/` or
/// behind an `@`. Where slashes or hyphens stand between and the year comes last, day and month are
/// told apart by a number that is no month, or are the same: `25/5/2026` is a date, `01/05/2026` none.
/// The parts of a clock may have dots, hyphens or low lines between where there are three of them. What
/// `TimeSpelling` reads in other scripts, and comments of RFC 2822, count as what they stand for.
///
/// The name of a zone of the tz database counts beside an offset only: alone, as in `10:00
/// Europe/Berlin`, it makes no time, which is counted as one that cannot be read. Its offset would come
/// of a table that differs from machine to machine and from year to year, and the same log would be
/// another elsewhere. Of `Etc/GMT+5` the name tells it.
package struct WrittenTime {
  /// Nanoseconds since 1970; beyond what a `Timestamp` holds, too.
  package var start: Int128
  /// How long the least unit lasts that was written, in nanoseconds.
  package var width: Int128
  package var hasZone = false
  /// Whether no time of day was written.
  package var isDate = false

  package init?(_ text: String) {
    self.init(text.utf8.span)
  }

  init?(_ text: Span<UInt8>) {
    var reader = TimeReader(text)
    if let time = reader.time() ?? reader.epoch() {
      self = time
      return
    }
    guard let spelling = TimeSpelling(text) else { return nil }
    var plain = TimeReader(spelling.plain.span)
    guard let time = plain.time() else { return nil }
    self = time
  }

  init(start: Int128, width: Int128) {
    self.start = start
    self.width = width
  }
}

/// Reads the parts of a time, one after the other.
struct TimeReader: ~Escapable {
  let text: Span<UInt8>
  var position = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) {
    var range = 0..<text.count
    while let first = range.first, Self.isSpace(text[first]) { range.removeFirst() }
    while let last = range.last, Self.isSpace(text[last]) { range.removeLast() }
    // Apache puts its times in brackets, and what is written as JSON twice stands in quotes.
    if let first = range.first, !Self.isDigit(text[first]) {
      for (open, close) in Self.wrappers {
        let start = range.lowerBound + open.utf8.count
        let end = range.upperBound - 1
        if start < end, text[end] == close, zip(range, open.utf8).allSatisfy({ text[$0] == $1 }) {
          range = start..<end
        }
      }
    }
    self.text = text.extracting(range)
  }

  private static let wrappers: [(open: String, close: UInt8)] = [
    ("[", UInt8(ascii: "]")), ("ISODate(", UInt8(ascii: ")")), ("new Date(", UInt8(ascii: ")")),
    ("\"", UInt8(ascii: "\"")), ("'", UInt8(ascii: "'")),
  ]

  static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }

  static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7a ~= byte | 0x20 }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x9...0xd ~= byte }

  var isAtEnd: Bool { position == text.count }

  /// A date, with a time of day or without.
  @_lifetime(self: copy self)
  mutating func time() -> WrittenTime? {
    position = 0
    // Of ECMAScript's years of six digits those that have four.
    if text.count > 7, skip("+"), digitCount != 6 || digits(2) != 0 { position = 0 }
    if let year = digits(4) {
      guard let day = day(of: year) else { return nil }
      if isAtEnd { return written(day, nil, offset: 0) }
      let start = position
      if skip("-") {
        if let clock = clock(), clock.isWhole {
          position = start + 1
          return clockAndZone(on: day)
        }
        return nil
      }
      guard
        skip("T") || skip("t") || skip("_") || skip(",") && skipSpaces() || skipSpaces()
          || digitCount == 6 || digitCount == 4
      else { return nil }
      skipAt()
      return clockAndZone(on: day)
    }
    return namedTime()
  }

  @_lifetime(self: copy self)
  mutating func clockAndZone(on day: Int64) -> WrittenTime? {
    guard let clock = clock() else { return nil }
    let isZoned = !isAtEnd
    guard let offset = zone(), isAtEnd else { return nil }
    var time = written(day, clock, offset: offset)
    time?.hasZone = isZoned
    return time
  }

  /// - Parameter offset: seconds east of UTC.
  func written(_ day: Int64, _ clock: Clock?, offset: Int64) -> WrittenTime? {
    let second = day * 86_400 + (clock?.second ?? 0) - offset
    // A leap second is the last one of a day in UTC. It reads as the second after.
    if clock?.isLeap == true, second % 86_400 != 0 { return nil }
    let nanoseconds = Int128(second) * 1_000_000_000 + Int128(clock?.nanosecond ?? 0)
    var time = WrittenTime(start: nanoseconds, width: clock?.width ?? 86_400_000_000_000)
    time.isDate = clock == nil
    return time
  }
}

// Days.
extension TimeReader {
  /// What follows the year: month and day, a week and its day, or the day of the year.
  @_lifetime(self: copy self)
  mutating func day(of year: Int64) -> Int64? {
    let isHyphened = skip("-")
    if skip("W") {
      guard let week = digits(2), skip("-") == isHyphened, let day = digits(1) else { return nil }
      return Self.day(week, day, of: year)
    }
    let isDotted = !isHyphened && skip(".")
    if isHyphened || isDotted || skip("/") {
      if digitCount == 3 { return digits(3).flatMap { Self.day($0, of: year) } }
      guard let month = digits(upTo: 2), skip(isHyphened ? "-" : isDotted ? "." : "/"),
        let day = digits(upTo: 2)
      else { return nil }
      return Self.day(year, month, day)
    }
    // Digits alone are an epoch count, unless they are a date of the years that logs are written in.
    let count = digitCount
    let isWhole = position + count == text.count
    if count == 3, !isWhole { return digits(3).flatMap { Self.day($0, of: year) } }
    let isOfLogs = Self.yearsOfLogs ~= year
    let isDate =
      if isWhole {
        count == 10 || (count == 4 || count == 8) && isOfLogs
      } else {
        // The clock goes on with the digits, or a zone does: `20260502100000.5Z`.
        count == 4 || isOfLogs && (count == 10 || count == 8 && !isFraction(at: position + count))
      }
    guard isDate, let month = digits(2), let day = digits(2)
    else { return nil }
    return Self.day(year, month, day)
  }

  private func isFraction(at index: Int) -> Bool {
    text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ",")
      || text[index] | 0x20 == UInt8(ascii: "e")
  }

  private static let yearsOfLogs: ClosedRange<Int64> = 1990...2100

  static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
    let date = CivilDate(year: year, month: month, day: day)
    return date.isValid ? date.number : nil
  }

  /// A day by its number in the year, from 1.
  private static func day(_ number: Int64, of year: Int64) -> Int64? {
    let day = CivilDate(year: year, month: 1, day: 1).number + number - 1
    return number > 0 && CivilDate(day: day).year == year ? day : nil
  }

  /// A day of a week: the first week is that of the year's first Thursday, and begins on a Monday.
  private static func day(_ week: Int64, _ day: Int64, of year: Int64) -> Int64? {
    guard 1...7 ~= day, week > 0 else { return nil }
    let fourth = CivilDate(year: year, month: 1, day: 4).number
    // 1970-01-01 was a Thursday.
    let weekday = ((fourth + 3) % 7 + 7) % 7
    let monday = fourth - weekday + (week - 1) * 7
    return CivilDate(day: monday + 3).year == year ? monday + day - 1 : nil
  }
}

// Bytes.
extension TimeReader {
  /// `at ` before a clock.
  @_lifetime(self: copy self)
  mutating func skipAt() {
    let start = position
    guard Self.atWords.contains(word()) else {
      position = start
      return
    }
    _ = skip(".")
    if !skipSpaces() { position = start }
  }

  private static let atWords: Set<String> = ["at", "um", "om", "kl", "klo", "a", "alle"]

  /// How many digits come next.
  var digitCount: Int {
    var end = position
    while end < text.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[end] { end += 1 }
    return end - position
  }

  /// A number of exactly so many digits, or nil without a step.
  @_lifetime(self: copy self)
  mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= text.count else { return nil }
    var value: Int64 = 0
    for index in position..<position + count {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] else { return nil }
      value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
    }
    position += count
    return value
  }

  /// A number of all the digits that come next, from one to so many.
  @_lifetime(self: copy self)
  mutating func digits(upTo most: Int) -> Int64? {
    let count = digitCount
    return 1...most ~= count ? digits(count) : nil
  }

  @_lifetime(self: copy self)
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, UInt32(text[position]) == character.value else { return false }
    position += 1
    return true
  }

  /// The minus of typesetters, which ISO 8601 asks for.
  @_lifetime(self: copy self)
  mutating func skipMinus() -> Bool { skip([0xe2, 0x88, 0x92]) }

  @_lifetime(self: copy self)
  private mutating func skip(_ bytes: [UInt8]) -> Bool {
    guard position + bytes.count <= text.count,
      bytes.indices.allSatisfy({ text[position + $0] == bytes[$0] })
    else { return false }
    position += bytes.count
    return true
  }

  @_lifetime(self: copy self) @discardableResult
  mutating func skipSpaces() -> Bool {
    let start = position
    while true {
      if position < text.count, Self.isSpace(text[position]) {
        position += 1
      } else if skip([0xe2, 0x80, 0xaf]) || skip([0xc2, 0xa0]) {
        // Newer ones of JavaScript's write a space that no line breaks at before AM and PM.
      } else {
        return position > start
      }
    }
  }
}
