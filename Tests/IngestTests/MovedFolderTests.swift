import Events
import Ingest
import Testing

/// A folder that was copied to another, which is followed too, and may come back.
@Suite struct MovedFolderTests {
  private typealias Farewell = SimulatedFiles.Farewell

  private func moving() throws -> Following {
    let following = Following(nil, "/new", "/newer")
    following.write("a.jsonl", "1", "2")
    following.write("b.jsonl", "b")
    try following.lookUntilStable()
    return following
  }

  private func copy(_ following: Following, to folder: String, device: UInt64, _ way: Farewell) {
    _ = following.files.copyFolder(
      folder, device: device, isKeepingTimes: true, shuffle: { $0.map { $0 + 100 } }, then: way)
    following.restart()
  }

  /// Writes to a file in a folder where writers write no more.
  private func write(_ following: Following, _ path: String, _ line: String) throws {
    let file = try #require(following.files.names[path])
    following.files.append(Array("\(line)\n".utf8), to: file)
  }

  @Test(arguments: SimulatedFiles.Farewell.allCases)
  func `what the copy gains is taken, and what was copied is not`(
    _ way: SimulatedFiles.Farewell
  ) throws {
    let following = try moving()
    following.write("a.jsonl", "3")
    copy(following, to: "/new", device: 2, way)
    following.write("a.jsonl", "4")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "b", "3", "4"])
    following.restart()
    following.write("b.jsonl", "5")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "b", "3", "4", "5"])
  }

  @Test func `of a folder that may not be looked at is told, and nothing waits for it`() throws {
    let following = try moving()
    copy(following, to: "/new", device: 2, .forbidden)
    following.write("a.jsonl", "3")
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "b", "3"])
    let told =
      "/new/a.jsonl: holds what was read of /logs/a.jsonl, and goes on for it: that cannot be looked "
      + "at (permission denied)"
    #expect(following.taker.told.filter { $0 == told }.count == 1)
  }

  @Test(arguments: [SimulatedFiles.Farewell.forbidden, .unmounted], [nil, UInt64(7)])
  func `what comes back goes on from where it was left, beside its copy`(
    _ way: SimulatedFiles.Farewell, _ device: UInt64?
  ) throws {
    let following = try moving()
    following.files.remount(device: 5)
    following.restart()
    try following.lookUntilStable()
    // In both, but read in the copy only.
    following.write("a.jsonl", "3")
    copy(following, to: "/new", device: 2, way)
    following.write("a.jsonl", "4")
    try following.lookUntilStable()
    following.files.bringBack(device: device)
    try write(following, "/logs/a.jsonl", "other")
    following.restart()
    try following.lookUntilStable()
    #expect(following.lines == ["1", "2", "b", "3", "4", "other"])
    following.write("a.jsonl", "5")
    try write(following, "/logs/a.jsonl", "more")
    try following.lookUntilStable()
    following.restart()
    try following.lookUntilStable()
    #expect(following.lines.sorted() == ["1", "2", "3", "4", "5", "b", "more", "other"])
  }

  @Test func `a folder that is mounted here and there in turn is one`() throws {
    let following = try moving()
    let files = following.files
    files.remount(device: 5)
    following.restart()
    try following.lookUntilStable()
    for number in 3...9 {
      files.mountElsewhere(number % 2 == 0 ? "/logs" : "/new", device: UInt64(5 + number % 3))
      following.restart()
      following.write("a.jsonl", "\(number)")
      try following.lookUntilStable()
    }
    #expect(following.lines == ["1", "2", "b", "3", "4", "5", "6", "7", "8", "9"])
  }

  @Test func `another number of its file system changes nothing`() throws {
    let following = try moving()
    following.write("a.jsonl.1", "old")
    try following.lookUntilStable()
    for device in UInt64(5)...8 {
      following.files.remount(device: device)
      following.restart()
      following.write("a.jsonl", "\(device)")
      try following.lookUntilStable()
    }
    #expect(following.lines == ["1", "2", "b", "old", "5", "6", "7", "8"])
  }
}
