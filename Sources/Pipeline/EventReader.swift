internal import EventLog
package import Events
internal import Facts
package import Interactions

/// Events of the log, decoded and made ready for folding.
package struct DecodedEvents: Sendable {
  package var events: [Event] = []
  /// What the interactions step would have to compute anew of each event's texts.
  package var prepared: [PreparedTexts] = []
  /// Fields that a line carries in a type that they cannot have, by kind.
  package var mismatches: [(kind: String, field: MismatchedField)] = []

  /// Takes out the events of some offsets, ascending.
  mutating func pass(over skipped: [Offset]) {
    guard let first = events.first?.offset, let last = events.last?.offset else { return }
    for offset in skipped.reversed() where (first...last).contains(offset) {
      if let index = events.lastIndex(where: { $0.offset == offset }) {
        events.remove(at: index)
        prepared.remove(at: index)
      }
    }
  }
}

/// Reads the log ahead of a fold: unpacking, parsing and decoding are pure, and done by workers.
final class EventReader {
  private let reader: LogReader
  private let workers: Workers
  private let end: Offset
  private var next: Offset
  private var pending: [Pending<DecodedEvents>] = []
  private let decoders: Pool<EventDecoder>

  /// Blocks that are read ahead: each takes about five times its raw size in memory.
  private static let aheadMax = 4

  /// - Parameters:
  ///   - start: the first event to give.
  ///   - end: where to stop.
  ///   - preparesTexts: false for a fold without the interactions step.
  ///   - payloads: what some projector needs of an event beside the canonical fields.
  init(
    _ reader: LogReader, from start: Offset, to end: Offset, workers: Workers,
    preparesTexts: Bool = true, payloads: [any Payload.Type] = []
  ) {
    self.reader = reader
    self.workers = workers
    self.end = end
    next = start
    decoders = Pool { try EventDecoder(preparesTexts: preparesTexts, payloads: payloads) }
  }

  /// The next events, a block's worth; nil at the end.
  func read() throws -> DecodedEvents? {
    while pending.count < Self.aheadMax, next < end, let entry = try reader.block(after: next) {
      let range = next..<min(entry.end, end)
      pending.append(
        workers.submit { [reader, decoders] in
          try decoders.with { try $0.decode(range, from: reader) }
        })
      next = range.upperBound
      if workers.threadCount == 1 { break }
    }
    return pending.isEmpty ? nil : try pending.removeFirst().value()
  }
}

/// Unpacks and decodes; one for each thread.
private final class EventDecoder {
  private let unpacker: BlockUnpacker
  private let lines: LineDecoder
  private let preparesTexts: Bool

  init(preparesTexts: Bool, payloads: [any Payload.Type]) throws {
    unpacker = try BlockUnpacker()
    lines = LineDecoder(payloads: payloads)
    self.preparesTexts = preparesTexts
  }

  func decode(_ range: Range<Offset>, from reader: LogReader) throws -> DecodedEvents {
    lines.forgetTexts()
    var decoded = DecodedEvents()
    decoded.events.reserveCapacity(range.count)
    decoded.prepared.reserveCapacity(range.count)
    var next = range.lowerBound
    // Packing may have moved the block's ends since the range was planned.
    while next < range.upperBound {
      guard let (entry, block) = try reader.unpack(at: next, with: unpacker) else {
        throw LogError.damaged(block: next, reason: "no block holds it")
      }
      let part = next..<min(entry.end, range.upperBound)
      try decode(part, of: block, beginning: entry.first, into: &decoded)
      next = part.upperBound
    }
    return decoded
  }

  private func decode(
    _ range: Range<Offset>, of block: EventBlock, beginning first: Offset,
    into decoded: inout DecodedEvents
  ) throws {
    let raw = block.raw
    for offset in range {
      let index = Int(offset - first)
      guard let envelope = block.envelope(index) else {
        throw LogError.damaged(block: first, reason: "the event \(offset) has no stream")
      }
      let line = raw.span.extracting(block.range(index))
      let isPadded = block.range(index).upperBound + LineDecoder.padding <= raw.count
      do {
        let (fields, payloads) = try lines.event(
          of: line, isPadded: isPadded, kind: envelope.kind, stream: envelope.stream)
        for field in fields.mismatched {
          decoded.mismatches.append((envelope.kind, .canonical(field)))
        }
        for name in payloads.mismatched {
          decoded.mismatches.append((envelope.kind, .ofPayload(name)))
        }
        let event = Event(
          offset: offset, envelope: envelope, fields: fields.fields, payloads: payloads.all)
        decoded.prepared.append(
          preparesTexts ? InteractionStep.prepare(event) : PreparedTexts())
        decoded.events.append(event)
      } catch {
        throw LogError.damaged(block: first, reason: "the event \(offset) is no event: \(error)")
      }
    }
  }
}
