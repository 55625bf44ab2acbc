internal import Bytes
internal import EventLog
internal import Events
internal import Provenance
internal import Query
internal import Views

/// A selection with its source looked up: asked of blocks by what their headers say, then of events
/// by their envelopes, and only then of what stands in the lines.
///
/// Belongs to one thread.
final class ResolvedSelection {
  private let selection: EventSelection
  private let sources: Set<SourceID>?
  private let names: [SourceID: String]
  /// One of them must hold.
  private let alternatives: [Alternative]
  private let lines = LineDecoder()

  init(_ selection: EventSelection, _ reader: LogReader) throws {
    self.selection = selection
    let known = try reader.sources()
    names = Dictionary(uniqueKeysWithValues: known.map { ($0.id, shownPath($0.path)) })
    sources = try selection.source.map { try Self.ids(of: $0, among: known) }
    alternatives = selection.filter.alternatives.map(Alternative.init)
  }

  /// Filters that must all hold, with what they ask about, by what it costs to know it.
  private struct Alternative {
    private(set) var kindFilters: [(EventColumn, Filter)] = []
    private(set) var envelopeFilters: [(EventColumn, Filter)] = []
    private(set) var fieldFilters: [(Field, Filter)] = []

    init(_ filters: [Filter]) {
      for filter in filters {
        switch EventColumn.all[filter.column] {
        case .field(let field): fieldFilters.append((field, filter))
        case .stream: kindFilters.append((.stream, filter))
        case .kind: kindFilters.append((.kind, filter))
        case let column: envelopeFilters.append((column, filter))
        }
      }
    }

    func holds(_ kind: EventBlock.KindEntry) -> Bool {
      kindFilters.allSatisfy { column, filter in
        if column == .kind { return filter.passes(.text(kind.name)) }
        return filter.passes(Cell(Stream(rawValue: kind.stream)?.name))
      }
    }
  }

  private static func ids(of source: String, among known: [SourceRecord]) throws -> Set<SourceID> {
    let bytes = pathBytes(source)
    // The name itself goes before what is only shown, or numbered, as another is called.
    let ways: [(SourceRecord) -> Bool] = [
      { pathBytes($0.path) == bytes },
      { shownPath($0.path).utf8.elementsEqual(source.utf8) },
      { "\($0.id)" == source },
    ]
    for isMeant in ways {
      let meant = known.filter(isMeant)
      if !meant.isEmpty { return Set(meant.map(\.id)) }
    }
    let shown = shownPath(source)
    let near = known.map { shownPath($0.path) }.filter { $0.hasSuffix("/\(shown)") }
    throw FoldlogError(
      .noInput,
      "the log knows no source `\(shown)`"
        + (near.isEmpty
          ? ": `foldlog status` lists them" : "; did you mean \(near.joined(separator: " or "))?"))
  }

  func name(of source: SourceID) -> String { names[source] ?? "source \(source)" }

  /// False when no event of the block can be meant, by its header alone.
  func mayHold(_ entry: BlockEntry) -> Bool {
    let header = entry.header
    let kinds = header.kinds.map(\.entry).filter(holds)
    if kinds.isEmpty { return false }
    if let sources, !header.sources.contains(where: { sources.contains($0.id) }) { return false }
    if case .times(let times) = selection.from, header.timeRange.upperBound < times.lowerBound {
      return false
    }
    if case .times(let times) = selection.to, header.timeRange.lowerBound > times.upperBound {
      return false
    }
    return alternatives.contains { alternative in
      kinds.contains(where: alternative.holds)
        && alternative.envelopeFilters.allSatisfy { column, filter in
          column != .source || header.sources.contains { filter.passes(.text(name(of: $0.id))) }
        }
    }
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

  private func holds(_ kind: EventBlock.KindEntry) -> Bool {
    if let stream = selection.stream, stream.rawValue != kind.stream { return false }
    if selection.isOfOthers, kind.stream == Stream.foldlog.rawValue { return false }
    if let name = selection.kind, !name.utf8.elementsEqual(kind.name.utf8) { return false }
    return alternatives.contains { $0.holds(kind) }
  }

  func holds(_ block: EventBlock, _ index: Int, at offset: Offset) throws -> Bool {
    if !holds(block.kind(index)) { return false }
    if let sources, !sources.contains(block.sources[index]) { return false }
    let time = Timestamp(nanoseconds: block.times[index])
    if case .times(let times) = selection.from, time < times.lowerBound { return false }
    if case .times(let times) = selection.to, time > times.upperBound { return false }
    let kind = block.kind(index)
    let possible = alternatives.filter { alternative in
      alternative.holds(kind)
        && alternative.envelopeFilters.allSatisfy { column, filter in
          filter.passes(cell(column, of: block, index, at: offset))
        }
    }
    return try !possible.isEmpty && holdsFields(block, index, possible)
  }

  private func cell(
    _ column: EventColumn, of block: EventBlock, _ index: Int, at offset: Offset
  ) -> Cell {
    switch column {
    case .offset: Cell(offset)
    case .time: .time(Timestamp(nanoseconds: block.times[index]))
    case .isTimeInferred: .bool(block.inferred[index])
    case .source: .text(name(of: block.sources[index]))
    case .position: Cell(block.positions[index])
    case .recorded: .time(Timestamp(nanoseconds: block.recorded[index]))
    case .stream, .kind, .field: .null
    }
  }

  private func holdsFields(
    _ block: EventBlock, _ index: Int, _ possible: [Alternative]
  ) throws -> Bool {
    let isKnown = possible.contains(where: \.fieldFilters.isEmpty)
    if isKnown, selection.session == nil, selection.interaction == nil { return true }
    let fields = try fields(of: block, index)
    if let session = selection.session, !fields.is(.sessionID, session) { return false }
    if let id = selection.interaction, !fields.is(.interactionID, id) { return false }
    return possible.contains { alternative in
      alternative.fieldFilters.allSatisfy { $1.passes(Cell(fields[$0])) }
    }
  }

  /// The canonical fields of an event; none of a line in quarantine.
  func fields(of block: EventBlock, _ index: Int) throws -> Fields {
    let kind = block.kind(index)
    guard let stream = Stream(rawValue: kind.stream) else { return Fields() }
    let range = block.range(index)
    return try lines.fields(
      of: block.raw.span.extracting(range),
      isPadded: range.upperBound + LineDecoder.padding <= block.raw.count, kind: kind.name,
      stream: stream
    ).fields
  }
}

extension Fields {
  fileprivate func `is`(_ field: Field, _ text: String) -> Bool {
    self.text(field).map { $0.utf8.elementsEqual(text.utf8) } ?? false
  }
}
