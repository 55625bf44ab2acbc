import ErrorsProjector
import Events
import Rules
import TestSupport
import Testing
import Views

/// What a group is told to be: category, type, and the built-in pattern that it is an instance of.
@Suite struct AnnotationTests {
  @Test(arguments: builtInRules.indices)
  func `built-in patterns annotate`(index: Int) throws {
    let rule = builtInRules[index]
    for message in rule.examples {
      let row = try row(message)
      #expect(row?["name"] == .text(rule.name), "\(message)")
      #expect(row?["category"] == .text(rule.kind), "\(message)")
      #expect(row?["built_in"] == .bool(true))
      #expect(row?["confidence"] == .real(0.9))
      #expect(row?["advice"] == .text(rule.advice))
    }
  }

  @Test func `there are enough built-in patterns`() { #expect(builtInRules.count >= 60) }

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
        == ["Boom", "app.errors.BadThing", "app.errors.ThingError", "E0599"].map(Cell.text))
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
