package import Bytes
package import Events
package import HTTP
package import Views

/// What a view wants done: a row of its table of wants.
package struct EffectTask: Sendable {
  package let requestID: String
  package let kind: String
  package let subject: String
  /// How often its server refused it while it took others.
  package let refusals: UInt64
  /// The whole row.
  package let row: AnswerRow

  package init(
    requestID: String, kind: String, subject: String, refusals: UInt64 = 0, row: AnswerRow
  ) {
    self.requestID = requestID
    self.kind = kind
    self.subject = subject
    self.refusals = refusals
    self.row = row
  }
}

/// A kind of thing that is done for views: what is asked of a server, and what its answer means.
package protocol Effect: Sendable {
  /// The kind of the wants that it does.
  var kind: String { get }
  /// Whom it asks.
  var address: HTTPAddress { get }

  /// What an answer may cost at most, before it is there.
  func cost(expectedOf task: EffectTask) -> FixedPoint

  /// Whether a part of the day's calls is kept for it.
  var isUrgent: Bool { get }

  /// What a server says of why it did not do it, without the key that it was given. It may repeat what
  /// it was sent: it is for the person at the terminal, and never written down.
  func explanation(in response: HTTPResponse) -> String?

  /// What is asked.
  func request(for task: EffectTask, at time: Timestamp) throws(EffectFailure) -> HTTPRequest

  /// What an answer of a status from 200 to 299 comes to.
  func result(
    of response: HTTPResponse, to task: EffectTask, latency_ms: Int
  ) throws(EffectFailure) -> EffectResult
}

extension Effect {
  package func cost(expectedOf task: EffectTask) -> FixedPoint { .zero }
  package var isUrgent: Bool { false }

  /// Scheme, host and port of whom it asks.
  package var place: String { address.place }
}

/// What came of a want that was done.
package struct EffectResult: Sendable {
  /// Of the event that tells of it.
  package let kind: String
  /// Writes what the event carries beside kind, time and `request_id`.
  package let fields: @Sendable (inout JSONLineWriter) -> Void
  /// What it cost, where that is known.
  package let cost: FixedPoint

  package init(
    kind: String, cost: FixedPoint = .zero,
    fields: @escaping @Sendable (inout JSONLineWriter) -> Void
  ) {
    self.kind = kind
    self.fields = fields
    self.cost = cost
  }
}

/// Why a want was not done.
package struct EffectFailure: Error, Equatable, Sendable {
  /// What is to be done about it.
  package enum Remedy: Sendable {
    /// It may pass: the same is tried again.
    case waiting
    /// Somebody has to change something; nothing of this kind is tried again in this run.
    case settings
    /// What was answered is no answer of such a server. Where it took others, it may pass, and the same is
    /// tried again; else somebody has to change something.
    case unready
    /// Its server does not take this one. Where it takes others of the kind, the want is at fault: it is
    /// taken away once that was so `EffectDriver.refusalsMax` times. Else somebody has to change something.
    case refused
    /// What was answered is of no use, and another answer may be: the same is tried again. If none was
    /// better, it is as `refused`, but taken away at once.
    case anotherAnswer
    /// foldlog was to stop: it is tried again in another run, and did not fail.
    case nextRun
  }

  /// What is paid for what failed.
  package enum Charge: Equatable, Sendable {
    /// Nobody was asked, or nothing was done.
    case nothing
    /// It may have been done: what was held back for it is taken as spent.
    case held
    case exactly(FixedPoint)
  }

  /// `503`, `timedOut`, `wrong_answer`.
  package let status: String
  package let reason: String
  package let remedy: Remedy
  /// How long the server asked to be left alone.
  package var retryAfter_ms: Int?
  package var charge = Charge.held
  /// What the server says of it, which is told to a person, and not written down.
  package var explanation: String?

  package init(_ status: String, _ reason: String, _ remedy: Remedy) {
    self.status = status
    self.reason = reason
    self.remedy = remedy
  }

  /// Of a request that got no answer.
  ///
  /// - Parameter sendings: how often something was asked.
  package init(_ error: HTTPError, afterSendings sendings: UInt64) {
    let remedy: Remedy =
      switch error.kind {
      case .tooLong: .refused
      case .nonsense: .waiting
      case .cancelled: .nextRun
      default: error.isPassing ? .waiting : .settings
      }
    self.init(error.kind.rawValue, "\(error)", remedy)
    if sendings == 0 || error.kind == .redirected { charge = .nothing }
  }

  /// The same, once it is known whether the server took others of the kind.
  func decided(hasTaken: Bool) -> EffectFailure {
    remedy == .unready ? with(reason, hasTaken ? .waiting : .settings) : self
  }

  /// The same, where the server takes none of the kind.
  var ofSettings: EffectFailure {
    with(
      "\(reason); it took none of those that it was asked lately: look at its settings, the account and "
        + "the model (`foldlog settings react`)", .settings)
  }

  /// The same, which is the last time.
  func last(of refusals: UInt64) -> EffectFailure {
    with("\(reason); given up after \(refusals) refusals, while others were taken", remedy)
  }

  private func with(_ reason: String, _ remedy: Remedy) -> EffectFailure {
    var failure = EffectFailure(status, reason, remedy)
    failure.charge = charge
    failure.explanation = explanation
    return failure
  }

  /// Of an answer whose status is no success. What the server says beside is not repeated: it may
  /// repeat what it was sent.
  package init(_ response: HTTPResponse, from place: String, at time: Timestamp) {
    let status = response.status
    let (reason, remedy): (String, Remedy) =
      switch status {
      case 401, 403: ("it refuses the key, or lacks one: look at the key's setting", .settings)
      case 402: ("it asks for money: look at the account", .settings)
      case 407: ("the proxy asks who you are: look at http_proxy and https_proxy", .settings)
      case 404, 405, 410: ("there is nothing at this address: look at its setting", .settings)
      case 429: ("it asks for fewer requests", .waiting)
      case 408, 425, 500...599: ("it has a fault", .waiting)
      case 300...399: ("it leads elsewhere, without saying where", .settings)
      default: ("it refuses the request", .refused)
      }
    self.init("\(status)", "\(place): \(reason) (status \(status))", remedy)
    // Of what else is a server's fault, nobody knows how far it came.
    if status < 500 || status == 503 { charge = .nothing }
    if remedy == .waiting {
      retryAfter_ms = response["Retry-After"].flatMap { RetryAfter.milliseconds($0, from: time) }
    }
  }
}

/// Why nobody can be asked.
package struct EffectSetupError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  /// Whether a setting is wrong; else the machine lacks something.
  package let isOfSetting: Bool

  init(_ description: String) {
    self.description = description
    isOfSetting = true
  }

  init(_ error: HTTPError) {
    description = "\(error)"
    isOfSetting = error.kind == .badAddress
  }
}
