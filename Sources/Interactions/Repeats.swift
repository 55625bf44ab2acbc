import Events

/// What an event repeats of another one of its interaction.
struct Repetition: Equatable {
  /// The fields that the former carried.
  let former: UInt128
  /// The fields that the latter brings in addition.
  let fresh: UInt128
}

extension InteractionState {
  /// Remembers an event, and says what it repeats: of those remembered, the latest of its kind and
  /// iteration that agrees with it in every field that both carry.
  func remember(_ event: Event) -> Repetition? {
    let signature = EventSignature(of: event)
    let found = signatures.lastIndex { $0.key == signature.key && $0.agrees(with: signature) }
    guard let found else {
      if signatures.count == Self.signatureMax { signatures.removeFirst() }
      signatures.append(signature)
      return nil
    }
    let former = signatures[found].presence
    signatures[found].complete(with: signature)
    return Repetition(former: former, fresh: signature.presence & ~former)
  }

  /// Whether an event begins another interaction under the same id: after a closing, an opening,
  /// or a part with an iteration no higher than one already seen. A closing event never does: it
  /// may well come twice for one end, or correct it.
  func isReopened(by event: Event, _ role: EventRole) -> Bool {
    guard isClosed else { return false }
    switch role {
    case .opens: return true
    case .part, .toolPart:
      guard let iteration = event.fields.number(.iterations),
        let seen = fields.number(.iterations)
      else { return false }
      return iteration <= seen
    case .none, .closes, .speaks: return false
    }
  }
}
