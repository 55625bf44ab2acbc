internal import Bytes
internal import EventLog
package import Events
internal import Provenance
internal import Ingest
internal import Logging
internal import Query
internal import Views

/// A line that was refused.
package struct QuarantineEntry: Sendable {
  package let number: UInt64
  package let sourceName: String
  package let position: UInt64
  package let recorded: Timestamp
  package let reason: String
  package let size: Int
  /// The beginning of its bytes.
  package let beginning: [UInt8]
  /// Where a retry appended it.
  package let retriedAt: Offset?

  /// An object of JSON; what is no UTF-8 in the beginning is repaired.
  package var json: [UInt8] {
    ShownEvent.object([
      ("number", Cell(number)), ("source", .text(sourceName)), ("position", Cell(position)),
      ("recorded", .time(recorded)), ("size", .integer(Int64(size))), ("reason", .text(reason)),
      ("retried_at", retriedAt.map { Cell($0) } ?? .null),
      ("beginning", .text(String(decoding: beginning, as: UTF8.self))),
    ])
  }
}

/// What a retry of the quarantine did.
package struct RetryReport: Sendable {
  package var tried: UInt64 = 0
  package var taken: UInt64 = 0
  package var refused: UInt64 = 0
  package var projection = ProjectionOutcome()
}

/// Lines that were refused.
package struct QuarantineService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Calls `body` for each line in quarantine, in order.
  package func forEachQuarantined(
    _ body: (QuarantineEntry) throws -> Void
  ) throws(FoldlogError) {
    try store.requireLog()
    try store.reporting {
      let reader = LogReader(try store.openLog())
      let names = Dictionary(
        uniqueKeysWithValues: try reader.sources().map { ($0.id, shownPath($0.path)) })
      let retried = try reader.retried()
      try LogService(store).forEachBlock(reader, .quarantine, EventSelection()) { part, _ in
        let block = part.block
        for number in part.meant {
          let index = part.index(number)
          let line = block.range(index)
          try body(
            QuarantineEntry(
              number: number,
              sourceName: names[block.sources[index]] ?? "source \(block.sources[index])",
              position: block.positions[index],
              recorded: Timestamp(nanoseconds: block.recorded[index]),
              reason: block.kind(index).name, size: line.count,
              beginning: Array(block.raw[line.prefix(120)]), retriedAt: retried[number]))
        }
        return true
      }
    }
  }

  /// Gives the raw lines in quarantine back, each with a newline; not those that a retry took.
  package func exportQuarantine(
    _ body: ([UInt8]) throws -> Void
  ) throws(FoldlogError) {
    try store.requireLog()
    try store.reporting {
      try AuditService(store).noting(.quarantineExport, to: standardOutputName) { lines in
        try export { bytes in
          try body(bytes)
          lines.add(bytes)
        }
      }
    }
  }

  private func export(_ body: ([UInt8]) throws -> Void) throws {
    let reader = LogReader(try store.openLog())
    let retried = try reader.retried()
    if retried.isEmpty {
      try LogService(store).export(.quarantine, EventSelection(), body)
      return
    }
    try LogService(store).forEachBlock(reader, .quarantine, EventSelection()) { part, _ in
      for number in part.meant where retried[number] == nil {
        try body(part.block.line(part.index(number)) + [UInt8(ascii: "\n")])
      }
      return true
    }
  }

  /// Decides again about each line in quarantine: those that are events now are appended at the
  /// head, with their source, position and time of recording, and marked; then brings the views up to
  /// date.
  @available(*, noasync)
  package func retry(
    _ request: RetryRequest.Checked, progress: @escaping (Progress) -> Void
  ) throws(FoldlogError) -> RetryReport {
    try store.requireLog()
    try store.requireWritable()
    return try store.reporting {
      let log = try store.openWholeLog()
      let reader = LogReader(log)
      let retried = try reader.retried()
      var streams: [SourceID: Stream] = [:]
      for source in try reader.sources() {
        let name = source.path.split(separator: "/").last.map(String.init) ?? source.path
        streams[source.id] = streamOfFileName(name)
      }
      let writer = try LogWriter(log)
      let packer = try BlockPacker()
      var report = RetryReport()
      try LogService(store).forEachBlock(reader, .quarantine, EventSelection()) { part, _ in
        let (first, block) = (part.first, part.block)
        let fresh = part.meant.filter { retried[$0] == nil }
        let retry = QuarantineRetry(
          given: request.stream, streams: streams, formats: store.projectors.formats)
        var commit = LogCommit()
        let events = retry.decide(fresh.map { Int($0 - first) }, of: block) { index, place in
          commit.retried.append((entry: first + UInt64(index), place: place))
        }
        report.tried += UInt64(fresh.count)
        report.taken += UInt64(events.count)
        if !events.isEmpty {
          commit.events = [try packer.pack(events)]
          try writer.commit(commit)
        }
        return true
      }
      report.refused = report.tried - report.taken
      store.logger.info(
        "quarantine tried again",
        metadata: ["taken": "\(report.taken)", "refused": "\(report.refused)"])
      AuditService(store).note(.quarantineRetry, rows: report.taken)
      if request.isProjecting {
        report.projection = ViewService(store).projectTaken(progress: progress)
      }
      return report
    }
  }
}

/// Decides again about lines that were refused.
private struct QuarantineRetry {
  let given: Stream?
  let streams: [SourceID: Stream]
  let parser: ChunkParser

  init(given: Stream?, streams: [SourceID: Stream], formats: FormatSet) {
    self.given = given
    self.streams = streams
    parser = ChunkParser(formats: formats)
  }

  /// The lines that are events now; `taken` learns each one's index, and its place among them.
  func decide(
    _ indices: [Int], of block: EventBlock, taken: (Int, UInt64) -> Void
  ) -> EventBlock {
    var events = EventBlock()
    for index in indices {
      let context = SourceContext(
        givenStream: given, nameStream: streams[block.sources[index]],
        recorded: Timestamp(nanoseconds: block.recorded[index]))
      let bytes = block.line(index)
      var parsed = parser.parse(LineChunk(line: bytes, position: block.positions[index]), context)
      if parsed.events.isEmpty { continue }
      parsed.events.assign(source: block.sources[index])
      parsed.inferLeadingTimes(from: context.recorded)
      taken(index, UInt64(events.count))
      events.append(parsed.events)
    }
    return events
  }
}
