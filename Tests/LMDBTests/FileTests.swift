import Dispatch
import LMDB
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What an environment asks of its files before it maps them.
@Suite struct FileTests {
  private let options = EnvironmentOptions(mapSize: 1 << 24)

  private func fill(_ directory: TemporaryDirectory, entries: Int) throws {
    let environment = try Environment(path: directory.path, options: options)
    let transaction = try WriteTransaction(environment)
    let table = try transaction.table("t")
    let value = [UInt8](repeating: 7, count: 3_000)
    for number in 0..<entries {
      try transaction.put(Array("k\(number)".utf8).span, value.span, in: table)
    }
    try transaction.commit()
  }

  private func status(_ path: String) throws -> stat {
    var status = stat()
    try #require(unsafe stat(path, &status) == 0)
    return status
  }

  @Test func `the lock file has its blocks before it is mapped`() throws {
    let directory = try TemporaryDirectory()
    let environment = try Environment(path: directory.path, options: options)
    defer { withExtendedLifetime(environment) {} }
    let lock = try status(directory.file("lock.mdb"))
    // LMDB's own length: a longer file would hold more readers than it says.
    #expect(Int(lock.st_size) / 64 == 126 + 2)
    #expect(Int(lock.st_blocks) * 512 >= Int(lock.st_size))
  }

  @Test(arguments: [1, 4_096, 12_000])
  func `a file that was cut short is refused, not read`(_ missing: Int) throws {
    let directory = try TemporaryDirectory()
    try fill(directory, entries: 40)
    let path = directory.file("data.mdb")
    let size = Int(try status(path).st_size)
    let code = unsafe truncate(path, size - missing)
    #expect(code == 0)
    do {
      _ = try Environment(path: directory.path, options: options)
      Issue.record("\(missing) bytes are missing")
    } catch {
      #expect(error.isCorrupted && error.description.contains("cut short"), "\(error)")
    }
  }

  @Test func `pages at the end that are free are not missed`() throws {
    let directory = try TemporaryDirectory()
    try fill(directory, entries: 10)
    let path = directory.file("data.mdb")
    do {
      let environment = try Environment(path: directory.path, options: options)
      let large = [UInt8](repeating: 7, count: 1 << 20)
      let small = [UInt8](repeating: 7, count: 3_000)
      for round in 0..<4 {
        let transaction = try WriteTransaction(environment)
        let table = try transaction.table("t")
        if round == 0 { try transaction.clear(table) }
        try transaction.put(Array("k\(round)".utf8).span, small.span, in: table)
        if round == 3 {
          // Once free pages are at hand, what is put and removed at once is never written.
          try transaction.put(Array("large".utf8).span, large.span, in: table)
          try transaction.remove(Array("large".utf8).span, in: table)
        }
        try transaction.commit()
      }
      let size = UInt64(try status(path).st_size)
      #expect(try environment.sizeOnDisk() > size, "the case is not one any more")
    }
    _ = try Environment(path: directory.path, options: options)
  }

  @Test func `a folder is not opened twice in one process`() throws {
    let directory = try TemporaryDirectory()
    let path = directory.path
    var first: Environment? = try Environment(path: path, options: options)
    let isOpen = Mutex(false)
    let isDone = DispatchSemaphore(value: 0)
    DispatchQueue.global().async { [options] in
      let second = try? Environment(path: path, options: options)
      isOpen.withLock { $0 = second != nil }
      isDone.signal()
    }
    #expect(isDone.wait(timeout: .now() + 0.05) == .timedOut)
    #expect(first != nil)
    // The one who waits gets it once the other lets go.
    first = nil
    isDone.wait()
    #expect(isOpen.withLock { $0 })
  }

  @Test func `a number that a process of another namespace holds is not taken`() throws {
    let directory = try TemporaryDirectory()
    try fill(directory, entries: 1)
    // Who holds this process's number, as a program without this care would, and the one that this
    // process takes in its place.
    let holder = try ChildProcess(
      "python3",
      [
        "-c",
        """
        import fcntl, os, sys, time
        file = open(sys.argv[1], "r+b")
        for number in sys.argv[2:]:
            fcntl.lockf(file, fcntl.LOCK_EX, 1, int(number))
        print("held", flush=True)
        time.sleep(600)
        """, directory.file("lock.mdb"), "\(getpid())", "\(getpid() + 1 << 22)",
      ])
    #expect(eventually { holder.output == "held\n" })
    let environment = try Environment(path: directory.path, options: options)
    let reader = try ReadTransaction(environment)
    #expect(try reader.snapshot.table("t") != nil)
    try holder.end()
  }
}
