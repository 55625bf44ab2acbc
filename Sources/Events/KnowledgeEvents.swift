public import Bytes

/// What sort of knowledge a note is.
public enum KnowledgeSection: String, PayloadWord, CaseIterable {
  case decision, preference, pattern, insight, other
}

/// For whom a note holds.
public enum KnowledgeScope: String, PayloadWord, CaseIterable {
  case global, project, user, session
  case appType = "app_type"
}

/// Something that is to be remembered.
public struct NotedKnowledge: Payload, Equatable {
  public var section: KnowledgeSection?
  public var scope: KnowledgeScope?
  public var key: String?
  public var text = ""
  public var confidence: FixedPoint?

  /// Bytes of a note.
  public static let textMax = 4_000
  public static let kinds = ["knowledge_noted"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field(
      "section", &payload.section,
      "What sort it is: decision, preference, pattern, insight or other, as which any other counts."
    )
    visit.field(
      "scope", &payload.scope,
      """
      For whom it holds: global, project, user, session or app_type. Without, for the project that the \
      line names, else for all.
      """)
    visit.field(
      "key", &payload.key, in: ...200,
      "What it is about: a later note of the same section, scope and key takes its place.")
    visit.field("text", &payload.text, in: ...textMax, "What is to be remembered.")
    visit.field(
      "confidence", &payload.confidence, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "How sure it is.")
  }
}

/// That an agent was told something, out of what was known.
public struct GivenAdvice: Payload, Equatable {
  public var section = ""
  public var advice = ""
  public var hook: String?
  public var session: String?
  public var call: String?
  public var prompt: String?
  public var pattern: String?
  public var evidence: UInt64?

  /// Bytes of what was advised: those that a fix has.
  public static let adviceMax = 500
  public static let kinds = ["advice_given"]

  public init() {}

  // Names that no canonical field has: a session does nothing by being told something.
  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field(
      "section", &payload.section, in: ...32, "What sort it is: the name of a section of `context`."
    )
    visit.field(
      "advice", &payload.advice, in: ...adviceMax, "What was advised: of a fix, what is to be done."
    )
    visit.field(
      "hook", &payload.hook, in: ...32,
      "When it was told: `tool-failed`, `prompt`; `mcp` to who asked for it.")
    visit.field("to_session", &payload.session, in: ...200, "Which session was told.")
    visit.field(
      "to_call", &payload.call, in: ...200,
      "Of which call of a tool, that had failed; without a session, by which call it was asked for."
    )
    visit.field(
      "to_prompt", &payload.prompt, in: ...64, "Of which request: the XXH3-128 of its text, in hex."
    )
    visit.field(
      "pattern", &payload.pattern, in: ...500, "Which errors it is about: their template.")
    visit.field("evidence_offset", &payload.evidence, "The last line that it stands on.")
  }
}
