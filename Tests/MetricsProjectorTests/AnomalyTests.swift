import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

@Suite struct MetricAnomalyTests {
  /// The severities of an hour's mean after as many hours of 0 and 2 in turn: μ 1, σ 1.
  private func severity(after hours: Int, _ latency: FieldValue) throws -> [Cell] {
    try severity(of: (0..<hours).map { FieldValue(Int64($0 % 2 * 2)) }, latency)
  }

  private func severity(
    of values: [FieldValue], _ latency: FieldValue, _ settings: MetricsSettings = MetricsSettings()
  ) throws -> [Cell] {
    let spec = try ProjectorSpec(MetricsProjector.self, settings: settings)
    let all = values + [latency]
    let times = all.indices.map { start + Int64($0) * hour }
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: all.indices.map {
        scored(UInt64($0), at: UInt64($0), seconds: times[$0], 50, [.latencyMS: all[$0]])
      })
    return try spec.rows("metrics/anomalies").filter {
      $0["metric"] == .text("latency_ms") && $0["scope"] == .text("system")
    }.compactMap { $0["severity"] }
  }

  @Test(
    arguments: [
      (3, []), (3.000_000_001, ["low"]), (-1.000_000_001, ["low"]), (3.5, ["low"]),
      (3.500_000_001, ["medium"]), (4, ["medium"]), (4.000_000_001, ["high"]),
    ] as [(FieldValue, [String])])
  func `how far from the mean tells how severe`(value: FieldValue, expected: [String]) throws {
    #expect(try severity(after: 10, value) == expected.map(Cell.text))
  }

  /// Halves of a deviation that binary fractions miss: with 0.2 and 0.6 in turn μ is 0.4, σ 0.2.
  @Test(
    arguments: [
      ([0.2, 0.6], 0.8, []), ([0.2, 0.6], 0.800_000_001, ["low"]), ([0.3, 0.7], 0.9, []),
      ([0.1, 1.3], 2.2, ["low"]), ([0.1, 1.3], 2.200_000_001, ["medium"]),
      ([0.1, 0.5], 0.9, ["medium"]), ([0.1, 0.5], 0.900_000_001, ["high"]),
      ([0.1, 0.5], -0.3, ["medium"]),
    ] as [([Double], FieldValue, [String])])
  func `a bound is exact`(pair: [Double], value: FieldValue, expected: [String]) throws {
    let values = (0..<10).map { FieldValue(floatLiteral: pair[$0 % 2]) }
    #expect(try severity(of: values, value) == expected.map(Cell.text))
  }

  /// The last hour is one that no line says.
  @Test func `an hour after the latest that a line says is left out`() throws {
    for isInferred in [false, true] {
      let spec = try ProjectorSpec(MetricsProjector.self)
      let times = (0...10).map { start + Int64($0) * hour }
      try spec.given(
        zip(times, 0...).map {
          event(
            $1, "task_completed", stream: .aidb, at: $0, isTimeInferred: isInferred && $1 == 10)
        },
        facts: times.indices.map {
          scored(
            UInt64($0), at: UInt64($0), seconds: times[$0], 50,
            [.latencyMS: $0 == 10 ? 1_000 : 1])
        })
      let found = try spec.rows("metrics/anomalies").filter { $0["metric"] == .text("latency_ms") }
      #expect(found.isEmpty == isInferred)
    }
  }

  /// μ 1, σ 1, and bounds of 1, 1.25 and 4 deviations.
  @Test(
    arguments: [
      (2, []), (2.000_000_001, ["low"]), (2.25, ["low"]), (2.250_000_001, ["medium"]),
      (5, ["medium"]), (5.000_000_001, ["high"]),
    ] as [(FieldValue, [String])])
  func `how far is too far is a setting`(value: FieldValue, expected: [String]) throws {
    var settings = MetricsSettings()
    settings.anomalyLow = FixedPoint(hundredths: 100)
    settings.anomalyMedium = FixedPoint(hundredths: 125)
    settings.anomalyHigh = FixedPoint(hundredths: 400)
    let values = (0..<10).map { FieldValue(Int64($0 % 2 * 2)) }
    #expect(try severity(of: values, value, settings) == expected.map(Cell.text))
  }

  /// Hours with so many searches each, nil for one of which the log has nothing; an event goes on in
  /// all others. The anomalies of searches in the system: `hour value hours_before`.
  private func silences(_ counts: [Int?]) throws -> [String] {
    let spec = try ProjectorSpec(MetricsProjector.self)
    var events: [Event] = []
    for (number, count) in (counts + [0]).enumerated() {
      let kinds = count.map { ["a"] + Array(repeating: "query_gap", count: $0) } ?? []
      for kind in kinds {
        events.append(
          event(
            UInt64(events.count), kind, at: start + Int64(number) * hour,
            [.userID: "u"]))
      }
    }
    try spec.given(events)
    return try spec.rows("metrics/anomalies").filter {
      $0["metric"] == .text("searches") && $0["scope"] == .text("system")
    }.map { row in
      guard case .time(let time) = row["hour"] else { return "" }
      let isNone = row["value"] == .real(0)
      #expect((row["offset_count"] == .integer(0)) == isNone)
      #expect((row["last_offset"] == .null) == isNone)
      let number = (time.seconds - start) / hour
      return
        "\(number) \(row["value"]?.plainText ?? "") \(row["hours_before"]?.plainText ?? "")"
    }
  }

  @Test func `of what is counted an hour without any is one of none`() throws {
    let busy = Array(repeating: Optional(5), count: 10)
    #expect(try silences(busy + [0, 5]) == ["10 0.0 10"])
    // Nine hours are too few, and one of which the log has nothing tells nothing.
    #expect(try silences(busy.dropLast() + [0, 5]).isEmpty)
    #expect(try silences(busy + [nil, 5]).isEmpty)
    // What has stopped for good is told as long as that is unlike what was: √10 and √5 deviations,
    // then √(10/3).
    #expect(try silences(busy + [0, 0, 0, 0, 0]) == ["10 0.0 10", "11 0.0 11", "12 0.0 12"])
    // Hours with none count among those before: μ is 0.5 and σ 1.5, then 10/11 and 1.93.
    #expect(
      try silences([5] + Array(repeating: 0, count: 9) + [5, 5]) == ["10 5.0 10", "11 5.0 11"])
  }

  @Test func `without an anomaly it is said how many hours there are`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    try spec.given((0..<3).map { event(UInt64($0), "a", at: start + Int64($0) * hour) })
    let table = try #require(
      MetricsProjector.view.tables.first { $0.name == "metrics/anomalies" })
    #expect(
      try table.reasonsForNone(in: spec.tables).joined().hasSuffix(
        "of 2 metrics by scope 0 have more than 10, the most is 3"))
  }

  @Test func `of an anomaly the sums are told that it comes from`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let times = (0...10).map { start + Int64($0) * hour }
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: times.indices.map {
        scored(
          UInt64($0), at: UInt64($0), seconds: times[$0], 50, [.latencyMS: $0 == 10 ? 9 : 1])
      })
    let table = try #require(
      MetricsProjector.view.tables.first { $0.name == "metrics/anomalies" })
    let row = try #require(
      try table.rows(
        about: EventSubject(event: event(10, "task_completed", stream: .aidb), interaction: nil),
        in: spec.tables
      ).first { $0["scope"] == .text("system") })
    let explanation = try table.explanation(of: row, in: spec.tables, trace: nil)
    func inputs(_ figure: String) -> [String] {
      explanation.figures.first { $0.name == figure }?.inputs.map {
        "\($0.name) \($0.value.plainText)"
      } ?? []
    }
    #expect(inputs("value") == ["sum 9", "n 1"])
    #expect(inputs("mean_before") == ["hours_before 10", "sum_before 10.0"])
    #expect(inputs("deviation_before") == ["hours_before 10", "mean_before 1.0"])
  }

  @Test func `ten earlier hours are needed`() throws {
    #expect(try severity(after: 9, 99).isEmpty)
    #expect(try severity(after: 10, 99) == [.text("high")])
  }

  /// The deviation of equal values is taken as 0.001.
  @Test(arguments: [(1.002, 0), (1.002_000_001, 1), (0.998, 0)] as [(FieldValue, Int)])
  func `equal values have a least deviation`(value: FieldValue, count: Int) throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let times = (0...10).map { start + Int64($0) * hour }
    try spec.given(
      zip(times, 0...).map { event($1, "task_completed", stream: .aidb, at: $0) },
      facts: times.indices.map {
        scored(
          UInt64($0), at: UInt64($0), seconds: times[$0], 50, [.latencyMS: $0 == 10 ? value : 1])
      })
    let found = try spec.rows("metrics/anomalies").filter {
      $0["metric"] == .text("latency_ms") && $0["scope"] == .text("system")
    }
    #expect(found.count == count)
  }

  @Test func `the hour that is not over is not judged by its count`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    func events(_ hours: Range<Int>, from offset: Offset) -> [Event] {
      hours.flatMap { number in
        (0..<5).map {
          event(offset + UInt64(number * 5 + $0), "a", at: start + Int64(number) * hour)
        }
      }
    }
    try spec.given(events(0..<10, from: 0) + [event(50, "a", at: start + 10 * hour)])
    #expect(try spec.rows("metrics/anomalies").isEmpty)
    try spec.given([event(51, "a", at: start + 11 * hour)])
    let found = try spec.rows("metrics/anomalies")
    #expect(found.map { $0["scope"] } == [.text("stream"), .text("system")])
    #expect(found.map { $0["value"] } == [.real(1), .real(1)])
    #expect(found.map { $0["hours_before"] } == [.integer(10), .integer(10)])
    #expect(found.map { $0["mean_before"] } == [.real(5), .real(5)])
  }
}
