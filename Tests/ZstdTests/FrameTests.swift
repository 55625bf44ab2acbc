import TestSupport
import Testing
import Zstd

@Suite struct FrameTests {
  private let content: [UInt8] = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) }

  @Test func `frames give their content back, with the padding asked for`() throws {
    let compressor = try Compressor(level: 3)
    let frame = try compressor.compress(content.span)
    #expect(frame.count < content.count / 10)
    let decompressor = try Decompressor()
    let back = try decompressor.decompress(frame.span, count: content.count, padding: 8)
    #expect(back == content + [UInt8](repeating: 0, count: 8))
  }

  @Test func `a frame of another size, or torn, is refused`() throws {
    let frame = try Compressor(level: 1).compress(content.span)
    let decompressor = try Decompressor()
    #expect(throws: ZstdError.self) {
      _ = try decompressor.decompress(frame.span, count: content.count + 1)
    }
    #expect(throws: ZstdError.self) {
      _ = try decompressor.decompress(frame.span, count: content.count - 1)
    }
    #expect(throws: ZstdError.self) {
      _ = try decompressor.decompress(
        frame.span.extracting(0..<(frame.count / 2)), count: content.count)
    }
  }

  @Test func `a stream of two frames is read in pieces of any size`() throws {
    let frame = try Compressor(level: 1).compress(content.span)
    let both = frame + frame
    for size in [1, 7, 1_000, both.count] {
      var stream = try DecompressionStream()
      var output: [UInt8] = []
      var start = 0
      while start < both.count {
        let end = min(both.count, start + size)
        try stream.decompress(both.span.extracting(start..<end), into: &output)
        start = end
      }
      #expect(output == content + content)
      let isWhole = stream.isAtFrameEnd
      #expect(isWhole)
    }
    var torn = try DecompressionStream()
    var output: [UInt8] = []
    try torn.decompress(both.span.extracting(0..<(frame.count + 9)), into: &output)
    let isWhole = torn.isAtFrameEnd
    #expect(!isWhole)
  }
}
