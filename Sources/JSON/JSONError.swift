/// Why a line is no event.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Code: Sendable {
    case notJSON, notUTF8, notObject, tooDeep, tooLong
  }

  package let code: Code
  /// The byte of the line at which reading stopped, from 0.
  package let position: Int
  /// For people.
  package let reason: String

  package init(_ code: Code, at position: Int, _ reason: String) {
    self.code = code
    self.position = position
    self.reason = reason
  }

  package var description: String { "byte \(position): \(reason)" }
}
