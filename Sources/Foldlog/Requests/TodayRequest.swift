package import Events
internal import Query

/// Asks what a day came to.
package struct TodayRequest: Request {
  /// `2026-02-01`; nil for the day that it is.
  package var date: String?
  /// `Europe/Berlin`; nil for that of the settings.
  package var zone: String?
  package var format = TextFormat.text.rawValue

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let date: CivilDate?
    package let zone: ZoneName?
    package let format: TextFormat

    fileprivate init(_ date: CivilDate?, _ zone: ZoneName?, _ format: TextFormat) {
      self.date = date
      self.zone = zone
      self.format = format
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if let zone, !ZoneName.isKnown(zone) {
      throw FoldlogError(
        .usage,
        "`\(zone)` is no time zone that this machine knows: write it as Europe/Berlin, or UTC"
      )
    }
    return Checked(
      try date.map(parsed), zone.map { ZoneName($0) },
      try checkedFormat(format, [TextFormat.text, .json]))
  }

  private func parsed(_ text: String) throws(FoldlogError) -> CivilDate {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
      let date = CivilDate(year: year, month: month, day: day)
      if date.isValid { return date }
    }
    throw FoldlogError(
      .usage,
      "--date takes a day, such as 2026-02-01, "
        + (text.isEmpty ? "and nothing is given" : "not `\(text)`\(daysMeant(by: text))"))
  }
}
