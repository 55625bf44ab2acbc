internal import CLMDB

// The only place where the map's bytes turn into spans and back.

extension MDB_val {
  init(_ buffer: UnsafeBufferPointer<UInt8>) {
    unsafe self.init(
      mv_size: buffer.count, mv_data: UnsafeMutableRawPointer(mutating: buffer.baseAddress))
  }

  /// The value in place: valid while the transaction lives and the page is not written to.
  func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let buffer = unsafe UnsafeBufferPointer(
      start: mv_data?.assumingMemoryBound(to: UInt8.self), count: mv_size)
    return body(unsafe buffer.span)
  }
}
