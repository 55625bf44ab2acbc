internal import Bytes
internal import Events
internal import Facts

/// A scored interaction: the levels that it is at, and its metrics.
struct Sample: Sendable {
  private(set) var offset: Offset
  private(set) var measures: Measures
  /// At most one a factor, but for tools: each that was used. None of time where no line says it.
  private(set) var levels: [Level]

  /// - Parameter levels: storage to use again.
  init(_ interaction: borrowing Interaction, levels: consuming [Level] = []) {
    offset = interaction.offset
    measures = Measures(interaction)
    self.levels = levels
    self.levels.removeAll(keepingCapacity: true)
    self.levels.append(Level.streams[Int(interaction.stream.rawValue)])
    // What ends a turn is named by what read the transcript, and by nobody who worked.
    if !Kinds.isTurn(interaction.kind) { self.levels.append(Level(.kind, interaction.kind)) }
    // When a file was changed says nothing of when the work was done.
    if !interaction.isTimeInferred { self.levels.append(Level.hours[interaction.time.hour]) }
    addFields(interaction.fields)
  }

  private mutating func addFields(_ fields: Fields) {
    if let count = fields.number(.iterations), let level = Level.iterations(count) {
      levels.append(level)
    }
    for (factor, field) in Factor.byField {
      guard let value = fields[field] else { continue }
      switch value {
      case .text(let text) where factor == .statedComplexity:
        levels.append(Level(factor, StatedComplexity.band(of: text)))
      case .text(let text): levels.append(Level(factor, text))
      case .bool(let bool): levels.append(Level(factor, bool ? "true" : "false"))
      case .number(let number): levels.append(Level(factor, number.description))
      case .texts: break
      }
    }
    let firstTool = levels.count
    for tool in fields.texts(.toolsUsed) {
      let level = Level(.tool, tool)
      if !levels[firstTool...].contains(where: { $0.hash == level.hash }) { levels.append(level) }
    }
  }
}

/// What is measured of a sample. The numbers are kept: new ones go at the end.
enum Metric: Int, Sendable, CaseIterable {
  /// 1 for success, 0 for failure; what is partial has none.
  case success = 0
  /// The score.
  case value = 1
  case latencyMS = 2
  case costUSD = 3
  case tokensInput = 4
  case tokensOutput = 5
  case iterations = 6
  /// For pairs only.
  case steps = 7
  /// For pairs only.
  case confidenceScore = 8

  /// Those that factors are held against.
  static let compared: [Metric] = [
    .success, .value, .latencyMS, .costUSD, .tokensInput, .tokensOutput, .iterations,
  ]

  /// Those that are held against one another.
  static let paired: [Metric] = [
    .value, .latencyMS, .costUSD, .tokensInput, .tokensOutput, .iterations, .steps,
    .confidenceScore,
  ]

  var name: String {
    switch self {
    case .success: "success"
    case .value: "value"
    case .latencyMS: "latency_ms"
    case .costUSD: "cost_usd"
    case .tokensInput: "tokens_input"
    case .tokensOutput: "tokens_output"
    case .iterations: "iterations"
    case .steps: "steps"
    case .confidenceScore: "confidence_score"
    }
  }

  /// What a difference of the means is, when it is for the better.
  func gain(_ difference: Double) -> String? {
    switch self {
    case .success, .value: difference > 0 ? "quality_improvement" : nil
    case .latencyMS: difference < 0 ? "speed_increase" : nil
    case .costUSD, .tokensInput, .tokensOutput, .iterations:
      difference < 0 ? "cost_reduction" : nil
    case .steps, .confidenceScore: nil
    }
  }

  fileprivate static let byField: [(metric: Metric, field: Field)] = [
    (.latencyMS, .latencyMS), (.costUSD, .costUSD), (.tokensInput, .tokensInput),
    (.tokensOutput, .tokensOutput), (.iterations, .iterations), (.steps, .steps),
    (.confidenceScore, .confidenceScore),
  ]
}

/// The metrics that a sample has, in billionths.
struct Measures: Sendable {
  /// A bit for each metric, by its number.
  private(set) var present: UInt16 = 0
  private(set) var values = InlineArray<9, Int64>(repeating: 0)

  init(_ interaction: borrowing Interaction) {
    // A partial outcome is neither a success nor a failure.
    if interaction.outcome != .partial {
      set(.success, interaction.outcome == .success ? .one : .zero)
    }
    set(.value, interaction.score.total)
    for (metric, field) in Metric.byField {
      if let number = interaction.fields.number(field) { set(metric, number) }
    }
  }

  private mutating func set(_ metric: Metric, _ number: FixedPoint) {
    present |= 1 << UInt16(metric.rawValue)
    values[metric.rawValue] = number.units
  }
}
