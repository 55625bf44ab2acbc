import Bytes
import EventLog
import Events
import Facts
import Formats
import JSON
import Projection
import Tables
import TestSupport
import Testing
import ViewStore
import Views

@testable import Foldlog
@testable import Pipeline

/// A format of the tests' own: a line of kind `probe/…` tells of the objects in its `told`.
struct ProbeFormat: LineFormat {
  let name = "probe"
  let title = "Probe"
  let version: UInt32 = 1
  let stream = Events.Stream.hybrid
  let isRead = true

  func nativeKind(of line: JSONObject) -> String? { nil }

  func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {
    guard let told = line["told"], let array = told.array else { return }
    var elements = array.elements
    while let element = elements.next() {
      guard let object = element.object, let kind = object["event"]?.string else { continue }
      events.add(object, kind: kind, in: envelope)
    }
  }
}

/// What a view answers: its rows by table, and the sum over the rows that it keeps.
struct ViewContent: Equatable {
  var sum: UInt128
  var tables: [String: [[Cell]]]

  /// The tables whose rows are not the same, and the first of these; a digest that differs.
  func differences(from other: ViewContent) -> [String] {
    var found = sum == other.sum ? [] : ["the digests differ"]
    for (name, rows) in tables.sorted(by: { $0.key < $1.key }) where rows != other.tables[name] {
      let others = other.tables[name] ?? []
      let place = zip(rows, others).enumerated().first { $0.element.0 != $0.element.1 }
      found.append(
        "\(name): \(rows.count) and \(others.count) rows; "
          + (place.map { "row \($0.offset): \($0.element.0)\n  and \($0.element.1)" } ?? ""))
    }
    return found
  }
}

/// A log on disk, and folds of it by the projectors of a catalogue.
final class ContractLog {
  let directory: TemporaryDirectory
  let store: Store
  let log: LogEnvironment
  /// The number of its lines.
  let end: Offset
  private var buildCount = 0

  static let catalogue = ProjectorCatalogue.builtIn.reading(
    FormatSet([ProbeFormat()] + FormatCatalogue.builtIn.formats))

  /// - Parameters:
  ///   - cuts: how many lines of a piece are taken in at once; nil for all.
  ///   - isFolding: whether the views are folded after each, as they are live.
  init(
    _ pieces: [LogPiece], catalogue: ProjectorCatalogue = ContractLog.catalogue,
    cuts: (() -> Int)? = nil, isFolding: Bool = false
  ) throws {
    directory = try TemporaryDirectory()
    store = try Store(
      directory: DataDirectory(path: directory.file("data")), projectors: catalogue)
    for (number, piece) in pieces.enumerated() {
      var taken = 0
      while taken < piece.lines.count {
        taken = min(piece.lines.count, taken + (cuts?() ?? piece.lines.count))
        let text = piece.lines[..<taken].joined(separator: "\n") + "\n"
        let path = try directory.write("piece-\(number).jsonl", text)
        let counts = try store.ingest(files: [path], stream: piece.stream)
        #expect(counts.quarantined == 0)
        if isFolding { try store.fold() }
      }
    }
    log = try store.openLog()
    end = try LogReader(log).end()
    #expect(end == Offset(pieces.map(\.lines.count).reduce(0, +)))
  }

  /// All events, decoded.
  func events() throws -> [Event] {
    let reader = EventReader(
      LogReader(log), from: 0, to: end, workers: Workers(threadCount: 1),
      formats: store.projectors.formats, preparesTexts: false,
      payloads: store.projectors.projectors.flatMap { $0.view.needs.payloads })
    var events: [Event] = []
    while let batch = try reader.read() { events += batch.events }
    return events
  }

  /// A folder for a build that nothing serves.
  func makeBuildFolder() throws -> String {
    buildCount += 1
    try directory.makeFolder("build-\(buildCount)")
    return directory.file("build-\(buildCount)")
  }

  /// Folds a build on, and closes it.
  func fold(
    _ folder: String, _ views: [String], to end: Offset,
    interval: UInt64 = BuildFold.checkpointIntervalDefault, threads: Int = 2,
    skipping skipped: [Offset] = []
  ) throws {
    let configured = try store.plan().only(views)
    let plan = FoldPlan(
      projectors: configured.projectors, scoring: configured.scoring,
      viewSettings: configured.viewSettings,
      skips: Dictionary(uniqueKeysWithValues: views.map { ($0, skipped) }),
      formats: configured.formats, prices: configured.prices)
    let fold = try BuildFold(
      Build(name: "test", path: folder, mapSize: 1 << 28, isReadOnly: false), plan: plan, log: log,
      workers: Workers(threadCount: threads), checkpointInterval: interval)
    try fold.fold(to: end)
  }

  /// What the views of a build answer.
  func contents(_ folder: String) throws -> [String: ViewContent] {
    let build = try Build(name: "test", path: folder, mapSize: 1 << 28, isReadOnly: false)
    let snapshot = try BuildSnapshot(build)
    var contents: [String: ViewContent] = [:]
    for state in try snapshot.record().views {
      #expect(state.stopped == nil)
      guard let projector = store.projectors.projector(of: state.view) else { continue }
      contents[state.view] = ViewContent(
        sum: state.sum, tables: try rows(projector.view, in: ViewTables(state.view, in: snapshot)))
    }
    return contents
  }

  /// The rows of each table of a view.
  func rows(_ view: View, in tables: any ViewReader) throws -> [String: [[Cell]]] {
    var all: [String: [[Cell]]] = [:]
    for answer in view.tables {
      var rows: [[Cell]] = []
      try answer.forEach(in: tables) { cells in
        rows.append(cells)
        return true
      }
      all[answer.name] = rows
    }
    return all
  }

  /// What views answer when they are folded at once, up to an offset.
  func folded(
    _ views: [String]? = nil, to end: Offset? = nil, skipping skipped: [Offset] = []
  ) throws -> [String: ViewContent] {
    let folder = try makeBuildFolder()
    try fold(folder, views ?? store.projectors.views, to: end ?? self.end, skipping: skipped)
    return try contents(folder)
  }

  /// The last line that a row names as one of its own.
  func lastNamedLine(_ view: View, _ content: ViewContent) -> Offset? {
    view.tables.flatMap { table in
      (content.tables[table.name] ?? []).compactMap {
        AnswerRow(columns: table.columns, cells: $0).offsets.last
      }
    }.max()
  }
}

/// The lines that say again just what is known when they are told once more behind all others: of each
/// interaction, kind and iteration the latest.
struct RepeatableLines {
  private(set) var lines: [Offset] = []

  private struct Name: Hashable {
    let stream: Events.Stream
    let id: String
  }

  private struct Saying: Hashable {
    let name: Name
    let kind: String
    let iteration: FixedPoint?
  }

  init(_ events: [Event]) {
    var latest: [Saying: EventID] = [:]
    var known: Set<Name> = []
    /// Ids that began again, or that an annotation of another interaction has.
    var excluded: Set<Name> = []
    var closed: [Name: Timestamp] = [:]
    /// Those of which a closing line says no time: what begins again is never a copy of a line.
    var closedUntimed: Set<Name> = []
    func saying(_ event: Event) -> Saying? {
      guard EventRole(of: event) != .none, let id = event.fields.text(.interactionID) else {
        return nil
      }
      return Saying(
        name: Name(stream: event.stream, id: id), kind: event.kind,
        iteration: event.fields.number(.iterations))
    }
    func begins(_ event: Event) -> Bool {
      EventRole(of: event) == .opens || event.kind.hasPrefix("iteration_")
    }
    for event in events {
      guard let saying = saying(event) else { continue }
      let name = saying.name
      if EventRole(of: event) == .annotates, !known.contains(name) { excluded.insert(name) }
      if closed[name] != nil, begins(event) { excluded.insert(name) }
      if EventRole(of: event) == .closes {
        closed[name] = min(closed[name] ?? event.time, event.time)
        if event.envelope.isTimeInferred { closedUntimed.insert(name) }
      }
      known.insert(name)
      latest[saying] = event.id
    }
    let byLine = Dictionary(grouping: events, by: \.offset).sorted { $0.key < $1.key }
    lines = byLine.filter { _, events in
      events.allSatisfy { event in
        guard let saying = saying(event), latest[saying] == event.id else { return false }
        // What begins an interaction and is later than its end would begin another one.
        if begins(event), let end = closed[saying.name] {
          if event.envelope.isTimeInferred || event.time > end
            || closedUntimed.contains(saying.name)
          {
            return false
          }
        }
        return !excluded.contains(saying.name)
      }
    }.map(\.key)
  }
}

/// A table whose rows may merge.
protocol MergingTable: ExplainedTable {
  /// Whether all columns of its rows merge.
  var merges: Bool { get }

  /// How the rows of two halves, merged, differ from those of the whole; nil where they do not.
  func difference(
    of first: any ViewReader, and second: any ViewReader, to whole: any ViewReader
  ) throws -> String?
}

/// Counts what is kept of a row beside its key.
private struct KeptColumns: ColumnVisitor {
  var count = 0

  mutating func kept<Value: ColumnValue>(
    _ value: inout Value, as column: @autoclosure () -> Column
  ) { if !column().isKey { count += 1 } }

  mutating func hidden<Value: ByteCodable>(_ name: String, _ value: inout Value) { count += 1 }

  mutating func derived<Value: ColumnValue>(
    as column: @autoclosure () -> Column, _ value: () -> Value
  ) {}
}

extension Answer: MergingTable {
  private func byKey(_ tables: any ViewReader) throws -> [String: R] {
    var rows: [String: R] = [:]
    try forEachRow(in: tables) { row in
      rows[AnswerRow(columns: columns, cells: row.cells).name(key: key)] = row
      return true
    }
    return rows
  }

  var merges: Bool {
    var row = R()
    var counter = KeptColumns()
    R.columns(&row, &counter)
    return counter.count > 0 && row.merge(R())
  }

  func difference(
    of first: any ViewReader, and second: any ViewReader, to whole: any ViewReader
  ) throws -> String? {
    let (earlier, later) = (try byKey(first), try byKey(second))
    if Set(earlier.keys).isDisjoint(with: later.keys) { return "no row is in both halves" }
    let rows = earlier.merging(later) { first, later in
      var first = first
      let isMerged = first.merge(later)
      #expect(isMerged)
      return first
    }
    let expected = try byKey(whole)
    if Set(rows.keys) != Set(expected.keys) {
      return "other keys: \(Set(rows.keys).symmetricDifference(expected.keys).sorted())"
    }
    for (name, row) in rows.sorted(by: { $0.key < $1.key }) {
      guard let other = expected[name], row.bytes != other.bytes else { continue }
      return "\(name): \(row.cells)\n  and \(other.cells)"
    }
    return nil
  }
}

extension Row {
  fileprivate var bytes: [UInt8] {
    var writer = ByteWriter()
    encode(into: &writer)
    return writer.bytes
  }
}
