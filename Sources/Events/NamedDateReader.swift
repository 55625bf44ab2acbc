// Dates with the month's name.
extension TimeReader {
  /// The months in the languages of Western Europe, without accents.
  private static let months = names([
    "january janvier januar enero gennaio janeiro januari jaenner",
    "february fevrier februar febrero febbraio fevereiro februari",
    "march mars marz marzo marco maart marts mrz mrt", "april avril abril aprile",
    "may mai mayo maggio maio mei maj", "june juin juni junio giugno junho",
    "july juillet juli julio luglio julho", "august aout agosto augustus augusti",
    "september septembre septiembre settembre setembro",
    "october octobre oktober octubre ottobre outubro",
    "november novembre noviembre novembro",
    "december decembre dezember diciembre dicembre dezembro desember",
  ])
  private static let weekdays = names([
    "monday montag lundi lunes lunedi maandag mandag",
    "tuesday dienstag mardi martes martedi dinsdag tirsdag",
    "wednesday mittwoch mercredi miercoles mercoledi woensdag onsdag",
    "thursday donnerstag jeudi jueves giovedi donderdag torsdag",
    "friday freitag vendredi viernes venerdi vrijdag fredag",
    "saturday samstag samedi sabado sabato zaterdag lordag lauantai",
    "sunday sonntag dimanche domingo domenica zondag sondag",
  ])

  private static func names(_ lines: [String]) -> [(name: [UInt8], number: Int64)] {
    lines.enumerated().flatMap { index, line in
      line.utf8.split(separator: 0x20).map { (Array($0), Int64(index) + 1) }
    }
  }

  @_lifetime(self: copy self)
  mutating func namedTime() -> WrittenTime? {
    position = 0
    // `Mar` is a month before it is a Tuesday.
    if place(in: Self.months) != nil {
      position = 0
    } else if place(in: Self.weekdays) != nil {
      skipBetween()
    }
    skipSpaces()
    if let day = digits(upTo: 2) {
      if let date = yearLast(day) { return named(date.year, date.month, date.day) }
      guard skipBetween(), let month = place(in: Self.months), skipBetween(),
        let year = year() ?? shortYear()
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

  /// Of two digits before a clock, behind the name of the month, as RFC 822 has them.
  @_lifetime(self: copy self)
  mutating func shortYear() -> Int64? {
    guard digitCount == 2, position + 3 < text.count, Self.isSpace(text[position + 2]),
      Self.isDigit(text[position + 3])
    else { return nil }
    return digits(2).map { $0 < 70 ? 2_000 + $0 : 1_900 + $0 }
  }

  /// The number, from 1, of the names whose first letters come next, at least three; nil where these are
  /// the first of others, too.
  @_lifetime(self: copy self)
  mutating func place(in names: [(name: [UInt8], number: Int64)]) -> Int64? {
    let start = position
    let word = Array(word().utf8)
    var number: Int64?
    if word.count >= 3 {
      for entry in names where entry.name.starts(with: word) {
        if number != nil, number != entry.number {
          position = start
          return nil
        }
        number = entry.number
      }
    }
    if number == nil { position = start }
    return number
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
    // `2 de mayo de 2026`
    let end = position
    if word() == "de", skipSpaces() { return true }
    position = end
    return position > start
  }
}
