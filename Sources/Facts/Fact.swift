public import Events

/// What the interactions step derives from an event: an interaction that has its first outcome, or
/// one that has changed since.
public struct Fact: Sendable {
  /// The event that the fact comes from.
  public let offset: Offset
  /// The interaction as it was; nil when this is its first outcome.
  public let before: Interaction?
  public let after: Interaction

  public init(offset: Offset, before: Interaction?, after: Interaction) {
    self.offset = offset
    self.before = before
    self.after = after
  }
}

/// An event that says again what an earlier one of its interaction said: it counts once.
public struct Repeat: Equatable, Sendable {
  public let offset: Offset
  /// What it says beyond that, one bit a field.
  public let news: UInt128

  public init(offset: Offset, news: UInt128 = 0) {
    self.offset = offset
    self.news = news
  }
}

/// Events in the order of the log, with what the interactions step derived from them.
public struct FoldBatch: Sendable {
  public let events: [Event]
  /// In the order of their offsets.
  public let facts: [Fact]
  /// In the order of their offsets.
  public let repeats: [Repeat]

  public init(events: [Event], facts: [Fact], repeats: [Repeat] = []) {
    self.events = events
    self.facts = facts
    self.repeats = repeats
  }
}
