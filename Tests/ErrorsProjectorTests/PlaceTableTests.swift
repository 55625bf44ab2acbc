import Bytes
import ErrorText
import Tables
import TestSupport
import Testing

@testable import ErrorsProjector

/// The words at places of templates, beside a dictionary that does the same.
@Suite struct PlaceTableTests {
  private static func word(_ bits: UInt64) throws -> WordHash {
    var writer = ByteWriter()
    writer.append(littleEndian: bits)
    var reader = ByteReader(writer.span)
    return try WordHash(from: &reader)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func `places hold what was noted there, over many pages, removals and openings`(
    _ seed: UInt64
  ) throws {
    var random = SeededRandom(seed: seed)
    let provider = MemoryTables()
    var tables = FoldTables(view: "errors", provider: provider)
    var places = try PlaceTable(tables: tables)
    let keys = (0..<2_000).map { _ in UInt64.random(in: 0 ... .max, using: &random) }
    var model: [UInt64: [(word: UInt64, group: UInt64)]] = [:]
    for step in 0..<20_000 {
      let key = keys[Int.random(in: keys.indices, using: &random)]
      if step % 50 == 49 {
        try places.remove(key)
        model[key] = nil
        continue
      }
      if step % 4_000 == 3_999 {
        // Another process takes the table up.
        try tables.flush()
        tables = FoldTables(view: "errors", digest: tables.digest, provider: provider)
        places = try PlaceTable(tables: tables)
      }
      let word = UInt64.random(in: 1...6, using: &random)
      let group = UInt64.random(in: 0...9_999, using: &random)
      var known = model[key] ?? []
      if let place = known.firstIndex(where: { $0.word == word }) {
        known[place].group = group
      } else if known.count < Merging.valuesMin {
        known.append((word, group))
      }
      model[key] = known
      let expected =
        known.count < Merging.valuesMin ? nil : Set(known.map(\.group) + [group])
      let found = try places.note(try Self.word(word), of: group, at: key).map(Set.init)
      #expect(found == expected, "seed \(seed), step \(step)")
    }
  }
}
