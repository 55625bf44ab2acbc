import EventLog
import Events
import Pipeline
import TestSupport
import Testing
import Zstd

/// A file that is packed while it is half read: scenario 18.
@Suite struct CompressedRotationTests {
  enum Packing: String, CaseIterable, Sendable {
    case gz, zst
  }

  private let all = longLines(1_000..<1_300, length: 20_000)

  /// Packs `a.jsonl`, which stays, with its time.
  private func pack(_ folder: TailedFolder, _ packing: Packing) throws {
    switch packing {
    case .gz: try folder.shell("gzip -c a.jsonl > a.jsonl.gz")
    case .zst:
      let bytes = try folder.directory.bytes("in/a.jsonl")
      let frame = try Compressor(level: 1).compress(bytes.span)
      try folder.directory.write("in/a.jsonl.zst", frame)
    }
    try folder.directory.setTime("in/a.jsonl.\(packing)", seconds: 1_767_225_600)
  }

  /// Reads about half of a file that is older than its reading, then kills the follower.
  private func readHalf(_ folder: TailedFolder) throws {
    try folder.append("a.jsonl", all)
    try folder.directory.setTime("in/a.jsonl", seconds: 1_767_225_600)
    folder.chunksBeforeStop = 3
    try folder.follow()
    folder.chunksBeforeStop = nil
    folder.kill()
    let half = try folder.lines().count
    #expect(half > 0 && half < all.count)
  }

  @Test(arguments: Packing.allCases)
  func `of a half read file that was packed, the rest is taken`(_ packing: Packing) throws {
    for name in ["a.jsonl", "."] {
      let folder = try TailedFolder(name)
      try readHalf(folder)
      try pack(folder, packing)
      try folder.remove("a.jsonl")
      try folder.append("a.jsonl", lines(1...2))
      try folder.follow()
      #expect(try folder.lines() == all + lines(1...2), "followed: \(name)")
      try folder.restart()
      #expect(try folder.lines() == all + lines(1...2), "followed: \(name)")
    }
  }

  @Test(arguments: ["a.jsonl", "."], ["a.jsonl.1.gz", "a-20260101.jsonl.gz", "a.jsonl.gz"])
  func `a packed copy of a file that stands is left out, and what is emptied then starts anew`(
    _ name: String, _ packed: String
  ) throws {
    for isStopped in [false, true] {
      let folder = try TailedFolder(name)
      try folder.append("a.jsonl", all)
      try folder.follow()
      try folder.shell("gzip -c a.jsonl > \(packed)")
      for _ in 0..<2 { try folder.follow() }
      #expect(try folder.lines() == all)
      if isStopped { folder.kill() }
      try folder.truncate("a.jsonl")
      try folder.append("a.jsonl", lines(1...2))
      for _ in 0..<2 { try folder.follow() }
      try folder.append("a.jsonl", lines(3...3))
      try folder.restart()
      #expect(try folder.lines() == all + lines(1...3), "stopped: \(isStopped)")
    }
  }

  @Test func `a packed copy that was there before anything was read is left out`() throws {
    let folder = try TailedFolder("a.jsonl")
    try folder.append("a.jsonl", all)
    try folder.follow()
    folder.kill()
    try folder.append("a.jsonl", lines(1...2))
    try folder.shell("gzip -c a.jsonl > a.jsonl.1.gz")
    for _ in 0..<2 { try folder.follow() }
    #expect(try folder.lines() == all + lines(1...2))
  }

  @Test(arguments: ["gzip", "copy"])
  func `a file rotated to a folder of old ones, inside what is followed, is taken once`(
    _ how: String
  ) throws {
    for isStopped in [false, true] {
      let folder = try TailedFolder(".")
      try folder.directory.makeFolder("in/old")
      try folder.append("a.jsonl", all)
      try folder.follow()
      if isStopped { folder.kill() }
      try folder.append("a.jsonl", lines(1...2))
      if how == "gzip" {
        try folder.shell("mv a.jsonl old/a.jsonl.1 && gzip old/a.jsonl.1")
      } else {
        try folder.shell("cp a.jsonl old/a.jsonl.1 && : > a.jsonl")
      }
      try folder.append("a.jsonl", lines(3...3))
      for _ in 0..<2 { try folder.follow() }
      try folder.restart()
      let found = try folder.lines()
      #expect(found.count == all.count + 3, "stopped: \(isStopped)")
      #expect(Set(found) == Set(all + lines(1...3)))
    }
  }

  @Test(arguments: Packing.allCases)
  func `of a half read file beside its packed form, the rest is taken once`(
    _ packing: Packing
  ) throws {
    for name in ["a.jsonl", "."] {
      let folder = try TailedFolder(name)
      try readHalf(folder)
      try pack(folder, packing)
      try folder.follow()
      #expect(try folder.lines() == all, "followed: \(name)")
      // The original grows on, and what is packed stays as it is.
      try folder.append("a.jsonl", lines(1...2))
      try folder.follow()
      try folder.restart()
      #expect(try folder.lines() == all + lines(1...2), "followed: \(name)")
    }
  }

  @Test(arguments: Packing.allCases)
  func `a one-shot ingest of the packed form takes the rest, in any order`(
    _ packing: Packing
  ) throws {
    let folder = try TailedFolder("a.jsonl")
    try readHalf(folder)
    try pack(folder, packing)
    let rest = UInt64(all.count - (try folder.lines().count))
    #expect(try folder.ingest("a.jsonl.\(packing)").events == rest)
    #expect(try folder.ingest("a.jsonl").lines == 0)
    try folder.append("a.jsonl", lines(1...1))
    let report = try folder.ingest("a.jsonl", "a.jsonl.\(packing)")
    #expect(report.lines == 1 && report.warnings == [] && report.failures == [])
    #expect(try folder.lines() == all + lines(1...1))
    #expect(try folder.sources().count == 1)
  }

  @Test(arguments: Packing.allCases)
  func `a torn packed form gives what is whole, and says so`(_ packing: Packing) throws {
    for isOriginalThere in [true, false] {
      let folder = try TailedFolder("a.jsonl")
      try readHalf(folder)
      let half = try folder.lines().count
      try pack(folder, packing)
      if !isOriginalThere { try folder.remove("a.jsonl") }
      let packed = try folder.directory.bytes("in/a.jsonl.\(packing)")
      // Torn before what was read: nothing is new, and nothing is taken again.
      for size in [packed.count / 8, 12] {
        try folder.directory.write("in/a.jsonl.\(packing)", Array(packed[..<size]))
        let early = try folder.ingest("a.jsonl.\(packing)")
        #expect(early.lines == 0)
        #expect(early.failures.joined().contains("ends early"))
        try folder.restart()
        #expect(try folder.lines().count == (isOriginalThere ? all.count : half))
        folder.kill()
      }
      if isOriginalThere { continue }
      // Torn behind it: whole lines beyond are taken.
      try folder.directory.write("in/a.jsonl.\(packing)", Array(packed.dropLast(packed.count / 40)))
      let late = try folder.ingest("a.jsonl.\(packing)")
      #expect(late.failures.joined().contains("ends early"))
      #expect(try folder.lines() == Array(all.prefix(half + Int(late.events))))
      if packing == .gz { #expect(late.events > 0) }
      // Whole after all.
      try folder.directory.write("in/a.jsonl.\(packing)", packed)
      #expect(try folder.ingest("a.jsonl.\(packing)").failures == [])
      #expect(try folder.lines() == all)
      #expect(try folder.sources().count == 1)
    }
  }

  @Test func `a packed form that is being written is left alone until it is whole`() throws {
    let folder = try TailedFolder(".")
    try folder.append("a.jsonl", all)
    try folder.follow()
    try pack(folder, .gz)
    let packed = try folder.directory.bytes("in/a.jsonl.gz")
    for size in [0, 10, packed.count / 3, packed.count / 2, packed.count] {
      try folder.directory.write("in/a.jsonl.gz", Array(packed[..<size]))
      try folder.follow()
    }
    try folder.restart()
    try folder.remove("a.jsonl")
    try folder.follow()
    try folder.restart()
    #expect(try folder.lines() == all)
    #expect(folder.notes == "")
  }

  @Test func `packed files that hold something else are taken for themselves`() throws {
    let folder = try TailedFolder(".")
    try folder.append("a.jsonl", lines(1...3))
    try folder.follow()
    try folder.append("b.jsonl", lines(10...12))
    try folder.shell("gzip -c b.jsonl > a.jsonl.gz; rm b.jsonl")
    try folder.follow()
    #expect(try folder.lines() == lines(1...3) + lines(10...12))
    try folder.restart()
    #expect(try folder.lines().count == 6)
  }
}
