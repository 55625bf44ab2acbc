import LMDB
import TestSupport
import Testing

/// Free pages: who holds them, and how they are given back.
@Suite struct CompactionTests {
  private let directory: TemporaryDirectory
  private let options = EnvironmentOptions(mapSize: 1 << 26)

  init() throws { directory = try TemporaryDirectory() }

  private func open() throws -> Environment {
    try Environment(path: directory.path, options: options)
  }

  /// Puts 100 entries of 3,000 bytes each, in one transaction.
  private func fill(_ environment: Environment, with byte: UInt8) throws {
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("t")
    let value = [UInt8](repeating: byte, count: 3_000)
    for key in 0..<UInt8(100) { try transaction.put([key].span, value.span, in: table) }
    try transaction.commit()
  }

  private func last(_ environment: Environment) throws -> UInt64 {
    try ReadTransaction(environment).withSnapshot { $0.number }
  }

  private func value(_ environment: Environment) throws -> UInt8? {
    let transaction = try ReadTransaction(environment)
    return try transaction.withSnapshot { snapshot throws(LMDBError) in
      guard let table = try snapshot.table("t") else { return nil }
      return try snapshot.value([7].span, in: table)?.first
    }
  }

  @Test func `pages that an older picture needs are held, and free once it is gone`() throws {
    let environment = try open()
    try fill(environment, with: 0)
    #expect(try !environment.hasOldReaders())
    do {
      let reader = try ReadTransaction(environment)
      #expect(try !environment.hasOldReaders(), "it sees the newest")
      for round in 1...5 { try fill(environment, with: UInt8(round)) }
      #expect(try environment.hasOldReaders())
      let usage = try environment.pageUsage()
      #expect(usage.held > 3 * 300_000 && usage.held < usage.size, "\(usage)")
      let old = try #require(usage.readers.first)
      #expect(usage.readers.count == 1 && old.age == 5 && old.held == usage.held)
      #expect(usage.used < 500_000, "\(usage)")
      withExtendedLifetime(reader) {}
    }
    let after = try environment.pageUsage()
    #expect(after.held == 0 && after.readers.isEmpty && after.free > 3 * 300_000, "\(after)")
  }

  @Test func `a compact copy takes the file's place, and goes on counting`() throws {
    var before: UInt64 = 0
    do {
      let environment = try open()
      for round in 0..<6 { try fill(environment, with: UInt8(round)) }
      let reader = try ReadTransaction(environment)
      for round in 6..<11 { try fill(environment, with: UInt8(round)) }
      withExtendedLifetime(reader) {}
      before = try last(environment)
    }
    for round in 0..<2 {
      guard case .done(let sizeBefore, let sizeAfter) = try compactInPlace(directory.path) else {
        Issue.record("nobody has it open")
        return
      }
      #expect(round > 0 || sizeAfter < sizeBefore / 3, "\(sizeBefore) to \(sizeAfter)")
      let environment = try open()
      // An even and an odd number: either of the file's first pages may be the newer.
      #expect(try last(environment) == before + UInt64(round))
      #expect(try value(environment) == UInt8(10 + round))
      try fill(environment, with: UInt8(11 + round))
      #expect(try value(environment) == UInt8(11 + round))
      #expect(try environment.pageUsage().size < 2_000_000)
    }
  }

  @Test func `a copy in order has the same entries, in full pages`() throws {
    let environment = try open()
    // Two rounds, of which the second splits the pages that the first one filled.
    for round in 0..<2 {
      let transaction = try WriteTransaction(environment)
      for name in ["one", "two"] {
        let table = try transaction.table(name)
        for key in 0..<5_000 {
          let number = 2 * key + round
          let bytes = (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
          let value = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 50)
          try transaction.put(bytes.span, value.span, in: table)
        }
      }
      try transaction.commit()
    }
    let folder = directory.file("copy")
    #expect(try run("mkdir", [folder]).status == 0)
    try environment.copyInOrder(to: folder)
    let copy = try Environment(path: folder, options: options)
    for name in ["one", "two"] { #expect(try entries(copy, name) == entries(environment, name)) }
    #expect(try entries(copy, "one").count == 10_000)
    let usage = (try environment.pageUsage(), try copy.pageUsage())
    #expect(usage.1.free == 0 && usage.1.used < usage.0.used * 3 / 4, "\(usage)")
  }

  private func entries(_ environment: Environment, _ name: String) throws -> [[[UInt8]]] {
    let transaction = try ReadTransaction(environment)
    return try transaction.withSnapshot { snapshot throws(LMDBError) in
      guard let table = try snapshot.table(name) else { return [] }
      let cursor = try snapshot.cursor(table)
      var entries: [[[UInt8]]] = []
      var step = Cursor.Step.first
      while let entry = try cursor.move(step, { key, value in [bytes(key), bytes(value)] }) {
        entries.append(entry)
        step = .next
      }
      return entries
    }
  }

  private func bytes(_ span: Span<UInt8>) -> [UInt8] {
    span.indices.map { span[$0] }
  }

  @Test func `who waits with a lock file of before finds what was committed last`() throws {
    do {
      let environment = try open()
      for round in 0..<5 { try fill(environment, with: UInt8(round)) }
    }
    let lock = try directory.bytes("lock.mdb")
    guard case .done = try compactInPlace(directory.path) else {
      Issue.record("nobody has it open")
      return
    }
    // LMDB believes the lock file, unless who opens it is the first.
    try directory.write("lock.mdb", lock)
    let other = try ChildProcess(
      "python3",
      [
        "-c",
        """
        import fcntl, sys, time
        fcntl.lockf(open(sys.argv[1], "r+b"), fcntl.LOCK_SH, 1, 0)
        print("held", flush=True)
        time.sleep(600)
        """, directory.file("lock.mdb"),
      ])
    #expect(eventually { other.output == "held\n" }, "\(other.errors)")
    let environment = try open()
    #expect(try value(environment) == 4)
    try fill(environment, with: 9)
    #expect(try value(environment) == 9)
    try other.end()
  }

  @Test func `a file that somebody has open is left as it is`() throws {
    do { try fill(open(), with: 1) }
    let holder = try ChildProcess(
      "python3", ["-c", holdingEnvironment, directory.path])
    #expect(eventually { holder.output == "held\n" }, "\(holder.errors)")
    #expect(try compactInPlace(directory.path) == .inUse(process: holder.processID))
    let files = try run("ls", [directory.path]).output
    #expect(files == "data.mdb\nlock.mdb\n", "\(files)")
    try holder.end()
    guard case .done = try compactInPlace(directory.path) else {
      Issue.record("nobody has it open any more")
      return
    }
    #expect(try value(open()) == 1)
  }

  @Test func `what a killed compaction left is gone with the next opening`() throws {
    do { try fill(open(), with: 1) }
    try directory.write("data.mdb.compact", "half of it")
    #expect(try value(open()) == 1)
    let files = try run("ls", [directory.path]).output
    #expect(files == "data.mdb\nlock.mdb\n", "\(files)")
  }
}
