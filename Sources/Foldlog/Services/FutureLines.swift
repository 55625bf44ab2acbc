internal import Bytes
internal import EventLog
internal import Events
internal import Files
internal import Ingest
internal import Provenance
internal import Query

/// Lines whose clock was wrong: dated more than a day after they were recorded, and after all others.
struct FutureLines {
  /// The first of them, as a person finds it.
  private(set) var first: (offset: Offset, time: Timestamp, place: String)?
  private(set) var count: UInt64 = 0
  /// The latest time of the other lines that say theirs.
  private(set) var newestOther: Timestamp?

  private static let day_ns: Int64 = 86_400_000_000_000

  /// Unpacks the blocks that hold such lines, of which their headers tell.
  init(_ reader: LogReader) throws {
    let unpacker = try BlockUnpacker()
    var found: [(offset: Offset, envelope: Envelope)] = []
    for entry in try reader.blocks(in: 0..<Offset.max) {
      let header = entry.header
      guard Self.isFuture(header.timeRange.upperBound, header.recordedRange.lowerBound) else {
        add(other: header.timeRange.upperBound)
        continue
      }
      guard let (_, block) = try reader.unpack(at: entry.first, with: unpacker) else { continue }
      for index in 0..<block.count {
        guard let envelope = block.envelope(index), !envelope.isTimeInferred else { continue }
        if Self.isFuture(envelope.time, envelope.recorded) {
          found.append((entry.first + Offset(index), envelope))
        } else {
          add(other: envelope.time)
        }
      }
    }
    // Of a log that is all of one clock nothing tells which is right.
    guard let newestOther else { return }
    found.removeAll { !Self.isFuture($0.envelope.time, newestOther) }
    count = UInt64(found.count)
    guard let (offset, envelope) = found.first else { return }
    let name = try reader.sources().first { $0.id == envelope.source }.map { shownPath($0.path) }
    first = (
      offset, envelope.time, "\(name ?? "a source"), from byte \(envelope.position) on"
    )
  }

  private mutating func add(other time: Timestamp) {
    newestOther = max(newestOther ?? time, time)
  }

  private static func isFuture(_ time: Timestamp, _ now: Timestamp) -> Bool {
    let (limit, overflow) = now.nanoseconds.addingReportingOverflow(day_ns)
    return !overflow && time.nanoseconds > limit
  }
}

extension FutureLines {
  /// What a person should know of them; nil where there are none.
  var finding: Finding? {
    guard let first, let newestOther else { return nil }
    let more = count > 1 ? " (and \(HumanNumbers.grouped(count - 1)) more like it)" : ""
    return Finding(
      name: "future",
      what: "event \(first.offset) (\(first.place)) is dated \(first.time), more than a day after "
        + "it was recorded\(more); the newest of the others is of \(newestOther). Views take the "
        + "latest time as now: metrics/now, metrics/trends, datasets/cycles, datasets/growth",
      remedy: "foldlog project --skip VIEW \(first.offset) leaves it out of a view, such as metrics"
    )
  }
}
