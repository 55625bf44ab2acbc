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
    try expect(typescript, "error TS2304: Cannot find name <*>.")
    let go = "# example.com/x\n./main.go:5:2: undefined: foo\n./main.go:9:2: undefined: bar"
    try expect(go, "<*>: undefined: <*>")
  }

  @Test func `what goes on beside, data and code tell nothing`() throws {
    let merge = "Auto-merging a.txt\nCONFLICT (content): Merge conflict in a.txt"
    try expect(merge, "CONFLICT (content): Merge conflict in <*>")
    try expect("> node -e process.exit(3)\nno such luck", "no such luck")
    try expect("{ timeout: 3, windowsHide: true },\n12]\nit did not work", "it did not work")
    try expect("Hook user-prompt-submit output:\nit did not work", "it did not work")
    // Where there is nothing else, it is what there is.
    try expect("> tsc", "> tsc")
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
    try expect("Exit code 127\nzsh: command not found: foo", "command not found: foo")
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

  @Test func `of exceptions that came together the first`() throws {
    let group = """
        + Exception Group Traceback (most recent call last):
        |   File "/srv/app/main.py", line 1, in <module>
        |     raise ExceptionGroup("many", [ValueError("a"), TypeError("b")])
        | ExceptionGroup: many (2 sub-exceptions)
        +-+---------------- 1 ----------------
          | ValueError: a
          +---------------- 2 ----------------
          | TypeError: b
          +------------------------------------
      """
    try expect(group, "ValueError: a")
  }

  @Test func `of an error with a cause the cause`() throws {
    let node = """
      node:internal/deps/undici:1
            throw new TypeError(cause);
            ^

      TypeError: fetch failed
          at node:internal/deps/undici:1:2 {
        [cause]: Error: connect ECONNREFUSED 127.0.0.1:9
            at TCPConnectWrap.afterConnect
      }
      """
    try expect(node, "Error: connect ECONNREFUSED <*>")
  }

  @Test func `the code that throws is not the error`() throws {
    let assertion = """
      node:assert:126
        throw new AssertionError(obj);
        ^

      AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
      """
    try expect(assertion, "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:")
    let thrown = """
      /srv/app/index.js:1
      throw "plain words thrown"
      ^
      plain words thrown
      (Use `node --trace-uncaught ...` to show where the exception was thrown)
      """
    try expect(thrown, "plain words thrown")
  }

  @Test func `of a test summary the reason`() throws {
    let summary = """
      F                                                          [100%]
      =================== short test summary info ====================
      FAILED tests/test_a.py::test_add - ValueError: no such thing as 3
      1 failed in 0.02s
      """
    try expect(summary, "ValueError: no such thing as <*>")
  }

  @Test func `of a package manager its first complaint`() throws {
    let npm = """
      npm error code ERESOLVE
      npm error ERESOLVE unable to resolve dependency tree
      npm error A complete log of this run can be found in: /home/dev/.npm/_logs/a.log
      """
    try expect(npm, "npm error code ERESOLVE")
  }

  @Test func `of a diagnostic for tools the message`() throws {
    let spans = #"{"file_name":"src/main.rs","is_primary":true,"label":"help: here"},"#
    let diagnostic =
      #"{"$message_type":"diagnostic","message":"borrow of moved value: `a`","spans":["#
      + String(repeating: spans, count: 10) + "]}"
    try expect(diagnostic + "\n" + diagnostic, "borrow of moved value: <*>")
  }

  @Test func `of an object on many lines the message`() throws {
    let object = """
      {
        "error": {
          "message": "The key is gone",
          "type": "auth"
        }
      }
      """
    try expect(object, #""message": "The key is gone","#)
  }

  @Test func `what a message of one word is stays`() throws {
    try expect("a.py:3: error: broken", "error: broken")
    try expect("a.c:3: fatal error: ended\nx", "fatal error: ended")
  }

  /// The same failure in another place, with colours, on another machine.
  @Test(arguments: [
    (
      "Traceback (most recent call last):\n  File \"/a/b.py\", line 3, in f\n    g()\nOSError: disk 7",
      "Traceback (most recent call last):\r\n  File \"C:\\x.py\", line 90, in h\r\n    i()\r\nOSError: disk 8"
    ),
    (
      "src/a.ts(3,5): error TS2304: Cannot find name 'x'.",
      "\u{1b}[96mlib/b.ts\u{1b}[0m(\u{1b}[93m90\u{1b}[0m,1): error TS2304: Cannot find name 'y'."
    ),
    (
      "thread 'main' panicked at src/a.rs:2:5:\nno way for 3\nnote: run with it",
      "thread 'worker' panicked at /home/u/b.rs:20:50:\nno way for 4"
    ),
    (
      "panic: no way home\n\ngoroutine 1 [running]:\nmain.main()\n\t/a/m.go:5 +0x1d",
      "panic: no way home\n\ngoroutine 7 [running]:\nx.y()\n\t/b/n.go:50 +0xffe"
    ),
    (
      "--- FAIL: TestA (0.00s)\n    a_test.go:5: got 3, want 4",
      "--- FAIL: TestA (1.20s)\n    b_test.go:50: got 5, want 6"
    ),
    (
      "# example.com/x\n./main.go:5:2: undefined: foo",
      "# example.com/y\n./b.go:15:12: undefined: bar"
    ),
    (
      "FAIL src/a.test.ts\n  ● adds\n\n    expect(received).toBe(expected) // Object.is\n    Expected: 3",
      "FAIL lib/b.test.ts\n  ● subs\n\n    expect(received).toBe(expected) // Object.is\n    Expected: 4"
    ),
    (
      "✘ Test a() recorded an issue at A.swift:5:3: Expectation failed: x == 4",
      "✘ Test b() recorded an issue at B.swift:50:13: Expectation failed: x == 5"
    ),
    (
      "/a/T.swift:5: error: T.testX : XCTAssertTrue failed\nTest Case 'T.testX' failed",
      "/b/U.swift:50: error: U.testY : XCTAssertTrue failed"
    ),
    (
      "FAILED a.py::test_x - assert 1 == 2", "    def test_y():\nE       assert 3 == 2"
    ),
    (
      "no access to gpt-4o-mini here", "no access to gpt-4.1 here"
    ),
    (
      "src/main.rs:4:5: error[E0382]: borrow of moved value: `a`",
      "error[E0382]: borrow of moved value: `b`"
    ),
    ("src/a.ts:3:5 - error TS2304: no name", "error TS2304: no name"),
    (#"C:\x\a.c(12): error C2065: no name"#, "a.c:7: error C2065: no name"),
    (
      "/a/m.swift:1:7: error: cannot find 'a' in scope\nprint(a)\n      ^",
      "/home/u/n.swift:10:70: error: cannot find 'b' in scope"
    ),
    (
      "m.c: In function 'main':\nm.c:1:19: error: 'a' undeclared (first use in this function)",
      "/x/n.c: In function 'f':\n/x/n.c:10:1: error: 'b' undeclared (first use in this function)"
    ),
  ])
  func `where it went wrong makes no difference`(first: String, second: String) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "error", [.errorMessage: .text(first)]),
      event(1, "error", [.errorMessage: .text(second)]),
    ])
    #expect(try spec.rows().map { $0["template"] }.count == 1)
  }

  private func lines(_ count: Int, of line: String) -> String {
    (0..<count).map { "\(line) unit \($0)\n" }.joined()
  }

  @Test(arguments: [500, 900, 5_000])
  func `what fails behind many lines is found`(count: Int) throws {
    try expect(
      lines(count, of: "compiling") + "\nlink.c:7:2: error: cannot find the flashing library\n",
      "error: cannot find the flashing library")
  }

  @Test func `of many lines the first that names an error still counts`() throws {
    try expect(
      "main.c:1:2: error: no such member\n" + lines(3_000, of: "note: compiling")
        + "make: error: 1 target failed\n", "error: no such member")
  }

  @Test func `a traceback that is cut in the middle ends with the exception behind it`() throws {
    try expect(
      "Traceback (most recent call last):\n" + lines(3_000, of: "  File \"a.py\", line 1, in")
        + "ValueError: the port is taken\n", "ValueError: the port is taken")
  }

  @Test func `the example shows the telling line, wherever it stands`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let message = lines(600, of: "compiling") + "error: the disk of the builder is full\nstopped\n"
    try spec.given([event(0, "error", [.errorMessage: .text(message)])])
    let example = try spec.rows().first?["example"]
    #expect(example == .text("error: the disk of the builder is full\nstopped\n"))
  }
}
