package import Bytes
package import Events
package import Provenance

/// What the log remembers of sources.
package protocol SourceMemory {
  /// Sources that were read at a file, the newest first.
  func records(at file: FileID) throws -> [SourceRecord]
  func record(_ id: SourceID) throws -> SourceRecord?
  func record(named name: String) throws -> SourceRecord?
  /// Those that are not as they were when they were last asked for, by id. Others cost a look at their
  /// bytes.
  ///
  /// - Parameter seen: hashes of the records as they were; brought up to date.
  func records(changedSince seen: inout [SourceID: Hash128]) throws -> [SourceRecord]
  /// Another number whenever something was committed, by anybody.
  func revision() throws -> UInt64
  /// The lines that sources gave; the first of them is the newest. Reads the blocks that hold them.
  func linesGiven(by ids: [SourceID]) throws -> GivenLines
}

/// The sources that this process has to do with: those of the log, with what was handed out since, and
/// new ones.
package final class SourceRegistry {
  private let memory: any SourceMemory
  private var byID: [SourceID: TrackedSource] = [:]
  private var byFile: [FileID: [TrackedSource]] = [:]
  /// By where they were last; nil until it is asked for.
  private var index: SourceIndex?
  /// Hashes of the log's records when they were listed.
  private var seen: [SourceID: Hash128] = [:]
  /// Sources that were entered before the log knew them.
  private var newSources: [TrackedSource] = []
  private var newSourceKeys: Set<ObjectIdentifier> = []
  /// The log's when all its sources were listed, or when this process alone committed since.
  private var listedRevision: UInt64?
  /// Whether this process committed since the sources of a folder were last put in order.
  private var isDisordered = false
  /// Takes what is left to read of a source's file, should it be open still, before its lines are
  /// looked for in the log.
  package var finish: (TrackedSource) throws -> Void = { _ in }
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

  /// The id of the source that came last to a file before another does; nil for none.
  func newestID(at file: FileID, before source: TrackedSource) throws -> SourceID? {
    // One that waits to be committed gets its id then.
    let others = try sources(at: file).filter { $0 !== source }
    if others.first?.isNew == true { try commit() }
    return try sources(at: file).first { !$0.isNew }?.record.id
  }

  /// Sources whose file was last in a folder, the newest last.
  package func sources(in folder: String) throws -> [TrackedSource] {
    try listed().sources(in: folder)
  }

  /// Sources of a folder, by what was read of them.
  func prefixes(in folder: String) throws -> PrefixIndex { try listed().prefixes(in: folder) }

  /// Sources of all folders that are long enough to be told from others, by what was read of them.
  func prefixesEverywhere() throws -> PrefixIndex { try listed().prefixesEverywhere() }

  /// Shorter sources of all folders that have a name, by what was read of them.
  func shortPrefixes(named name: String) throws -> PrefixIndex {
    try listed().shortPrefixes(named: name)
  }

  private func listed() throws -> SourceIndex {
    if let index { return index }
    let index = SourceIndex()
    try list(index)
    self.index = index
    return index
  }

  /// Lists what is not listed yet as the log has it.
  private func list(_ index: SourceIndex) throws {
    let revision = try memory.revision()
    var seen = seen
    for record in try memory.records(changedSince: &seen) where record.form == .file {
      // Others may have read that file meanwhile.
      if listedRevision != nil { byFile[record.file] = nil }
      let source = try tracked(record)
      guard source.committedPosition == record.position else {
        throw SourceMoved(path: record.path)
      }
      // A move that this process has found is not committed yet.
      index.enter(
        source, at: source.mustCommit ? source.content.realPath : pathText(of: record.realPath))
    }
    // New ones, that the log does not know yet.
    for source in newSources where source.isNew { index.enter(source, at: source.content.realPath) }
    index.putInOrder()
    isDisordered = false
    self.seen = seen
    listedRevision = revision
  }

  /// Sources whose file last had a real path, the newest first.
  func sources(at realPath: String) throws -> [TrackedSource] {
    let all = try listed().sources(at: realPath)
    // The index has new ones, which have no id yet, at its end.
    return all.filter(\.isNew).reversed()
      + all.filter { !$0.isNew }.sorted {
        ($0.content.committed.nanoseconds, $0.id) > ($1.content.committed.nanoseconds, $1.id)
      }
  }

  /// The shortest real path of a source in the same folder that a path begins with.
  func shortestRealPath(beginning realPath: String) throws -> String? {
    try listed().shortestRealPath(beginning: realPath)
  }

  /// The newest source whose file last had a real path; nil when none was read there.
  package func newest(at realPath: String) throws -> TrackedSource? {
    try sources(at: realPath).first
  }

  /// Whether another source is the same file's after it was rewritten.
  package func hasSuccessor(_ source: TrackedSource) throws -> Bool {
    try sources(in: splitPath(source.content.realPath).folder).contains {
      $0.previous === source && !$0.isLeftBehind
    }
  }

  /// Sources that were last read by a path, whatever it led to.
  package func sources(readBy path: String) throws -> [TrackedSource] {
    try listed().all.filter { $0.content.path == path }.sorted { $0.id < $1.id }
  }

  package func source(named name: String) throws -> TrackedSource? {
    try memory.record(named: name).map(tracked)
  }

  /// Lists what another process committed since the log's sources were listed.
  ///
  /// - Throws: `SourceMoved` when another process took more of a source that is known here.
  package func refresh() throws {
    guard let listed = listedRevision, let index else { return }
    if try memory.revision() != listed {
      try commit()
      try list(index)
    } else if isDisordered {
      index.putInOrder()
      isDisordered = false
    }
  }

  /// What this process commits is known here already, unless somebody else committed in between.
  ///
  /// - Parameter revision: of the memory after the commit.
  package func didCommit(revision: UInt64) {
    guard let listed = listedRevision, revision == listed + 1 else { return }
    listedRevision = revision
    isDisordered = true
  }

  /// Enters a source that is new, or that is read in another file or at another path from now on.
  ///
  /// - Parameter isOfFile: whether it was read in its file before. Then it keeps its position among the
  ///   sources of that file; otherwise it becomes the newest.
  package func enter(_ source: TrackedSource, isOfFile: Bool = false) {
    let file = source.content.file
    if source.isNew, newSourceKeys.insert(ObjectIdentifier(source)).inserted {
      newSources.append(source)
    }
    let known = byFile[file] ?? []
    if !isOfFile || !known.contains(where: { $0 === source }) {
      byFile[file] = [source] + known.filter { $0 !== source }
    }
    index?.enter(source, at: source.content.realPath)
  }

  /// The lines that a file gave as this source, and as those before it.
  package func linesGiven(by source: TrackedSource) throws -> GivenLines {
    // Reading it to its end may show that it began anew.
    for one in source.history { try finish(one) }
    try commit()
    return try memory.linesGiven(by: source.history.filter { !$0.isNew }.map(\.record.id))
  }

  /// The lines that were given since by files which replaced that of a source: as rewrites of it, or as
  /// sources that other processes read at its path. Nil when there are none.
  func linesGiven(since source: TrackedSource) throws -> GivenLines? {
    let folder = try sources(in: splitPath(source.content.realPath).folder)
    var later = folder.filter {
      !$0.isFromHere && $0.id > source.id && !source.isNew
        && $0.content.realPath == source.content.realPath
    }
    var next = 0
    var before = source
    while true {
      later += folder.filter { one in one.previous === before && !later.contains { $0 === one } }
      if next == later.count { break }
      before = later[next]
      next += 1
    }
    if later.isEmpty { return nil }
    try commit()
    return try memory.linesGiven(by: later.filter { !$0.isNew }.map(\.record.id))
  }

  private func tracked(_ record: SourceRecord) throws -> TrackedSource {
    // Those that the log has come to know meanwhile.
    for source in newSources where !source.isNew {
      byID[source.id] = source
      newSourceKeys.remove(ObjectIdentifier(source))
    }
    newSources.removeAll { !$0.isNew }
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

/// Another process appended from a source meanwhile: all sources must be looked at anew.
package struct SourceMoved: Error, CustomStringConvertible {
  package let path: String

  package var description: String { "\(path): another process appended from it at the same time" }
}
