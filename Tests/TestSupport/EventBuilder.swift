internal import Bytes
package import Events
package import Facts

/// An event for a projector's specification.
package func event(
  _ offset: Offset, _ kind: String, stream: Stream = .hybrid, at seconds: Int64 = 1_767_225_600,
  isTimeInferred: Bool = false, _ fields: [Field: FieldValue] = [:]
) -> Event {
  var all = Fields()
  for (field, value) in fields { all[field] = value }
  let time = Timestamp(nanoseconds: seconds * 1_000_000_000)
  return Event(
    EventID(offset),
    envelope: Envelope(
      stream: stream, kind: kind, time: time, isTimeInferred: isTimeInferred, source: 1,
      position: offset * 100, recorded: time),
    fields: all)
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByArrayLiteral
{
  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int64) { self = .number(FixedPoint(value) ?? .zero) }
  package init(floatLiteral value: Double) { self = .number(FixedPoint(value) ?? .zero) }
  package init(arrayLiteral elements: String...) { self = .texts(elements) }
}

/// The clusters of a prompt that is similar to its equals alone.
package func clustersOfEquals(_ prompt: String) -> PromptClusters {
  let number = UInt64(truncatingIfNeeded: Hash128(of: prompt).value)
  return PromptClusters(wide: number, narrow: number)
}

/// An interaction for a projector's specification: a success with a total score in hundredths. Unless
/// `prompts` says otherwise, its prompt is similar to its equals alone.
package func interaction(
  _ number: UInt64, at offset: Offset, kind: String = "task_completed", stream: Stream = .ralph,
  seconds: Int64 = 1_767_225_600, outcome: Outcome = .success, basis: OutcomeBasis = .tool,
  score hundredths: Int64 = 70, prompts: PromptClusters? = nil,
  _ fields: [Field: FieldValue] = [:]
) -> Interaction {
  var all = Fields()
  for (field, value) in fields { all[field] = value }
  let half = FixedPoint(hundredths: 50)
  return Interaction(
    number: number, event: EventID(offset), stream: stream, kind: kind,
    time: Timestamp(nanoseconds: seconds * 1_000_000_000), outcome: outcome, basis: basis,
    feedback: Feedback(), fields: all,
    prompts: prompts ?? all.text(.prompt).map(clustersOfEquals),
    score: Score(
      outcome: .one, feedback: half, reusability: half, complexity: half, novelty: half,
      total: FixedPoint(hundredths: hundredths),
      tier: hundredths >= 95
        ? .exceptional
        : hundredths >= 85 ? .highQuality : hundredths >= 70 ? .highValue : .reference,
      confidence: half),
    evidence: Evidence(offset))
}

/// The fact that an interaction has its first outcome.
package func asserted(_ interaction: Interaction) -> Fact {
  Fact(of: interaction.event, before: nil, after: interaction)
}
