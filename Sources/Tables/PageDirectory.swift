public import Views

/// Which page of a hash table holds a key, by the key's low bits: as many as it takes, the same for all
/// keys (extendible hashing, Fagin et al. 1979).
@safe public final class PageDirectory {
  private let table: PageTable
  /// The page of each ending of a key, read when it is first needed.
  @safe @exclusivity(unchecked) @usableFromInline
  var pageNumbers: [UInt32] = []

  private static var depthMax: Int { 24 }

  public init(_ tables: FoldTables, _ declared: StoredPages) throws(TableError) {
    table = try tables.open(declared)
  }

  /// To be called before the first look-up. Word 0 is the depth; then comes a page number for each
  /// ending of a key.
  ///
  /// - Parameter first: makes the first page, of number 0.
  public func open(first: () -> Void) throws(TableError) {
    if !pageNumbers.isEmpty { return }
    if table.count == 0 {
      _ = table.append()
      first()
    }
    let depth = try table.word(0, 0)
    guard depth <= Self.depthMax else {
      throw TableError(table: "directory", reason: "a depth of \(depth)")
    }
    var numbers: [UInt32] = []
    numbers.reserveCapacity(1 << Int(depth))
    for ending in 0..<(1 << Int(depth)) {
      let (page, index) = place(ending)
      numbers.append(UInt32(truncatingIfNeeded: try table.word(page, index)))
    }
    pageNumbers = numbers
  }

  /// The page that holds a key.
  @inlinable @inline(__always)
  public func pageNumber(_ key: UInt32) -> Int {
    Int(pageNumbers[Int(key) & (pageNumbers.count &- 1)])
  }

  /// Whether one more bit than a depth may decide.
  public func canSplit(depth: Int) -> Bool { depth < Self.depthMax }

  /// Gives those keys of a key's page another page that have the next bit set.
  public func split(_ key: UInt32, depth: Int, other: Int) throws(TableError) {
    if 1 << depth == pageNumbers.count { try double() }
    let bit = 1 << depth
    var ending = Int(key) & (bit - 1) + bit
    while ending < pageNumbers.count {
      try set(ending, UInt32(other))
      ending += bit * 2
    }
  }

  private func place(_ ending: Int) -> (page: Int, index: Int) {
    let (page, index) = (ending + 1).quotientAndRemainder(dividingBy: table.wordsPerPage)
    return (page, index)
  }

  private func set(_ ending: Int, _ number: UInt32) throws(TableError) {
    pageNumbers[ending] = number
    let (page, index) = place(ending)
    while page >= table.count { _ = table.append() }
    try table.set(page, index, UInt64(number))
  }

  private func double() throws(TableError) {
    let count = pageNumbers.count
    for ending in 0..<count {
      pageNumbers.append(pageNumbers[ending])
      try set(count + ending, pageNumbers[ending])
    }
    try table.set(0, 0, UInt64(pageNumbers.count.trailingZeroBitCount))
  }
}
