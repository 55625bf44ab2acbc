/// A point in time: nanoseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Since 1970, UTC, without leap seconds; below 0 before.
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
    // The first second that there is begins before the first nanosecond: it wraps around twice.
    var fraction = nanoseconds &- seconds &* Self.nanosecondsPerSecond
    var digits = fraction > 0 ? 9 : 0
    while digits > 0, fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    // Folds name hours and days of each event: as bytes that takes a tenth of the time of strings that
    // are put together. A year has four digits, as far as nanoseconds reach.
    return unsafe String(unsafeUninitializedCapacity: 30) { bytes in
      var count = 0
      func put(_ value: Int64, digits: Int) {
        var rest = value
        for place in (count..<count + digits).reversed() {
          unsafe bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
          rest /= 10
        }
        count += digits
      }
      func put(_ sign: UInt8, _ value: Int64, digits: Int = 2) {
        unsafe bytes[count] = sign
        count += 1
        put(value, digits: digits)
      }
      put(civil.year, digits: 4)
      put(UInt8(ascii: "-"), civil.month)
      put(UInt8(ascii: "-"), civil.day)
      put(UInt8(ascii: "T"), inDay / 3_600)
      put(UInt8(ascii: ":"), inDay / 60 % 60)
      put(UInt8(ascii: ":"), inDay % 60)
      if digits > 0 { put(UInt8(ascii: "."), fraction, digits: digits) }
      unsafe bytes[count] = UInt8(ascii: "Z")
      return count + 1
    }
  }
}

extension Timestamp {
  /// The start of its hour, UTC.
  public var hourStart: Timestamp { start(ofEach: 3_600_000_000_000) }

  /// The start of its minute, UTC.
  public var minuteStart: Timestamp { start(ofEach: 60_000_000_000) }

  private func start(ofEach length: Int64) -> Timestamp {
    let rest = nanoseconds % length
    let start = nanoseconds.subtractingReportingOverflow(rest < 0 ? rest + length : rest)
    return Timestamp(nanoseconds: start.overflow ? .min : start.partialValue)
  }
}

/// A day of the proleptic Gregorian calendar.
public struct CivilDate: Equatable, Sendable, CustomStringConvertible {
  /// By the Gregorian calendar, also before it was made.
  public var year: Int64
  /// From 1.
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
  /// Reads a time as text, in the forms that `WrittenTime` knows, or as an epoch count. A date alone
  /// is no time. Nil for anything else, and for times before 1677-09-21 or after 2262-04-11.
  public init?(parsing text: Span<UInt8>) {
    guard let time = WrittenTime(text), !time.isDate, let nanoseconds = Int64(exactly: time.start)
    else { return nil }
    self.init(nanoseconds: nanoseconds)
  }

  public init?(parsing text: String) { self.init(parsing: text.utf8.span) }

  /// Reads a number as its digits are read in a text: as the date and time that they are, else as an
  /// epoch count.
  public init?(number: Int64) {
    guard 19_900_101...21_001_231_235_959 ~= number else {
      self.init(epoch: number)
      return
    }
    self.init(parsing: String(number))
  }

  /// A count since 1970 in seconds, milliseconds, microseconds or nanoseconds: which, its magnitude
  /// tells (below 1e11, 1e14, 1e17, or not). What a spreadsheet counts days by is a date, and no time.
  public init?(epoch count: Int64) {
    if Self.spreadsheetDays.contains(Double(count)) { return nil }
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

  /// A number that orders as the times do.
  public var rank: UInt64 { UInt64(bitPattern: nanoseconds) ^ 1 << 63 }

  /// The same for a fraction. It is rounded to microseconds, because a double of seconds holds no
  /// more; a count of nanoseconds is rounded to one. Of days as spreadsheets count them, the fraction
  /// is the time of day.
  public init?(epoch count: Double) {
    if Self.spreadsheetDays.contains(count) {
      guard count != count.rounded() else { return nil }
      // Four digits, as they are often shown, tell a time within nine seconds.
      let milliseconds = ((count - Self.spreadsheetDayOf1970) * 86_400_000).rounded()
      self.init(nanoseconds: Int64(milliseconds) * 1_000_000)
      return
    }
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

  /// 1 January 1970, counted from 30 December 1899, as spreadsheets do.
  private static let spreadsheetDayOf1970 = 25_569.0
  /// The days from 1990 to 2100, which as seconds are all on the first evening of 1970.
  private static let spreadsheetDays = 32_874.0..<73_416.0
}
