internal import Bytes
internal import Events
internal import Facts

/// Whether a part of the stack works.
struct HealthReport: Payload {
  var component: String?
  var isOK: Bool?
  var status: String?
  var latencyMS: FixedPoint?
  var dependsOn: [String]?
  var resourceUsed: FixedPoint?

  static let probe = "telemetry_probe"
  static let kinds = [
    "health_checked", "health-check", "health_check", "deployment_checked", probe,
  ]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout HealthReport, _ visit: inout Visitor
  ) {
    visit.field("component", &payload.component, in: ...200, "What was tried.")
    visit.field("ok", &payload.isOK, aliases: ["success"], "Whether it works.")
    visit.field(
      "status", &payload.status, in: ...200,
      "What it said: where `ok` is missing, whether it works, if it is a word for that.")
    visit.field(
      "latency_ms", &payload.latencyMS, unit: .milliseconds,
      in: FixedPoint.zero...FixedPoint(units: Int64.max), "How long that took.")
    visit.field("depends_on", &payload.dependsOn, in: ...32, "What it needs to work.")
    visit.field(
      "resource_used", &payload.resourceUsed, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "How much of what it may use it uses.")
  }

  /// Whether it works; nil where neither `ok` nor the status tells.
  var saysOK: Bool? { isOK ?? status.flatMap(isHealthy(status:)) }
}

/// What a watcher of the machine found in one round.
struct WatchReport: Payload {
  var anomalies: UInt64 = 0

  static let kinds = ["health_spider_cycle"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout WatchReport, _ visit: inout Visitor
  ) { visit.field("anomalies", &payload.anomalies, unit: .count, "What it found to be wrong.") }
}

/// What a search found.
struct SearchReport: Payload {
  var semantic: UInt64?
  var keyword: UInt64?
  var sql: UInt64?
  var results: UInt64?

  static let kinds = ["hybrid_search", "agent_memory_recall"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout SearchReport, _ visit: inout Visitor
  ) {
    visit.field("semantic_results", &payload.semantic, unit: .count, "Hits by meaning.")
    visit.field("keyword_results", &payload.keyword, unit: .count, "Hits by words.")
    visit.field("sql_results", &payload.sql, unit: .count, "Hits by query.")
    visit.field("results", &payload.results, unit: .count, "Hits, of whatever sort.")
  }

  /// Nil where it does not say.
  var found: FixedPoint? {
    if let results { return FixedPoint(Int64(clamping: results)) }
    let parts = [semantic, keyword, sql].compactMap { $0 }
    return parts.isEmpty ? nil : FixedPoint(Int64(clamping: parts.reduce(0, &+)))
  }
}

/// How likely a success is.
struct Prediction: Payload {
  var subjectID = ""
  var probability = FixedPoint.zero
  var features: [String]?

  static let kinds = ["prediction_made"]

  static func fields<Visitor: PayloadVisitor>(
    _ payload: inout Prediction, _ visit: inout Visitor
  ) {
    visit.field("subject_id", &payload.subjectID, in: ...200, "The work that it is about.")
    visit.field(
      "probability", &payload.probability, unit: .fraction, in: FixedPoint.zero...FixedPoint.one,
      "How likely it is to succeed.")
    visit.field("features", &payload.features, in: ...64, "What it is foretold from.")
  }
}
