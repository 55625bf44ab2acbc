import Bytes
import Effects
import Events
import HTTP
import TestSupport
import Views

/// What a run wrote down, and what it may spend.
final class EffectBook {
  var outcomes: [EffectOutcome] = []
  var calls: UInt64 = 0
  var cost = FixedPoint.zero
  var budget = Budget(calls: 1_000, cost: .one)

  func driver(_ effects: any Effect...) throws -> EffectDriver {
    EffectDriver(
      effects, budget: budget, client: try HTTPClient(),
      now: { Timestamp(nanoseconds: 1_767_635_377_000_000_000) },
      spent: { _ in (self.calls, self.cost) },
      hold: { amount, _ in
        self.calls += amount.calls
        self.cost = self.cost + amount.cost
      },
      record: { outcome in
        self.outcomes.append(outcome)
        self.calls = UInt64(Int64(self.calls) + outcome.correction.calls)
        self.cost = self.cost + outcome.correction.cost
      })
  }

  var answered: [String] { outcomes.filter(\.isFinal).map(\.task.requestID).sorted() }

  static func tasks(_ count: Int) -> [EffectTask] {
    (0..<count).map { number in
      EffectTask(
        requestID: "id\(number)", kind: "webhook", subject: "subject \(number)",
        row: AnswerRow(
          columns: [Column("alert_id", .text), Column("count", .integer)],
          cells: [.text("alert\(number)"), .integer(Int64(number))]))
    }
  }
}

func hook(
  _ server: LoopbackServer, key: String? = nil, silence_ms: Int = 20_000
) throws -> WebhookEffect {
  var timeouts = HTTPTimeouts()
  timeouts.silence_ms = silence_ms
  return WebhookEffect(
    try HTTPAddress(server.address("/hook")), key: try key.map { try Secret($0) },
    timeouts: timeouts)
}

func text(_ outcome: EffectOutcome?) -> String {
  String(decoding: outcome?.line ?? [], as: UTF8.self)
}
