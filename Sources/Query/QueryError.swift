/// Why a question cannot be answered, in words for the person who asked.
package struct QueryError: Error, Equatable, Sendable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// There is no such view or table.
    case missing
    /// The question itself is wrong.
    case usage
  }

  package let kind: Kind
  /// What is wrong, in one line.
  package let message: String
  /// Where it is wrong and what there is instead, a line each.
  package let notes: [String]

  package init(_ kind: Kind, _ message: String, notes: [String] = []) {
    self.kind = kind
    self.message = message
    self.notes = notes
  }

  /// Wrong usage, pointing at some of an expression's UTF-8.
  init(_ message: String, at range: Range<Int>, of expression: String, notes: [String] = []) {
    let utf8 = Array(expression.utf8)
    let start = min(max(range.lowerBound, 0), utf8.count)
    let end = min(max(range.upperBound, start), utf8.count)
    let before = DisplayText(String(decoding: utf8[..<start], as: UTF8.self), keepsBreaks: true)
    let marked = DisplayText(String(decoding: utf8[start..<end], as: UTF8.self), keepsBreaks: true)
    let shown = DisplayText(expression, keepsBreaks: true)
    let pointer =
      String(repeating: " ", count: before.width)
      + String(repeating: "^", count: max(marked.width, 1))
    self.init(.usage, message, notes: ["  \(shown.text)", "  \(pointer)"] + notes)
  }

  package var description: String { ([message] + notes).joined(separator: "\n") }
}

/// The sentence that follows an unknown name: the nearest known one, when it is near.
func suggestion(for name: String, among known: [String]) -> String {
  guard let nearest = nearestName(to: name, among: known) else { return "" }
  return "; did you mean \"\(nearest)\"?"
}
