import Bytes
import Provenance
import EventLog
import Events
import Ingest
import Pipeline
import TestSupport
import Testing

/// Names that lead to other names: scenario 19.
@Suite struct LinkTests {
  @Test(arguments: Watching.allCases)
  func `a link whose target changes gives what is left of the old one, then the new one`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder("current", watching: watching)
    try folder.directory.makeFolder("in/days")
    try folder.append("days/1", lines(1...2))
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/1")
    try folder.follow()
    try folder.append("days/1", lines(3...3))
    try folder.follow()
    #expect(try folder.lines() == lines(1...3))
    try folder.append("days/1", lines(4...4))
    try folder.append("days/2", lines(5...5))
    try folder.remove("current")
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/2")
    try folder.follow()
    #expect(try folder.lines() == lines(1...5))
    folder.kill()
    try folder.append("days/2", lines(6...6))
    try folder.append("days/3", lines(7...7))
    try folder.remove("current")
    try folder.directory.makeSymbolicLink("in/current", to: "in/days/3")
    try folder.follow()
    #expect(try folder.lines() == lines(1...7))
    try folder.append("days/3", lines(8...8))
    try folder.follow()
    #expect(try folder.lines() == lines(1...8))
  }

  @Test(arguments: Watching.allCases)
  func `two links to one file are one source`(_ watching: Watching) throws {
    let folder = try TailedFolder("one", "two", "logs", watching: watching)
    try folder.directory.makeFolder("in/logs")
    try folder.append("logs/a.jsonl", lines(1...2))
    try folder.shell("ln -s logs/a.jsonl one; ln -s logs/a.jsonl two; ln logs/a.jsonl logs/b.jsonl")
    try folder.follow()
    try folder.append("logs/a.jsonl", lines(3...3))
    try folder.follow()
    try folder.append("two", lines(4...4))
    try folder.follow()
    try folder.restart()
    #expect(try folder.ingest("one", "two", "logs/a.jsonl", "logs/b.jsonl").lines == 0)
    #expect(try folder.lines() == lines(1...4))
    #expect(try folder.sources().count == 1)
  }

  @Test(arguments: Watching.allCases)
  func `a name that is no text is followed like any other`(_ watching: Watching) throws {
    let folder = try TailedFolder(".", watching: watching)
    try folder.shell("printf '{}\\n' > \"$(printf 'a\\377\\303.jsonl')\"")
    try folder.follow()
    try folder.shell("printf '{\"n\":1}\\n' >> \"$(printf 'a\\377\\303.jsonl')\"")
    try folder.follow()
    try folder.restart()
    #expect(try folder.lines() == ["{}", "{\"n\":1}"])
    #expect(
      try folder.sources().map { shownPath($0.path) }.allSatisfy {
        $0.hasSuffix("a\\xff\\xc3.jsonl")
      })
  }

  @Test(arguments: Watching.allCases)
  func `two names that Unicode calls equal are two files, shown as they are written`(
    _ watching: Watching
  ) throws {
    let folder = try TailedFolder(".", watching: watching)
    let names = ["caf\u{e9}.jsonl", "cafe\u{301}.jsonl"]
    for name in names { try folder.append(name, lines(1...2)) }
    try folder.follow()
    for name in names { try folder.append(name, lines(3...3)) }
    try folder.follow()
    try folder.restart()
    try folder.ingest(names[0], names[1])
    #expect(try folder.lines().sorted() == (lines(1...3) + lines(1...3)).sorted())
    let shown = try folder.sources().map { Array(shownPath($0.path).utf8) }
    let paths = names.map { Array(folder.directory.file("in/\($0)").utf8) }
    #expect(Set(shown) == Set(paths))
  }
}
