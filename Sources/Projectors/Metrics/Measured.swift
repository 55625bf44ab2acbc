internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What an event, an interaction or a call of a model measures, and of whom.
struct Measured: Equatable {
  let time: Timestamp
  /// Whether no line says the time.
  let isTimeInferred: Bool
  let stream: Events.Stream
  let model: String?
  let user: String?
  /// Of each metric at most one.
  private(set) var values: [Value] = []

  struct Value: Equatable {
    let metric: Metric
    let value: FixedPoint
  }

  /// Whose it is; nil where it is of none such.
  func level(_ scope: Scope) -> String? {
    switch scope {
    case .stream: stream.name
    case .model: model
    case .user: user
    case .system: nil
    }
  }

  /// Where it counts for whose it is; nil where it is of none such.
  func key(_ scope: Scope) -> HourKey? {
    if scope == .stream { return HourKey(time, isInferred: isTimeInferred, stream) }
    return level(scope).map { HourKey(time, isInferred: isTimeInferred, scope, $0) }
  }

  mutating func remove(_ metric: Metric) { values.removeAll { $0.metric == metric } }

  private mutating func add(_ metric: Metric, _ value: FixedPoint?) {
    if let value { values.append(Value(metric: metric, value: value)) }
  }

  private mutating func add(_ metric: Metric, _ truth: Bool?) {
    add(metric, truth.map { $0 ? FixedPoint.one : .zero })
  }
}

// Interactions and calls.
extension Measured {
  init(_ interaction: Interaction) {
    let fields = interaction.fields
    (time, isTimeInferred) = (interaction.time, interaction.isTimeInferred)
    (stream, model, user) = (interaction.stream, fields.modelName, fields.text(.userID))
    values.reserveCapacity(5)
    add(.score, interaction.score.total)
    add(.success, interaction.outcome == .partial ? nil : interaction.outcome == .success)
    add(.highValue, interaction.score.isHighValue)
    add(.latencyMS, fields.number(.latencyMS))
    add(.iterations, fields.number(.iterations))
  }

  /// - Parameter user: who its session belongs to, where the call does not say who asked.
  init(_ call: ModelCall, user: String?) {
    let context = call.context
    (time, isTimeInferred) = (context.time, context.isTimeInferred)
    (stream, model, self.user) = (context.stream, call.model, context.user ?? user)
    if call.isToldTwice { return }
    values.reserveCapacity(4)
    if !call.isUnattributed { add(.modelCalls, .one) }
    add(.costUSD, call.cost?.dollars)
    add(.tokensInput, call.usage.input.flatMap { FixedPoint(Int64(clamping: $0)) })
    add(.tokensOutput, call.usage.output.flatMap { FixedPoint(Int64(clamping: $0)) })
    add(.tokensUnsplit, call.tokensUnsplit.flatMap { FixedPoint(Int64(clamping: $0)) })
  }

  static let ofCalls: [Metric] = [
    .modelCalls, .costUSD, .tokensInput, .tokensOutput, .tokensUnsplit,
  ]
}

// Events.
extension Measured {
  /// What events of a kind tell of, whatever they carry.
  enum Report {
    case cacheHit, search, gap, route, check, watch, finding, trial, prediction

    init?(_ kind: String) {
      switch kind {
      case "cache_hit": self = .cacheHit
      case "hybrid_search", "agent_memory_recall": self = .search
      case Kinds.queryGap: self = .gap
      case "routing_decision": self = .route
      case "health_spider_cycle": self = .watch
      case "health_spider_started": return nil
      case "ab_result": self = .trial
      case "prediction_made": self = .prediction
      case _ where HealthReport.kinds.contains(kind): self = .check
      case _ where kind.hasPrefix("route_"): self = .route
      case _ where kind.hasPrefix("health_spider_"): self = .finding
      default: return nil
      }
    }

    /// What such events may measure.
    var metrics: [Metric] {
      switch self {
      case .cacheHit: [.cacheHit]
      case .search, .gap: [.searches, .searchResults]
      case .route: [.routes, .routedLocal]
      case .check: [.healthOK, .healthLatencyMS, .resourceUsed]
      case .watch: [.healthOK]
      case .finding: [.healthFindings]
      case .trial: [.trialSuccess]
      case .prediction: [.predictedSuccess]
      }
    }
  }

  /// The fields by which events of any kind do.
  static let fields = Fields.mask(of: [.cacheHit])

  init(_ event: Event) {
    let fields = event.fields
    (time, isTimeInferred) = (event.time, event.envelope.isTimeInferred)
    (stream, model, user) = (event.stream, fields.modelName, fields.text(.userID))
    let report = Report(event.kind)
    values.reserveCapacity(3)
    add(.cacheHit, report == .cacheHit ? true : fields.bool(.cacheHit))
    switch report {
    case .search:
      add(.searches, .one)
      add(.searchResults, event.payload(SearchReport.self)?.found)
    case .gap:
      add(.searches, .one)
      add(.searchResults, .zero)
    case .route:
      add(.routes, .one)
      add(.routedLocal, fields.isOfLocalModel)
    case .check:
      let check = event.payload(HealthReport.self)
      // An answer to a trial request shows that it works.
      let byKind: Bool? = event.kind == HealthReport.probe ? true : nil
      add(.healthOK, check?.saysOK ?? fields.saysError.map { !$0 } ?? byKind)
      add(.healthLatencyMS, check?.latencyMS)
      add(.resourceUsed, check?.resourceUsed)
    case .watch: add(.healthOK, event.payload(WatchReport.self).map { $0.anomalies == 0 })
    case .finding: add(.healthFindings, .one)
    case .trial where fields.text(.arm) == "deployment":
      add(.trialSuccess, !(fields.saysError ?? false))
    case .prediction: add(.predictedSuccess, event.payload(Prediction.self)?.probability)
    case .trial, .cacheHit, nil: break
    }
  }
}
