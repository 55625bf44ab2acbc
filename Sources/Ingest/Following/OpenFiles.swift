internal import Events
internal import Provenance

/// A file that is followed: its session while it is open, and what is needed to know whether it must
/// be opened again.
final class Tail {
  /// Where it was last seen; it may have been renamed since.
  var path: String
  /// Nil while the file is closed, so that others can be open.
  var session: SourceSession?
  /// When it was last of use, counted in looks.
  var lastUse = 0
  let source: TrackedSource
  /// Since when it has no name, and nothing came.
  var lost: Timestamp?

  init(path: String, session: SourceSession) {
    self.path = path
    self.session = session
    source = session.source
  }

  /// Whether a closed file has something new, by its length and time.
  func hasChanged(_ status: FileStatus) -> Bool { !isTaken(source.content, status) }
}

/// Whether everything that a file holds was taken, by its length and time.
func isTaken(_ record: SourceRecord, _ status: FileStatus) -> Bool {
  guard record.modified == status.modified, record.size == status.size else { return false }
  // The position in compressed content says nothing about the file's length.
  return record.position == status.size || record.isEndReached
}

/// The files that are followed, and how many of them are open: descriptors are few.
final class OpenFiles {
  /// A file that may be open. Whoever does not follow it any more lets go of it, and it is closed.
  private struct Opening {
    weak var tail: Tail?
  }

  private let files: any FileSystem
  private let queues: ReadQueues
  /// Descriptors kept open between turns.
  private let openMax: Int
  private(set) var tails: [FileID: Tail] = [:]
  private var openings: [Opening] = []
  /// The files in which sources were opened last.
  private var fileIDs: [ObjectIdentifier: FileID] = [:]

  init(files: any FileSystem, queues: ReadQueues, openMax: Int) {
    self.files = files
    self.queues = queues
    self.openMax = openMax
  }

  subscript(id: FileID) -> Tail? { tails[id] }

  func forget(_ id: FileID) { tails[id] = nil }

  /// The file in which a source was opened last, if it is followed there still.
  func tail(of source: TrackedSource) -> (id: FileID, tail: Tail)? {
    guard let id = fileIDs[ObjectIdentifier(source)], let tail = tails[id], tail.source === source
    else { return nil }
    return (id, tail)
  }

  /// Enters a file that was just opened.
  func enter(_ tail: Tail) {
    openings.append(Opening(tail: tail))
    guard let id = tail.session?.status?.id else { return }
    tails[id] = tail
    // A source that continues in this file is not that of its former file any more.
    let before = fileIDs.updateValue(id, forKey: ObjectIdentifier(tail.source))
    if let before, before != id, tails[before]?.source === tail.source { tails[before] = nil }
  }

  // MARK: Descriptors

  /// Whether as many files were opened as may stay open.
  var isFull: Bool { openings.count >= openMax }

  /// The files that are open.
  func openTails() -> [Tail] {
    openings.removeAll { $0.tail?.session == nil }
    return openings.compactMap(\.tail)
  }

  /// Whether an open file has changed, though nobody told of it.
  func hasUntoldChange() -> Bool {
    openings.contains { opening in
      guard let session = opening.tail?.session, let known = session.status else { return false }
      let status = try? session.reader.file.status()
      return status?.size != known.size || status?.modified != known.modified
    }
  }

  /// Closes files beyond the number that may stay open, the least recently used first.
  ///
  /// - Parameter room: how many more are about to be opened.
  func closeLeastUsed(room: Int = 0) {
    guard openings.count + room > openMax else { return }
    let open = openTails()
    guard open.count + room > openMax else { return }
    let idle = idle(open).sorted { ($0.lastUse, $0.path) < ($1.lastUse, $1.path) }
    // A quarter is closed at once: to look for them costs more than to open them again.
    for tail in idle.prefix(open.count + room - openMax * 3 / 4) { tail.session = nil }
  }

  /// Closes what it can when there was no descriptor. Returns whether a file may be opened after all: now,
  /// or when others have had their turn.
  func makeRoom() -> Bool {
    // A file that lost its name could not be opened again, and stays open.
    let idle = idle(openTails()).filter { tail in
      files.status(tail.path).map { tails[$0.id] === tail } ?? false
    }
    for tail in idle { tail.session = nil }
    return !idle.isEmpty || queues.beingRead.contains { $0.session != nil }
  }

  private func idle(_ open: [Tail]) -> [Tail] {
    let busy = queues.beingRead
    return open.filter { tail in !busy.contains { $0 === tail } }
  }
}
