package import Events
package import Facts
import Bytes
import Tables
package import Views

/// The files that a session's lines stand in.
struct SessionSources: StoredRow, Equatable {
  private(set) var ids: [SourceID] = []
  /// Whether there are more than are kept.
  private(set) var isOverfull = false

  private static let countMax = 1_024

  init() {}

  /// Whether this is new.
  mutating func add(_ source: SourceID) -> Bool {
    if isOverfull || ids.contains(source) { return false }
    if ids.count == Self.countMax {
      isOverfull = true
    } else {
      ids.append(source)
    }
    return true
  }

  func encode(into writer: inout ByteWriter) {
    ids.encode(into: &writer)
    writer.append(bool: isOverfull)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    ids = try [SourceID](from: &reader)
    isOverfull = try reader.bool()
  }
}

/// Conversations as a build knows them: in which files a session stands, and the calls in it.
package struct ConversationFinder {
  private let tables: any ViewReader

  /// - Parameter tables: those of `Conversations.tables` in a build.
  package init(_ tables: any ViewReader) { self.tables = tables }

  /// The files that a session's lines stand in, of whatever stream; empty where no line of a
  /// transcript names it, nil where there are too many.
  package func sources(ofSession id: String) throws(TableError) -> Set<SourceID>? {
    let places = try tables.read(Conversations.placesTable)
    var all: Set<SourceID> = []
    for stream in Events.Stream.allCases {
      guard let known = try places.row(Conversations.agentKey(stream, id, nil)) else { continue }
      if known.isOverfull { return nil }
      all.formUnion(known.ids)
    }
    return all
  }

  /// The files that hold what an event of a transcript depends on; nil where there are too many.
  ///
  /// - Parameter event: as its line tells of it.
  package func sources(of event: Event) throws(TableError) -> Set<SourceID>? {
    let own = event.envelope.source
    guard let place = try place(of: event) else { return [own] }
    return try sources(ofSession: place)?.union([own])
  }

  /// Whether a fold of some files left the agents that an event is of as they are here: then
  /// other files have no part in what it says.
  package func agrees(
    with fold: Conversations, about event: Event
  ) throws(TableError) -> Bool {
    guard let record = event.record else { return true }
    let place = try place(of: event) ?? "source \(event.envelope.source)"
    let agents = try tables.read(Conversations.agentsTable)
    for agentID in Set([record.agentID, nil]) {
      let key = Conversations.agentKey(event.stream, place, agentID)
      if try agents.row(key) != fold.agents.row(key) { return false }
    }
    return true
  }

  private func place(of event: Event) throws(TableError) -> String? {
    if let session = event.record?.session { return session }
    return try session(of: event.envelope.source)
  }

  /// The session that the lines of a file are of which name none.
  package func session(of source: SourceID) throws(TableError) -> String? {
    try tables.read(Conversations.cursorsTable).row(source)?.session
  }

  /// The calls of models that transcripts tell of and for which something holds, in the order in
  /// which they were told of. A look at all of them.
  package func modelCalls(
    where isMeant: (ModelCall) -> Bool
  ) throws(TableError) -> [ModelCall] {
    var found: [ModelCall] = []
    try tables.read(Conversations.callsTable).forEach { _, call in
      if isMeant(call) { found.append(call) }
      return true
    }
    return found.sorted { ($0.event, $0.id) < ($1.event, $1.id) }
  }

  /// The same for calls of tools.
  package func toolCalls(where isMeant: (ToolCall) -> Bool) throws(TableError) -> [ToolCall] {
    var found: [ToolCall] = []
    try tables.read(Conversations.toolsTable).forEach { _, known in
      if let call = known.call, isMeant(call) { found.append(call) }
      return true
    }
    return found.sorted { ($0.event, $0.id) < ($1.event, $1.id) }
  }
}
