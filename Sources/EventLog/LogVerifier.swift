package import Bytes
internal import Events
internal import Provenance
internal import LMDB

/// What a check of the log found.
package struct LogVerdict: Sendable {
  package var blocks = 0
  package var events: UInt64 = 0
  package var rawSize: UInt64 = 0
  package var head: SHA256Digest = .zero
  /// Empty when all is well.
  package var damages: [LogError] = []
}

extension LogReader {
  /// Checks every block of a part from the first: hashes of header and payload, columns, offsets
  /// without gaps, and the chain event by event. Reads and hashes everything: about 1 GB/s.
  ///
  /// - Parameter progress: called after each block with the events checked so far.
  package func verify(
    _ part: LogPart, progress: (UInt64) -> Void = { _ in }
  ) throws(LogError) -> LogVerdict {
    var verdict = LogVerdict()
    let unpacker = try BlockUnpacker()
    let end = try end(of: part)
    var next: Offset = 0
    while next < end {
      do throws(LogError) {
        guard let (entry, block) = try unpack(part, at: next, with: unpacker) else {
          throw .damaged(block: next, reason: "no block holds it")
        }
        guard entry.first == next else {
          throw .damaged(block: entry.first, reason: "it begins before the one before it ends")
        }
        let head = eventHashes(of: block).chained(from: verdict.head)
        next = entry.end
        verdict.blocks += 1
        verdict.events += entry.header.count
        verdict.rawSize += UInt64(entry.header.rawSize)
        verdict.head = entry.header.head
        if head != entry.header.head {
          throw .damaged(block: entry.first, reason: "the chain breaks in it")
        }
      } catch {
        verdict.damages.append(error)
        guard let damaged = following(part, damagedAt: next) else { break }
        // The header of the damaged block can be read: the chain goes on from it, so that the blocks
        // behind it are not reported as damaged, too.
        verdict.head = damaged.header.head
        next = damaged.end
      }
      progress(verdict.events)
    }
    return verdict
  }

  /// Checks the last blocks of both parts as `verify` does.
  ///
  /// - Throws: the first damage.
  package func verifyEnd(blockCount: Int) throws(LogError) {
    let unpacker = try BlockUnpacker()
    for part in [LogPart.events, .quarantine] {
      let entries = try blocks(part)
      let start = max(0, entries.count - blockCount)
      var head = start > 0 ? entries[start - 1].header.head : .zero
      for entry in entries[start...] {
        guard let (_, block) = try unpack(part, at: entry.first, with: unpacker) else {
          throw .damaged(block: entry.first, reason: "no block holds it")
        }
        head = eventHashes(of: block).chained(from: head)
        if head != entry.header.head {
          throw .damaged(block: entry.first, reason: "the chain breaks in it")
        }
      }
    }
  }

  /// Checks what is known of sources against the blocks and against one another: pages of different
  /// moments would have lines taken again, or passed over.
  ///
  /// - Throws: the first contradiction.
  package func verifySources() throws(LogError) {
    var ends: [SourceID: UInt64] = [:]
    var counts: [SourceID: [UInt64]] = [:]
    for (index, part) in [LogPart.events, .quarantine].enumerated() {
      for range in try blocks(part).flatMap(\.header.sources) {
        ends[range.id] = max(ends[range.id] ?? 0, range.end)
        counts[range.id, default: [0, 0]][index] += range.count
      }
    }
    let listed = try listedSources()
    for source in try sources() {
      let count = counts.removeValue(forKey: source.id) ?? [0, 0]
      // The last line of a source may have no newline. What a retry took is an event beside.
      guard ends[source.id] ?? 0 <= source.position + 1, source.events <= count[0],
        source.quarantined <= count[1],
        [.standardInput, .own].contains(source.form) || listed.contains(source.id)
      else { throw contradiction(source.id) }
    }
    if let id = counts.keys.first { throw contradiction(id) }
  }

  private func contradiction(_ id: SourceID) -> LogError {
    .storage(
      .corrupted("what is known of source \(id) contradicts the lines that the log has of it"))
  }

  /// The sources that can be found by their file or their name.
  private func listedSources() throws(LogError) -> Set<SourceID> {
    try reading { snapshot, tables throws(LogError) in
      var listed: Set<SourceID> = []
      for table in [tables.files, tables.names] {
        try forEachEntry(snapshot, table) { _, value throws(LogError) in
          listed.formUnion(try decodeIDs(value))
        }
      }
      return listed
    }
  }

  /// A damaged block by its header, if that can be read.
  private func following(_ part: LogPart, damagedAt offset: Offset) -> BlockEntry? {
    do throws(LogError) { return try block(part, after: offset) } catch { return nil }
  }
}
