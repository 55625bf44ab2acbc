import ArgumentParser
import Bytes
import CArguments
import Files
import Foldlog
import Query
import Views

/// The words of the command line, the program's name left out.
struct CommandWords {
  private let words: [String]

  init(_ words: [String]) { self.words = words }

  /// Those that this process was started with, byte for byte: Swift's own list is repaired where they
  /// are no UTF-8, and a repaired name is another file's; without /proc it is empty.
  static func given() -> CommandWords {
    guard let list = unsafe arguments_list() else { return CommandWords([]) }
    return CommandWords(
      (1..<max(1, Int(arguments_count()))).compactMap { index in
        unsafe list[index].map { unsafe givenText(bytes(ofC: $0)) }
      })
  }

  /// Options whose value is a name, which may begin with dashes.
  private static let named: Set<String> = ["--data", "--source", "--out", "--what-if"]

  /// As the parser takes them: a name that begins with a dash stands in one word with its option; the
  /// condition between two alternatives, whose place counts, is a value like the others; and where a
  /// word that is given to `ingest` or `explain` looks like an option and is none, all such words come
  /// last, behind `--`.
  func parsable(isFile: (String) -> Bool = { (try? FileIdentity($0)) != nil }) -> [String] {
    CommandWords(CommandWords(withNames).withAlternatives).withPositionalsLast(isFile)
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

  private var withAlternatives: [String] {
    // Only where it can matter are the options of all commands worked out: that takes longer than the
    // rest of a start.
    guard words.contains(Self.or) else { return words }
    let (command, start) = command
    let options = KnownOptions(of: command)
    guard options[Self.or] != nil else { return words }
    var replaced = Array(words[..<start])
    var rest = words[start...]
    while let word = rest.popFirst() {
      if word == "--" { return replaced + [word] + rest }
      replaced.append(word == Self.or ? "--where=\(RowFilter.separator)" : word)
      if options[word]?.takesNext == true, let value = rest.popFirst() { replaced.append(value) }
    }
    return replaced
  }

  private static let or = "--or"

  /// Whether the answer may be help, a man page or a script for completion.
  var askForHelp: Bool {
    words.contains {
      ["help", "-h"].contains($0) || $0.contains("-help") || $0.contains("generate-")
    }
  }

  /// Whether the answer may be the help of all commands, which lists the views.
  var mayShowViews: Bool {
    guard let first = words.first else { return true }
    return askForHelp || (isDashed(first) && words != ["--version"])
  }

  private func withPositionalsLast(_ isFile: (String) -> Bool) -> [String] {
    let commands = [IngestCommand.configuration, ExplainCommand.configuration]
    guard words.contains(where: { word in commands.contains { $0.commandName == word } }) else {
      return words
    }
    // Most words need no other order.
    guard
      words.contains(where: {
        !["-", "--"].contains($0) && isDashed($0) && (isFile($0) || !isOptionLike($0))
      })
    else {
      return words
    }
    let (command, start) = command
    guard command is IngestCommand.Type || command is ExplainCommand.Type else { return words }
    func isPositional(_ word: String) -> Bool {
      command is IngestCommand.Type ? isFile(word) : !isOptionLike(word)
    }
    let options = KnownOptions(of: command)
    var kept = Array(words[..<start])
    var positionals: [String] = []
    var hasDashed = false
    var rest = words[start...]
    while let word = rest.popFirst() {
      if word == "--" {
        positionals += rest
        break
      }
      if let option = options[word] {
        kept.append(word)
        if option.takesNext, let value = rest.popFirst() { kept.append(value) }
      } else if !isDashed(word) || word == "-" {
        positionals.append(word)
      } else if isPositional(word) {
        hasDashed = true
        positionals.append(word)
      } else {
        kept.append(word)
      }
    }
    return hasDashed ? kept + ["--"] + positionals : words
  }

  /// The command that is meant, as far as the words name one, and where the words behind it begin.
  private var command: (type: any ParsableCommand.Type, start: Int) {
    var command: any ParsableCommand.Type = FoldlogCommand.self
    var index = 0
    while !command.configuration.subcommands.isEmpty {
      let options = KnownOptions(of: command)
      while index < words.count, isDashed(words[index]) {
        index += options[words[index]]?.takesNext == true ? 2 : 1
      }
      guard index < words.count,
        let next = command.configuration.subcommands.first(where: {
          $0.configuration.commandName == words[index]
        })
      else { break }
      command = next
      index += 1
    }
    return (command, min(index, words.count))
  }

  /// Whether it is the log that is looked into.
  var isOfLog: Bool {
    let type = command.type
    return type is LogShowCommand.Type || type is LogExportCommand.Type
  }

  /// Whether it is `help` for a command, which the parser answers with what it knows of the others.
  var asksAboutCommand: Bool {
    // Which command is meant is worked out only where it can matter, as above.
    guard words.contains("help") else { return false }
    let (_, start) = command
    return start + 1 < words.count && words[start] == "help"
  }

  /// The hook that an agent runs with them, where they say no more than that.
  var hook: HookRun? { HookRun(words: words) }

  /// Whether an agent runs them, as a hook.
  var areOfHook: Bool {
    guard let place = words.firstIndex(where: { !isDashed($0) }), words[place] == "hook" else {
      return false
    }
    return place + 1 < words.count && words[place + 1] != "install"
  }

  /// What is said of a word that stands where a command is named, and is none; nil where all are.
  var unknownCommand: String? {
    let (command, start) = command
    let names = command.configuration.subcommands.compactMap { $0.configuration.commandName }
    guard !names.isEmpty, start < words.count else { return nil }
    let word = words[start]
    if command is FoldlogCommand.Type,
      ProjectorCatalogue.builtIn.answers.contains(where: { $0.name == word })
    {
      return "no command `\(word)`: `foldlog query \(word)` asks that view"
    }
    if word == "help" {
      // `help log shwo` is about `log shwo`.
      return CommandWords(Array(words[..<start] + words[(start + 1)...])).unknownCommand
    }
    if isDashed(word) { return nil }
    let path = command is FoldlogCommand.Type ? "" : "\(command.configuration.commandName ?? "") "
    var hint = suggestion(for: word, among: names)
    if hint.isEmpty, path.isEmpty {
      if word.hasPrefix("completion") {
        hint = ": `foldlog --generate-completion-script bash` prints one for bash, and so on"
      } else if let view = nearestName(
        to: word, among: ProjectorCatalogue.builtIn.answers.map(\.name))
      {
        hint = "; did you mean `foldlog query \(view)`?"
      }
    }
    return "no command `\(path)\(word)`\(hint)\n"
      + "commands: \(names.joined(separator: ", "))"
  }
}

extension CommandWords {
  /// What the parser says of an option that is none, with the option of the command that was meant
  /// where one is near, or where other tools call it so.
  func withNearOption(_ text: String) -> String {
    let mark = "Unknown option '"
    guard let start = text.firstRange(of: mark)?.upperBound,
      let end = text[start...].firstIndex(of: "'"), text[..<start].allSatisfy({ $0 != "\n" })
    else { return text }
    let word = String(text[start..<end])
    let rest = text[end...].firstIndex(of: "\n").map { text[$0...] } ?? ""
    let known = KnownOptions(of: command.type).all
    let name = String(word.drop { $0 == "-" })
    var hint = ""
    if let (option, value) = Self.otherNames[name], known.contains(option) {
      hint = "; did you mean `--\(option)\(value)`?"
    } else if name.count > 1 {
      hint = suggestion(for: name, among: known.sorted()).replacing(" `", with: " `--")
    }
    return "\(text[..<end])'\(hint)\(rest)"
  }

  /// Options as other tools call them.
  private static let otherNames: [String: (option: String, value: String)] = [
    "json": ("format", " json"), "csv": ("format", " csv"), "jsonl": ("format", " jsonl"),
    "n": ("limit", " N"), "head": ("limit", " N"), "top": ("limit", " N"), "max": ("limit", " N"),
    "count": ("limit", " N"), "last": ("tail", " N"), "order": ("sort", ""),
    "order-by": ("sort", ""),
    "sort-by": ("sort", ""), "orderby": ("sort", ""), "reverse": ("desc", ""),
    "descending": ("desc", ""), "filter": ("where", ""), "having": ("where", ""),
    "group": ("group-by", ""), "groupby": ("group-by", ""), "by": ("group-by", ""),
    "avg": ("mean", ""), "average": ("mean", ""), "total": ("sum", ""), "select": ("columns", ""),
    "fields": ("columns", ""), "cols": ("columns", ""), "output": ("out", ""), "o": ("out", ""),
    "dir": ("data", ""), "data-dir": ("data", ""), "directory": ("data", ""), "d": ("data", ""),
    "verbose": ("log-level", " debug"), "v": ("log-level", " debug"),
    "debug": ("log-level", " debug"), "watch": ("follow", ""), "f": ("follow", ""),
    "timezone": ("tz", ""), "zone": ("tz", ""), "day": ("date", ""), "settings": ("what-if", ""),
    "config": ("what-if", ""), "after": ("from", ""), "before": ("to", ""),
  ]
}

/// Whether a word looks like an option, right or wrong: dashes and then a letter, without a space.
private func isOptionLike(_ word: String) -> Bool {
  let name = word.utf8.drop { $0 == UInt8(ascii: "-") }
  let first = (name.first ?? 0) | 0x20
  return UInt8(ascii: "a")...UInt8(ascii: "z") ~= first && !name.contains(UInt8(ascii: " "))
}

private func isDashed(_ word: String) -> Bool { word.utf8.first == UInt8(ascii: "-") }

/// The options of a command, as its help lists them.
private struct KnownOptions {
  struct Option {
    /// Whether the next word is its value.
    let takesNext: Bool
  }

  /// Whether each takes a value.
  private var names: [String: Bool] = [:]

  init(of command: any ParsableCommand.Type) {
    let help = FoldlogCommand.helpMessage(for: command, includeHidden: true, columns: 200)
    for line in help.split(separator: "\n") where line.hasPrefix("  -") {
      // `  -h, --help  what it does` or `  --data <dir>  what it does`
      var words: [Substring] = []
      for word in line.dropFirst(2).split(separator: " ", omittingEmptySubsequences: false) {
        if word.isEmpty { break }
        words.append(word)
      }
      let takesValue = words.contains { $0.hasPrefix("<") }
      for word in words where word.hasPrefix("-") {
        names[String(word.prefix { $0 != "," })] = takesValue
      }
    }
  }

  /// Their long names, without dashes.
  var all: [String] { names.keys.filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) } }

  /// What a word is as an option; nil when there is none of that name.
  subscript(word: String) -> Option? {
    let name = String(decoding: word.utf8.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
    guard let takesValue = names[name] else { return nil }
    return Option(takesNext: takesValue && name == word)
  }
}
