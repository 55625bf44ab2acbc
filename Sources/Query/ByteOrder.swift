#if canImport(Glibc)
  internal import Glibc
#endif

/// Negative, zero or positive, as the left sorts before, with or after the right as bytes. For
/// UTF-8 that is the order of the Unicode scalars.
func byteOrder(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Int {
  let shared = min(left.count, right.count)
  let order = unsafe left.withUnsafeBufferPointer { left in
    unsafe right.withUnsafeBufferPointer { right -> Int32 in
      guard shared > 0, let left = left.baseAddress, let right = right.baseAddress else { return 0 }
      return unsafe memcmp(left, right, shared)
    }
  }
  return order == 0 ? left.count - right.count : Int(order)
}

/// Whether some bytes occur in others; no bytes occur everywhere.
func contains(_ needle: Span<UInt8>, in haystack: Span<UInt8>) -> Bool {
  guard needle.count > 0 else { return true }
  let first = Int32(needle[0])
  return unsafe haystack.withUnsafeBytes { haystack in
    unsafe needle.withUnsafeBytes { needle in
      guard var start = haystack.baseAddress, let wanted = needle.baseAddress else { return false }
      // The places at which the needle may still begin.
      var left = haystack.count - needle.count + 1
      while left > 0, let found = unsafe memchr(start, first, left) {
        if unsafe memcmp(found, wanted, needle.count) == 0 { return true }
        unsafe left -= UnsafeRawPointer(found) - start + 1
        unsafe start = UnsafeRawPointer(found) + 1
      }
      return false
    }
  }
}

/// The order of two texts' UTF-8: never Unicode's canonical equivalence.
func byteOrder(_ left: String, _ right: String) -> Int {
  byteOrder(left.utf8.span, right.utf8.span)
}
