package import Bytes
internal import Conversations
internal import EventLog
internal import Events
package import Query
internal import Views

/// How much of the log was looked at.
package struct LogScan: Equatable, Sendable {
  /// Blocks that lie in the range of offsets.
  package var blocks = 0
  /// Those that were unpacked; of the others the header said enough.
  package var unpacked = 0
  /// Events that were meant.
  package var events: UInt64 = 0
}

/// What a check of the log found.
package struct LogCheck: Equatable, Sendable {
  package let events: UInt64
  package let blocks: Int
  package let quarantined: UInt64
  /// The chain's value at the end.
  package let head: SHA256Digest
  /// Empty when all is well.
  package let damages: [String]
}

/// A block with those of its events that are meant.
struct BlockPart {
  /// The offset of the block's first event.
  let first: Offset
  let block: EventBlock
  let meant: [Offset]

  func index(_ offset: Offset) -> Int { Int(offset - first) }
}

/// Reads the log, gives it out, and checks it.
package struct LogService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Calls `body` for each event meant, in order, until it returns false. Of the last ones, those
  /// before them are not read.
  ///
  /// - Parameter withFields: whether each comes with its canonical fields, which are decoded for it.
  @discardableResult
  package func forEachEvent(
    _ asked: LogRequest.Checked, withFields: Bool = false, _ body: (ShownEvent) throws -> Bool
  ) throws(FoldlogError) -> LogScan {
    try forEachEvent(asked.selection, withFields: withFields, body)
  }

  @discardableResult
  func forEachEvent(
    _ selection: EventSelection, withFields: Bool = false, _ body: (ShownEvent) throws -> Bool
  ) throws(FoldlogError) -> LogScan {
    try store.requireLog()
    return try store.reporting {
      let reader = LogReader(try store.openLog())
      var left = Int.max
      var start: Offset = 0
      switch selection.part {
      case .all: break
      case .first(let count): left = count
      case .last(let count): start = try beginning(ofLast: count, reader, selection)
      }
      if left == 0 { return LogScan() }
      return try forEachBlock(reader, .events, selection, from: start) { part, resolved in
        for offset in part.meant where left > 0 {
          left -= 1
          let index = part.index(offset)
          guard let envelope = part.block.envelope(index) else { continue }
          let event = ShownEvent(
            offset: offset, envelope: envelope, sourceName: resolved.name(of: envelope.source),
            line: part.block.line(index),
            fields: withFields ? try resolved.fields(of: part.block, index) : nil)
          if try !body(event) { return false }
        }
        return left > 0
      }
    }
  }

  /// Calls `body` for each of some events, in order, with its canonical fields. Those that the log does
  /// not have are left out; each block is unpacked once.
  func forEachEvent(
    at offsets: [Offset], _ body: (ShownEvent) throws -> Void
  ) throws(FoldlogError) {
    try store.requireLog()
    try store.reporting {
      let reader = LogReader(try store.openLog())
      let resolved = try resolved(EventSelection(), reader)
      let unpacker = try BlockUnpacker()
      var unpacked: (entry: BlockEntry, block: EventBlock)?
      for offset in Set(offsets).sorted() {
        if offset >= unpacked?.entry.end ?? 0 {
          unpacked = try reader.unpack(at: offset, with: unpacker)
        }
        guard let (entry, block) = unpacked, offset >= entry.first, offset < entry.end else {
          continue
        }
        let index = Int(offset - entry.first)
        guard let envelope = block.envelope(index) else { continue }
        try body(
          ShownEvent(
            offset: offset, envelope: envelope, sourceName: resolved.name(of: envelope.source),
            line: block.line(index), fields: try resolved.fields(of: block, index)))
      }
    }
  }

  /// How many events there are.
  package func eventCount() throws(FoldlogError) -> UInt64 {
    try store.reporting { try LogReader(try store.openLog()).end() }
  }

  /// The offset of the first of the last events that are meant; the log's end where none is wanted.
  private func beginning(
    ofLast count: Int, _ reader: LogReader, _ selection: EventSelection
  ) throws -> Offset {
    let end = try reader.end()
    if count == 0 { return end }
    var left = count
    for entry in try reader.blocks(in: resolved(selection, reader).range(end: end))
      .reversed()
    {
      var beginning: Offset?
      try forEachBlock(reader, .events, selection, from: entry.first) { part, _ in
        let last = part.meant.suffix(left)
        left -= last.count
        beginning = last.first
        return false
      }
      if left == 0, let beginning { return beginning }
    }
    return 0
  }

  /// The session or interaction whose name begins as one does that no event has, or is near it.
  package func suggestedSession(for name: String) throws(FoldlogError) -> String? {
    guard store.hasViews, !store.configuration.viewsOff.contains("sessions"),
      let table = store.projectors.answers.first(where: { $0.name == "sessions" })
    else { return nil }
    do throws(FoldlogError) {
      return try store.reading.withView(TableAddress("sessions")) { tables, _ in
        var names: [String] = []
        try table.forEach(in: tables) { cells in
          if let id = cells.first?.text { names.append(id) }
          return true
        }
        return names.first { $0.hasPrefix(name) } ?? nearestName(to: name, among: names)
      }
    } catch {
      // A log whose sessions were never folded has no names to offer.
      if error.code == .noInput { return nil }
      throw error
    }
  }

  /// Gives raw lines back, each with a newline: those of others, and what foldlog itself said only
  /// where its stream or one of its kinds is named.
  @discardableResult
  package func exportLog(
    _ asked: LogRequest.Checked, _ body: ([UInt8]) throws -> Void
  ) throws(FoldlogError) -> LogScan {
    try store.requireLog()
    var selection = asked.selection
    return try store.reporting {
      if !selection.includesOwnEvents, try holdsOwnEvents() { selection.isOfOthers = true }
      let end = try LogReader(try store.openLog()).end()
      return try AuditService(store).noting(
        .logExport, of: asked.words, to: standardOutputName, before: end
      ) { lines in
        try export(.events, selection) { bytes in
          try body(bytes)
          lines.add(bytes)
        }
      }
    }
  }

  private func holdsOwnEvents() throws -> Bool {
    try LogReader(try store.openLog()).blocks().contains { entry in
      entry.header.kinds.contains { $0.entry.stream == Stream.foldlog.rawValue }
    }
  }

  /// The kinds of the log that a name which no event has is nearest to, or near to a word of; none
  /// when the name is known or none is near.
  package func suggestedKinds(for name: String) throws(FoldlogError) -> [String] {
    try store.reporting {
      var kinds: Set<String> = []
      for entry in try LogReader(try store.openLog()).blocks() {
        for kind in entry.header.kinds { kinds.insert(kind.entry.name) }
      }
      if kinds.contains(name) { return [] }
      let names = kinds.sorted()
      return nearestName(to: name, among: names).map { [$0] }
        ?? namesOfWord(near: name, among: names)
    }
  }

  @discardableResult
  func export(
    _ part: LogPart, _ selection: EventSelection, _ body: ([UInt8]) throws -> Void
  ) throws -> LogScan {
    let reader = LogReader(try store.openLog())
    if selection.isEverything {
      try exportWhole(reader, part, body)
      return LogScan()
    }
    return try forEachBlock(reader, part, selection) { part, _ in
      var lines: [UInt8] = []
      for offset in part.meant {
        lines += part.block.line(part.index(offset))
        lines.append(UInt8(ascii: "\n"))
      }
      if !lines.isEmpty { try body(lines) }
      return true
    }
  }

  /// Blocks hold lines just as they are given out. One that cannot be read is passed over, and thrown
  /// at the end: what is good is given out first.
  private func exportWhole(
    _ reader: LogReader, _ part: LogPart, _ body: ([UInt8]) throws -> Void
  ) throws {
    let unpacker = try BlockUnpacker()
    let end = try reader.end(of: part)
    var next: Offset = 0
    var damage: LogError?
    while next < end {
      do {
        guard let block = try lines(reader, part, from: next, with: unpacker) else { break }
        try body(block.lines)
        next = block.end
      } catch let error as LogError {
        damage = damage ?? error
        guard case .damaged = error, let entry = try? reader.block(part, after: next) else { break }
        next = entry.end
      }
    }
    if let damage { throw damage }
  }

  /// The lines from an offset to the end of its block; nil at the end of the log.
  private func lines(
    _ reader: LogReader, _ part: LogPart, from next: Offset, with unpacker: BlockUnpacker
  ) throws(LogError) -> (lines: [UInt8], end: Offset)? {
    guard let (entry, lines) = try reader.lines(part, at: next, with: unpacker) else { return nil }
    if entry.first == next { return (lines, entry.end) }
    // Packing joined the block with what was given out already.
    guard let (joined, block) = try reader.unpack(part, at: next, with: unpacker) else {
      return nil
    }
    let start = block.range(Int(next - joined.first)).lowerBound
    return (Array(block.raw[start...]), joined.end)
  }

  private func resolved(
    _ selection: EventSelection, _ reader: LogReader
  ) throws -> ResolvedSelection {
    var known: ConversationFinder??
    return try ResolvedSelection(selection, reader, formats: store.projectors.formats) { source in
      if known == nil { known = .some(try? ExplainService(store).knownConversations()) }
      return known?.flatMap { try? $0.session(of: source) }
    }
  }

  /// Calls `body` with the part of each block that is meant, until it returns false. Blocks whose
  /// headers say that they hold nothing of it are not unpacked.
  @discardableResult
  func forEachBlock(
    _ reader: LogReader, _ part: LogPart, _ selection: EventSelection, from start: Offset = 0,
    _ body: (BlockPart, ResolvedSelection) throws -> Bool
  ) throws -> LogScan {
    let resolved = try resolved(selection, reader)
    let unpacker = try BlockUnpacker()
    let range = resolved.range(end: try reader.end(of: part))
    var scan = LogScan()
    var next = max(range.lowerBound, start)
    while next < range.upperBound, let entry = try reader.block(part, after: next) {
      scan.blocks += 1
      guard resolved.mayHold(entry) else {
        next = entry.end
        continue
      }
      guard let (found, block) = try reader.unpack(part, at: next, with: unpacker) else { break }
      scan.unpacked += 1
      let offsets = next..<min(found.end, range.upperBound)
      let meant = try offsets.filter {
        try resolved.holds(block, Int($0 - found.first), at: $0)
      }
      scan.events += UInt64(meant.count)
      next = offsets.upperBound
      let part = BlockPart(first: found.first, block: block, meant: meant)
      if !meant.isEmpty, try !body(part, resolved) { break }
    }
    return scan
  }

  /// Checks every block and both chains.
  package func verifyLog(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> LogCheck {
    try store.requireLog()
    return try store.reporting {
      let reader = LogReader(try store.openLog())
      let total = try reader.end()
      let events = try reader.verify(.events) { done in
        progress(Progress(phase: .verify, done: done, total: total))
      }
      let quarantine = try reader.verify(.quarantine)
      return LogCheck(
        events: events.events, blocks: events.blocks, quarantined: quarantine.events,
        head: events.head, damages: (events.damages + quarantine.damages).map(\.description))
    }
  }
}
