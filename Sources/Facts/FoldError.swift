package import Events

/// Why a fold stopped, and where: of a projector, or of the interactions step.
package struct FoldError: Error, Sendable, CustomStringConvertible {
  /// The event that could not be folded.
  package let offset: Offset
  package let reason: String
  /// Whether the tables failed, and not the fold: then the whole build waits at its checkpoint.
  package let isStorage: Bool
  /// Whether what lies in the tables is not what was put there.
  package let isDamage: Bool

  package init(
    at offset: Offset, _ reason: String, isStorage: Bool = false, isDamage: Bool = false
  ) {
    self.offset = offset
    self.reason = reason
    self.isStorage = isStorage
    self.isDamage = isDamage
  }

  package var description: String { "event \(offset): \(reason)" }
}
