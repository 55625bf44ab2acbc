import Bytes
import Events
import Facts
import Projection
import Tables
import TestSupport
import Testing
import Views

@testable import MetricsProjector

/// The least and the greatest of the values that stand.
@Suite struct StandingValuesTests {
  private let spec: ProjectorSpec<MetricsProjector>
  private var facts: [Fact] = []

  init() throws { spec = try ProjectorSpec(MetricsProjector.self) }

  private mutating func assert(_ latencies: [Int64]) throws {
    for latency in latencies {
      let number = UInt64(facts.count)
      facts.append(
        scored(number, at: number, seconds: start, 50, [.latencyMS: FieldValue(latency)]))
    }
    try spec.given(
      facts.map { event($0.event.offset, "task_completed", stream: .aidb, at: start) }, facts: facts
    )
  }

  /// Corrects a latency by an event of its own.
  private mutating func correct(_ number: Int, to latency: Int64?) throws {
    let before = facts[number].after
    var after = before
    after.fields[.latencyMS] = latency.map { FieldValue($0) }
    let offset = 100 + (events.last ?? 0)
    let fact = Fact(of: EventID(offset), before: before, after: after)
    try spec.given([event(offset, "feedback", stream: .aidb, at: start)], facts: [fact])
    events.append(offset)
    facts[number] = fact
  }
  private var events: [Offset] = []

  private func extremes() throws -> String? {
    try spec.system("latency_ms").map { text in
      text.split(separator: " ").suffix(2).joined(separator: " ")
    }
  }

  @Test mutating func `what was corrected is neither the least nor the greatest`() throws {
    try assert([5, 9, 7, 5])
    #expect(try extremes() == "5 9")
    try correct(0, to: 6)
    // Another one is still 5.
    #expect(try extremes() == "5 9")
    try correct(3, to: 8)
    #expect(try extremes() == "6 9")
    try correct(1, to: 1)
    #expect(try extremes() == "1 8")
    try correct(1, to: nil)
    #expect(try extremes() == "6 8")
    for number in [0, 2, 3] { try correct(number, to: nil) }
    #expect(try extremes() == nil)
    try correct(2, to: 3)
    #expect(try extremes() == "3 3")
  }

  /// Of 1 to 20 the 8 least are kept, and the 8 greatest.
  @Test mutating func `where it is not known it is null, until it is known again`() throws {
    try assert((1...20).map { $0 })
    for number in 0..<7 { try correct(number, to: 50) }
    #expect(try extremes() == "8 50")
    try correct(7, to: 50)
    #expect(try extremes() == "null 50")
    // 9 is left, and was left out. Less than that is known to be the least.
    try correct(0, to: 9)
    #expect(try extremes() == "null 50")
    try correct(1, to: 8)
    #expect(try extremes() == "8 50")
    // Of 50 there are six.
    for number in 2..<8 { try correct(number, to: 10) }
    #expect(try extremes() == "8 20")
  }

  @Test mutating func `many corrections upwards leave the least known`() throws {
    try assert(Array(repeating: 40, count: 3) + (41...60).map { $0 } + [1])
    for latency in 2...100 { try correct(23, to: Int64(latency)) }
    #expect(try extremes() == "40 100")
  }
}
