import Events
import TestSupport
import Testing

@testable import Foldlog

@Suite struct DoctorTests {
  private let directory: TemporaryDirectory
  private let store: Store

  init() throws {
    directory = try TemporaryDirectory()
    store = try Store(directory: DataDirectory(path: directory.file("data")))
    try store.ingest(
      lines: Array(#"{"event":"query","ts":"2026-05-01T10:00:00Z"}"#.utf8), source: "a",
      stream: .aidb)
    try store.fold()
  }

  private func verification(after days: Int64) throws -> Finding? {
    let now = wallClock()
    let later = Timestamp(nanoseconds: now.nanoseconds + days * 86_400_000_000_000)
    return try DoctorService(store).findings(environment: { _ in nil }, now: later).first {
      $0.name == "verify"
    }
  }

  @Test func `a log that was never verified, or not for long, is told`() throws {
    #expect(try verification(after: 0)?.what.contains("never") == true)
    VerifyService(store).note()
    #expect(try verification(after: 0) == nil)
    #expect(try verification(after: 29) == nil)
    let finding = try #require(try verification(after: 40))
    #expect(finding.what.contains("40 days ago"))
    #expect(finding.remedy == "foldlog verify")
  }

  @Test func `a day is that of the zone that is asked for, else of the settings`() throws {
    func day(_ zone: String?) throws -> String {
      var request = TodayRequest()
      request.date = "2026-05-01"
      request.zone = zone
      let report = try TodayService(store).report(request.checked(for: store.projectors))
      return report.zone
    }
    #expect(try day("UTC") == "UTC")
    var request = TodayRequest()
    request.zone = "Nowhere/Land"
    #expect(throws: FoldlogError.self) { try request.checked(for: store.projectors) }
    let set = try Configuration(text: "[query]\ntz = \"UTC\"\n", path: "foldlog.toml")
    #expect(set.program.zone.text == "UTC")
    #expect(throws: FoldlogError.self) {
      try Configuration(text: "[query]\ntz = \"../etc/passwd\"\n", path: "foldlog.toml")
    }
  }
}
