package import Events

/// What the log remembers of sources.
package protocol SourceMemory {
  /// Sources that were read at a file, the newest first.
  func records(at file: FileID) throws -> [SourceRecord]
  func record(_ id: SourceID) throws -> SourceRecord?
  func record(named name: String) throws -> SourceRecord?
  func allRecords() throws -> [SourceRecord]
  /// The lines that sources gave; the first of them is the newest. Reads the blocks that hold them.
  func linesGiven(by ids: [SourceID]) throws -> GivenLines
}

/// The sources that this process has to do with: those of the log, with what was handed out since, and
/// new ones.
package final class SourceBook {
  private let memory: any SourceMemory
  private var byID: [SourceID: TrackedSource] = [:]
  private var byFile: [FileID: [TrackedSource]] = [:]
  private var byFolder: [String: [TrackedSource]]?
  /// Entered before the log knew them.
  private var fresh: [TrackedSource] = []
  private var freshOnes: Set<ObjectIdentifier> = []
  /// Commits everything that was handed out, before lines are looked for in the log.
  package var commit: () throws -> Void = {}

  package init(_ memory: any SourceMemory) { self.memory = memory }

  /// Sources that were read at a file, the newest first.
  package func sources(at file: FileID) throws -> [TrackedSource] {
    if let known = byFile[file] { return known }
    let found = try memory.records(at: file).map(tracked)
    byFile[file] = found
    return found
  }

  /// Sources whose file last stood in a folder, the newest last.
  package func sources(in folder: String) throws -> [TrackedSource] {
    if let known = byFolder { return known[folder] ?? [] }
    var all: [String: [TrackedSource]] = [:]
    for record in try memory.allRecords() where record.form == .file {
      all[splitPath(record.place).folder, default: []].append(try tracked(record))
    }
    // New ones, that the log does not know yet.
    for source in fresh where source.isNew {
      all[splitPath(source.content.place).folder, default: []].append(source)
    }
    for (folder, sources) in all { for source in sources { source.folder = folder } }
    byFolder = all
    return all[folder] ?? []
  }

  /// The source that last stood at a place; nil when none was read there.
  package func newest(at place: String) throws -> TrackedSource? {
    // Equal as texts first: that is quick, and true of the same bytes.
    let found = try sources(in: splitPath(place).folder).filter {
      $0.content.place == place && $0.content.place.utf8.elementsEqual(place.utf8)
    }
    return found.last(where: \.isNew)
      ?? found.max {
        ($0.content.committed.nanoseconds, $0.record.id)
          < ($1.content.committed.nanoseconds, $1.record.id)
      }
  }

  /// Whether another source is the same file's after it was rewritten.
  package func hasSuccessor(_ source: TrackedSource) throws -> Bool {
    try sources(in: splitPath(source.content.place).folder).contains { $0.previous === source }
  }

  /// Sources that were last read by a path, whatever it led to.
  package func sources(readBy path: String) throws -> [TrackedSource] {
    _ = try sources(in: "")
    return (byFolder ?? [:]).values.joined().filter { $0.content.path == path }
      .sorted { $0.record.id < $1.record.id }
  }

  package func source(named name: String) throws -> TrackedSource? {
    try memory.record(named: name).map(tracked)
  }

  /// Enters a source that is new, or that is read at another file or place from now on.
  package func enter(_ source: TrackedSource) {
    let file = source.content.file
    if source.isNew, freshOnes.insert(ObjectIdentifier(source)).inserted { fresh.append(source) }
    byFile[file] = [source] + (byFile[file] ?? []).filter { $0 !== source }
    guard byFolder != nil else { return }
    if let folder = source.folder { byFolder?[folder]?.removeAll { $0 === source } }
    let folder = splitPath(source.content.place).folder
    byFolder?[folder, default: []].append(source)
    source.folder = folder
  }

  /// The lines that a file gave as this source, and as those before it.
  package func linesGiven(by sources: [TrackedSource]) throws -> GivenLines {
    try commit()
    return try memory.linesGiven(by: sources.filter { !$0.isNew }.map(\.record.id))
  }

  private func tracked(_ record: SourceRecord) throws -> TrackedSource {
    // Those that the log has come to know meanwhile.
    for source in fresh where !source.isNew {
      byID[source.record.id] = source
      freshOnes.remove(ObjectIdentifier(source))
    }
    fresh.removeAll { !$0.isNew }
    if let known = byID[record.id] { return known }
    // A source's previous is older than it: this ends.
    let previous =
      record.previous > 0 && record.previous < record.id
      ? try memory.record(record.previous).map(tracked) : nil
    let source = TrackedSource(known: record, previous: previous)
    byID[record.id] = source
    return source
  }
}
