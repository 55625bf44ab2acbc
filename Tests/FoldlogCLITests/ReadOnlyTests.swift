import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Where nothing can be written, whoever only reads is served.
@Suite struct ReadOnlyTests {
  private static let readers: [[String]] = [
    ["query", "values", "--format", "jsonl"], ["query", "values@heavier", "--format", "jsonl"],
    ["query", "errors", "--as-of", "120", "--format", "jsonl"],
    ["query", "values@heavier", "--as-of", "120", "--format", "jsonl"],
    ["query", "deployments", "--for", "code", "--key", "a"], ["explain", "values", "7"],
    ["explain", "7", "--format", "json"], ["replay", "--dry-run", "--format", "json"],
    ["replay", "--what-if", "heavier.toml"], ["verify"], ["status"], ["log", "show"],
    ["log", "export"], ["log", "verify"], ["quarantine", "list"], ["quarantine", "export"],
    ["dataset", "export", "--format", "openai"],
  ]

  private func filled() throws -> DataFolder {
    let data = try DataFolder()
    try data.ingest(0..<200)
    try data.ingest(200..<203, "--no-project")
    #expect(try data.foldlog("ingest", "--no-project", input: "not json\n").status == 65)
    let settings = try data.directory.write(
      "heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    #expect(try data.foldlog("replay", "--what-if", settings, "--keep", "heavier").status == 0)
    try data.directory.makeFolder("tmp")
    return data
  }

  /// Words that run a command on a directory that is mounted for reading alone.
  private static func readOnlyMount(_ path: String) -> [String] {
    [
      "unshare", "-m", "sh", "-c",
      "mount --bind '\(path)' '\(path)' && mount -o remount,bind,ro '\(path)' && exec \"$@\"", "sh",
    ]
  }

  static let canMount: Bool = {
    guard let directory = try? TemporaryDirectory() else { return false }
    let result = try? run(
      readOnlyMount(directory.path)[0], Array(readOnlyMount(directory.path)[1...]) + ["true"])
    return result?.status == 0
  }()

  private func expectReaders(
    _ data: DataFolder, _ prefix: [String], _ variables: [String] = []
  ) throws {
    for reader in Self.readers {
      let words = reader.map { $0 == "heavier.toml" ? data.directory.file($0) : $0 }
      let usual = try run(foldlogBinary, words, variables: ["FOLDLOG_DATA=\(data.path)"])
      let command = prefix + [foldlogBinary] + words
      let result = try run(
        command[0], Array(command[1...]),
        variables: ["FOLDLOG_DATA=\(data.path)", "TMPDIR=\(data.directory.file("tmp"))"])
      #expect(result.status == usual.status, "\(reader): \(result.errors)")
      // How long it took is another matter.
      if !reader.contains("--what-if"), !reader.contains("--dry-run") {
        #expect(result.output == usual.output, "\(reader)")
      }
      #expect(try run("ls", ["-A", data.directory.file("tmp")]).output.isEmpty, "\(reader)")
    }
  }

  @Test(.enabled(if: canMount, "no mounts of its own can be made here"))
  func `every reader works on a read-only mount, and leaves nothing behind`() throws {
    let data = try filled()
    try expectReaders(data, Self.readOnlyMount(data.path))
  }

  @Test(.enabled(if: isRoot, "only root can be somebody else"))
  func `every reader works in folders that cannot be written`() throws {
    let data = try filled()
    #expect(try run("chown", ["-R", "65534:65534", data.directory.path]).status == 0)
    #expect(
      try run("find", [data.path, "-type", "d", "-exec", "chmod", "555", "{}", "+"]).status == 0)
    let prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    try expectReaders(data, prefix)
    #expect(
      try run("find", [data.path, "-type", "d", "-exec", "chmod", "755", "{}", "+"]).status == 0)
  }

  @Test(.enabled(if: canMount, "no mounts of its own can be made here"))
  func `who would write is told that the mount is read-only, and nothing else`() throws {
    let data = try filled()
    let path = try data.directory.write("more.jsonl", "{\"event\":\"task_completed\"}\n")
    for writer in [
      ["ingest", "--stream", "ralph", path], ["ingest", "--follow", "--stream", "ralph", path],
      ["quarantine", "retry"], ["project"], ["project", "--skip", "errors", "0"], ["replay"],
      ["replay", "--rollback"], ["replay", "--drop", "a"],
    ] {
      let command = Self.readOnlyMount(data.path) + [foldlogBinary] + writer
      let result = try run(
        command[0], Array(command[1...]), variables: ["FOLDLOG_DATA=\(data.path)"])
      #expect(result.status == 74 && result.output.isEmpty, "\(writer): \(result.output)")
      #expect(
        result.errors
          == "foldlog: the data directory \(data.path) cannot be written: its file system "
          + "is mounted read-only\n", "\(writer)")
    }
  }

  @Test(.enabled(if: canMount, "no mounts of its own can be made here"))
  func `what a killed process leaves under TMPDIR goes at the next start`() throws {
    let data = try filled()
    let temporary = "tmp/foldlog-\(geteuid())"
    try data.directory.makeFolder(temporary)
    try data.directory.setPermissions(temporary, 0o700)
    // No process has that number.
    try data.directory.makeFolder("\(temporary)/scratch-4194399")
    try data.directory.write("\(temporary)/scratch-4194399/data.mdb", "left")
    let command =
      Self.readOnlyMount(data.path) + [foldlogBinary, "query", "values", "--as-of", "9"]
    let result = try run(
      command[0], Array(command[1...]),
      variables: ["FOLDLOG_DATA=\(data.path)", "TMPDIR=\(data.directory.file("tmp"))"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(!data.directory.exists(temporary))
  }

  @Test(.enabled(if: canMount, "no mounts of its own can be made here"))
  func `another's folder under TMPDIR is not used`() throws {
    let data = try filled()
    try data.directory.makeFolder("tmp/foldlog-\(geteuid())")
    let command =
      Self.readOnlyMount(data.path) + [foldlogBinary, "query", "values", "--as-of", "9"]
    let result = try run(
      command[0], Array(command[1...]),
      variables: ["FOLDLOG_DATA=\(data.path)", "TMPDIR=\(data.directory.file("tmp"))"])
    #expect(result.status == 74 && result.errors.contains("TMPDIR"), "\(result.errors)")
  }

  @Test(.enabled(if: canMount, "no mounts of its own can be made here"))
  func `views that do not fit are refused where they cannot be folded again`() throws {
    let data = try filled()
    try data.remove("log")
    try data.ingest(900..<999, "--no-project")
    let command = Self.readOnlyMount(data.path) + [foldlogBinary, "query", "values"]
    let result = try run(
      command[0], Array(command[1...]), variables: ["FOLDLOG_DATA=\(data.path)"])
    #expect(result.status == 65 && result.output.isEmpty, "\(result.errors)")
    #expect(result.errors.contains("cannot be written"))
    // Where there are none, that is said.
    try data.remove("views")
    let none = try run(
      command[0], Array(command[1...]), variables: ["FOLDLOG_DATA=\(data.path)"])
    #expect(none.status == 66 && none.errors.contains("no views"), "\(none.errors)")
    for reader in [["explain", "5"], ["query", "values", "--as-of", "9"], ["verify"]] {
      let none = try run(
        command[0], Array(command[1...(command.count - 3)]) + reader,
        variables: ["FOLDLOG_DATA=\(data.path)"])
      #expect(none.status == 66 && none.errors.contains("cannot be made here"), "\(none.errors)")
      #expect(!none.errors.contains("foldlog project"), "\(none.errors)")
    }
    // A copy, too, that nobody can note as one.
    let whole = try filled()
    let copy = try whole.copy("copy")
    let words = Self.readOnlyMount(copy.path) + [foldlogBinary, "query", "values"]
    for _ in 0..<2 {
      let result = try run(words[0], Array(words[1...]), variables: ["FOLDLOG_DATA=\(copy.path)"])
      #expect(result.status == 0 && result.errors.contains("is a copy"), "\(result.errors)")
    }
  }
}
