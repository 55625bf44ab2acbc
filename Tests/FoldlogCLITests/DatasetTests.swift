import TestSupport
import Testing

/// `dataset export`, and what trainers read of it.
@Suite struct DatasetTests {
  static let formats = ["openai", "chatml", "sharegpt", "alpaca", "dpo", "kto"]
  static let tables = ["examples", "pairs"]

  static let hasDatasets = imports("datasets")
  static let hasPyArrow = imports("pyarrow")

  private static func imports(_ module: String) -> Bool {
    let code =
      "import importlib.util as u, sys; sys.exit(0 if u.find_spec('\(module)') else 1)"
    return (try? run("python3", ["-c", code]).status) == 0
  }

  func check(_ arguments: String...) throws -> String { try check(arguments) }

  func check(_ arguments: [String]) throws -> String {
    let result = try run("python3", ["\(packageRoot)/Tests/Oracle/datasets.py"] + arguments)
    #expect(result.status == 0, "\(arguments): \(result.output)\(result.errors)")
    return result.output
  }

  func filled() throws -> Session {
    let session = try Session()
    try session.ingestFixtures()
    return session
  }

  func export(_ session: Session, _ arguments: String..., to name: String) throws -> String {
    let path = session.directory.file(name)
    let result = try run(
      foldlogBinary, ["dataset", "export"] + arguments + ["--out", path],
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.isEmpty)
    return path
  }

  // MARK: Formats

  /// Each format and its file, all splits together and each alone, where it has lines.
  private func everyFile(_ session: Session) throws -> [String] {
    try Self.formats.flatMap { format in
      var files = [format, try export(session, "--format", format, to: "\(format).jsonl")]
      for split in ["train", "validation", "test"] {
        let name = "\(format)-\(split).jsonl"
        let path = try export(session, "--format", format, "--split", split, to: name)
        // Hugging Face `datasets` loads no file without lines.
        if try !session.directory.bytes(name).isEmpty { files += [format, path] }
      }
      return files
    }
  }

  @Test func `each line keeps the published rules of its format`() throws {
    let session = try filled()
    let counts = try check(["rules"] + everyFile(session)).split(separator: "\n")
    #expect(counts.count >= 18 && counts.allSatisfy { $0 != "0" })
  }

  @Test(.enabled(if: hasDatasets))
  func `Hugging Face datasets loads each file and each split`() throws {
    let session = try filled()
    let files = try everyFile(session)
    #expect(try check(["load"] + files) == check(["rules"] + files))
  }

  @Test(
    .enabled(if: hasPyArrow), arguments: [("examples", "datasets"), ("pairs", "datasets/pairs")])
  func `Parquet has the schema of the rows, reads back equal, and is the same again`(
    format: String, table: String
  ) throws {
    let session = try filled()
    let rows = try export(session, "--format", format, to: "rows.jsonl")
    let lines = try session.directory.bytes("rows.jsonl")
    for name in ["a.parquet", "b.parquet"] {
      let result = try run(
        "python3", ["\(packageRoot)/tools/parquet", table, session.directory.file(name)],
        input: lines)
      #expect(result.status == 0, "\(result.errors)")
    }
    let count = lines.count { $0 == UInt8(ascii: "\n") }
    #expect(try check("parquet", table, session.directory.file("a.parquet"), rows) == "\(count)\n")
    #expect(try session.directory.bytes("a.parquet") == session.directory.bytes("b.parquet"))
  }

  @Test(
    .enabled(if: hasPyArrow),
    arguments: [
      ("datasets", "{\"no\":1}\n", 65), ("datasets", "no\n", 65), ("nothing", "", 66),
      ("-h", "", 64),
      (
        "datasets/readiness",
        #"{"kind":"pairs","count":true,"needed":1,"ready":true,"trigger":null,"dropped":0}"#, 65
      ),
    ])
  func `Parquet is refused to what are no rows of the table, and leaves nothing`(
    table: String, rows: String, status: Int32
  ) throws {
    let session = try Session()
    let path = session.directory.file("x.parquet")
    let result = try run(
      "python3", ["\(packageRoot)/tools/parquet", table, path], input: Array(rows.utf8))
    #expect(result.status == status, "\(result.errors)")
    #expect(!result.errors.isEmpty)
    #expect(try run("ls", [session.directory.path]).output == "")
  }

  @Test func `rows are exported as they are asked for, but masked`() throws {
    let session = try filled()
    let all = ["--min-basis", "text"]
    let pairs = try session.foldlog("dataset", "export", "--format", "pairs", all[0], all[1]).output
    #expect(pairs == (try session.foldlog("query", "datasets/pairs", "--format", "jsonl").output))
    let examples = try session.foldlog(
      "dataset", "export", "--format", "examples", all[0], all[1]
    ).output
    let rows = try session.foldlog("query", "datasets", "--format", "jsonl").output
    let differing = zip(examples.split(separator: "\n"), rows.split(separator: "\n"))
      .filter { $0 != $1 }
    #expect(!differing.isEmpty)
    for (masked, _) in differing { #expect(masked.contains("[")) }
    #expect(examples.split(separator: "\n").count == rows.split(separator: "\n").count)
    // By default, those that succeeded by their own word alone are left out.
    let proven = try session.foldlog("dataset", "export", "--format", "examples").output
    let isSelf = { (row: Substring) in row.contains("\"outcome_basis\":\"self\"") }
    #expect(examples.split(separator: "\n").contains(where: isSelf))
    #expect(
      proven.split(separator: "\n") == examples.split(separator: "\n").filter { !isSelf($0) })
    let refused = try session.foldlog(
      "dataset", "export", "--format", "examples", "--min-basis", "none")
    #expect(refused.status == 64 && refused.errors.contains("there is no basis `none`"))
  }

  // MARK: Same log, same bytes

  private func files(_ session: Session, _ round: String) throws -> [[UInt8]] {
    try (Self.formats + Self.tables).flatMap { format in
      let name = "\(format).jsonl"
      _ = try export(session, "--format", format, "--min-score", "0.5", to: name)
      return [
        try session.directory.bytes(name), try session.directory.bytes("\(name).manifest.json"),
      ]
    }
  }

  @Test func `the same log gives the same files and manifests, however it was folded`() throws {
    let session = try filled()
    let expected = try files(session, "first")
    #expect(expected.allSatisfy { !$0.isEmpty })
    #expect(try files(session, "again") == expected)
    #expect(try session.foldlog("replay").status == 0)
    #expect(try files(session, "replayed") == expected)
    #expect(try run("rm", ["-r", session.directory.file("data/views")]).status == 0)
    #expect(try session.foldlog("project", variables: ["FOLDLOG_THREADS=1"]).status == 0)
    #expect(try files(session, "from zero") == expected)

    // The same lines in many small batches, in another zone and locale.
    let cut = try Session()
    for name in ["ralph", "aidb", "hybrid", "editor", "deployments"] {
      let text = try run("cat", [cut.fixture("\(name)-events.jsonl")]).output
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for start in stride(from: 0, to: lines.count, by: 150) {
        let piece = lines[start..<min(start + 150, lines.count)].joined(separator: "\n")
        let result = try cut.foldlog(
          "ingest", "--stream", name == "deployments" ? "hybrid" : name, input: piece + "\n",
          variables: ["TZ=Pacific/Auckland", "LC_ALL=tr_TR.UTF-8"])
        #expect(result.status == 0, "\(result.errors)")
      }
    }
    // Streams that lines name themselves or shapes tell may differ: only the files must not.
    let texts = stride(from: 0, to: expected.count, by: 2).map { expected[$0] }
    let others = try files(cut, "cut")
    #expect(stride(from: 0, to: others.count, by: 2).map { others[$0] } == texts)
  }
}
