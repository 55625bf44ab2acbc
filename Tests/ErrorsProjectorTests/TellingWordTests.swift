import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// Words that say what went wrong tell errors apart, however many stand in one place.
@Suite struct TellingWordTests {
  private func templates(_ messages: [String]) throws -> [String] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given(
      messages.enumerated().map { index, message in
        event(Offset(index), "error", [.errorMessage: .text(message)])
      })
    return try spec.rows().compactMap { row in
      guard case .text(let text)? = row["template"] else { return nil }
      return text
    }
  }

  @Test(arguments: [
    ("HTTP error ", ""), ("Request failed with status code ", ""), ("Error code: ", " - cut off"),
    ("GET failed: HTTP/1.1 ", ""), (#"{"status": "#, "}"), ("upstream said status=", " at once"),
  ])
  func `the status of an answer stays`(before: String, after: String) throws {
    let messages = [401, 403, 404, 429, 500, 503].map { "\(before)\($0)\(after)" }
    #expect(try templates(messages + messages).count == messages.count)
  }

  @Test(arguments: [
    ("process 401 stopped", "process 404 stopped"),
    ("HTTP status 200 is odd", "HTTP status 201 is odd"),
    ("HTTP status 399 is odd", "HTTP status 600 is odd"),
    ("exit code 1 at once", "exit code 137 at once"),
    ("status 4012 at once", "status 5012 at once"),
  ])
  func `other numbers are masked`(first: String, second: String) throws {
    #expect(try templates([first, second]).count == 1)
  }

  /// `available` ends as `ServiceUnavailable` does, and `requests` as `TooManyRequests`.
  @Test(arguments: [
    ("the update of the cluster is ", ["available", "pending", "running", "stalled"], " at last"),
    ("the limit of open ", ["requests", "answers", "windows", "handles"], " is reached"),
    ("the operator is not ", ["amused", "present", "listed", "known"], " at last"),
  ])
  func `a word that only ends as a telling one does not tell`(
    before: String, words: [String], after: String
  ) throws {
    #expect(try templates(words.map { before + $0 + after }) == ["\(before)<*>\(after)"])
  }

  @Test func `a host whose last part only ends as a domain does is no host`() throws {
    #expect(
      try templates(["lost the peer db.supinternal", "lost the peer db.internal"])
        == ["lost the peer db.supinternal", "lost the peer <*>"])
  }

  @Test(arguments: [
    ("npm ERR! code ", ["ENOENT", "E404", "EACCES", "ERESOLVE", "ELIFECYCLE"], ""),
    (
      "Error: connect ", ["ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
      " 10.0.0.1:80"
    ),
    (
      "", ["TypeError", "ValueError", "KeyError", "OSError", "app.BadException"],
      ": could not process the record"
    ),
    ("the command was ended by signal ", ["SIGKILL", "SIGSEGV", "SIGTERM", "SIGINT"], ""),
    (
      "request failed with status ",
      ["Unauthorized", "Forbidden", "NotFound", "TooManyRequests", "BadGateway"], ""
    ),
  ])
  func `groups of different codes stay apart`(
    before: String, codes: [String], after: String
  ) throws {
    let messages = codes.map { before + $0 + after }
    #expect(try templates(messages).count == codes.count)
  }

  @Test func `a wildcard does not take in a code that comes later`() throws {
    let users = ["ann", "bob", "carl", "dora"].map { "no access was given to \($0)" }
    #expect(
      try templates(users + ["no access was given to ENOENT"])
        == ["no access was given to <*>", "no access was given to ENOENT"])
  }

  @Test func `groups that are told to be different things stay apart`() throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let words = ["ann", "bob", "carl", "certificate", "dora"]
    try spec.given(
      words.enumerated().map { index, word in
        event(Offset(index), "error", [.errorMessage: .text("nobody here knows of \(word)")])
      })
    let rows = try spec.rows()
    #expect(rows.map { $0["category"] } == ["other", "network"].map(Cell.text))
    #expect(rows.map { $0["count"] } == [4, 1].map(Cell.integer))
  }

  @Test func `what a Rust program panicked at is what went wrong`() throws {
    let templates = try templates([
      "thread 'main' panicked at 'index out of bounds: the len is 3 but the index is 5', src/a.rs:4:5",
      "thread 'main' panicked at 'attempt to divide by zero', src/y.rs:1:1",
      "thread 'worker' panicked at 'attempt to divide by zero', src/z.rs:10:11",
    ])
    #expect(templates.count == 2)
    #expect(templates.last?.contains("attempt to divide by zero") == true)
  }

  /// A quoted word before a colon is a key only where keys stand.
  @Test(arguments: [
    ("rm: cannot remove '", "': No such file or directory"),
    ("a.cpp(3): error C2065: '", "': undeclared identifier"),
    ("undefined reference to `", "': not there"), ("cannot open \"", "\": No such file"),
    ("mkdir: cannot create directory `", "`: File exists"),
  ])
  func `what a sentence is about is masked before a colon`(before: String, after: String) throws {
    #expect(
      try templates(["foo", "bar", "build"].map { before + $0 + after }).count == 1)
  }

  @Test(arguments: [
    ("{\"", "\": \"x\"}"), ("rejected: {\"ok\": 1, \"", "\": 2}"), ("'", "': 3"),
    ("got ['", "': 3]"),
  ])
  func `keys of an object stay`(before: String, after: String) throws {
    #expect(try templates(["broken", "late"].map { before + $0 + after }).count == 2)
  }

  @Test func `a message that is one quoted text is that text`() throws {
    #expect(try templates(["'disk full'", #""connection lost""#, "'disk full'"]).count == 2)
  }
}
