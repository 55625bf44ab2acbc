package import Events

/// Why a fold stopped, and where: of a projector, or of the interactions step.
package struct FoldError: Error, Sendable, CustomStringConvertible {
  /// The event that could not be folded.
  package let offset: Offset
  package let reason: String

  package init(at offset: Offset, _ reason: String) {
    self.offset = offset
    self.reason = reason
  }

  package var description: String { "event \(offset): \(reason)" }
}
