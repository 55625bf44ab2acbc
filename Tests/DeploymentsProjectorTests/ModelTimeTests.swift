import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import DeploymentsProjector

/// What counts is when things happened, and not in which order they are read.
@Suite struct ModelTimeTests {
  /// A kind, the version that it names and its second; nil for a line that does not say it.
  private typealias Told = (kind: String, version: String, second: Int64?)

  /// The status of each version, in the order of their names.
  private func states(_ events: [Told]) throws -> [String] {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    for (offset, told) in events.enumerated() {
      try spec.given([
        event(
          Offset(offset), told.kind, at: told.second ?? 99, isTimeInferred: told.second == nil,
          [.model: "m", .version: .text(told.version)])
      ])
    }
    return try spec.rows("deployments/models").map {
      "\($0["version"]?.plainText ?? "") \($0["status"]?.plainText ?? "")"
    }
  }

  private func orders(of events: [Told]) -> [[Told]] {
    if events.count < 2 { return [events] }
    return events.indices.flatMap { index in
      var rest = events
      let first = rest.remove(at: index)
      return orders(of: rest).map { [first] + $0 }
    }
  }

  @Test func `of two promotions the later one stands, in whatever order they are read`() throws {
    let told: [Told] = [("model_promoted", "1", 10), ("model_promoted", "2", 20)]
    for order in orders(of: told) {
      #expect(try states(order) == ["1 deprecated", "2 promoted"], "\(order)")
    }
  }

  @Test func `what is deprecated after its promotion stays so`() throws {
    let told: [Told] = [
      ("model_promoted", "1", 10), ("model_promoted", "2", 20), ("model_deprecated", "2", 30),
    ]
    for order in orders(of: told) {
      #expect(try states(order) == ["1 deprecated", "2 deprecated"], "\(order)")
    }
    let again: [Told] = [("model_deprecated", "1", 10), ("model_promoted", "1", 20)]
    for order in orders(of: again) { #expect(try states(order) == ["1 promoted"], "\(order)") }
  }

  @Test func `training counts where it is neither promoted nor deprecated after it`() throws {
    let told: [Told] = [
      ("model_promoted", "1", 10), ("training_started", "1", 15), ("model_promoted", "2", 20),
      ("training_failed", "1", 30),
    ]
    for order in orders(of: told) {
      #expect(try states(order) == ["1 failed", "2 promoted"], "\(order)")
    }
    for order in orders(of: Array(told.prefix(3))) {
      #expect(try states(order) == ["1 deprecated", "2 promoted"], "\(order)")
    }
    for order in orders(of: Array(told.prefix(2))) {
      #expect(try states(order) == ["1 promoted"], "\(order)")
    }
  }

  @Test func `what says no time counts as it is read`() throws {
    #expect(
      try states([("model_promoted", "2", 20), ("model_promoted", "1", nil)])
        == ["1 promoted", "2 deprecated"])
    #expect(
      try states([("model_promoted", "1", 20), ("model_deprecated", "1", nil)])
        == ["1 deprecated"])
    #expect(
      try states([("model_promoted", "1", 20), ("model_promoted", "2", 20)])
        == ["1 deprecated", "2 promoted"])
  }

  @Test func `the last evaluation by its time tells the checks`() throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    func evaluate(_ offset: Offset, at second: Int64, _ improvement: FieldValue) throws {
      try spec.given([
        event(
          offset, "model_evaluated", at: second,
          [.model: "m", .version: "1", .improvement: improvement])
      ])
    }
    try evaluate(0, at: 20, 0.05)
    try evaluate(1, at: 10, 0)
    let row = try spec.rows("deployments/models").first
    #expect(row?["status"] == .text("passed") && row?["failed_checks"] == .texts([]))
    try evaluate(2, at: 21, 0)
    #expect(try spec.rows("deployments/models").first?["status"] == .text("failed"))
  }

  @Test func `a deprecation without a version, told late, is of nobody knows which`() throws {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    try spec.given([
      event(0, "model_promoted", at: 20, [.model: "m", .version: "2"]),
      event(1, "model_deprecated", at: 10, [.model: "m"]),
    ])
    #expect(try spec.rows("deployments/models").first?["status"] == .text("promoted"))
    #expect(
      try spec.rows("deployments/anomalies").map { $0["reason"] } == [
        .text("deprecated without a version, before the promotion that is known")
      ])
  }

  /// The status of the run `r` after its reports, each with its second.
  private func run(_ reports: (String, Int64?)...) throws -> String {
    let spec = try ProjectorSpec(DeploymentsProjector.self)
    for (offset, (kind, second)) in reports.enumerated() {
      try spec.given([
        event(
          Offset(offset), "training_\(kind)", at: second ?? 99, isTimeInferred: second == nil,
          [.model: "m", .runID: "r"])
      ])
    }
    let row = try #require(try spec.rows("deployments/training").first)
    return "\(row["status"]?.plainText ?? "") \(row["ended_at"] == .null ? "open" : "ended")"
  }

  @Test func `a run that is queued after its end waits again`() throws {
    #expect(try run(("started", 10), ("failed", 20), ("queued", 21)) == "queued open")
    #expect(try run(("completed", 20), ("queued", 21), ("started", 22)) == "running open")
    // No later than the end, or at a time that no line says, it is told late.
    #expect(try run(("failed", 20), ("queued", 20)) == "failed ended")
    #expect(try run(("failed", 20), ("queued", nil)) == "failed ended")
    #expect(try run(("started", 20), ("queued", 30)) == "running open")
  }
}
