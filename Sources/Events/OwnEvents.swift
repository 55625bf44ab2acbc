public import Bytes

/// What foldlog itself appends to the stream `foldlog`: answers of effects, what agents were told, and
/// what is to be remembered, which views fold. Each is declared here, since others write what views
/// read.
public enum OwnEvents {
  /// What its kinds carry beside the canonical fields.
  public static let payloads: [any Payload.Type] = [
    ExtractedSkill.self, UsedSkill.self, SharedSkill.self, FailedEffect.self, WantedAgain.self,
    Tick.self, SentAlert.self, AcknowledgedAlert.self, NotedKnowledge.self, GivenAdvice.self,
  ]
}

/// What a model made of an interaction that worked, or why that is no skill.
public struct ExtractedSkill: Payload, Equatable {
  public var requestID = ""
  public var sourceOffset: UInt64 = 0
  public var promptVersion: UInt64 = 0
  public var model = ""
  public var content = SkillContent()
  public var costUSD: FixedPoint?
  public var tokensInput: UInt64?
  public var tokensOutput: UInt64?
  public var latencyMS: FixedPoint?
  public var error: String?

  public static let kinds = ["skill_extracted"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    let any = FixedPoint.zero...FixedPoint(units: Int64.max)
    visit.field("request_id", &payload.requestID, in: ...64, "Which want it answers.")
    visit.field("source_offset", &payload.sourceOffset, "The line of the interaction.")
    visit.field("prompt_version", &payload.promptVersion, in: 0...2, "Which prompt was sent.")
    visit.field("model", &payload.model, in: ...200, "Which model answered.")
    SkillContent.fields(&payload.content, &visit)
    visit.field("cost_usd", &payload.costUSD, unit: .usd, in: any, "What the call cost.")
    visit.field("tokens_input", &payload.tokensInput, unit: .count, "Tokens of the request.")
    visit.field("tokens_output", &payload.tokensOutput, unit: .count, "Tokens of the answer.")
    visit.field("latency_ms", &payload.latencyMS, unit: .milliseconds, in: any, "How long it took.")
    visit.field("error", &payload.error, in: ...500, "Why the answer is no skill.")
  }
}

/// What a skill says. Without a name there is none.
public struct SkillContent: Sendable, Equatable {
  public var name: String?
  public var description: String?
  public var prerequisites: [String]?
  public var steps: [String]?
  public var tags: [String]?
  public var example: String?

  public init() {}

  /// Shows its fields to the visitor of a payload that carries it.
  public static func fields<Visitor: PayloadVisitor>(_ content: inout Self, _ visit: inout Visitor)
  {
    visit.field("name", &content.name, in: ...100, "What the skill is called.")
    visit.field("description", &content.description, in: ...1_000, "What it is good for, and when.")
    visit.field("prerequisites", &content.prerequisites, in: ...20, "What must be there before.")
    visit.field("steps", &content.steps, in: ...50, "What to do, step by step.")
    visit.field(
      "tags", &content.tags, in: ...10,
      "What it is about: the first is the branch of the tree that it stands under, the second the twig."
    )
    visit.field("example", &content.example, in: ...4_000, "One use of it.")
  }
}

/// That a skill was used.
public struct UsedSkill: Payload, Equatable {
  public var skillID = ""
  public var interactionID: String?
  public var success: Bool?

  public static let kinds = ["skill_used"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("skill_id", &payload.skillID, in: ...200, "Which skill, by its id or name.")
    visit.field("interaction_id", &payload.interactionID, in: ...200, "In which interaction.")
    visit.field("success", &payload.success, "Whether it worked; absent while nobody knows.")
  }
}

/// A skill that came from another foldlog.
public struct SharedSkill: Payload, Equatable {
  public var node = ""
  public var skillID = ""
  public var valueScore = FixedPoint.zero
  public var sourceOffset: UInt64?
  public var content = SkillContent()

  public static let kinds = ["skill_shared"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("node", &payload.node, in: ...200, "Which foldlog it came from.")
    visit.field("skill_id", &payload.skillID, in: ...64, "Its id there.")
    visit.field(
      "value_score", &payload.valueScore, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "What it is worth there.")
    visit.field("source_offset", &payload.sourceOffset, "The line that it stands on there.")
    SkillContent.fields(&payload.content, &visit)
  }
}

/// That what a view wanted done did not work.
public struct FailedEffect: Payload, Equatable {
  public var effect = ""
  public var subject = ""
  public var requestID = ""
  public var status: String?
  public var reason: String?
  public var isRefused: Bool?
  public var isFinal: Bool?

  public static let kinds = ["effect_failed"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("kind", &payload.effect, in: ...64, "What was tried: the kind of the want.")
    visit.field("subject", &payload.subject, in: ...500, "Of what, as the want says.")
    visit.field("request_id", &payload.requestID, in: ...64, "Which want it answers.")
    visit.field(
      "status", &payload.status, in: ...64,
      "How it ended, as a text: `503`, `timeout`, `refused`, `wrong_answer`.")
    visit.field("reason", &payload.reason, in: ...500, "What went wrong, in words.")
    visit.field(
      "refused", &payload.isRefused,
      "Whether a server did not take this one while it took others: after five, it is given up.")
    visit.field(
      "final", &payload.isFinal,
      "True takes the want away: trying again would not help. Else it is wanted still.")
  }
}

/// That somebody wants done what was given up.
public struct WantedAgain: Payload, Equatable {
  public var effect = ""
  public var requestID = ""

  public static let kinds = ["effect_wanted_again"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("kind", &payload.effect, in: ...64, "What is wanted: the kind of the want.")
    visit.field("request_id", &payload.requestID, in: ...64, "Which want it is.")
  }
}

/// That time has passed in which nothing happened.
public struct Tick: Payload, Equatable {
  public var view = ""
  public var dueAt: Timestamp?

  public static let kinds = ["tick"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("view", &payload.view, in: ...64, "The first view of which a row changes.")
    visit.field("due_at", &payload.dueAt, "When it does, whoever folds.")
  }
}

/// That somebody was told of an alert.
public struct SentAlert: Payload, Equatable {
  public var requestID: String?
  public var alertID = ""
  public var channel: String?
  public var isOK: Bool?

  public static let kinds = ["alert_sent"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("request_id", &payload.requestID, in: ...64, "Which want it answers.")
    visit.field("alert_id", &payload.alertID, in: ...64, "Which alert.")
    visit.field("channel", &payload.channel, in: ...200, "How: `webhook`.")
    visit.field("ok", &payload.isOK, "Whether it was taken; absent means that it was.")
  }
}

/// That somebody has taken note of an alert.
public struct AcknowledgedAlert: Payload, Equatable {
  public var alertID = ""
  public var who: String?

  public static let kinds = ["alert_acknowledged"]

  public init() {}

  public static func fields<Visitor: PayloadVisitor>(_ payload: inout Self, _ visit: inout Visitor)
  {
    visit.field("alert_id", &payload.alertID, in: ...64, "Which alert.")
    visit.field("who", &payload.who, in: ...200, "Who it was.")
  }
}
