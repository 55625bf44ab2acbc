/// Consecutive lines with their envelopes, column by column: what moves between sources, log and
/// folds. All bytes lie in one array.
package struct EventBlock: Sendable {
  /// A kind within a stream. In quarantine the stream is 255 and the name the reason.
  package struct KindEntry: Hashable, Sendable {
    package var stream: UInt8
    package var name: String

    package init(stream: UInt8, name: String) {
      self.stream = stream
      self.name = name
    }

    // By bytes: a String equals others that only look the same, and the log keeps bytes.
    package static func == (left: KindEntry, right: KindEntry) -> Bool {
      left.stream == right.stream && left.name.utf8.elementsEqual(right.name.utf8)
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(stream)
      for byte in name.utf8 { hasher.combine(byte) }
    }
  }

  /// Stands in the place of a stream for a line of quarantine.
  package static let quarantineStream: UInt8 = 255

  /// The lines, each followed by LF.
  package private(set) var raw: [UInt8] = []
  /// Where each line ends in `raw`: the place of its LF.
  package private(set) var ends: [Int] = []
  package private(set) var kinds: [KindEntry] = []
  package private(set) var kindIndices: [UInt32] = []
  package private(set) var times: [Int64] = []
  package private(set) var inferred: [Bool] = []
  package private(set) var sources: [SourceID] = []
  package private(set) var positions: [UInt64] = []
  package private(set) var recorded: [Int64] = []
  private var kindNumbers: [KindEntry: UInt32] = [:]

  package init() {}

  package var count: Int { ends.count }
  package var isEmpty: Bool { ends.isEmpty }

  /// Makes room.
  package mutating func reserve(bytes: Int, events: Int) {
    raw.reserveCapacity(bytes)
    ends.reserveCapacity(events)
    kindIndices.reserveCapacity(events)
    times.reserveCapacity(events)
    inferred.reserveCapacity(events)
    sources.reserveCapacity(events)
    positions.reserveCapacity(events)
    recorded.reserveCapacity(events)
  }

  /// Appends a line with what was decided about it.
  package mutating func append(
    line: Span<UInt8>, kind: KindEntry, time: Timestamp, isTimeInferred: Bool, source: SourceID,
    position: UInt64, recorded: Timestamp
  ) {
    unsafe line.withUnsafeBufferPointer { buffer in unsafe raw.append(contentsOf: buffer) }
    ends.append(raw.count)
    raw.append(UInt8(ascii: "\n"))
    kindIndices.append(number(of: kind))
    times.append(time.nanoseconds)
    inferred.append(isTimeInferred)
    sources.append(source)
    positions.append(position)
    self.recorded.append(recorded.nanoseconds)
  }

  private mutating func number(of kind: KindEntry) -> UInt32 {
    if let last = kindIndices.last, kinds[Int(last)] == kind { return last }
    if let number = kindNumbers[kind] { return number }
    let number = UInt32(kinds.count)
    kinds.append(kind)
    kindNumbers[kind] = number
    return number
  }

  /// Appends all of another block.
  package mutating func append(_ other: EventBlock) {
    if isEmpty {
      self = other
      return
    }
    let shift = raw.count
    raw.append(contentsOf: other.raw)
    ends.append(contentsOf: other.ends.lazy.map { $0 + shift })
    let renumbered = other.kinds.map { number(of: $0) }
    kindIndices.append(contentsOf: other.kindIndices.lazy.map { renumbered[Int($0)] })
    times.append(contentsOf: other.times)
    inferred.append(contentsOf: other.inferred)
    sources.append(contentsOf: other.sources)
    positions.append(contentsOf: other.positions)
    recorded.append(contentsOf: other.recorded)
  }

  /// Sets the time of an event that did not say its own.
  package mutating func infer(_ time: Timestamp, for index: Int) {
    times[index] = time.nanoseconds
    inferred[index] = true
  }

  /// Names the source of all lines, once it has a number.
  package mutating func assign(source: SourceID) {
    for index in sources.indices { sources[index] = source }
  }

  /// Where a line lies in `raw`, without its LF.
  package func range(_ index: Int) -> Range<Int> {
    (index == 0 ? 0 : ends[index - 1] + 1)..<ends[index]
  }

  /// A line's bytes, copied.
  package func line(_ index: Int) -> [UInt8] { Array(raw[range(index)]) }

  package func kind(_ index: Int) -> KindEntry { kinds[Int(kindIndices[index])] }

  /// The envelope of an event; nil in quarantine.
  package func envelope(_ index: Int) -> Envelope? {
    let kind = kind(index)
    guard let stream = Stream(rawValue: kind.stream) else { return nil }
    return Envelope(
      stream: stream, kind: kind.name, time: Timestamp(nanoseconds: times[index]),
      isTimeInferred: inferred[index], source: sources[index], position: positions[index],
      recorded: Timestamp(nanoseconds: recorded[index]))
  }

  /// Replaces everything at once: for readers of stored blocks, which check that the columns are
  /// equally long and the indices within bounds.
  package init(
    raw: [UInt8], ends: [Int], kinds: [KindEntry], kindIndices: [UInt32], times: [Int64],
    inferred: [Bool], sources: [SourceID], positions: [UInt64], recorded: [Int64]
  ) {
    self.raw = raw
    self.ends = ends
    self.kinds = kinds
    self.kindIndices = kindIndices
    self.times = times
    self.inferred = inferred
    self.sources = sources
    self.positions = positions
    self.recorded = recorded
    for (number, kind) in kinds.enumerated() { kindNumbers[kind] = UInt32(number) }
  }
}
