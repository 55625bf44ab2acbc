internal import Bytes
package import Events
package import Provenance
internal import LMDB

/// What is appended at once: all of it, or nothing.
package struct LogCommit: Sendable {
  /// A source as it is after this commit, and how far it had been read before.
  package struct SourceChange: Sendable {
    package var record: SourceRecord
    /// The position that the lines were read from; nil for a source that is new.
    package var positionBefore: UInt64?
    /// For a source that is new, or goes on in another file: the newest that was known of that file
    /// or name.
    package var knownBefore: SourceID?

    package init(record: SourceRecord, positionBefore: UInt64?, knownBefore: SourceID? = nil) {
      self.record = record
      self.positionBefore = positionBefore
      self.knownBefore = knownBefore
    }
  }

  package var events: [PackedBlock] = []
  package var quarantine: [PackedBlock] = []
  package var sources: [SourceChange] = []
  /// Entries of the quarantine that are among `events` now, by their place among them.
  package var retried: [(entry: UInt64, place: UInt64)] = []
  /// Requests of views that are answered by `events`, by their place among them.
  package var answered: [(requestID: String, place: UInt64)] = []
  /// Requests of views that are open again, and the offsets of the events that answered them.
  package var renewed: [(requestID: String, answer: Offset)] = []
  /// What the answers took.
  package var spent: (day: Int64, change: SpendingChange)?

  package init() {}
}

/// Appends to a log. The lock is LMDB's own, held for one commit.
package final class LogWriter {
  private let log: LogEnvironment
  private let packer: BlockPacker
  private let unpacker: BlockUnpacker
  /// Called after each commit with the log's number from then on.
  package var didCommit: (UInt64) -> Void = { _ in }

  package init(_ log: LogEnvironment) throws(LogError) {
    self.log = log
    packer = try BlockPacker()
    unpacker = try BlockUnpacker()
  }

  /// Reserves ids for new sources, durably: no other process ever gets the same. Returns the first.
  package func reserveSourceIDs(_ count: Int) throws(LogError) -> SourceID {
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(log.environment) }
    let tables = log.tables
    let key = Array("next source".utf8)
    let reserved = try logged { () throws(LMDBError) in
      try transaction.snapshot.value(key.span, in: tables.meta)
    }
    let known =
      try transaction.withSnapshot { snapshot throws(LogError) in
        try lastSourceID(snapshot, tables)
      } + 1
    let first = max(known, reserved.flatMap { number(fromKey: $0.span) } ?? 1)
    try put(key, orderedKey(first + SourceID(count)), in: tables.meta, transaction)
    try finish(transaction)
    return first
  }

  /// Appends blocks, moves their sources and packs what is small, durably. Returns the offset of
  /// the first event appended.
  @discardableResult
  package func commit(_ commit: LogCommit) throws(LogError) -> Offset {
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(log.environment) }
    let first = try apply(commit, transaction)
    try finish(transaction)
    return first
  }

  private func finish(_ transaction: consuming WriteTransaction) throws(LogError) {
    let number = transaction.snapshot.number
    do { try transaction.commit() } catch { throw LogError(error) }
    didCommit(number)
  }

  private func apply(
    _ commit: LogCommit, _ transaction: borrowing WriteTransaction
  ) throws(LogError) -> Offset {
    let tables = log.tables
    for change in commit.sources { try apply(change, transaction, tables) }
    let first = try append(commit.events, to: tables.events, transaction)
    _ = try append(commit.quarantine, to: tables.quarantine, transaction)
    for (entry, place) in commit.retried {
      var value = ByteWriter(capacity: 8)
      value.append(littleEndian: first + place)
      let key = orderedKey(entry)
      let mark = try logged { () throws(LMDBError) in
        try transaction.snapshot.value(key.span, in: tables.marks)
      }
      if mark != nil { throw .retriedMeanwhile(entry) }
      try put(orderedKey(entry), value.bytes, in: tables.marks, transaction)
    }
    try applyAnswers(of: commit, first: first, transaction)
    return first
  }

  // MARK: Blocks

  private func append(
    _ blocks: [PackedBlock], to tables: BlockTables, _ transaction: borrowing WriteTransaction
  ) throws(LogError) -> Offset {
    let last = try lastBlock(transaction.snapshot, tables)
    var next = last?.end ?? 0
    var head = last?.header.head ?? .zero
    let first = next
    for var block in blocks where block.header.count > 0 {
      head = block.hashes.chained(from: head)
      block.header.head = head
      try put(block, at: next, in: tables, transaction)
      next += block.header.count
    }
    if next > first { try packTail(of: tables, transaction) }
    return first
  }

  private func put(
    _ block: PackedBlock, at offset: Offset, in tables: BlockTables,
    _ transaction: borrowing WriteTransaction
  ) throws(LogError) {
    try put(orderedKey(offset), block.payload, in: tables.blocks, transaction)
    try put(orderedKey(offset), block.header.encoded(), in: tables.headers, transaction)
  }

  /// Joins the small blocks at the end, so that a trickle of lines ends up as well packed as a bulk
  /// load: those under 64 KiB into one, and all of them once they fill a block. Each line is
  /// rewritten a bounded number of times.
  private func packTail(
    of tables: BlockTables, _ transaction: borrowing WriteTransaction
  ) throws(LogError) {
    try joinTail(of: tables, transaction, belowSize: LogLimits.tailSizeMax, untilSize: 0)
    try joinTail(
      of: tables, transaction, belowSize: LogLimits.blockSizeTarget,
      untilSize: LogLimits.blockSizeTarget)
  }

  /// Joins the run of blocks at the end that are each smaller than `belowSize`, if there are two or
  /// more, and they hold at least `untilSize` together.
  private func joinTail(
    of tables: BlockTables, _ transaction: borrowing WriteTransaction, belowSize: Int,
    untilSize: Int
  ) throws(LogError) {
    var run: [BlockEntry] = []
    var size = 0
    do {
      let cursor = try transaction.snapshot.cursor(over: tables.headers)
      var next = try blockEntry(cursor, .last)
      while let entry = next, entry.header.rawSize < belowSize {
        run.insert(entry, at: 0)
        size += entry.header.rawSize
        next = try blockEntry(cursor, .previous)
      }
    }
    guard run.count > 1, size >= untilSize else { return }
    var start = 0
    while start < run.count {
      // Blocks of about the target's size, however long the run is.
      var end = start
      var joined = 0
      while end < run.count, end == start || joined < LogLimits.blockSizeTarget {
        joined += run[end].header.rawSize
        end += 1
      }
      if end - start > 1 { try join(run[start..<end], tables, transaction) }
      start = end
    }
  }

  private func join(
    _ entries: ArraySlice<BlockEntry>, _ tables: BlockTables,
    _ transaction: borrowing WriteTransaction
  ) throws(LogError) {
    guard let first = entries.first, let last = entries.last else { return }
    var all = EventBlock()
    all.reserve(bytes: entries.reduce(0) { $0 + $1.header.rawSize }, events: 0)
    for entry in entries {
      let key = orderedKey(entry.first)
      let payload = try logged { () throws(LMDBError) in
        try transaction.snapshot.value(key.span, in: tables.blocks)
      }
      guard let payload else {
        throw .damaged(block: entry.first, reason: "its payload is missing")
      }
      all.append(try unpacker.unpack(payload.span, entry.header, block: entry.first))
      try logged { () throws(LMDBError) in
        try transaction.remove(key.span, in: tables.blocks)
        try transaction.remove(key.span, in: tables.headers)
      }
    }
    var packed = try packer.pack(all)
    packed.header.head = last.header.head
    try put(packed, at: first.first, in: tables, transaction)
  }

  // MARK: Answers

  private func applyAnswers(
    of commit: LogCommit, first: Offset, _ transaction: borrowing WriteTransaction
  ) throws(LogError) {
    for (requestID, answer) in commit.renewed {
      guard let table = log.tables.answers else { throw .absent(path: log.path) }
      let key = Array(requestID.utf8)
      let known = try logged { () throws(LMDBError) in
        try transaction.snapshot.value(key.span, in: table)
      }
      var expected = ByteWriter(capacity: 8)
      expected.append(littleEndian: answer)
      guard known == expected.bytes else { throw .answeredMeanwhile(requestID) }
      _ = try logged { () throws(LMDBError) in try transaction.remove(key.span, in: table) }
    }
    for (requestID, place) in commit.answered {
      guard let table = log.tables.answers else { throw .absent(path: log.path) }
      let key = Array(requestID.utf8)
      let known = try logged { () throws(LMDBError) in
        try transaction.snapshot.value(key.span, in: table)
      }
      if known != nil { throw .answeredMeanwhile(requestID) }
      var value = ByteWriter(capacity: 8)
      value.append(littleEndian: first + place)
      try put(key, value.bytes, in: table, transaction)
    }
    guard let (day, change) = commit.spent else { return }
    guard let table = log.tables.spending else { throw .absent(path: log.path) }
    let key = spendingKey(day)
    let known = try logged { () throws(LMDBError) in
      try transaction.snapshot.value(key.span, in: table)
    }
    let before = try known.map { bytes throws(LogError) in try Spending(decoding: bytes) }
    try put(key, (before ?? Spending()).changed(by: change).encoded, in: table, transaction)
  }

  // MARK: Sources

  private func apply(
    _ change: LogCommit.SourceChange, _ transaction: borrowing WriteTransaction, _ tables: Tables
  ) throws(LogError) {
    let record = change.record
    let known = try sourceRecord(transaction.snapshot, tables, record.id)
    guard known?.position == change.positionBefore else { throw .sourceMoved(record.id) }
    let isThere =
      known.map { $0.device == record.device && $0.inode == record.inode } ?? false
    if !isThere { try register(change, transaction, tables) }
    try put(orderedKey(record.id), record.encoded(), in: tables.sources, transaction)
  }

  /// Enters a source under its file or its name, unless another process entered one since the
  /// session looked.
  private func register(
    _ change: LogCommit.SourceChange, _ transaction: borrowing WriteTransaction, _ tables: Tables
  ) throws(LogError) {
    let record = change.record
    let (table, key): (Table, [UInt8])
    switch record.form {
    case .file: (table, key) = (tables.files, fileKey(device: record.device, inode: record.inode))
    case .named: (table, key) = (tables.names, nameKey(record.path))
    case .standardInput, .own: return
    }
    let known = try sourceIDs(transaction.snapshot, table, key: key)
    guard known.last == change.knownBefore else { throw .sourceMoved(record.id) }
    let others = known.filter { $0 != record.id }
    try put(key, encodeIDs(others + [record.id]), in: table, transaction)
  }

  private func put(
    _ key: [UInt8], _ value: [UInt8], in table: Table, _ transaction: borrowing WriteTransaction
  ) throws(LogError) {
    try logged { () throws(LMDBError) in try transaction.put(key.span, value.span, in: table) }
  }
}

private func lastSourceID(_ snapshot: Snapshot, _ tables: Tables) throws(LogError) -> SourceID {
  let cursor = try snapshot.cursor(over: tables.sources)
  return try logged { () throws(LMDBError) in
    try cursor.move(.last) { key, _ in number(fromKey: key) ?? 0 }
  } ?? 0
}

private func encodeIDs(_ ids: [SourceID]) -> [UInt8] {
  var writer = ByteWriter(capacity: ids.count * 8)
  for id in ids { writer.append(littleEndian: id) }
  return writer.bytes
}
