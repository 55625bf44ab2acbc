internal import CGlibc
package import Events

#if canImport(Glibc)
  internal import Glibc
#endif

/// A day as people where they are count it.
package struct LocalDay: Equatable, Sendable {
  package let date: CivilDate
  /// As the database of time zones names it; empty for the machine's own.
  package let zone: String
  package let start: Timestamp
  package let end: Timestamp

  package func contains(_ time: Timestamp) -> Bool { start <= time && time < end }

  func overlaps(_ from: Timestamp?, _ to: Timestamp?) -> Bool {
    guard let from, let to else { return false }
    return from < end && start <= to
  }
}

/// Asks what a day came to.
package struct TodayRequest: Request {
  /// `2026-02-01`; nil for the day that it is.
  package var date: String?
  /// `Europe/Berlin`; nil for the machine's.
  package var zone: String?

  package init() {}

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> LocalDay {
    if let zone { try use(zone) }
    let day = try date.map(parsed) ?? today()
    return LocalDay(
      date: day, zone: zone ?? "", start: try midnight(day),
      end: try midnight(CivilDate(day: day.number + 1)))
  }

  private func parsed(_ text: String) throws(FoldlogError) -> CivilDate {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
    if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
      let date = CivilDate(year: year, month: month, day: day)
      if date.isValid { return date }
    }
    throw FoldlogError(.usage, "\(text) is no day: write it as 2026-02-01")
  }

  /// Makes the process count time as a zone does, for the C library's calendar.
  private func use(_ zone: String) throws(FoldlogError) {
    let known = unsafe zone == "UTC" || access("/usr/share/zoneinfo/\(zone)", R_OK) == 0
    if zone.isEmpty || zone.contains("..") || !known {
      throw FoldlogError(
        .usage, "\(zone) is no time zone that this machine knows: write it as Europe/Berlin, or UTC"
      )
    }
    _ = unsafe setenv("TZ", zone, 1)
    tzset()
  }

  private func today() -> CivilDate {
    let day = cglibc_today()
    return CivilDate(year: day / 10_000, month: day / 100 % 100, day: day % 100)
  }

  private func midnight(_ date: CivilDate) throws(FoldlogError) -> Timestamp {
    let seconds = cglibc_midnight(
      Int32(clamping: date.year), Int32(clamping: date.month), Int32(clamping: date.day))
    let (nanoseconds, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if isTooFar { throw FoldlogError(.usage, "\(date) is too far from now") }
    return Timestamp(nanoseconds: nanoseconds)
  }
}
