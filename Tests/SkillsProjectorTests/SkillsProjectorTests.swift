import Bytes
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

@testable import SkillsProjector

/// Given these events and facts, these skills.
@Suite struct SkillsProjectorTests {
  static let prompt = "mend the broken yaml file of the nightly build before it runs again"

  static func worth(
    _ number: UInt64, at offset: Offset, prompt: String = prompt, outcome: Outcome = .success,
    basis: OutcomeBasis = .tool, score: Int64 = 80, taskType: String? = "build",
    cluster: UInt64? = nil, _ more: [Field: FieldValue] = [:]
  ) -> Interaction {
    var fields: [Field: FieldValue] = [:]
    fields[.prompt] = .text(prompt)
    fields[.response] = "Quote the value."
    if let taskType { fields[.taskType] = .text(taskType) }
    fields.merge(more) { $1 }
    return interaction(
      number, at: offset, outcome: outcome, basis: basis, score: score,
      prompts: cluster.map { PromptClusters(wide: $0, narrow: $0) }, fields)
  }

  static func request(_ prompt: String = prompt) -> String {
    WantedEffect(
      "extract_skill", of: "\(Hash128(of: prompt))", revision: 1, since: 0
    ).requestID
  }

  static func answer(
    _ offset: Offset, to request: String = request(), name: String? = "quote-yaml",
    description: String? = "Quote values of YAML files that hold a colon or a leading star.",
    steps: [String]? = [
      "Find the line that the parser names.", "Put the value in double quotation marks.",
      "Run the parser again.",
    ], tags: [String]? = ["build", "yaml"], version: UInt64 = 0, source: UInt64 = 1,
    error: String? = nil
  ) -> Event {
    var skill = ExtractedSkill()
    skill.requestID = request
    skill.sourceOffset = source
    skill.promptVersion = version
    skill.model = "m"
    skill.content.name = name
    skill.content.description = description
    skill.content.steps = steps
    skill.content.tags = tags
    skill.error = error
    return told(offset, "skill_extracted", skill)
  }

  static func told(_ offset: Offset, _ kind: String, _ payload: any Payload) -> Event {
    let bare = event(offset, kind, stream: .foldlog)
    return Event(
      EventID(offset), envelope: bare.envelope, fields: bare.fields, payloads: [payload])
  }

  static func used(
    _ offset: Offset, _ skill: String, interaction: String? = nil, success: Bool? = nil
  ) -> Event {
    var used = UsedSkill()
    used.skillID = skill
    used.interactionID = interaction
    used.success = success
    return told(offset, "skill_used", used)
  }

  private let spec: ProjectorSpec<SkillsProjector>

  init() throws { spec = try ProjectorSpec(SkillsProjector.self) }

  private func skill() throws -> [String: Cell] {
    try #require(try spec.rows().first)
  }

  // MARK: Wanted

  @Test func `what was given up is wanted again when somebody says so`() throws {
    let spec = try ProjectorSpec(SkillsProjector.self)
    try spec.given(facts: [asserted(Self.worth(1, at: 1, cluster: 1))])
    let wanted = try #require(try spec.rows("skills/wanted").first)
    var failure = FailedEffect()
    failure.effect = "extract_skill"
    failure.requestID = Self.request()
    failure.isFinal = true
    try spec.given([Self.told(2, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").isEmpty)
    var again = WantedAgain()
    again.effect = "extract_skill"
    again.requestID = Self.request()
    try spec.given([Self.told(3, "effect_wanted_again", again)])
    let row = try #require(try spec.rows("skills/wanted").first)
    #expect(row["prompt"] == wanted["prompt"] && row["response"] == wanted["response"])
    #expect(row["failures"] == .integer(0) && row["refusals"] == .integer(0))
    // An answer takes it away for good.
    try spec.given([Self.answer(4), Self.told(5, "effect_wanted_again", again)])
    #expect(try spec.rows("skills/wanted").isEmpty)
    #expect(try spec.rows("skills").count == 1)
  }

  @Test func `of what is of high value and proven, a skill is wanted`() throws {
    try spec.given(facts: [asserted(Self.worth(0, at: 1))])
    let wants = try spec.rows("skills/wanted")
    #expect(wants.count == 1)
    let want = try #require(wants.first)
    #expect(want["request_id"] == .text(Self.request()))
    #expect(want["kind"] == .text("extract_skill"))
    #expect(want["subject"] == .text("\(Hash128(of: Self.prompt))"))
    #expect(want["since_offset"] == .integer(1) && want["source_offset"] == .integer(1))
    #expect(want["value_score"] == .decimal(FixedPoint(hundredths: 80)))
    #expect(want["prompt"] == .text(Self.prompt) && want["response"] == .text("Quote the value."))
    let version = try #require(UInt128(Self.request(), radix: 16)) % 3
    #expect(want["prompt_version"] == .integer(Int64(version)))
  }

  @Test(
    arguments: [
      (Outcome.success, OutcomeBasis.`self`, 80), (.success, .tool, 69), (.failure, .tool, 80),
      (.partial, .tests, 80),
    ] as [(Outcome, OutcomeBasis, Int64)])
  func `of what is worth less, fails or is its own word, none is`(
    _ outcome: Outcome, _ basis: OutcomeBasis, _ score: Int64
  ) throws {
    try spec.given(facts: [
      asserted(Self.worth(0, at: 1, outcome: outcome, basis: basis, score: score))
    ])
    #expect(try spec.rows("skills/wanted").isEmpty)
  }

  @Test func `at the least tier and the least basis one is wanted`() throws {
    try spec.given(facts: [asserted(Self.worth(0, at: 1, basis: .tool, score: 70))])
    #expect(try spec.rows("skills/wanted").count == 1)
  }

  @Test func `of a cluster one is wanted, and it is named by the first prompt`() throws {
    // The first of the cluster is worth nothing, and still names it.
    try spec.given(facts: [
      asserted(Self.worth(0, at: 1, score: 10, cluster: 7)),
      asserted(Self.worth(1, at: 2, prompt: Self.prompt + " please", cluster: 7)),
      asserted(Self.worth(2, at: 3, prompt: Self.prompt + " now", cluster: 7)),
      asserted(Self.worth(3, at: 4, prompt: "another thing", cluster: 8)),
    ])
    let wants = try spec.rows("skills/wanted")
    #expect(
      Set(wants.compactMap { $0["request_id"]?.text })
        == [Self.request(), Self.request("another thing")])
    #expect(Set(wants.compactMap { $0["source_offset"]?.integer }) == [2, 4])
  }

  @Test func `what is no longer worth it is wanted no more, until it is again`() throws {
    let before = Self.worth(0, at: 1)
    var after = before
    after.outcome = .failure
    try spec.given(facts: [
      asserted(before), Fact(of: EventID(5), before: before, after: after),
    ])
    #expect(try spec.rows("skills/wanted").isEmpty)
    try spec.given(facts: [Fact(of: EventID(6), before: after, after: before)])
    #expect(try spec.rows("skills/wanted").first?["since_offset"] == .integer(6))
  }

  @Test func `a prompt that cannot be read wants nothing`() throws {
    try spec.given(facts: [
      asserted(Self.worth(0, at: 1, prompt: "[REDACTED:secret]")),
      asserted(Self.worth(1, at: 2, prompt: "readable", [.response: "[REDACTED:secret]"])),
    ])
    #expect(try spec.rows("skills/wanted").isEmpty)
  }

  // MARK: Answers

  @Test func `an answer takes the want away and makes a skill, once`() throws {
    try spec.given([Self.answer(2), Self.answer(3)], facts: [asserted(Self.worth(0, at: 1))])
    #expect(try spec.rows("skills/wanted").isEmpty)
    let row = try skill()
    #expect(try spec.rows().count == 1)
    #expect(row["skill_id"] == .text(Self.request()) && row["name"] == .text("quote-yaml"))
    #expect(row["value_score"] == .decimal(FixedPoint(hundredths: 80)))
    #expect(row["level_1"] == .text("build") && row["level_2"] == .text("yaml"))
    #expect(row["status"] == .text("untried") && row["success_rate"] == .real(1))
    #expect(row["offsets"] == .offsets([1, 2]) && row["merged"] == .integer(0))
    let arm = try #require(try spec.rows("skills/prompts").first)
    #expect(arm["asked"] == .integer(1) && arm["parsed"] == .integer(1))
    #expect(arm["mean"] == .real(0.5) && arm["low"] == .null)
    let twig = try #require(try spec.rows("skills/tree").first)
    #expect(twig["level_1"] == .text("build") && twig["skills"] == .integer(1))
    #expect(twig["mean_value_score"] == .real(0.8))
    // Nor is it wanted again by another of its cluster.
    try spec.given(facts: [asserted(Self.worth(1, at: 9))])
    #expect(try spec.rows("skills/wanted").isEmpty)
  }

  @Test func `an answer that is no skill counts as asked, and is not asked again`() throws {
    try spec.given(
      [Self.answer(2, name: nil, error: "no JSON")], facts: [asserted(Self.worth(0, at: 1))])
    #expect(try spec.rows().isEmpty && spec.rows("skills/wanted").isEmpty)
    let arm = try #require(try spec.rows("skills/prompts").first)
    #expect(arm["asked"] == .integer(1) && arm["parsed"] == .integer(0))
  }

  @Test func `a failure takes the want away only when it is final`() throws {
    var failure = FailedEffect()
    failure.effect = "extract_skill"
    failure.requestID = Self.request()
    try spec.given(facts: [asserted(Self.worth(0, at: 1))])
    try spec.given([Self.told(2, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").first?["failures"] == .integer(1))
    #expect(try spec.rows("skills/wanted").first?["refusals"] == .integer(0))
    // That foldlog was to stop is nobody's failure.
    failure.status = "cancelled"
    try spec.given([Self.told(5, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").first?["failures"] == .integer(1))
    (failure.status, failure.isRefused) = ("400", true)
    try spec.given([Self.told(6, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").first?["refusals"] == .integer(1))
    failure.isFinal = true
    failure.effect = "webhook"
    try spec.given([Self.told(7, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").count == 1)
    failure.effect = "extract_skill"
    try spec.given([Self.told(8, "effect_failed", failure)])
    #expect(try spec.rows("skills/wanted").isEmpty)
    #expect(try spec.rows("skills/prompts").first?["asked"] == .integer(1))
  }

  @Test func `a skill that says the same is merged, with a fifth of its value`() throws {
    let other = "quite another question about something else"
    try spec.given(facts: [
      asserted(Self.worth(0, at: 1)), asserted(Self.worth(1, at: 2, prompt: other, score: 90)),
    ])
    try spec.given([Self.answer(3), Self.answer(4, to: Self.request(other), version: 1, source: 2)])
    let row = try skill()
    #expect(try spec.rows().count == 1)
    // 0.8 × 0.80 + 0.2 × 0.90
    #expect(row["value_score"] == .decimal(FixedPoint(hundredths: 82)))
    #expect(row["merged"] == .integer(1) && row["offsets"] == .offsets([1, 3, 4]))
    #expect(try spec.rows("skills/prompts").map { $0["parsed"] } == [.integer(1), .integer(1)])
    // From now on what is asked like the other uses it, too.
    try spec.given(facts: [asserted(Self.worth(2, at: 5, prompt: other))])
    #expect(try skill()["usage_count"] == .integer(1))
  }

  /// Texts of `n` words have `n − 2` shingles; the last word is in one of them.
  @Test(arguments: [(21, 1), (20, 2)])
  func `0.90 alike is the same, and less is another`(_ words: Int, _ skills: Int) throws {
    // Of 19 shingles 18 are shared by 20: exactly 0.90. Of 18 shingles 17 by 19: 0.894.
    let text = (0..<words).map { "w\($0)" }
    let other = text.dropLast() + ["other"]
    for (offset, words) in [(Offset(1), text), (2, Array(other))] {
      try spec.given([
        Self.answer(
          offset, to: "\(offset)", name: words[0],
          description: words.dropFirst().joined(separator: " "),
          steps: [], source: 0)
      ])
    }
    #expect(try spec.rows().count == skills)
  }

  @Test func `a skill from elsewhere has its node, and no prompt`() throws {
    var shared = SharedSkill()
    shared.node = "north"
    shared.skillID = "ab"
    shared.valueScore = FixedPoint(hundredths: 90)
    shared.content.name = "look-first"
    try spec.given([Self.told(1, "skill_shared", shared)])
    let row = try skill()
    #expect(row["node"] == .text("north") && row["prompt_version"] == .null)
    #expect(row["level_1"] == .text("other") && row["level_2"] == .text("general"))
    shared.valueScore = FixedPoint(hundredths: 40)
    try spec.given([Self.told(2, "skill_shared", shared)])
    // 0.8 × 0.90 + 0.2 × 0.40
    #expect(try skill()["value_score"] == .decimal(FixedPoint(hundredths: 80)))
  }
}
