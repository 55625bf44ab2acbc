internal import CZstd

/// A zstd context for compressing whole frames, one after the other. Not for two threads at once.
@safe package struct Compressor: ~Copyable {
  private let context: OpaquePointer

  /// - Parameter level: 1 (fast) to 19 (small); below 0 faster still, and larger.
  package init(level: Int32, windowLog: Int32? = nil) throws(ZstdError) {
    guard let context = unsafe ZSTD_createCCtx() else {
      throw ZstdError(reason: "no memory for a compression context")
    }
    unsafe self.context = context
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
    if let windowLog { _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog) }
  }

  deinit { _ = unsafe ZSTD_freeCCtx(context) }

  /// One frame that holds `input`, its size in the frame's header.
  package func compress(_ input: Span<UInt8>) throws(ZstdError) -> [UInt8] {
    let bound = ZSTD_compressBound(input.count)
    var code = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
      code = unsafe compress(input, into: UnsafeMutableRawBufferPointer(output))
      count = ZSTD_isError(code) == 0 ? code : 0
    }
    if ZSTD_isError(code) != 0 { throw ZstdError(code: code, "ZSTD_compress2") }
    return output
  }

  /// Appends the frame to bytes whose room is used again and again.
  package func compress(
    _ input: Span<UInt8>, appendingTo output: inout [UInt8]
  ) throws(ZstdError) {
    let start = output.count
    output.append(contentsOf: repeatElement(0, count: ZSTD_compressBound(input.count)))
    let code = unsafe output.withUnsafeMutableBytes { bytes in
      unsafe compress(input, into: UnsafeMutableRawBufferPointer(rebasing: bytes[start...]))
    }
    let isError = ZSTD_isError(code) != 0
    output.removeLast(output.count - start - (isError ? 0 : code))
    if isError { throw ZstdError(code: code, "ZSTD_compress2") }
  }

  private func compress(_ input: Span<UInt8>, into output: UnsafeMutableRawBufferPointer) -> Int {
    unsafe input.withUnsafeBufferPointer { input in
      unsafe ZSTD_compress2(
        context, output.baseAddress, output.count, input.baseAddress, input.count)
    }
  }
}

/// A zstd context for decompressing whole frames. Not for two threads at once.
@safe package struct Decompressor: ~Copyable {
  private let context: OpaquePointer

  package init() throws(ZstdError) {
    guard let context = unsafe ZSTD_createDCtx() else {
      throw ZstdError(reason: "no memory for a decompression context")
    }
    unsafe self.context = context
  }

  deinit { _ = unsafe ZSTD_freeDCtx(context) }

  /// Bytes that a frame's byte can stand for: a block of 128 KiB takes 4, a header less than that.
  private static let ratioMax = 1 << 15

  /// The content of one frame, which must be exactly `count` bytes, followed by `padding` zeros.
  package func decompress(
    _ input: Span<UInt8>, count: Int, padding: Int = 0
  ) throws(ZstdError) -> [UInt8] {
    // Before that much memory is asked for.
    guard count >= 0, count / Self.ratioMax <= input.count else {
      throw ZstdError(reason: "a frame of \(input.count) bytes cannot hold \(count)")
    }
    var code = 0
    let output = unsafe [UInt8](unsafeUninitializedCapacity: count + padding) { output, filled in
      code = unsafe input.withUnsafeBufferPointer { input in
        unsafe ZSTD_decompressDCtx(
          context, output.baseAddress, count, input.baseAddress, input.count)
      }
      for index in count..<(count + padding) { unsafe output[index] = 0 }
      filled = count + padding
    }
    if ZSTD_isError(code) != 0 { throw ZstdError(code: code, "ZSTD_decompressDCtx") }
    guard code == count else {
      throw ZstdError(reason: "a frame of \(code) bytes where \(count) were expected")
    }
    return output
  }
}

/// Decompresses a stream of frames piece by piece, as files are read.
@safe package struct DecompressionStream: ~Copyable {
  private let context: OpaquePointer
  /// Whether the input ended between two frames, so that nothing is missing.
  package private(set) var isAtFrameEnd = true

  package init() throws(ZstdError) {
    guard let context = unsafe ZSTD_createDStream() else {
      throw ZstdError(reason: "no memory for a decompression stream")
    }
    unsafe self.context = context
    // Files compressed with --ultra --long open too.
    _ = unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 31)
  }

  deinit { _ = unsafe ZSTD_freeDStream(context) }

  /// Appends what `input` holds to `output`, until about `limit` bytes came of it: a few bytes may
  /// stand for gigabytes. Returns how much of the input it took; what came of it may go on with an
  /// empty input.
  @discardableResult
  package mutating func decompress(
    _ input: Span<UInt8>, into output: inout [UInt8], atMost limit: Int = .max
  ) throws(ZstdError) -> Int {
    var consumed = 0
    var total = 0
    let chunk = ZSTD_DStreamOutSize()
    while true {
      var code = 0
      var produced = 0
      let piece = unsafe [UInt8](unsafeUninitializedCapacity: chunk) { buffer, count in
        unsafe input.withUnsafeBufferPointer { input in
          var source = unsafe ZSTD_inBuffer(
            src: input.baseAddress, size: input.count, pos: consumed)
          var target = unsafe ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
          code = unsafe ZSTD_decompressStream(context, &target, &source)
          unsafe consumed = source.pos
          unsafe produced = target.pos
        }
        count = produced
      }
      if ZSTD_isError(code) != 0 { throw ZstdError(code: code, "ZSTD_decompressStream") }
      output.append(contentsOf: piece)
      if consumed > 0 || produced > 0 { isAtFrameEnd = code == 0 }
      total += produced
      if consumed == input.count && produced < chunk || total >= limit { return consumed }
    }
  }
}

/// What zstd refused.
package struct ZstdError: Error, Equatable, Sendable, CustomStringConvertible {
  package let reason: String

  init(reason: String) { self.reason = reason }

  init(code: Int, _ operation: String) {
    let name = unsafe String(cString: ZSTD_getErrorName(code))
    reason = "\(name) (\(operation))"
  }

  package var description: String { reason }
}
