import Bytes
import EventLog
import Events
import Facts
import Pipeline
import Projection
import Scoring
import Tables
import TestSupport
import Testing
import ViewStore
import Views

/// What a watcher of services reports.
private struct ServiceReport: Payload {
  var zone = ""
  var rulesAdded: UInt64?

  static let kinds = ["service_report", "watch_*"]

  static func fields<Visitor: PayloadVisitor>(_ report: inout Self, _ visit: inout Visitor) {
    visit.field("zone", &report.zone, "Where.")
    visit.field("rules_added", &report.rulesAdded, unit: .count, in: 0...100, "How many.")
  }
}

/// Adds up, by zone, what reports say. Counts too what it is handed without a payload.
private final class ZoneCounter: EventProjector {
  static let view = View(
    "zones", version: 1, "A view of tests.", needs: .payload(ServiceReport.self), tables: [])
  static let table = StoredTable<Hash128, UInt64>("zones")
  private let zones: KeyedTable<Hash128, UInt64>

  init(tables: FoldTables) throws(TableError) { zones = try tables.open(Self.table) }

  func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    let report = event.payload(ServiceReport.self)
    try zones.change(Hash128(of: report?.zone ?? "none")) { sum in
      sum = (sum ?? 0) + (report?.rulesAdded ?? 1_000)
    }
  }
}

@Suite struct PayloadViewTests {
  private let lines = """
    {"event":"service_report","zone":"a","rules_added":3}
    {"event":"query","zone":"a","rules_added":50}
    {"event":"watch_disk","data":{"zone":"b","rulesAdded":4}}
    {"event":"service_report","zone":"a","rules_added":"five"}
    {"event":"service_report","rules_added":6}
    {"event":"service_report","zone":"a","rules_added":101}

    """

  private func sums(_ fixture: PipelineFixture) throws -> [UInt64?] {
    let entry = try #require(try fixture.catalogue.entry("zones"))
    let reader = try BuildSnapshot(fixture.catalogue.open(entry.live))
    let zones = try ViewTables("zones", in: reader).read(ZoneCounter.table)
    return try ["a", "b", "none"].map { try zones.row(Hash128(of: $0)) }
  }

  private func mismatches(_ fixture: PipelineFixture, _ view: String) throws -> [Mismatch] {
    let entry = try #require(try fixture.catalogue.entry(view))
    let snapshot = try BuildSnapshot(fixture.catalogue.open(entry.live))
    return try DecodingCounts.mismatches(in: snapshot)
  }

  @Test func `a view that needs a payload gets it, folded on and rebuilt`() throws {
    let fixture = try PipelineFixture()
    let path = try fixture.directory.write("a.jsonl", lines)
    try fixture.ingest([path])
    _ = try fixture.upkeep([KindCounter.self, ZoneCounter.self]).catchUp()
    // 3, 1000 without a number, 1000 beyond the bound; 4; 1000 for the line without a zone.
    #expect(try sums(fixture) == [2_003, 4, 1_000])
    let mismatch = try #require(try mismatches(fixture, "zones").first { !$0.isMissing })
    #expect(mismatch.kind == "service_report" && mismatch.field == "rules_added")
    #expect(mismatch.count == 2 && mismatch.firstOffset == 3)
    let missing = try #require(try mismatches(fixture, "zones").first(where: \.isMissing))
    #expect(missing.kind == "service_report" && missing.field == "zone")
    #expect(missing.count == 1 && missing.firstOffset == 4)
    #expect(try mismatches(fixture, "zones").count == 2)

    try fixture.directory.write(
      "a.jsonl", lines + "{\"event\":\"service_report\",\"zone\":\"b\",\"rules_added\":1}\n")
    try fixture.ingest([path])
    _ = try fixture.upkeep([KindCounter.self, ZoneCounter.self]).catchUp()
    #expect(try sums(fixture) == [2_003, 5, 1_000])
    let folded = try fixture.state("zones")?.sum
    let rebuilt = try fixture.upkeep([KindCounter.self, ZoneCounter.self]).rebuild(["zones"])
    #expect(rebuilt.first?.views.first?.sum == folded)
    #expect(try sums(fixture) == [2_003, 5, 1_000])
  }

  @Test func `where no view needs it, nothing of it is read`() throws {
    let fixture = try PipelineFixture()
    try fixture.ingest([try fixture.directory.write("a.jsonl", lines)])
    _ = try fixture.upkeep([KindCounter.self]).catchUp()
    #expect(try mismatches(fixture, "kinds").isEmpty)
  }
}

/// A number that every event counts.
private struct StepSettings: SettingGroup {
  var step: UInt64 = 1

  static func settings<Visitor: SettingVisitor>(
    _ group: inout Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    visit.section("steps", "Settings of a view of tests.")
    try visit.setting("steps.step", &group.step, in: 1...9, "What an event counts.")
  }
}

private final class StepCounter: ConfiguredProjector, EventProjector {
  static let view = View("steps", version: 1, "A view of tests.", needs: .events, tables: [])
  private let table: KeyedTable<UInt64, UInt64>
  private let step: UInt64

  init(tables: FoldTables, settings: StepSettings) throws(TableError) {
    table = try tables.open(StoredTable("sum"))
    step = settings.step
  }

  func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    try table.change(0) { $0 = ($0 ?? 0) + step }
  }
}

@Suite struct ViewSettingsTests {
  private func plan(_ step: UInt64?) -> FoldPlan {
    let projectors: [any Projector.Type] = [KindCounter.self, StepCounter.self]
    var settings = ViewSettings(of: projectors)
    if let step {
      var group = StepSettings()
      group.step = step
      settings["steps"] = group
    }
    return FoldPlan(projectors: projectors, scoring: ScoringSettings(), viewSettings: settings)
  }

  @Test func `settings of a view count in its own digest, and fold it`() throws {
    let fixture = try PipelineFixture()
    try fixture.ingest([try fixture.directory.write("a.jsonl", "{\"event\":\"query\"}\n")])
    func upkeep(_ plan: FoldPlan) -> ViewUpkeep {
      ViewUpkeep(
        catalogue: fixture.catalogue, log: fixture.log, plan: plan, workers: fixture.workers,
        checkpointInterval: BuildFold.checkpointIntervalDefault, progress: { _, _ in },
        begins: { _, _, _ in })
    }
    _ = try upkeep(plan(nil)).catchUp()
    let before = try #require(try fixture.state("steps"))
    #expect(try upkeep(plan(1)).outdated().isEmpty)
    #expect(try upkeep(plan(2)).outdated() == ["steps"])
    _ = try upkeep(plan(2)).rebuild(["steps"])
    let after = try #require(try fixture.state("steps"))
    #expect(before.sum != after.sum && before.settings != after.settings)
    #expect(try upkeep(plan(2)).outdated().isEmpty)
  }
}
