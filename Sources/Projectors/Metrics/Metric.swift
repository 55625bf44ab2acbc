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

/// The measurements of one metric in one hour.
struct MetricSums: ByteCodable, Equatable, Sendable {
  private(set) var count: UInt64 = 0
  private(set) var sum = ExactSum()
  /// Of all that was ever measured: a value that changed since is among them.
  private(set) var least = FixedPoint.zero
  private(set) var greatest = FixedPoint.zero

  init() {}

  mutating func add(_ value: FixedPoint) {
    widen(value, value)
    count &+= 1
    sum += value
  }

  /// Counts so many more.
  mutating func count(_ more: UInt64) {
    widen(.one, .one)
    count &+= more
    if let more = FixedPoint(Int64(clamping: more)) { sum += more }
  }

  /// Takes back a value that has changed.
  mutating func subtract(_ value: FixedPoint) {
    count &-= 1
    sum -= value
  }

  mutating func merge(_ other: MetricSums) {
    widen(other.least, other.greatest)
    count &+= other.count
    sum.merge(other.sum)
  }

  private mutating func widen(_ low: FixedPoint, _ high: FixedPoint) {
    let isFirst = self == MetricSums()
    least = isFirst ? low : min(least, low)
    greatest = isFirst ? high : max(greatest, high)
  }

  var mean: Double? { sum.mean(of: Count(count)) }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: count)
    sum.encode(into: &writer)
    writer.append(zigzag: least.units)
    writer.append(zigzag: greatest.units)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    count = try reader.varint()
    sum = try ExactSum(from: &reader)
    least = FixedPoint(units: try reader.zigzag())
    greatest = FixedPoint(units: try reader.zigzag())
  }
}
