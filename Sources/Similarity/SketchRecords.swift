internal import Tables
internal import Views

/// Sketches by number, from 0 without gaps, each with how many texts have it and the lowest id among
/// them. A record takes 5 bytes a hash and about 38 more, of which 32 are its head, so that many heads
/// lie near one another.
@safe final class SketchRecords {
  private let heads: PageTable
  private let hashes: PageTable
  private static var headWords: Int { 4 }
  private static var headsPerPage: Int { 127 }
  /// In the last word of the first page of heads: how many records there are.
  private static var countWord: Int { 509 }
  /// In the word before: where the next hashes go.
  private static var endWord: Int { 508 }
  private static var addressBits: UInt64 { 10 }
  private static var wholeFlag: UInt64 { 1 << 9 }
  private static var crowdedFlag: UInt64 { 1 << 10 }
  private static var one: UInt64 { 1 << 32 }

  init(_ tables: FoldTables, _ declared: StoredSimilarityIndex) throws(TableError) {
    heads = try tables.open(declared.heads)
    hashes = try tables.open(declared.sketches)
  }

  /// A record's head.
  @safe struct Head {
    fileprivate let base: UnsafeMutablePointer<UInt64>

    @inline(__always)
    var parities: UInt64 { unsafe base[0] }
    var id: UInt64 { unsafe base[1] }
    /// How many texts have this sketch.
    var count: UInt64 { unsafe base[2] >> 32 }
    /// How many of the hashes were looked at when it was filed.
    var filed: Int { unsafe Int(base[2] >> 16 & 0xffff) }
    fileprivate var isCrowded: Bool { unsafe base[2] & SketchRecords.crowdedFlag != 0 }
    var isWhole: Bool { unsafe base[2] & SketchRecords.wholeFlag != 0 }
    var hashCount: Int { unsafe Int(base[2] & 0x1ff) }
    fileprivate var address: UInt64 { unsafe base[3] }
  }

  /// A record's head, until the next checkpoint.
  @inline(__always)
  func head(_ number: UInt32) throws(TableError) -> Head {
    let (page, index) = Int(number).quotientAndRemainder(dividingBy: Self.headsPerPage)
    let base = try unsafe heads.base(page)
    return unsafe Head(base: base + index &* Self.headWords)
  }

  /// The words of a record's hashes, and room so that the last can be read as a whole word.
  @inline(__always)
  private func hashWords(_ count: Int) -> Int {
    (count &* PackedHashes.size &+ 8 &- PackedHashes.size &+ 7) / 8
  }

  /// How many records there are.
  func count() throws(TableError) -> UInt64 {
    heads.count == 0 ? 0 : try heads.word(0, Self.countWord)
  }

  func append(_ sketch: Sketch, id: UInt64) throws(TableError) -> UInt32 {
    if heads.count == 0 { _ = heads.append() }
    let number = try heads.word(0, Self.countWord)
    guard number < UInt32.max - 1 else {
      throw TableError(table: "heads", reason: "more than \(number) sketches")
    }
    let address = try append(sketch.hashes)
    let (page, index) = Int(number).quotientAndRemainder(dividingBy: Self.headsPerPage)
    if page >= heads.count { _ = heads.append() }
    let base = try unsafe heads.base(page) + index * Self.headWords
    heads.mark(page)
    unsafe base[0] = sketch.parities
    unsafe base[1] = id
    unsafe base[2] =
      Self.one | (sketch.isWhole ? Self.wholeFlag : 0) | UInt64(sketch.hashes.count)
    unsafe base[3] = address
    try heads.set(0, Self.countWord, number + 1)
    return UInt32(number)
  }

  /// Appends hashes. Returns where they are: a page, and a word of it in the lower bits.
  private func append(_ sketch: [UInt64]) throws(TableError) -> UInt64 {
    let size = hashWords(sketch.count)
    let end = try heads.word(0, Self.endWord)
    var page = Int(truncatingIfNeeded: end >> Self.addressBits)
    var index = Int(end & (1 << Self.addressBits - 1))
    if hashes.count == 0 || index + size > hashes.wordsPerPage {
      page = hashes.append()
      index = 0
    }
    let base = try unsafe hashes.base(page)
    hashes.mark(page)
    unsafe PackedHashes.write(sketch, at: UnsafeMutableRawPointer(base + index))
    let address = UInt64(page) << Self.addressBits
    try heads.set(0, Self.endWord, address | UInt64(index + size))
    return address | UInt64(index)
  }

  /// A record's hashes, until the next checkpoint.
  @inline(__always)
  func hashes(_ head: Head) throws(TableError) -> PackedHashes {
    let index = Int(head.address & (1 << Self.addressBits - 1))
    let page = Int(truncatingIfNeeded: head.address >> Self.addressBits)
    guard index + hashWords(head.hashCount) <= hashes.wordsPerPage else {
      throw TableError(table: "sketches", reason: "no hashes lie at \(head.address)")
    }
    let base = try unsafe hashes.base(page)
    return unsafe PackedHashes(UnsafeRawPointer(base + index), count: head.hashCount)
  }

  /// Counts one more text with the same sketch.
  func addText(_ number: UInt32, id: UInt64) throws(TableError) {
    let head = try head(number)
    heads.mark(Int(number) / Self.headsPerPage)
    unsafe head.base[1] = min(id, head.id)
    unsafe head.base[2] &+= Self.one
  }

  /// Gives a record another id.
  func setID(_ number: UInt32, _ id: UInt64) throws(TableError) {
    let head = try head(number)
    heads.mark(Int(number) / Self.headsPerPage)
    unsafe head.base[1] = id
  }

  /// Notes how many of its hashes were looked at when a record was filed.
  func setFiled(_ number: UInt32, _ filed: Int) throws(TableError) {
    let head = try head(number)
    heads.mark(Int(number) / Self.headsPerPage)
    unsafe head.base[2] = head.base[2] & ~(0xffff << 16) | UInt64(filed & 0xffff) << 16
  }

  /// Notes that a record is crowded. Returns whether it was not before.
  func crowd(_ number: UInt32) throws(TableError) -> Bool {
    let head = try head(number)
    if head.isCrowded { return false }
    heads.mark(Int(number) / Self.headsPerPage)
    unsafe head.base[2] |= Self.crowdedFlag
    return true
  }
}

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
