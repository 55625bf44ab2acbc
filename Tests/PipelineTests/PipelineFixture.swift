import Bytes
import EventLog
import Events
import Facts
import Ingest
import Pipeline
import Projection
import Scoring
import Tables
import TestSupport
import ViewStore
import Views

/// A data directory with a log and views, and a few projectors of the tests' own.
final class PipelineFixture {
  let directory: TemporaryDirectory
  let log: LogEnvironment
  let catalogue: ViewCatalogue
  var workers = Workers(threadCount: 2)
  private var clock: Int64 = 1_800_000_000_000_000_000

  init() throws {
    directory = try TemporaryDirectory()
    try directory.makeFolder("log")
    log = try LogEnvironment(path: directory.file("log"), mapSize: 1 << 30)
    catalogue = try ViewCatalogue(path: directory.file("views"), mapSize: 1 << 30)
  }

  @discardableResult
  func ingest(_ paths: [String], stream: Stream? = .hybrid) throws -> IngestReport {
    clock += 1_000_000_000
    let now = clock
    let loop = IngestLoop(
      log: log, workers: workers, now: { Timestamp(nanoseconds: now) })
    return try loop.run(paths.map { .file(path: $0) }, stream: stream)
  }

  func upkeep(
    _ projectors: [any Projector.Type], skips: [String: [Offset]] = [:],
    checkpointInterval: UInt64 = BuildFold.checkpointIntervalDefault,
    progress: @escaping (Offset, Offset) throws -> Void = { _, _ in },
    begins: @escaping (Build, [String], Offset) throws -> Void = { _, _, _ in }
  ) -> ViewUpkeep {
    ViewUpkeep(
      catalogue: catalogue, log: log,
      plan: FoldPlan(projectors: projectors, scoring: ScoringSettings(), skips: skips),
      workers: workers, checkpointInterval: checkpointInterval, progress: progress,
      begins: begins)
  }

  func state(_ view: String) throws -> ViewState? {
    guard let entry = try catalogue.entry(view) else { return nil }
    return try catalogue.open(entry.live).record().views.first { $0.view == view }
  }

  /// All lines of a part of the log.
  func lines(_ part: LogPart = .events) throws -> [String] { try log.lines(part) }
}

/// Counts events by kind.
final class KindCounter: Projector {
  static let view = View("kinds", version: 1, "A view of tests.", needs: .events, tables: [])
  private let table: KeyedTable<Hash128, Count>

  struct Count: StoredRow {
    var count: UInt64
    init(_ count: UInt64) { self.count = count }
    func encode(into writer: inout ByteWriter) { writer.append(varint: count) }
    init(from reader: inout ByteReader) throws(BytesError) { count = try reader.varint() }
  }

  init(tables: FoldTables) throws(TableError) {
    table = try tables.open(StoredTable("counts"))
  }

  func apply(_ batch: FoldBatch) throws(FoldError) {
    for event in batch.events {
      do throws(TableError) {
        try table.change(Hash128(of: event.kind)) { $0 = Count(($0?.count ?? 0) + 1) }
      } catch {
        throw FoldError(at: event.offset, error)
      }
    }
  }
}

/// Keeps every offset, and throws at the first event of kind `bad`, after it has changed a row.
final class Stumbler: Projector {
  static let view = View("stumbler", version: 1, "A view of tests.", needs: .events, tables: [])
  private let table: ChunkedTable<KindCounter.Count>

  init(tables: FoldTables) throws(TableError) {
    table = try tables.open(NumberedTable("offsets"))
  }

  func apply(_ batch: FoldBatch) throws(FoldError) {
    for event in batch.events {
      do throws(TableError) { try table.append(KindCounter.Count(event.offset)) } catch {
        throw FoldError(at: event.offset, error)
      }
      if event.kind == "bad" { throw FoldError(at: event.offset, "it is bad") }
    }
  }
}

extension LogEnvironment {
  /// All lines of a part of the log.
  func lines(_ part: LogPart) throws -> [String] {
    let reader = LogReader(self)
    let unpacker = try BlockUnpacker()
    var all: [String] = []
    var next: Offset = 0
    while let (entry, block) = try reader.unpack(part, at: next, with: unpacker) {
      for index in 0..<block.count {
        all.append(String(decoding: block.line(index), as: UTF8.self))
      }
      next = entry.end
    }
    return all
  }
}
