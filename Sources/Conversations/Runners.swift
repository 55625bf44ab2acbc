package import Rules

/// What the runners of checks print at their end: that they `failed` or `passed`, or that they
/// checked `nothing`.
package let runnerRules = Rule.table(
  #"""
  failed | pytest
    / (?m)^(?:=+ .*\b\d+ (?:failed|errors?)\b.* in [\d.:]+.*=+|\d+ (?:failed|errors?)\b.* in [\d.]+s.*|FAILED \S+::\S+.*|ERROR \S+\.py.*)$
    + ===== 1 failed, 3 passed in 0.12s =====
    + FAILED tests/a.py::test_b - assert 1 == 2
    - ===== 3 passed in 0.12s =====
  passed | pytest
    / (?m)^(?:=+ .*\b[1-9]\d* passed\b.* in [\d.:]+.*=+|[1-9]\d* passed\b.* in [\d.]+s.*)$
    + ===== 3 passed in 0.12s =====
    + 12 passed, 1 warning in 1.20s
    - 3 passed
  failed | jest, vitest, pest
    / (?m)^\s*(?:Tests|Test Suites|Test Files):?\s+[1-9]\d* failed\b
    + Tests:       1 failed, 3 passed, 4 total
    +  Test Files  1 failed | 2 passed (3)
    - Tests:       3 passed, 3 total
  passed | jest, vitest, pest
    / (?m)^\s*(?:Tests|Test Files):?\s+(?:\d+ (?:skipped|todo)(?:, | \| ))*[1-9]\d* passed\b
    + Tests:       3 passed, 3 total
    + Tests:       1 skipped, 3 passed, 4 total
    - Tests: none
  failed | bun
    / (?m)^\s*[1-9]\d* fail$
    +  5 pass⏎ 1 fail⏎ 12 expect() calls
    -  6 pass⏎ 0 fail
  passed | bun
    / (?m)^\s*0 fail$
    +  6 pass⏎ 0 fail
    - 10 fail
  failed | playwright
    / (?m)^\s+[1-9]\d* (?:failed|interrupted)$
    +   1 failed⏎    a.spec.ts:3:1 › a⏎  4 passed (3.1s)
    -   4 passed (3.1s)
  passed | playwright, which tells of those that passed behind the others
    / (?m)(?:^\s*\n|^\s+\d+ (?:skipped|did not run)\n)\s+[1-9]\d* passed \([\d.]+(?:ms|s|m|h)\)$
    + Running 5 tests using 2 workers⏎⏎  5 passed (3.1s)
    +   1 skipped⏎  4 passed (3.1s)
    -   4 passed (3.1s)
    -     a.spec.ts:3:1 › a⏎  4 passed (3.1s)
  failed | node, and what prints TAP
    / (?m)^(?:(?:#|ℹ) fail [1-9]\d*|not ok \d+[^#\n]*)$
    + # tests 5⏎# pass 4⏎# fail 1
    + ℹ fail 1
    + not ok 3 - adds
    - not ok 3 - adds # SKIP later
    - # fail 0
  passed | node
    / (?m)^(?:#|ℹ) fail 0$
    + ℹ pass 4⏎ℹ fail 0
    - # fail 10
  failed | deno
    / (?m)^FAILED \| \d+ passed.*\| [1-9]\d* failed|^error: Test failed$
    + FAILED | 4 passed | 1 failed (20ms)
    - ok | 5 passed | 0 failed (3ms)
  passed | deno
    / (?m)^ok \| [1-9]\d* passed.*\| 0 failed
    + ok | 5 passed | 0 failed (3ms)
    - FAILED | 4 passed | 1 failed
  failed | cypress
    / (?m)^\s*✖\s+\d+ of \d+ failed\b
    +   ✖  1 of 2 failed (50%)      00:03        5        4        1
    -   ✔  All specs passed!        00:03        5        5
  passed | cypress
    / (?m)^\s*✔\s+All specs passed!
    +   ✔  All specs passed!        00:03        5        5
    -   ✖  1 of 2 failed (50%)
  failed | flutter, dart
    / (?m)^(?:\d+:)?\d+:\d+ \+\d+(?: ~\d+)? -[1-9]\d*: Some tests failed\.
    + 00:03 +5 -1: Some tests failed.
    - 00:03 +6: All tests passed!
  passed | flutter, dart
    / (?m)^(?:\d+:)?\d+:\d+ \+[1-9]\d*(?: ~\d+)?: All tests passed!
    + 00:03 +6: All tests passed!
    - 00:03 +5 -1: Some tests failed.
  failed | tox
    / (?m)^(?:\s+\S+: FAIL\b.*|\s+evaluation failed :\(.*|ERROR:\s+\S+: commands failed)$
    + py311: OK⏎  py312: FAIL code 1 (0.2=setup[0.1]+cmd[0.1] seconds)
    +   evaluation failed :( (4.05s)
    -   congratulations :) (4.05s)
  passed | tox
    / (?m)^\s+congratulations :\)
    +   congratulations :) (4.05s)
    -   evaluation failed :( (4.05s)
  failed | go
    / (?m)^(?:FAIL(?:\s+\S+.*)?|\s*--- FAIL: .*|panic: .*|# \S+(?: \[.*\])?\n(?:vet: )?(?:\./)?\S+\.go:\d+:\d+: .*)$
    + --- FAIL: TestA (0.00s)
    + FAIL⇥github.com/a/b⇥0.1s
    + # example.com/a⏎./a.go:3:5: undefined: x
    - ok  ⇥github.com/a/b⇥0.1s
  passed | go
    / (?m)^(?:ok\s+\S+\s+(?:[\d.]+s|\(cached\)).*|PASS)$
    + ok  ⇥github.com/a/b⇥0.1s
    + ok  ⇥github.com/a/b⇥(cached)
    - ok then
  failed | gotestsum, nextest
    / (?m)^(?:DONE \d+ tests?.*, [1-9]\d* (?:failures?|errors?)\b.*|\s+Summary \[.*\] \d+.* tests? run: .*\b[1-9]\d* failed\b.*)$
    + DONE 3 tests, 1 failure in 0.100s
    +      Summary [   0.100s] 3 tests run: 2 passed, 1 failed, 0 skipped
    - DONE 3 tests in 0.100s
  passed | gotestsum, nextest
    / (?m)^(?:DONE [1-9]\d* tests?(?:, \d+ skipped)? in .*|\s+Summary \[.*\] [1-9]\d* tests? run: \d+ passed(?: \([^)]*\))?, \d+ skipped)$
    + DONE 3 tests in 0.100s
    +      Summary [   0.100s] 3 tests run: 3 passed, 0 skipped
    - DONE 3 tests, 1 failure in 0.100s
  failed | cargo
    / (?m)^(?:test result: FAILED\.|error: test failed|error: could not compile|error\[E\d+\]:)
    + test result: FAILED. 1 passed; 1 failed;
    - test result: ok. 2 passed;
  passed | cargo
    / (?m)^(?:test result: ok\.|\s+Finished .*(?:dev|test|release).* target)
    + test result: ok. 2 passed; 0 failed;
    - test result: FAILED. 1 passed
  failed | swift
    / (?m)(?:Test run with \d+ tests? .*failed|Executed \d+ tests?, with [1-9]\d* failures?|^error: fatalError|^error: \S+ command failed)
    + Executed 3 tests, with 1 failure (0 unexpected) in 0.1 seconds
    - Executed 3 tests, with 0 failures (0 unexpected) in 0.1 seconds
  passed | swift
    / (?m)(?:Test run with [1-9]\d* tests? .*passed|Executed [1-9]\d* tests?, with 0 failures|^Build complete!)
    + Test run with 12 tests in 3 suites passed after 0.1 seconds.
    + Build complete! (1.20s)
    - Test run started.
  failed | xcodebuild
    / (?m)^\*\* (?:\w+ )?[A-Z]+ FAILED \*\*
    + ** TEST FAILED **
    + ** BUILD FAILED **
    - ** TEST SUCCEEDED **
  passed | xcodebuild
    / (?m)^\*\* (?:\w+ )?[A-Z]+ SUCCEEDED \*\*
    + ** BUILD SUCCEEDED ** [3.2 sec]
    - ** BUILD FAILED **
  failed | mocha, ava
    / (?m)^\s*[1-9]\d* (?:failing|tests? failed)$
    +   2 failing
    +   1 test failed
    -   2 passing (10ms)
  passed | mocha, ava
    / (?m)^\s*[1-9]\d* (?:passing\b.*|tests? passed)$
    +   12 passing (10ms)
    -   0 passing (1ms)
  failed | rspec, mix, bats
    / (?m)^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?\d+ (?:examples?|tests?), [1-9]\d* failures?\b
    + 3 examples, 1 failure
    + 5 tests, 2 failures
    - 3 examples, 0 failures
  passed | rspec, mix, bats
    / (?m)^(?:\d+ doctests?, )?(?:\d+ propert(?:y|ies), )?[1-9]\d* (?:examples?|tests?), 0 failures\b
    + 3 examples, 0 failures
    + 1 doctest, 5 tests, 0 failures
    - 0 examples, 0 failures
  failed | minitest, clojure
    / (?m)^(?:\d+ (?:runs|tests), \d+ assertions, )?(?:[1-9]\d* failures?, \d+ errors?|\d+ failures?, [1-9]\d* errors?)\b
    + 5 runs, 7 assertions, 1 failures, 0 errors, 0 skips
    + 0 failures, 2 errors.
    - 5 runs, 7 assertions, 0 failures, 0 errors, 0 skips
  passed | minitest, clojure
    / (?m)^(?:[1-9]\d* (?:runs|tests), \d+ assertions, )?0 failures, 0 errors\b
    + 5 runs, 7 assertions, 0 failures, 0 errors, 0 skips
    - 0 failures, 2 errors.
  failed | dotnet
    / (?m)^(?:\s*Failed!\s+- Failed:.*|Build FAILED\.|Build failed with .*|Test summary: total: \d+, failed: [1-9].*|.*: error (?:CS|MSB|NETSDK|FS)\d+: .*)$
    + Failed!  - Failed:     1, Passed:     3, Skipped:     0
    + Build FAILED.
    + a.cs(3,5): error CS0103: The name 'x' does not exist
    - Passed!  - Failed:     0, Passed:     3
  passed | dotnet
    / (?m)^(?:\s*Passed!\s+- Failed:\s+0.*|Build succeeded\b.*|Test summary: total: [1-9]\d*, failed: 0.*)$
    + Passed!  - Failed:     0, Passed:     3
    + Build succeeded.
    - Failed!  - Failed:     1, Passed:     3
  failed | phpunit, unittest
    / (?m)^(?:FAILURES!|ERRORS!|FAILED \((?:failures|errors)=.*)$
    + FAILED (failures=1)
    - OK (5 tests, 9 assertions)
  passed | phpunit, unittest
    / (?m)^OK(?: \(.*\))?$
    + OK (5 tests, 9 assertions)
    + Ran 3 tests in 0.001s⏎⏎OK
    - FAILED (failures=1)
  failed | ctest, meson
    / (?m)^(?:\d+% tests passed, [1-9]\d* tests? failed out of.*|Fail:\s+[1-9]\d*)\s*$
    + 80% tests passed, 1 tests failed out of 5
    + Ok:                 4⏎Fail:               1
    - 100% tests passed, 0 tests failed out of 5
  passed | ctest, meson
    / (?m)^(?:100% tests passed.*|Fail:\s+0\s*)$
    + 100% tests passed, 0 tests failed out of 5
    - Fail:               1
  failed | maven, gradle, sbt
    / (?m)^(?:\[ERROR\] .*BUILD FAILURE.*|\[INFO\] BUILD FAILURE|BUILD FAILED.*|\[ERROR\] Tests run: .*|\[error\] \(.+\) .+)$
    + BUILD FAILED in 3s
    + [INFO] BUILD FAILURE
    + [error] (Test / test) sbt.TestsFailedException: Tests unsuccessful
    - BUILD SUCCESSFUL in 3s
  passed | maven, gradle, sbt
    / (?m)^(?:\[INFO\] BUILD SUCCESS|BUILD SUCCESSFUL.*|\[success\] Total time: .*)$
    + BUILD SUCCESSFUL in 3s
    - BUILD FAILED in 3s
  failed | nx, turbo
    / (?m)^\s*(?:(?:>?\s*NX\s+)?Running targets? .* failed|Failed tasks:.*|Failed:\s+\S+#\S+.*)$
    +  NX   Running target test for 3 projects failed
    +  Failed:    web#build
    -  NX   Successfully ran target test for project web
  passed | nx, turbo
    / (?m)^\s*(?:(?:>?\s*NX\s+)?Successfully ran targets? .*|Tasks:\s+[1-9]\d* successful, \d+ total)$
    +  NX   Successfully ran target test for project web
    + Successfully ran target test
    -  NX   Running target test for 3 projects failed
  failed | bazel
    / (?m)^(?:Executed \d+ out of \d+ tests?: .*\bfails?\b.*|(?:ERROR|FAILED): Build did NOT complete successfully.*)$
    + Executed 1 out of 1 test: 1 fails locally.
    - Executed 1 out of 1 test: 1 test passes.
  passed | bazel
    / (?m)^(?:Executed \d+ out of \d+ tests?: \d+ tests? pass(?:es)?\.|INFO: Build completed successfully.*)$
    + Executed 1 out of 1 test: 1 test passes.
    - Executed 1 out of 1 test: 1 fails locally.
  failed | zig, elm, karma, haskell
    / (?m)^(?:error: the following (?:build )?commands? failed.*|\d+ passed; \d+ skipped; [1-9]\d* failed\.|TEST RUN FAILED|.*Executed \d+ of \d+ \([1-9]\d* FAILED\).*|Test suite \S+: FAIL)$
    + 2 passed; 0 skipped; 1 failed.
    + TEST RUN FAILED
    + Chrome 120: Executed 3 of 3 (1 FAILED) (0.1 secs / 0.1 secs)
    - All 3 tests passed.
  passed | zig, elm, karma, haskell
    / (?m)^(?:All [1-9]\d* tests passed\.|TEST RUN PASSED|.*Executed \d+ of \d+ (?:\(skipped \d+\) )?SUCCESS.*|TOTAL: [1-9]\d* SUCCESS|Test suite \S+: PASS)$
    + All 3 tests passed.
    + TOTAL: 3 SUCCESS
    - TEST RUN FAILED
  failed | make, ninja
    / (?m)^(?:(?:\S*/)?g?make(?:\[\d+\])?: \*\*\* .*|ninja: build stopped: .*)$
    + make: *** [Makefile:3: all] Error 2
    + make[1]: *** [Makefile:9: a.o] Error 1
    + ninja: build stopped: subcommand failed.
    - make: Nothing to be done for 'all'.
  passed | make, ninja
    / (?m)^(?:(?:\S*/)?g?make: (?:Nothing to be done for|'.+' is up to date).*|ninja: no work to do\.)$
    + make: Nothing to be done for 'all'.
    - make: *** [Makefile:3: all] Error 2
  failed | compilers
    / (?m)^(?:\S+\.\w+[:(]\d+[:,]\d+\)?:? (?:fatal )?error\b.*|\s*error TS\d+:.*|collect2: error: .*|error: build failed.*)$
    + src/a.ts(3,4): error TS2304: Cannot find name 'x'.
    + /a/b.c:3:5: error: expected ';'
    - Found 0 errors.
  failed | type checkers and linters
    / (?m)^(?:Found [1-9]\d* errors?(?:\.|,? (?:in|across|checked)\b.*| \(\d+ fixed, [1-9]\d* remaining\)\.)?|✖ [1-9]\d* problems? \([1-9]\d* errors?.*|ESLint found too many warnings.*|[1-9]\d* errors?, \d+ warnings?.*|[1-9]\d* issues:|\S+\.go:\d+:\d+: .+ \([a-z][a-zA-Z-]+\)|In \S+ line \d+:|\S+\.pyi?:\d+:\d+: [A-Z]+\d+ .*|\S+\.py:\d+:\d+: [EF]\d{4}: .*|svelte-check found [1-9]\d* errors?.*| *\[ERROR\] Found [1-9]\d* errors?)$
    + Found 2 errors in 1 file.
    + ✖ 3 problems (1 error, 2 warnings)
    + 3 errors, 0 warnings, 0 informations
    + cmd/a.go:3:5: could not import x (typecheck)
    + In a.sh line 3:
    + a.py:3:5: E501 line too long (90 > 79 characters)
    - Found 2 errors (2 fixed, 0 remaining).
    - ✖ 2 problems (0 errors, 2 warnings)
    - Found 0 errors.
    - 0 errors, 0 warnings, 0 informations
  passed | type checkers and linters
    / (?m)^(?:Success: no issues found.*|Found 0 errors.*|Found \d+ errors? \(\d+ fixed, 0 remaining\)\.|All checks passed!|✖ \d+ problems? \(0 errors.*|0 errors, \d+ warnings?.*|0 issues\.|svelte-check found 0 errors.*| *\[OK\] No errors|Your code has been rated at 10\.00/10.*)$
    + Success: no issues found in 3 source files
    + Success: no issues found
    + ✖ 2 problems (0 errors, 2 warnings)
    + 0 errors, 0 warnings, 0 informations
    + 0 issues.
    - ✖ 3 problems (1 error, 2 warnings)
    - Found 2 errors in 1 file.
  failed | formatters
    / (?m)^(?:\[warn\] Code style issues (?:were )?found in .*|Oh no! 💥.*|\d+ files? would be reformatted.*|\d+ files inspected, [1-9]\d* offenses? detected.*|Done linting! Found \d+ violations?, [1-9]\d* serious.*|.+\.{3,}Failed)$
    + [warn] Code style issues found in 2 files. Run Prettier with --write to fix.
    + 1 file would be reformatted, 2 files would be left unchanged.
    + ruff.....................................................Failed
    - ruff.....................................................Passed
  passed | formatters
    / (?m)^(?:All matched files use Prettier code style!|All done! ✨.*|Checked \d+ files? in .*|\d+ files inspected, no offenses detected.*|Done linting! Found \d+ violations?, 0 serious.*|.+\.{3,}Passed)$
    + All matched files use Prettier code style!
    + ruff.....................................................Passed
    - ruff.....................................................Failed
  failed | bundlers
    / (?m)^(?:error during build:|RollupError: .*|[✗x] Build failed in .*|✘ \[ERROR\] .*|webpack [\d.]+ compiled with [1-9]\d* errors?.*|Failed to compile\.|> Build failed because of .*)$
    + error during build:⏎RollupError: x
    + ✘ [ERROR] Could not resolve "x"
    + webpack 5.90.0 compiled with 2 errors in 300 ms
    - ✓ built in 1.2s
  passed | bundlers
    / (?m)^(?:✓ built in [\d.]+ ?m?s.*|\s*⚡ Done in .*|webpack [\d.]+ compiled successfully.*|(?:✨ +)?Done in [\d.]+ ?m?s\.)$
    + ✓ built in 1.2s
    + webpack 5.90.0 compiled successfully in 300 ms
    + Done in 3.21s.
    - error during build:
  failed | images
    / (?m)^(?:ERROR: failed to (?:solve|build).*|failed to solve: .*|The command '.*' returned a non-zero code: \d+)$
    + ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 1
    + The command '/bin/sh -c make' returned a non-zero code: 2
    - #9 naming to docker.io/library/app done
  passed | images
    / (?m)^(?:#\d+ naming to \S+.* done|Successfully (?:built|tagged) \S+)$
    + #9 naming to docker.io/library/app done
    + Successfully tagged app:latest
    - ERROR: failed to solve: x
  failed | scripts
    / (?m)^(?:npm ERR! .*|npm error .*|\s*ELIFECYCLE .*|error: script ".+" exited with code \d+|error Command failed with exit code \d+\.)$
    + npm ERR! code ELIFECYCLE
    + error: script "test" exited with code 1
    + error Command failed with exit code 1.
    - npm warn deprecated x@1
  failed | infrastructure
    / (?m)^(?:(?:│ )?Error: (?:Invalid|Unsupported|Missing|Reference to undeclared|Unclosed) .*|Error: \d+ chart\(s\) linted, [1-9]\d* chart\(s\) failed)$
    + │ Error: Unsupported argument
    - Success! The configuration is valid.
  passed | infrastructure
    / (?m)^(?:Success! The configuration is valid.*|\d+ chart\(s\) linted, 0 chart\(s\) failed)$
    + Success! The configuration is valid.
    - Error: Invalid block definition
  nothing | no tests
    / (?m)^(?:=* ?no tests ran in .*|No tests? (?:files? )?found\b.*|No test modules found.*|Ran 0 tests in .*|NO TESTS RAN|0 examples, 0 failures.*|\s*0 passing\b.*|\?\s+\S+\s+\[no test files\]|error: No test files .*)$
    + ===== no tests ran in 0.01s =====
    + no tests ran in 0.01s
    + No tests found, exiting with code 1
    + ?   ⇥example.com/a⇥[no test files]
    - 3 passed in 0.01s
  """#)

/// Checks that print nothing when they find nothing.
package let silentCheckRules = Rule.table(
  #"""
  silent | by their own name
    / ^(?:\S*/)?(?:tsc|vue-tsc|eslint|flake8|shellcheck|staticcheck|golangci-lint|stylelint|yamllint|hadolint|markdownlint\S*|gcc|g\+\+|clang|clang\+\+|cc|c\+\+|rustc|javac|swiftc|swift-format)(?:\s|$)
    + tsc --noEmit
    + ./node_modules/.bin/eslint .
    - pytest
    - mypy .
  silent | a subcommand
    / ^(?:\S*/)?(?:go\s+(?:build|vet|fmt)|cargo\s+fmt|swift\s+format|zig\s+(?:build|fmt)|(?:npm|pnpm|yarn|bun)\s+(?:exec\s+|run\s+)?(?:--\s+)?(?:tsc|eslint))(?:\s|$)
    + go vet ./...
    + pnpm exec tsc --noEmit
    - go test ./...
    - cargo build
  silent | when they are told to be quiet
    / ^(?:\S*/)?(?:cargo\s+(?:check|build|clippy)|ruff\s+check|ruff|black|swiftlint|prettier)\b.*\s(?:-q|--quiet|-l|--list-different)(?:\s|$)
    + cargo check -q
    + ruff check --quiet .
    - cargo check
  """#)
