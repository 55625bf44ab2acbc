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
  private let formats: FormatSet
  /// The session of a source whose lines do not name one.
  private let session: (SourceID) -> String?

  /// - Parameters:
  ///   - formats: how lines of other tools are read.
  ///   - session: of a source whose lines do not name one, as far as it is known.
  init(
    _ selection: EventSelection, _ reader: LogReader, formats: FormatSet,
    session: @escaping (SourceID) -> String?
  ) throws {
    self.selection = selection
    self.formats = formats
    self.session = session
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

    /// - Parameter parts: the kinds of what the line tells of; nil where they are not known yet.
    func holds(_ kind: EventBlock.KindEntry, parts: [String]?) -> Bool {
      kindFilters.allSatisfy { column, filter in
        if column == .kind {
          guard let parts else { return true }
          return filter.passes(.text(kind.name)) || parts.contains { filter.passes(.text($0)) }
        }
        return filter.passes(Cell(Stream(rawValue: kind.stream)?.name))
      }
    }
  }

  /// What an event of the log tells of, as its format reads it.
  private struct Part {
    let kind: String
    var fields: Fields
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
      kinds.contains { alternative.holds($0, parts: mayTellOfOthers($0) ? nil : []) }
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
    let mayTellOfOthers = mayTellOfOthers(kind)
    if let name = selection.kind, !name.utf8.elementsEqual(kind.name.utf8), !mayTellOfOthers {
      return false
    }
    return alternatives.contains { $0.holds(kind, parts: mayTellOfOthers ? nil : []) }
  }

  /// Whether lines of a kind tell of events of other kinds.
  private func mayTellOfOthers(_ kind: EventBlock.KindEntry) -> Bool {
    formats.format(ofKind: kind.name)?.isRead == true
  }

  func holds(_ block: EventBlock, _ index: Int, at offset: Offset) throws -> Bool {
    if !holds(block.kind(index)) { return false }
    if let sources, !sources.contains(block.sources[index]) { return false }
    let time = Timestamp(nanoseconds: block.times[index])
    if case .times(let times) = selection.from, time < times.lowerBound { return false }
    if case .times(let times) = selection.to, time > times.upperBound { return false }
    let kind = block.kind(index)
    let possible = alternatives.filter { alternative in
      alternative.envelopeFilters.allSatisfy { column, filter in
        filter.passes(cell(column, of: block, index, at: offset))
      }
    }
    if possible.isEmpty { return false }
    let isOfKind = selection.kind.map { $0.utf8.elementsEqual(kind.name.utf8) } ?? true
    if isOfKind, selection.session == nil, selection.interaction == nil,
      possible.contains(where: { $0.fieldFilters.isEmpty && $0.holds(kind, parts: []) })
    {
      return true
    }
    return try holdsFields(block, index, possible)
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
    let kind = block.kind(index)
    let parts = try parts(of: block, index)
    let kinds = parts.map(\.kind)
    if let name = selection.kind, name != kind.name, !kinds.contains(name) { return false }
    let all = Self.merged(parts)
    if let session = selection.session, !all.is(.sessionID, session) { return false }
    if let id = selection.interaction, !all.is(.interactionID, id) { return false }
    return possible.contains { alternative in
      alternative.holds(kind, parts: kinds)
        && (parts.map(\.fields) + [all]).contains { fields in
          alternative.fieldFilters.allSatisfy { $1.passes(Cell(fields[$0])) }
        }
    }
  }

  /// The canonical fields of an event, of all that its line tells; none of a line in quarantine.
  func fields(of block: EventBlock, _ index: Int) throws -> Fields {
    Self.merged(try parts(of: block, index))
  }

  private func parts(of block: EventBlock, _ index: Int) throws -> [Part] {
    let kind = block.kind(index)
    guard let stream = Stream(rawValue: kind.stream) else { return [] }
    let range = block.range(index)
    let line = block.raw.span.extracting(range)
    let isPadded = range.upperBound + LineDecoder.padding <= block.raw.count
    guard let format = formats.format(ofKind: kind.name), format.isRead,
      let envelope = block.envelope(index)
    else {
      let fields = try lines.fields(of: line, isPadded: isPadded, kind: kind.name, stream: stream)
      return [Part(kind: kind.name, fields: fields.fields)]
    }
    return try lines.events(of: line, isPadded: isPadded, envelope, by: format).map { event in
      var part = Part(kind: event.envelope.kind, fields: event.fields.fields)
      if !part.fields.has(.sessionID) {
        part.fields.set(.sessionID, event.record?.session ?? session(envelope.source))
      }
      if let agent = event.record?.agentID { part.fields.set(.agentID, agent) }
      return part
    }
  }

  /// The fields of all parts, the first value of each; of tools all.
  private static func merged(_ parts: [Part]) -> Fields {
    guard var fields = parts.first?.fields else { return Fields() }
    for part in parts.dropFirst() {
      part.fields.forEach { field, value in
        if !fields.has(field) { fields[field] = value }
      }
    }
    let tools = parts.flatMap { $0.fields.texts(.toolsUsed) }
    if parts.count > 1, !tools.isEmpty { fields[.toolsUsed] = .texts(tools) }
    return fields
  }
}

extension Fields {
  fileprivate func `is`(_ field: Field, _ text: String) -> Bool {
    self.text(field).map { $0.utf8.elementsEqual(text.utf8) } ?? false
  }
}
