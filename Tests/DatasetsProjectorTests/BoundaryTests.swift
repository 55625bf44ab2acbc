import Bytes
import DatasetsProjector
import Events
import Facts
import TestSupport
import Testing
import Views

// Each border by what lies on it and what lies just beyond.

/// Words of a text: n words have n − 2 shingles.
private func words(_ count: Int) -> String {
  (0..<count).map { "w\($0)" }.joined(separator: " ")
}

private func attempt(
  _ number: UInt64, prompt: String, response: String, outcome: Outcome
) -> Interaction {
  answered(
    number, prompt: prompt, response: response, score: outcome == .success ? 90 : 20,
    outcome: outcome)
}

@Test(arguments: [(70, 1), (69, 0)])
func `an example has high value from 0 70 on`(score: Int64, count: Int) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: [asserted(answered(0, prompt: "a", response: "b", score: score))])
  #expect(try spec.rows().count == count)
}

// What people praise can be of high value though it failed.
@Test(
  arguments: [
    (Outcome.success, true, 1), (.partial, true, 0), (.failure, true, 0), (.success, false, 1),
    (.partial, false, 1), (.failure, false, 1),
  ])
func `only a success is an example, unless the gate is open`(
  outcome: Outcome, isGated: Bool, count: Int
) throws {
  var settings = DatasetsSettings()
  #expect(settings.isOutcomeGated)
  settings.isOutcomeGated = isGated
  let spec = try ProjectorSpec(DatasetsProjector.self, settings: settings)
  let praised = answered(0, prompt: "a", response: "b", score: 70, outcome: outcome)
  try spec.given(facts: [asserted(praised)])
  #expect(try spec.rows().count == count)
}

@Test func `an example goes when it turns out to have failed, and comes back`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  let good = answered(0, prompt: "a", response: "b")
  let bad = answered(0, prompt: "a", response: "b", outcome: .failure)
  func counts() throws -> [Cell?] {
    let count = try spec.rows("datasets/readiness").first?["count"]
    return [.integer(Int64(try spec.rows().count)), count]
  }
  try spec.given(facts: [asserted(good)])
  #expect(try counts() == [.integer(1), .integer(1)])
  try spec.given(facts: [changed(good, at: 5, to: bad)])
  #expect(try counts() == [.integer(0), .integer(0)])
  try spec.given(facts: [changed(bad, at: 6, to: good)])
  #expect(try counts() == [.integer(1), .integer(1)])
}

// Of 20 shingles 19 are shared: 0.95; of 19 shingles 18: 0.947….
@Test(arguments: [(20, 1), (19, 2)])
func `examples are near duplicates from 0 95 on`(size: Int, count: Int) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  // Prompt and response count together: `words` and one more.
  try spec.given(facts: [
    asserted(answered(0, prompt: words(size), response: "end")),
    asserted(answered(1, prompt: words(size), response: "end more")),
  ])
  #expect(try spec.rows().count == count)
}

@Test(arguments: [true, false])
func `prompts are one prompt in a narrow cluster and not in a wide one`(isNarrow: Bool) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  var bad = attempt(0, prompt: "sort it", response: "no", outcome: .failure)
  var good = attempt(1, prompt: "sort it now", response: "yes", outcome: .success)
  bad.prompts = PromptClusters(wide: isNarrow ? 4 : 6, narrow: 8)
  good.prompts = PromptClusters(wide: 6, narrow: isNarrow ? 8 : 10)
  try spec.given(facts: [asserted(bad), asserted(good)])
  #expect(try spec.rows("datasets/pairs").count == (isNarrow ? 1 : 0))
}

@Test(
  arguments: [
    (0, 0), (0.25, 25), (1, 100), (1.5, 1), (2, 2), (50, 50), (100, 100),
  ] as [(Double, Int64)])
func `a margin is a share of 1 or counted to 100`(said: Double, hundredths: Int64) throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given([
    event(
      0, "judgment",
      [.prompt: "q", .chosen: "a", .rejected: "b", .margin: .init(floatLiteral: said)])
  ])
  let margin = try spec.rows("datasets/pairs").first?["margin"]
  let expected = said == 1.5 ? FixedPoint(units: 15_000_000) : FixedPoint(hundredths: hundredths)
  #expect(margin == .decimal(expected))
}

// MARK: Readiness

private func readiness(
  _ spec: ProjectorSpec<DatasetsProjector>, _ kind: String
) throws -> [Cell] {
  let row = try spec.rows("datasets/readiness").first { $0["kind"] == .text(kind) } ?? [:]
  return ["count", "needed", "ready", "trigger"].map { row[$0] ?? .null }
}

private func examples(_ range: Range<Int>) -> [Fact] {
  range.map { asserted(answered(UInt64($0), prompt: "number \($0) is", response: "it is \($0)")) }
}

private func judgments(_ range: Range<Int>) -> [Event] {
  range.map {
    event(UInt64($0), "judgment", [.prompt: "q", .chosen: .text("\($0)"), .rejected: "b"])
  }
}

@Test func `a first training needs 1000 examples and each further one 500 more`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(facts: examples(0..<999))
  #expect(try readiness(spec, "examples") == [.integer(999), .integer(1_000), .bool(false), .null])
  try spec.given(facts: examples(999..<1_000))
  #expect(
    try readiness(spec, "examples")
      == [.integer(1_000), .integer(1_000), .bool(true), .text("first_run")])
  try spec.given([event(20_000, "training_completed")], facts: [])
  #expect(
    try readiness(spec, "examples") == [.integer(1_000), .integer(1_500), .bool(false), .null])
  try spec.given(facts: examples(2_001..<2_500))
  #expect(
    try readiness(spec, "examples") == [.integer(1_499), .integer(1_500), .bool(false), .null])
  try spec.given(facts: examples(2_500..<2_501))
  #expect(
    try readiness(spec, "examples")
      == [.integer(1_500), .integer(1_500), .bool(true), .text("growth")])
}

@Test func `a training needs 500 pairs and each further one 500 more`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(judgments(0..<499))
  #expect(try readiness(spec, "pairs") == [.integer(499), .integer(500), .bool(false), .null])
  try spec.given(judgments(499..<500))
  #expect(
    try readiness(spec, "pairs") == [.integer(500), .integer(500), .bool(true), .text("first_run")])
  try spec.given([event(500, "training_completed")] + judgments(501..<1_000))
  #expect(try readiness(spec, "pairs") == [.integer(999), .integer(1_000), .bool(false), .null])
  try spec.given(judgments(1_000..<1_001))
  #expect(
    try readiness(spec, "pairs")
      == [.integer(1_000), .integer(1_000), .bool(true), .text("growth")])
}

@Test func `a training for which there was not enough changes no need`() throws {
  let spec = try ProjectorSpec(DatasetsProjector.self)
  try spec.given(judgments(0..<3) + [event(3, "training_completed")])
  try spec.given(facts: examples(10..<13))
  #expect(try readiness(spec, "pairs") == [.integer(3), .integer(500), .bool(false), .null])
  #expect(try readiness(spec, "examples") == [.integer(3), .integer(1_000), .bool(false), .null])
}
