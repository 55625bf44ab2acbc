internal import Bytes
internal import Views

/// What is measured over time. The numbers are kept: new ones go at the end.
enum Metric: UInt8, NamedChoice {
  case events = 0
  case score = 1
  case success = 2
  case highValue = 3
  case latencyMS = 4
  case iterations = 5
  case modelCalls = 6
  case costUSD = 7
  case tokensInput = 8
  case tokensOutput = 9
  case searches = 10
  case searchResults = 11
  case cacheHit = 12
  case routes = 13
  case routedLocal = 14
  case healthOK = 15
  case healthLatencyMS = 16
  case healthFindings = 17
  case resourceUsed = 18
  case trialSuccess = 19
  case predictedSuccess = 20
  case tokensUnsplit = 21

  var name: String {
    switch self {
    case .events: "events"
    case .score: "score"
    case .success: "success"
    case .highValue: "high_value"
    case .latencyMS: "latency_ms"
    case .iterations: "iterations"
    case .modelCalls: "model_calls"
    case .costUSD: "cost_usd"
    case .tokensInput: "tokens_input"
    case .tokensOutput: "tokens_output"
    case .searches: "searches"
    case .searchResults: "search_results"
    case .cacheHit: "cache_hit"
    case .routes: "routes"
    case .routedLocal: "routed_local"
    case .healthOK: "health_ok"
    case .healthLatencyMS: "health_latency_ms"
    case .healthFindings: "health_findings"
    case .resourceUsed: "resource_used"
    case .trialSuccess: "trial_success"
    case .predictedSuccess: "predicted_success"
    case .tokensUnsplit: "tokens_unsplit"
    }
  }

  var meaning: String {
    switch self {
    case .events: "Events, each in the hour of its own time."
    case .score: "The scores of interactions (`values`), 0 to 1."
    case .success: "Whether interactions succeeded: 1 or 0, without partial ones."
    case .highValue: "Whether interactions are of high value: 1 or 0."
    case .latencyMS: "How long interactions took, in milliseconds, where they say."
    case .iterations: "How many attempts interactions took, where they say."
    case .modelCalls: "Calls of models."
    case .costUSD: "What calls of models, and runs beyond their calls, cost: in US dollars."
    case .tokensInput: "What calls of models, and runs beyond them, read: in tokens."
    case .tokensOutput: "What they wrote: in tokens."
    case .searches: "The events hybrid_search, agent_memory_recall and query_gap."
    case .searchResults: "How much these searches found, where they say; of a query_gap 0."
    case .cacheHit:
      """
      Whether an answer came from a cache: 1 of a cache_hit, else as any event says in cache_hit; once \
      a request.
      """
    case .routes: "Requests that were given a route: routing_decision and route_…; each once."
    case .routedLocal: "Whether their models run here: 1 or 0, of the requests of which it is said."
    case .healthOK:
      """
      Whether what was checked works: 1 or 0, by ok, else by status, else by error, of health_checked, \
      health-check, health_check, deployment_checked and telemetry_probe, which says nothing else but \
      that it was answered; of a health_spider_cycle 1 without anomalies.
      """
    case .healthLatencyMS: "How long these checks took, in milliseconds, where they say."
    case .healthFindings:
      "What a watcher found to be wrong: health_spider_… but for _started and _cycle."
    case .resourceUsed: "How much of what it may use something uses, 0 to 1, as checks say."
    case .trialSuccess:
      "Whether results of models on trial (ab_result, arm deployment) have no error: 1 or 0."
    case .predictedSuccess: "How likely a success is, 0 to 1, as prediction_made says."
    case .tokensUnsplit:
      "What calls of models read and wrote together, of which nobody told how much of each: in tokens."
    }
  }

  /// Whether each measurement counts 1, so that their number says it all.
  var isCount: Bool {
    switch self {
    case .events, .modelCalls, .searches, .routes, .healthFindings: true
    default: false
    }
  }

  static let byName = allCases.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
}

/// Whose measurements are summed up.
enum Scope: UInt8, NamedChoice {
  case model = 0
  case stream = 1
  case system = 2
  case user = 3

  var name: String { "\(self)" }
}

/// A metric of everything, or of one stream, model or user.
struct SeriesKey: Hashable {
  var metric = Metric.events
  var scope = Scope.system
  /// Nil for the system.
  var level: String?

  // By their bytes: names that only look alike are two.
  static func == (left: SeriesKey, right: SeriesKey) -> Bool {
    left.metric == right.metric && left.scope == right.scope
      && (left.level ?? "").utf8.elementsEqual((right.level ?? "").utf8)
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(metric)
    hasher.combine(scope)
    for byte in (level ?? "").utf8 { hasher.combine(byte) }
  }

  /// The order of answers.
  static func < (left: SeriesKey, right: SeriesKey) -> Bool {
    if left.metric != right.metric {
      return left.metric.name.utf8.lexicographicallyPrecedes(right.metric.name.utf8)
    }
    if left.scope != right.scope { return left.scope.rawValue < right.scope.rawValue }
    return (left.level ?? "").utf8.lexicographicallyPrecedes((right.level ?? "").utf8)
  }

  /// Whether parts of a row's key name it.
  func isNamed(_ metric: String?, _ scope: String?, _ level: String?) -> Bool {
    self.metric.name == metric && self.scope.name == scope && self.level == level
  }
}

extension ColumnVisitor {
  /// The columns that name a series.
  mutating func key(_ series: SeriesKey) {
    derived("metric", isKey: true, "What is measured.") { series.metric }
    derived(
      "scope", isKey: true,
      """
      Whether of the whole system, or of one stream, model or user. A call is of the user whom its line \
      names, else of the one whom its session's lines name; an interaction of whom its own lines name. \
      The metric events is of no model and no user.
      """
    ) { series.scope }
    derived(
      "level", isKey: true,
      """
      Which stream, model or user; null for the system. Where a model runs (local, remote) is \
      no name of one.
      """
    ) { series.level }
  }
}
