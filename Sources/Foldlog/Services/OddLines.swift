/// What lines are that hold an object of JSON each, or nearly, and cannot be read as such.
package enum OddLines: Equatable, Sendable {
  /// `{"a":1},`
  case commaBehind
  /// `{"a":1,}`
  case commaWithin
  /// `{"a":1}{"a":2}`
  case several
  /// `{"a":1},{"a":2}`
  case severalWithCommas
  /// `{'a': True}`
  case python
  /// `{"a":NaN}`
  case notANumber
  /// `2026-01-01 INFO {"a":1}`, and what stands before the object in the first such line.
  case behindPrefix(String)

  /// What more than half of some lines are; nil where they are of no one kind.
  package init?(_ lines: some Collection<ArraySlice<UInt8>>) {
    var counts: [(look: OddLines, count: Int)] = []
    var total = 0
    for line in lines {
      let text = line.trimmingSpace
      if text.isEmpty { continue }
      total += 1
      guard let look = Self(line: text) else { continue }
      if let known = counts.firstIndex(where: { $0.look.isLike(look) }) {
        counts[known].count += 1
      } else {
        counts.append((look, 1))
      }
    }
    guard let most = counts.max(by: { $0.count < $1.count }), most.count * 2 > total else {
      return nil
    }
    self = most.look
  }

  private func isLike(_ other: OddLines) -> Bool {
    if case (.behindPrefix, .behindPrefix) = (self, other) { return true }
    return self == other
  }

  private init?(line: ArraySlice<UInt8>) {
    guard line.first == UInt8(ascii: "{") else {
      guard let start = line.firstIndex(of: UInt8(ascii: "{")) else { return nil }
      let object = line[start...]
      guard JSONOutline(object).isObject, !Self.isWithinJSON(line[..<start]) else { return nil }
      self = .behindPrefix(String(decoding: line[..<start], as: UTF8.self))
      return
    }
    let scan = OutsideOfStrings(line)
    if scan.hasPython {
      self = .python
    } else if scan.hasNotANumber {
      self = .notANumber
    } else if scan.topCommas > 0, scan.objects > 1 {
      self = .severalWithCommas
    } else if scan.topCommas == 1, line.last == UInt8(ascii: ",") {
      self = .commaBehind
    } else if scan.objects > 1, scan.isClosed {
      self = .several
    } else if scan.hasCommaBeforeEnd, scan.isClosed {
      self = .commaWithin
    } else {
      return nil
    }
  }

  /// Whether what stands before an object is of JSON that lies over several lines.
  private static func isWithinJSON(_ bytes: ArraySlice<UInt8>) -> Bool {
    let text = bytes.trimmingSpace
    guard let last = text.last else { return true }
    return "[,:".utf8.contains(last) && (text.first == UInt8(ascii: "\"") || text.count == 1)
  }

  /// What they are, in words.
  package var title: String {
    switch self {
    case .commaBehind: "JSON objects, a line each, with a comma behind them"
    case .commaWithin: "JSON objects, a line each, with a comma before a closing bracket"
    case .several: "several JSON objects on a line"
    case .severalWithCommas: "several JSON objects on a line, with commas between"
    case .python: "dictionaries of Python, a line each (single quotes, True, None)"
    case .notANumber: "JSON objects, a line each, with NaN or Infinity, which JSON has not"
    case .behindPrefix(let prefix):
      "lines of a log with a JSON object behind a prefix such as `\(prefix.shownPrefix)`"
    }
  }

  /// A command that turns those of a file into objects of JSON, a line each.
  package func command(from file: String) -> String {
    let filters = filters
    return (["\(filters[0]) < \(file)"] + filters.dropFirst()).joined(separator: " | ")
  }

  /// The same of those that were refused, wherever they came from.
  package var commandOfRefused: String {
    (["foldlog quarantine export"] + filters).joined(separator: " | ")
  }

  /// Commands that turn them, in a pipe, into objects of JSON, a line each.
  private var filters: [String] {
    switch self {
    case .commaBehind: [#"sed 's/,[[:space:]]*$//'"#]
    case .commaWithin:
      [
        #"python3 -c 'import re,sys; [print(re.sub(r"(\"(?:\\.|[^\"\\])*\")|,(?=\s*[]}])", "#
          + #"lambda m: m[1] or "", l), end="") for l in sys.stdin]'"#
      ]
    case .several: ["jq -c ."]
    case .severalWithCommas:
      [#"sed -E 's/^(.*[^,[:space:]])[,[:space:]]*$/[\1]/'"#, "jq -c '.[]'"]
    case .python:
      [
        "python3 -c 'import ast,json,sys; "
          + "[print(json.dumps(ast.literal_eval(l.strip()))) for l in sys.stdin if l.strip()]'"
      ]
    case .notANumber:
      [
        "python3 -c 'import json,sys; "
          + "[print(json.dumps(json.loads(l, parse_constant=lambda c: None))) for l in sys.stdin]'"
      ]
    case .behindPrefix: ["sed -n 's/^[^{]*{/{/p'"]
    }
  }
}

/// What stands in a line outside of strings in double or single quotes.
private struct OutsideOfStrings {
  /// Objects and arrays that are within no other.
  private(set) var objects = 0
  private(set) var topCommas = 0
  private(set) var hasCommaBeforeEnd = false
  /// Single quotes around a text, or a word of Python.
  private(set) var hasPython = false
  private(set) var hasNotANumber = false
  private(set) var isClosed = false

  init(_ line: ArraySlice<UInt8>) {
    var depth = 0
    var place = line.startIndex
    var isAfterComma = false
    while place < line.endIndex {
      let byte = line[place]
      place += 1
      let wasAfterComma = isAfterComma
      isAfterComma = byte == UInt8(ascii: ",") || isAfterComma && byte <= 0x20
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if byte == UInt8(ascii: "'") { hasPython = true }
        while place < line.endIndex, line[place] != byte {
          place += line[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        place = min(place + 1, line.endIndex)
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        if depth == 0 { objects += 1 }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if wasAfterComma { hasCommaBeforeEnd = true }
        depth -= 1
      case UInt8(ascii: ","): if depth == 0 { topCommas += 1 }
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        var end = place
        while end < line.endIndex, 0x61...0x7a ~= line[end] || 0x41...0x5a ~= line[end] {
          end += 1
        }
        let word = line[(place - 1)..<end]
        place = end
        if Self.pythonWords.contains(where: word.elementsEqual) { hasPython = true }
        if Self.notNumbers.contains(where: word.elementsEqual) { hasNotANumber = true }
      default: break
      }
    }
    isClosed = depth == 0
  }

  private static let pythonWords = ["True", "False", "None"].map { Array($0.utf8) }
  private static let notNumbers = ["NaN", "Infinity"].map { Array($0.utf8) }
}

extension ArraySlice<UInt8> {
  fileprivate var trimmingSpace: ArraySlice<UInt8> {
    let end = lastIndex { $0 > 0x20 }.map { $0 + 1 } ?? startIndex
    return self[..<end].drop { $0 <= 0x20 }
  }
}

extension String {
  fileprivate var shownPrefix: String { count > 40 ? prefix(39) + "…" : self }
}
