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

  /// A time as RFC 3339 writes it, with `T`, `t` or a space, or any beginning of one.
  package init?(_ text: String) {
    var parser = TimeParser(text)
    guard let (first, last) = parser.range() else { return nil }
    self.first = Timestamp(nanoseconds: Int64(clamping: first))
    self.last = Timestamp(nanoseconds: Int64(clamping: last))
  }

  /// Negative, zero or positive, as a time lies before, in or after the range.
  func order(_ time: Timestamp) -> Int { time < first ? -1 : time > last ? 1 : 0 }
}

private struct TimeParser {
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  private var isAtEnd: Bool { position == bytes.count }

  private mutating func take(_ accepted: String) -> Bool {
    guard position < bytes.count, accepted.utf8.contains(bytes[position]) else { return false }
    position += 1
    return true
  }

  private mutating func digits(_ count: Int, in range: ClosedRange<Int64>) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for byte in bytes[position..<position + count] {
      guard (0x30...0x39).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - 0x30)
    }
    position += count
    return range.contains(value) ? value : nil
  }

  /// First and last nanosecond since 1970.
  mutating func range() -> (Int128, Int128)? {
    guard let year = digits(4, in: 0...9999) else { return nil }
    var date = CivilDate(year: year, month: 1, day: 1)
    if isAtEnd { return days(from: date, to: CivilDate(year: year + 1, month: 1, day: 1)) }
    guard take("-"), let month = digits(2, in: 1...12) else { return nil }
    date.month = month
    if isAtEnd {
      let next = CivilDate(year: month == 12 ? year + 1 : year, month: month % 12 + 1, day: 1)
      return days(from: date, to: next)
    }
    guard take("-"), let day = digits(2, in: 1...31) else { return nil }
    date.day = day
    guard date.isValid else { return nil }
    if isAtEnd { return span(from: date.number * 86_400, seconds: 86_400) }
    guard take("Tt "), let hour = digits(2, in: 0...23) else { return nil }
    return time(from: date.number * 86_400 + hour * 3_600)
  }

  private func days(from start: CivilDate, to end: CivilDate) -> (Int128, Int128) {
    span(from: start.number * 86_400, seconds: (end.number - start.number) * 86_400)
  }

  private func span(from start: Int64, seconds: Int64) -> (Int128, Int128) {
    let first = Int128(start) * 1_000_000_000
    return (first, first + Int128(seconds) * 1_000_000_000 - 1)
  }

  /// What follows the hour, which begins at a second since 1970.
  private mutating func time(from hour: Int64) -> (Int128, Int128)? {
    if isAtEnd { return span(from: hour, seconds: 3_600) }
    guard take(":"), let minute = digits(2, in: 0...59) else { return nil }
    let start = hour + minute * 60
    if isAtEnd { return span(from: start, seconds: 60) }
    // A leap second is the one after.
    guard take(":"), let second = digits(2, in: 0...60) else { return nil }
    var (first, last) = span(from: start + second, seconds: 1)
    if take(".") {
      guard let fraction = fraction() else { return nil }
      (first, last) = (
        first + fraction.nanoseconds, first + fraction.nanoseconds + fraction.width - 1
      )
    }
    if isAtEnd { return (first, last) }
    guard let zone = zone(), isAtEnd else { return nil }
    let instant = first - Int128(zone) * 1_000_000_000
    return (instant, instant)
  }

  /// Digits of a second; those beyond the ninth are dropped.
  private mutating func fraction() -> (nanoseconds: Int128, width: Int128)? {
    let start = position
    var nanoseconds: Int128 = 0
    var width: Int128 = 1_000_000_000
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      if width > 1 {
        width /= 10
        nanoseconds += width * Int128(bytes[position] - 0x30)
      }
      position += 1
    }
    return position > start ? (nanoseconds, width) : nil
  }

  /// Seconds east of Greenwich.
  private mutating func zone() -> Int64? {
    if take("Zz") { return 0 }
    let isWest = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    guard take("+-"), let hour = digits(2, in: 0...23), take(":"),
      let minute = digits(2, in: 0...59)
    else { return nil }
    let seconds = hour * 3_600 + minute * 60
    return isWest ? -seconds : seconds
  }
}
