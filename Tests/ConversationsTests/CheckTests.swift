@testable import Conversations
import Events
import Facts
import Testing

/// What a command that checks something came to, by what it printed.
@Suite struct CheckTests {
  /// A turn of one command, and what its tools and errors say of it.
  private func turn(
    _ command: String, isError: Bool = false, _ output: String
  ) throws -> Transcript {
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"),
      Claude.message("a", id: "m", at: 1, Claude.bash("t", command)),
      Claude.result("r", of: "t", at: 2, isError: isError, output),
      Claude.message("b", id: "n", at: 3, stop: "end_turn", Claude.text("done")),
    ])
    return transcript
  }

  @Test(arguments: [
    ("bun test 2>&1 | tail -4", #" 5 pass\n 1 fail\n 12 expect() calls"#, false),
    ("bun test 2>&1 | tail -4", #" 6 pass\n 0 fail\n 12 expect() calls"#, true),
    ("npx playwright test | tail -3", #"  1 failed\n    a.spec.ts:3:1\n  4 passed (3.1s)"#, false),
    ("node --test | tail -8", #"# tests 5\n# pass 4\n# fail 1"#, false),
    ("node --test | tail -8", #"ℹ pass 4\nℹ fail 1"#, false),
    ("deno test | tail", "FAILED | 4 passed | 1 failed", false),
    ("deno test | tail", "ok | 5 passed | 0 failed (3ms)", true),
    ("tox -q | tail -2", #"py311: FAIL code 1 …\n  evaluation failed :( (4s)"#, false),
    ("npx cypress run | tail", "✖  1 of 2 failed (50%)", false),
    ("xcodebuild test | tail -1", "** TEST FAILED **", false),
    ("flutter test | tail", "00:03 +5 -1: Some tests failed.", false),
    ("mix test | tail -1", "5 tests, 0 failures", true),
    ("npx nx test | tail", "Successfully ran target test", true),
  ])
  func `tests behind a pipe are known by what their runner prints`(
    _ command: String, _ output: String, _ passed: Bool
  ) throws {
    #expect(
      try turn(command, output).verdict("p")
        == Verdict(outcome: passed ? .success : .failure, basis: .tests))
  }

  @Test(arguments: [
    ("npm run build | tail -3", #"error during build:\nRollupError: x"#, false),
    ("docker build . | tail -1", "ERROR: failed to solve: process did not complete", false),
    ("make 2>&1 | tail -2", "make: *** [Makefile:3: all] Error 2", false),
    ("mypy . | tail", "Success: no issues found", true),
    ("npx vite build | tail", "✓ built in 1.2s", true),
    ("npx eslint . | tail", "✖ 2 problems (0 errors, 2 warnings)", true),
    ("golangci-lint run 2>&1 | head -50", "a.go:3:5: could not import x (typecheck)", false),
    // What is silent when all is well.
    ("cd /w && npx tsc --noEmit 2>&1 | head -20", "", true),
    ("go vet ./... 2>&1 | tail", "(Bash completed with no output)", true),
    ("npm run typecheck 2>&1 | tail -20", #"\n> app@1.0.0 typecheck\n> tsc --noEmit\n"#, true),
  ])
  func `builds behind a pipe are known by what they print`(
    _ command: String, _ output: String, _ passed: Bool
  ) throws {
    #expect(
      try turn(command, output).verdict("p")
        == Verdict(outcome: passed ? .success : .failure, basis: .exitCode))
  }

  @Test(arguments: [
    ("npx playwright test | tail -1", "  4 passed (3.1s)"), ("cargo build 2>&1 | tail", ""),
    ("npx tsc --noEmit 2>/dev/null | grep foo", ""), ("npx tsc > a.txt | tail", ""),
    ("pytest | tail", "no tests ran in 0.01s"), ("mypy . | tail", ""),
    ("npm run typecheck | tail", #"> app@1.0.0 typecheck\n> ./check\n"#),
  ])
  func `what proves nothing`(_ command: String, _ output: String) throws {
    #expect(
      try turn(command, output).verdict("p") == Verdict(outcome: .success, basis: .`self`))
  }

  @Test func `tests of which none ran prove nothing, though they fail`() throws {
    let transcript = try turn(
      "pytest -k nothing", isError: true, #"Exit code 5\nno tests ran in 0.01s"#)
    #expect(transcript.verdict("p")?.basis == .`self`)
  }

  @Test func `a check that failed behind a pipe has failed for all who ask`() throws {
    let transcript = try turn(
      "cd /w && FOO=1 cargo test --all 2>&1 | tail -20",
      "test result: FAILED. 3 passed; 1 failed; 0 ignored")
    let call = try #require(transcript.toolCalls["t"])
    #expect(call.ending == .succeeded)
    #expect(call.commandEnding == .failed)
    #expect(call.commandHead == "cargo test")
    let error = try #require(transcript.events.first { $0.fields.has(.errorMessage) })
    #expect(
      error.fields.text(.errorMessage) == "test result: FAILED. 3 passed; 1 failed; 0 ignored")
    #expect(error.fields.bool(.success) == false)
    #expect(!error.fields.has(.exitCode))
    #expect(transcript.turns["p"]?.number(.iterations) == whole(2))
  }

  @Test func `a type check that prints nothing any more is mended`() throws {
    let check = "cd /w && npx tsc --noEmit 2>&1 | head -20"
    var transcript = Transcript()
    try transcript.fold([
      Claude.prompt("p", "do it"), Claude.message("a", id: "m", at: 1, Claude.bash("t", check)),
      Claude.result("r", of: "t", at: 2, "src/a.ts(3,5): error TS2322: x"),
      Claude.message("b", id: "n", at: 3, Claude.bash("u", check)),
      Claude.result("s", of: "u", at: 4, ""),
      Claude.message("c", id: "o", at: 5, stop: "end_turn", Claude.text("All types check now.")),
    ])
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .exitCode))
  }

  @Test(arguments: [
    "rg foo src", "git grep foo", "command -v beads", "cd /w && grep -q a b", "test -f a && make",
    "git diff --exit-code", "type beads", "[ -d a ]",
  ])
  func `nothing found is an answer`(_ command: String) throws {
    let transcript = try turn(command, isError: true, "Exit code 1")
    #expect(transcript.toolCalls["t"]?.ending == .succeeded)
    #expect(transcript.toolCalls["t"]?.commandEnding == .succeeded)
    #expect(!transcript.events.contains { $0.fields.has(.errorMessage) })
    #expect(transcript.verdict("p") == Verdict(outcome: .success, basis: .`self`))
  }

  @Test(
    arguments: [
      ("git add -A && git commit -m x", "hook failed", "git commit", ToolCall.Ending.failed, nil),
      (
        "npm run fmt && npm run lint", "1 error", "npm run lint", .open,
        nil
      ),
      ("npm run gen && npm test", "Tests: 1 failed", "npm test", .failed, "npm test"),
      ("cat a && npm run gen; npm run x", "no", "npm run x", .failed, nil),
    ] as [(String, String, String, ToolCall.Ending, String?)])
  func `of several commands the one that failed has failed`(
    _ command: String, _ output: String, _ head: String, _ ending: ToolCall.Ending, _ said: String?
  ) throws {
    let transcript = try turn(command, isError: true, #"Exit code 1\n"# + output)
    let call = try #require(transcript.toolCalls["t"])
    #expect(call.ending == .failed)
    #expect(call.commandHead == head)
    #expect(call.commandEnding == ending)
    let error = transcript.events.first { $0.fields.has(.errorMessage) }
    if let said { #expect(error?.fields.text(.command) == said) }
  }
}
