import Events
import Ingest
import TestSupport

/// One made-up life of a followed file: writers write, rotate, truncate, rewrite and delete, while a
/// follower runs, crashes and comes back. The model is the list of lines that were written.
final class TailingSimulation {
  private var random: SeededRandom
  private let files = SimulatedFiles()
  private let log = MemoryLog()
  private var follower: (Follower, MemoryTaker)?
  private var next = 0
  /// Lines in the file at the base, or that went on into rotated ones: all must come.
  private var written: Set<String> = []
  /// Lines that were destroyed before anybody could see them: each may be missing.
  private var destroyed: Set<String> = []
  /// A writer that still holds the file of before.
  private var staleWriter: SimulatedFiles.Inode?
  /// Files that were rotated away before anybody followed the base.
  private var unseen: [SimulatedFiles.Inode] = []
  private(set) var history: [String] = []

  static let name = "ralph-events.jsonl"

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// Runs some actions, then lets the follower read all; returns what is wrong, if anything.
  func run(actions: Int) throws -> String? {
    _ = files.create(Self.name)
    for _ in 0..<actions {
      files.clock += Int64.random(in: 1...4, using: &random) == 1 ? 3_600_000_000_000 : 3_000_000
      try act()
    }
    completeLines()
    follower = nil
    try follow(.everything, crashAfter: nil)
    return verdict()
  }

  private func act() throws {
    switch Int.random(in: 0..<25, using: &random) {
    case 0..<7: writeLines(to: files[Self.name])
    case 7: writePiece()
    case 8: try rename()
    case 9: try copyTruncate()
    case 10: truncate()
    case 11: rewriteWithoutOldest(inPlace: true)
    case 12: rewriteWithoutOldest(inPlace: false)
    case 13: recreate()
    case 14: writeLines(to: staleWriter)
    case 24: deleteOldest()
    case 15:
      note("kill")
      follower = nil
    case 16: try follow(files.takeChanges(), crashAfter: Int.random(in: 0...3, using: &random))
    case 17: try follow(.everything, crashAfter: nil)
    default: try follow(files.takeChanges(), crashAfter: nil)
    }
  }

  private func note(_ action: String) { history.append(action) }

  // MARK: Writers

  private func line() -> String {
    next += 1
    return "{\"n\":\(next)}"
  }

  private func writeLines(to inode: SimulatedFiles.Inode?) {
    guard let inode else { return }
    let lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in line() }
    note("write \(lines.count) to \(inode.number), up to \(next)")
    // After a piece, its line ends first.
    let isOpen = inode.bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
    if isOpen { complete(inode) }
    files.append(Array((lines.joined(separator: "\n") + "\n").utf8), to: inode)
    written.formUnion(lines)
    if unseen.contains(where: { $0 === inode }) { destroy(inode) }
  }

  private func writePiece() {
    guard let inode = files[Self.name] else { return }
    complete(inode)
    let line = line()
    note("piece of \(line)")
    files.append(Array(line.utf8.prefix(4)), to: inode)
  }

  private func complete(_ inode: SimulatedFiles.Inode) {
    guard let last = inode.bytes.last, last != UInt8(ascii: "\n") else { return }
    let start = (inode.bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    let begun = String(decoding: inode.bytes[start...], as: UTF8.self)
    // A piece is "{"n"" of the line whose number comes with its end.
    let line = line()
    files.append(Array(line.utf8.dropFirst(begun.utf8.count)) + [UInt8(ascii: "\n")], to: inode)
    written.insert(line)
  }

  private func completeLines() {
    for inode in files.names.values { complete(inode) }
  }

  /// What stood at the base before anybody followed it is nobody's business.
  private func forgetUnseen(_ inode: SimulatedFiles.Inode) {
    if log.nextID == 1 {
      destroy(inode)
      unseen.append(inode)
    }
  }

  private func shiftRotated() {
    for index in stride(from: 6, through: 1, by: -1) where files["\(Self.name).\(index)"] != nil {
      files.rename("\(Self.name).\(index)", "\(Self.name).\(index + 1)")
    }
  }

  private func rename() throws {
    guard let inode = files[Self.name] else { return }
    note("rename")
    complete(inode)
    forgetUnseen(inode)
    shiftRotated()
    files.rename(Self.name, "\(Self.name).1")
    staleWriter = inode
    _ = files.create(Self.name)
  }

  private func copyTruncate() throws {
    guard let inode = files[Self.name], !inode.bytes.isEmpty else { return }
    note("copy and truncate")
    complete(inode)
    forgetUnseen(inode)
    shiftRotated()
    let copy = files.create("\(Self.name).1", reusing: Bool.random(using: &random))
    if Bool.random(using: &random) { try follow(files.takeChanges(), crashAfter: nil) }
    let half = inode.bytes.count / 2
    files.append(Array(inode.bytes[..<half]), to: copy)
    if Bool.random(using: &random) { try follow(files.takeChanges(), crashAfter: nil) }
    files.append(Array(inode.bytes[half...]), to: copy)
    if Bool.random(using: &random) { try follow(files.takeChanges(), crashAfter: nil) }
    files.overwrite(inode, with: [])
  }

  /// Deletes a rotated file all of whose lines were taken; its number is free again.
  private func deleteOldest() {
    let name = (1...7).map { "\(Self.name).\($0)" }.last { files[$0] != nil }
    guard let name, let inode = files[name], inode !== staleWriter else { return }
    let taken = Set(log.lines.map { String(decoding: $0.bytes, as: UTF8.self) })
    guard inode.bytes.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n"),
      lines(of: inode).allSatisfy(taken.contains)
    else { return }
    note("delete \(name)")
    files.remove(name)
  }

  private func truncate() {
    guard let inode = files[Self.name] else { return }
    note("truncate")
    destroy(inode)
    files.overwrite(inode, with: [])
    if Bool.random(using: &random) { writeLines(to: inode) }
  }

  private func destroy(_ inode: SimulatedFiles.Inode) {
    destroyed.formUnion(lines(of: inode))
  }

  private func lines(of inode: SimulatedFiles.Inode) -> [String] {
    inode.bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  private func rewriteWithoutOldest(inPlace: Bool) {
    guard let inode = files[Self.name] else { return }
    complete(inode)
    let lines = lines(of: inode)
    guard lines.count > 1 else { return }
    let dropped = Int.random(in: 1..<lines.count, using: &random)
    note("rewrite \(inPlace ? "in place" : "beside"), without \(dropped) of \(lines.count)")
    destroyed.formUnion(lines[..<dropped])
    let kept = Array((lines[dropped...].joined(separator: "\n") + "\n").utf8)
    if inPlace {
      files.overwrite(inode, with: kept)
      if Bool.random(using: &random) { writeLines(to: inode) }
      return
    }
    let fresh = files.create("\(Self.name).tmp", reusing: Bool.random(using: &random))
    files.append(kept, to: fresh)
    files.rename("\(Self.name).tmp", Self.name)
    staleWriter = nil
  }

  private func recreate() {
    guard let inode = files[Self.name] else { return }
    note("delete and create")
    destroy(inode)
    files.remove(Self.name)
    _ = files.create(Self.name, reusing: true)
  }

  // MARK: The follower

  private func follow(_ changes: FileChanges, crashAfter steps: Int?) throws {
    if follower == nil {
      let taker = MemoryTaker(log)
      let book = SourceBook(log)
      book.commit = { try taker.commit() }
      let path = files.path(Self.name)
      follower = (
        Follower(paths: [path], files: files, book: book, taker: taker, openMax: 3), taker
      )
    }
    guard let (follower, taker) = follower else { return }
    let isFirst =
      history.last { $0.hasPrefix("kill") || $0.hasPrefix("turn") }?.hasPrefix("turn") != true
    note("turn")
    taker.clock = files.clock
    taker.stepsLeft = steps
    do {
      let toldBefore = taker.told.count
      _ = try follower.turn(isFirst ? .everything : changes)
      for message in taker.told[toldBefore...] { note("(\(message))") }
    } catch is MemoryTaker.Crash {
      note("kill in turn")
      self.follower = nil
    }
  }

  private func verdict() -> String? {
    let taken = log.lines.map { String(decoding: $0.bytes, as: UTF8.self) }
    var counts: [String: Int] = [:]
    for line in taken { counts[line, default: 0] += 1 }
    if let twice = counts.filter({ $0.value > 1 }).keys.sorted().first {
      return "\(twice) was taken \(counts[twice] ?? 0) times"
    }
    let lost = written.filter { counts[$0] == nil && !destroyed.contains($0) }
    if let line = lost.sorted().first { return "\(line) was lost" }
    if let strange = counts.keys.first(where: { !written.contains($0) && !destroyed.contains($0) })
    {
      return "\(strange) was never written"
    }
    return nil
  }
}

extension TailingSimulation {
  /// What the log and the files hold, for a person who looks for the cause.
  func dump() -> String {
    let lines = log.lines.map {
      "  \($0.source)@\($0.position) \(String(decoding: $0.bytes, as: UTF8.self))"
    }
    let names = files.names.sorted { $0.key < $1.key }.map {
      "  \($0.key) inode \($0.value.number): \(String(decoding: $0.value.bytes, as: UTF8.self).split(separator: "\n").joined(separator: " "))"
    }
    return (lines + names).joined(separator: "\n")
  }
}
