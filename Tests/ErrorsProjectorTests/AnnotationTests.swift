import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// What a group is told to be: category, type, and the built-in pattern that it is an instance of.
@Suite struct AnnotationTests {
  @Test(arguments: builtIns)
  func `built-in patterns annotate`(message: String, category: String, name: String) throws {
    let row = try row(message)
    #expect(row?["name"] == .text(name))
    #expect(row?["category"] == .text(category))
    #expect(row?["built_in"] == .bool(true))
    #expect(row?["confidence"] == .real(0.9))
    #expect(row?["advice"] != .null)
  }

  @Test func `each built-in pattern is met, and there are enough`() {
    let met = Set(builtIns.map { $0.2 })
    #expect(met.count == builtIns.count)
    #expect(met.count >= 60)
  }

  /// They hold words of built-in patterns, and are none of them.
  @Test(arguments: [
    "the importance of modules was not found interesting",
    "the indentation is fine", "monkeyerror of the zoo", "the prize is awarded to nobody",
    "cannot find the owner of the scope", "the types of mismatch differ",
    "the borrower cannot come",
    "rating limits are unknown", "the overlord is away", "invalid apiary",
    "modelling gave no result",
    "the timing is out", "the refused connection", "permissions were granted and denied",
    "epipeline stalls", "the filenotfounder went home", "deadlines exceeded our patience",
    "division of labour", "go for an undefined time", "the git repository is large",
  ])
  func `what only sounds like one is none`(message: String) throws {
    #expect(try row(message)?["name"] == .null)
  }

  @Test func `a phrase begins a word, or a part of a name`() throws {
    #expect(
      try row("FileNotFoundError: [Errno 2] No such file: 'a'")?["name"] == .text("File not found"))
    #expect(try row("httpx.ReadTimeout: x")?["name"] == .text("Timeout"))
  }

  @Test func `what is not built in has a category too`() throws {
    let row = try row("the frobnicator stalls")
    #expect(row?["category"] == .text("other"))
    #expect(row?["built_in"] == .bool(false))
    #expect(row?["confidence"] == .real(0.7))
    #expect(try self.row("RangeError: odd")?["category"] == .text("runtime"))
  }

  @Test func `the type is the event's, else what the line names`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([
      event(0, "error", [.errorMessage: "boom", .errorType: "Boom"]),
      event(1, "error", [.errorMessage: "app.errors.BadThing: x"]),
      event(2, "error", [.errorMessage: "app.errors.ThingError: x"]),
      event(3, "error", [.errorMessage: "error[E0599]: no method"]),
    ])
    #expect(
      try spec.rows().map { $0["error_type"] }
        == [.text("Boom"), .null, .text("app.errors.ThingError"), .text("E0599")])
  }

  @Test(arguments: [
    ("HTTP error 401", "Not authorised"), ("HTTP error 403", "Forbidden"),
    ("Request failed with status code 404", "Not found by a server"),
    ("Error code: 429", "Rate limit"), ("Error code: 500", "Server error"),
    ("HTTP/1.1 503 at once", "Gateway error"),
    ("request failed with status TooManyRequests", "Rate limit"),
    ("request failed with status BadGateway", "Gateway error"),
  ])
  func `the status of an answer names what it is`(message: String, name: String) throws {
    #expect(try row(message)?["name"] == .text(name))
  }

  @Test(arguments: [
    ("Unexpected status 507 from server", "network"), ("unexpectedly closed stream", "other"),
    ("expected 3 rows but found 4", "other"),
    ("Fatal error: Unexpectedly found nil while unwrapping", "runtime"),
    ("error: expected ';' after expression", "syntax"),
    ("database is locked", "resource"), ("404 Not Found", "network"),
    ("3:10 error 'x' is assigned a value no-unused-vars", "lint"),
    ("F401 `os` imported but unused", "lint"), ("gofmt: files differ", "style"),
    ("building a permission slip", "other"), ("PermissionError: x", "permission"),
    ("the digits are legitimate", "other"), ("git: no way", "tool"),
    ("the build failed", "build"),
    ("OSError: odd", "runtime"), ("connect ENETUNREACH 10.0.0.1", "network"),
  ])
  func `a category is read from phrases, not from parts of words`(
    message: String, category: String
  ) throws {
    #expect(try row(message)?["category"] == .text(category))
  }

  private func row(_ message: String) throws -> [String: Cell]? {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([event(0, "error", [.errorMessage: .text(message)])])
    return try spec.rows().first
  }
}

private let builtIns = [
  ("HTTP error 404", "network", "Not found by a server"),
  ("ModuleNotFoundError: No module named 'x'", "import", "Python module not found"),
  ("ImportError: cannot import name 'a' from 'b'", "import", "Python name cannot be imported"),
  ("IndentationError: unindent does not match", "syntax", "Python indentation"),
  ("SyntaxError: '(' was never closed", "syntax", "Python syntax"),
  ("AttributeError: 'NoneType' object has no attribute 'x'", "type", "Python attribute missing"),
  ("KeyError: 'user'", "runtime", "Python key missing"),
  (
    "TypeError: f() missing 1 required positional argument: 'b'", "type", "Python wrong arguments"
  ),
  ("NameError: name 'foo' is not defined", "runtime", "Python name not defined"),
  (
    "json.decoder.JSONDecodeError: Expecting value: line 1 column 1", "syntax",
    "JSON does not parse"
  ),
  ("a.ts(1,2): error TS2304: Cannot find name 'x'.", "type", "TypeScript name not found"),
  ("Error: Cannot find module './x'", "import", "JavaScript module not found"),
  (
    "a.ts(1,2): error TS2339: Property 'x' does not exist on type 'Y'.", "type",
    "TypeScript property missing"
  ),
  (
    "a.ts(1,2): error TS2322: Type 'string' is not assignable to type 'number'.", "type",
    "TypeScript type not assignable"
  ),
  (
    "a.ts(1,2): error TS2532: Object is possibly 'undefined'.", "type",
    "TypeScript possibly undefined"
  ),
  (
    "TypeError: Cannot read properties of undefined (reading 'x')", "runtime",
    "JavaScript property of undefined"
  ),
  ("TypeError: a.go is not a function", "type", "JavaScript not a function"),
  ("Error: Invalid hook call. Hooks can only be called inside", "runtime", "React hook misused"),
  ("FATAL ERROR: JavaScript heap out of memory", "resource", "JavaScript heap exhausted"),
  ("error[E0382]: borrow of moved value: `x`", "type", "Rust use after move"),
  ("error[E0502]: cannot borrow `v` as mutable", "type", "Rust borrow conflict"),
  ("error[E0308]: mismatched types", "type", "Rust types differ"),
  ("error[E0425]: cannot find function `f` in this scope", "type", "Rust name not found"),
  ("error[E0432]: unresolved import `foo`", "import", "Rust path not found"),
  (
    "error[E0277]: the trait bound `T: Copy` is not satisfied", "type", "Rust trait not implemented"
  ),
  ("./m.go:3:2: declared and not used: x", "lint", "Go unused"),
  (
    "panic: runtime error: invalid memory address or nil pointer dereference", "runtime",
    "Go nil dereference"
  ),
  ("m.go:3:8: package foo/bar is not in std", "import", "Go package not found"),
  ("m.swift:1:1: error: cannot find 'x' in scope", "type", "Swift name not in scope"),
  (
    "m.swift:1:1: error: cannot convert value of type 'Int' to specified type 'String'", "type",
    "Swift types differ"
  ),
  ("m.swift:1:1: error: value of type 'Int' has no member 'foo'", "type", "Swift member missing"),
  (
    "m.swift:1:1: error: actor-isolated property 'x' can not be referenced", "type",
    "Swift concurrency isolation"
  ),
  ("bash: foo: command not found", "tool", "Command not found"),
  ("ls: unrecognized option '--frob'", "tool", "Unknown option"),
  ("String to replace not found in file.", "tool", "Text to replace not found"),
  ("bash: FOO: unbound variable", "runtime", "Unset variable in a script"),
  ("bash: -c: line 2: syntax error: unexpected end of file", "syntax", "Shell syntax"),
  ("make: *** No rule to make target 'a.o'.  Stop.", "build", "No rule to make target"),
  ("Makefile:2: *** missing separator.  Stop.", "syntax", "Missing separator in a makefile"),
  ("Automatic merge failed; fix conflicts", "tool", "Git merge conflict"),
  ("error: failed to push some refs to 'origin'", "tool", "Git push rejected"),
  ("fatal: not a git repository (or any parent)", "tool", "No Git repository"),
  (
    "error: pathspec 'x' did not match any file(s) known to git", "tool", "Git reference unknown"
  ),
  ("fatal: Unable to create '/a/.git/index.lock': File exists.", "tool", "Git lock left behind"),
  ("npm ERR! code ERESOLVE", "build", "Dependencies do not resolve"),
  ("ERROR: No matching distribution found for x", "build", "Package version not found"),
  ("main.c: undefined reference to `foo'", "build", "Undefined symbol when linking"),
  ("429 Too Many Requests", "resource", "Rate limit"),
  (
    #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "resource",
    "Model overloaded"
  ),
  ("prompt is too long: 210000 tokens", "resource", "Context too long"),
  ("401 Incorrect API key provided: sk-***", "permission", "Invalid API key"),
  ("You exceeded your current quota, please check", "resource", "Quota used up"),
  ("The model `foo-9` does not exist", "tool", "Model not found"),
  (
    #"{"type":"error","error":{"type":"invalid_request_error","message":"max: field required"}}"#,
    "tool", "Request not valid"
  ),
  ("Reached the maximum iterations (25)", "tool", "Iteration limit"),
  ("connect ECONNREFUSED 127.0.0.1:80", "network", "Connection refused"),
  ("read ECONNRESET", "network", "Connection reset"),
  ("curl: (6) Could not resolve host: a.example", "network", "Host not found"),
  ("certificate verify failed: unable to get local issuer", "network", "Certificate not accepted"),
  ("502 Bad Gateway", "network", "Gateway error"),
  ("HTTP 500 Internal Server Error", "network", "Server error"),
  ("HTTP/1.1 403 Forbidden", "permission", "Forbidden"),
  ("HTTP 401 Unauthorized", "permission", "Not authorised"),
  ("the request timed out", "timeout", "Timeout"),
  ("listen EADDRINUSE: address already in use :::80", "resource", "Address in use"),
  ("write failed: No space left on device", "resource", "Disk full"),
  ("EMFILE: too many open files, open 'a'", "resource", "Too many open files"),
  ("Out of memory: killed process 17", "resource", "Out of memory"),
  ("EACCES: permission denied, open 'x'", "permission", "Permission denied"),
  ("cat: /no/such: No such file or directory", "tool", "File not found"),
  ("Segmentation fault (core dumped)", "runtime", "Segmentation fault"),
  ("AssertionError: 3 != 4", "runtime", "Assertion failed"),
  ("Fatal error: Index out of range", "runtime", "Index out of range"),
  ("ZeroDivisionError: division by zero", "runtime", "Division by zero"),
  ("RangeError: Maximum call stack size exceeded", "runtime", "Recursion too deep"),
  ("m.c:1:20: error: use of undeclared identifier 'foo'", "type", "Name not declared"),
]
