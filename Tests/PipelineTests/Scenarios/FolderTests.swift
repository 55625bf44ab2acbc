import Ingest
import TestSupport
import Testing

/// Folders that come, go and change places, with what is followed in them.
@Suite struct FolderTests {
  @Test(arguments: Watching.allCases)
  func `a folder that is emptied, removed and made again is followed as before`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("f", watching: watching)
    try folder.directory.makeFolder("in/f")
    try folder.append("f/a.jsonl", lines(1...1))
    try folder.follow()
    // The follower has the file open: of the folder's end nobody tells.
    try folder.shell("rm f/a.jsonl && rmdir f && mkdir f")
    try folder.append("f/b.jsonl", lines(2...2))
    try folder.follow()
    try folder.append("f/b.jsonl", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
    try folder.shell("rm f/b.jsonl && rmdir f")
    try folder.follow()
    try folder.shell("mkdir f")
    try folder.append("f/c.jsonl", lines(4...4))
    try folder.follow()
    #expect(try folder.lines() == lines(1...4))
  }

  @Test(arguments: Watching.allCases, ["up/d", "up/d/a.jsonl", "up/*/a.jsonl", "up/d/*.jsonl"])
  func `what is made anew where a folder on the way was renamed is followed at once`(
    _ watching: Watching, _ path: String
  ) throws {
    let folder = try TailedFolder(path, watching: watching)
    try folder.shell("mkdir -p up/d")
    try folder.append("up/d/a.jsonl", lines(1...1))
    try folder.follow()
    try folder.shell("mv up up.old && mkdir -p up/d")
    try folder.append("up/d/a.jsonl", lines(2...2))
    try folder.follow()
    try folder.append("up/d/a.jsonl", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
  }

  @Test(arguments: Watching.allCases, ["current", "current/a.jsonl"])
  func `a link on the way that is switched leads to other files at once`(
    _ watching: Watching, _ path: String
  ) throws {
    let folder = try TailedFolder(path, watching: watching)
    try folder.shell("mkdir -p releases/1 releases/2 links && ln -s ../releases/1 links/newest")
    try folder.shell("ln -s links/newest current")
    try folder.append("releases/1/a.jsonl", lines(1...1))
    try folder.append("releases/2/a.jsonl", lines(2...2))
    try folder.follow()
    #expect(try folder.lines() == lines(1...1))
    try folder.shell("ln -sfn ../releases/2 links/newest")
    try folder.follow()
    #expect(try folder.lines() == lines(1...2))
    try folder.append("releases/2/a.jsonl", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
  }

  @Test(arguments: Watching.allCases)
  func `what lies behind folders that come one by one, and behind a link, is taken as it comes`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("x/y/a.jsonl", "link", "z/*/a.jsonl", watching: watching)
    try folder.directory.makeSymbolicLink("in/link", to: "in/far/off/b.jsonl")
    for step in ["mkdir x", "mkdir x/y far", "mkdir far/off z", "mkdir z/1"] {
      try folder.follow()
      try folder.shell(step)
    }
    try folder.follow()
    for (number, file) in ["x/y/a.jsonl", "far/off/b.jsonl", "z/1/a.jsonl"].enumerated() {
      try folder.append(file, lines([number * 2]))
      try folder.follow()
      try folder.append(file, lines([number * 2 + 1]))
      try folder.follow()
    }
    #expect(try folder.lines() == lines(0..<6))
  }

  // MARK: What is told

  @Test func `of names on the way is told, and of others beside them nothing`() throws {
    let directory = try TemporaryDirectory()
    try directory.makeFolder("f")
    let watch = ChangeWatch(wake: -1)
    let steps = ["f", "late"].map { WatchedName(folder: directory.path, name: $0) }
    func isTold() -> Bool {
      let changes = watch.wait(atMost_ms: 0)
      #expect(changes.isEverything || changes.isEmpty)
      return changes.isEverything
    }
    watch.watch([directory.file("f"), directory.file("late")], steps: steps)
    #expect(!watch.isPolling)
    try directory.write("other", "1")
    try directory.append("other", "2")
    try directory.rename("other", "another")
    try directory.makeFolder("folder")
    #expect(!isTold())
    try directory.makeFolder("late")
    #expect(isTold())
    watch.watch([directory.file("f"), directory.file("late")], steps: steps)
    try directory.write("late/a", "1")
    #expect(watch.wait(atMost_ms: 0).renamed == [directory.file("late/a")])
    try directory.setPermissions("f", 0o700)
    #expect(isTold())
    try directory.rename("f", "g")
    #expect(isTold())
    try directory.rename("another", "f")
    #expect(isTold())
  }

  @Test func `a folder in another's place is found out, and watched in its stead`() throws {
    let directory = try TemporaryDirectory()
    for name in ["up", "up/f", "new"] { try directory.makeFolder(name) }
    let watch = ChangeWatch(wake: -1)
    let folder = directory.file("up/f")
    watch.watch([folder])
    #expect(!watch.isOutdated())
    try directory.rename("up", "old")
    #expect(watch.isOutdated())
    watch.watch([folder])
    #expect(!watch.isOutdated() && watch.isPolling)
    try directory.rename("new", "up")
    try directory.makeFolder("up/f")
    #expect(watch.isOutdated())
    watch.watch([folder])
    #expect(!watch.isOutdated() && !watch.isPolling)
    try directory.write("old/f/a", "1")
    #expect(watch.wait(atMost_ms: 0).isEmpty)
    try directory.write("up/f/a", "1")
    #expect(watch.wait(atMost_ms: 0).renamed == ["\(folder)/a"])
  }

  @Test func `a folder on the way is told of in whole where it is followed too`() throws {
    let directory = try TemporaryDirectory()
    try directory.makeFolder("f")
    let steps = [WatchedName(folder: directory.path, name: "f")]
    let watch = ChangeWatch(wake: -1)
    for folders in [[directory.file("f")], [directory.path, directory.file("f")]] {
      watch.watch(Set(folders), steps: steps)
      try directory.append("a", "1")
      try directory.append("f/b", "1")
      let told = watch.wait(atMost_ms: 0)
      let paths = [directory.file("a"), directory.file("f/b")]
      #expect(told.written == Set(paths.suffix(folders.count)))
    }
  }
}
