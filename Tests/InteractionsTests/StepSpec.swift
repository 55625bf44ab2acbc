import Bytes
import Events
import Facts
import Interactions
import Scoring
import Tables
import TestSupport
import Views

/// Folds lines one after the other, each a second after the one before, and keeps what came of them.
final class StepSpec {
  private let step: InteractionStep
  private(set) var facts: [Fact] = []
  private(set) var repeats: [Repeat] = []
  /// The interactions that have an outcome, by number, as they stand.
  private(set) var interactions: [Interaction] = []
  private var next: Offset = 0
  let stream: Stream
  /// The second that the next line happens in.
  var second: Int64 = 1_767_225_600

  init(_ stream: Stream, settings: ScoringSettings = ScoringSettings()) throws {
    self.stream = stream
    step = try InteractionStep(
      tables: FoldTables(view: "interactions", provider: MemoryTables()), settings: settings)
  }

  /// Folds a line. Returns its fact.
  @discardableResult
  func line(
    _ kind: String, stream: Stream? = nil, _ fields: [Field: FieldValue] = [:]
  ) throws -> Fact? {
    let event = TestSupport.event(next, kind, stream: stream ?? self.stream, at: second, fields)
    next += 1
    second += 1
    let new = try step.derive([event], prepared: [InteractionStep.prepare(event)])
    for fact in new { note(fact) }
    repeats += step.repeats
    return new.first
  }

  private func note(_ fact: Fact) {
    facts.append(fact)
    if fact.before == nil {
      interactions.append(fact.after)
    } else {
      interactions[Int(fact.after.number)] = fact.after
    }
  }

  var ignoredFeedbackCount: UInt64 { step.ignoredFeedbackCount }
}

extension FixedPoint: ExpressibleByFloatLiteral {
  package init(floatLiteral value: Double) { self = FixedPoint(value) ?? .zero }
}
