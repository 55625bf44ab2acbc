/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var nanoseconds: Int64

  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  static let nanosecondsPerSecond: Int64 = 1_000_000_000

  /// Whole seconds since 1970, rounded down.
  public var seconds: Int64 {
    let (quotient, remainder) = nanoseconds.quotientAndRemainder(
      dividingBy: Self.nanosecondsPerSecond)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Days since 1970-01-01, UTC, rounded down.
  public var day: Int64 {
    let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// The hour of the day, UTC.
  public var hour: Int { Int((seconds - day * 86_400) / 3_600) }

  /// RFC 3339 in UTC, with as many digits of a second as there are: `2026-01-05T17:49:37.069463Z`.
  public var description: String {
    let civil = CivilDate(day: day)
    let inDay = seconds - day * 86_400
    var text = "\(civil)T\(padded(inDay / 3_600)):\(padded(inDay / 60 % 60)):\(padded(inDay % 60))"
    // The first second that there is begins before the first nanosecond: it wraps around twice.
    var fraction = nanoseconds &- seconds &* Self.nanosecondsPerSecond
    if fraction > 0 {
      var digits = 9
      while fraction % 10 == 0 {
        fraction /= 10
        digits -= 1
      }
      text += "." + padded(fraction, digits: digits)
    }
    return text + "Z"
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable, CustomStringConvertible {
  public var year: Int64
  public var month: Int64
  public var day: Int64

  public init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// The date of a number of days since 1970-01-01. The arithmetic is that of Howard Hinnant's
  /// "chrono-Compatible Low-Level Date Algorithms": years begin in March, eras have 400 years.
  public init(day number: Int64) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01.
  public var number: Int64 {
    let year = month <= 2 ? self.year - 1 : self.year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Whether the month has that day.
  public var isValid: Bool {
    (1...12).contains(month) && day >= 1 && day <= 31 && CivilDate(day: number) == self
  }

  public var description: String { "\(padded(year, digits: 4))-\(padded(month))-\(padded(day))" }
}

func padded(_ value: Int64, digits: Int = 2) -> String {
  let text = String(value)
  return text.utf8.count >= digits
    ? text : String(repeating: "0", count: digits - text.utf8.count) + text
}

extension Timestamp {
  /// Reads a time as text: RFC 3339, with the liberties that writers take, or an epoch count.
  ///
  /// RFC 3339 with a zone, with none (UTC), with an offset and `Z` both; `T`, `t` or a space
  /// between date and time; any number of digits of a second, those beyond nanoseconds dropped;
  /// without seconds. An epoch count has digits, a sign and a decimal point at most. A date alone
  /// is no time. Nil for anything else, and for times before 1677-09-21 or after 2262-04-11.
  public init?(parsing text: Span<UInt8>) {
    var reader = TimeReader(text)
    if let time = reader.dateTime() {
      self = time
      return
    }
    guard let time = reader.epoch() else { return nil }
    self = time
  }

  public init?(parsing text: String) { self.init(parsing: text.utf8.span) }

  /// A count since 1970 in seconds, milliseconds, microseconds or nanoseconds: which, its magnitude
  /// tells (below 1e11, 1e14, 1e17, or not).
  public init?(epoch count: Int64) {
    let unit: Int64 =
      switch count.magnitude {
      case ..<100_000_000_000: 1_000_000_000
      case ..<100_000_000_000_000: 1_000_000
      case ..<100_000_000_000_000_000: 1_000
      default: 1
      }
    let (nanoseconds, overflow) = count.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.init(nanoseconds: nanoseconds)
  }

  /// The same for a fraction. It is rounded to microseconds, because a double of seconds holds no
  /// more; a count of nanoseconds is rounded to one.
  public init?(epoch count: Double) {
    let toMicroseconds: Double =
      switch count.magnitude {
      case ..<1e11: 1e6
      case ..<1e14: 1e3
      case ..<1e17: 1
      default: 0
      }
    if toMicroseconds == 0 {
      guard let nanoseconds = Int64(exactly: count.rounded(.toNearestOrEven)) else { return nil }
      self.init(nanoseconds: nanoseconds)
      return
    }
    let rounded = (count * toMicroseconds).rounded(.toNearestOrEven)
    guard let microseconds = Int64(exactly: rounded) else { return nil }
    let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1_000)
    guard !overflow else { return nil }
    self.init(nanoseconds: nanoseconds)
  }
}

/// Reads the parts of a time, one after the other.
private struct TimeReader: ~Escapable {
  let text: Span<UInt8>
  var position = 0

  @_lifetime(copy text)
  init(_ text: Span<UInt8>) { self.text = text }

  @_lifetime(self: copy self)
  mutating func dateTime() -> Timestamp? {
    position = 0
    guard let year = digits(4), skip("-"), let month = digits(2), skip("-"), let day = digits(2),
      skip("T") || skip("t") || skip(" "),
      let hour = digits(2), hour < 24, skip(":"), let minute = digits(2), minute < 60
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    var second: Int64 = 0
    var nanosecond: Int64 = 0
    if skip(":") {
      guard let given = digits(2), given <= 60, let fraction = fraction() else { return nil }
      second = given
      nanosecond = fraction
    }
    guard date.isValid, let offset = zone(), position == text.count else { return nil }
    let minutes = date.number * 1_440 + hour * 60 + minute - offset
    // A leap second is the last one of a day in UTC. It reads as the second after.
    guard second < 60 || (minutes % 1_440 + 1_440) % 1_440 == 1_439 else { return nil }
    let nanoseconds = Int128(minutes * 60 + second) * 1_000_000_000 + Int128(nanosecond)
    return Int64(exactly: nanoseconds).map(Timestamp.init(nanoseconds:))
  }

  /// Nanoseconds; 0 when there is no fraction, nil for a point without digits.
  @_lifetime(self: copy self)
  private mutating func fraction() -> Int64? {
    guard skip(".") || skip(",") else { return 0 }
    var value: Int64 = 0
    var count = 0
    while let digit = digits(1) {
      if count < 9 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { return nil }
    while count < 9 {
      value *= 10
      count += 1
    }
    return value
  }

  /// Minutes east of UTC; 0 when there is no zone.
  @_lifetime(self: copy self)
  private mutating func zone() -> Int64? {
    var offset: Int64 = 0
    let isWest = skip("-")
    if isWest || skip("+") {
      guard let hours = digits(2), hours < 24 else { return nil }
      let isColon = skip(":")
      let minutes = digits(2)
      guard minutes != nil || !isColon, minutes ?? 0 < 60 else { return nil }
      offset = hours * 60 + (minutes ?? 0)
    }
    _ = skip("Z") || skip("z")
    return isWest ? -offset : offset
  }

  @_lifetime(self: copy self)
  mutating func epoch() -> Timestamp? {
    position = 0
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    let first = position
    var whole: Int64? = 0
    while let digit = digits(1) { whole = appending(digit, to: whole) }
    guard position > first else { return nil }
    if position == text.count {
      return whole.flatMap { Timestamp(epoch: isNegative ? -$0 : $0) }
    }
    guard skip(".") else { return nil }
    let fraction = position
    while digits(1) != nil {}
    guard position > fraction, position == text.count else { return nil }
    let bytes = text
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe Double(String(decoding: buffer, as: UTF8.self)).flatMap(Timestamp.init(epoch:))
    }
  }

  /// Nil beyond 64 bits.
  private func appending(_ digit: Int64, to value: Int64?) -> Int64? {
    guard let (tenfold, isTooHigh) = value?.multipliedReportingOverflow(by: 10), !isTooHigh else {
      return nil
    }
    let (sum, isOver) = tenfold.addingReportingOverflow(digit)
    return isOver ? nil : sum
  }

  /// A number of exactly so many digits, or nil without a step.
  @_lifetime(self: copy self)
  private mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= text.count else { return nil }
    var value: Int64 = 0
    for index in position..<position + count {
      guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= text[index] else { return nil }
      value = value * 10 + Int64(text[index] - UInt8(ascii: "0"))
    }
    position += count
    return value
  }

  @_lifetime(self: copy self)
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard position < text.count, UInt32(text[position]) == character.value else { return false }
    position += 1
    return true
  }
}
