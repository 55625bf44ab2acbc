import Bytes
import Events
import Provenance
import Ingest

/// A log that is a list: what is committed survives a crash, and nothing else does.
final class MemoryLog: SourceMemory {
  struct Line {
    let source: SourceID
    let position: UInt64
    let bytes: [UInt8]
  }

  private(set) var lines: [Line] = []
  private var records: [SourceID: SourceRecord] = [:]
  private var files: [FileID: [SourceID]] = [:]
  private(set) var nextID: SourceID = 1
  private var commits: UInt64 = 0
  /// How often it was asked for all its sources.
  private(set) var listings = 0

  func records(at file: FileID) throws -> [SourceRecord] {
    (files[file] ?? []).reversed().compactMap { records[$0] }
  }

  func record(_ id: SourceID) throws -> SourceRecord? { records[id] }
  func record(named name: String) throws -> SourceRecord? { nil }
  func revision() throws -> UInt64 { commits }
  func records(changedSince seen: inout [SourceID: Hash128]) throws -> [SourceRecord] {
    listings += 1
    return records.values.sorted { $0.id < $1.id }.filter {
      let hash = Hash128(of: $0.encoded())
      return seen.updateValue(hash, forKey: $0.id) != hash
    }
  }

  func linesGiven(by ids: [SourceID]) throws -> GivenLines {
    var given = GivenLines()
    for line in lines where ids.contains(line.source) {
      given.add(
        Hash128(of: line.bytes), at: line.position, isOfNewest: line.source == ids.first)
    }
    return given
  }

  /// The lines of each source, in the order of the log.
  func linesBySource() -> [(source: SourceID, lines: [Line])] {
    Dictionary(grouping: lines, by: \.source).sorted { $0.key < $1.key }
      .map { (source: $0.key, lines: $0.value) }
  }

  /// The sources, for a person.
  var sourcesShown: [String] {
    records.values.sorted { $0.id < $1.id }.map { record in
      "  source \(record.id): \(record.realPath), file \(record.device).\(record.inode), "
        + "position \(record.position), previous \(record.previous)"
    }
  }

  struct Mismatch: Error {
    let source: SourceID
  }

  func commit(
    _ added: [(source: TrackedSource, position: UInt64, bytes: [UInt8])],
    _ sources: [TrackedSource], at time: Int64
  ) throws {
    for source in sources { _ = source.identify(next: &nextID) }
    for source in sources { try check(source) }
    commits += 1
    for source in sources {
      let record = source.record(at: Timestamp(nanoseconds: time))
      // Through its bytes, as the log does.
      var reader = ByteReader(record.encoded().span)
      records[record.id] = try SourceRecord(id: record.id, from: &reader)
      files[record.file] = (files[record.file] ?? []).filter { $0 != record.id } + [record.id]
      source.didCommit(record)
    }
    lines += added.map {
      Line(source: $0.source.record.id, position: $0.position, bytes: $0.bytes)
    }
  }

  /// Whether nobody else committed meanwhile what a source gives, or another source of its file.
  private func check(_ source: TrackedSource) throws {
    let record = source.record
    let known = records[record.id]
    let isThere = known.map { $0.file == record.file } ?? false
    guard known?.position == source.committedPosition,
      isThere || files[record.file]?.last == source.knownID
    else { throw Mismatch(source: record.id) }
  }
}

/// Hands lines to a memory log, and dies when it is told to.
final class MemoryTaker: LineTaker {
  struct Crash: Error {}

  private let log: MemoryLog
  private var lines: [(source: TrackedSource, position: UInt64, bytes: [UInt8])] = []
  private var sources: [TrackedSource] = []
  /// Commits before a crash; nil for none.
  var stepsLeft: Int?
  var clock: Int64 = 0
  /// Called after each commit with the log's revision from then on.
  var didCommit: (UInt64) -> Void = { _ in }
  private(set) var told: [String] = []

  init(_ log: MemoryLog) { self.log = log }

  func take(_ chunk: LineChunk, from session: SourceSession) throws {
    try step()
    touch(session.source)
    var start = 0
    while start < chunk.count {
      let end = firstIndex(of: UInt8(ascii: "\n"), in: chunk.bytes.span, from: start) ?? chunk.count
      let line = chunk.bytes[start..<min(end, chunk.count)]
      if !line.allSatisfy({ $0 == UInt8(ascii: " ") }) {
        lines.append((session.source, chunk.position + UInt64(start), Array(line)))
      }
      start += line.count + 1
    }
    if lines.count > 5 { try commit() }
  }

  func touch(_ source: TrackedSource) {
    if !sources.contains(where: { $0 === source }) { sources.append(source) }
  }

  func commit() throws {
    if sources.isEmpty { return }
    try step()
    try log.commit(lines, sources, at: clock)
    didCommit(try log.revision())
    lines = []
    sources = []
  }

  func tell(_ message: String, isFailure: Bool) { told.append(message) }

  func lost(_ source: TrackedSource, path: String) {}

  private func step() throws {
    guard let left = stepsLeft else { return }
    if left == 0 { throw Crash() }
    stepsLeft = left - 1
  }
}
