import Bytes
import Events
import Facts
package import Rules

/// What a command checks, as far as its words tell.
enum Check: Equatable {
  case tests
  /// A build, a type check, a lint.
  case build

  /// The check that a line for a shell runs; of several the last one, tests before others.
  static func of(_ command: String) -> CheckRun? {
    guard let parts = ShellParts(command) else { return nil }
    var found: CheckRun?
    for (index, part) in parts.all.enumerated() {
      guard let rule = commands.hits(part.text.utf8.span).first else { continue }
      let check: Check = commands.rules[rule].kind == "tests" ? .tests : .build
      if found?.check == .tests, check == .build { continue }
      let rest = parts.all[(index + 1)...]
      let isKnown = rest.allSatisfy {
        $0.follows == .success || ($0.follows == .pipe && parts.keepsExit)
      }
      found = CheckRun(
        check: check, command: parts.step(index), isExitKnown: isKnown,
        isFailureKnown: isKnown && rest.allSatisfy { $0.follows == .pipe }
          && !mayFail(before: index, of: parts.all),
        showsAll: !part.hidesOutput
          && rest.prefix { $0.follows == .pipe }.allSatisfy { showsFailures($0) },
        isSilentWhenGood: isSilentWhenGood(part.text))
    }
    return found
  }

  /// Whether a command that is no check decides whether one runs.
  private static func mayFail(before index: Int, of parts: [ShellParts.Part]) -> Bool {
    var index = index
    while parts[index].follows == .success || parts[index].follows == .pipe, index > 0 {
      let isNeeded = parts[index].follows == .success
      index -= 1
      if isNeeded, !preparing.contains(parts[index].words.first ?? ""),
        commands.hits(parts[index].text.utf8.span).isEmpty
      {
        return true
      }
    }
    return false
  }

  static func isCheck(_ command: String) -> Bool { !commands.hits(command.utf8.span).isEmpty }

  static func isSilentWhenGood(_ command: String) -> Bool {
    !silent.hits(command.utf8.span).isEmpty
  }

  /// Whether what a check prints of a failure passes through a command behind it.
  private static func showsFailures(_ part: ShellParts.Part) -> Bool {
    guard let program = part.words.first else { return false }
    if part.hidesOutput { return false }
    if ["head", "tail", "cat", "tee", "sort", "uniq", "less", "more"].contains(program) {
      return true
    }
    let text = part.text.lowercased()
    return program.hasSuffix("grep") && (text.contains("error") || text.contains(" -v"))
  }

  /// Whether a command that ended with 1 and printed nothing has answered no: a search that finds
  /// nothing is no error.
  static func answersByExit(_ command: String) -> Bool {
    ShellParts(command)?.all.contains { asking.contains($0.head ?? "") } == true
  }

  private static let asking: Set = [
    "rg", "ag", "ack", "grep", "egrep", "fgrep", "zgrep", "git grep", "git config", "git diff",
    "git diff-index", "git merge-base", "git show-ref", "git rev-parse", "git check-ignore",
    "git check-attr", "diff", "cmp", "test", "[", "[[", "which", "command -v", "type", "hash",
    "pgrep", "pkill",
  ]

  /// Commands that only set the stage for the next one.
  private static let preparing: Set = [
    "cd", "pushd", "popd", "export", "unset", "set", "source", ".", "echo", "printf", "true",
    "mkdir", "sleep", "pwd", "ulimit", "date",
  ]

  /// What the output of a check says of how it went.
  enum Word { case passed, failed, nothingChecked }

  /// What the end of a check's output says of it; nil where it says nothing.
  static func word(of output: String) -> Word? {
    // Of several summaries the worst counts: a part that failed makes a run fail.
    var word: Word?
    for rule in runners.hits(output.utf8.span) {
      switch runners.rules[rule].kind {
      case "failed": return .failed
      case "passed": word = .passed
      default: if word == nil { word = .nothingChecked }
      }
    }
    return word
  }

  private static let commands = RuleSet(checkRules)
  private static let runners = RuleSet(runnerRules)
  private static let silent = RuleSet(silentCheckRules)
}

/// A check that a line for a shell runs.
struct CheckRun: Equatable {
  let check: Check
  /// The check alone, as a line of its own.
  let command: String
  /// Whether an exit status of 0 is that of the check: not when its output goes into a pipe, or
  /// when something follows it whatever it came to.
  let isExitKnown: Bool
  /// Whether another status is the check's, too: not when what stands before or behind it with `&&`
  /// may have failed instead.
  let isFailureKnown: Bool
  /// Whether what it prints of a failure is shown.
  let showsAll: Bool
  /// Whether it prints nothing when it finds nothing.
  let isSilentWhenGood: Bool

  /// Whether it passed, as far as that is known: a failure that is its own, else what its runner
  /// printed, else its exit status, where that is the check's, else that it printed nothing though
  /// it prints what it finds.
  func passed(hasFailed: Bool, exitCode: FixedPoint?, output: String?) -> Bool? {
    let word = output.flatMap(Check.word)
    if word == .nothingChecked { return nil }
    if hasFailed { return isFailureKnown ? false : word.map { $0 == .passed } }
    if word == .failed { return false }
    if isExitKnown, let exitCode { return exitCode == .zero }
    if let word { return word == .passed }
    return output.map(isGoodSilence) == true ? true : nil
  }

  /// Whether nothing is printed by a check that prints what it finds. What runs it may say so: `>
  /// tsc`.
  private func isGoodSilence(_ output: String) -> Bool {
    guard showsAll else { return false }
    var isSilent = isSilentWhenGood
    for line in output.split(whereSeparator: \.isNewline) {
      let text = line.drop(while: \.isWhitespace)
      if text.isEmpty || text == "(Bash completed with no output)" { continue }
      let mark = text.hasPrefix("[") ? text.drop { $0 != "]" }.dropFirst().drop { $0 == " " } : text
      guard mark.hasPrefix("> ") || mark.hasPrefix("$ ") else { return false }
      let parts = ShellParts(String(mark.dropFirst(2)))?.all ?? []
      let isOfSilentOnes = parts.allSatisfy { part in
        !part.hidesOutput && Check.isSilentWhenGood(part.text)
      }
      if !parts.isEmpty, isOfSilentOnes { isSilent = true }
    }
    return isSilent
  }
}

/// Commands that check something: `tests`, or `build` for builds, type checks and lints.
package let checkRules = Rule.table(
  #"""
  tests | runners by their own name
    / ^(?:\S*/)?(?:pytest|py\.test|tox|nox|jest|vitest|mocha|ava|tap|rspec|phpunit|pest|ctest|bats|karma|gotestsum|nextest)(?:\s|$)
    + pytest -x tests/a.py
    + ./node_modules/.bin/jest --ci
    - pytester
    - cat pytest.ini
  tests | a subcommand
    / ^(?:\S*/)?(?:cargo|go|swift|dotnet|mix|stack|cabal|bazel|zig|flutter|dart|playwright|elm-test|gleam|rails|meson|ng)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+(?:build\s+)?(?:test|tests|t|nextest|test:\S+)(?:\s|$)
    + cargo test --all
    + cargo +nightly --quiet test
    + go -C tools test ./...
    + zig build test
    + playwright test a.spec.ts
    - git test
    - cargo build
    - cargo run -- test
    - cargo run --quiet test
  tests | an option or a word of their own
    / ^(?:\S*/)?(?:(?:node|bun)\b(?:\s+\S+)*?\s+--test|(?:cypress|karma|wtr|testcafe)\s+(?:run|start))(?:[\s=]|$)
    + node --test
    + node --import tsx --test a.mjs
    + cypress run --headless
    - node test.js
    - cypress open
  tests | a script of a project
    / ^(?:\S*/)?(?:npm|yarn|pnpm|bun|deno|hatch|composer|mise|nx|lerna)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*(?:\s+(?:run|run-script|task|r|workspace\s+\S+))?(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+(?:test|tests|t|check-tests|verify|test:\S+|tests:\S+|test-\S+|\S+:test|unit|e2e|integration-test)(?:\s|$)
    + npm run test:unit -- --ci
    + npm --prefix web test
    + pnpm run --silent test
    + yarn workspace web test
    + deno task test
    - npm install test
  tests | a target
    / ^(?:\S*/)?(?:make|gmake|just|task|mvnw?|gradlew?|rake|ninja|sbt|lein|turbo|xcodebuild|cmake)\b(?:\s+\S+)*?\s+(?:test|tests|t|check-tests|verify|test:\S+|tests:\S+|test-\S+|\S+:test|unit|e2e|integration-test)(?:\s|$)
    + ./gradlew clean test
    + make -C web test
    - make clean
  tests | a module of an interpreter
    / ^(?:\S*/)?(?:python[\d.]*|py|coverage\s+run)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+-m\s+(?:pytest|unittest|nose2|tox)(?:\s|$)
    + python -m pytest -q
    + python3.12 -X dev -m pytest
    + coverage run -m pytest
    - python tests.py
    - python -m pip install pytest
    - python -c 'import pytest'
  tests | a runner within an environment
    / ^(?:\S*/)?(?:(?:uv|poetry|pipenv|pdm|rye|hatch)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+run|bundle\s+exec)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+(?:python[\d.]*\s+-m\s+)?(?:pytest|unittest|nose2|tox|rspec|rake\s+test)(?:\s|$)
    + uv run pytest tests
    + uv run --extra dev python -m pytest
    + bundle exec rspec
    - uv add --dev pytest
    - pip install pytest
    - poetry add pytest
  build | compilers, type checkers and linters by their own name
    / ^(?:\S*/)?(?:tsc|vue-tsc|eslint|oxlint|biome|prettier|ruff|flake8|pylint|mypy|pyright|basedpyright|black|isort|golangci-lint|staticcheck|shellcheck|clang-tidy|cppcheck|rubocop|standardrb|swiftlint|ktlint|detekt|hadolint|yamllint|markdownlint\S*|stylelint|gcc|g\+\+|clang|clang\+\+|cc|c\+\+|rustc|javac|kotlinc|swiftc|ghc|ninja|webpack|rollup|esbuild|tsup|vite|next|msbuild|xcodebuild|pre-commit|phpstan|psalm|credo|dialyzer|svelte-check|swift-format)(?:\s|$)
    + tsc --noEmit
    + golangci-lint run
    - tscx
  build | a subcommand
    / ^(?:\S*/)?(?:cargo|go|swift|dotnet|mix|stack|cabal|bazel|zig|flutter|dart|deno|bun|docker|podman|hatch|terraform|helm|nix|meson|trunk|ng|astro)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*(?:\s+(?:compose|buildx|image|flake)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*)?\s+(?:build|check|clippy|vet|lint|compile|validate|fmt|format)(?:\s|$)
    + cargo clippy -- -D warnings
    + docker build -t app .
    + docker compose -f dev.yml build
    - swift package clean
    - docker run --rm app build
    - cargo run -- build
  build | a script of a project
    / ^(?:\S*/)?(?:npm|yarn|pnpm|bun|deno|hatch|composer|mise|nx|lerna)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*(?:\s+(?:run|run-script|task|r|workspace\s+\S+))?(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+(?:build|check|lint|typecheck|type-check|types|tsc|compile|package|validate|fmt|format|build:\S+|lint:\S+|check:\S+|typecheck:\S+|build-\S+|lint-\S+|\S+:build|\S+:lint)(?:\s|$)
    + npm run build
    + mise run lint
    - npm install
    - npm ci
  build | a target
    / ^(?:\S*/)?(?:make|gmake|just|task|mvnw?|gradlew?|rake|ninja|sbt|lein|turbo|xcodebuild|cmake)\b(?:\s+\S+)*?\s+(?:--build|assemble|build|check|lint|typecheck|type-check|types|tsc|compile|package|validate|fmt|format|build:\S+|lint:\S+|check:\S+|typecheck:\S+|build-\S+|lint-\S+|\S+:build|\S+:lint)(?:\s|$)
    + make lint
    + cmake --build build
    - make clean
  build | make by itself
    / ^(?:\S*/)?(?:make|gmake)(?:\s+(?:-\S+|all))*$
    + make -j4
    + make all
    - make clean
  """#)
