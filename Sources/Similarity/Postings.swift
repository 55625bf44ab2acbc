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
    /// A sketch of the record's hashes that bounds the similarity from above: see `parities`.
    let signature: UInt64
  }

  enum Filing { case done, full, common }

  private let pages: PageTable
  private let directory: PageTable
  /// The directory, read when it is first needed.
  @safe @exclusivity(unchecked)
  private var pageNumbers: [UInt32] = []
  private static var slotsPerPage: Int { 254 }
  private static var usedMax: Int { 208 }
  private static var depthMax: Int { 26 }
  /// In place of an address: too many records have this key to list them.
  private static var common: UInt32 { UInt32.max - 1 }

  init(tables: TableSet, name: String) throws(TableError) {
    pages = try tables.pages("\(name)/postings", residentMax: 1 << 15)
    directory = try tables.pages("\(name)/directory")
  }

  // MARK: Directory

  @inline(__always)
  private func page(of key: UInt32) throws(TableError) -> Int {
    if pageNumbers.isEmpty { try readDirectory() }
    return Int(pageNumbers[Int(key) & (pageNumbers.count &- 1)])
  }

  /// Word 0 of the directory is its depth; then comes a page number for each ending of a key.
  private func readDirectory() throws(TableError) {
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
  private func firstSlot(_ key: UInt32) -> Int {
    Int((UInt64(key) &* UInt64(Self.slotsPerPage)) >> 32)
  }

  @inline(__always)
  private func word(_ slot: Int) -> Int { 2 &+ slot &* 2 }

  @inline(__always)
  private func next(_ slot: Int) -> Int { slot &+ 1 == Self.slotsPerPage ? 0 : slot &+ 1 }

  /// Calls `body` for each record of a key, until it returns false. Returns whether the key is
  /// common, and so has no list, and then its count.
  @inline(__always)
  func forEach(
    _ key: UInt32, _ body: (Entry) throws(TableError) -> Bool
  ) throws(TableError) -> UInt64? {
    let pages = pages
    let words = try pages.words(page(of: key))
    var slot = firstSlot(key)
    for _ in 0..<Self.slotsPerPage {
      let entry = words[word(slot)]
      if entry == 0 { return nil }
      if UInt32(truncatingIfNeeded: entry >> 32) == key {
        let address = UInt32(truncatingIfNeeded: entry) &- 1
        if address == Self.common { return words[word(slot) &+ 1] }
        if try !body(Entry(address: address, signature: words[word(slot) &+ 1])) { return nil }
      }
      slot = next(slot)
    }
    return nil
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
    try pages.change(number) { words in
      words[word(slot)] = UInt64(key) << 32 | UInt64(entry.address &+ 1)
      words[word(slot) + 1] = entry.signature
      words[0] &+= 1 << 8
    }
    if used + 1 > Self.usedMax { try split(number, key) }
    return .done
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
    kept.append((key, Entry(address: Self.common, signature: UInt64(members.count))))
    try fill(number, depth: Int(pages.word(number, 0) & 0xff), kept)
    return members
  }

  /// Adds to the count of a common key.
  func count(_ key: UInt32, adding amount: UInt64) throws(TableError) {
    let number = try page(of: key)
    try pages.change(number) { words in
      var slot = firstSlot(key)
      for _ in 0..<Self.slotsPerPage {
        let found = words[word(slot)]
        if found == UInt64(key) << 32 | UInt64(Self.common &+ 1) {
          words[word(slot) &+ 1] &+= amount
          return
        }
        if found == 0 { return }
        slot = next(slot)
      }
    }
  }

  private func entries(_ page: Int) throws(TableError) -> [(key: UInt32, entry: Entry)] {
    let pages = pages
    let words = try pages.words(page)
    var entries: [(key: UInt32, entry: Entry)] = []
    entries.reserveCapacity(Self.slotsPerPage)
    for slot in 0..<Self.slotsPerPage where words[word(slot)] != 0 {
      let found = words[word(slot)]
      let entry = Entry(
        address: UInt32(truncatingIfNeeded: found) &- 1, signature: words[word(slot) + 1])
      entries.append((UInt32(truncatingIfNeeded: found >> 32), entry))
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
    if 1 << depth == pageNumbers.count { try doubleDirectory() }
    let bit: UInt32 = 1 << UInt32(depth)
    let all = try entries(number)
    let other = pages.append()
    try fill(number, depth: depth + 1, all.filter { $0.key & bit == 0 })
    try fill(other, depth: depth + 1, all.filter { $0.key & bit != 0 })
    var ending = Int(key & (bit &- 1)) + Int(bit)
    while ending < pageNumbers.count {
      try setPageNumber(ending, UInt32(other))
      ending += Int(bit) * 2
    }
  }
}
