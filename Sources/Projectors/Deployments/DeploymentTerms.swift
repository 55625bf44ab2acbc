internal import Bytes
internal import Events
internal import Facts

/// What the creation of a deployment says of promotions.
struct DeploymentTerms: Payload {
  var promotionThreshold: FixedPoint?
  var autoPromote: Bool?

  static let kinds = ["deployment_created"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout DeploymentTerms, _ visit: inout Visitor
  ) {
    visit.field(
      "promotion_threshold", &payload.promotionThreshold, unit: .fraction,
      """
      From which improvement on a promotion is recommended, from 0 to 1; without it, and beyond that, \
      \(Recommendation.promotionThreshold).
      """)
    visit.field(
      "auto_promote", &payload.autoPromote, "Whether it may be promoted without a person.")
  }
}

extension DeploymentTerms {
  /// What of them can hold, and what is to be told of the rest.
  var checked: (terms: DeploymentTerms, refusal: Refusal?) {
    let share = FixedPoint.zero...FixedPoint.one
    guard let threshold = promotionThreshold, !share.contains(threshold) else { return (self, nil) }
    var terms = self
    terms.promotionThreshold = nil
    let standard = Recommendation.promotionThreshold
    return (
      terms,
      Refusal(
        "a promotion_threshold of \(threshold), which is not within 0 to 1: \(standard) holds")
    )
  }
}

/// How a training run is going.
struct TrainingReport: Payload {
  var loss: FixedPoint?
  var evalLoss: FixedPoint?
  var evalScore: FixedPoint?
  var datasetSHA256: SHA256Text?
  var hyperparameters: NamedValues?

  static let kinds = [
    "training_queued", "training_started", "training_progress", "training_completed",
    "training_failed",
  ]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout TrainingReport, _ visit: inout Visitor
  ) {
    visit.field("loss", &payload.loss, "The loss on what it is trained on.")
    visit.field("eval_loss", &payload.evalLoss, "The loss on what it is evaluated on.")
    visit.field(
      "eval_score", &payload.evalScore, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "How good it is, as evaluated.")
    visit.field(
      "dataset_sha256", &payload.datasetSHA256,
      "The SHA-256 of the file that it is trained on: 64 hexadecimal digits, also after `sha256:`.")
    visit.field(
      "hyperparameters", &payload.hyperparameters, in: ...1_024,
      """
      What it is trained with, by name: its texts, numbers, true and false, and lists of texts are \
      kept; those of an object in it as `outer.name`.
      """)
  }
}

/// A SHA-256 as lines have it, in lower case.
struct SHA256Text: PayloadValue, Equatable {
  let digits: String

  /// Nil for anything else than 64 hexadecimal digits.
  init?(_ text: String) {
    let text = text.lowercased()
    let prefix = "sha256:"
    digits = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
    if digits.utf8.count != 64 || !digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) { return nil }
  }

  static func shape(within bound: Never?) -> ValueShape { ValueShape("string") }

  static func read(_ value: LineValue, within bound: Never?) -> PayloadReading<SHA256Text> {
    guard case .text(let text) = value else { return .wrongType }
    return SHA256Text(text).map { .value($0) } ?? .outOfRange
  }
}

/// How a deployment is, as a check, a change of its replicas or its end tells.
struct DeploymentReport: Payload {
  var isOK: Bool?
  var status: String?
  var latencyMS: FixedPoint?
  var uptimeS: FixedPoint?
  var replicas: UInt64?
  var idleS: FixedPoint?
  var requests: UInt64?
  var costUSD: FixedPoint?

  static let kinds = ["deployment_checked", "deployment_scaled", "deployment_stopped"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout DeploymentReport, _ visit: inout Visitor
  ) {
    let any = FixedPoint.zero...FixedPoint(units: Int64.max)
    visit.field(
      "ok", &payload.isOK, aliases: ["success"],
      """
      Whether it works; of a change of replicas, and of a stop, whether that was done: it was, unless ok \
      or status says otherwise.
      """)
    visit.field(
      "status", &payload.status, in: ...200,
      "What it said: where `ok` is missing, whether it works, if it is a word for that.")
    visit.field(
      "latency_ms", &payload.latencyMS, unit: .milliseconds, in: any, "How long that took.")
    visit.field(
      "uptime_s", &payload.uptimeS, unit: .seconds, in: any, "How long it has run by now.")
    visit.field(
      "replicas", &payload.replicas, unit: .count, in: 0...1_000_000, "How many of it run.")
    visit.field(
      "idle_s", &payload.idleS, unit: .seconds, in: any, "How long nobody has asked it anything.")
    visit.field(
      "requests", &payload.requests, unit: .count, "Requests since the report before this one.")
    visit.field(
      "cost_usd", &payload.costUSD, unit: .usd, in: any,
      "What it cost since the report before this one.")
  }

  /// Whether it works, which a check must say; nil where neither `ok` nor the status tells.
  var saysOK: Bool? { isOK ?? status.flatMap(isHealthy(status:)) }
}
