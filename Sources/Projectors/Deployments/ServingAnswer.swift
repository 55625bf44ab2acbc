internal import Bytes
internal import Events
package import Views

/// Which model serves some requests of a task type: a row a request, in the order in which they are
/// asked. Not among the view's tables, since its rows are those of a question.
///
/// Reads every deployment once; then about a tenth of a microsecond a request and trial.
package struct ServingAnswer: AnswerTable {
  package let name = "deployments"
  package let key = ["key"]
  package let columns = [
    Column("key", .text), Column("task_type", .text), Column("model", .text),
    Column("arm", .text), Column("deployment_id", .text), Column("status", .text),
    Column("traffic_percentage", .decimal), Column("offsets", .offsets),
    Column("last_offset", .integer), Column("offset_count", .integer),
  ]
  private let taskType: String
  private let requests: [String]

  /// - Parameter requests: the keys that name the requests.
  package init(taskType: String, requests: [String]) {
    self.taskType = taskType
    self.requests = requests
  }

  package func forEach(
    in tables: any ViewReader, _ body: ([Cell]) throws(TableError) -> Bool
  ) throws(TableError) {
    let split = try TrafficSplit(taskType: taskType, in: tables)
    for request in requests {
      if try !body([.text(request), .text(taskType)] + cells(split.serving(request))) { return }
    }
  }

  private func cells(_ serving: Serving?) -> [Cell] {
    guard let serving else {
      return [.null, .null, .null, .null, .null, .offsets([]), .null, .integer(0)]
    }
    return [
      Cell(serving.model), .text(serving.arm.name), Cell(serving.deployment?.deploymentID),
      Cell(serving.deployment?.status.name), .decimal(serving.trafficPercentage),
    ] + evidenceCells(serving.evidence)
  }
}
