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
    case ["this", "week"]: return (monday, monday + 6)
    case ["last", "week"]: return (monday - 7, monday - 1)
    case ["this", "month"]:
      let next = CivilDate(day: month + 31)
      return (month, CivilDate(year: next.year, month: next.month, day: 1).number - 1)
    case ["last", "month"]:
      let before = CivilDate(day: month - 1)
      return (CivilDate(year: before.year, month: before.month, day: 1).number, month - 1)
    default:
      guard words.count == 1, let word = words.first,
        let weekday = weekdayNames.firstIndex(where: { $0 == word || $0.prefix(3) == word })
      else { return nil }
      let back = (today + 3 - Int64(weekday)) % 7
      return (today - (back + 7) % 7, today - (back + 7) % 7)
    }
  }

  /// Nanoseconds of `3 hours ago`, `3h ago` or `3h`.
  private static func length(_ words: [String]) -> Int128? {
    let amount = words.last == "ago" ? words.dropLast() : words[...]
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
