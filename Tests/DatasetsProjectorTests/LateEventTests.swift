import Bytes
import DatasetsProjector
import Events
import Facts
import TestSupport
import Testing
import Views

private typealias Spec = ProjectorSpec<DatasetsProjector>

private func column(_ spec: Spec, _ name: String, of table: String = "datasets") throws -> [Cell] {
  try spec.rows(table).map { $0[name] ?? .null }
}

private func summary(_ spec: Spec) throws -> [String] {
  try spec.rows("datasets/pairs").map { row in
    guard case .text(let reason)? = row["reason"], case .text(let chosen)? = row["chosen"],
      case .text(let rejected)? = row["rejected"]
    else { return "?" }
    return "\(reason): \(chosen) > \(rejected)"
  }
}

private func dropped(_ spec: Spec) throws -> Cell {
  try spec.rows("datasets/readiness").last?["dropped"] ?? .null
}

// MARK: Examples

@Test func `an example comes when its value rises and goes when it falls`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let low = answered(0, prompt: "a b c", response: "d", score: 69)
  let high = answered(0, prompt: "a b c", response: "d", score: 70)
  try spec.given(facts: [asserted(low)])
  #expect(try spec.rows().isEmpty)
  try spec.given(facts: [changed(low, at: 5, to: high)])
  #expect(try column(spec, "score") == [.decimal(FixedPoint(hundredths: 70))])
  #expect(try column(spec, "last_offset") == [.integer(5)])
  #expect(try column(spec, "offset_count") == [.integer(2)])
  try spec.given(facts: [changed(high, at: 6, to: low)])
  #expect(try spec.rows().isEmpty)
}

@Test func `what changes in an interaction changes in its row`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let before = answered(0, prompt: "a b c", response: "d", session: nil)
  try spec.given(facts: [asserted(before)])
  let after = answered(0, prompt: "a b c", response: "e", session: "s92", score: 90)
  try spec.given(facts: [changed(before, at: 5, to: after)])
  #expect(try column(spec, "response") == [.text("e")])
  #expect(try column(spec, "session_id") == [.text("s92")])
  #expect(try column(spec, "split") == [.text("test")])
  #expect(try column(spec, "score") == [.decimal(FixedPoint(hundredths: 90))])
}

@Test func `the one that stands for a cluster changes with the scores`() throws {
  let spec = try Spec(DatasetsProjector.self)
  func member(_ number: UInt64, _ score: Int64) -> Interaction {
    answered(number, prompt: text("p"), response: text("r"), score: score)
  }
  func expectBest(_ offset: Int64?) throws {
    #expect(try column(spec, "offset") == offset.map { [.integer($0)] } ?? [])
    #expect(try column(spec, "example_id") == (offset == nil ? [] : [.integer(0)]))
  }
  try spec.given(facts: [asserted(member(0, 80)), asserted(member(1, 75)), asserted(member(2, 70))])
  try expectBest(0)
  // One overtakes.
  try spec.given(facts: [changed(member(1, 75), at: 31, to: member(1, 81))])
  try expectBest(10)
  // A tie goes to the lowest offset, whoever comes to it.
  try spec.given(facts: [changed(member(2, 70), at: 32, to: member(2, 81))])
  try expectBest(10)
  try spec.given(facts: [changed(member(0, 80), at: 33, to: member(0, 81))])
  try expectBest(0)
  // It falls: the next best; all fall: none; one comes back, under the same number.
  try spec.given(facts: [changed(member(0, 81), at: 34, to: member(0, 69))])
  try expectBest(10)
  try spec.given(facts: [changed(member(1, 81), at: 35, to: member(1, 69))])
  try expectBest(20)
  try spec.given(facts: [changed(member(2, 81), at: 36, to: member(2, 69))])
  try expectBest(nil)
  try spec.given(facts: [changed(member(0, 69), at: 37, to: member(0, 70))])
  try expectBest(0)
  #expect(try column(spec, "merged") == [.integer(2)])
}

// MARK: Pairs

private func attempt(
  _ number: UInt64, _ response: String, session: String?, id: String? = nil,
  outcome: Outcome, accepted: Bool? = nil
) -> Interaction {
  var one = answered(
    number, prompt: "sort the list of names", response: response, session: session,
    score: outcome == .success ? 90 : 20, outcome: outcome)
  one.feedback.accepted = accepted
  if let id { one.fields[.interactionID] = .text(id) }
  return one
}

/// Attempts at prompts that are nearly the same, and so in one group, and yet two.
private func alike(
  _ number: UInt64, _ response: String, session: String, outcome: Outcome
) -> Interaction {
  var one = answered(
    number, prompt: "sort the list \(number)", response: response, session: session,
    score: outcome == .success ? 90 : 20, outcome: outcome)
  one.prompts = PromptClusters(wide: 0, narrow: 0)
  return one
}

@Test func `a correction that comes late makes a pair and another one changes it`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let plain = answered(0, prompt: "p", response: "a b c d")
  var corrected = plain
  corrected.fields[.correctedResponse] = "a b c e"
  var again = plain
  again.fields[.correctedResponse] = "a b c d"
  try spec.given(facts: [asserted(plain)])
  #expect(try summary(spec).isEmpty)
  try spec.given(facts: [changed(plain, at: 5, to: corrected)])
  #expect(try summary(spec) == ["correction: a b c e > a b c d"])
  try spec.given(facts: [changed(corrected, at: 6, to: again)])
  #expect(try summary(spec).isEmpty)
}

@Test func `a pair of outcomes turns round when the outcomes do`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let (a, b) = ("first", "second")
  let good = attempt(0, a, session: "s", outcome: .success)
  let bad = attempt(1, b, session: "s", outcome: .failure)
  try spec.given(facts: [asserted(good), asserted(bad)])
  #expect(try summary(spec) == ["outcome: first > second"])
  try spec.given(facts: [
    changed(good, at: 20, to: attempt(0, a, session: "s", outcome: .partial)),
    changed(bad, at: 21, to: attempt(1, b, session: "s", outcome: .success)),
  ])
  #expect(try summary(spec) == ["outcome: second > first"])
}

@Test func `a session that is named late moves an attempt out of its task`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let first = attempt(0, "no", session: nil, id: "t", outcome: .failure, accepted: false)
  let second = attempt(1, "yes", session: nil, id: "t", outcome: .success, accepted: true)
  try spec.given(facts: [asserted(first), asserted(second)])
  #expect(try summary(spec) == ["retry: yes > no"])
  // One is known to be of a session: the attempts are no longer of one setting.
  let moved = attempt(1, "yes", session: "s41", id: "t", outcome: .success, accepted: true)
  try spec.given(facts: [changed(second, at: 20, to: moved)])
  #expect(try summary(spec).allSatisfy { $0.hasPrefix("outcome") })
  // The other is of it too.
  let joined = attempt(0, "no", session: "s41", id: "t", outcome: .failure, accepted: false)
  try spec.given(facts: [changed(first, at: 21, to: joined)])
  #expect(try summary(spec) == ["retry: yes > no"])
}

@Test func `a pair that was dropped comes when its sides meet in one split`() throws {
  let spec = try Spec(DatasetsProjector.self)
  func attempt(_ number: UInt64, _ response: String, session: String, outcome: Outcome)
    -> Interaction
  {
    alike(number, response, session: session, outcome: outcome)
  }
  let bad = attempt(0, "no", session: "s66", outcome: .failure)
  let other = attempt(1, "yes", session: "s92", outcome: .success)
  try spec.given(facts: [asserted(bad), asserted(other)])
  #expect(try summary(spec).isEmpty)
  #expect(try dropped(spec) == .integer(1))
  let same = attempt(1, "yes", session: "s66", outcome: .success)
  try spec.given(facts: [changed(other, at: 20, to: same)])
  #expect(try summary(spec) == ["journey: yes > no"])
  #expect(try dropped(spec) == .integer(0))
}

@Test func `abandoned is rejected and accepted goes before it`() throws {
  let spec = try Spec(DatasetsProjector.self)
  var first = attempt(0, "no", session: "s", outcome: .failure)
  first.feedback.abandoned = true
  var second = attempt(1, "yes", session: "s", outcome: .success, accepted: true)
  second.feedback.abandoned = true
  try spec.given(facts: [asserted(first), asserted(second)])
  #expect(try summary(spec) == ["retry: yes > no"])
}

// MARK: Judgments

@Test func `the same judgment again adds no pair, and its margin is the last said`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let texts: [Field: FieldValue] = [.prompt: "q", .chosen: "a", .rejected: "b"]
  try spec.given([
    event(0, "judgment", texts.merging([.margin: 0.5, .sessionID: "s92"]) { $1 }),
    event(1, "preference", texts.merging([.margin: 0.25, .sessionID: "s66"]) { $1 }),
    event(2, "judgment", texts),
  ])
  #expect(try summary(spec) == ["judgment: a > b"])
  let row = try spec.rows("datasets/pairs").first
  #expect(row?["margin"] == .decimal(FixedPoint(hundredths: 25)))
  #expect(row?["offsets"] == .offsets([0, 1, 2]))
  #expect(row?["split"] == .text("test"))
  #expect(try spec.rows("datasets/readiness").last?["count"] == .integer(1))
}

@Test func `a judgment of an interaction takes prompt and session from it`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let asked = answered(0, prompt: "which", response: "x", session: "s92")
  let judgment = event(20, "judgment", [.interactionID: "i", .chosen: "a", .rejected: "b"])
  try spec.given(facts: [asserted(asked)])
  try spec.given([judgment], facts: [changed(asked, at: 20, to: asked)])
  #expect(try summary(spec) == ["judgment: a > b"])
  #expect(try column(spec, "prompt", of: "datasets/pairs") == [.text("which")])
  #expect(try column(spec, "split", of: "datasets/pairs") == [.text("test")])
}

@Test func `a judgment that comes before its interaction waits for it`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let asked = interaction(
    0, at: 10, stream: .hybrid, outcome: .success, score: 80,
    [.interactionID: "i", .prompt: "which", .response: "x", .sessionID: "s92"])
  let texts: [Field: FieldValue] = [.interactionID: "i", .chosen: "a", .rejected: "b"]
  try spec.given([event(3, "judgment", texts), event(4, "judgment", texts)])
  #expect(try summary(spec).isEmpty)
  try spec.given(facts: [asserted(asked)])
  #expect(try summary(spec) == ["judgment: a > b"])
  #expect(try column(spec, "prompt", of: "datasets/pairs") == [.text("which")])
  #expect(try column(spec, "split", of: "datasets/pairs") == [.text("test")])
  #expect(try column(spec, "offsets", of: "datasets/pairs") == [.offsets([3, 4])])
}

@Test func `the pair of a judgment goes with its interaction to another split`() throws {
  let spec = try Spec(DatasetsProjector.self)
  let asked = answered(0, prompt: "which", response: "x", session: "s66")
  let later = answered(0, prompt: "which", response: "x", session: "s92")
  let judgment = event(20, "judgment", [.interactionID: "i", .chosen: "a", .rejected: "b"])
  try spec.given(facts: [asserted(asked)])
  try spec.given([judgment], facts: [changed(asked, at: 20, to: asked)])
  func splits(_ table: String) throws -> [Cell] { try column(spec, "split", of: table) }
  #expect(try splits("datasets/pairs") == splits("datasets"))
  #expect(try splits("datasets/pairs") != [.text("test")])
  try spec.given(facts: [changed(asked, at: 21, to: later)])
  #expect(try splits("datasets/pairs") == [.text("test")])
  #expect(try splits("datasets") == [.text("test")])
}

@Test(arguments: [.chosen, .rejected, .prompt] as [Field])
func `a judgment that lacks a text, or has a blank or an opaque one, is no pair`(field: Field)
  throws
{
  let spec = try Spec(DatasetsProjector.self)
  let texts: [Field: FieldValue] = [.prompt: "q", .chosen: "a", .rejected: "b"]
  let opaque = "sha256:" + String(repeating: "0", count: 64)
  try spec.given([
    event(0, "judgment", texts.filter { $0.key != field }),
    event(1, "judgment", texts.merging([field: " \n\t"]) { $1 }),
    event(2, "judgment", texts.merging([field: .text(opaque)]) { $1 }),
    event(3, "judgment", [.prompt: "q", .chosen: "same", .rejected: "same"]),
    event(4, "feedback", texts),
  ])
  #expect(try summary(spec).isEmpty)
}
