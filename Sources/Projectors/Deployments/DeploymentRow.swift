internal import Bytes
internal import Events
internal import Facts
internal import Views

/// What is kept of a deployment; its mean values are computed on reading.
struct DeploymentRow: StoredRow, Equatable {
  var deploymentID: String
  var model: String?
  var taskType: String?
  var provider: String?
  var baselineModel: String?
  var state: DeploymentState
  /// What the event of the last change of state gave as its reason.
  var reason: String?
  /// Both sides since the last change of traffic.
  var deployment = ArmTotals()
  var baseline = ArmTotals()
  /// The events that changed the row.
  var evidence: Evidence

  /// The deployment that an event creates.
  init(id: String, traffic: FixedPoint, event: Event) {
    deploymentID = id
    model = event.fields.text(.model)
    taskType = event.fields.text(.taskType)
    provider = event.fields.text(.provider)
    baselineModel = event.fields.text(.baselineModel)
    state = DeploymentState(status: .pending, trafficPercentage: traffic)
    reason = event.fields.text(.reason)
    evidence = Evidence(event.offset)
  }

  /// Takes a new state. Results count afresh after a change of traffic.
  mutating func change(to next: DeploymentState, by event: Event) {
    if next.trafficPercentage != state.trafficPercentage {
      deployment = ArmTotals()
      baseline = ArmTotals()
    }
    state = next
    reason = event.fields.text(.reason)
    evidence.add(event.offset)
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(text: deploymentID)
    writer.append(optional: model)
    writer.append(optional: taskType)
    writer.append(optional: provider)
    writer.append(optional: baselineModel)
    writer.append(byte: state.status.rawValue)
    writer.append(zigzag: state.trafficPercentage.units)
    writer.append(optional: reason)
    deployment.encode(into: &writer)
    baseline.encode(into: &writer)
    writer.append(evidence: evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    deploymentID = try reader.text()
    model = try reader.optionalText()
    taskType = try reader.optionalText()
    provider = try reader.optionalText()
    baselineModel = try reader.optionalText()
    state = DeploymentState(
      status: try reader.choice(DeploymentStatus.self),
      trafficPercentage: FixedPoint(units: try reader.zigzag()))
    reason = try reader.optionalText()
    deployment = try ArmTotals(from: &reader)
    baseline = try ArmTotals(from: &reader)
    evidence = try reader.evidence()
  }
}

/// An event that changed nothing, and why.
struct AnomalyRow: StoredRow, Equatable {
  var offset: Offset
  var deploymentID: String?
  var reason: String

  init(offset: Offset, deploymentID: String?, reason: String) {
    self.offset = offset
    self.deploymentID = deploymentID
    self.reason = reason
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: offset)
    writer.append(optional: deploymentID)
    writer.append(text: reason)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    offset = try reader.varint()
    deploymentID = try reader.optionalText()
    reason = try reader.text()
  }
}
