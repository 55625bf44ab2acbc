/// Bytes that are not what their format says: truncated, too large, or not UTF-8.
@usableFromInline
package struct BytesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was expected, in words.
  @usableFromInline package let reason: String
  /// Where in the decoded bytes, counted from 0.
  @usableFromInline package let position: Int

  @usableFromInline
  package init(_ reason: String, at position: Int) {
    self.reason = reason
    self.position = position
  }

  @usableFromInline
  package var description: String { "\(reason) at byte \(position)" }
}
