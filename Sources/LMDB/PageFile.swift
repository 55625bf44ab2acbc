internal import Bytes
internal import CLMDB
internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// The pages of a data.mdb, read from the file and not from its map: what is torn or missing is an
/// error here, where a look at the map would end the process.
///
/// The layout is that of LMDB 0.9 on little-endian machines of 64 bits.
final class PageFile {
  /// The file is seen as this transaction left it.
  private let meta: Meta
  private let file: OpenFile
  private let path: String
  /// Which of the pages that the file holds were reached so far.
  private var reached: [Bool]

  /// Opens the file as its newest transaction left it, or as one that a reader holds.
  init(folder: String, transaction: UInt64? = nil) throws(LMDBError) {
    path = "\(folder)/data.mdb"
    file = try OpenFile(path)
    let metas = try [Meta(file, path, place: 0), Meta(file, path, place: 1)].compactMap { $0 }
    let newest = metas.max { $0.transaction < $1.transaction }
    guard let newest else {
      throw LMDBError(code: MDB_INVALID, operation: "reading \(path)")
    }
    meta = transaction.flatMap { number in metas.first { $0.transaction == number } } ?? newest
    let pages = try file.size(path) / UInt64(meta.pageSize)
    reached = [Bool](repeating: false, count: Int(min(pages, meta.lastPage &+ 1)))
  }

  private func damage(_ page: UInt64, _ reason: String) -> LMDBError {
    LMDBError(code: MDB_CORRUPTED, operation: "page \(page) of \(path): \(reason)")
  }

  /// Follows every tree to its leaves: each page is there, is of its kind, belongs to one tree, and has
  /// its keys in order and in bounds; each table has as many entries as it says; no page that is in use
  /// is called free.
  func check() throws(LMDBError) {
    var tables: [Tree] = []
    try walk(meta.main) { node throws(LMDBError) in
      // Every table of ours has a name.
      guard node.isTable, let table = Tree(node.bytes) else {
        throw damage(node.page, "an entry that is no table")
      }
      tables.append(table)
    }
    for table in tables { try walk(table) { _ in } }
    for page in try freePages() {
      guard page > 1, page <= meta.lastPage else { throw damage(page, "it is called free") }
      // At the end, free pages may never have been written.
      if page >= UInt64(reached.count) { continue }
      if reached[Int(page)] { throw damage(page, "it is in use, and called free") }
      reached[Int(page)] = true
    }
  }

  /// The value of an entry of a table; nil when there is none.
  func value(of key: [UInt8], in name: [UInt8]) throws(LMDBError) -> [UInt8]? {
    var table: Tree?
    try walk(meta.main) { node throws(LMDBError) in
      if node.isTable, node.key == name { table = Tree(node.bytes) }
    }
    guard let table else { return nil }
    var found: [UInt8]?
    try walk(table) { node throws(LMDBError) in
      if node.key == key { found = try value(of: node) }
    }
    return found
  }

  /// The pages that the lists of free ones name.
  func freePages() throws(LMDBError) -> [UInt64] {
    var pages: [UInt64] = []
    try walk(meta.free) { node throws(LMDBError) in
      let list = try value(of: node)
      let count = list.number(at: 0)
      guard let count, count <= UInt64(list.count / 8 - 1) else {
        throw damage(node.page, "a list of free pages that ends early")
      }
      guard let number = node.key.number(at: 0), number <= meta.transaction else {
        throw damage(node.page, "free pages of a transaction to come")
      }
      for place in 0..<Int(count) { pages.append(list.number(at: 8 + place * 8) ?? 0) }
    }
    return pages
  }

  // MARK: Trees

  private func walk(_ tree: Tree, _ body: (Node) throws(LMDBError) -> Void) throws(LMDBError) {
    guard tree.root != UInt64.max else { return }
    var entries: UInt64 = 0
    try walk(tree, tree.root, level: 1, from: nil, to: nil) { node throws(LMDBError) in
      entries += 1
      try body(node)
    }
    if entries != tree.entries {
      throw damage(tree.root, "\(entries) entries of \(tree.entries) that are told")
    }
  }

  private func walk(
    _ tree: Tree, _ number: UInt64, level: UInt16, from low: [UInt8]?, to high: [UInt8]?,
    _ body: (Node) throws(LMDBError) -> Void
  ) throws(LMDBError) {
    try reach(number, count: 1)
    let page = try Page(read(number, meta.pageSize), number, tree, isLeaf: level == tree.depth)
    guard let page else { throw damage(number, "it is not the page of a tree that it should be") }
    var before: [UInt8]?
    for (index, node) in page.nodes.enumerated() {
      // The first key of a branch is whatever it is.
      if page.isLeaf || index > 0 {
        let follows =
          before.map { tree.precedes($0, node.key) }
          ?? !(low.map { tree.precedes(node.key, $0) } ?? false)
        guard follows, high.map({ tree.precedes(node.key, $0) }) ?? true else {
          throw damage(number, "its keys are out of order")
        }
        before = node.key
      }
      if page.isLeaf {
        if let overflow = node.overflow { try checkOverflow(overflow, size: node.size) }
        try body(node)
      } else {
        let next = index + 1 < page.nodes.count ? page.nodes[index + 1].key : high
        try walk(
          tree, node.child, level: level + 1, from: index == 0 ? low : node.key, to: next, body)
      }
    }
  }

  /// Notes that pages are in use: twice is a page in two places.
  private func reach(_ first: UInt64, count: UInt64) throws(LMDBError) {
    let end = UInt64(reached.count)
    guard first > 1, count <= end, first <= end - count else {
      throw damage(first, "it is not in the file")
    }
    for page in first..<(first + count) {
      if reached[Int(page)] { throw damage(page, "it is in two places") }
      reached[Int(page)] = true
    }
  }

  private func checkOverflow(_ number: UInt64, size: Int) throws(LMDBError) {
    let head = try read(number, Page.headSize)
    let count = UInt64((Page.headSize - 1 + size) / meta.pageSize + 1)
    guard head.number(at: 0) == number, head.short(at: 10) & Page.kinds == Page.overflow,
      head.long(at: 12) >= count
    else { throw damage(number, "it does not hold the value that it should") }
    let pages = UInt64(head.long(at: 12))
    try reach(number, count: pages)
  }

  private func value(of node: Node) throws(LMDBError) -> [UInt8] {
    guard let overflow = node.overflow else { return node.bytes }
    let start = overflow * UInt64(meta.pageSize) + UInt64(Page.headSize)
    return try file.read(start, count: node.size, path)
  }

  private func read(_ page: UInt64, _ count: Int) throws(LMDBError) -> [UInt8] {
    guard page < UInt64(reached.count) else { throw damage(page, "it is not in the file") }
    return try file.read(page * UInt64(meta.pageSize), count: count, path)
  }
}

/// Which pages a transaction left, as one of the two first pages says it.
private struct Meta {
  let transaction: UInt64
  let pageSize: Int
  let lastPage: UInt64
  let free: Tree
  let main: Tree

  /// Nil when that page does not say it.
  init?(_ file: OpenFile, _ path: String, place: UInt64) throws(LMDBError) {
    // The second lies where the first page ends, of the size that the first one tells.
    let first = try file.read(0, count: Page.headSize + 136, path)
    let size = Int(first.long(at: Page.headSize + 24))
    guard size >= 512, size <= 1 << 16, size & (size - 1) == 0 else { return nil }
    let page = try file.read(place * UInt64(size), count: Page.headSize + 136, path)
    let meta = Array(page[Page.headSize...])
    guard page.short(at: 10) & Page.meta != 0, meta.long(at: 0) == 0xbeef_c0de,
      meta.long(at: 4) == 1, let free = Tree(Array(meta[24..<72]), hasNumbers: true),
      let main = Tree(Array(meta[72..<120])), let lastPage = meta.number(at: 120),
      let transaction = meta.number(at: 128)
    else { return nil }
    pageSize = size
    self.free = free
    self.main = main
    self.lastPage = lastPage
    self.transaction = transaction
  }
}

/// A tree of pages: a table, or that of the free pages.
private struct Tree {
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
private struct Node {
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

/// A page of a tree, taken apart.
private struct Page {
  static let headSize = 16
  static let branch: UInt16 = 1
  static let leaf: UInt16 = 2
  static let overflow: UInt16 = 4
  static let meta: UInt16 = 8
  /// Those that a page is one of, and two that no page of ours is.
  static let kinds: UInt16 = 0x6f

  let isLeaf: Bool
  private(set) var nodes: [Node] = []

  /// Nil when it is no such page, or its parts are not within it.
  init?(_ bytes: [UInt8], _ number: UInt64, _ tree: Tree, isLeaf: Bool) {
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
  ) -> Node? {
    let size = Int(bytes.long(at: start))
    let flags = bytes.short(at: start + 4)
    let keyEnd = start + 8 + Int(bytes.short(at: start + 6))
    guard keyEnd <= bytes.count else { return nil }
    let key = Array(bytes[(start + 8)..<keyEnd])
    guard isLeaf else {
      return Node(
        page: page, key: key, bytes: [], size: 0, overflow: nil,
        child: UInt64(size) | UInt64(flags) << 32, isTable: false)
    }
    let isLarge = flags & 1 != 0
    // Nothing of ours has several values a key.
    guard flags & 4 == 0, size <= 1 << 31, keyEnd + (isLarge ? 8 : size) <= bytes.count else {
      return nil
    }
    return Node(
      page: page, key: key, bytes: isLarge ? [] : Array(bytes[keyEnd..<(keyEnd + size)]),
      size: size, overflow: isLarge ? bytes.number(at: keyEnd) : nil, child: 0,
      isTable: flags & 2 != 0)
  }
}

/// A file that is open for reading while this lives.
private final class OpenFile {
  private let descriptor: Int32

  init(_ path: String) throws(LMDBError) {
    do { descriptor = try openFile(path, O_RDONLY) } catch {
      throw LMDBError(code: error.code, operation: "open \(shownPath(path))")
    }
  }

  deinit { close(descriptor) }

  func size(_ path: String) throws(LMDBError) -> UInt64 {
    var status = stat()
    if unsafe fstat(descriptor, &status) != 0 {
      throw LMDBError(code: errno, operation: "stat \(path)")
    }
    return UInt64(status.st_size)
  }

  /// Bytes that must be there.
  func read(_ start: UInt64, count: Int, _ path: String) throws(LMDBError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done,
          Int(clamping: start) + done)
      }
      if read < 0, errno == EINTR { continue }
      if read < 0 { throw LMDBError(code: errno, operation: "reading \(path)") }
      if read == 0 {
        throw LMDBError(
          code: MDB_CORRUPTED,
          operation: "\(path) ends at \(start + UInt64(done)): it was cut short")
      }
      done += read
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate func short(at place: Int) -> UInt16 {
    UInt16(self[place]) | UInt16(self[place + 1]) << 8
  }

  fileprivate func long(at place: Int) -> UInt32 {
    UInt32(short(at: place)) | UInt32(short(at: place + 2)) << 16
  }

  /// Nil beyond the end.
  fileprivate func number(at place: Int) -> UInt64? {
    guard place >= 0, place + 8 <= count else { return nil }
    return UInt64(long(at: place)) | UInt64(long(at: place + 4)) << 32
  }
}
