import Bytes
import Events
import Projection
import TestSupport
import Testing
import Views

@testable import ErrorsProjector

/// What is known of an error like a message that need never have been seen.
@Suite struct KnownFixTests {
  private let spec: ProjectorSpec<ErrorsProjector>

  init() throws {
    spec = try ProjectorSpec(ErrorsProjector.self)
    let tries: [(String, Bool)] = [
      ("restart it", false), ("raise the limit", true), ("restart it", false), ("wait", false),
      ("raise the limit", true), ("wait", true),
    ]
    try spec.given(
      tries.enumerated().map { index, trial in
        event(
          Offset(index), "error",
          [
            .errorMessage: .text("the worker '\(index)' stalls while it waits"),
            .fix: .text(trial.0), .success: .bool(trial.1), .sessionID: .text("s\(index)"),
          ])
      })
  }

  private func ask(_ message: String) throws -> [[String: Cell]] {
    let answer = knownFixesAnswer(message: message)
    var rows: [[String: Cell]] = []
    try answer.forEach(in: spec.tables) { cells in
      rows.append(Dictionary(zip(answer.columns.map(\.name), cells)) { first, _ in first })
      return true
    }
    return rows
  }

  @Test func `what worked comes before what did so less often, and dead ends come last`() throws {
    let rows = try ask("the worker '99' stalls while it waits")
    #expect(rows.map { $0["rank"] } == [1, 2, 3].map(Cell.integer))
    #expect(rows.map { $0["match"] } == Array(repeating: .text("covered"), count: 3))
    #expect(
      rows.map { $0["fix"] } == ["raise the limit", "wait", "restart it"].map(Cell.text))
    #expect(rows.map { $0["verdict"] } == ["worked", "worked", "dead_end"].map(Cell.text))
    #expect(rows.map { $0["attempts"] } == [2, 2, 2].map(Cell.integer))
    #expect(rows.map { $0["success_rate"] } == [1, 0.5, 0].map(Cell.real))
    #expect(rows.map { $0["global"] } == [true, false, false].map(Cell.bool))
    #expect(rows[0]["offsets"] == .offsets([1, 4]))
    #expect(rows[0]["template"] == .text("the worker <*> stalls while it waits"))
  }

  @Test func `what mended it and has no name comes behind what has one`() throws {
    try spec.given([
      event(
        10, "error", [.errorMessage: "the worker '10' stalls while it waits", .sessionID: "n"]),
      event(
        11, "error_resolved",
        [
          .errorMessage: "the worker '10' stalls while it waits", .success: true, .sessionID: "n",
        ]),
    ])
    let rows = try ask("the worker '99' stalls while it waits")
    #expect(rows.count == 4 && rows.last?["fix"] == .null)
    #expect(rows.last?["verdict"] == .text("worked") && rows.last?["success_rate"] == .real(1))
  }

  /// Of seven words one is masked: three of six are half of them.
  @Test(arguments: [
    ("the worker '1' stalls when we call", "similar"),
    ("the worker '1' breaks when we call", "new"), ("the cook '1' stalls while it waits", "new"),
  ])
  func `half of the words at their places are similar`(message: String, match: String) throws {
    #expect(try ask(message).first?["match"] == .text(match))
  }

  @Test func `of what is new the category and advice are told`() throws {
    let rows = try ask("ModuleNotFoundError: No module named 'x'")
    #expect(rows.count == 1)
    #expect(rows[0]["pattern_id"] == .null && rows[0]["match"] == .text("new"))
    #expect(rows[0]["category"] == .text("import") && rows[0]["fix"] == .null)
    #expect(rows[0]["advice"] != .null && rows[0]["last_offset"] == .null)
  }

  @Test func `a pattern without a fix is told too`() throws {
    try spec.given([event(9, "error", [.errorMessage: "disk is full", .sessionID: "s"])])
    let rows = try ask("disk is full")
    #expect(rows.map { $0["match"] } == [.text("covered")])
    #expect(rows[0]["fix"] == .null && rows[0]["verdict"] == .null)
    #expect(rows[0]["count"] == .integer(1) && rows[0]["offsets"] == .offsets([9]))
  }

  @Test(arguments: [
    ("rename it", "refactor"), ("pip install x", "dependency"), ("delete the line", "delete"),
    ("import it first", "insert"), ("edit_file", "replace"), ("edit a.py and b.py", "multi_file"),
    ("rename a.py to b.py", "refactor"), ("wait", "other"), ("npm ci", "dependency"),
    ("yarn add x", "dependency"), ("pip uninstall x", "dependency"), ("rm a.py b.py", "multi_file"),
    ("npm install chart.js vue.js", "dependency"),
    ("edit https://x.org/a.py, then b.py", "replace"),
    ("edit Node.js and a.js", "replace"), ("rm A.PY", "delete"),
    ("bunx prettier --write a.mdx", "replace"), ("biome check --write a.ts", "replace"),
    ("gofmt -w a.go", "replace"), ("bd update x-1 --append-notes done", "replace"),
    ("make lint --drop-cache", "other"), ("git commit -m 'remove it'", "delete"),
    ("rm -r build", "delete"), ("write the file - remove nothing", "delete"),
  ])
  func `words tell what sort of change a fix is`(fix: String, type: String) {
    #expect(FixType(of: fix).rawValue == type)
  }

  @Test(
    arguments: [
      ("src/a.rs:5:3: error", #"\.rs$"#), ("File \"b.py\", line 1, in a.js", #"\.py$"#),
      ("process.env.X is not set", nil), ("see README.", nil), (".ts is odd", nil),
      ("Node.js is too old", nil), ("GET https://example.org/a.js failed", nil),
      ("https://example.org/a.js: b.py is gone", #"\.py$"#), ("SRC/MAIN.RS:5", #"\.rs$"#),
      ("rm a.py b.py", #"\.py$"#), ("in /etc/nginx/nginx.conf:12", #"\.conf$"#),
      ("CMake Error at CMakeLists.txt:3", #"(^|/)CMakeLists\.txt$"#),
      ("Makefile:12: *** missing separator.", "(^|/)Makefile$"),
      ("failed to read docker/Dockerfile", "(^|/)Dockerfile$"),
      ("cannot load .env", #"(^|/)\.env$"#), ("config/.env.local is gone", #"(^|/)\.env\.local$"#),
      ("tsconfig.json(3,5): error TS5023", #"\.json$"#), ("self.conf is None", nil),
      ("Cargo.lock is newer", #"\.lock$"#),
    ] as [(String, String?)])
  func `the first name of a file tells which files`(text: String, pattern: String?) {
    #expect(FileNames.pattern(in: text) == pattern)
  }

  @Test func `the last match is of what names an error again, too`() throws {
    let start: Int64 = 1_767_225_600
    try spec.given([
      event(10, "error", at: start + 5, [.errorMessage: "the moon is gone", .sessionID: "m"]),
      event(
        11, "error_resolved", at: start + 9,
        [.errorMessage: "the moon is gone", .sessionID: "m", .fix: "look again"]),
    ])
    let row = try spec.rows().first { $0["template"] == .text("the moon is gone") }
    #expect(row?["last_seen"] == .time(Timestamp(nanoseconds: (start + 5) * 1_000_000_000)))
    #expect(row?["last_matched_at"] == .time(Timestamp(nanoseconds: (start + 9) * 1_000_000_000)))
  }
}
