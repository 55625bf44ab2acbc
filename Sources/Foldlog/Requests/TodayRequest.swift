package import Events
internal import Query

/// Asks what a day came to.
package struct TodayRequest: Request {
  /// `2026-02-01`, `today`, `yesterday` or the name of a weekday; nil for the day that it is.
  package var date: String?
  /// `Europe/Berlin`; nil for that of the settings.
  package var zone: String?
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let day: AskedDay
    package let zone: ZoneName?
    package let format: TextFormat

    fileprivate init(_ day: AskedDay, _ zone: ZoneName?, _ format: TextFormat) {
      self.day = day
      self.zone = zone
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if let zone, !ZoneName.isKnown(zone) {
      throw ZoneName.refusal(of: zone)
    }
    return Checked(
      try date.map(parsed) ?? .before(0), zone.map { ZoneName($0) },
      try checkedFormat(format, [TextFormat.text, .json]))
  }

  private func parsed(_ text: String) throws(FoldlogError) -> AskedDay {
    let word = text.lowercased()
    if word == "today" { return .before(0) }
    if word == "yesterday" { return .before(1) }
    if let weekday = weekdayNames.firstIndex(where: { $0 == word || $0.prefix(3) == word }) {
      return .last(weekday: weekday)
    }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
      let date = CivilDate(year: year, month: month, day: day)
      if date.isValid { return .date(date) }
    }
    throw FoldlogError(
      .usage,
      "--date takes a day, such as 2026-02-01, "
        + (text.isEmpty ? "and nothing is given" : "not `\(text)`\(daysMeant(by: text))")
        + "; `yesterday` and `monday` are days, too")
  }
}

/// A day, as people name one.
package enum AskedDay: Equatable, Sendable {
  case date(CivilDate)
  /// So many days before the day that it is.
  case before(Int64)
  /// The last such day of the week, today among them; 0 is Monday.
  case last(weekday: Int)

  /// - Parameter today: where the person is.
  package func date(today: CivilDate) -> CivilDate {
    switch self {
    case .date(let date): return date
    case .before(let days): return CivilDate(day: today.number - days)
    case .last(let weekday):
      // The first of January 1970 was a Thursday.
      let back = (today.number + 3 - Int64(weekday)) % 7
      return CivilDate(day: today.number - (back + 7) % 7)
    }
  }
}
