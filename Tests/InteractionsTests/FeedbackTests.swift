import Bytes
import Events
import Facts
import Scoring
import TestSupport
import Testing

@Suite struct FeedbackTests {
  /// A rating, then whether it helped: the share that the profile `quality` gives it, and the sign.
  @Test(
    arguments: [
      (1, true, 1.0, 1), (3, true, 1.0, 1), (5, false, 0.0, -1), (4, true, 0.8, 1),
      (2, false, 0.4, -1),
    ] as [(FieldValue, Bool, FixedPoint, Int8)])
  func `what is said later of the same holds`(
    rating: FieldValue, helpful: Bool, share: FixedPoint, explicit: Int8
  ) throws {
    let spec = try StepSpec(.editor)
    try spec.line("completion", [.interactionID: "i", .prompt: "p", .success: true])
    try spec.line("feedback", [.interactionID: "i", .sessionID: "a", .rating: rating])
    try spec.line("feedback", [.interactionID: "i", .sessionID: "b", .helpful: .bool(helpful)])
    let interaction = try #require(spec.interactions.first)
    #expect(interaction.feedback.explicit == explicit && interaction.score.quality == share)
    try spec.line("feedback", [.interactionID: "i", .sessionID: "c", .rating: rating])
    let rated = try #require(spec.interactions.first?.fields.number(.rating))
    #expect(.number(rated) == rating)
  }

  @Test(
    arguments: [
      ([.userFeedback: 1], 1), ([.userFeedback: -1], -1), ([.userFeedback: 0], 0),
      ([.userFeedback: 2], nil), ([.userFeedback: 0.5], nil), ([.rating: 1], -1),
      ([.rating: 2], -1),
      ([.rating: 2.5], 0), ([.rating: 3], 0), ([.rating: 4], 1), ([.rating: 5], 1),
      ([.rating: 6], nil), ([.rating: 0], nil), ([.helpful: true], 1), ([.helpful: false], -1),
      ([.userFeedback: -1, .rating: 5, .helpful: true], -1), ([.rating: 1, .helpful: true], -1),
      ([.userFeedback: 7, .rating: 5], 1),
    ] as [([Field: FieldValue], Int8?)])
  func `explicit feedback is said in three ways`(
    fields: [Field: FieldValue], explicit: Int8?
  ) throws {
    let spec = try StepSpec(.editor)
    try spec.line("completion", fields)
    #expect(spec.interactions.first?.feedback.explicit == explicit)
  }

  @Test func `late feedback changes its own row, and the last of each counts`() throws {
    let spec = try StepSpec(.aidb)
    try spec.line("completion", [.interactionID: "a", .success: true])
    try spec.line("completion", [.interactionID: "b", .success: true])
    let id: [Field: FieldValue] = [.interactionID: "a", .sessionID: "s"]
    func say(_ fields: [Field: FieldValue]) throws -> FixedPoint? {
      try spec.line("feedback", id.merging(fields) { _, new in new })
      return spec.interactions.first?.score.feedback
    }
    #expect(spec.interactions.first?.score.feedback == 0.5)
    #expect(try say([.userFeedback: 1]) == 1.0)
    #expect(try say([.userFeedback: -1]) == 0.0)
    #expect(try say([.copiedToClipboard: true]) == 0.0)
    #expect(try say([.userFeedback: 0]) == 0.8)
    #expect(try say([.copiedToClipboard: false, .modifiedResponse: true]) == 0.6)
    #expect(spec.interactions.last?.score.feedback == 0.5)
    #expect(spec.interactions.first?.offset == 0)
    let last = try #require(spec.facts.last)
    #expect(last.before?.score.feedback == 0.8)
    #expect(last.after.score.feedback == 0.6)
    #expect(last.event == EventID(6))
  }

  @Test func `feedback finds its interaction by session and prompt`() throws {
    let spec = try StepSpec(.hybrid)
    let opaque = "sha256:" + String(repeating: "ab", count: 32)
    for prompt in ["why", opaque] {
      try spec.line("agent_step_complete", [.sessionID: "s", .prompt: .text(prompt)])
    }
    try spec.line("feedback", [.sessionID: "s", .prompt: "why", .userFeedback: 1])
    try spec.line("feedback", [.sessionID: "s", .prompt: .text(opaque), .accepted: false])
    // Another session, another prompt, another stream, no session: of nobody.
    try spec.line("feedback", [.sessionID: "r", .prompt: "why", .userFeedback: -1])
    try spec.line("feedback", [.sessionID: "s", .prompt: "how", .userFeedback: -1])
    try spec.line(
      "feedback", stream: .aidb, [.sessionID: "s", .prompt: "why", .userFeedback: -1])
    try spec.line("feedback", [.prompt: "why", .userFeedback: -1])
    #expect(spec.interactions.map(\.feedback.explicit) == [1, nil])
    #expect(spec.interactions.map(\.outcome) == [.success, .failure])
    // An id that nobody knows is the feedback's own.
    try spec.line(
      "feedback", [.interactionID: "f1", .sessionID: "s", .prompt: "why", .userFeedback: 0])
    #expect(spec.interactions.first?.feedback.explicit == 0)
    #expect(spec.interactions.count == 2)
  }

  @Test func `of two with one session and prompt the newest is spoken of`() throws {
    let spec = try StepSpec(.hybrid)
    for _ in 0..<2 { try spec.line("completion", [.sessionID: "s", .prompt: "why"]) }
    try spec.line("feedback", [.sessionID: "s", .prompt: "why", .userFeedback: 1])
    #expect(spec.interactions.map(\.feedback.explicit) == [nil, 1])
  }

  @Test func `the twenty-first in a minute is ignored as feedback`() throws {
    let spec = try StepSpec(.editor)
    let minute: Int64 = 29_453_760 * 60
    for number in 0..<22 {
      spec.second = minute + Int64(number)
      try spec.line("completion", [.sessionID: "s", .userFeedback: 1])
    }
    #expect(
      spec.interactions.map(\.feedback.explicit)
        == [Int8?](repeating: 1, count: 20) + [nil, nil])
    #expect(spec.ignoredFeedbackCount == 2)
    #expect(spec.interactions.last?.fields.number(.userFeedback) == nil)
    // Another session, none, and another minute.
    spec.second = minute + 59
    try spec.line("completion", [.sessionID: "r", .userFeedback: 1])
    spec.second = minute + 59
    try spec.line("completion", [.userFeedback: 1])
    try spec.line("completion", [.sessionID: "s", .userFeedback: 1])
    #expect(spec.interactions.suffix(3).map(\.feedback.explicit) == [1, 1, 1])
    // Times run backwards: the minute is that of the event.
    spec.second = minute
    try spec.line("completion", [.sessionID: "s", .rating: 5])
    #expect(spec.interactions.last?.feedback.explicit == nil)
    #expect(spec.ignoredFeedbackCount == 3)
  }

  @Test func `every event of a session that carries feedback counts, but repeats`() throws {
    let spec = try StepSpec(.hybrid)
    spec.second = 29_453_760 * 60
    try spec.line("completion", [.interactionID: "a"])
    for number in 0..<10 {
      try spec.line("hybrid_search", [.sessionID: "s", .copiedToClipboard: true])
      try spec.line(
        "feedback", [.sessionID: "s", .interactionID: .text("x\(number)"), .userFeedback: 1])
      try spec.line("feedback", [.sessionID: "s", .interactionID: "x0", .userFeedback: 1])
    }
    try spec.line("feedback", [.sessionID: "s", .interactionID: "a", .userFeedback: 1])
    #expect(spec.interactions.first?.feedback.explicit == nil)
    #expect(spec.ignoredFeedbackCount == 1)
    // What is ignored as feedback is evidence all the same.
    let rejected: [Field: FieldValue] = [.userFeedback: -1, .accepted: false]
    try spec.line(
      "feedback", rejected.merging([.sessionID: "s", .interactionID: "a"]) { old, _ in old })
    #expect(spec.interactions.first?.outcome == .failure)
    #expect(spec.interactions.first?.feedback.explicit == nil)
    #expect(spec.interactions.first?.feedback.accepted == nil)
    #expect(spec.ignoredFeedbackCount == 2)
  }

  @Test func `the limit is a setting`() throws {
    var settings = ScoringSettings()
    settings.feedbackPerMinuteMax = 1
    let spec = try StepSpec(.editor, settings: settings)
    spec.second = 0
    for _ in 0..<3 { try spec.line("completion", [.sessionID: "s", .userFeedback: 1]) }
    #expect(spec.interactions.map(\.feedback.explicit) == [1, nil, nil])
  }
}
