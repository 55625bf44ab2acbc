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

  private func severity(of values: [FieldValue], _ latency: FieldValue) throws -> [Cell] {
    let spec = try ProjectorSpec(MetricsProjector.self)
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
