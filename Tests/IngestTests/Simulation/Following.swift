import Events
import Ingest

/// A follower of made-up files, turn by turn.
final class Following {
  let files = SimulatedFiles()
  let log = MemoryLog()
  let taker: MemoryTaker
  let follower: Follower
  /// What could not be read.
  let troubles = Troubles()

  /// - Parameter name: followed in the folder; all of it, if nil.
  init(_ name: String?, openMax: Int = Follower.openLimit) {
    taker = MemoryTaker(log)
    let book = SourceBook(log)
    book.commit = { [taker] in try taker.commit() }
    taker.didCommit = { [unowned book] in book.didCommit(revision: $0) }
    follower = Follower(
      paths: [name.map(files.path) ?? SimulatedFiles.folder], files: files, book: book,
      taker: taker, openMax: openMax, troubles: troubles,
      now: { [files] in Timestamp(nanoseconds: files.clock) })
  }

  func turn() throws {
    taker.clock = files.clock
    _ = try follower.turn(.everything)
  }

  /// Lets time pass, and looks again, so often that newcomers settle.
  func turns(_ count: Int) throws {
    for _ in 0..<count {
      try turn()
      pass(1_000)
    }
  }

  func pass(_ milliseconds: Int64) { files.clock += milliseconds * 1_000_000 }

  func write(_ name: String, _ lines: String...) {
    let file = files[name] ?? files.create(name)
    files.append(Array(lines.map { $0 + "\n" }.joined().utf8), to: file)
  }

  var lines: [String] { log.lines.map { String(decoding: $0.bytes, as: UTF8.self) } }
}
