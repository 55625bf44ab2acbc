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

  @Test func `a line of a clock that was wrong is told, with what leaves it out`() throws {
    func told() throws -> Finding? {
      try DoctorService(store).findings(environment: { _ in nil }).first { $0.name == "future" }
    }
    var text = ""
    func take(_ time: Int64) throws {
      text += #"{"event":"query","ts":"\#(Timestamp(nanoseconds: time * 1_000_000_000))"}"# + "\n"
      try store.ingest(lines: Array(text.utf8), source: "b", stream: .aidb)
    }
    let (now, day) = (wallClock().seconds, Int64(86_400))
    try take(now + day - 600)
    #expect(try told() == nil)
    // More than a day after it was recorded, and not after all others.
    try take(now + day + 600)
    #expect(try told() == nil)
    try take(now + 20 * day)
    try take(now + 30 * day)
    let finding = try #require(try told())
    #expect(finding.what.hasPrefix("event 3 (b, from byte "), "\(finding.what)")
    #expect(finding.what.contains("and 1 more like it"))
    #expect(finding.remedy.hasPrefix("foldlog project --skip VIEW 3 "))
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

  @Test func `lines of a tool that is not read are told of once, by the tool`() throws {
    let lines = [
      #"{"type":"system","uuid":"a","sessionId":"s","cwd":"/p","systemPayload":{}}"#,
      #"{"type":"user","uuid":"b","sessionId":"s","cwd":"/p","provenance":"x"}"#,
      #"{"resourceSpans":[]}"#,
    ]
    try store.ingest(
      lines: Array((lines.joined(separator: "\n") + "\n").utf8), source: "b", stream: nil)
    func told() throws -> [String] {
      try DoctorService(store).findings(environment: { _ in nil }).filter {
        ["format", "kinds"].contains($0.name)
      }.map(\.what)
    }
    #expect(
      try told() == [
        "1 line of OpenTelemetry (OTLP) is kept, and not read yet",
        "2 lines of Qwen Code are kept, and not read yet",
      ])
    // Where the tool's folder is here, that says it.
    for folder in ["home", "home/.qwen", "home/.qwen/tmp"] { try directory.makeFolder(folder) }
    try directory.write("home/.qwen/tmp/a.jsonl", lines[0] + "\n")
    let findings = try DoctorService(store).findings(environment: {
      $0 == "HOME" ? directory.file("home") : nil
    })
    #expect(findings.count { $0.what.contains("Qwen Code are kept") } == 1)
    let odd = #"{"type":"system","subtype":"new_thing","uuid":"c","sessionId":"t"}"# + "\n"
    try store.ingest(lines: Array(odd.utf8), source: "c", stream: nil)
    #expect(try told().contains("1 event of 1 unknown kind: claude-code/system/new_thing"))
  }
}
