/// Hashes of 40 bits in 5 bytes each, ascending. Who makes one sees to it that 3 bytes beyond the
/// last can be read.
@safe struct PackedHashes {
  static var size: Int { 5 }
  private static var mask: UInt64 { 1 << Sketch.hashBits - 1 }

  private let start: UnsafeRawPointer
  let count: Int

  @unsafe @inline(__always)
  init(_ start: UnsafeRawPointer, count: Int) {
    unsafe self.start = start
    self.count = count
  }

  /// The hash at an index below `count`.
  @inline(__always)
  subscript(_ index: Int) -> UInt64 {
    let word = unsafe start.loadUnaligned(
      fromByteOffset: index &* Self.size, as: UInt64.self)
    return UInt64(littleEndian: word) & Self.mask
  }

  /// Appends all hashes.
  func append(to hashes: inout [UInt64]) {
    for index in 0..<count { hashes.append(self[index]) }
  }

  /// Writes hashes; the 3 bytes beyond the last become 0.
  static func write(_ hashes: [UInt64], at start: UnsafeMutableRawPointer) {
    // The zeros in which each word ends are covered by the next.
    for index in hashes.indices {
      unsafe start.storeBytes(
        of: (hashes[index] & mask).littleEndian, toByteOffset: index &* size, as: UInt64.self)
    }
  }
}
