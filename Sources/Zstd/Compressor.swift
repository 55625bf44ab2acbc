internal import CZstd

/// A zstd context for compressing whole frames, one after the other. Not for two threads at once.
@safe package struct Compressor: ~Copyable {
  private let context: OpaquePointer

  /// - Parameter level: 1 (fast) to 19 (small).
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
      code = unsafe input.withUnsafeBufferPointer { input in
        unsafe ZSTD_compress2(
          context, output.baseAddress, output.count, input.baseAddress, input.count)
      }
      count = ZSTD_isError(code) == 0 ? code : 0
    }
    if ZSTD_isError(code) != 0 { throw ZstdError(code: code, "ZSTD_compress2") }
    return output
  }
}
