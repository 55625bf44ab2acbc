public import Events

/// Why a fold stopped, and where: of a projector, or of the interactions step.
public struct FoldError: Error, Sendable, CustomStringConvertible {
  /// The event that could not be folded.
  public let offset: Offset
  /// What is wrong, for a person.
  public let reason: String
  /// Whether the tables failed, and not the fold: then the whole build waits at its checkpoint.
  public let isStorage: Bool
  /// Whether what lies in the tables is not what was put there.
  public let isDamage: Bool

  public init(
    at offset: Offset, _ reason: String, isStorage: Bool = false, isDamage: Bool = false
  ) {
    self.offset = offset
    self.reason = reason
    self.isStorage = isStorage
    self.isDamage = isDamage
  }

  public var description: String { "event \(offset): \(reason)" }
}
