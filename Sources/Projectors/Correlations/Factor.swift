internal import Bytes
internal import Events

/// What a sample may have in common with others. The numbers are kept: new ones go at the end.
enum Factor: UInt8, Sendable, CaseIterable {
  case stream = 0
  case kind = 1
  case model = 2
  case backend = 3
  case provider = 4
  case route = 5
  case llmUsed = 6
  case isLocal = 7
  case `extension` = 8
  case profile = 9
  case agentType = 10
  case language = 11
  case taskType = 12
  case domain = 13
  case strategy = 14
  case cacheHit = 15
  case contextRetrieved = 16
  case tool = 17
  case iterations = 18
  case hour = 19
  case agent = 20
  case agentVersion = 21
  case effort = 22
  case permissionMode = 23
  case phase = 24
  case skill = 25
  case role = 26
  case reasoningMode = 27
  case statedComplexity = 28

  /// Levels that a factor keeps: the first that are seen.
  static let levelsMax = 256

  var name: String {
    switch self {
    case .stream: "stream"
    case .kind: "kind"
    case .model: "model"
    case .backend: "backend"
    case .provider: "provider"
    case .route: "route"
    case .llmUsed: "llm_used"
    case .isLocal: "is_local"
    case .extension: "extension"
    case .profile: "profile"
    case .agentType: "agent_type"
    case .language: "language"
    case .taskType: "task_type"
    case .domain: "domain"
    case .strategy: "strategy"
    case .cacheHit: "cache_hit"
    case .contextRetrieved: "context_retrieved"
    case .tool: "tool"
    case .iterations: "iterations"
    case .hour: "hour"
    case .agent: "agent"
    case .agentVersion: "agent_version"
    case .effort: "effort"
    case .permissionMode: "permission_mode"
    case .phase: "phase"
    case .skill: "skill"
    case .role: "role"
    case .reasoningMode: "reasoning_mode"
    case .statedComplexity: "complexity"
    }
  }

  /// Of all, for people.
  static var names: String { allCases.map(\.name).sorted().joined(separator: ", ") }

  /// Those whose level is what a field says.
  static let byField: [(factor: Factor, field: Field)] = [
    (.model, .model), (.backend, .backend), (.provider, .provider), (.route, .route),
    (.llmUsed, .llmUsed), (.isLocal, .isLocal), (.extension, .extension), (.profile, .profile),
    (.agentType, .agentType), (.language, .language), (.taskType, .taskType), (.domain, .domain),
    (.strategy, .strategy), (.cacheHit, .cacheHit), (.contextRetrieved, .contextRetrieved),
    (.agent, .agent), (.agentVersion, .agentVersion), (.effort, .effort),
    (.permissionMode, .permissionMode), (.phase, .phase), (.skill, .skill), (.role, .role),
    (.reasoningMode, .reasoningMode), (.statedComplexity, .statedComplexity),
  ]
}

/// A level of a factor, with the hash that stands for its bytes.
struct Level: Sendable {
  let factor: Factor
  let hash: Hash128
  let text: String

  init(_ factor: Factor, _ text: String) {
    self.factor = factor
    self.text = text
    hash = Hash128(of: text)
  }

  static let hours = (0..<24).map { Level(.hour, String($0)) }
  static let streams = Stream.allCases.map { Level(.stream, $0.name) }
  private static let iterations = ["1", "2-3", "4-5", "6+"].map { Level(.iterations, $0) }

  /// The level of a count of iterations; nil below one.
  static func iterations(_ count: FixedPoint) -> Level? {
    switch count.floor {
    case ..<1: nil
    case 1: iterations[0]
    case 2...3: iterations[1]
    case 4...5: iterations[2]
    default: iterations[3]
    }
  }
}
