import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@testable import SkillsProjector

/// What counts as a use of a skill, and what it comes to.
@Suite struct UseTests {
  private typealias Given = SkillsProjectorTests

  private let spec: ProjectorSpec<SkillsProjector>

  init() throws {
    spec = try ProjectorSpec(SkillsProjector.self)
    try spec.given([Given.answer(2)], facts: [asserted(Given.worth(0, at: 1))])
  }

  private func counts() throws -> [Int64?] {
    let row = try #require(try spec.rows().first)
    return ["usage_count", "successes", "failures"].map { row[$0]?.integer }
  }

  @Test func `a similar prompt of the same task type uses it`() throws {
    try spec.given(facts: [
      asserted(Given.worth(1, at: 10)), asserted(Given.worth(2, at: 11, outcome: .failure)),
      asserted(Given.worth(3, at: 12, outcome: .partial)),
      asserted(Given.worth(4, at: 13, taskType: "deploy")),
      asserted(Given.worth(5, at: 14, taskType: nil)),
      asserted(Given.worth(6, at: 15, prompt: "something else that nobody asked before")),
    ])
    #expect(try counts() == [3, 1, 1])
    let row = try #require(try spec.rows().first)
    // (1 + 1) / (1 + 1 + 1)
    #expect(row["success_rate"] == .real(2.0 / 3))
    #expect(row["offsets"] == .offsets([1, 2, 10, 11, 12]))
    let arm = try #require(try spec.rows("skills/prompts").first)
    #expect(arm["uses"] == .integer(3) && arm["mean"] == .real(0.5))
  }

  @Test(arguments: [(1, 1), (2, 0)])
  func `0.85 alike is a use, and less is none`(_ changed: Int, _ uses: Int64) throws {
    // The source's prompt has 25 words: 23 shingles. With one word of it changed at the end 22 are
    // shared by 24, 0.917; with the last two, 21 by 25, 0.84.
    let words = (0..<25).map { "w\($0)" }
    let source = words.joined(separator: " ")
    let other = words.dropLast(changed) + ["x", "y"].prefix(changed)
    let spec = try ProjectorSpec(SkillsProjector.self)
    try spec.given(
      [Given.answer(2, to: Given.request(source))],
      facts: [asserted(Given.worth(0, at: 1, prompt: source))])
    try spec.given(facts: [asserted(Given.worth(1, at: 5, prompt: other.joined(separator: " ")))])
    #expect(try spec.rows().first?["usage_count"] == .integer(uses))
  }

  @Test func `what was there before the skill is no use of it`() throws {
    let spec = try ProjectorSpec(SkillsProjector.self)
    let source = Given.worth(0, at: 1)
    try spec.given([Given.answer(2)], facts: [asserted(source)])
    var later = source
    later.feedback.explicit = 1
    // Its own interaction is told more of, and another had its outcome before.
    try spec.given(facts: [
      Fact(of: EventID(3), before: source, after: later),
      Fact(of: EventID(4), before: nil, after: Given.worth(1, at: 2)),
    ])
    #expect(try spec.rows().first?["usage_count"] == .integer(0))
  }

  @Test func `who says which skill it is uses it, by id or name, whatever it asks`() throws {
    try spec.given(facts: [
      asserted(Given.worth(1, at: 10, prompt: "a", [.skill: "quote-yaml"])),
      asserted(
        Given.worth(2, at: 11, prompt: "b", outcome: .failure, [.skill: .text(Given.request())])),
      asserted(Given.worth(3, at: 12, prompt: "c", [.skill: "unknown-skill"])),
    ])
    #expect(try counts() == [2, 1, 1])
  }

  @Test func `a use counts once, and as its interaction ends`() throws {
    let first = Given.worth(1, at: 10)
    var second = first
    second.outcome = .failure
    try spec.given(facts: [asserted(first), Fact(of: EventID(11), before: first, after: second)])
    #expect(try counts() == [1, 0, 1])
  }

  @Test func `a use that is told of counts, and goes over to its interaction`() throws {
    try spec.given([Given.used(10, "quote-yaml", success: false)])
    #expect(try counts() == [1, 0, 1])
    try spec.given([Given.used(11, "quote-yaml", interaction: "i")])
    #expect(try counts() == [2, 0, 1])
    let told = Given.worth(1, at: 12, prompt: "whatever", [.interactionID: "i"])
    try spec.given(facts: [asserted(told)])
    #expect(try counts() == [2, 1, 1])
    // Said once more, and after the outcome.
    try spec.given([Given.used(13, Given.request(), interaction: "i", success: true)])
    #expect(try counts() == [2, 1, 1])
    try spec.given([Given.used(14, "no-such-skill")])
    #expect(try counts() == [2, 1, 1])
  }

  @Test(
    arguments: [
      (0, 0, "untried"), (9, 0, "active"), (10, 0, "trusted"),
      // 14 of 20 and of 21; 8 of 20 and of 21.
      (13, 6, "trusted"), (13, 7, "active"), (7, 12, "active"), (7, 13, "retired"),
    ])
  func `the status follows from the rate, after ten uses`(
    _ successes: Int, _ failures: Int, _ status: String
  ) throws {
    for number in 0..<(successes + failures) {
      try spec.given([
        Given.used(Offset(10 + number), "quote-yaml", success: number < successes)
      ])
    }
    #expect(try spec.rows().first?["status"] == .text(status))
  }
}

/// Which prompt is better.
@Suite struct PromptArmTests {
  private func trials(_ successes: UInt64, _ failures: UInt64) -> Trials {
    var trials = Trials()
    trials.successes += successes
    trials.failures += failures
    trials.uses += successes + failures
    return trials
  }

  private func arms(_ counts: [(UInt64, UInt64)]) -> [PromptArm] {
    counts.enumerated().map { number, count in
      var arm = PromptArm()
      arm.version = UInt64(number)
      arm.trials = trials(count.0, count.1)
      return arm
    }
  }

  @Test func `the probability is that of the integral`() {
    func isNear(_ value: Double, _ expected: Double) -> Bool {
      (value - expected).magnitude < 1e-12
    }
    // Of a uniform rate against another, and of Beta(2, 1) against one: its mean.
    #expect(probability(that: trials(0, 0), isBetterThan: trials(0, 0)) == 0.5)
    #expect(isNear(probability(that: trials(1, 0), isBetterThan: trials(0, 0)), 2.0 / 3))
    #expect(isNear(probability(that: trials(0, 1), isBetterThan: trials(0, 0)), 1.0 / 3))
    // Beta(2, 1) against Beta(1, 2): 1 − ∫ (1 − (1 − x)²)′ x² … = 5 / 6.
    #expect(isNear(probability(that: trials(1, 0), isBetterThan: trials(0, 1)), 5.0 / 6))
    for (first, second) in [
      ((20, 10), (10, 20)), ((300, 4_000), (310, 4_000)), ((0, 9_000), (3, 9)),
    ]
      as [((UInt64, UInt64), (UInt64, UInt64))]
    {
      let (left, right) = (trials(first.0, first.1), trials(second.0, second.1))
      let sum =
        probability(that: left, isBetterThan: right) + probability(that: right, isBetterThan: left)
      #expect((sum - 1).magnitude < 1e-9, "\(first) \(second)")
    }
  }

  @Test func `none is better before thirty uses of each`() {
    #expect(PromptArm.better(arms([(30, 0), (0, 30), (0, 29)])) == nil)
    #expect(PromptArm.better(arms([(30, 0), (0, 30), (0, 30)])) == 0)
    #expect(PromptArm.better(arms([(30, 0), (0, 30)])) == nil)
  }

  @Test func `one must be better than each other with 0.95`() {
    #expect(PromptArm.better(arms([(15, 15), (29, 1), (28, 2)])) == nil)
    #expect(PromptArm.better(arms([(15, 15), (29, 1), (15, 15)])) == 1)
    #expect(PromptArm.better(arms([(15, 15), (15, 15), (15, 15)])) == nil)
  }

  @Test func `once one is better, every want has it`() throws {
    let spec = try ProjectorSpec(SkillsProjector.self)
    var offset: Offset = 0
    for version: UInt64 in 0...2 {
      offset += 1
      try spec.given([
        SkillsProjectorTests.answer(
          offset, to: "\(version)", name: "skill-\(version)",
          description: "It says \(version), as number \(version) of those of \(version).",
          steps: [], version: version, source: 0)
      ])
      for number in 0..<30 {
        offset += 1
        try spec.given([
          SkillsProjectorTests.used(
            offset, "skill-\(version)", success: version == 2 || number % 3 == 0)
        ])
      }
    }
    let arms = try spec.rows("skills/prompts")
    #expect(arms.map { $0["uses"] } == [.integer(30), .integer(30), .integer(30)])
    // (1 + 10) / (2 + 30), and (1 + 30) / (2 + 30)
    #expect(arms.map { $0["mean"] } == [.real(0.34375), .real(0.34375), .real(0.96875)])
    for number: UInt64 in 0..<6 {
      offset += 1
      try spec.given(facts: [
        asserted(SkillsProjectorTests.worth(number, at: offset, prompt: "ask number \(number)"))
      ])
    }
    #expect(try spec.rows("skills/wanted").allSatisfy { $0["prompt_version"] == .integer(2) })
  }
}
