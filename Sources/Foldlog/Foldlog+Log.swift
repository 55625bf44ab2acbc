package import Bytes
internal import EventLog
package import Events

/// An event as `log show` prints it.
package struct ShownEvent: Sendable {
  package let offset: Offset
  package let envelope: Envelope
  package let sourceName: String
  package let line: [UInt8]
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

extension Foldlog {
  /// Calls `body` for each event meant, in order, until it returns false.
  package func forEachEvent(
    _ selection: EventSelection, _ body: (ShownEvent) throws -> Bool
  ) throws(FoldlogError) {
    try requireLog()
    try reporting {
      let reader = LogReader(try openLog())
      let names = try sourceNames(reader)
      try forEachBlock(reader, .events, selection) { first, range, block, resolved in
        for offset in range {
          let index = Int(offset - first)
          guard resolved.holds(block, index), let envelope = block.envelope(index) else { continue }
          let event = ShownEvent(
            offset: offset, envelope: envelope,
            sourceName: names[envelope.source] ?? "source \(envelope.source)",
            line: block.line(index))
          if try !body(event) { return false }
        }
        return true
      }
    }
  }

  /// Gives raw lines back, each with a newline.
  package func exportLog(
    _ selection: EventSelection, _ body: ([UInt8]) throws -> Void
  ) throws(FoldlogError) {
    try requireLog()
    try reporting { try export(.events, selection, body) }
  }

  func export(
    _ part: LogPart, _ selection: EventSelection, _ body: ([UInt8]) throws -> Void
  ) throws {
    let reader = LogReader(try openLog())
    if selection.isEverything { return try exportWhole(reader, part, body) }
    try forEachBlock(reader, part, selection) { first, range, block, resolved in
      var lines: [UInt8] = []
      for offset in range where resolved.holds(block, Int(offset - first)) {
        lines += block.line(Int(offset - first))
        lines.append(UInt8(ascii: "\n"))
      }
      if !lines.isEmpty { try body(lines) }
      return true
    }
  }

  /// Blocks hold lines just as they are given out.
  private func exportWhole(
    _ reader: LogReader, _ part: LogPart, _ body: ([UInt8]) throws -> Void
  ) throws {
    let unpacker = try BlockUnpacker()
    let end = try reader.end(of: part)
    var next: Offset = 0
    while next < end, let (entry, lines) = try reader.lines(part, at: next, with: unpacker) {
      if entry.first == next {
        try body(lines)
      } else if let (_, block) = try reader.unpack(part, at: next, with: unpacker) {
        // Packing joined the block with what was given out already.
        let start = block.range(Int(next - entry.first)).lowerBound
        try body(Array(block.raw[start...]))
      }
      next = entry.end
    }
  }

  func forEachBlock(
    _ reader: LogReader, _ part: LogPart, _ selection: EventSelection,
    _ body: (Offset, Range<Offset>, EventBlock, ResolvedSelection) throws -> Bool
  ) throws {
    let resolved = try ResolvedSelection(selection, reader)
    let unpacker = try BlockUnpacker()
    let range = resolved.range(end: try reader.end(of: part))
    var next = range.lowerBound
    while next < range.upperBound, let entry = try reader.block(part, after: next) {
      guard resolved.mayHold(entry) else {
        next = entry.end
        continue
      }
      guard let (found, block) = try reader.unpack(part, at: next, with: unpacker) else { return }
      let part = next..<min(found.end, range.upperBound)
      if try !body(found.first, part, block, resolved) { return }
      next = part.upperBound
    }
  }

  func sourceNames(_ reader: LogReader) throws -> [SourceID: String] {
    var names: [SourceID: String] = [:]
    for source in try reader.sources() { names[source.id] = source.path }
    return names
  }

  /// Checks every block and both chains.
  package func verifyLog(
    progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> LogCheck {
    try requireLog()
    return try reporting {
      let reader = LogReader(try openLog())
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
