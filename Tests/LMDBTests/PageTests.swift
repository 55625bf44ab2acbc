import LMDB
import TestSupport
import Testing

/// What is told of a data.mdb by its pages alone.
@Suite struct PageTests {
  private static let pageSize = 4_096

  /// Tables with small entries, large ones, and pages that were freed.
  private func filled(_ random: inout SeededRandom) throws -> TemporaryDirectory {
    let directory = try TemporaryDirectory()
    let environment = try Environment(
      path: directory.path, options: EnvironmentOptions(mapSize: 1 << 26))
    for _ in 0..<12 {
      let transaction = try WriteTransaction(environment)
      for name in ["a", "b", "c"] {
        let table = try transaction.table(name)
        for _ in 0..<200 {
          let key = Array("key \(Int.random(in: 0..<900, using: &random))".utf8)
          if Int.random(in: 0..<3, using: &random) == 0 {
            try transaction.remove(key.span, in: table)
          } else {
            let size = Int.random(in: 0..<20, using: &random) == 0 ? 9_000 : 60
            try transaction.put(key.span, [UInt8](repeating: 7, count: size).span, in: table)
          }
        }
      }
      try transaction.commit()
    }
    return directory
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `what was committed passes, also where pages were freed`(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let directory = try filled(&random)
    try checkDataFile(in: directory.path)
    // Nothing committed yet, and a table without entries.
    let empty = try TemporaryDirectory()
    let environment = try Environment(
      path: empty.path, options: EnvironmentOptions(mapSize: 1 << 20))
    try checkDataFile(in: empty.path)
    let transaction = try WriteTransaction(environment)
    _ = try transaction.table("empty")
    try transaction.commit()
    try checkDataFile(in: empty.path)
  }

  @Test func `a page that is another page is found`() throws {
    var random = SeededRandom(seed: 4)
    let directory = try filled(&random)
    let bytes = try directory.bytes("data.mdb")
    let count = bytes.count / Self.pageSize
    var found = 0
    for _ in 0..<200 {
      let (from, to) = (
        Int.random(in: 2..<count, using: &random), Int.random(in: 2..<count, using: &random)
      )
      if from == to { continue }
      var torn = bytes
      torn.replaceSubrange(
        (to * Self.pageSize)..<((to + 1) * Self.pageSize),
        with: bytes[(from * Self.pageSize)..<((from + 1) * Self.pageSize)])
      try directory.write("data.mdb", torn)
      do { try checkDataFile(in: directory.path) } catch {
        #expect(error.isCorrupted, "\(error)")
        found += 1
      }
    }
    // The others are free, or in the middle of a large value.
    #expect(found > 30, "\(found)")
  }

  @Test func `garbage of any kind is an error, and no more`() throws {
    var random = SeededRandom(seed: 5)
    let directory = try filled(&random)
    let bytes = try directory.bytes("data.mdb")
    for _ in 0..<300 {
      var torn = bytes
      switch Int.random(in: 0..<3, using: &random) {
      case 0:
        for _ in 0..<Int.random(in: 1...400, using: &random) {
          torn[Int.random(in: 0..<torn.count, using: &random)] =
            UInt8.random(in: 0...255, using: &random)
        }
      case 1: torn.removeLast(Int.random(in: 1...torn.count, using: &random))
      default:
        let start = Int.random(in: 0..<torn.count, using: &random)
        for place in start..<min(torn.count, start + 5_000) { torn[place] = 0 }
      }
      try directory.write("data.mdb", torn)
      do { try checkDataFile(in: directory.path) } catch { #expect(error.isCorrupted, "\(error)") }
    }
  }
}
