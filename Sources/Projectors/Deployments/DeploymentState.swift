internal import Bytes
internal import Views

/// Where a deployment stands.
enum DeploymentStatus: UInt8, NamedChoice {
  case pending = 0
  case deploying = 1
  case active = 2
  case promoting = 3
  case demoted = 4
  case failed = 5
  case rolledBack = 6

  var name: String {
    switch self {
    case .pending: "pending"
    case .deploying: "deploying"
    case .active: "active"
    case .promoting: "promoting"
    case .demoted: "demoted"
    case .failed: "failed"
    case .rolledBack: "rolled_back"
    }
  }

  /// Whether it takes requests, so that results can concern it.
  var isLive: Bool { self == .active || self == .promoting }

  /// Whether it was taken away from requests.
  var isOutOfService: Bool { self == .demoted || self == .failed || self == .rolledBack }
}

/// The change that an event requests of an existing deployment.
enum DeploymentStep: Sendable {
  case started, active, promoted, demoted, failed, rolledBack

  /// The step of an event's kind.
  init?(kind: String) {
    switch kind {
    case "deployment_started": self = .started
    case "deployment_active": self = .active
    case "deployment_promoted": self = .promoted
    case "deployment_demoted": self = .demoted
    case "deployment_failed": self = .failed
    case "deployment_rolled_back": self = .rolledBack
    default: return nil
    }
  }

  var name: String {
    switch self {
    case .started: "started"
    case .active: "active"
    case .promoted: "promoted"
    case .demoted: "demoted"
    case .failed: "failed"
    case .rolledBack: "rolled_back"
    }
  }

  /// The states that it may come from.
  private var origins: [DeploymentStatus] {
    switch self {
    case .started: [.pending]
    case .active: [.pending, .deploying]
    case .promoted, .demoted: [.active, .promoting]
    case .failed: [.pending, .deploying, .active, .promoting]
    case .rolledBack: [.active, .promoting, .demoted]
    }
  }

  func isAllowed(from status: DeploymentStatus) -> Bool { origins.contains(status) }
}

/// A deployment's state and its share of the traffic, which change together.
struct DeploymentState: Equatable, Sendable {
  static let trafficAtFirst = FixedPoint(units: 5_000_000_000)
  static let trafficMax = FixedPoint(units: 100_000_000_000)
  /// By how much a promotion is to raise the traffic.
  static let trafficStep = FixedPoint(units: 20_000_000_000)

  var status: DeploymentStatus
  /// From 0 to 100.
  var trafficPercentage: FixedPoint

  /// The traffic that a promotion is recommended to give.
  var promotedTraffic: FixedPoint { min(trafficPercentage + Self.trafficStep, Self.trafficMax) }

  static func isTraffic(_ percentage: FixedPoint) -> Bool {
    percentage >= .zero && percentage <= trafficMax
  }

  /// The state after a step.
  ///
  /// - Parameter traffic: what the event gives, if it does.
  /// - Throws: `Refusal` when the state table does not know the step.
  func after(_ step: DeploymentStep, traffic: FixedPoint?) throws(Refusal) -> DeploymentState {
    guard step.isAllowed(from: status) else {
      throw Refusal("\(step.name) while \(status.name)")
    }
    switch step {
    case .started:
      return DeploymentState(status: .deploying, trafficPercentage: trafficPercentage)
    case .active:
      return DeploymentState(status: .active, trafficPercentage: trafficPercentage)
    case .promoted:
      return try promoted(to: traffic)
    case .demoted:
      return DeploymentState(status: .demoted, trafficPercentage: .zero)
    case .failed:
      return DeploymentState(status: .failed, trafficPercentage: .zero)
    case .rolledBack:
      return DeploymentState(status: .rolledBack, trafficPercentage: .zero)
    }
  }

  private func promoted(to traffic: FixedPoint?) throws(Refusal) -> DeploymentState {
    guard let traffic else { throw Refusal("promoted without a traffic percentage") }
    guard traffic > trafficPercentage else {
      throw Refusal("promoted to \(traffic) %, which is not above \(trafficPercentage) %")
    }
    guard traffic <= Self.trafficMax else {
      throw Refusal("promoted to \(traffic) %, which is above \(Self.trafficMax) %")
    }
    let isWhole = traffic == Self.trafficMax
    return DeploymentState(status: isWhole ? .active : .promoting, trafficPercentage: traffic)
  }
}

/// Why an event changes nothing, or what of it does not count: kept as an anomaly.
struct Refusal: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}
