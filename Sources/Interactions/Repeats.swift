import Events
import Facts

extension InteractionState {
  /// Remembers an event. Returns the fields that count of it, one bit each: all, but those that it
  /// repeats.
  ///
  /// It repeats what is known of its kind and iteration when it agrees with that in every field that
  /// both carry: the latest said of each. So what is said, taken back, and said again, is no repeat.
  func remember(_ signature: EventSignature) -> UInt128 {
    guard let known = signatures.firstIndex(where: { $0.key == signature.key }) else {
      if signatures.count == Self.signatureMax { signatures.removeFirst() }
      signatures.append(signature)
      return ~0
    }
    let counted =
      signatures[known].agrees(with: signature)
      ? signature.presence & ~signatures[known].presence : ~0
    signatures[known].take(signature)
    return counted
  }

  /// Whether an event begins another interaction under the same id: after a closing, an opening, or
  /// an `iteration_…` no higher than one already seen.
  ///
  /// It does so though it agrees with what is known, since a task that runs again says much the
  /// same; but not when it moreover happened no later than the closing: then it is a line told
  /// twice, or the copy of another writer, that comes late. A closing event never begins another
  /// one: it repeats or corrects the one there is.
  func isReopened(by event: Event, _ role: EventRole, _ signature: EventSignature) -> Bool {
    guard isClosed, beginsAnew(event, role) else { return false }
    guard let closed, !event.envelope.isTimeInferred, event.time <= closed else { return true }
    return !signatures.contains { $0.key == signature.key && $0.agrees(with: signature) }
  }

  private func beginsAnew(_ event: Event, _ role: EventRole) -> Bool {
    if role == .opens { return true }
    guard event.kind.utf8.starts(with: "iteration_".utf8),
      let iteration = event.fields.number(.iterations), let seen = fields.number(.iterations)
    else { return false }
    return iteration <= seen
  }
}
