internal import Bytes
internal import Events
package import LMDB

/// The folder `log/`, opened: its tables, and what both reading and appending need.
package final class LogEnvironment: Sendable {
  let environment: Environment
  /// Opened once: LMDB forbids opening tables in transactions side by side.
  let tables: Tables
  package let path: String

  /// Opens a log. A log that is not there is made, unless `isReadOnly`.
  ///
  /// - Parameter mapSize: the most that the file may grow to, in bytes of address space.
  package init(
    path: String, isReadOnly: Bool = false, mapSize: Int = LogLimits.mapSizeDefault
  ) throws(LogError) {
    self.path = path
    do {
      environment = try Environment(
        path: path,
        options: EnvironmentOptions(mapSize: mapSize, tableCountMax: 32, isReadOnly: isReadOnly))
    } catch {
      // ENOENT: neither folder nor file.
      if error.isAbsence { throw .absent(path: path) }
      throw LogError(error)
    }
    // Looked at first without the writer's lock: opening must not wait for another's batch.
    if let tables = try Self.openTables(environment, path: path),
      tables.isComplete || environment.isReadOnly
    {
      self.tables = tables
      return
    }
    if isReadOnly { throw .absent(path: path) }
    try Self.prepare(environment)
    guard let tables = try Self.openTables(environment, path: path) else {
      throw .absent(path: path)
    }
    self.tables = tables
  }

  /// Checks the pages of a log's file before it is opened: one that was copied while it was written
  /// may hold any.
  package static func checkPages(path: String) throws(LogError) {
    try logged { () throws(LMDBError) in try checkDataFile(in: path) }
  }

  private static let placeKey = Array("place".utf8)

  /// Where the log was when it was last used, as `note(place:)` wrote it; nil when nobody did. The
  /// log need not be one that can be opened.
  package static func notedPlace(path: String) throws(LogError) -> [UInt8]? {
    try logged { () throws(LMDBError) in
      try storedValue(of: placeKey, in: Array(TableName.meta.rawValue.utf8), folder: path)
    }
  }

  /// Notes where the log is.
  package func note(place: [UInt8]) throws(LogError) {
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(environment) }
    try logged { () throws(LMDBError) in
      try transaction.put(Self.placeKey.span, place.span, in: tables.meta)
    }
    do { try transaction.commit() } catch { throw LogError(error) }
  }

  /// Makes the tables of an empty log.
  private static func prepare(_ environment: Environment) throws(LogError) {
    let transaction = try logged { () throws(LMDBError) in try WriteTransaction(environment) }
    let key = Array("format".utf8)
    var value = ByteWriter()
    value.append(littleEndian: LogLimits.formatVersion)
    try logged { () throws(LMDBError) in
      for name in TableName.allCases { _ = try transaction.table(name.rawValue) }
      let meta = try transaction.table(TableName.meta.rawValue)
      if try transaction.snapshot.value(key.span, in: meta) == nil {
        try transaction.put(key.span, value.span, in: meta)
      }
    }
    do { try transaction.commit() } catch { throw LogError(error) }
  }

  /// The tables of a log in the format that this program knows; nil when nothing was made yet.
  private static func openTables(
    _ environment: Environment, path: String
  ) throws(LogError) -> Tables? {
    let transaction = try logged { () throws(LMDBError) in try ReadTransaction(environment) }
    let tables = try transaction.withSnapshot { snapshot throws(LogError) in
      try openTables(snapshot, path: path)
    }
    guard let tables else { return nil }
    do { try transaction.keepTables() } catch { throw LogError(error) }
    return tables
  }

  private static func openTables(
    _ snapshot: Snapshot, path: String
  ) throws(LogError) -> Tables? {
    let key = Array("format".utf8)
    let value = try logged { () throws(LMDBError) -> [UInt8]? in
      guard let meta = try snapshot.table(TableName.meta.rawValue) else { return nil }
      return try snapshot.value(key.span, in: meta)
    }
    guard let value else { return nil }
    var reader = ByteReader(value.span)
    let version: UInt32
    do throws(BytesError) { version = try reader.littleEndian(UInt32.self) } catch {
      throw .record(error)
    }
    guard version == LogLimits.formatVersion else {
      throw .unknownFormat(path: path, version: version)
    }
    return try Tables(snapshot, path: path)
  }

  /// Frees the pages that only readers could see that died.
  package func clearDeadReaders() throws(LogError) {
    try logged { () throws(LMDBError) in _ = try environment.clearDeadReaders() }
  }

  package var isReadOnly: Bool { environment.isReadOnly }

  /// How the pages of the log's file are used.
  package func pageUsage() throws(LogError) -> PageUsage {
    try logged { () throws(LMDBError) in try environment.pageUsage() }
  }
}

enum TableName: String, CaseIterable {
  case meta = "meta"
  case headers = "headers"
  case blocks = "blocks"
  case quarantineHeaders = "quarantine.headers"
  case quarantineBlocks = "quarantine.blocks"
  case quarantineMarks = "quarantine.marks"
  case sources = "sources"
  case files = "files"
  case names = "names"
  case skips = "skips"
  case answers = "answers"
  case spending = "spending"
  case receipts = "receipts"
}

/// The log's tables.
struct Tables: Sendable {
  let meta: Table
  let events: BlockTables
  let quarantine: BlockTables
  let marks: Table
  let sources: Table
  let files: Table
  let names: Table
  /// Nil in a log that was made before there were skip lists, and cannot be written.
  let skips: Table?
  /// Nil in a log that was made before anything was asked, and cannot be written.
  let answers: Table?
  let spending: Table?
  /// Nil in a log that was made before there were receipts, and cannot be written.
  let receipts: Table?

  /// Whether none is missing that a log which was made before lacks.
  var isComplete: Bool { skips != nil && answers != nil && spending != nil && receipts != nil }

  init(_ snapshot: Snapshot, path: String) throws(LogError) {
    func open(_ name: TableName) throws(LogError) -> Table {
      guard let table = try logged({ () throws(LMDBError) in try snapshot.table(name.rawValue) })
      else { throw .absent(path: path) }
      return table
    }
    meta = try open(.meta)
    events = BlockTables(headers: try open(.headers), blocks: try open(.blocks))
    quarantine = BlockTables(
      headers: try open(.quarantineHeaders), blocks: try open(.quarantineBlocks))
    marks = try open(.quarantineMarks)
    sources = try open(.sources)
    files = try open(.files)
    names = try open(.names)
    skips = try logged { () throws(LMDBError) in try snapshot.table(TableName.skips.rawValue) }
    answers = try logged { () throws(LMDBError) in try snapshot.table(TableName.answers.rawValue) }
    spending = try logged { () throws(LMDBError) in
      try snapshot.table(TableName.spending.rawValue)
    }
    receipts = try logged { () throws(LMDBError) in
      try snapshot.table(TableName.receipts.rawValue)
    }
  }
}

/// Two tables that keep a sequence of blocks: the events', or the quarantine's.
struct BlockTables: Sendable {
  let headers: Table
  let blocks: Table
}

func orderedKey(_ number: UInt64) -> [UInt8] {
  var writer = ByteWriter(capacity: 8)
  writer.append(ordered: number)
  return writer.bytes
}

func number(fromKey key: Span<UInt8>) -> UInt64? {
  var reader = ByteReader(key)
  guard key.count == 8 else { return nil }
  return try? reader.ordered(UInt64.self)
}

/// Every limit of the log, in one place.
package enum LogLimits {
  /// The format that is written, and the only one that is read.
  package static let formatVersion: UInt32 = 1
  package static let headerVersion: UInt8 = 1
  /// Raw bytes at which a block is full.
  package static let blockSizeTarget = 1 << 20
  /// Raw bytes below which the last block is rewritten with what comes next, rather than followed.
  package static let tailSizeMax = 1 << 16
  /// Address space that the log may grow into, unless a setting says otherwise: 1 TiB.
  package static let mapSizeDefault = 1 << 40
  /// Bytes of a source's content that the guard covers.
  package static let guardSize = 4096
  package static let compressionLevel: Int32 = 3
}
