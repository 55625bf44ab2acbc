/// Bytes that are not what their format says: truncated, too large, or not UTF-8.
package struct BytesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was expected, in words.
  package let reason: String
  /// Where in the decoded bytes, counted from 0.
  package let position: Int

  package init(_ reason: String, at position: Int) {
    self.reason = reason
    self.position = position
  }

  package var description: String { "\(reason) at byte \(position)" }
}
