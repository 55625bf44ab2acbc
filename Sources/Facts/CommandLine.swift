/// The commands of a line for a shell, one after the other.
package struct ShellParts {
  package enum Connection { case first, success, always, pipe }

  package struct Part {
    package var text: String
    package var follows: Connection
  }

  package private(set) var all: [Part] = []
  /// Whether a pipe has the exit status of the first of its commands that fails.
  package let keepsExit: Bool

  package init?(_ command: String) {
    keepsExit = command.contains("pipefail")
    read(command, .first, depth: 0)
    if all.isEmpty { return nil }
  }

  /// - Parameter depth: how many shells it is an argument of.
  private mutating func read(_ command: String, _ first: Connection, depth: Int) {
    var connection = first
    var words: [String] = []
    var word = ""
    var quote: Character?
    var groups = 0
    // Within `$(…)`.
    var substitutions = 0
    var rest = command[...]
    func ends(_ with: String) -> Bool { rest.hasPrefix(with) }
    func endWord() {
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    func take(_ count: Int = 1) {
      word += rest.prefix(count)
      rest = rest.dropFirst(count)
    }
    while let character = rest.first {
      if character == "\\", quote != "'" {
        if ends("\\\n") { rest = rest.dropFirst(2) } else { take(2) }
      } else if let open = quote {
        if character == open { quote = nil }
        take()
      } else if character == "'" || character == "\"" {
        quote = character
        take()
      } else if substitutions > 0 || (character == "(" && !(word.isEmpty && words.isEmpty)) {
        if character == "(" { substitutions += 1 }
        if character == ")" { substitutions -= 1 }
        take()
      } else if character == "#", word.isEmpty {
        rest = rest.drop { !$0.isNewline }
      } else if character == "(" {
        groups += 1
        rest.removeFirst()
      } else if character == ")", groups > 0 {
        groups -= 1
        endWord()
        rest.removeFirst()
      } else if character == " " || character == "\t" {
        endWord()
        rest.removeFirst()
      } else if ends("&&") || ends("||") || ends("|") || ends(";") || character.isNewline {
        endWord()
        if add(words, connection, depth: depth) || !character.isNewline {
          connection = ends("&&") ? .success : ends("|") && !ends("||") ? .pipe : .always
        }
        words = []
        rest = rest.dropFirst(ends("&&") || ends("||") ? 2 : 1)
      } else {
        take()
      }
    }
    endWord()
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
      } else if wrappers.contains(word) {
        wrapper = word
        own.removeFirst()
      } else if wrapper != nil, isDuration(word) {
        own.removeFirst()
      } else {
        break
      }
    }
    guard let program = own.first else { return false }
    let name = program.split(separator: "/").last.map(String.init)
    if let name, shells.contains(name), depth < 4 {
      let options = own.dropFirst().prefix { $0.hasPrefix("-") }
      let script = own.dropFirst(1 + options.count).first
      if options.contains(where: { !$0.hasPrefix("--") && $0.contains("c") }), let script {
        read(unquoted(script), connection, depth: depth + 1)
        return true
      }
    }
    all.append(Part(text: own.joined(separator: " "), follows: connection))
    return true
  }
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
/// it is the first that does not only set the stage.
package func commandHead(_ command: String) -> String? {
  guard let parts = ShellParts(command) else { return nil }
  let own = parts.all.first { part in
    !preparing.contains(part.text.prefix { $0 != " " }.lowercased())
  }
  guard let text = (own ?? parts.all.first)?.text else { return nil }
  let words = text.split(separator: " ")
  guard let first = words.first else { return nil }
  let name = String(first.split(separator: "/").last ?? first)
  if name.count > 40 { return String(name.prefix(40)) }
  var rest = operands(of: name, words.dropFirst())[...]
  guard commandsOfWords.contains(name), let second = rest.popFirst(), second.count <= 40,
    second.allSatisfy({ $0.isLetter || $0.isNumber || "-_:.".contains($0) })
  else { return name }
  let isOfTwo =
    second == "run"
    ? ["npm", "pnpm", "yarn", "bun", "just", "mise", "uv", "poetry"].contains(name)
    : name == "docker" && second == "compose"
  if isOfTwo, let third = rest.first { return "\(name) \(second) \(third.prefix(40))" }
  return "\(name) \(second)"
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
  "yarn": ["--cwd"], "uv": ["--directory", "--project"], "gh": ["-R", "--repo"],
  "cargo": ["-C", "--manifest-path", "--color", "-Z"], "go": ["-C"],
  "swift": ["--package-path"], "terraform": ["-chdir"],
  "aws": ["--profile", "--region"], "gcloud": ["--project"], "systemctl": ["-H", "-M"],
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
