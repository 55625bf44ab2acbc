internal import Tables
internal import Views

/// A hash table on pages: from 32-bit keys to the records that are filed under each, which are few: a
/// key with many is common, and then has none.
///
/// Extendible hashing (Fagin et al. 1979): the low bits of a key choose a page through a directory
/// that doubles; a full page splits in two. Within a page, open addressing from a place that the
/// high bits choose. A look-up costs one or two cache misses whatever the size; an entry takes 8
/// bytes, about 14 with the room that stays free.
@safe final class FilingTable {
  private let pages: PageTable
  private let directory: PageDirectory
  /// The sum of all words that `touch` read: kept so that the compiler cannot remove those reads.
  @safe @exclusivity(unchecked)
  private var touched: UInt64 = 0

  /// Entries of a page; its last words hold its depth and how many are used.
  private static var slotsPerPage: Int { 508 }
  private static var depthWord: Int { 508 }
  private static var usedWord: Int { 509 }
  private static var usedMax: Int { 380 }
  /// The most records of a key that keeps all of them, or becomes common.
  static var rareMax: Int { 16 }
  /// In place of a record: that the key is common.
  private static var common: UInt32 { .max }

  init(_ tables: FoldTables, _ declared: StoredSimilarityIndex) throws(TableError) {
    pages = try tables.open(declared.filings)
    directory = try PageDirectory(tables, declared.directory)
  }

  /// To be called before the first look-up.
  func open() throws(TableError) {
    try directory.open { _ = pages.append() }
  }

  // MARK: Look-up

  @inline(__always)
  private func pageNumber(_ key: UInt32) -> Int { directory.pageNumber(key) }

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

  /// Calls `body` for each entry of a key until it returns false. Returns the slot where it ended:
  /// the first that is free, when `body` wants all.
  @inline(__always)
  private func scan(
    _ base: UnsafeMutablePointer<UInt64>, _ key: UInt32,
    _ body: (UInt32) throws(TableError) -> Bool
  ) throws(TableError) -> Int {
    var slot = firstSlot(key)
    for _ in 0..<Self.slotsPerPage {
      let entry = unsafe base[slot]
      if entry == 0 { break }
      if UInt32(truncatingIfNeeded: entry >> 32) == key,
        try !body(UInt32(truncatingIfNeeded: entry))
      {
        break
      }
      slot = next(slot)
    }
    return slot
  }

  /// Calls `body` for each record of a key that keeps some. Returns whether it has room for more.
  @inline(__always)
  func forEachKept(
    _ key: UInt32, upTo keptMax: Int, _ body: (UInt32) throws(TableError) -> Void
  ) throws(TableError) -> Bool {
    let base = try unsafe pages.base(pageNumber(key))
    var count = 0
    _ = try unsafe scan(base, key) { entry throws(TableError) in
      if entry == Self.common { return true }
      try body(entry &- 1)
      count &+= 1
      return true
    }
    return count < keptMax
  }

  /// Calls `body` for each record of a key that keeps all. Returns false when the key is common.
  @inline(__always)
  func forEachRare(
    _ key: UInt32, _ body: (UInt32) throws(TableError) -> Void
  ) throws(TableError) -> Bool {
    let base = try unsafe pages.base(pageNumber(key))
    var isRare = true
    _ = try unsafe scan(base, key) { entry throws(TableError) in
      isRare = entry != Self.common
      if isRare { try body(entry &- 1) }
      return isRare
    }
    return isRare
  }

  // MARK: Change

  /// Files a record under a key that keeps some. Without room there, returns false; or, when
  /// `replacing`, the oldest that is not among the first makes room.
  func keep(
    _ number: UInt32, under key: UInt32, upTo keptMax: Int, replacing: Bool
  ) throws(TableError) -> Bool {
    let page = pageNumber(key)
    let base = try unsafe pages.base(page)
    var count = 0
    let slot = try unsafe scan(base, key) { _ throws(TableError) in
      count &+= 1
      return true
    }
    if count < keptMax {
      try put(number &+ 1, under: key, in: page, slot)
      return true
    }
    if !replacing { return false }
    pages.mark(page)
    unsafe replace(base, key, UInt64(key) << 32 | UInt64(number &+ 1))
    return true
  }

  /// What became of filing a record under a key that keeps all.
  enum Filing {
    case filed
    /// Not filed, since there are as many as may be.
    case full
    /// Not filed, since the key is common.
    case common
  }

  func file(_ number: UInt32, under key: UInt32) throws(TableError) -> Filing {
    let page = pageNumber(key)
    let base = try unsafe pages.base(page)
    var count = 0
    var isCommon = false
    let slot = try unsafe scan(base, key) { entry throws(TableError) in
      isCommon = entry == Self.common
      count &+= 1
      return !isCommon
    }
    if isCommon { return .common }
    if count >= Self.rareMax { return .full }
    try put(number &+ 1, under: key, in: page, slot)
    return .filed
  }

  /// Puts an entry in a free slot.
  @inline(__always)
  private func put(
    _ entry: UInt32, under key: UInt32, in page: Int, _ slot: Int
  ) throws(TableError) {
    let base = try unsafe pages.base(page)
    let used = unsafe base[Self.usedWord]
    guard unsafe base[slot] == 0, used < Self.slotsPerPage else { return }
    pages.mark(page)
    unsafe base[slot] = UInt64(key) << 32 | UInt64(entry)
    unsafe base[Self.usedWord] = used &+ 1
    if used >= Self.usedMax { try split(page, key) }
  }

  /// Makes a key common. Returns the records that were filed under it, which are no longer.
  func makeCommon(_ key: UInt32) throws(TableError) -> [UInt32] {
    let page = pageNumber(key)
    let base = try unsafe pages.base(page)
    pages.mark(page)
    var numbers: [UInt32] = []
    var entries = unsafe takeEntries(base)
    entries.removeAll { entry in
      guard UInt32(truncatingIfNeeded: entry >> 32) == key else { return false }
      numbers.append(UInt32(truncatingIfNeeded: entry) &- 1)
      return true
    }
    if !numbers.isEmpty { entries.append(UInt64(key) << 32 | UInt64(Self.common)) }
    unsafe fill(base, Int(clamping: base[Self.depthWord]), entries) { _ in true }
    numbers.sort()
    return numbers
  }

  private func takeEntries(_ base: UnsafeMutablePointer<UInt64>) -> [UInt64] {
    var entries: [UInt64] = []
    entries.reserveCapacity(Self.slotsPerPage)
    for slot in 0..<Self.slotsPerPage {
      let entry = unsafe base[slot]
      if entry != 0 { entries.append(entry) }
      unsafe base[slot] = 0
    }
    return entries
  }

  /// Puts an entry in place of the oldest that is not among the first.
  private func replace(_ base: UnsafeMutablePointer<UInt64>, _ key: UInt32, _ entry: UInt64) {
    var slots: [(entry: UInt64, slot: Int)] = []
    slots.reserveCapacity(Self.rareMax)
    var slot = firstSlot(key)
    for _ in 0..<Self.slotsPerPage {
      let found = unsafe base[slot]
      if found == 0 { break }
      if UInt32(truncatingIfNeeded: found >> 32) == key { slots.append((found, slot)) }
      slot = next(slot)
    }
    // Numbers ascend as records come.
    slots.sort { $0.entry < $1.entry }
    unsafe base[slots[slots.count / 2].slot] = entry
  }

  private func split(_ number: Int, _ key: UInt32) throws(TableError) {
    let base = try unsafe pages.base(number)
    let depth = Int(clamping: unsafe base[Self.depthWord])
    guard directory.canSplit(depth: depth) else { return }
    let bit: UInt32 = 1 << UInt32(depth)
    let other = pages.append()
    let otherBase = try unsafe pages.base(other)
    let entries = unsafe takeEntries(base)
    unsafe fill(base, depth + 1, entries) { $0 & bit == 0 }
    unsafe fill(otherBase, depth + 1, entries) { $0 & bit != 0 }
    try directory.split(key, depth: depth, other: other)
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
