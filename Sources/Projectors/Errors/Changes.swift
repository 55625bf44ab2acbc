/// Whether a command or a tool may change something. A check, a build or a look does not: that it
/// passes tells that something was mended, and is not what mended it.
enum Changes {
  /// Whether a tool may, by the words of its name: `edit_file` may, `read_file` and `runTests` not.
  static func mayChange(tool: String) -> Bool {
    var words: [String] = [""]
    for scalar in tool.unicodeScalars {
      let isLetter = scalar.properties.isAlphabetic
      if !isLetter || scalar.properties.isUppercase { words.append("") }
      if isLetter { words[words.count - 1] += scalar.properties.lowercaseMapping }
    }
    if words.contains(where: changingWords.contains) { return true }
    return !words.contains(where: lookingWords.contains)
  }

  /// Whether a line of shell may: one of its commands does, or writes to a file.
  static func mayChange(command line: String) -> Bool {
    let commands = ShellLine(line)
    return commands.writesFile || commands.commands.contains { mayChange(words: $0[...]) }
  }

  private static func mayChange(words: ArraySlice<String>) -> Bool {
    var words = words
    while let first = words.first, first.contains("=") || wrappers.contains(name(first)) {
      words.removeFirst()
      // What a wrapper is told stands before the command: `timeout 60`, `sudo -E`, `-m`.
      while let next = words.first,
        next.hasPrefix("-") || next == "run" || next.allSatisfy(\.isNumber)
      {
        words.removeFirst()
      }
    }
    guard let first = words.first else { return false }
    let rest = words.dropFirst()
    if rest.contains(where: writingFlags.contains) { return true }
    let name = name(first)
    if programs.contains(name) {
      let flags = flagsThatChange[name] ?? []
      return rest.contains { word in flags.contains { word == $0 || word.hasPrefix("\($0)=") } }
    }
    guard let subcommands = subcommands[name] else { return true }
    // Of `npm run test:unit` the script tells, of `gradle :app:check` the last part of the task.
    let asked = rest.filter { !$0.hasPrefix("-") && !["run", "run-script", "exec"].contains($0) }
    guard let last = asked.first else { return !bareChecks.contains(name) }
    let parts = last.lowercased().split { !$0.isLetter }.map(String.init)
    if parts.contains("fix") || parts.contains("format") { return true }
    return !parts.contains { subcommands.contains($0) || checks.contains($0) }
  }

  /// Of `/usr/bin/env` or `./gradlew` what stands behind the last slash.
  private static func name(_ word: String) -> String {
    word.split(separator: "/").last.map(String.init) ?? word
  }

  private static func list(_ words: String) -> Set<String> {
    Set(words.split(separator: " ").map(String.init))
  }

  private static let changingWords = list(
    """
    edit write create delete remove replace patch apply update insert move rename install fix save put \
    set add append commit
    """)
  private static let lookingWords = list(
    """
    read view list ls search grep glob find get fetch show look query open status think plan todo cat \
    browse recall test tests lint check build compile typecheck verify validate diagnostics
    """)

  private static let wrappers = list(
    """
    sudo env time nice nohup timeout command exec npx bunx uvx poetry pipenv uv bundle xvfb-run nix-shell \
    python python3 -m
    """)

  /// They look or check, whatever they are told.
  private static let programs = list(
    """
    ls cat head tail less more grep egrep fgrep rg ag ack find fd tree pwd echo printf which type whereis \
    file stat wc diff cmp sort uniq cut awk sed jq yq printenv date whoami id uname ps top df du free \
    netstat ss lsof ping dig nslookup host man help history test [ true false sleep wait cd export set \
    source journalctl curl pytest py.test tox nox unittest doctest jest vitest mocha ava karma cypress \
    playwright rspec phpunit pest ctest tsc vue-tsc eslint prettier stylelint biome ruff flake8 pylint mypy \
    pyright bandit shellcheck hadolint golangci-lint staticcheck gofmt rustc gcc g++ clang \
    clang++ javac ninja swiftlint ktlint detekt checkstyle rubocop credo yamllint markdownlint
    """)

  /// Of those, with what they change something all the same.
  private static let flagsThatChange: [String: [String]] = [
    "find": ["-delete", "-exec"], "sed": ["-i", "--in-place"],
    "curl": ["-X", "-d", "-o", "-O", "-T"],
    "ruff": ["format"], "yq": ["-i"], "gofmt": ["-w"], "rubocop": ["-a", "-A"],
  ]
  private static let writingFlags: Set<String> = [
    "--fix", "--write", "--auto-correct", "--autocorrect", "--in-place", "--fix-only",
  ]

  /// Programs of which the first word behind them tells, beside `checks`.
  private static let subcommands: [String: Set<String>] = [
    "git": list("status diff log show branch blame grep describe reflog remote rev ls"),
    "docker": list("ps logs images inspect stats version info"),
    "kubectl": list("get describe logs top explain diff version"),
    "systemctl": list("status is list"),
    "cargo": list("run doc bench nextest tree metadata"), "go": list("vet run list version"),
    "swift": list("run"), "dotnet": list("run"), "npm": list("ls list outdated view t start"),
    "yarn": list("list why start"), "pnpm": list("ls list why t start"), "bun": list("pm"),
    "deno": list("run"), "pip": list("list show freeze"), "pip3": list("list show freeze"),
    "make": list("all"), "cmake": [], "meson": [], "bazel": list("query"),
    "gradle": list("assemble"),
    "gradlew": list("assemble"), "mvn": list("package"), "mvnw": list("package"),
    "mix": list("credo"),
    "nix": list("eval show flake"), "rake": list("spec"), "terraform": list("plan show output"),
    "just": [], "task": [], "turbo": [], "nx": [], "lerna": [], "ng": [], "vite": [], "next": [],
    "xcodebuild": [], "composer": list("show"),
  ]
  private static let checks = list(
    """
    test tests spec specs check checks lint build compile typecheck types tsc verify validate clippy e2e \
    unit integration analyze dialyzer audit coverage
    """)
  /// Those that build when they are told nothing.
  private static let bareChecks: Set<String> = [
    "make", "gradle", "gradlew", "mvn", "mvnw", "rake", "xcodebuild", "just",
  ]
}

/// The commands of a line of shell, as far as words, quotes and what joins commands tell.
private struct ShellLine {
  private(set) var commands: [[String]] = []
  /// Whether it sends the output of a command to a file.
  private(set) var writesFile = false

  init(_ line: String) {
    var words: [String] = []
    var word = ""
    var quote: Character?
    func isEnd(_ character: Character) -> Bool { "|;&\n()".contains(character) }
    var rest = line[...]
    while let character = rest.popFirst() {
      if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
        continue
      }
      switch character {
      case "'", "\"": quote = character
      case "\\": if let next = rest.popFirst() { word.append(next) }
      case ">":
        while rest.first == ">" || rest.first == " " { rest.removeFirst() }
        let target = rest.prefix { !$0.isWhitespace && (!isEnd($0) || $0 == "&") }
        rest = rest[target.endIndex...]
        if !target.hasPrefix("&"), target != "/dev/null" { writesFile = true }
        if word.allSatisfy(\.isNumber) { word = "" }
      case _ where isEnd(character) || character.isWhitespace:
        if !word.isEmpty { words.append(word) }
        word = ""
        if isEnd(character), !words.isEmpty {
          commands.append(words)
          words = []
        }
      default: word.append(character)
      }
    }
    if !word.isEmpty { words.append(word) }
    if !words.isEmpty { commands.append(words) }
  }
}
