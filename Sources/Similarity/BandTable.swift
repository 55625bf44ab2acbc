internal import Views

/// A hash table on pages: from 32-bit keys to a few of the records that are filed under each.
///
/// Extendible hashing (Fagin et al. 1979): the low bits of a key choose a page through a directory
/// that doubles; a full page splits in two. Within a page, open addressing from a place that the
/// high bits choose. A look-up costs one or two cache misses whatever the size; an entry takes 8
/// bytes, about 14 with the room that stays free. A key has room for 8 records.
@safe final class BandTable {
  private let pages: PageTable
  private let directory: PageTable
  /// The directory, read when it is first needed.
  @safe @exclusivity(unchecked)
  private var pageNumbers: [UInt32] = []
  /// What nobody needs, so that what is touched is read.
  @safe @exclusivity(unchecked)
  private var touched: UInt64 = 0

  /// Entries of a page; its last words hold its depth and how many are used.
  private static var slotsPerPage: Int { 508 }
  private static var depthWord: Int { 508 }
  private static var usedWord: Int { 509 }
  private static var usedMax: Int { 380 }
  private static var depthMax: Int { 24 }
  static var keptMax: Int { 8 }

  init(tables: TableSet, name: String) throws(TableError) {
    pages = try tables.pages("\(name)/bands", wordsPerPage: 510, residentMax: 1 << 15)
    directory = try tables.pages("\(name)/directory")
  }

  // MARK: Directory

  /// Word 0 of the directory is its depth; then comes a page number for each ending of a key.
  func open() throws(TableError) {
    if !pageNumbers.isEmpty { return }
    if directory.count == 0 {
      _ = directory.append()
      _ = pages.append()
    }
    let depth = try directory.word(0, 0)
    guard depth <= Self.depthMax else {
      throw TableError(table: "directory", reason: "a depth of \(depth)")
    }
    var numbers: [UInt32] = []
    numbers.reserveCapacity(1 << Int(depth))
    for ending in 0..<(1 << Int(depth)) {
      let (page, index) = place(ending)
      numbers.append(UInt32(truncatingIfNeeded: try directory.word(page, index)))
    }
    pageNumbers = numbers
  }

  private func place(_ ending: Int) -> (page: Int, index: Int) {
    let (page, index) = (ending + 1).quotientAndRemainder(dividingBy: directory.wordsPerPage)
    return (page, index)
  }

  private func setPageNumber(_ ending: Int, _ number: UInt32) throws(TableError) {
    pageNumbers[ending] = number
    let (page, index) = place(ending)
    while page >= directory.count { _ = directory.append() }
    try directory.set(page, index, UInt64(number))
  }

  private func doubleDirectory() throws(TableError) {
    let count = pageNumbers.count
    for ending in 0..<count {
      pageNumbers.append(pageNumbers[ending])
      try setPageNumber(count + ending, pageNumbers[ending])
    }
    try directory.set(0, 0, UInt64(pageNumbers.count.trailingZeroBitCount))
  }

  // MARK: Look-up

  @inline(__always)
  private func pageNumber(_ key: UInt32) -> Int {
    Int(pageNumbers[Int(key) & (pageNumbers.count &- 1)])
  }

  @inline(__always)
  private func firstSlot(_ key: UInt32) -> Int {
    Int((UInt64(key) &* UInt64(Self.slotsPerPage)) >> 32)
  }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot &+ 1 == Self.slotsPerPage ? 0 : slot &+ 1 }

  /// Brings the place of a key near: who does so for several keys before looking them up waits for
  /// memory once, and not one time after the other.
  @inline(__always)
  func touch(_ key: UInt32) throws(TableError) {
    let base = try unsafe pages.base(pageNumber(key))
    unsafe touched &+= base[firstSlot(key)]
  }

  /// Calls `body` for each record of a key. Returns whether it has room for more.
  @inline(__always)
  func forEach(
    _ key: UInt32, _ body: (UInt32) throws(TableError) -> Void
  ) throws(TableError) -> Bool {
    let base = try unsafe pages.base(pageNumber(key))
    var slot = firstSlot(key)
    var count = 0
    for _ in 0..<Self.slotsPerPage {
      let entry = unsafe base[slot]
      if entry == 0 { break }
      if UInt32(truncatingIfNeeded: entry >> 32) == key {
        try body(UInt32(truncatingIfNeeded: entry) &- 1)
        count &+= 1
      }
      slot = next(slot)
    }
    return count < Self.keptMax
  }

  // MARK: Change

  /// Files a record under a key. Without room there, returns false; or, when `replacing`, the
  /// oldest that is not among the first 4 makes room.
  func file(_ number: UInt32, under key: UInt32, replacing: Bool) throws(TableError) -> Bool {
    let page = pageNumber(key)
    let base = try unsafe pages.base(page)
    let entry = UInt64(key) << 32 | UInt64(number &+ 1)
    var slot = firstSlot(key)
    var count = 0
    for _ in 0..<Self.slotsPerPage {
      let found = unsafe base[slot]
      if found == 0 { break }
      if UInt32(truncatingIfNeeded: found >> 32) == key { count &+= 1 }
      slot = next(slot)
    }
    if count >= Self.keptMax {
      if !replacing { return false }
      pages.mark(page)
      unsafe replace(base, key, entry)
      return true
    }
    let used = unsafe base[Self.usedWord]
    guard unsafe base[slot] == 0, used < Self.slotsPerPage else { return true }
    pages.mark(page)
    unsafe base[slot] = entry
    unsafe base[Self.usedWord] = used &+ 1
    if used >= Self.usedMax { try split(page, key) }
    return true
  }

  /// Puts an entry in place of the oldest that is not among the first.
  private func replace(_ base: UnsafeMutablePointer<UInt64>, _ key: UInt32, _ entry: UInt64) {
    var slots: [(entry: UInt64, slot: Int)] = []
    slots.reserveCapacity(Self.keptMax)
    var slot = firstSlot(key)
    for _ in 0..<Self.slotsPerPage {
      let found = unsafe base[slot]
      if found == 0 { break }
      if UInt32(truncatingIfNeeded: found >> 32) == key { slots.append((found, slot)) }
      slot = next(slot)
    }
    // Numbers ascend as records come.
    slots.sort { $0.entry < $1.entry }
    unsafe base[slots[Self.keptMax / 2].slot] = entry
  }

  private func split(_ number: Int, _ key: UInt32) throws(TableError) {
    let base = try unsafe pages.base(number)
    let depth = Int(clamping: unsafe base[Self.depthWord])
    if depth >= Self.depthMax { return }
    if 1 << depth == pageNumbers.count { try doubleDirectory() }
    let bit: UInt32 = 1 << UInt32(depth)
    let other = pages.append()
    let otherBase = try unsafe pages.base(other)
    var entries: [UInt64] = []
    entries.reserveCapacity(Self.slotsPerPage)
    for slot in 0..<Self.slotsPerPage {
      let entry = unsafe base[slot]
      if entry != 0 { entries.append(entry) }
      unsafe base[slot] = 0
    }
    unsafe fill(base, depth + 1, entries) { $0 & bit == 0 }
    unsafe fill(otherBase, depth + 1, entries) { $0 & bit != 0 }
    var ending = Int(key & (bit &- 1)) + Int(bit)
    while ending < pageNumbers.count {
      try setPageNumber(ending, UInt32(other))
      ending += Int(bit) * 2
    }
  }

  /// Fills an empty page with the entries whose keys are its own.
  private func fill(
    _ base: UnsafeMutablePointer<UInt64>, _ depth: Int, _ entries: [UInt64],
    _ isOwn: (UInt32) -> Bool
  ) {
    var used: UInt64 = 0
    for entry in entries {
      let key = UInt32(truncatingIfNeeded: entry >> 32)
      if !isOwn(key) { continue }
      var slot = firstSlot(key)
      while unsafe base[slot] != 0 { slot = next(slot) }
      unsafe base[slot] = entry
      used += 1
    }
    unsafe base[Self.depthWord] = UInt64(depth)
    unsafe base[Self.usedWord] = used
  }
}
