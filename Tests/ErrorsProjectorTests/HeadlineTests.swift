import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// Messages of many lines group by what went wrong, not by where.
@Suite struct HeadlineTests {
  private func template(_ message: String) throws -> String? {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([event(0, "error", [.errorMessage: .text(message)])])
    guard case .text(let text)? = try spec.rows().first?["template"] else { return nil }
    return text
  }

  private func expect(_ message: String, _ expected: String) throws {
    let template = try template(message)
    #expect(template == expected)
  }

  @Test func `of a Python traceback the last exception`() throws {
    let message = """
      Traceback (most recent call last):
        File "/srv/app/main.py", line 10, in <module>
          run()
      KeyError: 'x'

      During handling of the above exception, another exception occurred:

      Traceback (most recent call last):
        File "/srv/app/main.py", line 12, in <module>
          raise ValueError("no value for 7")
      app.errors.ValueError: no value for 7
      """
    try expect(message, "app.errors.ValueError: no value for <*>")
  }

  @Test func `of a compiler the first error`() throws {
    let rust = """
         Compiling thing v0.1.0 (/home/u/thing)
      warning: unused variable: `y`
       --> src/main.rs:2:9
      error[E0382]: borrow of moved value: `x`
       --> src/main.rs:4:20
      error: aborting due to 1 previous error
      """
    try expect(rust, "error[E0382]: borrow of moved value: <*>")
    let typescript =
      "npm run build\n\u{1b}[31msrc/a.ts(3,5): error TS2304: Cannot find name 'x'.\u{1b}[0m"
    try expect(typescript, "<*>): error TS2304: Cannot find name <*>.")
    let go = "# example.com/x\n./main.go:5:2: undefined: foo\n./main.go:9:2: undefined: bar"
    try expect(go, "<*>: undefined: foo")
  }

  @Test func `of a test run the first failed assertion`() throws {
    let pytest = """
      ============ FAILURES ============
          def test_a():
      >       assert f(1) == 2
      E       assert 3 == 2
      E        +  where 3 = f(1)
      """
    try expect(pytest, "assert <*>")
  }

  @Test func `of nested exceptions the innermost`() throws {
    let java = """
      Exception in thread "main" java.lang.RuntimeException: outer
      \tat a.B.c(B.java:10)
      Caused by: java.io.IOException: disk gone
      \tat a.D.e(D.java:20)
      """
    try expect(java, "java.io.IOException: disk gone")
  }

  @Test func `a panic is named with its message`() throws {
    let panic =
      "thread 'main' panicked at src/main.rs:2:5:\nindex out of bounds: the len is 3\nnote: x"
    try expect(panic, "thread <*> panicked at <*>: index out of bounds: the len is <*>")
  }

  @Test func `that a command failed gives way to why`() throws {
    try expect(
      "Error: Command failed with exit code 1\nfatal: not a git repository",
      "fatal: not a git repository")
    try expect("Exit code 127\nzsh: command not found: foo", "zsh: command not found: foo")
    try expect("Exit code 1", "Exit code <*>")
  }

  @Test func `of a script the exception, not the frame`() throws {
    let node = """
      /srv/app/index.js:10
          throw new TypeError("bad thing")
          ^

      TypeError: bad thing
          at main (/srv/app/index.js:10:11)
      """
    try expect(node, "TypeError: bad thing")
  }
}
