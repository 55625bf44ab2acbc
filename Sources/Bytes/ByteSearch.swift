#if canImport(Glibc)
  internal import Glibc
#endif

/// The first place of a byte at or after `start`; nil when there is none. As fast as memchr.
public func firstIndex(of byte: UInt8, in span: Span<UInt8>, from start: Int = 0) -> Int? {
  guard start < span.count else { return nil }
  return unsafe span.withUnsafeBufferPointer { buffer -> Int? in
    guard let base = buffer.baseAddress,
      let found = unsafe memchr(base + start, Int32(byte), buffer.count - start)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
  }
}
