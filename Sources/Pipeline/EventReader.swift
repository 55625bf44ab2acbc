internal import CGlibc
internal import Conversations
internal import EventLog
package import Events
internal import Facts
package import Interactions
package import Projection
internal import Tables

/// Events of the log, decoded and made ready for folding.
package struct DecodedEvents: Sendable {
  /// The lines that were read, or passed over.
  package let lines: Range<Offset>
  package var events: [Event] = []
  /// The sketches of each event's texts, computed ahead for the interactions step.
  package var prepared: [PreparedTexts] = []
  /// Fields that a line carries in a type that they cannot have, or lacks though its kind needs them.
  package var mismatches: [MismatchedEvent] = []

  /// Takes out the events of some lines, ascending.
  mutating func pass(over skipped: [Offset]) {
    for offset in skipped.reversed() where lines.contains(offset) {
      while let index = events.lastIndex(where: { $0.offset == offset }) {
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
  private let selection: LineSelection
  private let formats: FormatSet
  private var next: Offset
  private var pending: [Pending<DecodedEvents>] = []
  private let decoders: Pool<EventDecoder>

  /// Blocks that are read ahead: each takes about five times its raw size in memory.
  private static let aheadMax = 4

  /// - Parameters:
  ///   - start: the first event to give.
  ///   - end: where to stop.
  ///   - selection: which lines are read.
  ///   - preparesTexts: false for a fold without the interactions step.
  ///   - payloads: what some projector needs of an event beside the canonical fields.
  init(
    _ reader: LogReader, from start: Offset, to end: Offset, workers: Workers,
    selection: LineSelection = .all, formats: FormatSet = .native, preparesTexts: Bool = true,
    payloads: [any Payload.Type] = []
  ) {
    self.reader = reader
    self.workers = workers
    self.end = end
    self.selection = selection
    self.formats = formats
    next = start
    decoders = Pool {
      try EventDecoder(
        selection: selection, formats: formats, preparesTexts: preparesTexts, payloads: payloads)
    }
  }

  /// The next events, a block's worth, or none of a block that is passed over; nil at the end.
  func read() throws -> DecodedEvents? {
    while pending.count < Self.aheadMax, next < end, let entry = try reader.block(after: next) {
      let range = next..<min(entry.end, end)
      next = range.upperBound
      if !selection.includes(entry, formats) {
        pending.append(Pending(DecodedEvents(lines: range)))
        continue
      }
      pending.append(
        workers.submit { [reader, decoders] in
          try decoders.with { try $0.decode(range, from: reader) }
        })
      if workers.threadCount == 1 { break }
    }
    return pending.isEmpty ? nil : try pending.removeFirst().value()
  }
}

/// Unpacks and decodes; one for each thread.
private final class EventDecoder {
  private let unpacker: BlockUnpacker
  private let lines: LineDecoder
  private let selection: LineSelection
  private let formats: FormatSet
  private let preparesTexts: Bool

  init(
    selection: LineSelection, formats: FormatSet, preparesTexts: Bool,
    payloads: [any Payload.Type]
  ) throws {
    unpacker = try BlockUnpacker()
    lines = LineDecoder(payloads: payloads)
    self.selection = selection
    self.formats = formats
    self.preparesTexts = preparesTexts
  }

  func decode(_ range: Range<Offset>, from reader: LogReader) throws -> DecodedEvents {
    lines.forgetTexts()
    var decoded = DecodedEvents(lines: range)
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
    let included = selection.included(block, formats)
    let formatsOfKinds = formats.isEmpty ? [] : block.kinds.map { formats.format(ofKind: $0.name) }
    for offset in range {
      let index = Int(offset - first)
      let kind = Int(block.kindIndices[index])
      if let included, !included[kind] { continue }
      let line = raw.span.extracting(block.range(index))
      let isOfFormat = !formatsOfKinds.isEmpty && formatsOfKinds[kind] != nil
      // A format may make an id that does not stand in the line.
      if !isOfFormat, !selection.includes(line) { continue }
      if !isOfFormat, offset < selection.nativeStart { continue }
      guard let envelope = block.envelope(index) else {
        throw LogError.damaged(block: first, reason: "the event \(offset) has no stream")
      }
      if isOfFormat, !selection.includes(source: envelope.source) { continue }
      let isPadded = block.range(index).upperBound + LineDecoder.padding <= raw.count
      do {
        if !formatsOfKinds.isEmpty, let format = formatsOfKinds[kind] {
          guard format.isRead else { continue }
          let decodedEvents = try lines.events(of: line, isPadded: isPadded, envelope, by: format)
          for (part, event) in decodedEvents.enumerated() {
            append(event, EventID(offset, part: UInt64(part)), to: &decoded)
          }
        } else {
          append(
            try lines.event(of: line, isPadded: isPadded, envelope), EventID(offset), to: &decoded)
        }
      } catch {
        throw LogError.damaged(block: first, reason: "the event \(offset) is no event: \(error)")
      }
    }
  }

  private func append(
    _ event: consuming EventCollector.DecodedEvent, _ id: EventID, to decoded: inout DecodedEvents
  ) {
    let kind = event.envelope.kind
    func count(_ field: MismatchedField) {
      decoded.mismatches.append(MismatchedEvent(kind: kind, field: field, offset: id.offset))
    }
    for field in event.fields.mismatched { count(.canonical(field)) }
    if let name = event.unreadTime { count(.time(name, event.envelope.source)) }
    for name in event.payloads.mismatched { count(.ofPayload(name)) }
    for name in event.missing { count(.missing(name)) }
    let event = Event(
      id, envelope: event.envelope, fields: event.fields.fields, payloads: event.payloads.all,
      record: event.record)
    decoded.prepared.append(preparesTexts ? InteractionStep.prepare(event) : PreparedTexts())
    decoded.events.append(event)
  }
}

/// Which lines of the log a fold reads. The others are skipped, most of them by a block's header
/// alone.
package struct LineSelection: Sendable {
  /// The needs of the views that are folded; nil for all lines.
  private var needs: [Needs]?
  /// Bytes of which a line holds at least one; empty for all lines.
  private var texts: [[UInt8]] = []
  /// Of lines of formats, those of these sources alone; nil for all.
  private var sources: Set<SourceID>?
  /// Native lines before this one are not read.
  private(set) var nativeStart: Offset = 0
  /// With what a line begins to say one of these texts in another form.
  private var escape: [UInt8] = []

  package static let all = LineSelection()

  /// The lines of other tools.
  static let ofFormats = LineSelection(for: [])

  /// The lines of other tools in some sources.
  static func ofFormats(from sources: Set<SourceID>) -> LineSelection {
    var selection = ofFormats
    selection.sources = sources
    return selection
  }

  private init() {}

  /// The lines that some of these views need.
  package init(for needs: [Needs]) {
    // Facts and calls need every event, and a block's header names the kinds of its lines but not their
    // fields.
    if needs.allSatisfy({ !$0.facts && !$0.calls && $0.isOfKinds }) { self.needs = needs }
  }

  /// The lines that hold one of these texts as a value of JSON, and all lines that may hold it in
  /// another form: with an escape. Lines of formats may mean what they do not say.
  ///
  /// - Parameters:
  ///   - sources: of lines of formats, all those of these sources; nil for those of all.
  ///   - start: lines of formats are read from the beginning on, native ones from here.
  package init(holding texts: [String], formatsFrom sources: Set<SourceID>?, from start: Offset = 0)
  {
    self.sources = sources
    nativeStart = start
    self.texts = texts.map { Array($0.utf8) }
    // Of letters, digits and the like, only the escape by a number makes another form.
    let isPlain = self.texts.allSatisfy { text in
      text.allSatisfy { (0x20..<0x7f).contains($0) && !#""\/"#.utf8.contains($0) }
    }
    escape = Array((isPlain ? #"\u00"# : #"\"#).utf8)
  }

  /// Whether a block can hold a line that is read.
  func includes(_ entry: BlockEntry, _ formats: FormatSet) -> Bool {
    let kinds = entry.header.kinds.filter { includes(kind: $0.entry.name, formats) }
    if kinds.isEmpty { return false }
    if sources == nil, nativeStart == 0 { return true }
    if entry.end > nativeStart,
      kinds.contains(where: { formats.format(ofKind: $0.entry.name) == nil })
    {
      return true
    }
    return entry.header.sources.contains { includes(source: $0.id) }
  }

  /// Whether lines of formats are read that stand in a source.
  func includes(source: SourceID) -> Bool { sources?.contains(source) ?? true }

  /// For each kind of a block, whether lines of that kind are read.
  func included(_ block: EventBlock, _ formats: FormatSet) -> [Bool]? {
    needs == nil ? nil : block.kinds.map { includes(kind: $0.name, formats) }
  }

  private func includes(kind: String, _ formats: FormatSet) -> Bool {
    // Which kinds of events the lines of a format hold is not known before they are read.
    formats.format(ofKind: kind) != nil || needs?.contains { $0.include(kind: kind) } ?? true
  }

  /// Whether a line is read, as far as its bytes tell.
  func includes(_ line: Span<UInt8>) -> Bool {
    texts.isEmpty || texts.contains { line.holds($0) } || line.holds(escape)
  }
}

extension Span<UInt8> {
  fileprivate func holds(_ text: [UInt8]) -> Bool {
    if text.isEmpty { return true }
    return unsafe withUnsafeBytes { line in
      unsafe text.withUnsafeBytes { text in
        guard let line = line.baseAddress, let wanted = text.baseAddress else { return false }
        return unsafe memmem(line, count, wanted, text.count) != nil
      }
    }
  }
}
