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
///
/// - Parameter separator: where names have parts, what stands between them; then a name is also known
///   by its last part, as `outcome` of `values.weights.outcome` is.
package func suggestion(
  for name: String, among known: [String], partedBy separator: Character? = nil
) -> String {
  if let nearest = nearestName(to: name, among: known) { return "; did you mean `\(nearest)`?" }
  let whole = names(ofWord: name, among: known).map { "`\($0)`" }
  if !whole.isEmpty { return "; did you mean \(whole.joined(separator: " or "))?" }
  guard let separator else { return "" }
  func last(_ name: String) -> String {
    name.split(separator: separator).last.map(String.init) ?? name
  }
  guard let word = nearestName(to: last(name), among: known.map(last)) else { return "" }
  let meant = known.filter { last($0) == word }.map { "`\($0)`" }
  return "; did you mean \(meant.joined(separator: " or "))?"
}

/// The names of several words, with `_` or the like between, of which it is one, capitals for small
/// letters or not: at most three, those first that begin with it.
private func names(ofWord word: String, among known: [String]) -> [String] {
  let word = smallLetters(word)
  guard word.count > 2 else { return [] }
  var found: [(place: Int, name: String)] = []
  for name in known {
    let words = smallLetters(name).split { "_-./".utf8.contains($0) }
    if words.count > 1, let place = words.firstIndex(where: { $0.elementsEqual(word) }) {
      found.append((place, name))
    }
  }
  let first = found.contains { $0.place == 0 }
  return found.filter { !first || $0.place == 0 }.prefix(3).map(\.name)
}

/// The name that the fewest edits turn `name` into; nil when all are too far for a slip.
///
/// A slip is at most one edit for every three letters; capitals for small letters are none. Of several
/// equally near, the first counts.
package func nearestName(to name: String, among known: [String]) -> String? {
  let letters = smallLetters(name)
  guard !letters.isEmpty, letters.count <= 64 else { return nil }
  var nearest: (name: String, distance: Int)?
  for candidate in known {
    let other = smallLetters(candidate)
    guard other.count <= 64 else { continue }
    let distance = editDistance(letters, other)
    let allowed = max(1, max(letters.count, other.count) / 3)
    guard distance <= allowed, distance < (nearest?.distance ?? .max) else { continue }
    nearest = (candidate, distance)
  }
  return nearest?.name
}

/// The names of several words, with `_` or the like between, of which one is near: `task_failed` and
/// others for `tsk`. At most three, those first whose beginning it is.
package func namesOfWord(near word: String, among known: [String]) -> [String] {
  var found: [(rank: Int, name: String)] = []
  for name in known {
    let words = name.split { "_-./".contains($0) }.map(String.init)
    guard let nearest = nearestName(to: word, among: words),
      let place = words.firstIndex(of: nearest)
    else { continue }
    found.append((editDistance(smallLetters(word), smallLetters(nearest)) * 64 + place, name))
  }
  let least = found.map { $0.rank / 64 }.min()
  return found.filter { $0.rank / 64 == least }.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    .prefix(3).map(\.name)
}

private func smallLetters(_ text: String) -> [UInt8] {
  text.utf8.map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }
}

/// Insertions, deletions, replacements and swaps of neighbours between two texts (optimal string
/// alignment). Time and memory grow with the product of the lengths.
func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for (row, letter) in left.enumerated() {
    var current = [row + 1]
    current.reserveCapacity(right.count + 1)
    for (column, other) in right.enumerated() {
      var best = min(last[column + 1] + 1, current[column] + 1)
      best = min(best, last[column] + (letter == other ? 0 : 1))
      if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
        best = min(best, beforeLast[column - 1] + 1)
      }
      current.append(best)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}
