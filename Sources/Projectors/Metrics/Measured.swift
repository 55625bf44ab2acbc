internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What an event, an interaction or a call of a model measures.
struct Measured: Equatable {
  private(set) var values: [(metric: Metric, value: FixedPoint)] = []
  /// The event, where it is one.
  private(set) var evidence: Offset?

  static func == (left: Measured, right: Measured) -> Bool {
    left.values.elementsEqual(right.values) { $0 == $1 }
  }

  private mutating func add(_ metric: Metric, _ value: FixedPoint?) {
    if let value { values.append((metric, value)) }
  }

  private mutating func add(_ metric: Metric, _ truth: Bool?) {
    add(metric, truth.map { $0 ? FixedPoint.one : .zero })
  }
}

// Interactions and calls.
extension Measured {
  init(_ interaction: Interaction) {
    let fields = interaction.fields
    add(.score, interaction.score.total)
    add(.success, interaction.outcome == .partial ? nil : interaction.outcome == .success)
    add(.highValue, interaction.score.isHighValue)
    add(.latencyMS, fields.number(.latencyMS))
    add(.iterations, fields.number(.iterations))
  }

  init(_ call: ModelCall) {
    if call.isToldTwice { return }
    if !call.isUnattributed { add(.modelCalls, .one) }
    add(.costUSD, call.cost?.dollars)
    add(.tokensInput, call.usage.input.flatMap { FixedPoint(Int64(clamping: $0)) })
    add(.tokensOutput, call.usage.output.flatMap { FixedPoint(Int64(clamping: $0)) })
  }
}

// Events.
extension Measured {
  /// Whether events of a kind measure something, whatever they carry.
  static func isMeasuring(_ kind: String) -> Bool {
    kinds.contains(kind) || families.contains(where: kind.hasPrefix)
  }

  /// The fields by which events of any kind do.
  static let fields = Fields.mask(of: [.cacheHit])

  private static let families = ["route_", "health_spider_"]
  private static let kinds: Set = [
    "hybrid_search", "agent_memory_recall", Kinds.queryGap, "routing_decision", "health_checked",
    "health-check", "health_check", "ab_result", "prediction_made",
  ]

  init(_ event: Event) {
    evidence = event.offset
    let fields = event.fields
    add(.cacheHit, fields.bool(.cacheHit))
    switch event.kind {
    case "hybrid_search", "agent_memory_recall":
      add(.searches, .one)
      add(.searchResults, event.payload(SearchReport.self)?.found)
    case Kinds.queryGap:
      add(.searches, .one)
      add(.searchResults, .zero)
    case "routing_decision": addRoute(fields)
    case "health_checked":
      guard let report = event.payload(HealthReport.self) else { return }
      add(.healthOK, report.isOK)
      add(.healthLatencyMS, report.latencyMS)
      add(.resourceUsed, report.resourceUsed)
    case "health-check", "health_check": add(.healthOK, fields.bool(.success) ?? true)
    case "health_spider_started": return
    case "health_spider_cycle":
      guard let report = event.payload(WatchReport.self) else { return }
      add(.healthOK, report.anomalies == 0)
    case "ab_result":
      guard fields.text(.arm) == "deployment" else { return }
      add(.trialSuccess, !(fields.bool(.isError) ?? fields.has(.errorMessage)))
    case "prediction_made": add(.predictedSuccess, event.payload(Prediction.self)?.probability)
    case let kind where kind.hasPrefix("route_"): addRoute(fields)
    case let kind where kind.hasPrefix("health_spider_"): add(.healthFindings, .one)
    default: return
    }
  }

  private mutating func addRoute(_ fields: Fields) {
    add(.routes, .one)
    let isLocal = fields.bool(.isLocal) ?? fields.text(.llmUsed).map { $0 == "local" }
    add(.routedLocal, isLocal)
  }
}
