import Bytes
import Events
import Facts
import Tables
import TestSupport
import Views

@testable import DeploymentsProjector

/// Builds a log about deployments, event by event, and folds it in batches of one.
final class DeploymentSpec {
  let spec: ProjectorSpec<DeploymentsProjector>
  private(set) var events: [Event] = []

  init() throws { spec = try ProjectorSpec(DeploymentsProjector.self) }

  var digest: Digest { spec.tables.digest }

  func given(_ kind: String, _ fields: [Field: FieldValue]) throws {
    let event = event(
      UInt64(events.count), kind, at: 1_767_225_600 + Int64(events.count), fields)
    events.append(event)
    try spec.given([event])
  }

  /// An event about the deployment `d`.
  func given(_ kind: String, _ id: String = "d", traffic: FieldValue? = nil) throws {
    var fields: [Field: FieldValue] = [.deploymentID: .text(id)]
    fields[.trafficPercentage] = traffic
    try given(kind, fields)
  }

  /// As many results of one side as there are qualities, in hundredths.
  func results(
    _ arm: String, _ count: Int, hundredths: Int64, id: String = "d",
    _ more: [Field: FieldValue] = [:]
  ) throws {
    for _ in 0..<count {
      var fields = more
      fields[.deploymentID] = .text(id)
      fields[.arm] = .text(arm)
      fields[.qualityScore] = .number(FixedPoint(hundredths: hundredths))
      try given("ab_result", fields)
    }
  }

  /// Brings the deployment `d` to a state by the shortest way.
  func reach(_ status: String) throws {
    try given("deployment_created")
    switch status {
    case "pending": break
    case "deploying": try given("deployment_started")
    case "active": try given("deployment_active")
    case "promoting":
      try given("deployment_active")
      try given("deployment_promoted", traffic: 25)
    case "demoted":
      try given("deployment_active")
      try given("deployment_demoted")
    case "failed": try given("deployment_failed")
    default:
      try given("deployment_active")
      try given("deployment_rolled_back")
    }
  }

  func row(_ id: String = "d") throws -> [String: Cell] {
    try spec.rows().first { $0["deployment_id"] == .text(id) } ?? [:]
  }

  func anomalies() throws -> [[String: Cell]] { try spec.rows("deployments/anomalies") }
}

func percent(_ value: Int64) -> Cell { .decimal(FixedPoint(value) ?? .zero) }

extension FixedPoint: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int64) { self = FixedPoint(value) ?? .zero }
}
