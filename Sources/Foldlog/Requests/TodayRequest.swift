package import Events

/// Asks what a day came to.
package struct TodayRequest: Request {
  /// `2026-02-01`; nil for the day that it is.
  package var date: String?
  /// `Europe/Berlin`; nil for that of the settings.
  package var zone: String?

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let date: CivilDate?
    package let zone: ZoneName?

    fileprivate init(_ date: CivilDate?, _ zone: ZoneName?) {
      self.date = date
      self.zone = zone
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    if let zone, !ZoneName.isKnown(zone) {
      throw FoldlogError(
        .usage, "\(zone) is no time zone that this machine knows: write it as Europe/Berlin, or UTC"
      )
    }
    return Checked(try date.map(parsed), zone.map { ZoneName($0) })
  }

  private func parsed(_ text: String) throws(FoldlogError) -> CivilDate {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
      let date = CivilDate(year: year, month: month, day: day)
      if date.isValid { return date }
    }
    throw FoldlogError(.usage, "\(text) is no day: write it as 2026-02-01")
  }
}
