import Events
import Ingest
import TestSupport

/// Those who write to a followed file, rotate it, truncate, rewrite and delete it, and the model of
/// what must come of it: the lines that were written, and those that were destroyed.
///
/// What takes several calls of a writer is done step by step: a follower may look between any two.
final class SimulatedWriters {
  /// What writers do, beside writing lines.
  enum Habit: CaseIterable {
    /// Every way to rotate and rewrite.
    case anything
    /// Lines that are not told apart by what they hold; files are only renamed.
    case sameLines
  }

  var random: SeededRandom
  let files: SimulatedFiles
  let habit: Habit
  /// Whether all files of the folder are followed, rather than one path.
  let isFolder: Bool
  var next = 0
  /// How often each line was written, and must come.
  private(set) var written: [String: Int] = [:]
  /// Lines that were destroyed before anybody could see them: each may be missing.
  var destroyed: Set<String> = []
  /// A writer that still holds the file of before.
  var staleWriter: SimulatedFiles.Inode?
  /// Files that were rotated away before anybody followed the base.
  private var unseen: [SimulatedFiles.Inode] = []
  /// What is left to do of what was begun.
  var steps: [() -> Void] = []
  /// When something was last done.
  private(set) var stepTime: Int64 = 0
  var neighbours = 0
  /// Whether the base is being rewritten in place, and is not what it will be.
  var isRewriting = false
  /// Whether lines stand where only those could tell whose they are who saw how they came there.
  var isRewriteUnseen = false
  /// Whether the folder moved, and nobody looked since.
  var isMoveUnseen = false
  /// The lines that the log has, and whether it knows any source.
  var taken: () -> [String] = { [] }
  var isFollowed: () -> Bool = { false }
  var note: (String) -> Void = { _ in }

  static let name = "ralph-events.jsonl"

  init(files: SimulatedFiles, random: SeededRandom, habit: Habit, isFolder: Bool) {
    (self.files, self.random, self.habit, self.isFolder) = (files, random, habit, isFolder)
  }

  /// Whether something was begun and is not done yet.
  var isBusy: Bool { !steps.isEmpty }

  func chance(_ one: Int, of all: Int) -> Bool { Int.random(in: 0..<all, using: &random) < one }

  /// Does the next thing, or the next step of one.
  func act() {
    stepTime = files.clock
    if !steps.isEmpty {
      steps.removeFirst()()
      return
    }
    let kinds = habit == .anything ? 19 : 12
    switch Int.random(in: 0..<kinds, using: &random) {
    case 0..<7: writeLines(to: files[Self.name])
    case 7: writePiece()
    case 8, 9: rename()
    case 10, 11: writeLines(to: staleWriter)
    case 12: copyTruncate()
    case 13: truncate()
    // Of what was copied and rewritten before anybody saw it, nobody could tell whose lines those are.
    case 14 where !isMoveUnseen: rewriteInPlace()
    case 15 where !isMoveUnseen: rewriteBeside()
    case 16: recreate()
    case 17: if isFolder, !isMoveUnseen { copyElsewhere() }
    default: deleteOldest()
    }
  }

  /// Ends what was begun, and every line.
  func finish() {
    while isBusy { act() }
    for (_, inode) in files.names.sorted(by: { $0.key < $1.key }) { complete(inode) }
  }

  // MARK: Writing

  private func line() -> String {
    if habit == .sameLines, chance(1, of: 3) {
      return "{\"same\":\(Int.random(in: 0...1, using: &random))}"
    }
    next += 1
    return "{\"n\":\(next)}"
  }

  /// Which line it is, by what it holds; nil for one of several that are the same.
  static func number(of line: [UInt8]) -> Int? {
    let digits = line.dropFirst(#"{"n":"#.utf8.count).dropLast()
    return line.starts(with: #"{"n":"#.utf8) ? Int(String(decoding: digits, as: UTF8.self)) : nil
  }

  func writeLines(to inode: SimulatedFiles.Inode?) {
    guard let inode else { return }
    // After a piece, its line ends first.
    complete(inode)
    var lines = (0..<Int.random(in: 1...4, using: &random)).map { _ in line() }
    if habit == .sameLines {
      // Else a file might be no more than the beginning of another: a copy, for all that anybody sees.
      next += 1
      lines.append("{\"n\":\(next)}")
    }
    append(lines, to: inode)
  }

  private func append(_ lines: [String], to inode: SimulatedFiles.Inode) {
    note("write \(lines.joined(separator: " ")) to \(inode.number)")
    files.append(Array((lines.joined(separator: "\n") + "\n").utf8), to: inode)
    count(lines, in: inode)
  }

  private func count(_ lines: [String], in inode: SimulatedFiles.Inode) {
    for line in lines { written[line, default: 0] += 1 }
    if unseen.contains(where: { $0 === inode }) { destroy(inode) }
  }

  private func writePiece() {
    guard let inode = files[Self.name] else { return }
    complete(inode)
    next += 1
    let line = "{\"n\":\(next)}"
    note("piece of \(line)")
    files.append(Array(line.utf8.prefix(4)), to: inode)
  }

  func complete(_ inode: SimulatedFiles.Inode) {
    guard let last = inode.bytes.last, last != UInt8(ascii: "\n") else { return }
    let start = (inode.bytes.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    // A piece is "{"n"" of a line whose number comes with its end.
    next += 1
    let line = "{\"n\":\(next)}"
    files.append(
      Array(line.utf8.dropFirst(inode.bytes.count - start)) + [UInt8(ascii: "\n")], to: inode)
    count([line], in: inode)
  }

  // MARK: Rotating

  /// What stood at the base before anybody followed it is nobody's business.
  private func forgetUnseen(_ inode: SimulatedFiles.Inode) {
    if isFolder || (isFollowed() && (!isMoveUnseen || wasRead(inode))) { return }
    forget(inode)
  }

  private func forget(_ inode: SimulatedFiles.Inode) {
    destroy(inode)
    unseen.append(inode)
  }

  private func shiftRotated() {
    for index in stride(from: 6, through: 1, by: -1) where files["\(Self.name).\(index)"] != nil {
      files.rename("\(Self.name).\(index)", "\(Self.name).\(index + 1)")
    }
  }

  private func rename() {
    guard let inode = files[Self.name] else {
      note("create")
      _ = files.create(Self.name)
      return
    }
    note("rename \(inode.number)")
    complete(inode)
    forgetUnseen(inode)
    // No file is renamed over: of the oldest one, lines might be lost.
    if files["\(Self.name).7"] != nil { return }
    shiftRotated()
    files.rename(Self.name, "\(Self.name).1")
    staleWriter = inode
    steps = [
      { [self] in
        if files[Self.name] == nil { _ = files.create(Self.name, reusing: chance(1, of: 2)) }
      }
    ]
  }

  private func copyTruncate() {
    guard let inode = files[Self.name], !inode.bytes.isEmpty, files["\(Self.name).7"] == nil else {
      return
    }
    complete(inode)
    forgetUnseen(inode)
    shiftRotated()
    copyTruncate(inode, to: "\(Self.name).1")
  }

  /// To a name that is followed for itself. Of a rewritten file nobody could tell whose lines those are.
  private func copyElsewhere() {
    guard let inode = files[Self.name], !inode.bytes.isEmpty, !inode.isRewrite else { return }
    complete(inode)
    neighbours += 1
    isRewriteUnseen = true
    copyTruncate(inode, to: "\(chance(1, of: 2) ? "a" : "z")\(neighbours).jsonl")
  }

  private func copyTruncate(_ inode: SimulatedFiles.Inode, to name: String) {
    note("copy \(inode.number) to \(name), to truncate it")
    let copy = files.create(name, reusing: chance(1, of: 2))
    let half = inode.bytes.count / 2
    steps = [
      { [self] in files.append(Array(inode.bytes[..<half]), to: copy) },
      { [self] in files.append(Array(inode.bytes[half...]), to: copy) },
      { [self] in
        note("truncate after the copy")
        files.overwrite(inode, with: [])
      },
    ]
  }

  /// Deletes a rotated file all of whose lines were taken; its number is free again.
  private func deleteOldest() {
    // Those that are known tell that a folder is the one that moved.
    if isMoveUnseen { return }
    let name = (1...7).map { "\(Self.name).\($0)" }.last { files[$0] != nil }
    guard let name, let inode = files[name], inode !== staleWriter else { return }
    let taken = Set(taken())
    guard inode.bytes.last ?? UInt8(ascii: "\n") == UInt8(ascii: "\n"),
      lines(of: inode).allSatisfy(taken.contains)
    else { return }
    note("delete \(name)")
    files.remove(name)
  }

  private func truncate() {
    guard let inode = files[Self.name] else { return }
    note("truncate \(inode.number)")
    destroy(inode)
    files.overwrite(inode, with: [])
    if chance(1, of: 2) { writeLines(to: inode) }
  }

  func destroy(_ inode: SimulatedFiles.Inode) { destroyed.formUnion(lines(of: inode)) }

  func lines(of inode: SimulatedFiles.Inode) -> [String] {
    inode.bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }

  private func recreate() {
    if let inode = files[Self.name] {
      note("delete and create")
      destroy(inode)
      files.remove(Self.name)
      if inode === staleWriter { staleWriter = nil }
    }
    steps = [
      { [self] in if files[Self.name] == nil { _ = files.create(Self.name, reusing: true) } }
    ]
  }

  // MARK: Moving

  /// The folder is renamed.
  func renameFolder() {
    let folder = nextFolder
    note("rename the folder to \(folder)")
    isMoveUnseen = true
    files.renameFolder(folder)
    forgetUnknown(Array(files.names.values))
  }

  /// The folder is copied, and out of sight then.
  ///
  /// - Parameter isElsewhere: whether nobody has a file open: it is another machine, or another start.
  func copyFolder(_ farewell: SimulatedFiles.Farewell, isElsewhere: Bool) {
    let folder = nextFolder
    let isShuffled = isElsewhere && farewell == .removed && chance(1, of: 2)
    let device: UInt64 = chance(1, of: 2) ? 1 : UInt64(files.places.count + 1)
    note("copy to \(folder) on \(device)\(isShuffled ? ", shuffled" : ""), \(farewell)")
    isMoveUnseen = true
    let copies = files.copyFolder(
      folder, device: device, isKeepingTimes: chance(1, of: 2),
      shuffle: { [self] numbers in
        isShuffled ? numbers.shuffled(using: &random) : numbers.map { $0 + 10_000 }
      }, then: farewell)
    // Its writers write to what stands there now.
    staleWriter = nil
    unseen = unseen.map { old in copies.first { $0.0 === old }?.1 ?? old }
    forgetUnknown(copies.map(\.1))
  }

  /// Of what was rotated nothing tells where it comes from, if nothing there was read.
  private func forgetUnknown(_ all: [SimulatedFiles.Inode]) {
    if isFolder || all.contains(where: wasRead) { return }
    for inode in all where files[Self.name] !== inode { forget(inode) }
  }

  private var nextFolder: String { "/moved\(files.places.count)" }

  private func wasRead(_ inode: SimulatedFiles.Inode) -> Bool {
    lines(of: inode).first.map { taken().contains($0) } ?? false
  }

  // MARK: What must come of it

  /// What is wrong with the lines of a log; nil for nothing.
  func verdict(_ taken: [String]) -> String? {
    var counts: [String: Int] = [:]
    for line in taken { counts[line, default: 0] += 1 }
    for (line, count) in counts.sorted(by: { $0.key < $1.key }) {
      let all = written[line] ?? 0
      if count > all { return "\(line) was taken \(count) times, and written \(all) times" }
    }
    for (line, count) in written.sorted(by: { $0.key < $1.key }) where !destroyed.contains(line) {
      let all = counts[line] ?? 0
      if all < count { return "\(line) was taken \(all) times, and written \(count) times" }
    }
    return nil
  }
}

// MARK: Files that are rewritten without their oldest lines

extension SimulatedWriters {
  /// What is left of the base without its oldest lines.
  private func trimmed() -> (inode: SimulatedFiles.Inode, kept: [UInt8])? {
    guard let inode = files[Self.name] else { return nil }
    complete(inode)
    let lines = lines(of: inode)
    guard lines.count > 1 else { return nil }
    isRewriteUnseen = true
    let dropped = Int.random(in: 1..<lines.count, using: &random)
    destroyed.formUnion(lines[..<dropped])
    note("without \(dropped) of \(lines.count):")
    return (inode, Array((lines[dropped...].joined(separator: "\n") + "\n").utf8))
  }

  /// At once, or as a shell does it: emptied first, and then written in pieces.
  func rewriteInPlace() {
    guard let (inode, kept) = trimmed() else { return }
    note("rewrite \(inode.number) in place")
    if chance(1, of: 3) {
      files.overwrite(inode, with: kept)
      inode.isRewrite = true
      if chance(1, of: 2) { writeLines(to: inode) }
      return
    }
    let half = Int.random(in: 0...kept.count, using: &random)
    files.overwrite(inode, with: [])
    inode.isRewrite = true
    isRewriting = true
    steps = [
      { [self] in files.append(Array(kept[..<half]), to: inode) },
      { [self] in
        files.append(Array(kept[half...]), to: inode)
        if chance(1, of: 2) { writeLines(to: inode) }
        isRewriting = false
      },
    ]
  }

  /// Through a file of another name, that is then renamed over the base.
  func rewriteBeside() {
    guard let (_, kept) = trimmed() else { return }
    neighbours += 1
    let names = ["\(Self.name).tmp", "\(Self.name).a\(neighbours)z", "tmp\(neighbours).jsonl"]
    guard let name = names.randomElement(using: &random) else { return }
    let half = kept.count / 2
    let fresh = files.create(name, reusing: chance(1, of: 2))
    fresh.isRewrite = true
    note("rewrite by \(name), \(fresh.number)")
    steps = [
      { [self] in files.append(Array(kept[..<half]), to: fresh) },
      { [self] in files.append(Array(kept[half...]), to: fresh) },
      { [self] in
        // What its writers added meanwhile is destroyed.
        if let base = files[Self.name] { destroy(base) }
        note("\(name) takes the base's place")
        files.rename(name, Self.name)
        staleWriter = nil
      },
    ]
  }
}
