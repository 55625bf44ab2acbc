internal import EventLog
package import Events

/// Which events of the log are meant.
package struct EventSelection: Sendable {
  package var stream: Stream?
  package var kind: String?
  /// A source's path or name, or its id.
  package var source: String?
  package var from: LogPoint?
  package var to: LogPoint?

  package init() {}

  package var isEverything: Bool {
    stream == nil && kind == nil && source == nil && from == nil && to == nil
  }
}

/// An offset, or a time of an event.
package enum LogPoint: Equatable, Sendable {
  case offset(Offset)
  case time(Timestamp)

  /// Digits are an offset; anything else must be RFC 3339.
  package init?(_ text: String) {
    if let offset = UInt64(text) {
      self = .offset(offset)
    } else if let time = Timestamp(
      parsing: text)
    {
      self = .time(time)
    } else {
      return nil
    }
  }
}

/// A selection with its source looked up: asked of blocks, then of events.
struct ResolvedSelection {
  let selection: EventSelection
  let sources: Set<SourceID>?

  init(_ selection: EventSelection, _ reader: LogReader) throws {
    self.selection = selection
    guard let source = selection.source else {
      sources = nil
      return
    }
    let known = try reader.sources().filter { $0.path == source || "\($0.id)" == source }
    if known.isEmpty { throw FoldlogError(.noInput, "the log knows no source `\(source)`") }
    sources = Set(known.map(\.id))
  }

  /// False when no event of the block can be meant.
  func mayHold(_ entry: BlockEntry) -> Bool {
    if let kind = selection.kind, !entry.header.kinds.contains(where: { $0.entry.name == kind }) {
      return false
    }
    if let stream = selection.stream?.rawValue,
      !entry.header.kinds.contains(where: { $0.entry.stream == stream })
    {
      return false
    }
    if let sources, !entry.header.sources.contains(where: { sources.contains($0.id) }) {
      return false
    }
    if case .time(let time) = selection.from, entry.header.timeRange.upperBound < time {
      return false
    }
    if case .time(let time) = selection.to, entry.header.timeRange.lowerBound > time {
      return false
    }
    return true
  }

  /// The offsets to look at: `--to` counts itself in.
  func range(end: Offset) -> Range<Offset> {
    var low: Offset = 0
    var high = end
    if case .offset(let offset) = selection.from { low = min(offset, end) }
    if case .offset(let offset) = selection.to {
      high = min(offset == .max ? offset : offset + 1, end)
    }
    return low..<max(low, high)
  }

  func holds(_ block: EventBlock, _ index: Int) -> Bool {
    let kind = block.kind(index)
    if let stream = selection.stream, stream.rawValue != kind.stream { return false }
    if let name = selection.kind, name != kind.name { return false }
    if let sources, !sources.contains(block.sources[index]) { return false }
    if case .time(let time) = selection.from, block.times[index] < time.nanoseconds { return false }
    if case .time(let time) = selection.to, block.times[index] > time.nanoseconds { return false }
    return true
  }
}
