internal import Bytes

/// The commands of a line for a shell, one after the other.
package struct ShellParts {
  package enum Connection { case first, success, failure, always, pipe }

  package struct Part {
    /// As they are written, with their quotes.
    package var words: [String]
    package var follows: Connection
    /// Without what says where its input and output go.
    package let text: String
    /// Whether what it prints goes to a file.
    package let hidesOutput: Bool

    fileprivate init(words: [String], follows: Connection) {
      (self.words, self.follows) = (words, follows)
      var kept: [String] = []
      var isTarget = false
      var hidesOutput = false
      for word in words {
        if isTarget {
          isTarget = false
          continue
        }
        let sign = word.drop { $0.isNumber || $0 == "&" }
        guard sign.first == ">" || (sign.first == "<" && !sign.hasPrefix("<(")) else {
          kept.append(word)
          continue
        }
        isTarget = sign.allSatisfy { "<>|".contains($0) }
        if sign.first == ">", !sign.hasPrefix(">&") { hidesOutput = true }
      }
      text = kept.joined(separator: " ")
      self.hidesOutput = hidesOutput
    }
  }

  package private(set) var all: [Part] = []
  /// Whether a pipe has the exit status of the first of its commands that fails.
  package let keepsExit: Bool

  /// Shells within shells that are looked into.
  private static let depthMax = 4

  package init?(_ command: String) {
    keepsExit = command.contains("pipefail")
    read(Array(command.utf8)[...], .first, depth: 0)
    if all.isEmpty { return nil }
  }

  /// - Parameter depth: how many shells it is an argument of.
  private mutating func read(_ command: ArraySlice<UInt8>, _ first: Connection, depth: Int) {
    var connection = first
    var words: [String] = []
    var word: [UInt8] = []
    var quote: UInt8?
    var groups = 0
    // Within `$(…)`.
    var substitutions = 0
    // What ends the texts that stand in the lines behind this one.
    var textEnds: [ArraySlice<UInt8>] = []
    var rest = command
    while let byte = rest.first {
      let next = rest.dropFirst().first
      // How many bytes are part of the word.
      var taken = 0
      if byte == UInt8(ascii: "\\"), quote != UInt8(ascii: "'") {
        if next == UInt8(ascii: "\n") { rest = rest.dropFirst(2) } else { taken = 2 }
      } else if let open = quote {
        if byte == open { quote = nil }
        taken = 1
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
        taken = 1
      } else if substitutions > 0
        || (byte == UInt8(ascii: "(") && !(word.isEmpty && words.isEmpty))
      {
        if byte == UInt8(ascii: "(") { substitutions += 1 }
        if byte == UInt8(ascii: ")") { substitutions -= 1 }
        taken = 1
      } else if byte == UInt8(ascii: "#"), word.isEmpty {
        rest = rest.drop { !isNewline($0) }
      } else if byte == UInt8(ascii: "(") {
        groups += 1
        rest.removeFirst()
      } else if byte == UInt8(ascii: ")"), groups > 0 {
        groups -= 1
        endWord(&word, &words)
        rest.removeFirst()
      } else if isBlank(byte) {
        endWord(&word, &words)
        rest.removeFirst()
      } else if rest.starts(with: "<<<".utf8) {
        taken = 3
      } else if byte == UInt8(ascii: "<"), next == byte {
        rest = rest.dropFirst(rest.starts(with: "<<-".utf8) ? 3 : 2).drop(while: isBlank)
        let end = rest.prefix { !isBlank($0) && !isNewline($0) && !";|&<>()".utf8.contains($0) }
        rest = rest.dropFirst(end.count)
        if !end.isEmpty { textEnds.append(end.filter { !"'\"\\".utf8.contains($0) }[...]) }
      } else if isNewline(byte) || byte == UInt8(ascii: "|") || byte == UInt8(ascii: ";")
        || (byte == UInt8(ascii: "&") && next == byte)
      {
        endWord(&word, &words)
        let isPair = next == byte && (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "|"))
        if add(words, connection, depth: depth) || !isNewline(byte) {
          connection =
            byte == UInt8(ascii: "&")
            ? .success
            : byte == UInt8(ascii: "|") ? (isPair ? .failure : .pipe) : .always
        }
        rest = rest.dropFirst(isPair ? 2 : 1)
        if isNewline(byte) {
          let isShell = takesText(words)
          for end in textEnds {
            let text = rest.cutLines(before: end)
            if isShell, depth < Self.depthMax { read(text, .always, depth: depth + 1) }
          }
          textEnds = []
        }
        words = []
      } else {
        taken = 1
      }
      word += rest.prefix(taken)
      rest = rest.dropFirst(taken)
    }
    endWord(&word, &words)
    _ = add(words, connection, depth: depth)
  }

  /// Keeps a command, without what stands before it: assignments, words of the shell such as `then`,
  /// and wrappers with their options.
  /// The argument of a shell is commands of its own. False where there is none.
  private mutating func add(_ words: [String], _ connection: Connection, depth: Int) -> Bool {
    var own = words[...]
    var wrapper: String?
    while let word = own.first {
      if let name = wrapper, word.hasPrefix("-") {
        own.removeFirst()
        if optionsWithValue[name]?.contains(word) == true { own = own.dropFirst() }
      } else if isAssignment(word) || (wrapper == nil && shellWords.contains(word)) {
        own.removeFirst()
      } else if wrappers.contains(programName(word)) {
        // It only asks where a program is.
        if word == "command", own.dropFirst().first.map(["-v", "-V"].contains) == true { break }
        wrapper = programName(word)
        own.removeFirst()
      } else if wrapper != nil, isDuration(word) {
        own.removeFirst()
      } else {
        break
      }
    }
    guard let program = own.first else { return false }
    if shells.contains(programName(program)), depth < Self.depthMax {
      var options: [String] = []
      var rest = own.dropFirst()
      while let option = rest.first, option.hasPrefix("-") {
        options.append(option)
        // Behind it stands the name of a setting: `-o pipefail`.
        rest = rest.dropFirst(option == "-o" || option == "-O" ? 2 : 1)
      }
      let script = rest.first
      if options.contains(where: { !$0.hasPrefix("--") && $0.contains("c") }), let script {
        read(Array(unquoted(script).utf8)[...], connection, depth: depth + 1)
        return true
      }
    }
    all.append(Part(words: Array(own), follows: connection))
    return true
  }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
}

private func isNewline(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
}

private func endWord(_ word: inout [UInt8], _ words: inout [String]) {
  if word.isEmpty { return }
  words.append(String(decoding: word, as: UTF8.self))
  word.removeAll(keepingCapacity: true)
}

/// Whether a command is a shell that runs the text that is given to it.
private func takesText(_ words: [String]) -> Bool {
  guard let first = words.first, shells.contains(programName(first)) else { return false }
  return words.dropFirst().allSatisfy { $0.hasPrefix("-") }
}

extension ArraySlice<UInt8> {
  /// Takes away the lines up to one that is an end of text, and that one, too; all where none is. Gives
  /// those before it.
  fileprivate mutating func cutLines(before end: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let all = self
    while !isEmpty {
      let line = prefix { $0 != UInt8(ascii: "\n") }
      self = dropFirst(line.count + 1)
      if line.drop(while: { $0 == UInt8(ascii: "\t") }) == end { return all[..<line.startIndex] }
    }
    return all
  }
}

/// The name of a program without its folder.
private func programName(_ word: some StringProtocol) -> String {
  String(word.split(separator: "/").last ?? word[...])
}

/// The name of a package without the version that is asked for: `tool@latest`.
private func withoutVersion(_ name: String) -> String {
  guard let sign = name.lastIndex(of: "@"), sign != name.startIndex else { return name }
  return String(name[..<sign])
}

private func isAssignment(_ word: String) -> Bool {
  guard let equals = word.firstIndex(of: "="), equals != word.startIndex else { return false }
  return word[..<equals].allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
}

/// Whether it is a number, perhaps with a unit of time: `60s`.
private func isDuration(_ word: String) -> Bool {
  let number = word.last.map { "smhd".contains($0) } == true ? word.dropLast() : word[...]
  return !number.isEmpty && number.allSatisfy { $0.isNumber || $0 == "." }
}

/// A word without the quotes around it.
private func unquoted(_ word: String) -> String {
  guard let quote = word.first, quote == "'" || quote == "\"", word.count > 1, word.last == quote
  else { return word }
  let inner = String(word.dropFirst().dropLast())
  return quote == "'" ? inner : inner.replacing("\\\"", with: "\"")
}

/// Words of the shell behind which a command stands.
private let shellWords: Set = ["{", "!", "do", "then", "else", "elif", "if", "while", "until"]

private let wrappers: Set = [
  "time", "sudo", "env", "nice", "command", "exec", "npx", "bunx", "uvx", "timeout", "xvfb-run",
  "nohup", "stdbuf", "ionice", "setsid",
]

/// The options of wrappers behind which a value stands.
private let optionsWithValue: [String: Set<String>] = [
  "sudo": ["-u", "-g"], "env": ["-u", "-C"], "timeout": ["-k", "-s"], "npx": ["-p", "--package"],
  "uvx": ["--from", "--with", "-p"], "xvfb-run": ["-s"], "nice": ["-n"],
  "stdbuf": ["-i", "-o", "-e"], "ionice": ["-c", "-n"],
]

private let shells: Set = ["sh", "bash", "zsh", "dash", "ksh", "ash"]

/// The head of a command, by which commands are counted together: `git push`, `cargo test`. Of several
/// it is the last that does not only set the stage, or look at what came of it: that is what is
/// waited for.
package func commandHead(_ command: String) -> String? {
  guard let parts = ShellParts(command) else { return nil }
  let acting = parts.all.filter {
    !$0.isPreparing && $0.follows != .pipe && $0.follows != .failure
  }
  let own = acting.last { part in part.head.map { !looking.contains($0) } ?? false } ?? acting.first
  return (own ?? parts.all.first)?.head
}

extension ShellParts.Part {
  var program: Substring { text.prefix { $0 != " " } }

  /// Whether it only sets the stage for another, as `cd` does.
  package var isPreparing: Bool { preparing.contains(program.lowercased()) }

  /// By which it is counted.
  package var head: String? {
    let words = text.split(separator: " ")
    guard let first = words.first else { return nil }
    let name = withoutVersion(programName(first))
    // A module that is run is the program.
    if name.hasPrefix("python"), words.count > 2, words[1] == "-m" {
      return Self(words: words[2...].map(String.init), follows: follows).head
    }
    if name.count > 40 { return String(name.prefix(40)) }
    // It asks where a program is, or what it is.
    if name == "command" { return "command -v" }
    if shells.contains(name) {
      let script = words.dropFirst().first { !$0.hasPrefix("-") }.map(programName)
      guard let script, isName(script) else { return name }
      return "\(name) \(script)"
    }
    var rest = operands(of: name, words.dropFirst())[...]
    guard commandsOfWords.contains(name), let second = rest.popFirst(), isName(second)
    else { return name }
    let isOfTwo =
      second == "run"
      ? ["npm", "pnpm", "yarn", "bun", "just", "mise", "uv", "poetry"].contains(name)
      : ["docker", "podman"].contains(name) && second == "compose"
    if isOfTwo, let third = rest.first { return "\(name) \(second) \(third.prefix(40))" }
    return "\(name) \(second)"
  }
}

private func isName(_ word: some StringProtocol) -> Bool {
  word.count <= 40 && word.allSatisfy { $0.isLetter || $0.isNumber || "-_:.".contains($0) }
}

/// How often a command line runs a program with subcommands, and with none of some options.
package func commandRuns(
  of program: String, _ subcommands: [String], unless options: Set<String>, in command: String
) -> Int {
  // Most commands need not be taken apart.
  guard mentions(program, in: command), let parts = ShellParts(command) else { return 0 }
  return parts.all.count { part in
    guard let first = part.words.first, programName(first) == program else { return false }
    let words = part.words.dropFirst()
    return operands(of: program, ArraySlice(words.map { $0[...] })).starts(
      with: subcommands.map { $0[...] }) && !words.contains { options.contains($0) }
  }
}

private func mentions(_ word: String, in command: String) -> Bool {
  let (text, word) = (command.utf8.span, word.utf8.span)
  var start = 0
  while let found = firstIndex(of: word[0], in: text, from: start) {
    var length = 0
    while length < word.count, found + length < text.count, text[found + length] == word[length] {
      length += 1
    }
    if length == word.count { return true }
    start = found + 1
  }
  return false
}

/// The words of a command that are no options, nor values of those that stand before its subcommand.
private func operands(of name: String, _ words: ArraySlice<Substring>) -> [Substring] {
  let valued = subcommandOptions[name] ?? []
  var operands: [Substring] = []
  var isValue = false
  for word in words {
    if isValue {
      isValue = false
    } else if word.hasPrefix("-") || (name == "cargo" && word.hasPrefix("+")) {
      isValue = valued.contains(String(word))
    } else if !word.allSatisfy(\.isNumber) {
      operands.append(word)
    }
  }
  return operands
}

/// Options, by the program, behind which a value stands, before what says what the program does.
private let subcommandOptions: [String: Set<String>] = [
  "git": ["-C", "-c", "--git-dir", "--work-tree", "--namespace"],
  "docker": ["-f", "--file", "-p", "--project-name", "--context", "-H", "--profile", "--env-file"],
  "docker-compose": ["-f", "--file", "-p", "--project-name", "--profile", "--env-file"],
  "kubectl": ["-n", "--namespace", "--context", "--kubeconfig"],
  "helm": ["-n", "--namespace", "--kube-context"], "make": ["-C", "-f"],
  "npm": ["--prefix", "-w", "--workspace", "-C"], "pnpm": ["-C", "--dir", "--filter", "-F"],
  "yarn": ["--cwd"], "bun": ["--filter", "-F", "--cwd", "-c", "--config", "-r", "--preload"],
  "uv": ["--directory", "--project"], "gh": ["-R", "--repo"],
  "cargo": ["-C", "--manifest-path", "--color", "-Z"], "go": ["-C"],
  "swift": ["--package-path"], "terraform": ["-chdir"],
  "aws": ["--profile", "--region"], "gcloud": ["--project"], "systemctl": ["-H", "-M"],
]

/// Commands that look at something, by their heads.
private let looking: Set = [
  "ls", "cat", "head", "tail", "wc", "grep", "egrep", "rg", "find", "pwd", "which", "type",
  "command -v", "jq", "tree", "stat", "file", "du", "df", "ps", "git status", "git log", "git diff",
  "git show", "git branch", "git rev-parse", "git remote", "true", "false", "exit", "wait",
]

/// What a command line begins with that does nothing of its own, and the words of loops and conditions.
private let preparing: Set = [
  "cd", "pushd", "popd", "set", "export", "unset", "source", ".", "echo", "printf", "true", ":",
  "[", "[[", "test", "read", "for", "select", "case", "done", "fi", "esac", "function", "}",
  "umask",
  "ulimit", "alias", "shopt", "sleep",
]

/// Programs whose second word says what they do.
private let commandsOfWords: Set = [
  "git", "gh", "glab", "cargo", "go", "swift", "dotnet", "npm", "pnpm", "yarn", "bun", "deno", "uv",
  "poetry", "pip", "pip3", "docker", "docker-compose", "kubectl", "helm", "terraform", "aws",
  "gcloud",
  "az", "make", "just", "mise", "task", "gradle", "gradlew", "mvn", "bazel", "rake", "rails",
  "bundle", "mix", "sbt", "stack", "cabal", "apt", "apt-get", "brew", "systemctl", "nix", "zig",
  "flutter", "dart", "composer", "php", "rustup", "conda", "tox", "nox", "hatch", "pre-commit",
]
