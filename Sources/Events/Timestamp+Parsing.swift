// All forms of a time that occur: see the table of schemas/events.

extension Timestamp {
  /// RFC 3339 with a zone, with none (then UTC), with an offset and `Z` both; a space for the `T`;
  /// any fraction, cut to nanoseconds; or digits that count from 1970 (see `init(epoch:)`).
  ///
  /// Nil for anything else, and for years that 64 bits of nanoseconds cannot hold (1677 to 2262).
  package init?(parsing text: String) {
    var text = text
    let parsed = text.withUTF8 { Self.parse(unsafe $0.span) }
    guard let parsed else { return nil }
    self = parsed
  }

  static func parse(_ bytes: Span<UInt8>) -> Timestamp? {
    var scanner = Scanner(bytes: bytes)
    if let time = scanner.calendarTime(), scanner.isAtEnd { return time }
    scanner.position = 0
    return scanner.epochTime()
  }

  /// Seconds, milliseconds, microseconds or nanoseconds since 1970, by magnitude: below 1e11, 1e14,
  /// 1e17, and from there on.
  package init?(epoch value: Int64) {
    let unit = Self.unit(ofMagnitude: Double(value))
    let (nanoseconds, overflow) = value.multipliedReportingOverflow(by: unit)
    guard !overflow else { return nil }
    self.nanoseconds = nanoseconds
  }

  /// The same with a fraction. Seconds are rounded to microseconds: a double of today holds no more.
  package init?(epoch value: Double) {
    let unit = Self.unit(ofMagnitude: value)
    let step: Int64 = unit == Self.nanosecondsPerSecond ? 1_000 : 1
    let scaled = (value * Double(unit / step)).rounded(.toNearestOrEven)
    guard let steps = Int64(exactly: scaled) else { return nil }
    let (nanoseconds, overflow) = steps.multipliedReportingOverflow(by: step)
    guard !overflow else { return nil }
    self.nanoseconds = nanoseconds
  }

  fileprivate static func unit(ofMagnitude value: Double) -> Int64 {
    switch value.magnitude {
    case ..<1e11: nanosecondsPerSecond
    case ..<1e14: 1_000_000
    case ..<1e17: 1_000
    default: 1
    }
  }
}

/// Reads a time from left to right.
private struct Scanner: ~Escapable {
  let bytes: Span<UInt8>
  var position = 0

  @_lifetime(copy bytes)
  init(bytes: Span<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  @_lifetime(self: copy self)
  mutating func take(_ choices: StaticString) -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    for index in 0..<choices.utf8CodeUnitCount
    where unsafe choices.utf8Start[index] == byte {
      position += 1
      return true
    }
    return false
  }

  /// Exactly that many digits.
  @_lifetime(self: copy self)
  mutating func digits(_ count: Int) -> Int64? {
    guard position + count <= bytes.count else { return nil }
    var value: Int64 = 0
    for index in position..<(position + count) {
      let digit = bytes[index] &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      value = value * 10 + Int64(digit)
    }
    position += count
    return value
  }

  /// Any number of digits, at least one, as a decimal part of `unit`: what is below 1 is cut.
  @_lifetime(self: copy self)
  mutating func fraction(of unit: Int64) -> Int64? {
    var place = unit
    var value: Int64 = 0
    let start = position
    while let digit = digits(1) {
      place /= 10
      value += digit * place
    }
    return position > start ? value : nil
  }

  @_lifetime(self: copy self)
  mutating func calendarTime() -> Timestamp? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
      take("Tt "), let hour = digits(2), take(":"), let minute = digits(2), take(":"),
      let second = digits(2)
    else { return nil }
    let date = CivilDate(year: year, month: month, day: day)
    // A leap second counts as the second after it: the scale has none.
    guard date.isValid, hour < 24, minute < 60, second <= 60 else { return nil }
    var nanoseconds: Int64 = 0
    if take(".,") {
      guard let part = fraction(of: Timestamp.nanosecondsPerSecond) else { return nil }
      nanoseconds = part
    }
    guard let offset = zone() else { return nil }
    let seconds = date.number * 86_400 + hour * 3_600 + minute * 60 + second - offset
    let (scaled, tooFar) = seconds.multipliedReportingOverflow(by: Timestamp.nanosecondsPerSecond)
    let (total, overflow) = scaled.addingReportingOverflow(nanoseconds)
    return tooFar || overflow ? nil : Timestamp(nanoseconds: total)
  }

  /// Seconds east of Greenwich: none is UTC, and a `Z` may follow an offset.
  @_lifetime(self: copy self)
  private mutating func zone() -> Int64? {
    if take("Zz") { return 0 }
    let isWest = position < bytes.count && bytes[position] == UInt8(ascii: "-")
    guard take("+-") else { return 0 }
    guard let hours = digits(2) else { return nil }
    _ = take(":")
    let minutes = digits(2) ?? 0
    guard hours < 24, minutes < 60 else { return nil }
    _ = take("Zz")
    return (isWest ? -1 : 1) * (hours * 3_600 + minutes * 60)
  }

  /// Digits with or without a fraction, all of the text.
  @_lifetime(self: copy self)
  mutating func epochTime() -> Timestamp? {
    let isNegative = take("-")
    let start = position
    var whole: Int64 = 0
    while position - start < 19, let digit = digits(1) {
      let (next, overflow) = whole.multipliedReportingOverflow(by: 10)
      let (sum, tooFar) = next.addingReportingOverflow(digit)
      if overflow || tooFar { return nil }
      whole = sum
    }
    guard position > start else { return nil }
    let unit = Timestamp.unit(ofMagnitude: Double(whole))
    var part: Int64 = 0
    if take(".") {
      guard let fraction = fraction(of: unit) else { return nil }
      part = fraction
    }
    let (scaled, tooFar) = whole.multipliedReportingOverflow(by: unit)
    let (total, overflow) = scaled.addingReportingOverflow(part)
    guard isAtEnd, !tooFar, !overflow else { return nil }
    return Timestamp(nanoseconds: isNegative ? -total : total)
  }
}
