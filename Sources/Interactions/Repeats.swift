import Events

extension InteractionState {
  /// Remembers an event. Returns the fields that count of it, one bit each: all, but those that it
  /// repeats.
  ///
  /// It repeats, of those remembered, the latest of its kind and iteration that agrees with it in
  /// every field that both carry.
  func remember(_ signature: EventSignature) -> UInt128 {
    let found = signatures.lastIndex { $0.key == signature.key && $0.agrees(with: signature) }
    guard let found else {
      if signatures.count == Self.signatureMax { signatures.removeFirst() }
      signatures.append(signature)
      return ~0
    }
    let former = signatures[found].presence
    signatures[found].complete(with: signature)
    return signature.presence & ~former
  }

  /// Whether an event begins another interaction under the same id: after a closing, an opening, or
  /// an `iteration_…` no higher than one already seen.
  ///
  /// Such an event does so though it agrees with one that was seen, since a task that runs again
  /// says much the same: only if it agrees to the very time, as a line that is told twice does, is
  /// it a repeat. A closing event never begins another one after a closing: it repeats or corrects.
  func isReopened(by event: Event, _ role: EventRole, _ signature: EventSignature) -> Bool {
    guard isClosed, beginsAnew(event, role) else { return false }
    return !signatures.contains { $0.isSameLine(as: signature) }
  }

  private func beginsAnew(_ event: Event, _ role: EventRole) -> Bool {
    if role == .opens { return true }
    guard event.kind.utf8.starts(with: "iteration_".utf8),
      let iteration = event.fields.number(.iterations), let seen = fields.number(.iterations)
    else { return false }
    return iteration <= seen
  }
}
