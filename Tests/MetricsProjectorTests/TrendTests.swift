import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

@Suite struct MetricTrendTests {
  /// The trend of the score over 7 days, of a first half of 0.60 and a second of what is given.
  private func trend(
    _ score: FixedPoint, first: Int64 = 60, of counts: [Int] = [5, 5]
  ) throws -> [String: Cell] {
    let spec = try ProjectorSpec(MetricsProjector.self)
    // 84 hours are half of 7 days: the hour of the latest event is the last of them.
    let times = [start - 84 * hour, start - 83 * hour]
    let halves = (0..<counts[0]).map { _ in 0 } + (0..<counts[1]).map { _ in 1 }
    try spec.given(
      zip(halves, UInt64(0)...).map { event($1, "task_completed", stream: .aidb, at: times[$0]) }
        + [event(99, "a", at: start)],
      facts: zip(halves, UInt64(0)...).map { half, number in
        var after = scored(number, at: number, seconds: times[half], first).after
        if half == 1 { after.score.total = score }
        return asserted(after)
      })
    return try #require(
      try spec.rows("metrics/trends").first {
        $0["metric"] == .text("score") && $0["scope"] == .text("system")
          && $0["days"] == .integer(7)
      })
  }

  @Test(
    arguments: [
      (630_000_000, "steady"), (630_000_001, "rising"), (570_000_000, "steady"),
      (569_999_999, "falling"), (600_000_000, "steady"),
    ] as [(Int64, String)])
  func `five of a hundred are steady`(units: Int64, expected: String) throws {
    let row = try trend(FixedPoint(units: units))
    #expect(row["trend"] == .text(expected))
    #expect(row["first_n"] == .integer(5) && row["second_n"] == .integer(5))
  }

  @Test(arguments: [[4, 5], [5, 4], [4, 400], [400, 4]])
  func `of fewer than five values in a half nothing is said`(counts: [Int]) throws {
    let row = try trend(FixedPoint(hundredths: 90), of: counts)
    #expect(row["trend"] == .null && row["change"] == .real(0.5))
  }

  @Test func `nothing to compare with is no trend`() throws {
    let row = try trend(FixedPoint(hundredths: 50), first: 0)
    #expect(row["trend"] == .null && row["change"] == .null)
  }

  @Test func `counts are compared by how many there were`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let days = [-20, -19, -1, 0, 0, 0, -40].map { start + Int64($0) * 24 * hour }
    try spec.given(days.enumerated().map { event(UInt64($0), "a", at: $1) })
    let rows = try spec.rows("metrics/trends").filter { $0["scope"] == .text("system") }
    #expect(rows.map { $0["days"] } == [7, 30, 90].map(Cell.integer))
    #expect(rows.map { $0["first"] } == [0, 2, 0].map(Cell.real))
    #expect(rows.map { $0["second"] } == [4, 4, 7].map(Cell.real))
    // Of fewer than ten nothing is said.
    #expect(rows.map { $0["trend"] } == [.null, .null, .null])
    #expect(rows[1]["change"] == .real(1))
  }

  /// The trends of the whole system over 7 days, of events so many hours before the last.
  private func trends(_ hours: [Int64: Int], _ kind: String = "query_gap") throws -> [String:
    String]
  {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let times = hours.sorted { $0.key > $1.key }.flatMap { age, count in
      Array(repeating: start - age * hour, count: count)
    }
    try spec.given(times.enumerated().map { event(UInt64($0), kind, at: $1) })
    let rows = try spec.rows("metrics/trends").filter {
      $0["scope"] == .text("system") && $0["days"] == .integer(7)
    }
    return Dictionary(
      uniqueKeysWithValues: rows.map {
        (
          $0["metric"]?.plainText ?? "",
          "\($0["trend"]?.plainText ?? "") \($0["change"]?.plainText ?? "")"
        )
      })
  }

  @Test func `a log that began in the second half rises in nothing`() throws {
    let trends = try trends([83: 1, 40: 2, 0: 9])
    #expect(
      trends == ["events": "null null", "searches": "null null", "search_results": "null null"])
  }

  /// 168 hours are 7 days: the hour 167 before the last is the first of them.
  @Test func `counts are compared where the log is older than the first half`() throws {
    #expect(try trends([166: 1, 100: 1, 50: 4, 0: 5])["searches"] == "null null")
    #expect(try trends([167: 1, 100: 1, 50: 4, 0: 5])["searches"] == "rising 3.5")
    #expect(try trends([200: 1, 100: 2, 50: 4, 0: 5])["searches"] == "rising 3.5")
    #expect(try trends([200: 1, 100: 6, 0: 3], "a")["events"] == "null -0.5")
    #expect(try trends([200: 1, 100: 8, 0: 4], "a")["events"] == "falling -0.5")
  }

  @Test func `what no line dates is in no trend`() throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    let ages = Array(repeating: Int64(167), count: 5) + Array(repeating: 0, count: 5)
    try spec.given(
      zip(ages, UInt64(0)...).map { event($1, "query_gap", at: start - $0 * hour) }
        + (0..<50).map { event(100 + $0, "query_gap", at: start, isTimeInferred: true) })
    let row = try spec.rows("metrics/trends").first {
      $0["metric"] == .text("searches") && $0["scope"] == .text("system")
        && $0["days"] == .integer(7)
    }
    #expect(row?["second"] == .real(5) && row?["trend"] == .text("steady"))
  }

  /// So many searches in the first half, none in the second, while other events go on.
  @Test(arguments: [(9, "null -1.0"), (10, "falling -1.0")])
  func `what is only counted, and stopped, is falling`(first: Int, expected: String) throws {
    let spec = try ProjectorSpec(MetricsProjector.self)
    try spec.given(
      [event(0, "a", at: start - 200 * hour), event(1, "a", at: start)]
        + (0..<first).map { event(UInt64($0) + 2, "query_gap", at: start - 100 * hour) })
    let rows = try spec.rows("metrics/trends").filter {
      $0["scope"] == .text("system") && $0["days"] == .integer(7)
    }
    func told(_ metric: String) -> String? {
      rows.first { $0["metric"] == .text(metric) }.map {
        "\($0["trend"]?.plainText ?? "") \($0["change"]?.plainText ?? "")"
      }
    }
    #expect(told("searches") == expected)
    // Of a mean nothing is known where there is none.
    #expect(told("search_results") == "null null")
  }

  /// With a trend from above a tenth on.
  @Test(arguments: [(22, "steady"), (23, "rising"), (18, "steady"), (17, "falling")])
  func `which change is a trend is a setting`(second: Int, expected: String) throws {
    var settings = MetricsSettings()
    settings.trend = FixedPoint(hundredths: 10)
    let spec = try ProjectorSpec(MetricsProjector.self, settings: settings)
    try spec.given(
      (0..<20).map { event(UInt64($0), "query_gap", at: start - 167 * hour) }
        + (0..<second).map { event(UInt64($0) + 20, "query_gap", at: start) })
    let row = try #require(
      try spec.rows("metrics/trends").first {
        $0["metric"] == .text("searches") && $0["scope"] == .text("system")
          && $0["days"] == .integer(7)
      })
    #expect(row["trend"] == .text(expected))
  }

  @Test(arguments: [
    (21, "steady 0.05"), (22, "rising 0.1"), (19, "steady -0.05"), (18, "falling -0.1"),
  ])
  func `five of a hundred more or fewer are steady`(second: Int, expected: String) throws {
    #expect(try trends([167: 1, 84: 19, 83: second - 1, 0: 1])["searches"] == expected)
  }
}
