package import Bytes
package import Events
package import HTTP
package import Views

/// What a view wants done: a row of its table of wants.
package struct EffectTask: Sendable {
  package let requestID: String
  package let kind: String
  package let subject: String
  /// How often it was tried in vain, in other runs.
  package let failures: UInt64
  /// The whole row.
  package let row: AnswerRow

  package init(
    requestID: String, kind: String, subject: String, failures: UInt64 = 0, row: AnswerRow
  ) {
    self.requestID = requestID
    self.kind = kind
    self.subject = subject
    self.failures = failures
    self.row = row
  }
}

/// A kind of thing that is done for views: what is asked of a server, and what its answer means.
package protocol Effect: Sendable {
  /// The kind of the wants that it does.
  var kind: String { get }
  /// Whom it asks.
  var address: HTTPAddress { get }

  /// What an answer may cost, about, before it is there.
  func cost(expectedOf task: EffectTask) -> FixedPoint

  /// What is asked.
  func request(for task: EffectTask, at time: Timestamp) throws(EffectFailure) -> HTTPRequest

  /// What an answer of a status from 200 to 299 comes to.
  func result(
    of response: HTTPResponse, to task: EffectTask, latency_ms: Int
  ) throws(EffectFailure) -> EffectResult
}

extension Effect {
  package func cost(expectedOf task: EffectTask) -> FixedPoint { .zero }
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
    /// This want is tried again in another run, unless it failed `EffectDriver.failuresMax` times by then.
    case nextRun
    /// What was answered is of no use, and another answer may be: the same is tried again, and the want
    /// taken away if no answer was better.
    case anotherAnswer
    /// Nothing: it would fail again. The want is taken away.
    case none
  }

  /// `503`, `timedOut`, `wrong_answer`.
  package let status: String
  package let reason: String
  package let remedy: Remedy
  /// How long the server asked to be left alone.
  package var retryAfter_ms: Int?
  /// What was paid for it all the same.
  package var cost = FixedPoint.zero

  package init(_ status: String, _ reason: String, _ remedy: Remedy) {
    self.status = status
    self.reason = reason
    self.remedy = remedy
  }

  /// Of a request that got no answer.
  package init(_ error: HTTPError) {
    let remedy: Remedy =
      switch error.kind {
      case .tooLong, .nonsense: .nextRun
      default: error.isPassing ? .waiting : .settings
      }
    self.init(error.kind.rawValue, "\(error)", remedy)
  }

  /// Of an answer whose status is no success. What the server says beside is not repeated: it may
  /// repeat what it was sent.
  package init(_ response: HTTPResponse, from place: String, at time: Timestamp) {
    let status = response.status
    let (reason, remedy): (String, Remedy) =
      switch status {
      case 401, 403: ("it refuses the key, or lacks one: look at the key's setting", .settings)
      case 404, 405, 410: ("there is nothing at this address: look at its setting", .settings)
      case 413, 422: ("it refuses what it was sent", .none)
      case 429: ("it asks for fewer requests", .waiting)
      case 408, 425, 500...599: ("it has a fault", .waiting)
      case 300...399: ("it leads elsewhere, without saying where", .settings)
      default: ("it refuses the request", .nextRun)
      }
    self.init("\(status)", "\(place): \(reason) (status \(status))", remedy)
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

  init(_ error: HTTPError) {
    description = "\(error)"
    isOfSetting = error.kind == .badAddress
  }
}
