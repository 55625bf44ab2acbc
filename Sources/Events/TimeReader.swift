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
/// The parts of a clock may have dots, hyphens or low lines between where there are three of them.
package struct WrittenTime {
  /// Nanoseconds since 1970; beyond what a `Timestamp` holds, too.
  package var start: Int128
  /// How long the least unit lasts that was written, in nanoseconds.
  package var width: Int128
  package var hasZone = false
  /// Whether no time of day was written.
  package var isDate = false

  package init?(_ text: String) {
    var reader = TimeReader(text.utf8.span)
    guard let time = reader.time() ?? reader.epoch() else { return nil }
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

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x9...0xd ~= byte }

  var isAtEnd: Bool { position == text.count }

  /// A date, with a time of day or without.
  @_lifetime(self: copy self)
  mutating func time() -> WrittenTime? {
    position = 0
    // Of ECMAScript's years of six digits those that have four.
    if text.count > 7, skip("+"), digitCount != 6 || digits(2) != 0 { position = 0 }
    if let year = digits(4) {
      if let day = ideographicDay(of: year) {
        if isAtEnd { return written(day, nil, offset: 0) }
        skipSpaces()
        return clockAndZone(on: day)
      }
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
  private func written(_ day: Int64, _ clock: Clock?, offset: Int64) -> WrittenTime? {
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
  /// `2026年05月02日`, as it is written in China and Japan, and in Korea; nil without a step.
  @_lifetime(self: copy self)
  mutating func ideographicDay(of year: Int64) -> Int64? {
    guard position < text.count, text[position] >= 0x80 else { return nil }
    let start = position
    for (ofYear, ofMonth, ofDay) in [("年", "月", "日"), ("년", "월", "일")] {
      if skip(text: ofYear), let month = digitsBehindSpaces(), skip(text: ofMonth),
        let day = digitsBehindSpaces(), skip(text: ofDay)
      {
        return Self.day(year, month, day)
      }
      position = start
    }
    return nil
  }

  @_lifetime(self: copy self)
  private mutating func digitsBehindSpaces() -> Int64? {
    skipSpaces()
    return digits(upTo: 2)
  }

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
    let isCount = count != 10 && !((count == 4 || count == 8) && Self.yearsOfLogs ~= year)
    guard isWhole ? !isCount : count == 4, let month = digits(2), let day = digits(2)
    else { return nil }
    return Self.day(year, month, day)
  }

  private static let yearsOfLogs: ClosedRange<Int64> = 1990...2100

  private static func day(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
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

// Dates with the month's name.
extension TimeReader {
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  private static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  @_lifetime(self: copy self)
  mutating func namedTime() -> WrittenTime? {
    position = 0
    if place(in: Self.weekdays) != nil { skipBetween() }
    if let day = digits(upTo: 2) {
      if let date = yearLast(day) { return named(date.year, date.month, date.day) }
      guard skipBetween(), let month = place(in: Self.months), skipBetween(), let year = year()
      else { return nil }
      return named(year, month, day)
    }
    guard let month = place(in: Self.months), skipBetween(), let day = digits(upTo: 2),
      skipBetween()
    else { return nil }
    if digitCount == 4, let year = year() { return named(year, month, day) }
    return clockBeforeYear(month, day)
  }

  /// Month and year behind a day, as in `01.05.2026` and `25/5/2026`, or the day behind the month where
  /// that is certain; nil without a step.
  @_lifetime(self: copy self)
  mutating func yearLast(_ day: Int64) -> (year: Int64, month: Int64, day: Int64)? {
    let start = position
    if skip("."), let month = digits(upTo: 2), skip("."), digitCount == 4, let year = digits(4) {
      return (year, month, day)
    }
    position = start
    for mark in ["/", "-"] as [Unicode.Scalar] {
      if skip(mark), let second = digits(upTo: 2), skip(mark), digitCount == 4,
        let year = digits(4), day > 12 || second > 12 || day == second
      {
        return second > 12 ? (year, day, second) : (year, second, day)
      }
      position = start
    }
    return nil
  }

  /// With the year written before the clock, or alone.
  @_lifetime(self: copy self)
  mutating func named(_ year: Int64, _ month: Int64, _ day: Int64) -> WrittenTime? {
    guard let day = Self.day(year, month, day) else { return nil }
    if isAtEnd { return written(day, nil, offset: 0) }
    guard skip(":") || skipBetween() else { return nil }
    skipAt()
    return clockAndZone(on: day)
  }

  /// As `date` and git write it: `08:00:00 2026 +0200`, `08:00:00 UTC 2026`.
  @_lifetime(self: copy self)
  mutating func clockBeforeYear(_ month: Int64, _ day: Int64) -> WrittenTime? {
    guard let clock = clock() else { return nil }
    skipBetween()
    var offset: Int64?
    if digitCount == 0 {
      guard let given = zoneName() ?? numericOffset(), skipBetween() else { return nil }
      offset = given
    }
    guard let year = year(), let day = Self.day(year, month, day) else { return nil }
    let isZoned = offset != nil || !isAtEnd
    guard let zone = offset ?? zone(), isAtEnd else { return nil }
    var time = written(day, clock, offset: zone)
    time?.hasZone = isZoned
    return time
  }

  /// Of two digits behind a hyphen, as RFC 850 has them: from 1970 to 2069.
  @_lifetime(self: copy self)
  mutating func year() -> Int64? {
    if digitCount == 4 { return digits(4) }
    guard digitCount == 2, text[position - 1] == UInt8(ascii: "-") else { return nil }
    return digits(2).map { $0 < 70 ? 2_000 + $0 : 1_900 + $0 }
  }

  /// The number, from 1, of the name whose first letters come next, at least three.
  @_lifetime(self: copy self)
  mutating func place(in names: [String]) -> Int64? {
    let word = word()
    guard word.utf8.count >= 3, let index = names.firstIndex(where: { $0.hasPrefix(word) })
    else {
      position -= word.utf8.count
      return nil
    }
    return Int64(index) + 1
  }

  /// Letters, in small ones.
  @_lifetime(self: copy self)
  mutating func word() -> String {
    var word = ""
    while position < text.count, 0x61...0x7a ~= text[position] | 0x20 {
      word.unicodeScalars.append(Unicode.Scalar(text[position] | 0x20))
      position += 1
    }
    return word
  }

  /// What may stand between the parts of such a date.
  @_lifetime(self: copy self) @discardableResult
  mutating func skipBetween() -> Bool {
    let start = position
    while skip(",") || skip("-") || skip("/") || skip(".") || skipSpaces() {}
    return position > start
  }
}

// Bytes.
extension TimeReader {
  /// `at ` before a clock.
  @_lifetime(self: copy self)
  mutating func skipAt() {
    let start = position
    if word() != "at" || !skipSpaces() { position = start }
  }

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
  private mutating func skip(text mark: String) -> Bool { skip(Array(mark.utf8)) }

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
