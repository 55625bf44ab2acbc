package import Bytes
package import EventLog
package import Events
package import Provenance
package import Ingest

/// What a log remembers of sources, and the lines that they gave.
package struct LogSources: SourceMemory {
  private let reader: LogReader
  private let isStopping: () -> Bool

  /// - Parameter isStopping: asked before each block whose lines are looked at; if so, `linesGiven`
  ///   ends with `FollowingStopped`.
  package init(reader: LogReader, isStopping: @escaping () -> Bool = { false }) {
    self.reader = reader
    self.isStopping = isStopping
  }

  package func records(at file: FileID) throws -> [SourceRecord] {
    try reader.sources(device: file.device, inode: file.inode)
  }

  package func record(_ id: SourceID) throws -> SourceRecord? { try reader.source(id) }

  package func record(named name: String) throws -> SourceRecord? { try reader.source(named: name) }

  package func revision() throws -> UInt64 { try reader.revision() }

  package func records(changedSince seen: inout [SourceID: Hash128]) throws -> [SourceRecord] {
    try reader.sources(changedSince: &seen)
  }

  package func linesGiven(by ids: [SourceID]) throws -> GivenLines {
    var given = GivenLines()
    // A line that a retry of the quarantine appended counts as the event that it became.
    let retried = try reader.retried()
    try forEachLine(.events, of: ids) { _, block, index in
      given.add(block, index, newest: ids.first)
    }
    try forEachLine(.quarantine, of: ids) { number, block, index in
      if retried[number] == nil { given.add(block, index, newest: ids.first) }
    }
    return given
  }

  private func forEachLine(
    _ part: LogPart, of ids: [SourceID], _ body: (UInt64, EventBlock, Int) -> Void
  ) throws {
    let unpacker = try BlockUnpacker()
    for entry in try reader.blocks(part)
    where entry.header.sources.contains(where: { ids.contains($0.id) }) {
      if isStopping() { throw FollowingStopped() }
      // Blocks may have been joined since, which does not change offsets.
      guard let (found, block) = try reader.unpack(part, at: entry.first, with: unpacker) else {
        continue
      }
      for index in 0..<block.count
      where entry.range.contains(found.first + UInt64(index)) && ids.contains(block.sources[index])
      {
        body(found.first + UInt64(index), block, index)
      }
    }
  }
}

extension GivenLines {
  fileprivate mutating func add(_ block: EventBlock, _ index: Int, newest: SourceID?) {
    let range = block.range(index)
    add(
      Hash128(of: block.raw.span.extracting(range)), at: block.positions[index],
      isOfNewest: block.sources[index] == newest)
  }
}
