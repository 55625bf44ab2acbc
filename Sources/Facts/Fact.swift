public import Events

/// What the interactions step derives from an event: an interaction that has its first outcome, or
/// one that has changed since.
public struct Fact: Sendable {
  /// The event that the fact comes from.
  public let event: EventID
  /// The interaction as it was; nil when this is its first outcome.
  public let before: Interaction?
  public let after: Interaction

  public init(of event: EventID, before: Interaction?, after: Interaction) {
    self.event = event
    self.before = before
    self.after = after
  }
}

/// An event that says again what an earlier one of its interaction said: it counts once.
public struct Repeat: Equatable, Sendable {
  public let event: EventID
  /// What it says beyond that, one bit a field.
  public let newFields: UInt128

  public init(of event: EventID, newFields: UInt128 = 0) {
    self.event = event
    self.newFields = newFields
  }
}
