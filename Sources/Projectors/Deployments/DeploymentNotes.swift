internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Tables
internal import Views

/// What a traced fold notes of each event about models, runs and deployments.
struct DeploymentNotes {
  private let trace: FoldTrace

  init(_ trace: FoldTrace) { self.trace = trace }

  /// The name of a deployment in the notes of a traced fold.
  static func subject(deployment id: String) -> String { "deployment \(id)" }
  static func subject(run id: String) -> String { "run \(id)" }

  /// The notes about something, as steps of an explanation.
  static func steps(about subject: String, _ trace: FoldTrace?) -> [Step] {
    (trace?.about(subject) ?? []).map { Step($0.offset, $0.text) }
  }

  /// Notes what an event did, or why it did nothing. Results are too many to be noted one by one.
  func add(
    _ event: Event, _ refusal: Refusal?, before: DeploymentState?, after: DeploymentState?
  ) {
    let fields = event.fields
    if event.kind == "ab_result", refusal == nil { return }
    var text = refusal.map { "refused: \($0.reason)" } ?? Self.account(of: event)
    if let after, refusal == nil || before == nil {
      text += "; \(before.map { "\($0.account) → " } ?? "")\(after.account)"
    }
    if let id = fields.text(.deploymentID) {
      trace.add(Self.subject(deployment: id), at: event.offset, text)
    }
    guard event.kind.hasPrefix("model_") || event.kind.hasPrefix("training_") else { return }
    if let model = fields.text(.model) {
      trace.add("model \(model)", at: event.offset, text)
    }
    if let run = fields.text(.runID) {
      trace.add(Self.subject(run: run), at: event.offset, text)
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
        let verdict = check.passes(fields).map { $0 ? "passes" : "fails" } ?? "not measured"
        parts.append("\(check.account(of: fields)): \(verdict)")
      }
    }
    return parts.isEmpty ? event.kind : "\(event.kind), \(parts.joined(separator: ", "))"
  }
}

extension DeploymentState {
  fileprivate var account: String { "\(status.name) at \(trafficPercentage) %" }
}

extension Evidence {
  /// Whether an event is among those that a row stands on, more of which may be counted than named:
  /// one of the kinds that the row takes, and that was not refused.
  func holds(
    _ subject: EventSubject, if isOfKind: (String) -> Bool, in tables: any ViewReader
  ) throws(TableError) -> Bool {
    let offset = subject.offset
    if first.contains(offset) || count > 0 && offset == last { return true }
    guard mayHold(offset), isOfKind(subject.event.kind) else { return false }
    return try tables.read(Anomaly.table).row(by: { $0.event }, subject.event.id) == nil
  }
}

/// An event that changed nothing, or not all that it says, and why.
struct Anomaly: Row, Equatable {
  var event = EventID(0)
  var deploymentID: String?
  var reason = ""

  static let table = NumberedTable<Anomaly>("anomalies")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Anomaly, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(event: &row.event, "The event.")
    try visit.column("deployment_id", &row.deploymentID, "The deployment that it names.")
    try visit.column("reason", &row.reason, "Why it changed nothing, or what of it did not count.")
  }

  static let answer = Answer(
    "deployments/anomalies",
    """
    What the state table does not know, what names no deployment, model or run that it needs, and \
    results of a deployment that is not live change nothing, and are kept with their reason; so is a \
    creation of whose terms one cannot hold. Below is what had happened to the deployment until then.
    """,
    of: table, by: { $0.event }
  ).showing(first: "reason").touched { subject, tables throws(TableError) in
    try tables.read(table).row(by: { $0.event }, subject.event.id).map { [$0] } ?? []
  }.explained(byTrace: true) { explanation, row, _, trace throws(TableError) in
    let offset = UInt64(clamping: row["offset"].integer ?? 0)
    explanation.add(Input("deployment_id", row["deployment_id"], row.offsets), to: "reason")
    explanation.offsetCount = 1
    guard let id = row["deployment_id"].text else { return }
    explanation.steps = DeploymentNotes.steps(
      about: DeploymentNotes.subject(deployment: id), trace
    ).filter { $0.offset <= offset }
  }.whenEmpty { _ in
    ["every event about models, training and deployments, if there is one, changed what it names"]
  }
}
