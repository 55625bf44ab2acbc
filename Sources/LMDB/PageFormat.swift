// The pages of a data.mdb, as LMDB 0.9 writes them on little-endian machines of 64 bits.

/// One of the two pages that a file begins with. Each says which pages a transaction left; the even
/// and the odd transactions write one of them in turn. Its bytes:
///
///     place  size
///         0    16  the page's header; 8 among its flags, at 10
///        16     4  0xbeefc0de
///        20     4  1, the version of the format
///        24     8  an address
///        32     8  the size of the map
///        40    48  the tree of the free pages, which begins with the size of a page
///        88    48  the tree of the tables
///       136     8  the last page
///       144     8  the number of the transaction
struct MetaPage {
  static let size = 152
  private static let flag: UInt16 = 8
  private static let magic: UInt32 = 0xbeef_c0de
  private static let version: UInt32 = 1
  private static let transactionPlace = 144

  let transaction: UInt64
  let pageSize: Int
  let lastPage: UInt64
  let free: PageTree
  let main: PageTree

  /// The size of a page as a meta page says it; nil where there are no pages of that size.
  static func pageSize(_ bytes: [UInt8]) -> Int? {
    let size = Int(bytes.long(at: 40))
    return size >= 512 && size <= 1 << 16 && size & (size - 1) == 0 ? size : nil
  }

  /// Nil when these are not the bytes of a meta page.
  init?(_ bytes: [UInt8], pageSize: Int) {
    guard bytes.count == Self.size, bytes.short(at: 10) & Self.flag != 0,
      bytes.long(at: 16) == Self.magic, bytes.long(at: 20) == Self.version,
      let free = PageTree(Array(bytes[40..<88]), hasNumbers: true),
      let main = PageTree(Array(bytes[88..<136])), let lastPage = bytes.number(at: 136),
      let transaction = bytes.number(at: Self.transactionPlace)
    else { return nil }
    self.pageSize = pageSize
    self.free = free
    self.main = main
    self.lastPage = lastPage
    self.transaction = transaction
  }

  /// What lies behind the header of a meta page, with the number of another transaction.
  static func content(of bytes: [UInt8], transaction: UInt64) -> [UInt8] {
    var changed = bytes
    for place in 0..<8 {
      changed[transactionPlace + place] = UInt8(
        truncatingIfNeeded: transaction >> UInt64(8 * place))
    }
    return Array(changed[TreePage.headSize...])
  }
}

/// A tree of pages: a table, or that of the free pages. Its 48 bytes:
///
///     place  size
///         0     4  of the free pages: how large a page is
///         4     2  flags
///         6     2  how many levels there are
///         8    24  how many branches, leaves and overflow pages there are
///        32     8  how many entries there are
///        40     8  the page at the root, all ones for none
struct PageTree {
  let depth: UInt16
  let entries: UInt64
  let root: UInt64
  /// Whether keys are numbers in the machine's order of bytes.
  private let hasNumbers: Bool

  init?(_ bytes: [UInt8], hasNumbers: Bool = false) {
    guard bytes.count == 48, let entries = bytes.number(at: 32), let root = bytes.number(at: 40)
    else { return nil }
    depth = bytes.short(at: 6)
    self.entries = entries
    self.root = root
    self.hasNumbers = hasNumbers
  }

  func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    hasNumbers
      ? left.number(at: 0) ?? 0 < right.number(at: 0) ?? 0 : left.lexicographicallyPrecedes(right)
  }
}

/// An entry of a page: a key with its value, or with the page where such keys are.
struct PageNode {
  let page: UInt64
  let key: [UInt8]
  /// Of a leaf, where the value is in the page.
  let bytes: [UInt8]
  /// Of a leaf, the value's bytes, wherever they are.
  let size: Int
  /// The first of the pages that hold a large value.
  let overflow: UInt64?
  let child: UInt64
  let isTable: Bool
}

/// A page of a tree, taken apart. Its bytes:
///
///     place  size
///         0     8  the number of the page
///         8     2  unused
///        10     2  its kind, and whether it was changed: 1 a branch, 2 a leaf, 4 an overflow page
///        12     2  where the places of the nodes end
///        14     2  where the nodes begin, which grow downwards
///        16  2 × n  the place of each node
///
/// An overflow page has the number of its pages, 4 bytes, at 12, and then a large value. A node:
///
///         0     4  of a leaf, the size of its value; of a branch, the lower part of a page's number
///         4     2  of a leaf, 1 where the value is on overflow pages, and 2 where it is a table; of a
///                  branch, the upper part of the page's number
///         6     2  the size of the key
///         8        the key, and then the value, or the number of its first overflow page
struct TreePage {
  static let headSize = 16
  static let branch: UInt16 = 1
  static let leaf: UInt16 = 2
  static let overflow: UInt16 = 4
  /// Those that a page is one of, and two that no page of ours is.
  static let kinds: UInt16 = 0x6f

  let isLeaf: Bool
  private(set) var nodes: [PageNode] = []

  /// Nil when it is no such page, or its parts are not within it.
  init?(_ bytes: [UInt8], _ number: UInt64, _ tree: PageTree, isLeaf: Bool) {
    self.isLeaf = isLeaf
    let (lower, upper) = (Int(bytes.short(at: 12)), Int(bytes.short(at: 14)))
    guard bytes.number(at: 0) == number,
      bytes.short(at: 10) & Self.kinds == (isLeaf ? Self.leaf : Self.branch),
      lower >= Self.headSize, lower.isMultiple(of: 2), lower <= upper, upper <= bytes.count,
      lower >= Self.headSize + (isLeaf ? 2 : 4)
    else { return nil }
    for place in stride(from: Self.headSize, to: lower, by: 2) {
      let start = Int(bytes.short(at: place))
      guard start >= upper, start + 8 <= bytes.count,
        let node = Self.node(bytes, start, number, isLeaf: isLeaf)
      else { return nil }
      nodes.append(node)
    }
  }

  private static func node(
    _ bytes: [UInt8], _ start: Int, _ page: UInt64, isLeaf: Bool
  ) -> PageNode? {
    let size = Int(bytes.long(at: start))
    let flags = bytes.short(at: start + 4)
    let keyEnd = start + 8 + Int(bytes.short(at: start + 6))
    guard keyEnd <= bytes.count else { return nil }
    let key = Array(bytes[(start + 8)..<keyEnd])
    guard isLeaf else {
      return PageNode(
        page: page, key: key, bytes: [], size: 0, overflow: nil,
        child: UInt64(size) | UInt64(flags) << 32, isTable: false)
    }
    let isLarge = flags & 1 != 0
    // Nothing of ours has several values a key.
    guard flags & 4 == 0, size <= 1 << 31, keyEnd + (isLarge ? 8 : size) <= bytes.count else {
      return nil
    }
    return PageNode(
      page: page, key: key, bytes: isLarge ? [] : Array(bytes[keyEnd..<(keyEnd + size)]),
      size: size, overflow: isLarge ? bytes.number(at: keyEnd) : nil, child: 0,
      isTable: flags & 2 != 0)
  }
}

/// Numbers in the machine's order of bytes, little-endian.
extension [UInt8] {
  func short(at place: Int) -> UInt16 {
    UInt16(self[place]) | UInt16(self[place + 1]) << 8
  }

  func long(at place: Int) -> UInt32 {
    UInt32(short(at: place)) | UInt32(short(at: place + 2)) << 16
  }

  /// Nil beyond the end.
  func number(at place: Int) -> UInt64? {
    guard place >= 0, place + 8 <= count else { return nil }
    return UInt64(long(at: place)) | UInt64(long(at: place + 4)) << 32
  }
}
