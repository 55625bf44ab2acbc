import Bytes
import Events
import Facts
import Projection
import TestSupport
import Views

@testable import MetricsProjector

/// 2026-01-01T00:00:00Z.
let start: Int64 = 1_767_225_600
let hour: Int64 = 3_600

func payload(
  _ offset: Offset, _ kind: String, at seconds: Int64 = start, _ payload: any Payload
) -> Event {
  let bare = event(offset, kind, at: seconds)
  return Event(bare.id, envelope: bare.envelope, fields: bare.fields, payloads: [payload])
}

/// An interaction with a score in hundredths, and the event that gives it its outcome.
func scored(
  _ number: UInt64, at offset: Offset, seconds: Int64, _ score: Int64,
  _ fields: [Field: FieldValue] = [:]
) -> Fact {
  asserted(interaction(number, at: offset, stream: .aidb, seconds: seconds, score: score, fields))
}

/// A call of a model for so many hundredths of a dollar.
func call(
  _ offset: Offset, model: String? = "m", user: String? = nil, session: String? = nil,
  cost: Int64 = 25, usage: TokenUsage = TokenUsage()
) -> ModelCall {
  let time = Timestamp(nanoseconds: start * 1_000_000_000)
  return ModelCall(
    event: EventID(offset), id: "c\(offset)",
    context: CallContext(stream: .hybrid, session: session, user: user, time: time), model: model,
    usage: usage, cost: Money(dollars: FixedPoint(hundredths: cost)), basis: .said)
}

func told(_ call: ModelCall) -> CallChange<ModelCall> {
  CallChange(of: call.event, before: nil, after: call)
}

extension ProjectorSpec<MetricsProjector> {
  /// The rows of a metric, each as `scope/level n sum mean min max`.
  func rows(of metric: String) throws -> [String] {
    try rows().filter { $0["metric"] == .text(metric) }.map { row in
      let cells = ["n", "sum", "mean", "min", "max"].map { row[$0]?.plainText ?? "" }
      return "\(row["scope"]?.plainText ?? "")/\(row["level"]?.plainText ?? "") "
        + cells.joined(separator: " ")
    }
  }

  /// What a metric of the whole system comes to: `n sum mean min max`; nil for nothing.
  func system(_ metric: String) throws -> String? {
    try rows(of: metric).first { $0.hasPrefix("system/") }?.split(separator: " ", maxSplits: 1)
      .last.map(String.init)
  }

  /// The names of the metrics of which an event is said to have a part, of the whole system.
  func metrics(
    about event: Event, _ interaction: Interaction? = nil, in table: String = "metrics"
  ) throws -> [String] {
    let answer = MetricsProjector.view.tables.first { $0.name == table }
    let subject = EventSubject(event: event, interaction: interaction)
    return try (answer?.rows(about: subject, in: tables) ?? []).filter {
      $0["scope"] == .text("system")
    }.map { $0["metric"].plainText }
  }
}

extension FieldValue {
  init(_ value: Int64) { self.init(integerLiteral: value) }
}
