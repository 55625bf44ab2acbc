import Facts
package import Rules

/// What a command checks, as far as its words tell.
enum Check: Equatable {
  case tests
  /// A build, a type check, a lint.
  case build

  /// What a shell command checks; of several the last one that does, tests before others.
  ///
  /// - Parameters:
  ///   - isExitKnown: whether an exit status of 0 is that of the check: not when its output goes into
  ///     a pipe, or when something follows it whatever it came to.
  ///   - isFailureKnown: whether another status is the check's, too: not when what stands before or
  ///     behind it with `&&` may have failed instead.
  static func of(
    _ command: String
  ) -> (check: Check, isExitKnown: Bool, isFailureKnown: Bool)? {
    guard let parts = ShellParts(command) else { return nil }
    var found: (check: Check, isExitKnown: Bool, isFailureKnown: Bool)?
    for (index, part) in parts.all.enumerated() {
      guard let rule = commands.hits(part.text.utf8.span).first else { continue }
      let check: Check = commands.rules[rule].kind == "tests" ? .tests : .build
      if found?.check == .tests, check == .build { continue }
      let rest = parts.all[(index + 1)...]
      let isKnown = rest.allSatisfy {
        $0.follows == .success || ($0.follows == .pipe && parts.keepsExit)
      }
      found = (
        check, isKnown,
        isKnown && rest.allSatisfy { $0.follows == .pipe }
          && !mayFail(before: index, of: parts.all)
      )
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

  /// Whether a command, by its head, answers no when it prints nothing and exits with 1: a search that
  /// finds nothing is no error.
  static func answersByExit(_ head: String) -> Bool { asking.contains(head) }

  private static let asking: Set = [
    "rg", "ag", "ack", "grep", "egrep", "fgrep", "git grep", "git config", "git diff", "diff",
    "cmp",
    "test", "[", "which", "command", "pgrep", "git merge-base", "git show-ref",
  ]

  /// Commands that only set the stage for the next one.
  private static let preparing: Set = [
    "cd", "pushd", "popd", "export", "unset", "set", "source", ".", "echo", "printf", "true",
    "mkdir", "sleep", "pwd", "ulimit", "date",
  ]

  /// What the end of a check's output says of it; nil where it says nothing.
  static func passed(_ output: String) -> Bool? {
    // Of several summaries the worst counts: a part that failed makes a run fail.
    var passed: Bool?
    for rule in runners.hits(output.utf8.span) {
      if runners.rules[rule].kind == "failed" { return false }
      passed = true
    }
    return passed
  }

  private static let commands = RuleSet(checkRules)
  private static let runners = RuleSet(runnerRules)
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
    / ^(?:\S*/)?(?:cargo|go|swift|dotnet|mix|stack|cabal|bazel|zig|flutter|dart|playwright|cypress|elm-test|gleam|rails|meson)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*\s+(?:build\s+)?(?:test|tests|t|nextest|test:\S+)(?:\s|$)
    + cargo test --all
    + cargo +nightly --quiet test
    + go -C tools test ./...
    + zig build test
    - git test
    - cargo build
    - cargo run -- test
    - cargo run --quiet test
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
    / ^(?:\S*/)?(?:tsc|vue-tsc|eslint|oxlint|biome|prettier|ruff|flake8|pylint|mypy|pyright|basedpyright|black|isort|golangci-lint|staticcheck|shellcheck|clang-tidy|cppcheck|rubocop|standardrb|swiftlint|ktlint|detekt|hadolint|yamllint|markdownlint\S*|stylelint|gcc|g\+\+|clang|clang\+\+|cc|c\+\+|rustc|javac|kotlinc|swiftc|ghc|ninja|webpack|rollup|esbuild|tsup|vite|next|msbuild|xcodebuild|pre-commit|phpstan|psalm|credo|dialyzer)(?:\s|$)
    + tsc --noEmit
    + golangci-lint run
    - tscx
  build | a subcommand
    / ^(?:\S*/)?(?:cargo|go|swift|dotnet|mix|stack|cabal|bazel|zig|flutter|dart|deno|bun|docker|hatch|terraform|helm|nix|meson|trunk)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*(?:\s+(?:compose|buildx|image|flake)(?:\s+--?\w\S*(?:\s+[^-\s]\S*)?|\s+\+\S+)*)?\s+(?:build|check|clippy|vet|lint|compile|validate|fmt|format)(?:\s|$)
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

/// What the runners of checks print at their end.
package let runnerRules = Rule.table(
  #"""
  failed | pytest
    / (?m)^(?:=+ .*\b\d+ (?:failed|errors?)\b.* in [\d.:]+.*=+|\d+ failed\b.* in [\d.]+s.*|FAILED \S+::\S+.*|ERROR \S+\.py.*)$
    + ===== 1 failed, 3 passed in 0.12s =====
    + FAILED tests/a.py::test_b - assert 1 == 2
    - ===== 3 passed in 0.12s =====
  passed | pytest
    / (?m)^(?:=+ .*\b\d+ passed\b.* in [\d.:]+.*=+|\d+ passed\b.* in [\d.]+s.*)$
    + ===== 3 passed in 0.12s =====
    + 12 passed, 1 warning in 1.20s
    - 3 passed
  failed | jest, vitest
    / (?m)^\s*(?:Tests|Test Suites|Test Files):?\s+\d+ failed\b
    + Tests:       1 failed, 3 passed, 4 total
    +  Test Files  1 failed | 2 passed (3)
    - Tests:       3 passed, 3 total
  passed | jest, vitest
    / (?m)^\s*(?:Tests|Test Files):?\s+\d+ passed\b
    + Tests:       3 passed, 3 total
    - Tests: none
  failed | go
    / (?m)^(?:FAIL(?:\s+\S+.*)?|--- FAIL: .*|panic: .*)$
    + --- FAIL: TestA (0.00s)
    + FAIL	github.com/a/b	0.1s
    - ok  	github.com/a/b	0.1s
  passed | go
    / (?m)^(?:ok\s+\S+\s+(?:[\d.]+s|\(cached\)).*|PASS)$
    + ok  	github.com/a/b	0.1s
    + ok  	github.com/a/b	(cached)
    - ok then
  failed | cargo
    / (?m)^(?:test result: FAILED\.|error: test failed|error: could not compile|error\[E\d+\]:)
    + test result: FAILED. 1 passed; 1 failed;
    - test result: ok. 2 passed;
  passed | cargo
    / (?m)^(?:test result: ok\.|\s+Finished .*(?:dev|test|release).* target)
    + test result: ok. 2 passed; 0 failed;
    - test result: FAILED. 1 passed
  failed | swift
    / (?m)(?:Test run with \d+ tests? .*failed|Executed \d+ tests?, with [1-9]\d* failures?|^error: fatalError)
    + Executed 3 tests, with 1 failure (0 unexpected) in 0.1 seconds
    - Executed 3 tests, with 0 failures (0 unexpected) in 0.1 seconds
  passed | swift
    / (?m)(?:Test run with \d+ tests? .*passed|Executed \d+ tests?, with 0 failures)
    + Test run with 12 tests in 3 suites passed after 0.1 seconds.
    - Test run started.
  failed | mocha, rspec, dotnet, phpunit, unittest, ctest, maven, gradle
    / (?m)^(?:\s*[1-9]\d* failing|\d+ examples?, [1-9]\d* failures?.*|Failed!\s+- Failed:.*|FAILURES!|ERRORS!|FAILED \((?:failures|errors)=.*|\d+% tests passed, [1-9]\d* tests? failed out of.*|\[ERROR\] .*BUILD FAILURE.*|\[INFO\] BUILD FAILURE|BUILD FAILED.*|# fail [1-9]\d*|not ok \d+.*)$
    +   2 failing
    + 3 examples, 1 failure
    + FAILED (failures=1)
    -   2 passing (10ms)
  passed | mocha, rspec, dotnet, phpunit, unittest, ctest, maven, gradle
    / (?m)^(?:\s*\d+ passing\b.*|\d+ examples?, 0 failures.*|Passed!\s+- Failed:\s+0.*|OK \(.*\)|OK|100% tests passed.*|\[INFO\] BUILD SUCCESS|BUILD SUCCESSFUL.*|# fail 0)$
    +   12 passing (10ms)
    + 3 examples, 0 failures
    + OK (5 tests, 9 assertions)
    -   2 failing
  failed | compilers
    / (?m)^(?:\S+\.\w+[:(]\d+[:,]\d+\)?:? (?:fatal )?error\b.*|Found [1-9]\d* errors?\b.*|make: \*\*\* .*|✖ [1-9]\d* problems? \([1-9]\d* errors?.*|error TS\d+:.*|npm ERR! .*|npm error .*|ELIFECYCLE .*|error: build failed.*)$
    + src/a.ts(3,4): error TS2304: Cannot find name 'x'.
    + Found 2 errors in 1 file.
    + make: *** [Makefile:3: all] Error 2
    - Found 0 errors.
  """#)
