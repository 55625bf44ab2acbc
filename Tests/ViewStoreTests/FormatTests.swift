import Bytes
import TestSupport
import Testing
@testable import ViewStore

/// The bytes of what a build and the catalogue say: they never change while a version has its number.
@Suite struct FormatTests {
  @Test func `a build's record has these bytes`() throws {
    var view = ViewState(
      view: "values", version: 4, settings: Hash128(value: 1), upstream: Hash128(value: 2))
    view.sum = 3
    view.checkpoint = 300
    view.stopped = "bad"
    view.priced = [PricedModel(model: "m", first: 1, last: 2, prices: Hash128(value: 5))]
    var record = BuildRecord()
    record.checkpoint = 300
    record.head = SHA256Digest(bytes: Array(0..<32))
    record.settings = "s"
    record.skipped = [9]
    record.views = [view]
    let bytes = record.encoded()
    #expect(
      hexadecimal(bytes)
        == "04ac02000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f0173010901"
        + "0676616c75657304010000000000000000000000000000000200000000000000000000000000000003"
        + "000000000000000000000000000000ac02010362616401016d02040500000000000000000000000000"
        + "0000")
    var reader = ByteReader(bytes.span)
    #expect(try BuildRecord(from: &reader) == record)
    // Version 3 ended before the prices.
    let earlier = [3] + bytes.dropFirst().dropLast(21)
    record.views[0].priced = []
    var earlierReader = ByteReader(earlier.span)
    #expect(try BuildRecord(from: &earlierReader) == record)
  }

  private func bytes(_ record: some CatalogueRecord) -> String {
    var writer = ByteWriter()
    record.encode(into: &writer)
    return "\(type(of: record).table) \(record.key) \(hexadecimal(writer.bytes))"
  }

  @Test func `the catalogue's entries have these bytes`() {
    #expect(
      bytes(CatalogueEntry(view: "v", live: "b2", previous: "b1")) == "views v 026232026231")
    #expect(
      bytes(KeptBuilds(name: "n", placements: [Placement(build: "b", views: ["v", "w"])]))
        == "kept n 0101620201760177")
    #expect(bytes(CopiedBuild(build: "b", isChecked: true)) == "copied b 01")
    #expect(bytes(LastSwap(views: ["v"])) == "swaps last 010176")
    let mark = FileMark(number: 1, madeAt_ns: 2, device: 3)
    let marks = "010000000000000002000000000000000300000000000000"
    #expect(
      bytes(PlaceNote(directory: mark, log: mark, machine: "m"))
        == "place last \(marks)\(marks)016d")
  }

  @Test func `a large value is a frame behind its size`() throws {
    let codec = try ValueCodec()
    let value = [UInt8](repeating: 7, count: 300)
    let packed = try codec.pack(value.span, table: "t")
    // A varint of 300, then zstd's magic number.
    #expect(hexadecimal(Array(packed.prefix(6))) == "ac0228b52ffd")
    #expect(try codec.unpack(packed.span, table: "t") == value)
  }
}
