import TestSupport
import Testing

/// A command line, and whether it gives an answer on standard output.
struct ToldCommand: CustomTestStringConvertible {
  let words: [String]
  let hasAnswer: Bool
  /// With everything that it needs.
  let status: Int32

  init(_ words: String..., hasAnswer: Bool = true, status: Int32 = 0) {
    self.words = words
    self.hasAnswer = hasAnswer
    self.status = status
  }

  var testDescription: String { words.joined(separator: " ") }

  /// Every command, in an order in which each has what it needs; `@` is the session's folder.
  static let all: [ToldCommand] = [
    ToldCommand("--help"), ToldCommand("--version"), ToldCommand("help", "ingest"),
    ToldCommand("--generate-completion-script", "bash"),
    ToldCommand("ingest", "@/aidb-a.jsonl"),
    ToldCommand("ingest", "@/aidb-b.jsonl", "--no-project"),
    ToldCommand("project"), ToldCommand("status"), ToldCommand("query", "values"),
    ToldCommand("query", "errors", "--format", "json"),
    ToldCommand("query", "values", "--as-of", "1"),
    ToldCommand(
      "query", "deployments", "--for", "code", "--key", "k", hasAnswer: false, status: 66),
    ToldCommand("explain", "0"), ToldCommand("log", "show"), ToldCommand("log", "export"),
    ToldCommand("log", "verify"), ToldCommand("quarantine", "list"),
    ToldCommand("quarantine", "export"), ToldCommand("quarantine", "retry"),
    ToldCommand("replay", "--dry-run"),
    ToldCommand("replay", "--what-if", "@/heavier.toml", "--keep", "heavier"),
    ToldCommand("query", "values@heavier"), ToldCommand("replay", "--use", "heavier"),
    ToldCommand("replay", "--rollback"), ToldCommand("replay"),
    ToldCommand(
      "dataset", "export", "--format", "examples", "--out", "@/out.jsonl", hasAnswer: false),
    ToldCommand("dataset", "export", "--format", "examples"), ToldCommand("verify"),
    ToldCommand("frobnicate", hasAnswer: false, status: 64),
    ToldCommand("query", "nothing", hasAnswer: false, status: 66),
  ]
}

extension Session {
  /// Files for every command.
  static func withFiles() throws -> Session {
    let session = try Session()
    let text = try run("cat", [session.fixture("aidb-events.jsonl")]).output
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let cut = lines.count * 2 / 3
    try session.directory.write("aidb-a.jsonl", lines[..<cut].map { "\($0)\n" }.joined())
    try session.directory.write("aidb-b.jsonl", lines[cut...].joined(separator: "\n"))
    try session.directory.write(
      "heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    return session
  }

  func foldlog(_ command: ToldCommand, closed: [Int32] = []) throws -> ChildResult {
    let words = command.words.map { word in
      word.hasPrefix("@/") ? directory.file(String(word.dropFirst(2))) : word
    }
    return try run(
      foldlogBinary, words, variables: ["FOLDLOG_DATA=\(directory.file("data"))"], closed: closed)
  }
}
