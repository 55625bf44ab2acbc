import Bytes
@testable import EventLog
import Events
import TestSupport
import Testing
import Zstd

/// The bytes of the log, computed apart from this program by schemas/log-format.md: they never change
/// while the format has its number.
@Suite struct FormatTests {
  private let block: EventBlock

  init() {
    var block = EventBlock()
    block.append(
      line: Array("{}".utf8).span, kind: .init(stream: 1, name: "query"),
      time: Timestamp(nanoseconds: 1_700_000_000_000_000_000), isTimeInferred: true, source: 7,
      position: 100, recorded: Timestamp(nanoseconds: 1_800_000_000_000_000_000))
    block.append(
      line: Array("{\"a\":1}".utf8).span, kind: .init(stream: 2, name: "edit"),
      time: Timestamp(nanoseconds: 1_700_000_002_000_000_000), isTimeInferred: false, source: 300,
      position: 0, recorded: Timestamp(nanoseconds: 1_800_000_000_000_000_005))
    self.block = block
  }

  @Test func `a header has these bytes`() throws {
    var header = BlockHeader(
      of: block, linesSize: 5, columnsSize: 6, timeUnit: 1_000_000_000,
      payloadHash: Hash128(value: 0x0102_0304_0506_0708_090a_0b0c_0d0e_0f10))
    header.head = try #require(SHA256Digest(bytes: Array(0..<32)))
    let bytes = header.encoded()
    let body = Array(bytes.dropLast(16))
    #expect(
      hexadecimal(body)
        == "01020b05068094ebdc038080d0e2c6bfce972f80d0fcd5d5bfce972f8080a0bbd29df1fa318a80a0bbd29d"
        + "f1fa31020105717565727901020465646974010207016467ac0201000800"
        + "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        + "100f0e0d0c0b0a090807060504030201")
    var hash = ByteWriter()
    hash.append(hash: Hash128(of: body))
    #expect(Array(bytes.suffix(16)) == hash.bytes)
    #expect(try BlockHeader(bytes.span, block: 0) == header)
  }

  @Test func `a payload has these bytes before they are compressed`() throws {
    let packed = try BlockPacker().pack(block)
    let lines = Array(packed.payload.prefix(packed.header.linesSize))
    let columns = Array(packed.payload.dropFirst(packed.header.linesSize))
    let decompressor = try Decompressor()
    #expect(try decompressor.decompress(lines.span, count: 11) == Array("{}\n{\"a\":1}\n".utf8))
    #expect(
      hexadecimal(try decompressor.decompress(columns.span, count: packed.header.columnsSize))
        == "000180c49fd50c0401000001c801008080a0bbd29df1fa310a")
    #expect(packed.header.timeUnit == 1_000_000_000)
  }

  @Test func `the chain over its events is this`() {
    #expect(
      "\(eventHashes(of: block).chained(from: .zero))"
        == "e07fbc64853942f7c85e1d9faa5fe05941b1f5b2259b0a65bf715351ee78e2b1")
  }

  @Test func `a receipt has these bytes, and is read from them`() throws {
    var receipt = Receipt(.logExport, at: Timestamp(nanoseconds: 1_800_000_000_000_000_000))
    (receipt.subject, receipt.rows, receipt.target, receipt.offset) = ("errors", 300, "-", 7)
    #expect(
      hexadecimal(receipt.encoded)
        == "0103" + "8080a0bbd29df1fa31" + "066572726f7273" + "01ac02" + "01012d" + "0107" + "01")
    #expect(try Receipt(decoding: receipt.encoded.span) == receipt)
    var bare = Receipt(.compact, at: Timestamp(nanoseconds: 0))
    bare.isWhole = false
    #expect(hexadecimal(bare.encoded) == "010e000000000000")
    #expect(try Receipt(decoding: bare.encoded.span) == bare)
    // One of a later version says so; an act that is not known is one all the same.
    #expect(throws: BytesError.self) { try Receipt(decoding: [2, 1].span) }
    #expect(try Receipt(decoding: [1, 200, 0, 0, 0, 0, 0, 1].span).act == nil)
  }

  @Test func `keys have these bytes`() {
    #expect(hexadecimal(orderedKey(300)) == "000000000000012c")
    #expect(hexadecimal(fileKey(device: 1, inode: 258)) == "00000000000000010000000000000102")
    #expect(nameKey("agent") == Array("agent".utf8))
    #expect(nameKey(String(repeating: "n", count: 481)).first == UInt8(ascii: "#"))
  }
}
