package import Events

/// The times that a written time means: an instant, or all that begin with a prefix.
///
/// With a zone a time is an instant: `2026-01-05T17:49:37.069Z`, `2026-01-05T10:49:37-07:00`. With
/// none it is a prefix in UTC, and means all of its year, month, day, hour, minute, second or
/// fraction: `2026`, `2026-01`, `2026-01-05`, `2026-01-05T17:49`. Times beyond 1677 to 2262 count
/// as the nearest that can be.
package struct TimeRange: Equatable, Sendable {
  package let first: Timestamp
  package let last: Timestamp

  /// A time in any form that an event may give it, a date, a month or a year; with the time that it is,
  /// also words for one, such as `yesterday`, `monday`, `last week` or `3 hours ago`.
  package init?(_ text: String, now: Timestamp? = nil) {
    let said = now.flatMap { SaidTime(text.lowercased(), now: $0)?.range }
    guard let (first, last) = said ?? Self.months(text) ?? Self.written(text) else { return nil }
    self.first = Timestamp(nanoseconds: Int64(clamping: first))
    self.last = Timestamp(nanoseconds: Int64(clamping: last))
  }

  /// Negative, zero or positive, as a time lies before, in or after the range.
  func order(_ time: Timestamp) -> Int { time < first ? -1 : time > last ? 1 : 0 }

  private static func written(_ text: String) -> (Int128, Int128)? {
    guard let time = WrittenTime(text) else { return nil }
    // A small number is a mistyped year rather than a count of seconds.
    if text.utf8.count < 9, text.utf8.allSatisfy({ $0 <= 0x39 }), !time.isDate { return nil }
    return (time.start, time.hasZone ? time.start : time.start + time.width - 1)
  }

  /// All of a year or of a month: `2026`, `2026-01`.
  private static func months(_ text: String) -> (Int128, Int128)? {
    let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count <= 2, parts[0].count == 4, parts.last?.count == 4 || parts[1].count == 2,
      parts.joined().allSatisfy({ 0x30...0x39 ~= $0 }), let year = Int64(String(parts[0]) ?? "")
    else { return nil }
    let month = parts.count == 2 ? Int64(String(parts[1]) ?? "") : nil
    if let month, !(1...12).contains(month) { return nil }
    let after = (month ?? 12) % 12 + 1
    let first = CivilDate(year: year, month: month ?? 1, day: 1).number
    let next = CivilDate(year: after == 1 ? year + 1 : year, month: after, day: 1).number
    let day: Int128 = 86_400_000_000_000
    return (Int128(first) * day, Int128(next) * day - 1)
  }
}

/// Days of the week, in order.
package let weekdayNames = [
  "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
]

/// What is said of times to somebody who wrote none: the words that are times, too.
package let timeWords = "`yesterday`, `monday`, `last week` and `3 hours ago` are times, too"

/// A time as people speak of it, in UTC; the last weekday of a name may be today.
private struct SaidTime {
  let range: (Int128, Int128)

  init?(_ text: String, now: Timestamp) {
    let words = text.split(separator: " ").map(String.init)
    if words == ["now"] {
      range = (Int128(now.nanoseconds), Int128(now.nanoseconds))
    } else if let days = Self.days(words, today: now.day) {
      range = (Int128(days.first) * Self.day, Int128(days.last + 1) * Self.day - 1)
    } else if let length = Self.length(words) {
      let start = Int128(now.nanoseconds) - length
      range = (start, start)
    } else if let time = Self.months(words, before: now) {
      range = (time, time)
    } else if let start = Self.beginning(of: words, now: now) {
      range = (start, Int128(now.nanoseconds))
    } else {
      return nil
    }
  }

  private static let second: Int128 = 1_000_000_000
  private static let day = 86_400 * second

  /// The first and the last day of what some words mean.
  private static func days(_ words: [String], today: Int64) -> (first: Int64, last: Int64)? {
    // The first of January 1970 was a Thursday.
    let monday = today - ((today + 3) % 7 + 7) % 7
    let civil = CivilDate(day: today)
    let month = CivilDate(year: civil.year, month: civil.month, day: 1).number
    switch words {
    case ["today"]: return (today, today)
    case ["yesterday"]: return (today - 1, today - 1)
    case ["tomorrow"]: return (today + 1, today + 1)
    case ["this", "week"]: return (monday, monday + 6)
    case ["last", "week"]: return (monday - 7, monday - 1)
    case ["this", "month"]:
      let next = CivilDate(day: month + 31)
      return (month, CivilDate(year: next.year, month: next.month, day: 1).number - 1)
    case ["this", "year"]: return year(civil.year)
    case ["last", "year"]: return year(civil.year - 1)
    case ["last", "month"]:
      let before = CivilDate(day: month - 1)
      return (CivilDate(year: before.year, month: before.month, day: 1).number, month - 1)
    default:
      let isLast = words.count == 2 && words[0] == "last"
      guard words.count == 1 || isLast, let word = words.last,
        let weekday = weekdayNames.firstIndex(where: { $0 == word || $0.prefix(3) == word })
      else { return nil }
      var back = ((today + 3 - Int64(weekday)) % 7 + 7) % 7
      // The last Monday is not today.
      if isLast, back == 0 { back = 7 }
      return (today - back, today - back)
    }
  }

  private static func year(_ year: Int64) -> (first: Int64, last: Int64) {
    let first = CivilDate(year: year, month: 1, day: 1).number
    return (first, CivilDate(year: year + 1, month: 1, day: 1).number - 1)
  }

  /// Where `2 months ago` and `a year ago` are: on the same day of an earlier month, or its last.
  private static func months(_ words: [String], before now: Timestamp) -> Int128? {
    guard words.count == 3, words[2] == "ago", let count = count(words[0]) else { return nil }
    let months: Int64
    switch words[1] {
    case "month", "months": months = count
    case "year", "years": months = count * 12
    default: return nil
    }
    let date = CivilDate(day: now.day)
    let month = date.year * 12 + date.month - 1 - months
    var then = CivilDate(year: month / 12, month: month % 12 + 1, day: date.day)
    guard then.year >= 1 else { return nil }
    while !then.isValid { then.day -= 1 }
    return Int128(now.nanoseconds) - Int128(date.number - then.number) * day
  }

  /// A number of at most nine digits, or the word for one.
  private static func count(_ word: String) -> Int64? {
    if ["a", "an", "one"].contains(word) { return 1 }
    guard word.utf8.count <= 9, word.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
    return Int64(word)
  }

  /// Where `last 7 days` and `past hour` begin, which end now.
  private static func beginning(of words: [String], now: Timestamp) -> Int128? {
    guard words.count > 1, words[0] == "last" || words[0] == "past" else { return nil }
    var amount = words.dropFirst() + ["ago"]
    if words.count == 2, words[1].first?.isNumber == false { amount.insert("1", at: 1) }
    let start = length(Array(amount)).map { Int128(now.nanoseconds) - $0 }
    return start ?? months(Array(amount), before: now)
  }

  /// Nanoseconds of `3 hours ago`, `3h ago` or `3h`.
  private static func length(_ words: [String]) -> Int128? {
    var amount = words.last == "ago" ? words.dropLast() : words[...]
    if amount.count == 2, let first = amount.first, first == "a" || first == "an" || first == "one"
    {
      amount[amount.startIndex] = "1"
    }
    let text = amount.joined()
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let unit = String(text.dropFirst(digits.count))
    guard (1...2).contains(amount.count), digits.count <= 9, let count = Int128(digits) else {
      return nil
    }
    // `3 hours` alone is a length, and no time.
    if words.last != "ago", unit.count != 1 { return nil }
    let seconds: Int128? =
      switch unit.count > 2 && unit.hasSuffix("s") ? String(unit.dropLast()) : unit {
      case "s", "sec", "second": 1
      case "m", "min", "minute": 60
      case "h", "hr", "hour": 3_600
      case "d", "day": 86_400
      case "w", "week": 604_800
      default: nil
      }
    return seconds.map { $0 * count * second }
  }
}

/// How a time is written that is not taken for a number, where some digits could be one: a year or a
/// date, or an epoch count, of the years that logs are written in; nil for any other number.
package func timeMeant(byDigits text: String) -> String? {
  guard !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
  let years = 1990...2100
  if text.utf8.count == 4, let year = Int(text) {
    return years.contains(year) ? "\(year)-01-01" : nil
  }
  guard text.utf8.count >= 8, let time = WrittenTime(text),
    let nanoseconds = Int64(exactly: time.start)
  else { return nil }
  let written = Timestamp(nanoseconds: nanoseconds)
  guard let year = Int("\(written)".prefix(4)), years.contains(year) else { return nil }
  return time.isDate ? String("\(written)".prefix(10)) : "\(written)"
}

/// What is said behind a text that is no time: how the days are written that it may mean, where day,
/// month and year stand in another order.
package func daysMeant(by text: String) -> String {
  let parts = text.split(omittingEmptySubsequences: false) { "/.-".contains($0) }
  let numbers = parts.compactMap { $0.utf8.count <= 4 ? Int64($0) : nil }
  guard parts.count == 3, numbers.count == 3 else { return "" }
  let orders =
    parts[0].utf8.count == 4
    ? [(numbers[0], numbers[1], numbers[2]), (numbers[0], numbers[2], numbers[1])]
    : [(numbers[2], numbers[1], numbers[0]), (numbers[2], numbers[0], numbers[1])]
  guard parts[0].utf8.count == 4 || parts[2].utf8.count == 4 else { return "" }
  var days: [String] = []
  for (year, month, day) in orders {
    let date = CivilDate(year: year, month: month, day: day)
    if date.isValid, !days.contains("\(date)") { days.append("\(date)") }
  }
  return days.isEmpty
    ? "" : "; did you mean \(days.map { "`\($0)`" }.joined(separator: " or "))?"
}
