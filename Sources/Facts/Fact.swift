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

/// An event that says again what an earlier one of its interaction said: it counts once.
package struct Repeat: Equatable, Sendable {
  package let offset: Offset
  /// What it says beyond that, one bit a field.
  package let news: UInt128

  package init(offset: Offset, news: UInt128 = 0) {
    self.offset = offset
    self.news = news
  }
}

/// Events in the order of the log, with what the interactions step derived from them.
package struct FoldBatch: Sendable {
  package let events: [Event]
  /// In the order of their offsets.
  package let facts: [Fact]
  /// In the order of their offsets.
  package let repeats: [Repeat]

  package init(events: [Event], facts: [Fact], repeats: [Repeat] = []) {
    self.events = events
    self.facts = facts
    self.repeats = repeats
  }
}
