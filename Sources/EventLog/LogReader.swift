package import Bytes
package import Events
internal import LMDB

/// Which of the log's two sequences of blocks is meant.
package enum LogPart: Sendable {
  case events
  case quarantine
}

/// A block's place and header.
package struct BlockEntry: Sendable {
  /// The offset of its first event.
  package let first: Offset
  package let header: BlockHeader

  package var end: Offset { first + header.count }
  package var range: Range<Offset> { first..<end }
}

/// Reads a log as it is when asked: each call sees one consistent state, and never waits.
package struct LogReader: Sendable {
  let log: LogEnvironment

  package init(_ log: LogEnvironment) { self.log = log }

  /// Runs `body` in one read transaction.
  func reading<Result>(
    _ body: (Snapshot, Tables) throws(LogError) -> Result
  ) throws(LogError) -> Result {
    let transaction = try logged { () throws(LMDBError) in try ReadTransaction(log.environment) }
    return try body(transaction.snapshot, log.tables)
  }

  /// The offset that the next event will have.
  package func end(of part: LogPart = .events) throws(LogError) -> Offset {
    try reading { snapshot, tables throws(LogError) in
      try lastBlock(snapshot, tables.of(part))?.end ?? 0
    }
  }

  /// The chain's value at the end; zero bytes for an empty log.
  package func head(of part: LogPart = .events) throws(LogError) -> SHA256Digest {
    try reading { snapshot, tables throws(LogError) in
      try lastBlock(snapshot, tables.of(part))?.header.head ?? .zero
    }
  }

  /// The chain's value before an event; nil beyond the end of the log. Costs a header where a block
  /// ends there, else the unpacking of one block.
  package func head(before offset: Offset) throws(LogError) -> SHA256Digest? {
    if offset == 0 { return .zero }
    return try reading { snapshot, tables throws(LogError) in
      let cursor = try snapshot.cursor(over: tables.events.headers)
      guard let entry = try floor(offset - 1, cursor), entry.range.contains(offset - 1) else {
        return nil
      }
      if entry.end == offset { return entry.header.head }
      let key = orderedKey(entry.first)
      guard
        let payload = try logged({ () throws(LMDBError) in
          try snapshot.value(key.span, in: tables.events.blocks)
        })
      else { throw .damaged(block: entry.first, reason: "its payload is missing") }
      let block = try BlockUnpacker().unpack(payload.span, entry.header, block: entry.first)
      // `floor` left the cursor at that block's header.
      let before = try blockEntry(cursor, .previous)?.header.head ?? .zero
      return eventHashes(of: block, count: Int(offset - entry.first)).chained(from: before)
    }
  }

  /// The headers of the blocks that hold offsets of `range`, in order.
  package func blocks(
    _ part: LogPart = .events, in range: Range<Offset> = 0..<Offset.max
  ) throws(LogError) -> [BlockEntry] {
    try reading { snapshot, tables throws(LogError) in
      let cursor = try snapshot.cursor(over: tables.of(part).headers)
      var entries: [BlockEntry] = []
      var next = try floor(range.lowerBound, cursor)
      while let entry = next, entry.first < range.upperBound {
        if entry.end > range.lowerBound { entries.append(entry) }
        next = try blockEntry(cursor, .next)
      }
      return entries
    }
  }

  /// The first block that ends after `offset`; nil at the end of the log.
  package func block(
    _ part: LogPart = .events, after offset: Offset
  ) throws(LogError) -> BlockEntry? {
    try reading { snapshot, tables throws(LogError) in
      let cursor = try snapshot.cursor(over: tables.of(part).headers)
      var next = try floor(offset, cursor)
      while let entry = next {
        if entry.end > offset { return entry }
        next = try blockEntry(cursor, .next)
      }
      return nil
    }
  }

  /// The block that holds `offset`, unpacked; nil beyond the end. The entry is read in the same
  /// transaction as the bytes, so that packing meanwhile does no harm.
  package func unpack(
    _ part: LogPart = .events, at offset: Offset, with unpacker: BlockUnpacker
  ) throws(LogError) -> (entry: BlockEntry, block: EventBlock)? {
    try payload(part, at: offset) { entry, payload throws(LogError) in
      (entry, try unpacker.unpack(payload, entry.header, block: entry.first))
    }
  }

  /// The lines of the block that holds `offset`, each with its LF; nil beyond the end.
  package func lines(
    _ part: LogPart = .events, at offset: Offset, with unpacker: BlockUnpacker
  ) throws(LogError) -> (entry: BlockEntry, lines: [UInt8])? {
    try payload(part, at: offset) { entry, payload throws(LogError) in
      (entry, try unpacker.lines(payload, entry.header, block: entry.first))
    }
  }

  private func payload<Value>(
    _ part: LogPart, at offset: Offset,
    _ body: (BlockEntry, Span<UInt8>) throws(LogError) -> Value
  ) throws(LogError) -> Value? {
    try reading { snapshot, tables throws(LogError) -> Value? in
      let cursor = try snapshot.cursor(over: tables.of(part).headers)
      guard let entry = try floor(offset, cursor), entry.range.contains(offset) else { return nil }
      let key = orderedKey(entry.first)
      let found = try logged { () throws(LMDBError) in
        try snapshot.withValue(key.span, in: tables.of(part).blocks) {
          span -> Result<Value, LogError> in
          do throws(LogError) { return .success(try body(entry, span)) } catch {
            return .failure(error)
          }
        }
      }
      guard let found else { throw .damaged(block: entry.first, reason: "its payload is missing") }
      return try found.get()
    }
  }

  /// Bytes of the pages that headers and payloads take.
  package func storedSize(_ part: LogPart = .events) throws(LogError) -> UInt64 {
    try reading { snapshot, tables throws(LogError) in
      try logged { () throws(LMDBError) in
        try snapshot.size(tables.of(part).blocks) + snapshot.size(tables.of(part).headers)
      }
    }
  }

  /// The entries of the quarantine that a retry appended to the log, with their offsets there.
  package func retried() throws(LogError) -> [UInt64: Offset] {
    try reading { snapshot, tables throws(LogError) in
      var marks: [UInt64: Offset] = [:]
      try forEachEntry(snapshot, tables.marks) { key, value throws(LogError) in
        var reader = ByteReader(value)
        if let number = number(fromKey: key) {
          do throws(BytesError) { marks[number] = try reader.littleEndian(UInt64.self) } catch {
            throw .record(error)
          }
        }
      }
      return marks
    }
  }
}

extension Tables {
  func of(_ part: LogPart) -> BlockTables {
    switch part {
    case .events: events
    case .quarantine: quarantine
    }
  }
}

extension Snapshot {
  /// A cursor over one of the log's tables.
  @_lifetime(copy self)
  func cursor(over table: Table) throws(LogError) -> Cursor {
    do { return try cursor(table) } catch { throw LogError(error) }
  }
}

/// The last block of a sequence; nil when it is empty.
func lastBlock(_ snapshot: Snapshot, _ tables: BlockTables) throws(LogError) -> BlockEntry? {
  let cursor = try snapshot.cursor(over: tables.headers)
  return try blockEntry(cursor, .last)
}

/// Moves over headers.
func blockEntry(_ cursor: borrowing Cursor, _ step: Cursor.Step) throws(LogError) -> BlockEntry? {
  let found = try logged { () throws(LMDBError) in try cursor.move(step, decodeEntry) }
  return try found?.get()
}

/// The last block that begins at or before `offset`.
private func floor(_ offset: Offset, _ cursor: borrowing Cursor) throws(LogError) -> BlockEntry? {
  let key = orderedKey(offset)
  let found = try logged { () throws(LMDBError) in try cursor.seek(key.span, decodeEntry) }
  guard let entry = try found?.get() else { return try blockEntry(cursor, .last) }
  if entry.first == offset { return entry }
  return try blockEntry(cursor, .previous) ?? entry
}

private func decodeEntry(
  _ key: Span<UInt8>, _ value: Span<UInt8>
) -> Result<BlockEntry, LogError> {
  guard let first = number(fromKey: key) else {
    return .failure(.damaged(block: 0, reason: "a header's key is not an offset"))
  }
  do throws(LogError) {
    return .success(BlockEntry(first: first, header: try BlockHeader(value, block: first)))
  } catch {
    return .failure(error)
  }
}

/// Calls `body` for each entry of a table, in order.
func forEachEntry(
  _ snapshot: Snapshot, _ table: Table,
  _ body: (Span<UInt8>, Span<UInt8>) throws(LogError) -> Void
) throws(LogError) {
  let cursor = try snapshot.cursor(over: table)
  var step = Cursor.Step.first
  while true {
    let result = try logged { () throws(LMDBError) in
      try cursor.move(step) { key, value -> Result<Void, LogError> in
        do throws(LogError) { return .success(try body(key, value)) } catch {
          return .failure(error)
        }
      }
    }
    guard let result else { return }
    try result.get()
    step = .next
  }
}

extension LogReader {
  /// The end of the longest beginning of the log in which nothing was recorded after a time.
  ///
  /// Headers say which block to unpack: one at most is.
  package func end(recordedBy time: Timestamp) throws(LogError) -> Offset {
    guard let entry = try blocks().first(where: { $0.header.recordedRange.upperBound > time })
    else { return try end() }
    let unpacker = try BlockUnpacker()
    var next = entry.first
    // Packing may have moved the block's ends meanwhile.
    while let (entry, block) = try unpack(at: next, with: unpacker) {
      for index in 0..<block.count where (block.envelope(index)?.recorded ?? time) > time {
        return entry.first + UInt64(index)
      }
      next = entry.end
    }
    return next
  }
}
