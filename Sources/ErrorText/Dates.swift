// What of a line is part of a time, a date or a duration beside the numbers.
extension Scanner {
  /// A unit after a number belongs to it: `5 KB` and `17 bytes` are alike.
  func isUnit(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
    guard let last = tokens.last, last.isNumber, shape.end - shape.start <= 14 else { return false }
    for index in end..<shape.start where bytes[index] != 0x20 { return false }
    return unitWords.contains(bytes, shape.start..<shape.end)
  }

  /// The end of `a. m.` or `p.m.` behind a number; nil where neither stands.
  func halfOfDayEnd(_ bytes: Span<UInt8>, _ shape: WordShape) -> Int? {
    guard let last = tokens.last, last.isNumber, shape.start - end <= 2,
      bytes[shape.start].lowercased == UInt8(ascii: "a")
        || bytes[shape.start].lowercased == UInt8(ascii: "p")
    else { return nil }
    var index = shape.start + 1
    while index < bytes.count, bytes[index] == UInt8(ascii: ".") || bytes[index] == 0x20 {
      index += 1
    }
    guard index > shape.start + 1, index < bytes.count, index <= shape.start + 3,
      bytes[index].lowercased == UInt8(ascii: "m"),
      index + 1 == bytes.count || !bytes[index + 1].isLetter
    else { return nil }
    index += 1
    return index < bytes.count && bytes[index] == UInt8(ascii: ".") ? index + 1 : index
  }

  /// Whether it is a month or a day of the week beside a number or another of them.
  func isCalendarWord(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
    let word = shape.start..<shape.end
    if calendarWords.contains(bytes, word) {
      // `may`, `march` and `sat` are words like others.
      guard bytes[shape.start].isUpper else { return false }
    } else if !foreignCalendarWords.contains(bytes, word) {
      return false
    }
    if tokens.last?.isNumber == true { return true }
    guard let next = nextWord(bytes, behind: shape.runEnd) else { return false }
    return bytes[next].isDigit
      || next + 3 <= bytes.count && calendarWords.contains(bytes, next..<next + 3)
  }

  /// Whether it joins the parts of a date or of a duration: `3 de enero de 2026`, `2 hours and 5
  /// seconds`.
  func joinsDate(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
    guard tokens.last?.isNumber == true, shape.end - shape.start <= 3,
      shape.start == end + 1, let next = nextWord(bytes, behind: shape.runEnd)
    else { return false }
    let word = shape.start..<shape.end
    if andWords.contains(bytes, word) { return unitEnd == end && bytes[next].isDigit }
    guard ofWords.contains(bytes, word) else { return false }
    if bytes[next].isDigit { return calendarEnd == end }
    var last = next
    while last < bytes.count, bytes[last].isLetter { last += 1 }
    return calendarWords.contains(bytes, next..<last)
      || foreignCalendarWords.contains(bytes, next..<last)
  }

  /// Whether it is a zone behind a time, as in `10:00:00 GMT+0100`.
  func isZone(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
    guard let last = tokens.last, last.isNumber, shape.start == end + 1,
      shape.numberStart(bytes) == shape.start + 3
    else { return false }
    return zoneWords.contains(bytes, shape.start..<shape.start + 3)
  }

  /// Where the next word begins, at most two other bytes before it.
  private func nextWord(_ bytes: Span<UInt8>, behind place: Int) -> Int? {
    (place..<min(place + 3, bytes.count)).first { bytes[$0].isWord }
  }
}

private let unitWords = PhraseSet(
  words:
    "b kb mb gb tb kib mib gib byte bytes ns us µs μs ms s msec usec sec secs second seconds min "
    + "mins minute minutes h hr hrs hour hours d day days wk wks week weeks month months yr yrs year "
    + "years nanosecond nanoseconds microsecond microseconds millisecond milliseconds utc gmt am pm pst "
    + "pdt est edt cet cest uhr sekunde sekunden minuten stunde stunden tag tage tagen woche wochen "
    + "seconde secondes heure heures jour jours segundo segundos minuto minutos hora horas dia dias día "
    + "días г года")
private let andWords = PhraseSet(words: "and und et y e og och en")
private let ofWords = PhraseSet(words: "of de del di den")
private let zoneWords = PhraseSet(words: "gmt utc")

/// Months and days of the week that are words of their own in small letters, or written with a capital.
private let calendarWords = PhraseSet(
  words:
    "jan feb mar apr may jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat "
    + "sun january february march april june july august september october november december monday "
    + "tuesday wednesday thursday friday saturday sunday januar februar märz mär oktober "
    + "okt dezember dez montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag")
private let foreignCalendarWords = PhraseSet(
  words:
    "mai juni juli janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi "
    + "mercredi jeudi vendredi samedi dimanche enero febrero marzo abril mayo junio julio agosto "
    + "septiembre setiembre octubre noviembre diciembre lunes martes miércoles jueves viernes sábado "
    + "domingo gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre lunedì martedì "
    + "mercoledì giovedì venerdì sabato domenica janeiro fevereiro março maio junho julho setembro "
    + "outubro novembro dezembro segunda-feira terça-feira quarta-feira quinta-feira sexta-feira januari "
    + "februari maart mei augustus maandag dinsdag woensdag donderdag vrijdag zaterdag zondag stycznia "
    + "lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia marts "
    + "mandag tirsdag onsdag torsdag fredag lørdag søndag января февраля марта апреля мая июня июля "
    + "августа сентября октября ноября декабря")
