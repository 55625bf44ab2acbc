/// Bytes that are not what their format says: truncated, too large, or not UTF-8.
public struct BytesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was expected, in words.
  public let reason: String
  /// Where in the decoded bytes, counted from 0.
  public let position: Int

  public init(_ reason: String, at position: Int) {
    self.reason = reason
    self.position = position
  }

  public var description: String { "\(reason) at byte \(position)" }
}
