/// A rule of a table: what it is called, what it looks for, and what shows that it does.
package struct Rule: Sendable {
  /// The heading's parts: the kind first, then the name, then what else the table's reader knows.
  package let heading: [String]
  /// A regular expression as RE2 has them. Of its groups the first that takes part is what was found.
  package let pattern: String
  /// What to do about it, for people.
  package let advice: String
  /// Its examples as they stand in the table: read only when they are asked for.
  private let writtenExamples: [String]
  private let writtenCounterexamples: [String]

  /// Texts that it must match; what is to be found stands between `⟦` and `⟧` where it is marked.
  package var examples: [String] { writtenExamples.map(Rule.unescaped) }
  /// Texts that it must not match.
  package var counterexamples: [String] { writtenCounterexamples.map(Rule.unescaped) }

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
  /// `/` begins a pattern (any of several matches), which goes on behind a `\`; `~` phrases, `>`
  /// advice, `+` an example, `-` a counterexample.
  ///
  /// Phrases are in small letters, with ` | ` between them; a star stands for anything. They match in
  /// whatever case where a word begins, or a part of a name: `timeout` in `ReadTimeout`, too. One behind
  /// which a `.` stands ends where the word does.
  ///
  /// In examples `⏎` is a line feed, `␍` a carriage return, `⇥` a tab, `␛` an escape, `␣` a no-break
  /// space and `␀` a byte-order mark; a `¦` is left out, so that made-up keys are found by nobody
  /// else. A pattern, and what a shorthand stands for, may hold `{NAME}` for one of the table's
  /// shorthands, none of which holds itself.
  package static func table(_ text: String, shorthands: [String: String] = [:]) -> [Rule] {
    var rules: [Rule] = []
    var entry: Entry?
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
      let content = line.drop { $0 == UInt8(ascii: " ") }
      if content.startIndex == line.startIndex {
        entry.map { rules.append($0.rule(shorthands)) }
        entry = Entry(heading: parts(content))
        continue
      }
      let value = content.dropFirst(2)
      switch content.first {
      case UInt8(ascii: "/"): entry?.patterns.append(String(value) ?? "")
      case UInt8(ascii: "\\"): entry?.goOn(String(value) ?? "")
      case UInt8(ascii: "~"): entry?.phrases += parts(value)
      case UInt8(ascii: ">"): entry?.advice.append(String(value) ?? "")
      case UInt8(ascii: "+"): entry?.examples.append(String(value) ?? "")
      default: entry?.counterexamples.append(String(value) ?? "")
      }
    }
    entry.map { rules.append($0.rule(shorthands)) }
    return rules
  }

  /// What stands between bars, without the spaces around it.
  private static func parts(_ line: Substring.UTF8View) -> [String] {
    line.split(separator: UInt8(ascii: "|")).map { part in
      var part = part.drop { $0 == UInt8(ascii: " ") }
      while part.last == UInt8(ascii: " ") { part.removeLast() }
      return String(part) ?? ""
    }
  }

  private struct Entry {
    var heading: [String]
    var patterns: [String] = []
    var phrases: [String] = []
    var advice: [String] = []
    var examples: [String] = []
    var counterexamples: [String] = []

    /// Adds what goes on with the last pattern.
    mutating func goOn(_ text: String) {
      if let last = patterns.indices.last { patterns[last] += text }
    }

    func rule(_ shorthands: [String: String]) -> Rule {
      let written = (Rule.patterns(ofPhrases: phrases) + patterns).joined(separator: "|")
      let pattern = Rule.expanded(written, shorthands)
      return Rule(
        heading: heading, pattern: pattern, advice: advice.joined(separator: " "),
        writtenExamples: examples, writtenCounterexamples: counterexamples)
    }
  }

  /// Of phrases that may go on within a word, and of those that end with it.
  private static func patterns(ofPhrases phrases: [String]) -> [String] {
    let phrases = phrases.map { Array($0.utf8) }
    let stop = UInt8(ascii: ".")
    let whole = phrases.filter { $0.last == stop }.map { Array($0.dropLast()) }
    let open = phrases.filter { $0.last != stop }
    return [(open, ""), (whole, #"(?:$|[^a-z\x80-\xff])"#)].filter { !$0.0.isEmpty }.map {
      list, end in
      let anywhere = joined(list.map(escaped))
      let names = list.filter { !$0.isEmpty && $0.allSatisfy { $0 &- 0x61 < 26 } }
      let inNames = joined(names.map { [$0[0] & ~0x20] + $0.dropFirst() })
      let first = #"(?:^|[^A-Za-z\x80-\xff])((?i:"# + anywhere + "))"
      return inNames.isEmpty ? first + end : "(?:\(first)|[A-Za-z](\(inNames)))\(end)"
    }
  }

  private static func joined(_ phrases: [[UInt8]]) -> String {
    String(decoding: Array(phrases.joined(separator: [UInt8(ascii: "|")])), as: UTF8.self)
  }

  private static func escaped(_ phrase: [UInt8]) -> [UInt8] {
    var pattern: [UInt8] = []
    pattern.reserveCapacity(phrase.count + 8)
    for byte in phrase {
      if byte == UInt8(ascii: "*") {
        pattern.append(UInt8(ascii: "."))
      } else if signs.contains(byte) {
        pattern.append(UInt8(ascii: "\\"))
      }
      pattern.append(byte)
    }
    return pattern
  }

  private static let signs = Array(#"()[]{}.+?^$|\"#.utf8)

  private static func unescaped(_ example: String) -> String {
    let signs: [Character: String] = [
      "⏎": "\n", "␍": "\r", "⇥": "\t", "␛": "\u{1b}", "␣": "\u{a0}", "␀": "\u{feff}", "¦": "",
    ]
    return example.map { signs[$0] ?? String($0) }.joined()
  }

  /// A pattern with what its shorthands stand for, and what those hold.
  private static func expanded(_ pattern: String, _ shorthands: [String: String]) -> String {
    let bytes = Array(pattern.utf8)
    guard !shorthands.isEmpty, bytes.contains(UInt8(ascii: "{")) else { return pattern }
    var output: [UInt8] = []
    output.reserveCapacity(2 * bytes.count)
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...]
      if rest.first == UInt8(ascii: "{"), let end = rest.firstIndex(of: UInt8(ascii: "}")),
        let long = shorthands[String(decoding: rest[(index + 1)..<end], as: UTF8.self)]
      {
        output += expanded(long, shorthands).utf8
        index = end + 1
      } else {
        output.append(bytes[index])
        index += 1
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
