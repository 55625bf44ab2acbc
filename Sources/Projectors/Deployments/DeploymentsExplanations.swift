internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

extension DeploymentsAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let id = subject.event.fields.text(.deploymentID) else { return [] }
    return try rows(in: tables) { $0["deployment_id"] == .text(id) && $0.mayHold(subject.offset) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let id = row["deployment_id"].text ?? ""
    let kept = try tables.read(DeploymentTables.deployments).row(Hash128(of: id))
    let steps = notes?.about(DeploymentsProjector.subject(deployment: id)) ?? []
    return Explanation(
      title: "deployments \(id): where it stands, and whether it beats its baseline",
      rule: """
        A state changes by events alone: created → pending; started → deploying; active → active; \
        promoted to a higher traffic → promoting, at 100 active; demoted, failed, rolled_back → \
        traffic 0. What the state table does not know changes nothing and is an anomaly. Results \
        (ab_result) count while it is active or promoting, afresh after each change of traffic.
        """,
      figures: [
        Figure("status", row["status"], "the last change of state, below"),
        Figure("traffic_percentage", row["traffic_percentage"], "as that change left it"),
      ] + sides(row, kept) + advice(row, kept),
      steps: steps.map { Step($0.offset, $0.text) }, offsets: row.offsets,
      offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }

  private func sides(_ row: AnswerRow, _ kept: DeploymentRow?) -> [Figure] {
    var figures: [Figure] = []
    for (prefix, arm) in [("", kept?.deployment), ("baseline_", kept?.baseline)] {
      let arm = arm ?? ArmTotals()
      let results = Input("\(prefix)results", row["\(prefix)results"])
      let samples = Input("\(prefix)samples", row["\(prefix)samples"])
      figures += [
        Figure(
          "\(prefix)mean_quality", row["\(prefix)mean_quality"], "quality_sum / \(prefix)samples",
          [Input("quality_sum", Cell(Double(arm.qualitySum) / 1e9)), samples]),
        Figure(
          "\(prefix)mean_latency_ms", row["\(prefix)mean_latency_ms"], "latency_sum / latencies",
          [
            Input("latency_sum", Cell(Double(arm.latencySum) / 1e9)),
            Input("latencies", Cell(arm.latencies)),
          ]),
        Figure(
          "\(prefix)error_rate", row["\(prefix)error_rate"], "errors / \(prefix)results",
          [Input("errors", Cell(arm.errors)), results]),
      ]
    }
    return figures
  }

  private func advice(_ row: AnswerRow, _ kept: DeploymentRow?) -> [Figure] {
    [
      Figure(
        "improvement", row["improvement"],
        "(mean_quality − baseline_mean_quality) / baseline_mean_quality; null without samples on "
          + "both sides or a baseline above 0",
        [
          Input("mean_quality", row["mean_quality"]),
          Input("baseline_mean_quality", row["baseline_mean_quality"]),
        ]),
      Figure(
        "recommendation", row["recommendation"],
        "none unless it is active or promoting below 100 % of the traffic; wait until both sides "
          + "have samples_needed; then promote at an improvement ≥ 0.05, demote below −0.05, else "
          + "wait",
        [
          Input("status", row["status"]), Input("traffic_percentage", row["traffic_percentage"]),
          Input("samples", row["samples"]), Input("baseline_samples", row["baseline_samples"]),
          Input("samples_needed", Cell(Recommendation.samplesNeeded)),
          Input("improvement", row["improvement"]),
        ]),
      Figure(
        "recommended_traffic_percentage", row["recommended_traffic_percentage"],
        "when promoted: traffic_percentage + step, at most 100",
        [
          Input("traffic_percentage", row["traffic_percentage"]),
          Input("step", .decimal(Recommendation.trafficStep)),
        ]),
    ]
  }
}

extension AnswerRow {
  /// Whether an event may be among those that the row stands on: one of the first, the last, or,
  /// where more are counted than named, one between.
  func mayHold(_ offset: Offset) -> Bool {
    if offsets.contains(offset) { return true }
    guard let named = self["offsets"].offsets, let last = self["last_offset"].integer else {
      return false
    }
    return (self["offset_count"].integer ?? 0) > Int64(named.count)
      && offset > named.last ?? 0 && Int64(clamping: offset) < last
  }
}

extension ModelsAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    guard let model = subject.event.fields.text(.model) else {
      return try rows(in: tables) { $0.offsets.contains(subject.offset) }
    }
    return try rows(in: tables) {
      $0["model"] == .text(model) && $0.offsets.contains(subject.offset)
    }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let model = row["model"].text ?? ""
    let failed: [String] = if case .texts(let names) = row["failed_checks"] { names } else { [] }
    return Explanation(
      title: "deployments/models \(model) \(row["version"].text ?? "without a version")",
      rule: """
        A row a version of a model. model_registered makes it; training_started → training, \
        training_completed → ready, training_failed → failed, model_evaluated → passed or failed. \
        A training or an evaluation without a version means the newest registered.
        """,
      figures: [
        Figure("status", row["status"], "by the last event below"),
        Figure(
          "failed_checks", row["failed_checks"],
          "the checks that the last evaluation failed; what it does not say it does not pass",
          EvaluationCheck.allCases.map {
            Input(
              "\($0.name) \($0.bound)", .text(failed.contains($0.name) ? "failed" : "not failed"))
          }),
      ],
      steps: Self.steps(at: row.offsets, notes), offsets: row.offsets,
      offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }

  /// An event may name its model, or only a run of it.
  private static func steps(at offsets: [Offset], _ notes: FoldNotes?) -> [Step] {
    var known = Set(offsets)
    var steps: [Step] = []
    for note in notes?.notes ?? [] where known.remove(note.offset) != nil {
      steps.append(Step(note.offset, note.text))
    }
    return steps
  }
}

extension TrainingAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    try rows(in: tables) { $0.offsets.contains(subject.offset) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let run = row["run_id"].text ?? ""
    let steps = notes?.about(DeploymentsProjector.subject(run: run)) ?? []
    return Explanation(
      title: "deployments/training \(run): how a training run went",
      rule: """
        A row a run, by its last event: training_started → running, training_completed → completed, \
        training_failed → failed. A run that starts again is running again.
        """,
      figures: [
        Figure("status", row["status"], "by the last event below"),
        Figure("started_at", row["started_at"], "the time of the first training_started"),
        Figure("ended_at", row["ended_at"], "the time of the last end, unless it runs again"),
      ],
      steps: steps.map { Step($0.offset, $0.text) }, offsets: row.offsets,
      offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

extension AnomaliesAnswer: ExplainedTable {
  var notesNeeded: NotesNeeded { .events }

  func rows(about subject: EventSubject, in tables: any ViewReader) throws(TableError)
    -> [AnswerRow]
  {
    try rows(in: tables) { $0["offset"] == Cell(subject.offset) }
  }

  func explanation(
    of row: AnswerRow, in tables: any ViewReader, notes: FoldNotes?
  ) throws(TableError) -> Explanation {
    let offset = row["offset"].integer ?? 0
    let steps =
      row["deployment_id"].text.map {
        notes?.about(DeploymentsProjector.subject(deployment: $0)) ?? []
      } ?? []
    return Explanation(
      title: "deployments/anomalies \(offset): an event that changed nothing",
      rule: """
        What the state table does not know, what names no deployment, model or run that it needs, \
        and results of a deployment that is not live change nothing, and are kept with their reason. \
        Below is what had happened to the deployment until then.
        """,
      figures: [
        Figure(
          "reason", row["reason"], "why it was refused",
          [
            Input("deployment_id", row["deployment_id"], row.offsets)
          ])
      ],
      steps: steps.filter { $0.offset <= UInt64(clamping: offset) }.map {
        Step($0.offset, $0.text)
      },
      offsets: row.offsets, offsetCount: 1)
  }
}
