import Bytes
import Events
import Facts

/// How many names a set keeps: the first distinct ones.
private let setMax = 256

extension InteractionState {
  /// Takes what an event says of the outcome: evidence as strong as what there is, or stronger,
  /// takes its place. Returns whether it did.
  func take(_ verdict: Verdict, from event: Event, number: () -> UInt64) -> Bool {
    if let settled = settlement {
      guard verdict.basis >= settled.verdict.basis else { return false }
      settlement?.verdict = verdict
    } else {
      settlement = Settlement(
        number: number(), offset: event.offset, kind: event.kind, time: event.time,
        verdict: verdict)
    }
    return true
  }

  /// Takes the fields of an event, each in the manner of its role. Returns whether the response is
  /// another one now.
  ///
  /// - Parameters:
  ///   - fresh: the fields that count, one bit each; all but those that a repeat repeats.
  ///   - isDecisive: whether the event's verdict is the outcome now.
  func take(_ heard: Fields, fresh: UInt128, role: EventRole, isDecisive: Bool) -> Bool {
    if fields.isEmpty, role == .closes {
      // The first to speak, and it ends what it begins: all that it says stands.
      fields = heard
      for field in [Field.toolsUsed, .filesModified] { tidy(field) }
      return heard.has(.response)
    }
    let manners = FieldManners.of(role)
    var isOtherResponse = false
    heard.forEach { field, value in
      guard fresh >> UInt128(field.rawValue) & 1 != 0 else { return }
      switch manners[Int(field.rawValue)] {
      case .ignored: break
      case .completes:
        if !fields.has(field) {
          fields[field] = value
          if field == .response { isOtherResponse = true }
        }
      case .replaces: fields[field] = value
      case .greatest: takeGreatest(field, value)
      case .joins: join(field, value)
      case .withOutcome:
        if !fields.has(field) || (isDecisive && mayReplace(field, value)) {
          fields[field] = value
          if field == .response { isOtherResponse = true }
        }
      }
    }
    return isOtherResponse
  }

  /// Takes what an event said or showed of the interaction's worth.
  func hear(_ heard: Fields, fresh: UInt128) {
    if heard.presence & fresh == heard.presence {
      feedback.hear(heard)
    } else {
      feedback.hear(heard.only(fresh))
    }
  }

  /// The response that the outcome is about stands, but what cannot be read never takes the place
  /// of what can.
  private func mayReplace(_ field: Field, _ value: FieldValue) -> Bool {
    guard field == .response, case .text(let new) = value, let old = fields.text(field) else {
      return true
    }
    return !isOpaque(new) || isOpaque(old)
  }

  private func takeGreatest(_ field: Field, _ value: FieldValue) {
    guard case .number(let number) = value, let old = fields.number(field) else {
      if !fields.has(field) { fields[field] = value }
      return
    }
    if number > old { fields[field] = value }
  }

  /// Names join those that are there; of two counts the greater stands, and of names and a count
  /// those that tell more.
  private func join(_ field: Field, _ value: FieldValue) {
    switch (fields[field], value) {
    case (nil, .texts(let names)): fields[field] = .texts(distinct(names))
    case (.texts(let old)?, .texts(let new)): fields[field] = .texts(distinct(old + new))
    case (.texts(let names)?, .number(let count)):
      if count > (FixedPoint(Int64(names.count)) ?? .zero) { fields[field] = value }
    case (.number(let count)?, .texts(let names)):
      if (FixedPoint(Int64(names.count)) ?? .zero) >= count {
        fields[field] = .texts(distinct(names))
      }
    default: takeGreatest(field, value)
    }
  }
}

extension InteractionState {
  fileprivate func tidy(_ field: Field) {
    let names = fields.texts(field)
    if names.count > 1 { fields[field] = .texts(distinct(names)) }
  }
}

private func distinct(_ names: [String]) -> [String] {
  var seen: Set<Hash128> = []
  var kept: [String] = []
  for name in names where kept.count < setMax {
    if seen.insert(Hash128(of: name)).inserted { kept.append(name) }
  }
  return kept
}
