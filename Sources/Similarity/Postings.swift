internal import Views

/// A hash table on pages: from 32-bit keys to the few records that are filed under each.
///
/// Extendible hashing (Fagin et al. 1979): the low bits of a key choose a page through a directory
/// that doubles; a full page splits in two. Within a page, open addressing. A look-up costs one or
/// two cache misses whatever the size; an entry takes 16 bytes, 23 with the room that stays free.
final class Postings {
  /// A record filed under a key.
  struct Entry {
    let address: UInt32
    /// A sketch of the record's hashes that bounds the similarity from above: see `signature`.
    let signature: UInt64
  }

  enum Filing { case done, full, common }

  private let pages: PageTable
  private let directory: PageTable
  private static var slotsPerPage: Int { 254 }
  private static var usedMax: Int { 208 }
  private static var depthMax: Int { 26 }
  /// In place of an address: too many records have this key to list them.
  private static var common: UInt32 { UInt32.max }

  init(tables: TableSet, name: String) throws(TableError) {
    pages = try tables.pages("\(name)/postings")
    directory = try tables.pages("\(name)/directory")
    if directory.count == 0 {
      // Word 0 of the directory is its depth; then a page number for each ending of a key.
      _ = directory.append()
      _ = pages.append()
    }
  }

  // MARK: Directory

  private func page(of key: UInt32) throws(TableError) -> Int {
    let depth = try directory.word(0, 0)
    guard depth <= Self.depthMax else { throw damaged("depth \(depth)") }
    let ending = Int(key & ((1 << UInt32(depth)) &- 1))
    return try directoryWord(ending)
  }

  private func directoryWord(_ ending: Int) throws(TableError) -> Int {
    let (page, index) = (ending + 1).quotientAndRemainder(dividingBy: directory.wordsPerPage)
    return Int(truncatingIfNeeded: try directory.word(page, index))
  }

  private func setDirectoryWord(_ ending: Int, _ number: Int) throws(TableError) {
    let (page, index) = (ending + 1).quotientAndRemainder(dividingBy: directory.wordsPerPage)
    while page >= directory.count { _ = directory.append() }
    try directory.set(page, index, UInt64(number))
  }

  private func doubleDirectory(_ depth: Int) throws(TableError) {
    for ending in 0..<(1 << depth) {
      try setDirectoryWord(ending + 1 << depth, directoryWord(ending))
    }
    try directory.set(0, 0, UInt64(depth + 1))
  }

  // MARK: Look-up

  @inline(__always)
  private func firstSlot(_ key: UInt32) -> Int {
    Int((UInt64(key) &* UInt64(Self.slotsPerPage)) >> 32)
  }

  @inline(__always)
  private func word(_ slot: Int) -> Int { 2 &+ slot &* 2 }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot + 1 == Self.slotsPerPage ? 0 : slot + 1 }

  /// Calls `body` for each record of a key, until it returns false. Returns whether the key is
  /// common, and so has no list.
  @inline(__always)
  func forEach(
    _ key: UInt32, _ body: (Entry) throws(TableError) -> Bool
  ) throws(TableError) -> Bool {
    let pages = pages
    let words = try pages.words(page(of: key))
    var slot = firstSlot(key)
    for _ in 0..<Self.slotsPerPage {
      let entry = words[word(slot)]
      if entry == 0 { return false }
      if UInt32(truncatingIfNeeded: entry >> 32) == key {
        let address = UInt32(truncatingIfNeeded: entry) &- 1
        if address == Self.common { return true }
        if try !body(Entry(address: address, signature: words[word(slot) + 1])) { return false }
      }
      slot = next(slot)
    }
    return false
  }

  // MARK: Change

  /// Files a record under a key, unless it is there already, or the key has `countMax` records.
  func file(_ entry: Entry, under key: UInt32, countMax: Int) throws(TableError) -> Filing {
    let number = try page(of: key)
    let pages = pages
    let words = try pages.words(number)
    var slot = firstSlot(key)
    var count = 0
    for _ in 0..<Self.slotsPerPage {
      let found = words[word(slot)]
      if found == 0 { break }
      if UInt32(truncatingIfNeeded: found >> 32) == key {
        let address = UInt32(truncatingIfNeeded: found) &- 1
        if address == Self.common { return .common }
        if address == entry.address { return .done }
        count += 1
      }
      slot = next(slot)
    }
    let used = Int(words[0] >> 8)
    guard count < countMax, used < Self.slotsPerPage - 1 else { return .full }
    try write(entry, key, to: number, slot)
    try pages.set(number, 0, words[0] &+ 1 << 8)
    if used + 1 > Self.usedMax { try split(number, key) }
    return .done
  }

  private func write(
    _ entry: Entry, _ key: UInt32, to page: Int, _ slot: Int
  ) throws(TableError) {
    try pages.set(page, word(slot), UInt64(key) << 32 | UInt64(entry.address &+ 1))
    try pages.set(page, word(slot) + 1, entry.signature)
  }

  /// Marks a key as common. Returns the records that were filed under it.
  func makeCommon(_ key: UInt32) throws(TableError) -> [UInt32] {
    let number = try page(of: key)
    var members: [UInt32] = []
    var kept = try entries(number)
    kept.removeAll { entry in
      if entry.key == key { members.append(entry.entry.address) }
      return entry.key == key
    }
    kept.append((key, Entry(address: Self.common, signature: 0)))
    try fill(number, depth: Int(pages.word(number, 0) & 0xff), kept)
    return members
  }

  private func entries(_ page: Int) throws(TableError) -> [(key: UInt32, entry: Entry)] {
    let pages = pages
    let words = try pages.words(page)
    var entries: [(key: UInt32, entry: Entry)] = []
    entries.reserveCapacity(Self.slotsPerPage)
    for slot in 0..<Self.slotsPerPage where words[word(slot)] != 0 {
      let found = words[word(slot)]
      entries.append(
        (
          UInt32(truncatingIfNeeded: found >> 32),
          Entry(
            address: UInt32(truncatingIfNeeded: found) &- 1, signature: words[word(slot) + 1])
        ))
    }
    return entries
  }

  private func fill(
    _ page: Int, depth: Int, _ entries: [(key: UInt32, entry: Entry)]
  ) throws(TableError) {
    try pages.change(page) { words in
      for index in words.indices { words[index] = 0 }
      words[0] = UInt64(depth) | UInt64(entries.count) << 8
      for (key, entry) in entries {
        var slot = firstSlot(key)
        while words[word(slot)] != 0 { slot = next(slot) }
        words[word(slot)] = UInt64(key) << 32 | UInt64(entry.address &+ 1)
        words[word(slot) + 1] = entry.signature
      }
    }
  }

  private func split(_ number: Int, _ key: UInt32) throws(TableError) {
    let depth = Int(try pages.word(number, 0) & 0xff)
    if depth >= Self.depthMax { return }
    let directoryDepth = Int(truncatingIfNeeded: try directory.word(0, 0))
    if depth == directoryDepth { try doubleDirectory(depth) }
    let bit: UInt32 = 1 << UInt32(depth)
    let all = try entries(number)
    let other = pages.append()
    try fill(number, depth: depth + 1, all.filter { $0.key & bit == 0 })
    try fill(other, depth: depth + 1, all.filter { $0.key & bit != 0 })
    let end = 1 << max(directoryDepth, depth + 1)
    var ending = Int(key & (bit &- 1)) + Int(bit)
    while ending < end {
      try setDirectoryWord(ending, other)
      ending += Int(bit) * 2
    }
  }

  private func damaged(_ reason: String) -> TableError {
    TableError(table: "postings", reason: reason)
  }
}
