import ErrorsProjector
import Events
import TestSupport
import Testing
import Views

/// What a group is told to be: category, type, and the built-in pattern that it is an instance of.
@Suite struct AnnotationTests {
  @Test(arguments: [
    ("ModuleNotFoundError: No module named 'x'", "import", "Python module not found"),
    ("a.ts(1,2): error TS2304: Cannot find name 'x'.", "type", "TypeScript name not found"),
    ("error[E0382]: borrow of moved value: `x`", "type", "Rust use after move"),
    ("./m.go:3:2: declared and not used: x", "lint", "Go unused"),
    ("m.swift:1:1: error: cannot find 'x' in scope", "type", "Swift name not in scope"),
    ("bash: foo: command not found", "tool", "Command not found"),
    ("fatal: not a git repository (or any parent)", "tool", "No Git repository"),
    ("npm ERR! code ERESOLVE", "build", "Dependencies do not resolve"),
    ("429 Too Many Requests", "resource", "Rate limit"),
    ("prompt is too long: 210000 tokens", "resource", "Context too long"),
    ("connect ECONNREFUSED 127.0.0.1:80", "network", "Connection refused"),
    ("EACCES: permission denied, open 'x'", "permission", "Permission denied"),
    ("the request timed out", "timeout", "Timeout"),
  ])
  func `built-in patterns annotate`(message: String, category: String, name: String) throws {
    let row = try row(message)
    #expect(row?["category"] == .text(category))
    #expect(row?["name"] == .text(name))
    #expect(row?["built_in"] == .bool(true))
    #expect(row?["confidence"] == .real(0.9))
    #expect(row?["advice"] != .null)
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

  private func row(_ message: String) throws -> [String: Cell]? {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    try spec.given([event(0, "error", [.errorMessage: .text(message)])])
    return try spec.rows().first
  }
}
