package import Events

/// A chunk's lines, decided about.
package struct ParsedChunk: Sendable {
  package var events = EventBlock()
  package var rejected = EventBlock()
  package var blank: UInt64 = 0
  /// How many events at the beginning do not say their time, nor does one before them in the chunk.
  package var untimedCount = 0
  /// The last time that an event of the chunk has.
  package var lastTime: Timestamp?
  /// When the chunk was taken in.
  package let recorded: Timestamp

  package init(recorded: Timestamp) { self.recorded = recorded }

  /// Gives the events at the beginning the time of the event before the chunk.
  package mutating func inferLeadingTimes(from time: Timestamp) {
    for index in 0..<untimedCount { events.infer(time, for: index) }
    untimedCount = 0
    if lastTime == nil, !events.isEmpty { lastTime = time }
  }
}
