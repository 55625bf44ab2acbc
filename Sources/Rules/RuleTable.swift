/// A rule of a table: what it is called, what it looks for, and what shows that it does.
package struct Rule: Sendable {
  /// The heading's parts: the kind first, then the name, then what else the table's reader knows.
  package let heading: [String]
  /// A regular expression as RE2 has them. Of its groups the first that takes part is what was found.
  package let pattern: String
  /// What to do about it, for people.
  package let advice: String
  /// Texts that it must match; what is to be found stands between `⟦` and `⟧` where it is marked.
  package let examples: [String]
  /// Texts that it must not match.
  package let counterexamples: [String]

  package var kind: String { heading[0] }
  package var name: String { heading.count > 1 ? heading[1] : heading[0] }

  /// An example without its marks, and where what is marked stands in it.
  package static func marked(_ example: String) -> (text: String, spans: [Range<Int>]) {
    var bytes: [UInt8] = []
    var start = 0
    var spans: [Range<Int>] = []
    for character in example {
      switch character {
      case "⟦": start = bytes.count
      case "⟧": spans.append(start..<bytes.count)
      default: bytes += character.utf8
      }
    }
    return (String(decoding: bytes, as: UTF8.self), spans)
  }
}

extension Rule {
  /// Reads a table. A line without indentation is a rule's heading, its parts between bars; below it,
  /// `/` begins a pattern (any of several matches), `~` phrases, `>` advice, `+` an example, `-` a
  /// counterexample.
  ///
  /// Phrases are in small letters, with ` | ` between them; a star stands for anything. They match in
  /// whatever case where a word begins, or a part of a name: `timeout` in `ReadTimeout`, too. One behind
  /// which a `.` stands ends where the word does.
  ///
  /// In examples `⏎` is a line feed, `␍` a carriage return, `⇥` a tab, `␛` an escape, `␣` a no-break
  /// space and `␀` a byte-order mark; a `¦` is left out, so that made-up keys are found by nobody else. A pattern may hold `{NAME}` for one of the table's shorthands.
  package static func table(_ text: String, shorthands: [String: String] = [:]) -> [Rule] {
    var rules: [Rule] = []
    var entry: Entry?
    for line in text.split(separator: "\n") {
      let content = line.drop { $0 == " " }
      if content.startIndex == line.startIndex {
        entry.map { rules.append($0.rule(shorthands)) }
        entry = Entry(heading: content.split(separator: "|").map(trimmed))
        continue
      }
      let value = String(content.dropFirst(2))
      switch content.first {
      case "/": entry?.patterns.append(value)
      case "~": entry?.phrases += value.split(separator: "|").map(trimmed)
      case ">": entry?.advice.append(value)
      case "+": entry?.examples.append(value)
      default: entry?.counterexamples.append(value)
      }
    }
    entry.map { rules.append($0.rule(shorthands)) }
    return rules
  }

  private struct Entry {
    var heading: [String]
    var patterns: [String] = []
    var phrases: [String] = []
    var advice: [String] = []
    var examples: [String] = []
    var counterexamples: [String] = []

    func rule(_ shorthands: [String: String]) -> Rule {
      var pattern = (Rule.patterns(ofPhrases: phrases) + patterns).joined(separator: "|")
      // A shorthand may hold those whose names come before its own.
      for (name, long) in shorthands.sorted(by: { $0.key > $1.key }) {
        pattern = Rule.replacing("{\(name)}", by: long, in: pattern)
      }
      return Rule(
        heading: heading, pattern: pattern, advice: advice.joined(separator: " "),
        examples: examples.map(Rule.unescaped), counterexamples: counterexamples.map(Rule.unescaped)
      )
    }
  }

  /// Of phrases that may go on within a word, and of those that end with it.
  private static func patterns(ofPhrases phrases: [String]) -> [String] {
    let whole = phrases.filter { $0.hasSuffix(".") }.map { String($0.dropLast()) }
    let open = phrases.filter { !$0.hasSuffix(".") }
    return [(open, ""), (whole, #"(?:$|[^a-z\x80-\xff])"#)].filter { !$0.0.isEmpty }.map {
      list, end in
      let anywhere = list.map(escaped).joined(separator: "|")
      let inNames = list.filter { $0.utf8.allSatisfy { $0 &- 0x61 < 26 } }
        .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined(separator: "|")
      let first = #"(?:^|[^A-Za-z\x80-\xff])((?i:"# + anywhere + "))"
      return inNames.isEmpty ? first + end : "(?:\(first)|[A-Za-z](\(inNames)))\(end)"
    }
  }

  private static func escaped(_ phrase: String) -> String {
    phrase.map { sign in
      sign == "*" ? ".*" : "()[]{}.+?^$|\\".contains(sign) ? "\\\(sign)" : String(sign)
    }.joined()
  }

  private static func trimmed(_ part: Substring) -> String {
    var part = part.drop { $0 == " " }
    while part.last == " " { part.removeLast() }
    return String(part)
  }

  private static func unescaped(_ example: String) -> String {
    let signs: [Character: String] = [
      "⏎": "\n", "␍": "\r", "⇥": "\t", "␛": "\u{1b}", "␣": "\u{a0}", "␀": "\u{feff}", "¦": "",
    ]
    return example.map { signs[$0] ?? String($0) }.joined()
  }

  private static func replacing(_ part: String, by other: String, in text: String) -> String {
    let (wanted, bytes) = (Array(part.utf8), Array(text.utf8))
    var output: [UInt8] = []
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: wanted) {
        output += other.utf8
        index += wanted.count
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
