/// The operators of an expression.
enum FilterOperator: String, CaseIterable, Sendable {
  case equal = "="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case contains = "~"
  case containsIgnoringCase = "~i"

  /// Whether it asks for a part of a text.
  var looksInside: Bool { self == .contains || self == .containsIgnoringCase }

  static let list = allCases.map(\.rawValue).joined(separator: " ")

  /// Whether an order of two values (negative, zero, positive) passes; never for what looks into a text.
  @inline(__always)
  func accepts(_ order: Int) -> Bool {
    switch self {
    case .equal: order == 0
    case .notEqual: order != 0
    case .less: order < 0
    case .lessOrEqual: order <= 0
    case .greater: order > 0
    case .greaterOrEqual: order >= 0
    case .contains, .containsIgnoringCase: false
    }
  }
}

/// `FIELD OP VALUE` taken apart, each part with its place in the expression's UTF-8.
struct FilterSyntax {
  let expression: String
  let field: String
  let fieldRange: Range<Int>
  let filterOperator: FilterOperator
  let operatorRange: Range<Int>
  let value: String
  let valueRange: Range<Int>
  /// Whether the value stood in quotes: then it is never null.
  let isQuoted: Bool

  init(_ expression: String) throws(QueryError) {
    var scanner = FilterScanner(expression)
    self.expression = expression
    (field, fieldRange) = try scanner.field()
    (filterOperator, operatorRange) = try scanner.filterOperator(after: field)
    (value, valueRange, isQuoted) = try scanner.value(after: filterOperator)
  }
}

private struct FilterScanner {
  private let expression: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ expression: String) {
    self.expression = expression
    bytes = Array(expression.utf8)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  private static let operatorBytes = Array("=!<>~".utf8)

  private mutating func skipSpaces() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private func failure(_ message: String, _ range: Range<Int>, notes: [String] = []) -> QueryError {
    QueryError(message, at: range, of: expression, notes: notes)
  }

  mutating func field() throws(QueryError) -> (String, Range<Int>) {
    skipSpaces()
    let start = position
    while position < bytes.count, !Self.isSpace(bytes[position]),
      !Self.operatorBytes.contains(bytes[position])
    {
      position += 1
    }
    guard start < position else {
      throw failure(
        "an expression is FIELD OP VALUE, and the field is missing", start..<start + 1)
    }
    return (text(start..<position), start..<position)
  }

  mutating func filterOperator(
    after field: String
  ) throws(QueryError) -> (FilterOperator, Range<Int>) {
    skipSpaces()
    let start = position
    while position < bytes.count, Self.operatorBytes.contains(bytes[position]) { position += 1 }
    let range = start..<position
    if range.isEmpty {
      throw failure(
        "no operator after `\(field)`; use one of \(FilterOperator.list)", start..<start + 1)
    }
    if let found = FilterOperator(rawValue: text(range)) {
      guard found == .contains, ignoresCase else { return (found, range) }
      position += 1
      return (.containsIgnoringCase, start..<position)
    }
    throw failure(
      "no operator `\(text(range))`; use one of \(FilterOperator.list)", range,
      notes: ["a value that begins with one of =!<>~ goes in quotes"])
  }

  /// Whether a letter i belongs to the operator before it, and begins no value.
  private var ignoresCase: Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: "i") else { return false }
    guard position + 1 < bytes.count else { return true }
    let next = bytes[position + 1]
    return Self.isSpace(next) || next == UInt8(ascii: "\"") || next == UInt8(ascii: "'")
  }

  mutating func value(
    after filterOperator: FilterOperator
  ) throws(QueryError) -> (String, Range<Int>, Bool) {
    skipSpaces()
    let start = position
    var end = bytes.count
    while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
    guard start < end else {
      throw failure(
        "no value after `\(filterOperator.rawValue)`; an empty text is \"\"", start..<start + 1)
    }
    guard bytes[start] == UInt8(ascii: "\"") || bytes[start] == UInt8(ascii: "'") else {
      return (text(start..<end), start..<end, false)
    }
    return (try quoted(start..<end), start..<end, true)
  }

  /// The text in quotes, in which a backslash stands before a quote, a backslash, `n` or `t`.
  private func quoted(_ range: Range<Int>) throws(QueryError) -> String {
    let quote = bytes[range.lowerBound]
    var content: [UInt8] = []
    var index = range.lowerBound + 1
    while index < range.upperBound {
      let byte = bytes[index]
      if byte == quote {
        guard index + 1 == range.upperBound else {
          throw failure(
            "the value ends at its closing quote, and more follows", index + 1..<range.upperBound,
            notes: ["a quote inside of quotes is written with a backslash before it"])
        }
        return String(decoding: content, as: UTF8.self)
      }
      if byte == UInt8(ascii: "\\"), index + 1 < range.upperBound,
        let meant = Self.escapes[bytes[index + 1]]
      {
        content.append(meant)
        index += 2
      } else {
        content.append(byte)
        index += 1
      }
    }
    throw failure(
      "the value begins with a quote that is never closed",
      range.lowerBound..<range.lowerBound + 1,
      notes: ["to look for a quote itself, put it in quotes of the other kind"])
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "'"): UInt8(ascii: "'"),
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "n"): 0x0a, UInt8(ascii: "t"): 0x09,
  ]
}
