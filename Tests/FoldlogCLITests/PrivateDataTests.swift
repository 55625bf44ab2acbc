import Bytes
import Files
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

extension TemporaryDirectory {
  /// A folder of this one and all that is in it, each with its mode; links are not followed.
  func modes(under name: String) throws -> [(path: String, isFolder: Bool, mode: UInt32)] {
    var status = stat()
    guard unsafe lstat(systemPath(file(name)), &status) == 0 else { return [] }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    return [(shownPath(name), isFolder, status.st_mode & 0o7777)]
      + (isFolder ? try folderNames(file(name)).flatMap { try modes(under: "\(name)/\($0)") } : [])
  }

  /// Those of them that have other modes than what is this user's alone.
  func wide(under name: String) throws -> [String] {
    try modes(under: name).filter { $0.mode != ($0.isFolder ? 0o700 : 0o600) }
      .map { "\($0.path) \(String($0.mode, radix: 8))" }
  }
}

/// What is kept is this user's alone, whatever the umask.
@Suite struct PrivateDataTests {
  private func run(
    _ command: ToldCommand, in session: Session, umask: String
  ) throws -> ChildResult {
    let words = command.words.map { word in
      word.hasPrefix("@/") ? session.directory.file(String(word.dropFirst(2))) : word
    }
    return try TestSupport.run(
      "sh", ["-c", "umask \(umask); exec \"$@\"", "sh", foldlogBinary] + words,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  @Test(arguments: ["000", "022", "077"])
  func `every command makes folders of 0700 and files of 0600`(umask: String) throws {
    let session = try Session.withFiles()
    for command in ToldCommand.all {
      let result = try run(command, in: session, umask: umask)
      #expect(result.status == command.status, "\(command.words): \(result.errors)")
      #expect(try session.directory.wide(under: "data") == [], "\(umask), \(command.words)")
    }
    for name in ["out.jsonl", "out.jsonl.manifest.json", "data/foldlog.toml.before"] {
      #expect(try session.directory.modes(under: name).map(\.mode) == [0o600], "\(name)")
    }
  }

  @Test func `the folders above are the user's own`() throws {
    let session = try Session.withFiles()
    let result = try TestSupport.run(
      "sh",
      ["-c", "umask 022; exec \"$@\"", "sh", foldlogBinary, "ingest"]
        + [session.directory.file("aidb-a.jsonl")],
      variables: ["HOME=\(session.directory.file("home"))"])
    #expect(result.status == 0, "\(result.errors)")
    for name in ["home", "home/.local", "home/.local/share"] {
      #expect(try session.directory.modes(under: name).first?.mode == 0o755, "\(name)")
    }
    #expect(try session.directory.wide(under: "home/.local/share/foldlog") == [])
  }

  @Test func `a wider export that is written again becomes this user's alone`() throws {
    let session = try Session.withFiles()
    try session.foldlog("ingest", session.directory.file("aidb-a.jsonl"))
    func export() throws -> ChildResult {
      try session.foldlog(
        "dataset", "export", "--format", "examples", "--out", session.directory.file("out.jsonl"))
    }
    #expect(try export().status == 0)
    for name in ["out.jsonl", "out.jsonl.manifest.json"] {
      try session.directory.write(name, session.directory.text(name) + "of before")
      try session.directory.setPermissions(name, 0o666)
    }
    let result = try export()
    #expect(result.status == 0, "\(result.errors)")
    for name in ["out.jsonl", "out.jsonl.manifest.json"] {
      #expect(try session.directory.wide(under: name) == [])
      #expect(try !session.directory.text(name).contains("of before"))
    }
  }

  /// A data directory as an older version made it.
  private func widened() throws -> Session {
    let session = try Session.withFiles()
    try session.foldlog("ingest", session.directory.file("aidb-a.jsonl"))
    let heavier = session.directory.file("heavier.toml")
    try session.foldlog("replay", "--what-if", heavier, "--keep", "heavier")
    try session.foldlog("replay", "--use", "heavier")
    let widened = try TestSupport.run("chmod", ["-R", "a+rX", session.directory.file("data")])
    #expect(widened.status == 0)
    return session
  }

  @Test(arguments: [
    ["status"], ["query", "values"], ["ingest", "@/aidb-b.jsonl"], ["log", "export"], ["replay"],
  ])
  func `a wider directory of before is narrowed, and that is told once`(words: [String]) throws {
    let session = try widened()
    func run() throws -> ChildResult {
      try TestSupport.run(
        foldlogBinary,
        words.map { $0.hasPrefix("@/") ? session.directory.file(String($0.dropFirst(2))) : $0 },
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    }
    let first = try run()
    let message = "the data directory was readable by others: narrowed to 0700/0600"
    #expect(first.status == 0 && first.errors.contains(message), "\(first.errors)")
    #expect(try session.directory.wide(under: "data") == [])
    let second = try run()
    #expect(second.status == 0 && !second.errors.contains("readable by others"))
  }

  @Test func `a folder that holds other things too keeps its own mode, and a link its target's`()
    throws
  {
    let session = try widened()
    try session.directory.write("data/notes.txt", "mine")
    try session.directory.setPermissions("data/notes.txt", 0o644)
    try session.directory.setPermissions("heavier.toml", 0o644)
    try session.directory.makeSymbolicLink("data/views/link", to: "heavier.toml")
    #expect(try session.foldlog("status").status == 0)
    let wide = try session.directory.modes(under: "data").filter { $0.mode & 0o077 != 0 }
    #expect(Set(wide.map(\.path)) == ["data", "data/notes.txt", "data/views/link"])
    #expect(try session.directory.modes(under: "heavier.toml").map(\.mode) == [0o644])
  }

  private static let asNobody = [
    "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", foldlogBinary,
  ]

  private func run(_ command: [String], in session: Session) throws -> ChildResult {
    let words = command.map {
      $0.hasPrefix("@/") ? session.directory.file(String($0.dropFirst(2))) : $0
    }
    return try TestSupport.run(
      words[0], Array(words.dropFirst()),
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  @Test(.enabled(if: isRoot, "only root can be somebody else"))
  func `what root makes in another's data directory is the other's`() throws {
    let session = try Session.withFiles()
    #expect(
      try TestSupport.run("chown", ["-R", "65534:65534", session.directory.path]).status == 0)
    let first = try run(Self.asNobody + ["ingest", "@/aidb-a.jsonl"], in: session)
    #expect(first.status == 0, "\(first.errors)")
    let others: [ToldCommand] = [
      ToldCommand("replay", "values"), ToldCommand("compact"),
      ToldCommand("compact", "--drop-previous"),
    ]
    for command in others + ToldCommand.all + others {
      let result = try run([foldlogBinary] + command.words, in: session)
      #expect(result.status == command.status, "\(command.words): \(result.errors)")
      let strangers = try TestSupport.run(
        "find",
        [
          session.directory.file("data"), "(", "!", "-uid", "65534", "-o", "!", "-gid",
          "65534", ")",
        ])
      #expect(strangers.output == "", "\(command.words)")
    }
    // An export is no part of the data.
    #expect(
      try TestSupport.run("stat", ["-c", "%u", session.directory.file("out.jsonl")]).output == "0\n"
    )
    for words in [
      ["status"], ["query", "values"], ["ingest", "@/aidb-b.jsonl"], ["project"], ["verify"],
      ["log", "verify"], ["replay"], ["compact"],
    ] {
      let result = try run(Self.asNobody + words, in: session)
      #expect(result.status == 0, "\(words): \(result.errors)")
    }
  }

  @Test(.enabled(if: isRoot, "only root gives files away"))
  func `root narrows what belongs to another`() throws {
    let session = try widened()
    let data = session.directory.file("data")
    #expect(try TestSupport.run("chown", ["-R", "65534", data]).status == 0)
    let result = try session.foldlog("log", "verify")
    #expect(result.status == 0 && result.errors.contains("narrowed to 0700"), "\(result.errors)")
    #expect(try session.directory.wide(under: "data") == [])
  }

  @Test(.enabled(if: isRoot, "only root gives files away"))
  func `what belongs to another is left by who is not root, and that is said`() throws {
    let session = try widened()
    let data = session.directory.file("data")
    for (command, words) in [
      ("chmod", ["-R", "a+rwX", data]), ("chown", ["-R", "12345", data]),
      ("chown", ["65534", session.directory.path]),
    ] {
      #expect(try TestSupport.run(command, words).status == 0)
    }
    let before = try session.directory.modes(under: "data").map(\.mode)
    let result = try run(Self.asNobody + ["log", "verify"], in: session)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.contains("cannot be narrowed"), "\(result.errors)")
    #expect(try session.directory.modes(under: "data").map(\.mode) == before)
  }
}
