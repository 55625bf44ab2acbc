import ArgumentParser
import Bytes
import Files

/// The words of the command line, the program's name left out.
struct CommandWords {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// Those that this process was started with, byte for byte: Swift's own list is repaired where they
  /// are no UTF-8, and a repaired name is another file's.
  static func given() -> CommandWords {
    CommandWords(
      (1..<max(1, Int(CommandLine.argc))).compactMap { index in
        unsafe CommandLine.unsafeArgv[index].map { unsafe givenText(bytes(ofC: $0)) }
      })
  }

  /// Options whose value is a name, which may begin with dashes.
  private static let named: Set<String> = ["--data", "--source", "--out", "--what-if"]

  /// As the parser takes them: a name that begins with a dash stands in one word with its option, and
  /// where a file that `ingest` is given has a name like an option's, all paths come last, behind `--`.
  func parsable(isFile: (String) -> Bool = { (try? FileIdentity($0)) != nil }) -> [String] {
    CommandWords(withNames).withPathsLast(isFile)
  }

  private var withNames: [String] {
    var joined: [String] = []
    var rest = words[...]
    while let word = rest.popFirst() {
      if word == "--" { return joined + [word] + rest }
      if Self.named.contains(word), let name = rest.first, isDashed(name) {
        joined.append("\(word)=\(name)")
        rest.removeFirst()
      } else {
        joined.append(word)
      }
    }
    return joined
  }

  private func withPathsLast(_ isFile: (String) -> Bool) -> [String] {
    guard let start = ingestIndex else { return words }
    let options = KnownOptions(of: IngestCommand.self)
    var kept = Array(words[...start])
    var paths: [String] = []
    var hasFile = false
    var rest = words[(start + 1)...]
    while let word = rest.popFirst() {
      if word == "--" {
        paths += rest
        break
      }
      if let option = options[word] {
        kept.append(word)
        if option.takesNext, let value = rest.popFirst() { kept.append(value) }
      } else if !isDashed(word) || word == "-" {
        paths.append(word)
      } else if isFile(word) {
        hasFile = true
        paths.append(word)
      } else {
        kept.append(word)
      }
    }
    return hasFile ? kept + ["--"] + paths : words
  }

  /// Where the command is, if it is `ingest`.
  private var ingestIndex: Int? {
    let options = KnownOptions(of: FoldlogCommand.self)
    var index = 0
    while index < words.count, isDashed(words[index]) {
      index += options[words[index]]?.takesNext == true ? 2 : 1
    }
    return index < words.count && words[index] == IngestCommand.configuration.commandName
      ? index : nil
  }
}

private func isDashed(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") }

/// The options of a command, as the line shows them that says how it is used.
private struct KnownOptions {
  struct Option {
    /// Whether the next word is its value.
    let takesNext: Bool
  }

  /// Whether each takes a value.
  private var names: [String: Bool] = ["-h": false, "--help": false, "--version": false]

  init(of command: any ParsableCommand.Type) {
    let usage = FoldlogCommand.usageString(for: command, includeHidden: true)
    let words = usage.split { " \n[]|".contains($0) }
    for (index, word) in words.enumerated() where word.hasPrefix("-") {
      names[String(word)] = index + 1 < words.count && words[index + 1].hasPrefix("<")
    }
  }

  /// What a word is as an option; nil when there is none of that name.
  subscript(word: String) -> Option? {
    let name = String(decoding: word.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    guard let takesValue = names[name] else { return nil }
    return Option(takesNext: takesValue && name == word)
  }
}
