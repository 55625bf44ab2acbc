internal import JSON

// Times of day and zones.
extension TimeReader {
  struct Clock {
    var second: Int64
    var nanosecond: Int64 = 0
    var width: Int128
    var isLeap = false
    /// Whether it has a second.
    var isWhole: Bool { width <= 1_000_000_000 }
  }

  @_lifetime(self: copy self)
  mutating func clock() -> Clock? {
    // In East Asia before it: `下午3:04`.
    let half = digitCount == 0 ? halfOfDay() : nil
    if half != nil { skipSpaces() }
    let count = digitCount
    let isPacked = count == 4 || count == 6
    guard var hour = isPacked ? digits(2) : digits(upTo: 2), hour <= 24 else { return nil }
    let mark = isPacked ? nil : clockMark()
    var clock = Clock(second: 0, width: 3_600_000_000_000)
    var minute: Int64 = 0
    if isPacked || mark != nil {
      if let mark { _ = skip(mark) }
      guard let given = digits(2), given < 60 else { return nil }
      minute = given
      clock.width = 60_000_000_000
      if isPacked ? count == 6 : skip(mark ?? ":") {
        guard let second = digits(2), second <= 60, fraction(of: &clock) else { return nil }
        clock.second = second
        clock.isLeap = second == 60
      }
    }
    let behind = halfOfDay()
    if let isAfternoon = half ?? behind {
      guard 1...12 ~= hour, half == nil || behind == nil else { return nil }
      hour = hour % 12 + (isAfternoon ? 12 : 0)
    } else {
      skipHourWord()
    }
    // The end of a day, and nothing after it.
    if hour == 24, minute > 0 || clock.second > 0 || clock.nanosecond > 0 { return nil }
    clock.second += hour * 3_600 + minute * 60
    return clock
  }

  /// `10:00 Uhr`
  @_lifetime(self: copy self)
  private mutating func skipHourWord() {
    let start = position
    skipSpaces()
    let word = word()
    if word != "uhr" && word != "uur" && word != "h" { position = start }
  }

  /// What stands between the parts of a clock: a colon, or another mark where it stands twice, each time
  /// two digits behind it.
  func clockMark() -> Unicode.Scalar? {
    guard position < text.count else { return nil }
    let mark = text[position]
    if mark == UInt8(ascii: ":") { return ":" }
    guard mark == UInt8(ascii: ".") || mark == UInt8(ascii: "-") || mark == UInt8(ascii: "_"),
      position + 5 < text.count, text[position + 3] == mark
    else { return nil }
    for offset in [1, 2, 4, 5] where !Self.isDigit(text[position + offset]) { return nil }
    return Unicode.Scalar(mark)
  }

  /// Digits of a second; those beyond the ninth are dropped. False for a point at the end.
  @_lifetime(self: copy self)
  mutating func fraction(of clock: inout Clock) -> Bool {
    clock.width = 1_000_000_000
    guard skip(".") || skip(",") else { return true }
    let start = position
    while let digit = digits(1) {
      if clock.width == 1 { continue }
      clock.width /= 10
      clock.nanosecond += Int64(clock.width) * digit
    }
    return position > start || !isAtEnd
  }

  /// Whether AM or PM is written, or `a.m.` or `p. m.`, and which.
  @_lifetime(self: copy self)
  mutating func halfOfDay() -> Bool? {
    let start = position
    skipSpaces()
    let first = word()
    if first == "am" || first == "pm" { return first == "pm" }
    if first == "a" || first == "p", skip(".") {
      skipSpaces()
      if word() == "m", skip(".") { return first == "p" }
    }
    position = start
    return nil
  }

  /// Seconds east of UTC, and what stands beside them; 0 when there is no zone. The name of a zone
  /// whose offset it does not tell, such as `[Europe/Berlin]`, counts beside an offset only.
  @_lifetime(self: copy self)
  mutating func zone() -> Int64? {
    skipSpaces()
    if isAtEnd { return 0 }
    var offset = numericOffset()
    skipSpaces()
    if let name = zoneName() {
      if offset == nil { offset = offsetBehindName(name) ?? name }
    } else if offset != nil {
      // A name beside an offset says nothing more.
      if !skipZoneName() { return nil }
    }
    skipSpaces()
    // Go adds its monotonic clock: ` m=+0.001`.
    if skip("m"), skip("=") {
      guard skip("+") || skip("-") else { return nil }
      while digits(1) != nil || skip(".") {}
    }
    return annotations(beside: offset)
  }

  /// An abbreviation, or a name of the tz database; false where there is another word.
  @_lifetime(self: copy self)
  private mutating func skipZoneName() -> Bool {
    if word().utf8.count <= 5, isAtEnd || text[position] != UInt8(ascii: "/") { return true }
    var hasSlash = false
    while !isAtEnd, !Self.isSpace(text[position]) {
      let byte = text[position]
      hasSlash = hasSlash || byte == UInt8(ascii: "/")
      guard Self.isLetter(byte) || Self.isDigit(byte) || "/_-+".utf8.contains(byte) else { break }
      position += 1
    }
    return hasSlash
  }

  /// `[Europe/Berlin]`, `[u-ca=iso8601]`, `(Central European Summer Time)`.
  @_lifetime(self: copy self)
  mutating func annotations(beside known: Int64?) -> Int64? {
    var offset = known
    while skip("[") || skip("(") {
      let close: Unicode.Scalar = text[position - 1] == UInt8(ascii: "[") ? "]" : ")"
      let isUTC = zoneName() == 0
      if offset == nil, isUTC { offset = 0 }
      while !isAtEnd, UInt32(text[position]) != close.value { position += 1 }
      guard skip(close) else { return nil }
      skipSpaces()
    }
    return offset
  }

  /// `+2` of `UTC+2` and `GMT +2`, or an offset as it stands anywhere else.
  @_lifetime(self: copy self)
  mutating func offsetBehindName(_ name: Int64) -> Int64? {
    guard name == 0 else { return numericOffset() }
    let start = position
    skipSpaces()
    guard let offset = numericOffset(isShort: true) else { return failing(at: start) }
    return offset
  }

  /// `+02`, `+0200`, `+02:00`, and the same with seconds; `+2` only where it may be short.
  @_lifetime(self: copy self)
  mutating func numericOffset(isShort: Bool = false) -> Int64? {
    let start = position
    let isWest = skip("-") || skipMinus()
    guard isWest || skip("+") else { return nil }
    var seconds: Int64 = 0
    let isOneDigit = isShort && digitCount == 1
    guard let hours = digits(isOneDigit ? 1 : 2), hours < 24 else { return failing(at: start) }
    seconds = hours * 3_600
    for unit in [60, 1] as [Int64] {
      let hasColon = skip(":")
      if !hasColon, digitCount == 0 { break }
      guard let value = digits(2), value < 60 else { return failing(at: start) }
      seconds += value * unit
    }
    return isWest ? -seconds : seconds
  }

  @_lifetime(self: copy self)
  mutating func failing(at start: Int) -> Int64? {
    position = start
    return nil
  }

  /// The zones that RFC 2822 names, those of Europe, others whose abbreviation is of one zone alone, and
  /// `Etc/GMT+5`, which is west.
  @_lifetime(self: copy self)
  mutating func zoneName() -> Int64? {
    let start = position
    let hours: Int64? =
      switch word() {
      case "z", "utc", "gmt", "ut", "wet": 0
      case "etc": skip("/") ? zoneOfSea() : nil
      case "cet", "west": 1
      case "cest", "eet": 2
      case "eest", "msk": 3
      case "sgt", "hkt": 8
      case "jst", "kst": 9
      case "aest": 10
      case "aedt": 11
      case "nzst": 12
      case "nzdt": 13
      case "edt": -4
      case "est", "cdt": -5
      case "cst", "mdt": -6
      case "mst", "pdt": -7
      case "pst": -8
      default: nil
      }
    if hours == nil { position = start }
    return hours.map { $0 * 3_600 }
  }

  /// Hours east of UTC, where `GMT+5` is five hours west.
  @_lifetime(self: copy self)
  private mutating func zoneOfSea() -> Int64? {
    let name = word()
    if ["utc", "uct", "zulu", "universal", "greenwich"].contains(name) { return 0 }
    guard name == "gmt" else { return nil }
    let isWest = skip("+")
    guard isWest || skip("-") else { return 0 }
    guard let hours = digits(upTo: 2), hours <= 14 else { return nil }
    return isWest ? -hours : hours
  }
}

// Epoch counts.
extension TimeReader {
  /// A count since 1970.
  @_lifetime(self: copy self)
  mutating func epoch() -> WrittenTime? {
    position = 0
    // As `date` and GNU tools take them.
    let isMarked = skip("@")
    let isWrapped = skip("/") && skip("D") && skip("a") && skip("t") && skip("e") && skip("(")
    if !isWrapped, position > (isMarked ? 1 : 0) { return nil }
    let isNegative = skip("-")
    if !isNegative { _ = skip("+") }
    let first = position
    var whole: Int64? = 0
    while let digit = digits(1) { whole = appending(digit, to: whole) }
    let end = position
    guard end > first else { return nil }
    var time: Timestamp?
    var fraction = position..<position
    if skip(".") || skip(",") {
      let start = position
      while digits(1) != nil {}
      guard position > start else { return nil }
      fraction = start..<position
    }
    guard let exponent = exponent() else { return nil }
    if exponent.isEmpty, fraction.count == 9, !isNegative, let whole, whole < 100_000_000_000,
      let second = Timestamp(epoch: whole), let nanoseconds = Int64(part(fraction))
    {
      // As `date +%s.%N` writes it, which is more than a double holds.
      let sum = second.nanoseconds.addingReportingOverflow(nanoseconds)
      time = sum.overflow ? nil : Timestamp(nanoseconds: sum.partialValue)
    } else if !fraction.isEmpty || !exponent.isEmpty {
      let sign = isNegative ? "-" : ""
      let digits = part(fraction).isEmpty ? "0" : part(fraction)
      time = Double("\(sign)\(part(first..<end)).\(digits)\(exponent)")
        .flatMap(Timestamp.init(epoch:))
    } else {
      time = whole.flatMap { Timestamp(epoch: isNegative ? -$0 : $0) }
    }
    if isWrapped {
      // The offset says where it was written, and not when.
      _ = numericOffset()
      guard skip(")"), skip("/") else { return nil }
    }
    guard isAtEnd, let time else { return nil }
    var written = WrittenTime(start: Int128(time.nanoseconds), width: 1)
    written.hasZone = true
    return written
  }

  /// `e9`, `E+09`; empty for none, nil for one without digits.
  @_lifetime(self: copy self)
  private mutating func exponent() -> String? {
    let start = position
    guard skip("e") || skip("E") else { return "" }
    _ = skip("+") || skip("-")
    let first = position
    while digits(1) != nil {}
    return position > first ? part(start..<position) : nil
  }

  private func part(_ range: Range<Int>) -> String {
    String(decoding: text.extracting(range))
  }

  /// Nil beyond 64 bits.
  private func appending(_ digit: Int64, to value: Int64?) -> Int64? {
    guard let (tenfold, isTooHigh) = value?.multipliedReportingOverflow(by: 10), !isTooHigh else {
      return nil
    }
    let (sum, isOver) = tenfold.addingReportingOverflow(digit)
    return isOver ? nil : sum
  }
}
