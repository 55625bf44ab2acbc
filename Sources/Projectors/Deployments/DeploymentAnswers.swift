internal import Bytes
internal import Events
internal import Facts
internal import Views

/// The columns that name the events that a row stands on.
private let evidenceColumns = [
  Column("offsets", .offsets), Column("last_offset", .integer), Column("offset_count", .integer),
]

func evidenceCells(_ evidence: Evidence) -> [Cell] {
  [.offsets(evidence.first), Cell(evidence.last), .integer(Int64(clamping: evidence.count))]
}

/// `deployments`: a row a deployment, with both sides of its comparison since the last change of
/// traffic.
struct DeploymentsAnswer: AnswerTable {
  let name = "deployments"
  let key = ["deployment_id"]
  let columns =
    [
      Column("deployment_id", .text), Column("model", .text), Column("task_type", .text),
      Column("provider", .text), Column("status", .text), Column("traffic_percentage", .decimal),
      Column("baseline_model", .text), Column("samples", .integer),
      Column("baseline_samples", .integer), Column("mean_quality", .real),
      Column("baseline_mean_quality", .real), Column("mean_latency_ms", .real),
      Column("error_rate", .real), Column("improvement", .real), Column("recommendation", .text),
      Column("recommended_traffic_percentage", .decimal), Column("results", .integer),
      Column("baseline_results", .integer), Column("baseline_mean_latency_ms", .real),
      Column("baseline_error_rate", .real), Column("reason", .text),
    ] + evidenceColumns

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let table = try tables.read(DeploymentTables.deployments)
    for row in try sortedRows(table, by: { [$0.deploymentID] }) {
      if try !body(row.cells) { return }
    }
  }
}

extension DeploymentRow {
  fileprivate var cells: [Cell] {
    let recommendation = Recommendation(state, deployment, over: baseline)
    return [
      .text(deploymentID), Cell(model), Cell(taskType), Cell(provider), .text(state.status.name),
      .decimal(state.trafficPercentage), Cell(baselineModel),
      .integer(Int64(clamping: deployment.samples)), .integer(Int64(clamping: baseline.samples)),
      Cell(deployment.meanQuality), Cell(baseline.meanQuality), Cell(deployment.meanLatencyMS),
      Cell(deployment.errorRate), Cell(Improvement(deployment, over: baseline)?.value),
      .text(recommendation.name), Cell(recommendation.trafficPercentage),
      .integer(Int64(clamping: deployment.results)), .integer(Int64(clamping: baseline.results)),
      Cell(baseline.meanLatencyMS), Cell(baseline.errorRate), Cell(reason),
    ] + evidenceCells(evidence)
  }
}

/// `deployments/models`: a row a version of a model.
struct ModelsAnswer: AnswerTable {
  let name = "deployments/models"
  let key = ["model", "version"]
  let columns =
    [
      Column("model", .text), Column("version", .text), Column("base_model", .text),
      Column("task_type", .text), Column("status", .text), Column("failed_checks", .texts),
    ] + evidenceColumns

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let table = try tables.read(DeploymentTables.models)
    for row in try sortedRows(table, by: { [$0.model, $0.version ?? ""] }) {
      let values: [Cell] = [
        .text(row.model), Cell(row.version), Cell(row.baseModel), Cell(row.taskType),
        .text(row.status.name), .texts(row.failedChecks.map(\.name)),
      ]
      if try !body(values + evidenceCells(row.evidence)) { return }
    }
  }
}

/// `deployments/training`: a row a training run.
struct TrainingAnswer: AnswerTable {
  let name = "deployments/training"
  let key = ["run_id"]
  let columns =
    [
      Column("run_id", .text), Column("model", .text), Column("status", .text),
      Column("started_at", .time), Column("ended_at", .time),
    ] + evidenceColumns

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let table = try tables.read(DeploymentTables.training)
    for row in try sortedRows(table, by: { [$0.runID] }) {
      let values: [Cell] = [
        .text(row.runID), Cell(row.model), .text(row.status.name),
        row.startedAt.map(Cell.time) ?? .null, row.endedAt.map(Cell.time) ?? .null,
      ]
      if try !body(values + evidenceCells(row.evidence)) { return }
    }
  }
}

/// `deployments/anomalies`: a row an event that changed nothing.
struct AnomaliesAnswer: AnswerTable {
  let name = "deployments/anomalies"
  let key = ["offset"]
  let columns = [
    Column("offset", .integer), Column("deployment_id", .text), Column("reason", .text),
  ]

  func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    try tables.read(DeploymentTables.anomalies).forEach { _, row throws(TableError) in
      try body([Cell(row.offset), Cell(row.deploymentID), .text(row.reason)])
    }
  }
}

/// All rows of a table, in the order of the bytes of the texts that name them.
func sortedRows<R: StoredRow>(
  _ table: TableReader<Hash128, R>, by names: (R) -> [String]
) throws(TableError) -> [R] {
  var rows: [(names: [String], row: R)] = []
  try table.forEach { _, row in
    rows.append((names(row), row))
    return true
  }
  rows.sort { left, right in
    for (one, other) in zip(left.names, right.names) where !one.utf8.elementsEqual(other.utf8) {
      return one.utf8.lexicographicallyPrecedes(other.utf8)
    }
    return false
  }
  return rows.map(\.row)
}
