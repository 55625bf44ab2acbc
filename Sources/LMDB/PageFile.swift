internal import Bytes
internal import CLMDB
internal import Files

#if canImport(Glibc)
  internal import Glibc
#endif

/// Checks the pages of a data.mdb that nobody writes now, without a look at its map: what passes can
/// be opened, and no entry of it ends the process. Whether it is what was committed is another
/// question.
package func checkDataFile(in folder: String) throws(LMDBError) {
  try PageFile(folder: folder).check()
}

/// An entry of a table of a data.mdb, read without a look at its map: whatever its pages hold, this
/// ends no process. Nil when there is none. Reads all pages of that table.
package func storedValue(
  of key: [UInt8], in table: [UInt8], folder: String
) throws(LMDBError) -> [UInt8]? {
  for _ in 0..<3 {
    do {
      return try PageFile(folder: folder).value(of: key, in: table)
    } catch  where error.isCorrupted {
      // A writer may have reused a page while the pages were read.
      continue
    }
  }
  return try PageFile(folder: folder).value(of: key, in: table)
}

/// The pages of a data.mdb, read from the file and not from its map: what is torn or missing is an
/// error here, where a look at the map would end the process.
final class PageFile {
  /// The file is seen as this transaction left it.
  private let meta: MetaPage
  private let file: OpenFile
  private let path: String
  /// Which of the pages that the file holds were reached so far.
  private var reached: [Bool]

  /// Opens the file as its newest transaction left it, or as one that a reader holds.
  init(folder: String, transaction: UInt64? = nil) throws(LMDBError) {
    path = "\(folder)/data.mdb"
    file = try OpenFile(path)
    let metas = try metaPages(of: file, path)
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
    var tables: [PageTree] = []
    try walk(meta.main) { node throws(LMDBError) in
      // Every table of ours has a name.
      guard node.isTable, let table = PageTree(node.bytes) else {
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
    var table: PageTree?
    try walk(meta.main) { node throws(LMDBError) in
      if node.isTable, node.key == name { table = PageTree(node.bytes) }
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

  private func walk(_ tree: PageTree, _ body: (PageNode) throws(LMDBError) -> Void)
    throws(LMDBError)
  {
    guard tree.root != UInt64.max else { return }
    var entries: UInt64 = 0
    try walk(tree, tree.root, level: 1, from: nil, to: nil) { node throws(LMDBError) in
      entries += 1
      try body(node)
    }
    if entries != tree.entries {
      throw damage(tree.root, "\(entries) entries where it says \(tree.entries)")
    }
  }

  private func walk(
    _ tree: PageTree, _ number: UInt64, level: UInt16, from low: [UInt8]?, to high: [UInt8]?,
    _ body: (PageNode) throws(LMDBError) -> Void
  ) throws(LMDBError) {
    try reach(number, count: 1)
    let page = try TreePage(read(number, meta.pageSize), number, tree, isLeaf: level == tree.depth)
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
    let head = try read(number, TreePage.headSize)
    let count = UInt64((TreePage.headSize - 1 + size) / meta.pageSize + 1)
    guard head.number(at: 0) == number, head.short(at: 10) & TreePage.kinds == TreePage.overflow,
      head.long(at: 12) >= count
    else { throw damage(number, "it does not hold the value that it should") }
    let pages = UInt64(head.long(at: 12))
    try reach(number, count: pages)
  }

  private func value(of node: PageNode) throws(LMDBError) -> [UInt8] {
    guard let overflow = node.overflow else { return node.bytes }
    let start = overflow * UInt64(meta.pageSize) + UInt64(TreePage.headSize)
    return try file.read(start, count: node.size, path)
  }

  private func read(_ page: UInt64, _ count: Int) throws(LMDBError) -> [UInt8] {
    guard page < UInt64(reached.count) else { throw damage(page, "it is not in the file") }
    return try file.read(page * UInt64(meta.pageSize), count: count, path)
  }
}

/// The meta pages of a file that say something.
private func metaPages(of file: OpenFile, _ path: String) throws(LMDBError) -> [MetaPage] {
  // The second one lies where the first page ends, of the size that the first one says.
  let first = try file.read(0, count: MetaPage.size, path)
  guard let pageSize = MetaPage.pageSize(first) else { return [] }
  let second = try file.read(UInt64(pageSize), count: MetaPage.size, path)
  return [first, second].compactMap { MetaPage($0, pageSize: pageSize) }
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
