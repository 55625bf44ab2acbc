internal import Views

/// Sketches one after the other on pages, each with how many texts have it and the lowest id among
/// them. A record takes 8 bytes a hash and 16 more.
final class SketchRecords {
  private let pages: PageTable
  private static var addressBits: Int { 10 }
  private static var headerWords: Int { 2 }

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

  private func place(_ address: UInt32) -> (page: Int, index: Int) {
    (Int(address) >> Self.addressBits, Int(address) & (1 << Self.addressBits - 1))
  }

  func append(_ sketch: Sketch, id: UInt64) throws(TableError) -> UInt32 {
    let size = Self.headerWords + sketch.hashes.count
    var (page, index) = place(UInt32(truncatingIfNeeded: try pages.word(0, 0)))
    if page == 0 || index + size > pages.wordsPerPage {
      page = pages.append()
      index = 0
    }
    guard page < 1 << (32 - Self.addressBits) - 1 else {
      throw TableError(table: "sketches", reason: "more than 32 GiB of sketches")
    }
    let head = Head(
      id: id, count: 1, hashCount: sketch.hashes.count, isWhole: sketch.isWhole)
    try pages.change(page) { words in
      words[index] = head.id
      words[index + 1] = head.packed
      for place in sketch.hashes.indices {
        words[index + Self.headerWords + place] = sketch.hashes[place]
      }
    }
    let end = index + size
    // Index 1,023 is beyond a page: the next record begins a new one.
    try pages.set(0, 0, UInt64(page << Self.addressBits | min(end, 1 << Self.addressBits - 1)))
    return UInt32(page << Self.addressBits | index)
  }

  func head(_ address: UInt32) throws(TableError) -> Head {
    let (page, index) = place(address)
    let pages = pages
    let words = try pages.words(page)
    guard index + 1 < words.count else { throw damaged(address) }
    return Head(id: words[index], packed: words[index + 1])
  }

  /// Runs `body` on a record's hashes, in place.
  @inline(__always)
  func withRecord<Result>(
    _ address: UInt32, _ body: (Head, Span<UInt64>) -> Result
  ) throws(TableError) -> Result {
    let (page, index) = place(address)
    let pages = pages
    let words = try pages.words(page)
    guard index + 1 < words.count else { throw damaged(address) }
    let head = Head(id: words[index], packed: words[index + 1])
    let start = index + Self.headerWords
    guard start + head.hashCount <= words.count else { throw damaged(address) }
    return body(head, words.extracting(start..<(start + head.hashCount)))
  }

  /// Counts one more text with the same sketch.
  func addText(_ address: UInt32, id: UInt64) throws(TableError) {
    var head = try head(address)
    head.count += 1
    let (page, index) = place(address)
    if id < head.id { try pages.set(page, index, id) }
    try pages.set(page, index + 1, head.packed)
  }

  private func damaged(_ address: UInt32) -> TableError {
    TableError(table: "sketches", reason: "there is no record at \(address)")
  }
}
