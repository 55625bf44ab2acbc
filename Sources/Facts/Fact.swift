package import Events

/// What the interactions step derives from an event: an interaction that has its first outcome, or
/// one that has changed since.
package struct Fact: Sendable {
  /// The event that the fact comes from.
  package let offset: Offset
  /// The interaction as it was; nil when this is its first outcome.
  package let before: Interaction?
  package let after: Interaction

  package init(offset: Offset, before: Interaction?, after: Interaction) {
    self.offset = offset
    self.before = before
    self.after = after
  }
}

/// Events in the order of the log, with the facts that the interactions step derived from them.
package struct FoldBatch: Sendable {
  package let events: [Event]
  /// In the order of their offsets.
  package let facts: [Fact]

  package init(events: [Event], facts: [Fact]) {
    self.events = events
    self.facts = facts
  }
}
