import Events
import Facts
import Interactions
import Scoring
import TestSupport
import Testing

/// Which prompts are together, as facts say.
@Suite struct PromptClusterTests {
  /// So many words that differ from one another, as one text.
  private func words(_ range: Range<Int>) -> FieldValue {
    .text(range.map { "w\($0)" }.joined(separator: " "))
  }

  /// The clusters of prompts that come one after the other.
  private func clusters(_ prompts: [FieldValue]) throws -> [PromptClusters] {
    let spec = try StepSpec(.aidb)
    return try prompts.map { prompt in
      let fact = try spec.line("completion", [.prompt: prompt])
      return try #require(fact?.after.prompts)
    }
  }

  @Test func `a wide cluster takes prompts from 0.85 on, and no other`() throws {
    // 19 words have 17 shingles, those and 3 more 20: 17/20 is 0.85; 16/19 is 0.842.
    let near = try clusters([words(0..<19), words(0..<22)])
    #expect(near[0].wide == near[1].wide)
    #expect(near[0].narrow != near[1].narrow)
    let far = try clusters([words(0..<18), words(0..<21)])
    #expect(far[0].wide != far[1].wide)
  }

  @Test func `a narrow cluster takes prompts from 0.95 on, and no other`() throws {
    // 21 words have 19 shingles: 19/20 is 0.95; 18/19 is 0.947.
    let near = try clusters([words(0..<21), words(0..<22)])
    #expect(near[0] == near[1])
    let far = try clusters([words(0..<20), words(0..<21)])
    #expect(far[0].wide == far[1].wide)
    #expect(far[0].narrow != far[1].narrow)
  }

  @Test func `it is the first prompt that the others must be similar to`() throws {
    // The third is similar to the second (21/24), and not to the first (18/24).
    let all = try clusters([words(0..<20), words(0..<23), words(0..<26), words(0..<23)])
    #expect(all.map { $0.wide == all[0].wide } == [true, true, false, true])
  }

  @Test func `of two clusters that a prompt may join it joins the earlier`() throws {
    // The third is similar to both: 20/23.
    let all = try clusters([words(0..<22), words(3..<25), words(0..<25), words(3..<25)])
    #expect(all[0].wide != all[1].wide)
    #expect(all[2].wide == all[0].wide)
    #expect(all[3].wide == all[1].wide)
  }

  @Test func `what cannot be read is with its equals`() throws {
    let one = FieldValue.text("sha256:" + String(repeating: "0a", count: 32))
    let other = FieldValue.text("sha256:" + String(repeating: "0b", count: 32))
    let all = try clusters([one, "w", other, one, "???", "!!!", "???", "w", other])
    let firsts = try all.map { cluster in try #require(all.firstIndex(of: cluster)) }
    #expect(firsts == [0, 1, 2, 0, 4, 5, 4, 1, 2])
  }

  @Test func `they are fixed by the event that first brings the prompt`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("query", [.interactionID: "a", .prompt: "why is it slow"])
    try spec.line("completion", [.prompt: "is it fast"])
    try spec.line("completion", [.interactionID: "a", .success: true, .prompt: "is it fast"])
    try spec.line("completion", [.prompt: "why is it slow"])
    let fast = spec.interactions[0].prompts
    #expect(spec.interactions[1].prompts == spec.interactions[2].prompts)
    #expect(spec.interactions[1].prompts != fast)
  }

  @Test func `without a prompt there are none, until it comes`() throws {
    let spec = try StepSpec(.aidb)
    let bare = try spec.line("completion", [.interactionID: "a"])
    #expect(bare?.after.prompts == nil)
    let late = try spec.line("completion", [.interactionID: "a", .prompt: "is it fast"])
    #expect(late?.before?.prompts == nil)
    #expect(late?.after.prompts != nil)
  }
}
