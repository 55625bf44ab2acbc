internal import Bytes
internal import ErrorText

/// Whether a command or a tool may change something. A check, a build or a look does not: that it
/// passes tells that something was mended, and is not what mended it.
enum Changes {
  /// Whether a tool may, by the words of its name: `edit_file` may, `read_file` and `runTests` not.
  static func mayChange(tool: String) -> Bool {
    if notingTools.contains(tool) { return false }
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
  static func mayChange(command line: String) -> Bool { mayChange(command: line, depth: 0) }

  /// A line of shell as it is told apart from others: what it runs, whatever wraps it, and however
  /// much of what it prints is shown. `CI=1 timeout 60 npm run test 2>&1 | tail -5` is `npm test`.
  static func gist(of line: String) -> String {
    let commands = ShellLine(line).commands
    var gist: [String] = []
    for words in commands {
      guard let (name, rest) = program(of: words[...]) else { continue }
      if commands.count > 1, showing.contains(name) { continue }
      let isOfScripts = ["npm", "yarn", "pnpm", "bun"].contains(name)
      gist.append(
        ([name] + rest.filter { !isOfScripts || !["run", "run-script"].contains($0) })
          .joined(separator: " "))
    }
    return gist.isEmpty ? line : gist.joined(separator: "; ")
  }

  /// They show a part of what others print.
  private static let showing = list(
    "tail head cat tee less more grep egrep fgrep rg sort wc sed awk cut")

  /// - Parameter depth: of scripts in scripts; what lies too deep may do anything.
  private static func mayChange(command line: String, depth: Int) -> Bool {
    if depth > 4 { return true }
    let commands = ShellLine(line)
    return commands.writesFile
      || commands.commands.contains { mayChange(words: $0[...], depth: depth) }
  }

  private static func mayChange(words: ArraySlice<String>, depth: Int) -> Bool {
    guard let (name, rest) = program(of: words) else { return false }
    if rest.contains(where: writingFlags.contains) { return true }
    if rest.contains(where: helpFlags.contains) { return false }
    if name == "gh", rest.first(where: { !$0.hasPrefix("-") }) == "api" {
      return rest.contains { word in
        sendingFlags.contains { word == $0 || word.hasPrefix("\($0)=") }
      }
    }
    if shells.contains(name) {
      // `-c`, `-lc`: the script follows. Without it, nothing is known of what is run.
      guard
        let option = rest.firstIndex(where: {
          $0.hasPrefix("-") && !$0.hasPrefix("--") && $0.hasSuffix("c")
        }), option + 1 < rest.endIndex
      else { return true }
      return mayChange(command: rest[option + 1], depth: depth + 1)
    }
    let isOnlyCheck = rest.contains(where: checkingFlags.contains)
    if programs.contains(name) {
      if isOnlyCheck { return false }
      let flags = flagsThatChange[name] ?? []
      return rest.contains { word in flags.contains { word == $0 || word.hasPrefix("\($0)=") } }
    }
    guard let subcommands = subcommands[name] else {
      if let first = rest.first(where: { !$0.hasPrefix("-") }), looks.contains(first) {
        return false
      }
      return !(isOnlyCheck && formatters.contains(name))
    }
    // Of `npm run test:unit` the script tells, of `gradle :app:check` the last part of the task, of
    // `docker compose ps` and `gh pr view` the word behind the thing that it is about.
    var asked = arguments(of: name, rest).filter { !["run", "run-script", "exec"].contains($0) }
    if let areas = areas[name], let first = asked.first,
      areas.contains("*") || areas.contains(first)
    {
      asked.removeFirst()
    }
    guard let last = asked.first else { return !bareChecks.contains(name) }
    let parts = last.lowercased().split { !$0.isLetter }.map(String.init)
    if parts.contains("fix") { return true }
    if parts.contains("format") || parts.contains("fmt") { return !isOnlyCheck }
    return !parts.contains { subcommands.contains($0) || checks.contains($0) }
  }

  /// The program that some words run, and what it is told; nil when they run none.
  private static func program(
    of words: ArraySlice<String>
  ) -> (name: String, rest: ArraySlice<String>)? {
    var words = words
    while let first = words.first {
      let wrapper = name(first)
      if first == "for" || first == "select" || first == "case" { return nil }
      // `command -v` only asks where a program is.
      if first == "command", words.dropFirst().first.map(["-v", "-V"].contains) == true {
        return nil
      }
      guard first.contains("=") || wrappers.contains(wrapper) || shellWords.contains(first) else {
        return (wrapper, words.dropFirst())
      }
      words.removeFirst()
      // What a wrapper is told stands before the command: `timeout 60`, `sudo -u me`, `-m`.
      while let next = words.first,
        next.hasPrefix("-") || next == "run" || next.allSatisfy(\.isNumber)
      {
        words.removeFirst()
        if optionsWithValues[wrapper]?.contains(next) == true { words = words.dropFirst() }
      }
    }
    return nil
  }

  /// What stands behind a program that is no option, and no option's value.
  private static func arguments(
    of program: String, _ words: ArraySlice<String>
  ) -> ArraySlice<String> {
    var arguments: [String] = []
    var words = words
    while let word = words.popFirst() {
      if !word.hasPrefix("-") {
        arguments.append(word)
      } else if optionsWithValues[program]?.contains(word) == true {
        words = words.dropFirst()
      }
    }
    return arguments[...]
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
  /// Tools of agents that look, wait, or note something for themselves, whatever their names say.
  private static let notingTools = list(
    "write_stdin update_plan TodoWrite TaskCreate TaskUpdate TaskOutput BashOutput LSP ExitPlanMode Skill"
  )
  private static let lookingWords = list(
    """
    read view list ls search grep glob find get fetch show look query open status think plan todo cat \
    browse recall test tests lint check build compile typecheck verify validate diagnostics
    """)

  private static let wrappers = list(
    """
    sudo env time nice nohup timeout command exec npx bunx uvx poetry pipenv uv bundle xvfb-run nix-shell \
    python python3 -m xargs doas
    """)
  /// Behind them a command follows; `done`, `fi` and the like are told as commands that do nothing.
  private static let shellWords = list("do then else elif if while until ! { } done fi esac")
  private static let shells = list("sh bash zsh dash ksh fish")

  /// Options whose value is the next word, of wrappers and of programs with subcommands.
  private static let optionsWithValues: [String: Set<String>] = [
    "sudo": list("-u -g -h -p -C -D -R -T -U --user --group --host --prompt --chdir"),
    "doas": list("-u -C"), "env": list("-u -C --unset --chdir"), "nice": list("-n --adjustment"),
    "time": list("-f -o"), "timeout": list("-s -k --signal --kill-after"),
    "xargs": list("-n -P -I -L -d -a -s -E --max-args --max-procs --delimiter --arg-file"),
    "git": list("-C -c --git-dir --work-tree --namespace --exec-path --config-env"),
    "kubectl": list(
      "-n --namespace --context --cluster --kubeconfig -s --server --user --as --token -l -o -f"),
    "docker": list("-H --host -c --context --config -l --log-level -f --file -p --project-name"),
    "docker-compose": list("-f --file -p --project-name --project-directory --env-file"),
    "gh": list("-R --repo"), "aws": list("--profile --region --output --endpoint-url --query"),
    "systemctl": list("-H --host -M --machine -n -p -t"),
    "make": list("-C -f -I -o -W --directory --file"),
    "cargo": list("-C --config --manifest-path -Z --color"), "go": list("-C"),
    "npm": list("--prefix -w --workspace --loglevel"), "yarn": list("--cwd"),
    "pnpm": list("-C --dir --filter -F"), "swift": list("--package-path"),
    "terraform": list("-chdir"), "gradle": list("-p -b -c --project-dir"),
    "gradlew": list("-p -b -c --project-dir"), "mvn": list("-f --file -pl -P -s"),
    "mvnw": list("-f --file -pl -P -s"), "pip": list("--python"), "pip3": list("--python"),
    "dotnet": list("--project"), "just": list("-f --justfile -d --working-directory"),
  ]

  /// Programs whose first word, one of these or any (`*`), says what the next word is about.
  private static let areas: [String: Set<String>] = [
    "docker": list("compose container image volume network system context buildx service stack"),
    "gh": ["*"], "aws": ["*"], "git": list("worktree stash submodule notes"),
  ]

  /// What programs that are not known are told when they are to show something.
  private static let looks = list(
    "list ls show view status where which info describe logs log search capture version help")

  /// With them a formatter only tells what it would change.
  private static let checkingFlags = list("--check -check --check-only --dry-run --list-different")
  private static let formatters = list("black isort rustfmt yapf swift-format clang-format")

  /// They look or check, whatever they are told.
  private static let programs = list(
    """
    ls cat nl head tail less more grep egrep fgrep rg ag ack find fd tree pwd echo printf which type whereis \
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
  /// With them a program tells of itself.
  private static let helpFlags: Set<String> = ["--help", "--version", "-h"]
  /// With them `gh api` sends something.
  private static let sendingFlags: Set<String> = [
    "-X", "--method", "-f", "--raw-field", "-F", "--field", "--input",
  ]
  private static let writingFlags: Set<String> = [
    "--fix", "--write", "--auto-correct", "--autocorrect", "--in-place", "--fix-only",
  ]

  /// Programs of which the first word behind them tells, beside `checks`.
  private static let subcommands: [String: Set<String>] = [
    "git": list(
      "status diff log show branch blame grep describe reflog remote rev ls shortlog cat list"),
    "docker": list("ps logs images inspect stats version info ls list top port history config"),
    "docker-compose": list("ps logs images top port config events version ls"),
    "gh": list("view list status diff checks watch"),
    "aws": list("ls describe list get head tail filter help"),
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
    "just": [], "mise": list("ls tasks"), "task": [], "turbo": [], "nx": [], "lerna": [], "ng": [],
    "vite": [], "next": [],
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

/// What `Changes` said of commands and tools, which come again and again.
///
/// It has a fixed number of slots: a text replaces another that has the same slot.
struct ChangeMemory {
  private static let slotCount = 256

  private var commands = Slots<(mayChange: Bool, gist: UInt64)>(count: slotCount)
  private var tools = Slots<Bool>(count: slotCount)

  /// Whether a line of shell may change something, and a hash of its gist.
  mutating func command(_ line: String) -> (mayChange: Bool, gist: UInt64) {
    commands.value(of: line) {
      (Changes.mayChange(command: $0), identity(Changes.gist(of: $0)))
    }
  }

  mutating func mayChange(tool: String) -> Bool {
    tools.value(of: tool, Changes.mayChange(tool:))
  }

  private struct Slots<Value> {
    private var slots: [(text: String, value: Value)?]

    init(count: Int) { slots = [(text: String, value: Value)?](repeating: nil, count: count) }

    mutating func value(of text: String, _ find: (String) -> Value) -> Value {
      let slot = Int(truncatingIfNeeded: Hash128(of: text).value) & (slots.count - 1)
      if let known = slots[slot], known.text.utf8.elementsEqual(text.utf8) { return known.value }
      let value = find(text)
      slots[slot] = (text, value)
      return value
    }
  }
}

/// The commands of a line of shell, as far as words, quotes and what joins commands tell.
private struct ShellLine {
  private(set) var commands: [[String]] = []
  /// Whether it sends the output of a command to a file.
  private(set) var writesFile = false

  init(_ line: String) {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    var quote: Unicode.Scalar?
    var rest = line.unicodeScalars[...]
    func endWord() {
      if !word.isEmpty { words.append(String(word)) }
      word.removeAll(keepingCapacity: true)
    }
    while let scalar = rest.popFirst() {
      if let open = quote {
        if scalar == open { quote = nil } else { word.append(scalar) }
        continue
      }
      switch scalar {
      case "'", "\"": quote = scalar
      case "\\":
        guard let next = rest.popFirst() else { break }
        word.append(next)
        if next == "\r", rest.first == "\n" { word.append(rest.removeFirst()) }
      case ">":
        while rest.first == ">" || rest.first == " " { rest.removeFirst() }
        let target = rest.prefix { !isSpace($0) && (!Self.isEnd($0) || $0 == "&") }
        rest = rest[target.endIndex...]
        if target.first != "&", !target.elementsEqual("/dev/null".unicodeScalars) {
          writesFile = true
        }
        if word.allSatisfy({ $0.properties.numericType != nil }) { word.removeAll() }
      // The two that end a line of Windows only part words.
      case "\r" where rest.first == "\n":
        rest.removeFirst()
        endWord()
      case _ where Self.isEnd(scalar):
        endWord()
        if !words.isEmpty { commands.append(words) }
        words.removeAll()
      case _ where isSpace(scalar): endWord()
      default: word.append(scalar)
      }
    }
    endWord()
    if !words.isEmpty { commands.append(words) }
  }

  private static func isEnd(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "|", ";", "&", "\n", "(", ")": true
    default: false
    }
  }
}

private func isSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.isASCII ? scalar.value == 0x20 || scalar.value &- 9 < 5 : scalar.properties.isWhitespace
}
