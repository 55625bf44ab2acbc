import Bytes
import LMDB
import TestSupport
import Testing

/// Views that do not belong to the log that they lie beside are folded again from it, and nobody is
/// told a wrong answer.
@Suite struct FitTests {
  private func filled(_ count: Int = 300) throws -> DataFolder {
    let data = try DataFolder()
    try data.ingest(0..<count)
    return data
  }

  /// Expects that a command says that views are folded again, the next one nothing, and both are right.
  private func expectMended(_ data: DataFolder, _ reason: String) throws {
    let first = try data.foldlog("query", "values", "--format", "jsonl")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("folded again"), "\(first.errors)")
    #expect(first.errors.contains(reason), "\(first.errors)")
    let second = try data.foldlog("query", "values", "--format", "jsonl")
    #expect(second.errors.isEmpty, "\(second.errors)")
    #expect(first.output == second.output)
    try data.expectWhole()
  }

  @Test func `views of a log without events fit it, and lag when it gets some`() throws {
    let data = try DataFolder()
    #expect(try data.foldlog("ingest", input: "no event\n").status == 65)
    #expect(try !data.foldlog("query", "values").errors.contains("lag"))
    try data.ingest(0..<2, "--no-project")
    #expect(try data.foldlog("query", "values").errors.contains("views lag 2 events"))
  }

  @Test func `views ahead of their log are folded again`() throws {
    let data = try filled()
    let short = try DataFolder("short", in: data.directory)
    try short.ingest(0..<200)
    try data.take("log", from: short)
    try expectMended(data, "the log has 200")
  }

  @Test func `a log that grew in another way is another log, though it is as long`() throws {
    let data = try filled()
    let other = try data.copy("other")
    try data.ingest(300..<400)
    try other.ingest(400..<520)
    try other.expectWhole()
    // The views of the one beside the log of the other, behind its end.
    try other.take("views", from: data)
    try expectMended(other, "from other events")
    try other.ingest(520..<530)
    try other.expectWhole()
  }

  @Test func `a log that was deleted, and made anew`() throws {
    let data = try filled()
    try data.remove("log")
    #expect(try data.foldlog("query", "values").status == 66)
    try data.ingest(500..<900, "--no-project")
    try expectMended(data, "from other events")
    try data.remove("log")
    // Who takes lines mends as well.
    try data.ingest(0..<10)
    try data.expectWhole()
  }

  @Test func `views of another data directory`() throws {
    let data = try filled()
    let other = try DataFolder("other", in: data.directory)
    try other.ingest(1_000..<1_300)
    try data.take("views", from: other)
    for command in [
      ["status"], ["explain", "values", "0"], ["dataset", "export", "--format", "kto"],
    ] {
      let copy = try data.copy("copy")
      let result = try run(foldlogBinary, command, variables: ["FOLDLOG_DATA=\(copy.path)"])
      #expect(result.status == 0 && result.errors.contains("folded again"), "\(result.errors)")
      try copy.expectWhole("\(command)")
      #expect(try run("rm", ["-r", copy.path]).status == 0)
    }
    try expectMended(data, "from other events")
  }

  @Test func `a record of the version before says of no log, and is folded again once`() throws {
    let data = try filled()
    do {
      let environment = try Environment(
        path: "\(data.path)/views/build-1", options: EnvironmentOptions(mapSize: 1 << 30))
      let transaction = try WriteTransaction(environment)
      let table = try transaction.table("build")
      let key = Array("build".utf8)
      let stored = try transaction.withSnapshot { snapshot throws(LMDBError) in
        try snapshot.value(key.span, in: table)
      }
      let record = try #require(stored)
      var reader = ByteReader(record.span)
      #expect(try reader.byte() == 4)
      var before = ByteWriter()
      before.append(byte: 2)
      before.append(varint: try reader.varint())
      _ = try reader.array(32)
      before.append(text: try reader.text())
      let skippedCount = try reader.count()
      before.append(varint: skippedCount)
      for _ in 0..<skippedCount { before.append(varint: try reader.varint()) }
      let viewCount = try reader.count()
      before.append(varint: viewCount)
      for _ in 0..<viewCount {
        before.append(text: try reader.text())
        before.append(varint: try reader.varint())
        before.append(hash: try reader.hash())
        before.append(hash: try reader.hash())
        before.append(littleEndian: try reader.littleEndian(UInt128.self))
        before.append(varint: try reader.varint())
        before.append(bool: try reader.bool())
        before.append(text: try reader.text())
        // By what models were priced came later.
        for _ in 0..<(try reader.count()) {
          _ = (try reader.text(), try reader.zigzag(), try reader.zigzag(), try reader.hash())
        }
      }
      try transaction.put(key.span, before.span, in: table)
      try transaction.commit()
    }
    try expectMended(data, "version of foldlog")
  }

  @Test(arguments: ["cut", "emptied", "no file", "no folder", "garbage", "no record"])
  func `a build that cannot be read is folded again`(_ damage: String) throws {
    let data = try filled(3_000)
    let build = "\(data.name)/views/build-1"
    let file = "\(build)/data.mdb"
    switch damage {
    case "cut": try data.directory.truncate(file, to: try data.directory.bytes(file).count / 2)
    case "emptied": try data.directory.truncate(file)
    case "no file": try data.directory.remove(file)
    case "no folder": try data.remove("views/build-1")
    case "garbage": try data.directory.write(file, [UInt8](repeating: 0xa5, count: 50_000))
    default:
      let environment = try Environment(
        path: data.directory.file(build), options: EnvironmentOptions(mapSize: 1 << 30))
      let transaction = try WriteTransaction(environment)
      try transaction.clear(try transaction.table("build"))
      try transaction.commit()
    }
    try expectMended(data, "build-1")
  }

  @Test(arguments: ["garbage", "torn", "emptied", "no file", "no folder"])
  func `a catalogue that cannot be read is made anew`(_ damage: String) throws {
    let data = try filled()
    let file = "\(data.name)/views/catalogue/data.mdb"
    switch damage {
    case "garbage": try data.directory.write(file, [UInt8](repeating: 0xa5, count: 50_000))
    case "torn":
      var bytes = try data.directory.bytes(file)
      for place in 8_192..<bytes.count { bytes[place] = UInt8(truncatingIfNeeded: place) }
      try data.directory.write(file, bytes)
    case "emptied": try data.directory.truncate(file)
    case "no file": try data.directory.remove(file)
    default: try data.remove("views/catalogue")
    }
    try expectMended(data, "nothing says what the builds")
  }

  @Test func `what is kept, the build before and an interrupted replay of another log go`() throws {
    let data = try filled()
    try data.directory.write(
      "data/heavier.toml", "[values.weights]\noutcome = 0.5\nfeedback = 0.1\n")
    let settings = "\(data.path)/heavier.toml"
    #expect(
      try data.foldlog("replay", "--what-if", settings, "--keep", "heavier").status == 0)
    #expect(try data.foldlog("replay").status == 0)
    try data.remove("log")
    try data.ingest(700..<1_000, "--no-project")
    let status = try data.foldlog("status")
    #expect(status.status == 0)
    #expect(status.errors.contains("kept as `heavier`") && status.errors.contains("dropped"))
    #expect(status.errors.contains("the build before the live one"), "\(status.errors)")
    #expect(try data.foldlog("query", "values@heavier").status == 66)
    #expect(try data.foldlog("replay", "--rollback").status == 66)
    try data.expectWhole()
  }

  @Test func `another process that replays is waited for`() throws {
    let data = try filled()
    try data.remove("log")
    try data.ingest(500..<900, "--no-project")
    let lock = try ChildProcess(
      "flock", ["--no-fork", "\(data.path)/replay.lock", "sleep", "60"])
    #expect(
      try eventually { try run("flock", ["-n", "\(data.path)/replay.lock", "true"]).status != 0 })
    let query = try ChildProcess(
      foldlogBinary, ["query", "values", "--format", "jsonl"],
      variables: ["FOLDLOG_DATA=\(data.path)"])
    #expect(eventually { query.errors.contains("waiting") })
    #expect(query.output.isEmpty)
    // Who takes lines waits for nobody.
    let ingest = try data.foldlog("ingest", "--stream", "aidb", input: "{\"event\":\"query\"}\n")
    #expect(ingest.status == 75 && ingest.errors.contains("the lines are in the log"))
    try lock.end()
    #expect(try query.wait().status == 0)
    try data.expectWhole()
  }
}
