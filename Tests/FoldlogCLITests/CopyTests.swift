import LMDB
import SystemPackage
import TestSupport
import Testing

/// Data directories that were copied, also while something wrote to them.
@Suite struct CopyTests {
  @Test func `a copy is looked at once, answers, and is folded again before it goes on`() throws {
    let data = try DataFolder()
    try data.ingest(0..<300)
    let copy = try data.copy("copy")
    let first = try copy.foldlog("query", "values", "--format", "jsonl")
    #expect(first.status == 0)
    #expect(first.errors.contains("is a copy"), "\(first.errors)")
    #expect(try first.output == data.foldlog("query", "values", "--format", "jsonl").output)
    #expect(try copy.foldlog("query", "values").errors.isEmpty)
    let later = try copy.foldlog(
      "ingest", "--stream", "aidb", input: "{\"event\":\"query\",\"query\":\"later\"}\n")
    #expect(later.status == 0 && later.errors.contains("folded again"), "\(later.errors)")
    #expect(try !copy.foldlog("status").output.contains("build-1  live"))
    try copy.expectWhole()
    #expect(try data.foldlog("status").errors.isEmpty)
  }

  @Test func `a copy on a full disk is read, and noted when there is room`() throws {
    guard let disk = try SmallDisk(size_MiB: 16) else { return }
    let data = try DataFolder()
    try data.ingest(0..<300)
    let copy = "\(disk.path)/copy"
    #expect(try run("cp", ["-r", data.path, copy]).status == 0)
    try disk.fill()
    func foldlog(_ words: [String]) throws -> ChildResult {
      try run(foldlogBinary, words, variables: ["FOLDLOG_DATA=\(copy)"])
    }
    for words in [
      ["query", "values", "--format", "jsonl"], ["status"], ["log", "export"], ["log", "verify"],
    ] {
      let result = try foldlog(words)
      #expect(result.status == 0, "\(words): \(result.errors)")
      #expect(result.errors.split(separator: "\n").count { $0.contains("is a copy") } == 1)
      if words[0] != "status" {
        let usual = try run(foldlogBinary, words, variables: ["FOLDLOG_DATA=\(data.path)"])
        #expect(result.output == usual.output, "\(words)")
      }
    }
    let folded = try foldlog(["replay"])
    #expect(folded.status == 74 && folded.errors.contains("full"), "\(folded.errors)")
    try disk.makeRoom()
    #expect(try foldlog(["query", "values"]).errors.contains("is a copy"))
    #expect(try foldlog(["query", "values"]).errors.isEmpty)
    #expect(try foldlog(["verify"]).status == 0)
  }

  @Test func `a directory that was moved is no copy`() throws {
    let data = try DataFolder()
    try data.ingest(0..<50)
    try data.directory.rename("data", "moved")
    let moved = try DataFolder("moved", in: data.directory)
    for command in [["status"], ["query", "values"], ["log", "show"]] {
      let result = try run(foldlogBinary, command, variables: ["FOLDLOG_DATA=\(moved.path)"])
      #expect(result.status == 0 && result.errors.isEmpty, "\(command): \(result.errors)")
    }
  }

  @Test func `rows of a copy that are not those that were written are folded again`() throws {
    let data = try DataFolder()
    try data.ingest(0..<2_000)
    let copy = try data.copy("copy")
    // As of a page that is of another moment, and whole in itself.
    do {
      let environment = try Environment(
        path: "\(copy.path)/views/build-1", options: EnvironmentOptions(mapSize: 1 << 30))
      let transaction = try WriteTransaction(environment)
      let table = try transaction.table("values/histogram")
      let entry = try transaction.withSnapshot { snapshot throws(LMDBError) in
        try snapshot.cursor(table).move(.first) { key, value in
          (
            unsafe key.withUnsafeBufferPointer { unsafe Array($0) },
            unsafe value.withUnsafeBufferPointer { unsafe Array($0) }
          )
        }
      }
      guard case (let key, var value)? = entry else { throw Errno.noSuchFileOrDirectory }
      value[value.count - 1] ^= 1
      try transaction.put(key.span, value.span, in: table)
      try transaction.commit()
    }
    let result = try copy.foldlog("query", "values", "--format", "jsonl")
    #expect(result.status == 0 && result.errors.contains("folded again"), "\(result.errors)")
    try copy.expectWhole()
  }

  @Test func `pages of a copy that are torn are folded again, and end nothing`() throws {
    var random = SeededRandom(seed: 8)
    let data = try DataFolder()
    try data.ingest(0..<2_000)
    for round in 0..<6 {
      let copy = try data.copy("copy")
      let file = "copy/views/build-1/data.mdb"
      var bytes = try data.directory.bytes(file)
      for _ in 0..<(bytes.count / 4_096 / 4) {
        let from = Int.random(in: 2..<bytes.count / 4_096, using: &random) * 4_096
        let to = Int.random(in: 2..<bytes.count / 4_096, using: &random) * 4_096
        bytes.replaceSubrange(to..<(to + 4_096), with: bytes[from..<(from + 4_096)])
      }
      try data.directory.write(file, bytes)
      let result = try copy.foldlog("query", "values", "--format", "jsonl")
      #expect(result.status == 0, "round \(round): \(result.errors)")
      #expect(result.errors.contains("folded again"), "round \(round): \(result.errors)")
      try copy.expectWhole("round \(round)")
      #expect(try run("rm", ["-r", copy.path]).status == 0)
    }
  }

  @Test(arguments: [
    ["log", "export"], ["status"], ["query", "values"], ["ingest", "--no-project"],
  ])
  func `a log of a copy that is not whole is not used`(_ command: [String]) throws {
    let data = try DataFolder()
    try data.ingest(0..<2_000)
    let copy = try data.copy("copy")
    var bytes = try data.directory.bytes("copy/log/data.mdb")
    for place in (bytes.count * 3 / 4)..<bytes.count { bytes[place] = UInt8(place & 0x7f) }
    try data.directory.write("copy/log/data.mdb", bytes)
    for _ in 0..<2 {
      let result = try run(
        foldlogBinary, command, input: Array("{}\n".utf8),
        variables: ["FOLDLOG_DATA=\(copy.path)"])
      #expect(result.status == 65, "\(result.errors)")
      #expect(result.errors.contains("copy it again"), "\(result.errors)")
    }
  }

  @Test func `what is good in a copied log with a bad block is read, and nothing else`() throws {
    let data = try DataFolder()
    try data.ingest(0..<9_000)
    try data.ingest(9_000..<18_000)
    #expect(try data.foldlog("ingest", input: "not json\n").status == 65)
    let copy = try data.copy("copy")
    try data.damageBlock()
    try copy.damageBlock()
    let reading = [
      ["log", "verify"], ["log", "show"], ["log", "export"], ["quarantine", "list"],
      ["quarantine", "export"], ["status"], ["query", "values", "--format", "jsonl"],
    ]
    for command in reading {
      let original = try data.foldlog(command)
      let result = try copy.foldlog(command)
      #expect(!original.errors.contains("copy"), "\(command): \(original.errors)")
      #expect(result.status == original.status, "\(command): \(result.errors)")
      if command != ["status"] { #expect(result.output == original.output, "\(command)") }
      #expect(result.errors.contains("is not whole: the block of"), "\(command): \(result.errors)")
    }
    #expect(try copy.foldlog("log", "verify").status == 65)
    let exported = try copy.foldlog("log", "export")
    let lines = exported.output.split(separator: "\n")
    #expect(exported.status == 65 && !lines.isEmpty && lines.count < 18_000, "\(lines.count)")
    #expect(lines.last?.contains("17999") == true)
    for command in [
      ["ingest"], ["ingest", "--follow", data.directory.path], ["quarantine", "retry"],
      ["project"], ["replay"], ["explain", "values", "0"], ["verify"], ["compact"],
      ["query", "values", "--as-of", "10"],
    ] {
      let result = try copy.foldlog(command)
      #expect(result.status == 65, "\(command): \(result.errors)")
      #expect(result.errors.contains("copy it again"), "\(command): \(result.errors)")
    }
  }

  @Test func `a bad block in a log that is another file refuses nothing`() throws {
    let data = try DataFolder()
    try data.ingest(0..<18_000)
    try data.damageBlock()
    // As a compaction leaves it that is killed before it notes the new file.
    #expect(
      try run("sh", ["-c", "cd '\(data.path)/log' && cp data.mdb new && mv new data.mdb"]).status
        == 0)
    #expect(try data.foldlog("status").errors.contains("`foldlog log verify`"))
    try data.ingest(18_000..<18_010, "--no-project")
    #expect(try data.foldlog("status").errors.isEmpty)
  }

  @Test func `a copied log without views is checked once, and one that stays is not`() throws {
    let data = try DataFolder()
    try data.ingest(0..<50, "--no-project")
    for command in [["log", "verify"], ["project"], ["status"]] {
      let result = try data.foldlog(command)
      #expect(result.status == 0 && result.errors.isEmpty, "\(command): \(result.errors)")
    }
    try data.remove("views")
    #expect(try data.foldlog("log", "show").errors.isEmpty)
    try data.directory.makeFolder("backup")
    #expect(try run("cp", ["-a", "\(data.path)/log", data.directory.file("backup")]).status == 0)
    let backup = try DataFolder("backup", in: data.directory)
    #expect(try backup.foldlog("log", "show").errors.contains("is a copy"))
    #expect(try backup.foldlog("log", "show").errors.isEmpty)
    #expect(try backup.foldlog("project").errors.isEmpty)
    try backup.expectWhole()
  }

  @Test func `another log that is written over the file of one is checked`() throws {
    let data = try DataFolder()
    try data.ingest(0..<50)
    let other = try DataFolder("other", in: data.directory)
    try other.ingest(100..<180)
    let words = ["-c", "cat '\(other.path)/log/data.mdb' > '\(data.path)/log/data.mdb'"]
    #expect(try run("sh", words).status == 0)
    let result = try data.foldlog("query", "values")
    #expect(result.status == 0 && result.errors.contains("another data directory's"))
    #expect(try data.foldlog("query", "values").errors.isEmpty)
    try data.expectWhole()
  }

  @Test func `kept builds of a copy answer, and are folded again when they are used`() throws {
    let data = try DataFolder()
    try data.ingest(0..<300)
    try data.directory.write(
      "data/heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let settings = "\(data.path)/heavier.toml"
    #expect(try data.foldlog("replay", "--what-if", settings, "--keep", "heavier").status == 0)
    let expected = try data.foldlog("query", "values@heavier", "--format", "jsonl").output
    let copy = try data.copy("copy")
    #expect(try copy.foldlog("query", "values@heavier", "--format", "jsonl").output == expected)
    try copy.ingest(300..<310)
    #expect(try copy.foldlog("replay", "--use", "heavier").status == 0)
    try copy.expectWhole()
    #expect(try copy.foldlog("replay", "--rollback").status == 0)
    try copy.expectWhole()
  }

  @Test(arguments: [UInt64(21), 22])
  func `copied at random moments while lines come, it is refused or right`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let session = try FollowSession()
    let data = try DataFolder(in: session.directory)
    try session.append("a.jsonl", events(0..<500))
    let follower = try session.follow(session.directory.file("in"))
    _ = try session.lines(atLeast: 500)
    var used = 0
    for round in 0..<6 {
      let first = 500 + round * 400
      let writer = try ChildProcess(
        "sh",
        [
          "-c",
          "for i in $(seq \(first) \(first + 399)); do echo "
            + "\"{\\\"event\\\":\\\"query_completion\\\",\\\"query\\\":\\\"why $i\\\",\\\"n\\\":$i}\""
            + "; sleep 0.0005; done >> '\(session.directory.file("in/a.jsonl"))'",
        ])
      pause(milliseconds: UInt32.random(in: 0...100, using: &random))
      let copy = try data.copy("copy", inPartsBy: &random)
      _ = try writer.wait()
      let opened = try copy.foldlog("query", "values", "--format", "jsonl")
      if opened.status == 65 || opened.errors.contains("not whole") {
        #expect(opened.errors.contains("copy it again"), "seed \(seed): \(opened.errors)")
      } else {
        used += 1
        #expect(opened.status == 0, "seed \(seed): \(opened.errors)")
        #expect(try copy.foldlog("project").status == 0, "seed \(seed), round \(round)")
        try copy.expectWhole("seed \(seed), round \(round)")
        try copy.ingest(9_000..<9_010)
        try copy.expectWhole("seed \(seed), round \(round)")
      }
      #expect(try run("rm", ["-r", copy.path]).status == 0)
    }
    try session.stop(follower)
    #expect(used > 0)
    try data.expectWhole()
  }
}
