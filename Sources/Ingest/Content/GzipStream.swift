internal import CZlib

/// Inflates the members of a gzip file, piece by piece.
@safe final class GzipStream {
  private var stream = unsafe z_stream()
  private(set) var isAtMemberEnd = false

  init(path: String) throws(IngestError) {
    // 32: recognise the header by itself; 15: the largest window.
    let code = unsafe inflateInit2_(
      &stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    if code != Z_OK { throw IngestError(.unreadable, path: path, reason: "zlib error \(code)") }
  }

  deinit { _ = unsafe inflateEnd(&stream) }

  /// Appends what `input` holds to `output`, until about `limit` bytes came of it. Returns how much of
  /// the input it took; what came of it may go on with an empty input.
  func inflate(
    _ input: Span<UInt8>, into output: inout [UInt8], atMost limit: Int, path: String
  ) throws(IngestError) -> Int {
    let pieceSize = 1 << 18
    var consumed = 0
    var total = 0
    var isMore = !isAtMemberEnd || !input.isEmpty
    while isMore, total < limit {
      if isAtMemberEnd {
        _ = unsafe inflateReset(&stream)
        isAtMemberEnd = false
      }
      var code = Z_OK
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, filled in
        unsafe input.withUnsafeBufferPointer { input in
          unsafe stream.next_in = UnsafeMutablePointer(
            mutating: input.extracting(consumed...).baseAddress)
          unsafe stream.avail_in = UInt32(input.count - consumed)
          unsafe stream.next_out = buffer.baseAddress
          unsafe stream.avail_out = UInt32(buffer.count)
          unsafe code = CZlib.inflate(&stream, Z_NO_FLUSH)
          unsafe consumed = input.count - Int(stream.avail_in)
          unsafe filled = buffer.count - Int(stream.avail_out)
        }
      }
      output.append(contentsOf: piece)
      total += piece.count
      switch code {
      case Z_STREAM_END: isAtMemberEnd = true
      case Z_OK, Z_BUF_ERROR: break
      default:
        throw IngestError(.unreadable, path: path, reason: "damaged gzip content (zlib \(code))")
      }
      isMore = consumed < input.count || (!isAtMemberEnd && piece.count == pieceSize)
    }
    return consumed
  }
}
