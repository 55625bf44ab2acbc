import Bytes
import Tables
import Testing
import Views

private func tables(_ provider: MemoryTables) -> FoldTables {
  FoldTables(view: "test", provider: provider)
}

@Test func `pages come back after a checkpoint and only then`() throws {
  let provider = MemoryTables()
  let set = tables(provider)
  let pages = try set.open(StoredPages("pages", wordsPerPage: 6))
  #expect(pages.append() == 0)
  #expect(pages.append() == 1)
  try pages.set(1, 2, .max)
  try set.flush()
  try pages.set(1, 3, 7)

  let again = try tables(provider).open(StoredPages("pages", wordsPerPage: 6))
  #expect(again.count == 2)
  #expect(try again.word(1, 2) == .max)
  #expect(try again.word(1, 3) == 0)
  #expect(try again.word(0, 5) == 0)
  #expect(set.digest == Digest())
}

@Test func `more pages than may stay in memory are all there`() throws {
  let set = tables(MemoryTables())
  let pages = try set.open(StoredPages("pages", wordsPerPage: 4, residentMax: 3))
  for round in 0..<5 {
    for page in 0..<(10 * (round + 1)) {
      if page >= pages.count { _ = pages.append() }
      try pages.change(page) { words in words[round % 4] &+= UInt64(page * round + 1) }
    }
    try set.flush()
    for page in stride(from: 0, to: pages.count, by: 7) {
      #expect(try pages.word(page, round % 4) >= UInt64(page * round + 1))
    }
  }
  #expect(pages.count == 50)
  #expect(try pages.word(3, 0) == 1 + 13)
}

@Test func `a place that is not there is an error`() throws {
  let set = tables(MemoryTables())
  let pages = try set.open(StoredPages("pages", wordsPerPage: 4))
  _ = pages.append()
  #expect(throws: TableError.self) { try pages.word(1, 0) }
  #expect(throws: TableError.self) { try pages.word(0, 4) }
  #expect(throws: TableError.self) { try pages.set(-1, 0, 1) }
}
