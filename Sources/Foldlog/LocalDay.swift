package import Bytes
internal import CGlibc
package import Events
internal import Ingest
internal import Query
package import Views

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

  init(_ asked: AskedDay, in zone: ZoneName) throws(FoldlogError) {
    try zone.use()
    self.zone = zone.text
    date = asked.date(today: Self.today)
    start = try Self.midnight(self.date)
    end = try Self.midnight(CivilDate(day: self.date.number + 1))
  }

  package func contains(_ time: Timestamp) -> Bool { start <= time && time < end }

  /// The day of a time, as the zone has it that is in use.
  static func date(of time: Timestamp) throws(FoldlogError) -> CivilDate? {
    let utc = time.nanoseconds / 86_400_000_000_000
    for number in [utc - 1, utc, utc + 1] {
      let date = CivilDate(day: number)
      if try midnight(date) <= time, try time < midnight(CivilDate(day: number + 1)) { return date }
    }
    return nil
  }

  private static var today: CivilDate {
    let day = cglibc_today()
    return CivilDate(year: day / 10_000, month: day / 100 % 100, day: day % 100)
  }

  private static func midnight(_ date: CivilDate) throws(FoldlogError) -> Timestamp {
    let seconds = cglibc_midnight(
      Int32(clamping: date.year), Int32(clamping: date.month), Int32(clamping: date.day))
    let (nanoseconds, isTooFar) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if isTooFar { throw FoldlogError(.usage, "\(date) is too far from now") }
    return Timestamp(nanoseconds: nanoseconds)
  }
}

/// The name of a time zone, as the system's database has it; empty for the machine's own.
package struct ZoneName: SettingValue, Equatable {
  package var text: String

  package init(_ text: String = "") { self.text = text }

  package init?(_ input: SettingInput, within bound: Never?) {
    guard case .text(let text) = input, text.isEmpty || Self.isKnown(text) else { return nil }
    self.text = text
  }

  package static func requirement(within bound: Never?, unit: Unit?) -> String {
    "a time zone that this machine knows, as \"Europe/Berlin\" or \"UTC\""
  }
  package static var isText: Bool { true }

  package func encode(into writer: inout ByteWriter) { writer.append(text: text) }
  package init(from reader: inout ByteReader) throws(BytesError) { text = try reader.text() }

  /// Whether the machine knows the zone.
  static func isKnown(_ name: String) -> Bool {
    if name == "UTC" { return true }
    if name.isEmpty || name.hasPrefix("/") || name.contains("..") { return false }
    return DiskFiles().status("/usr/share/zoneinfo/\(name)")?.isRegular == true
  }

  /// What is said of a name that is none, with the nearest that there is.
  static func refusal(of name: String) -> FoldlogError {
    let near = suggestion(for: name, among: known(), partedBy: "/")
    return FoldlogError(
      .usage,
      "`\(name)` is no time zone that this machine knows: write it as Europe/Berlin, or UTC\(near)")
  }

  /// The zones of all regions.
  private static func known() -> [String] {
    let regions = [
      "Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
    ]
    return regions.flatMap { region in
      // A machine without the database has none to offer.
      ((try? DiskFiles().names(in: "/usr/share/zoneinfo/\(region)")) ?? []).sorted()
        .map { "\(region)/\($0)" }
    }
  }

  /// Makes the process count time as the zone does, for the C library's calendar.
  func use() throws(FoldlogError) {
    if text.isEmpty { return }
    guard Self.isKnown(text) else {
      throw Self.refusal(of: text)
    }
    _ = unsafe setenv("TZ", text, 1)
    tzset()
  }
}
