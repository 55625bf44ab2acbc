internal import Views

/// Sketches one after the other on pages, each with how many texts have it and the lowest id among
/// them. A record takes 5 bytes a hash and 27 more.
@safe final class SketchRecords {
  private let pages: PageTable
  private static var addressBits: Int { 10 }
  private static var headerWords: Int { 3 }

  init(tables: TableSet, name: String) throws(TableError) {
    pages = try tables.pages("\(name)/sketches", wordsPerPage: 1022, residentMax: 1 << 14)
    // Page 0 holds where the next record goes.
    if pages.count == 0 { _ = pages.append() }
  }

  /// A record's head.
  struct Head {
    var id: UInt64
    /// How many texts have this sketch.
    var count: UInt64
    var hashCount: Int
    var isWhole: Bool

    init(id: UInt64, count: UInt64, hashCount: Int, isWhole: Bool) {
      self.id = id
      self.count = count
      self.hashCount = hashCount
      self.isWhole = isWhole
    }

    init(id: UInt64, packed: UInt64) {
      self.init(
        id: id, count: packed >> 16, hashCount: Int(packed & 0x1ff), isWhole: packed & 0x200 != 0)
    }

    var packed: UInt64 { count << 16 | (isWhole ? 0x200 : 0) | UInt64(hashCount) }
  }

  @inline(__always)
  private func place(_ address: UInt32) -> (page: Int, index: Int) {
    (Int(address) >> Self.addressBits, Int(address) & (1 << Self.addressBits - 1))
  }

  /// The words of a record's hashes, and room so that the last can be read as a whole word.
  @inline(__always)
  private func hashWords(_ count: Int) -> Int {
    (count &* PackedHashes.size &+ 8 &- PackedHashes.size &+ 7) / 8
  }

  func append(_ sketch: Sketch, id: UInt64, signature: UInt64) throws(TableError) -> UInt32 {
    let size = Self.headerWords + hashWords(sketch.hashes.count)
    var (page, index) = place(UInt32(truncatingIfNeeded: try pages.word(0, 0)))
    if page == 0 || index + size > pages.wordsPerPage {
      page = pages.append()
      index = 0
    }
    guard page < 1 << (32 - Self.addressBits) - 1 else {
      throw TableError(table: "sketches", reason: "more than 32 GiB of sketches")
    }
    let head = Head(id: id, count: 1, hashCount: sketch.hashes.count, isWhole: sketch.isWhole)
    let base = try unsafe pages.base(page)
    pages.mark(page)
    unsafe base[index] = head.id
    unsafe base[index + 1] = head.packed
    unsafe base[index + 2] = signature
    unsafe PackedHashes.write(sketch.hashes, at: UnsafeMutableRawPointer(base + index + 3))
    let end = index + size
    // Index 1,023 is beyond a page: the next record begins a new one.
    try pages.set(0, 0, UInt64(page << Self.addressBits | min(end, 1 << Self.addressBits - 1)))
    return UInt32(page << Self.addressBits | index)
  }

  /// Where a record's head lies.
  @inline(__always)
  private func base(_ address: UInt32) throws(TableError) -> UnsafeMutablePointer<UInt64> {
    let (page, index) = place(address)
    guard index + Self.headerWords <= pages.wordsPerPage else { throw damaged(address) }
    return try unsafe pages.base(page) + index
  }

  @inline(__always)
  func signature(_ address: UInt32) throws(TableError) -> UInt64 {
    try unsafe base(address)[2]
  }

  func head(_ address: UInt32) throws(TableError) -> Head {
    let base = try unsafe base(address)
    return unsafe Head(id: base[0], packed: base[1])
  }

  /// Runs `body` on a record's hashes, in place.
  @inline(__always)
  func withRecord<Result>(
    _ address: UInt32, _ body: (Head, PackedHashes) -> Result
  ) throws(TableError) -> Result {
    let base = try unsafe base(address)
    let head = unsafe Head(id: base[0], packed: base[1])
    let end = place(address).index + Self.headerWords + hashWords(head.hashCount)
    guard end <= pages.wordsPerPage else { throw damaged(address) }
    return unsafe body(
      head, PackedHashes(UnsafeRawPointer(base + Self.headerWords), count: head.hashCount))
  }

  /// Counts one more text with the same sketch.
  func addText(_ address: UInt32, id: UInt64) throws(TableError) {
    let base = try unsafe base(address)
    var head = unsafe Head(id: base[0], packed: base[1])
    head.count &+= 1
    pages.mark(place(address).page)
    unsafe base[0] = min(id, head.id)
    unsafe base[1] = head.packed
  }

  private func damaged(_ address: UInt32) -> TableError {
    TableError(table: "sketches", reason: "there is no record at \(address)")
  }
}

/// Hashes of 40 bits in 5 bytes each, ascending. Who makes one sees to it that 3 bytes beyond the
/// last can be read.
@safe struct PackedHashes {
  static var size: Int { 5 }
  private static var mask: UInt64 { 1 << 40 - 1 }

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

  static func write(_ hashes: [UInt64], at start: UnsafeMutableRawPointer) {
    // Each word ends in zeros that the next covers.
    for index in hashes.indices {
      unsafe start.storeBytes(
        of: (hashes[index] & mask).littleEndian, toByteOffset: index &* size, as: UInt64.self)
    }
  }
}
