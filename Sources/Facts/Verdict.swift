internal import Bytes
public import Events

/// The outcome that one event states for its interaction, and the evidence it rests on.
public struct Verdict: Equatable, Sendable {
  public var outcome: Outcome
  public var basis: OutcomeBasis

  public init(outcome: Outcome, basis: OutcomeBasis) {
    self.outcome = outcome
    self.basis = basis
  }
}

extension Verdict {
  /// The fields that can state an outcome.
  public static let fields = Fields.mask(of: [
    .success, .partialSuccess, .status, .outcomeBasis, .passed, .exitCode, .testsPassed, .accepted,
    .abandoned,
  ])

  /// The verdict of a closing event, from the field of the basis that it names, else from its
  /// strongest field, else from its kind.
  ///
  /// Where a named basis has no field (`benchmark`, `text`, or one whose field is absent), the
  /// strongest field gives the outcome, and the named basis is kept.
  public init(ofClosing fields: Fields, kind: String) {
    let named = fields.text(.outcomeBasis).flatMap(OutcomeBasis.init(name:))
    if let named, let outcome = Outcome(of: fields, on: named, kind: kind) {
      self.init(outcome: outcome, basis: named)
      return
    }
    let strongest = Verdict(of: fields, kind: kind, on: Self.basesByStrength)
    self.init(
      outcome: strongest?.outcome ?? Outcome(ofKind: kind),
      basis: named ?? strongest?.basis ?? .`self`)
  }

  /// What the first of some bases says that has a field; nil where none has.
  public init?(of fields: Fields, kind: String, on bases: [OutcomeBasis]) {
    for basis in bases {
      if let outcome = Outcome(of: fields, on: basis, kind: kind) {
        self.init(outcome: outcome, basis: basis)
        return
      }
    }
    return nil
  }

  /// The bases that have fields, the strongest first. Those but the last do not go by words.
  public static let basesByStrength: [OutcomeBasis] = [.human, .tests, .exitCode, .tool, .`self`]

  /// The verdict of an event that annotates an interaction, from `accepted`, `abandoned` or
  /// `tests_passed` alone; nil when it has none of these.
  public init?(ofAnnotation fields: Fields) {
    let named = fields.text(.outcomeBasis).flatMap(OutcomeBasis.init(name:))
    let people = Outcome(ofPeople: fields)
    let tests = fields.bool(.testsPassed).map(Outcome.init(isSuccess:))
    if let tests, named == .tests || people == nil {
      self.init(outcome: tests, basis: named ?? .tests)
    } else if let people {
      self.init(outcome: people, basis: named ?? .human)
    } else {
      return nil
    }
  }
}

extension Outcome {
  /// What the field of a basis says; nil when it is not there, or when the basis has none.
  fileprivate init?(of fields: Fields, on basis: OutcomeBasis, kind: String) {
    let outcome: Outcome? =
      switch basis {
      case .human: Outcome(ofPeople: fields)
      case .tests: fields.bool(.testsPassed).map(Outcome.init(isSuccess:))
      case .exitCode: Outcome(ofExit: fields)
      case .tool: Outcome(ofTool: fields, kind: kind)
      case .`self`: fields.text(.status).flatMap(Outcome.init(ofStatus:)) ?? Outcome(ofKind: kind)
      case .text, .benchmark: nil
      }
    guard let outcome else { return nil }
    self = outcome
  }

  fileprivate init(isSuccess: Bool) { self = isSuccess ? .success : .failure }

  /// What an exit code says; nil when there is none.
  public init?(ofExit fields: Fields) {
    guard let code = fields.number(.exitCode) else { return nil }
    self.init(isSuccess: code == .zero)
  }

  fileprivate init?(ofPeople fields: Fields) {
    if let isAccepted = fields.bool(.accepted) {
      self.init(isSuccess: isAccepted)
    } else if fields.bool(.abandoned) == true {
      self = .failure
    } else {
      return nil
    }
  }

  private init?(ofTool fields: Fields, kind: String) {
    var success = fields.bool(.success)
    if success == nil, let passed = fields.bool(.passed),
      Kinds.declared(kind)?.isDecidedByPassed == true
    {
      success = passed
    }
    if success == true {
      self = .success
    } else if fields.bool(.partialSuccess) == true {
      self = .partial
    } else if success == false {
      self = .failure
    } else {
      return nil
    }
  }

  /// The outcome that a status word stands for, whatever its case; nil for any other word.
  public init?(ofStatus status: String) {
    let word = status.lowercased()
    if StatusWords.success.contains(word) {
      self = .success
    } else if StatusWords.failure.contains(word) {
      self = .failure
    } else if StatusWords.partial.contains(word) {
      self = .partial
    } else {
      return nil
    }
  }

  fileprivate init(ofKind kind: String) {
    let isFailure = Self.isFailure(kind) || Kinds.declared(kind)?.outcome == .failure
    self = isFailure ? .failure : .success
  }

  /// Whether a kind's name says that something failed.
  public static func isFailure(_ kind: String) -> Bool {
    kind.utf8.suffix(7).elementsEqual("_failed".utf8)
  }
}

extension Fields {
  /// Whether something went wrong, as `is_error`, else `success`, else a message of an error says; nil
  /// where nothing does.
  public var saysError: Bool? {
    bool(.isError) ?? bool(.success).map { !$0 } ?? (has(.errorMessage) ? true : nil)
  }
}

/// Whether what has a status works; nil for a word that does not tell.
public func isHealthy(status: String) -> Bool? {
  switch status.lowercased() {
  case "healthy", "up", "running", "active", "available", "operational", "passed", "pass",
    "passing", "ready", "alive", "online", "serving":
    true
  case "unhealthy", "degraded", "down", "inactive", "unavailable", "unreachable", "critical",
    "fail", "failing", "dead", "offline":
    false
  default: Outcome(ofStatus: status).map { $0 == .success }
  }
}
