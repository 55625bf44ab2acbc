import Bytes
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@Suite struct CatalogueTests {
  let directory: TemporaryDirectory
  let catalogue: ViewCatalogue

  init() throws {
    directory = try TemporaryDirectory()
    catalogue = try ViewCatalogue(path: directory.path, mapSize: 1 << 28)
  }

  private func makeBuild() throws -> String {
    let build = try catalogue.makeBuild()
    _ = try BuildWriter(build)
    return build.name
  }

  @Test func `kept builds stay while others come and go, and are found by their name`() throws {
    let kept = try makeBuild()
    try catalogue.keep(
      KeptBuilds(name: "heavy", placements: [Placement(build: kept, views: ["a"])]))
    for _ in 0..<3 { try catalogue.swap([Placement(build: makeBuild(), views: ["a"])]) }
    #expect(try catalogue.kept("heavy")?.build(of: "a") == kept)
    #expect(try catalogue.kept("heavy")?.build(of: "b") == nil)
    #expect(catalogue.builds() == [kept, "build-3", "build-4"])

    // Used, it serves, and has its name no more; the one before is the way back.
    try catalogue.swap(
      [Placement(build: kept, views: ["a"])], fromKept: "heavy", settings: "[values]\n")
    #expect(try catalogue.kept().isEmpty)
    #expect(try catalogue.entry("a")?.live == kept)
    #expect(try catalogue.entry("a")?.previous == "build-4")
    #expect(try catalogue.pendingSettings() == "[values]\n")
    try catalogue.settingsAreWritten()
    #expect(try catalogue.pendingSettings() == nil)
  }

  @Test func `to swap a build in that serves already leaves the way back as it is`() throws {
    let (first, second) = (try makeBuild(), try makeBuild())
    try catalogue.swap([Placement(build: first, views: ["a", "b"])])
    try catalogue.swap([Placement(build: second, views: ["a", "b"])])
    try catalogue.swap([Placement(build: second, views: ["a"])])
    #expect(try catalogue.entry("a")?.previous == first)
    try catalogue.swap([Placement(build: first, views: ["a"])])
    #expect(try catalogue.entry("a")?.live == first)
    #expect(try catalogue.entry("a")?.previous == second)
  }

  @Test func `dropping a name discards its builds`() throws {
    let kept = try makeBuild()
    try catalogue.keep(
      KeptBuilds(name: "heavy", placements: [Placement(build: kept, views: ["a"])]))
    try catalogue.drop("heavy")
    #expect(catalogue.builds().isEmpty)
    #expect(try catalogue.kept().isEmpty)
  }

  @Test func `unfinished builds are known until they serve or are forgotten`() throws {
    let (first, second) = (try makeBuild(), try makeBuild())
    for name in [first, second] {
      try catalogue.note(
        UnfinishedBuild(
          build: name, views: ["a", "b"], startedAt_ns: 5, startedFrom: 9))
    }
    #expect(try catalogue.unfinished().map(\.build) == [first, second])
    #expect(try catalogue.unfinished().first?.startedFrom == 9)
    try catalogue.swap([Placement(build: first, views: ["a", "b"])])
    // What another command may take up is left to it.
    #expect(try catalogue.unfinished().map(\.build) == [second])
    #expect(catalogue.builds() == [first, second])
    #expect(try catalogue.lastSwap() == ["a", "b"])
    try catalogue.forget([second])
    #expect(catalogue.builds() == [first])
  }

  @Test func `a past build stands where it was kept, whatever became of the scratch`() throws {
    let scratch = try catalogue.makeScratch()
    let past = PastBuild(view: "v", plan: "0a", checkpoint: 64)
    func write(_ number: UInt64) throws {
      let writer = try BuildWriter(scratch)
      let tables = FoldTables(view: "v", provider: writer)
      try tables.open(NumberRow.table).put(1, NumberRow(number))
      try tables.flush()
      var record = BuildRecord()
      record.checkpoint = number
      try writer.commit(record)
    }
    try write(64)
    try catalogue.keep(scratch, as: past)
    try write(65)
    catalogue.discardScratch(scratch)
    #expect(catalogue.pasts(of: "v") == [past])
    let again = try #require(try catalogue.makeScratch(from: past))
    #expect(try again.record().checkpoint == 64)
    catalogue.discardScratch(again)
    catalogue.discard(past)
    #expect(try catalogue.makeScratch(from: past) == nil)
    #expect(catalogue.pasts(of: "v").isEmpty)
  }

  @Test func `each scratch is of its own, and stays for as long as its maker wants`() throws {
    let first = try catalogue.makeScratch()
    let second = try catalogue.makeScratch()
    #expect(first.name != second.name)
    _ = try BuildWriter(first)
    try catalogue.discardUnused()
    catalogue.discardScratch(second)
    let files = try run("ls", ["\(directory.path)/\(first.name)"]).output
    #expect(files.contains("data.mdb"), "\(files)")
    catalogue.discardScratch(first)
    let folders = try run("ls", [directory.path]).output
    #expect(!folders.contains("scratch"), "\(folders)")
  }

  @Test func `scratch whose maker is gone is removed, one that is held anywhere is not`() throws {
    for name in ["scratch-1", "scratch-2"] {
      try directory.makeFolder(name)
      try directory.write("\(name)/data.mdb", "x")
    }
    let holder = try ChildProcess(
      "python3",
      [
        "-c",
        """
        import fcntl, struct, sys, time
        file = open(sys.argv[1], "w")
        # F_OFD_SETLK
        fcntl.fcntl(file, 37, struct.pack("hhqqi4x", fcntl.F_WRLCK, 0, 0, 1, 0))
        print("held", flush=True)
        time.sleep(600)
        """, directory.file("scratch-2/alive"),
      ])
    #expect(eventually { holder.output == "held\n" }, "\(holder.errors)")
    catalogue.discardScratch(try catalogue.makeScratch())
    let folders = try run("ls", [directory.path]).output
    #expect(!folders.contains("scratch-1") && folders.contains("scratch-2"), "\(folders)")
    try holder.end()
    catalogue.discardScratch(try catalogue.makeScratch())
    #expect(try !run("ls", [directory.path]).output.contains("scratch"))
  }

  @Test func `who folds an unfinished build is known while it lives`() throws {
    let build = try catalogue.makeBuild()
    let unfinished = UnfinishedBuild(
      build: build.name, views: ["a"], startedAt_ns: 5, startedFrom: 9)
    #expect(!catalogue.isHeld(unfinished))
    var lock = try catalogue.hold(build)
    #expect(lock != nil && catalogue.isHeld(unfinished))
    lock = nil
    #expect(!catalogue.isHeld(unfinished))
  }
}
