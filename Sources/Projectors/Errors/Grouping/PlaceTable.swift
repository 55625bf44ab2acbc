internal import ErrorText
internal import Tables
internal import Views

/// The words seen at each place of a template, all else being equal, and the group that last had each: a
/// hash table on pages, since an error of new words has as many places as words, and most places are
/// never met again.
///
/// A word is known by 32 bits of its hash: of two words that have the same there, which is one pair in
/// four billion, the later takes the place of the earlier. Of groups beyond the first four billion no word is
/// noted. An entry takes 16 bytes, about 25 with the room that stays free; a look-up costs one or two cache
/// misses whatever the size.
@safe final class PlaceTable {
  static let pages = StoredPages("tree/place_pages", residentMax: 1 << 14)
  static let directory = StoredPages("tree/place_directory")

  private let pages: PageTable
  private let directory: PageDirectory
  private var isOpen = false

  /// Entries of a page, two words each: the place, then the word above the group's number and 1. The
  /// last words of the page hold its depth and how many are used.
  private static var slotsPerPage: Int { 254 }
  private static var depthWord: Int { 508 }
  private static var usedWord: Int { 509 }
  private static var usedMax: Int { 208 }

  init(tables: FoldTables) throws(TableError) {
    pages = try tables.open(Self.pages)
    directory = try PageDirectory(tables, Self.directory)
  }

  /// Notes a word at a place. Returns the groups that had one there when there are enough.
  func note(
    _ word: WordHash, of group: UInt64, at place: UInt64
  ) throws(TableError) -> [UInt64]? {
    guard let number = UInt32(exactly: group + 1) else { return nil }
    let page = try page(of: place)
    let base = try unsafe pages.base(page)
    let entry = word.bits << 32 | UInt64(number)
    var groups: [UInt64] = []
    var slot = Self.firstSlot(place)
    var isNoted = false
    for _ in 0..<Self.usedMax {
      let found = unsafe base[2 &* slot &+ 1]
      if found == 0 { break }
      if unsafe base[2 &* slot] == place {
        let isSame = found >> 32 == entry >> 32
        if isSame {
          unsafe base[2 &* slot &+ 1] = entry
          isNoted = true
        }
        groups.append((isSame ? entry : found) & 0xffff_ffff &- 1)
      }
      slot = Self.next(slot)
    }
    if isNoted || groups.count < Merging.valuesMin { pages.mark(page) }
    if !isNoted, groups.count < Merging.valuesMin {
      try unsafe put(place, entry, in: page, base, slot)
      groups.append(group)
    }
    return groups.count >= Merging.valuesMin ? groups + [group] : nil
  }

  /// Forgets all words of a place.
  func remove(_ place: UInt64) throws(TableError) {
    let page = try page(of: place)
    let base = try unsafe pages.base(page)
    pages.mark(page)
    let depth = unsafe base[Self.depthWord]
    let entries = unsafe Self.takeEntries(base)
    unsafe Self.fill(base, depth, entries) { $0 != place }
  }

  private func page(of place: UInt64) throws(TableError) -> Int {
    if !isOpen {
      try directory.open { _ = pages.append() }
      isOpen = true
    }
    return directory.pageNumber(UInt32(truncatingIfNeeded: place))
  }

  private static func firstSlot(_ place: UInt64) -> Int {
    Int(((place >> 32) &* UInt64(slotsPerPage)) >> 32)
  }

  private static func next(_ slot: Int) -> Int { slot + 1 == slotsPerPage ? 0 : slot + 1 }

  /// Puts an entry in a free slot, and makes two pages of one that is about to be full.
  private func put(
    _ place: UInt64, _ entry: UInt64, in page: Int, _ base: UnsafeMutablePointer<UInt64>,
    _ slot: Int
  ) throws(TableError) {
    guard unsafe base[2 * slot + 1] == 0 else {
      throw TableError(table: Self.pages.name, reason: "page \(page) is damaged")
    }
    unsafe (base[2 * slot], base[2 * slot + 1]) = (place, entry)
    unsafe base[Self.usedWord] &+= 1
    let depth = unsafe base[Self.depthWord]
    if unsafe base[Self.usedWord] < Self.usedMax { return }
    guard directory.canSplit(depth: Int(clamping: depth)) else {
      throw TableError(table: Self.pages.name, reason: "there is no room for more places")
    }
    let other = pages.append()
    let otherBase = try unsafe pages.base(other)
    let entries = unsafe Self.takeEntries(base)
    let bit: UInt64 = 1 << depth
    unsafe Self.fill(base, depth + 1, entries) { $0 & bit == 0 }
    unsafe Self.fill(otherBase, depth + 1, entries) { $0 & bit != 0 }
    try directory.split(
      UInt32(truncatingIfNeeded: place), depth: Int(clamping: depth), other: other)
  }

  /// Empties a page.
  private static func takeEntries(
    _ base: UnsafeMutablePointer<UInt64>
  ) -> [(place: UInt64, entry: UInt64)] {
    var entries: [(place: UInt64, entry: UInt64)] = []
    entries.reserveCapacity(slotsPerPage)
    for slot in 0..<slotsPerPage {
      let (place, entry) = unsafe (base[2 * slot], base[2 * slot + 1])
      if entry != 0 { entries.append((place, entry)) }
      unsafe (base[2 * slot], base[2 * slot + 1]) = (0, 0)
    }
    return entries
  }

  /// Fills an empty page with the entries that are its own.
  private static func fill(
    _ base: UnsafeMutablePointer<UInt64>, _ depth: UInt64,
    _ entries: [(place: UInt64, entry: UInt64)], _ isOwn: (UInt64) -> Bool
  ) {
    var used: UInt64 = 0
    for (place, entry) in entries where isOwn(place) {
      var slot = firstSlot(place)
      while unsafe base[2 * slot + 1] != 0 { slot = next(slot) }
      unsafe (base[2 * slot], base[2 * slot + 1]) = (place, entry)
      used += 1
    }
    unsafe base[depthWord] = depth
    unsafe base[usedWord] = used
  }
}
