@testable import EventLog
import Events
import LMDB
import TestSupport
import Testing

@Suite struct DamageTests {
  @Test(arguments: [UInt64(1), 2, 3])
  func `a flipped bit in any block is found and named`(_ seed: UInt64) throws {
    let log = try LogFixture()
    var random = SeededRandom(seed: seed)
    // Blocks of more than 64 KiB are not joined before they fill one of 1 MiB.
    for _ in 0..<5 { try log.append(randomLines(400, &random)) }
    let entries = try log.reader.blocks()
    #expect(entries.count == 5)
    let victim = entries[Int.random(in: 0..<5, using: &random)]
    let table = Bool.random(using: &random) ? "blocks" : "headers"
    try flip(table, of: victim.first, at: UInt64.random(in: 0...UInt64.max, using: &random), log)

    let verdict = try log.reader.verify(.events)
    #expect(!verdict.damages.isEmpty, "seed \(seed)")
    let named = verdict.damages.contains { damage in
      if case .damaged(let block, _) = damage { block == victim.first } else { false }
    }
    #expect(named, "seed \(seed): \(verdict.damages)")
  }

  @Test func `a header that lies about sizes is damage, not a request for memory`() throws {
    let log = try LogFixture()
    let packed = try log.packer.pack(log.block([Array("{\"n\":1}".utf8)]))
    let unpacker = try BlockUnpacker()
    for size in [1 << 40, 1 << 58, Int.max] {
      for part in [\BlockHeader.rawSize, \.columnsSize, \.linesSize] {
        var header = packed.header
        header[keyPath: part] = size
        #expect(throws: LogError.self) {
          _ = try unpacker.unpack(packed.payload.span, header, block: 0)
        }
      }
    }
  }

  private func flip(_ table: String, of block: Offset, at place: UInt64, _ log: LogFixture) throws {
    let environment = log.log.environment
    let transaction = try WriteTransaction(environment)
    let opened = try transaction.table(table)
    let key = (0..<8).map { UInt8(truncatingIfNeeded: block >> UInt64(56 - $0 * 8)) }
    let value = try transaction.withSnapshot { snapshot throws(LMDBError) in
      try snapshot.value(key.span, in: opened)
    }
    var bytes = try #require(value)
    bytes[Int(place % UInt64(bytes.count))] ^= 1 << UInt8(place % 8)
    try transaction.put(key.span, bytes.span, in: opened)
    try transaction.commit()
  }
}
