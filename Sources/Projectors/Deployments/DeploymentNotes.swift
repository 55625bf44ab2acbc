internal import Bytes
internal import Events
internal import Tables
internal import Views

// What a fold that is watched tells of each event.
extension DeploymentsProjector {
  /// The name under which notes speak of a deployment.
  static func subject(deployment id: String) -> String { "deployment \(id)" }
  static func subject(model: String) -> String { "model \(model)" }
  static func subject(run id: String) -> String { "run \(id)" }

  /// The deployment that an event names, as it is now; nil when nobody watches.
  func noted(_ event: Event) throws(TableError) -> DeploymentState? {
    guard notes != nil, let id = event.fields.text(.deploymentID) else { return nil }
    return try deployments.row(Hash128(of: id))?.state
  }

  /// Notes what an event did, or why it did nothing. Results are too many to be told one by one.
  func note(
    _ event: Event, _ refusal: Refusal?, before: DeploymentState?
  ) throws(TableError) {
    guard let notes else { return }
    let fields = event.fields
    if event.kind == "ab_result", refusal == nil { return }
    var text = refusal.map { "refused: \($0.reason)" } ?? Self.account(of: event)
    if refusal == nil, let after = try noted(event) {
      text += "; \(before.map { "\($0.account) → " } ?? "")\(after.account)"
    }
    let isGood = refusal == nil
    if let id = fields.text(.deploymentID) {
      notes.add(Self.subject(deployment: id), at: event.offset, isGood: isGood, text)
    }
    guard event.kind.hasPrefix("model_") || event.kind.hasPrefix("training_") else { return }
    if let model = fields.text(.model) {
      notes.add(Self.subject(model: model), at: event.offset, isGood: isGood, text)
    }
    if let run = fields.text(.runID) {
      notes.add(Self.subject(run: run), at: event.offset, isGood: isGood, text)
    }
  }

  private static func account(of event: Event) -> String {
    let fields = event.fields
    var parts: [String] = []
    if let traffic = fields.number(.trafficPercentage) { parts.append("traffic \(traffic) %") }
    if let version = fields.text(.version) { parts.append("version \(version)") }
    if let reason = fields.text(.reason) { parts.append("reason: \(reason)") }
    if event.kind == "model_evaluated" {
      for check in EvaluationCheck.allCases {
        parts.append("\(check.account(of: fields)): \(check.passes(fields) ? "passes" : "fails")")
      }
    }
    return parts.isEmpty ? event.kind : "\(event.kind), \(parts.joined(separator: ", "))"
  }
}

extension DeploymentState {
  fileprivate var account: String { "\(status.name) at \(trafficPercentage) %" }
}

extension EvaluationCheck {
  /// What an evaluation must say to pass.
  var bound: String {
    switch self {
    case .improvement: "≥ 0.05"
    case .accuracy: "≥ -0.02"
    case .latency: "≥ -0.1"
    case .memory: "≥ -0.05"
    case .forgetting: "< 0.3"
    case .safety: "true"
    }
  }

  fileprivate func account(of fields: Fields) -> String {
    let said: String? =
      switch self {
      case .improvement: fields.number(.improvement)?.description
      case .accuracy: fields.number(.accuracyChange)?.description
      case .latency: fields.number(.latencyChange)?.description
      case .memory: fields.number(.memoryChange)?.description
      case .forgetting: fields.number(.forgettingRate)?.description
      case .safety: fields.bool(.safetyPassed).map { "\($0)" }
      }
    return "\(name) \(said ?? "not said") (\(bound))"
  }
}
