internal import Bytes
public import Views

/// Pages of 64-bit words by number, from 0 without gaps: for structures that find their way in them.
///
/// A page is read from the storage when it is first touched, changes in place, and is written at
/// the checkpoint if it changed. Reading a word of a page in memory costs one cache miss. Pages are
/// no rows: they never count in a digest.
@safe public final class PageTable {
  public let wordsPerPage: Int
  /// The number of pages.
  @safe @exclusivity(unchecked) public private(set) var count: Int
  let name: String
  private let storage: any TableStorage
  private let residentMax: Int
  /// Where each page lies in memory; nil for those that are not there.
  @safe @exclusivity(unchecked) @usableFromInline
  var frames: [UnsafeMutablePointer<UInt64>?] = unsafe []
  @safe @exclusivity(unchecked) @usableFromInline
  var isDirty: [Bool] = []
  @safe @exclusivity(unchecked) private var dirty: [Int] = []
  @safe @exclusivity(unchecked) private var arena: PageArena
  @safe @exclusivity(unchecked) private var isCountDirty = false

  init(
    name: String, storage: any TableStorage, wordsPerPage: Int, residentMax: Int
  ) throws(TableError) {
    self.name = name
    self.storage = storage
    self.wordsPerPage = wordsPerPage
    self.residentMax = residentMax
    arena = PageArena(wordsPerPage: wordsPerPage)
    count = 0
    guard let bytes = try storage.value(pageKey(UInt64.max).span) else { return }
    var reader = ByteReader(bytes.span)
    do { count = try reader.count() } catch { throw TableError(table: name, error) }
    unsafe frames = [UnsafeMutablePointer<UInt64>?](repeating: nil, count: count)
    isDirty = [Bool](repeating: false, count: count)
  }

  /// Appends a page of zeros. Returns its number.
  public func append() -> Int {
    let number = count
    count += 1
    unsafe frames.append(arena.allocate())
    isDirty.append(true)
    dirty.append(number)
    isCountDirty = true
    return number
  }

  /// The words of a page, to be read before the next call.
  @_lifetime(borrow self)
  public func words(_ number: Int) throws(TableError) -> Span<UInt64> {
    let frame = try unsafe frame(number)
    let span = unsafe Span(_unsafeStart: UnsafePointer(frame), count: wordsPerPage)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// One word of a page.
  public func word(_ number: Int, _ index: Int) throws(TableError) -> UInt64 {
    guard index >= 0, index < wordsPerPage else { throw damaged(number) }
    return try unsafe frame(number)[index]
  }

  /// Changes the words of a page in place.
  public func change<Result>(
    _ number: Int, _ body: (inout MutableSpan<UInt64>) -> Result
  ) throws(TableError) -> Result {
    let frame = try unsafe frame(number)
    mark(number)
    var span = unsafe MutableSpan(_unsafeStart: frame, count: wordsPerPage)
    return body(&span)
  }

  /// Sets one word of a page.
  public func set(_ number: Int, _ index: Int, _ word: UInt64) throws(TableError) {
    guard index >= 0, index < wordsPerPage else { throw damaged(number) }
    let frame = try unsafe frame(number)
    mark(number)
    unsafe frame[index] = word
  }

  /// Where the words of a page lie in memory, until the next checkpoint, for structures whose every
  /// look-up touches many pages. Who changes them there says so with `mark`.
  @inlinable @inline(__always)
  public func base(_ number: Int) throws(TableError) -> UnsafeMutablePointer<UInt64> {
    try unsafe frame(number)
  }

  /// Has a page that is in memory written at the next checkpoint.
  @inlinable @inline(__always)
  public func mark(_ number: Int) {
    if !isDirty[number] { markFirst(number) }
  }

  @usableFromInline
  func markFirst(_ number: Int) {
    isDirty[number] = true
    dirty.append(number)
  }

  @inlinable @inline(__always)
  func frame(_ number: Int) throws(TableError) -> UnsafeMutablePointer<UInt64> {
    if number >= 0, unsafe number < frames.count, let frame = unsafe frames[number] {
      return unsafe frame
    }
    return try unsafe load(number)
  }

  private func damaged(_ number: Int) -> TableError {
    TableError(table: name, reason: "there is no such place in page \(number) of \(count)")
  }

  @usableFromInline
  func load(_ number: Int) throws(TableError) -> UnsafeMutablePointer<UInt64> {
    guard number >= 0, number < count else { throw damaged(number) }
    guard let bytes = try storage.value(pageKey(UInt64(number)).span) else {
      throw TableError(table: name, reason: "page \(number) of \(count) is missing")
    }
    guard bytes.count % 8 == 0, bytes.count <= wordsPerPage * 8 else {
      throw TableError(table: name, reason: "page \(number) has \(bytes.count) bytes")
    }
    let frame = unsafe arena.allocate()
    unsafe bytes.withUnsafeBytes { source in
      for index in 0..<(source.count / 8) {
        let word = unsafe source.loadUnaligned(fromByteOffset: index &* 8, as: UInt64.self)
        unsafe frame[index] = UInt64(littleEndian: word)
      }
    }
    unsafe frames[number] = frame
    return unsafe frame
  }

  func flush() throws(TableError) {
    dirty.sort()
    var bytes: [UInt8] = []
    for number in dirty {
      guard let frame = unsafe frames[number] else { continue }
      unsafe encode(frame, into: &bytes)
      try storage.put(pageKey(UInt64(number)).span, bytes.span)
    }
    if isCountDirty {
      var value = ByteWriter()
      value.append(varint: count)
      try storage.put(pageKey(UInt64.max).span, value.span)
      isCountDirty = false
    }
    if arena.used > residentMax { evict() }
    for number in dirty { isDirty[number] = false }
    dirty.removeAll(keepingCapacity: true)
  }

  /// The words up to the last that is not zero, little-endian.
  private func encode(_ frame: UnsafeMutablePointer<UInt64>, into bytes: inout [UInt8]) {
    var used = wordsPerPage
    while used > 0, unsafe frame[used - 1] == 0 { used -= 1 }
    #if _endian(little)
      let words = unsafe UnsafeRawBufferPointer(start: frame, count: used * 8)
      bytes.removeAll(keepingCapacity: true)
      unsafe bytes.append(contentsOf: words)
    #else
      bytes.removeAll(keepingCapacity: true)
      for index in 0..<used {
        var word = unsafe frame[index].littleEndian
        unsafe withUnsafeBytes(of: &word) { unsafe bytes.append(contentsOf: $0) }
      }
    #endif
  }

  /// Lets go of pages in memory: those that have not changed since the last checkpoint, and when
  /// that is not enough, all.
  private func evict() {
    release { !isDirty[$0] }
    if arena.used > residentMax { release { _ in true } }
  }

  private func release(_ isIdle: (Int) -> Bool) {
    for number in 0..<count where isIdle(number) {
      guard let frame = unsafe frames[number] else { continue }
      unsafe arena.free(frame)
      unsafe frames[number] = nil
    }
  }
}

private func pageKey(_ number: UInt64) -> ByteWriter {
  var writer = ByteWriter(capacity: 8)
  writer.append(ordered: number)
  return writer
}

/// Memory for pages, taken from the system in slabs, so that pages made together lie together. A
/// page begins at a cache line.
@safe private struct PageArena: ~Copyable {
  private static var pagesPerSlab: Int { 128 }
  private static var cacheLineSize: Int { 64 }

  private let wordsPerPage: Int
  /// From one page to the next, in words.
  private let stride: Int
  private var slabs: [UnsafeMutablePointer<UInt64>] = unsafe []
  private var idle: [UnsafeMutablePointer<UInt64>] = unsafe []
  private var usedOfLast = PageArena.pagesPerSlab
  /// Pages that are handed out.
  private(set) var used = 0

  init(wordsPerPage: Int) {
    self.wordsPerPage = wordsPerPage
    let wordsPerLine = Self.cacheLineSize / 8
    stride = (wordsPerPage + wordsPerLine - 1) / wordsPerLine * wordsPerLine
  }

  /// A page of zeros.
  mutating func allocate() -> UnsafeMutablePointer<UInt64> {
    used += 1
    if let page = unsafe idle.popLast() {
      unsafe page.update(repeating: 0, count: wordsPerPage)
      return unsafe page
    }
    if usedOfLast == Self.pagesPerSlab {
      let slab = UnsafeMutableRawPointer.allocate(
        byteCount: Self.pagesPerSlab * stride * 8, alignment: Self.cacheLineSize)
      unsafe slabs.append(slab.assumingMemoryBound(to: UInt64.self))
      usedOfLast = 0
    }
    let page = unsafe slabs[slabs.count - 1] + usedOfLast * stride
    usedOfLast += 1
    unsafe page.initialize(repeating: 0, count: wordsPerPage)
    return unsafe page
  }

  mutating func free(_ page: UnsafeMutablePointer<UInt64>) {
    used -= 1
    unsafe idle.append(page)
  }

  deinit {
    for index in unsafe slabs.indices { unsafe slabs[index].deallocate() }
  }
}
