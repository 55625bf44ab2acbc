internal import Bytes
internal import Events
internal import Provenance

/// What became of the file that a source was read from.
enum Whereabouts {
  /// It stands there, with what was read of it.
  case standing(String)
  /// It is nowhere in its folder, or its folder is not there.
  case gone
  /// Its folder cannot be looked at, for a reason, or its file system is not there: it may come back.
  case outOfSight(IngestError?)
}

/// Where files stand that were read.
extension SourceResolver {
  /// Where the file of a source stands, if it is another than the one at hand. What cannot be looked at
  /// is waited for only in the folder of that: a file that holds the same elsewhere need not wait.
  func whereabouts(of source: TrackedSource, besides opened: Opened) throws -> Whereabouts {
    let home = source.content.folder
    do {
      if let path = try holder(of: source), files.status(path)?.id != opened.status.id {
        return .standing(path)
      }
    } catch let error as IngestError {
      if home == opened.folder || error.code == .noDescriptor { throw error }
      return .outOfSight(error)
    }
    return home == opened.folder || isOnFileSystem(of: source, home) ? .gone : .outOfSight(nil)
  }

  /// Whether a folder, or the next above it that is there, is on the file system that a source's file
  /// was on. Else that is not mounted, has another number by now, or is another machine's.
  private func isOnFileSystem(of source: TrackedSource, _ folder: String) -> Bool {
    var folder = folder
    while true {
      if let status = files.status(folder) { return status.id.device == source.content.device }
      if folder == "/" || folder == "." { return false }
      folder = splitPath(folder).folder
    }
  }

  /// The session of a source that was read at this file before, if it goes on here.
  func resumed(_ source: TrackedSource, _ opened: Opened) throws -> SourceSession? {
    guard isAway(source, opened) else { return try goneOn(source, opened) }
    let whereabouts = try whereabouts(of: source, besides: opened)
    switch whereabouts {
    case .standing: return nil
    case .gone:
      // What is at hand has had a source of its own since.
      if try book.sources(at: opened.status.id).contains(where: { $0.previous === source }) {
        return nil
      }
    case .outOfSight: break
    }
    return try takenUp(source, opened, whereabouts)
  }

  /// Sources that were read at a file, those first that went on in another folder since, the furthest
  /// first: should they stand there no more, this is where they are.
  func inOrder(_ known: ArraySlice<TrackedSource>, _ opened: Opened) -> [TrackedSource] {
    let away = known.filter { isAway($0, opened) }
    if away.isEmpty { return Array(known) }
    return away.sorted { $0.content.position > $1.content.position }
      + known.filter { !isAway($0, opened) }
  }

  private func isAway(_ source: TrackedSource, _ opened: Opened) -> Bool {
    source.content.file != opened.status.id && source.content.folder != opened.folder
  }

  /// The session of a source that goes on in this file, if the file holds what was read of it. Of a
  /// file that may come back, it is remembered how far it was read: what both hold is taken once.
  func takenUp(
    _ source: TrackedSource, _ opened: Opened, _ whereabouts: Whereabouts
  ) throws -> SourceSession? {
    let before = source.content
    guard let session = try goneOn(source, opened) else { return nil }
    guard case .outOfSight(let error) = whereabouts, before.file != opened.status.id else {
      return session
    }
    session.leftBehind = try leftBehind(before, by: source)
    if let error {
      session.warnings.append(
        "holds what was read of \(shownPath(before.place)), and goes on for it: that cannot be "
          + "looked at (\(error.reason))")
    }
    return session
  }

  private func goneOn(_ source: TrackedSource, _ opened: Opened) throws -> SourceSession? {
    if source.isLeftBehind, let elsewhere = source.previous {
      return try cameBack(source, elsewhere, opened)
    }
    return try continued(source, opened)
  }

  /// The session of a file that came back, while its source has gone on elsewhere: behind the lines that
  /// both hold at the same places.
  private func cameBack(
    _ source: TrackedSource, _ elsewhere: TrackedSource, _ opened: Opened
  ) throws -> SourceSession? {
    guard try holds(opened, source.content) else { return nil }
    let given = try book.linesGiven(by: elsewhere)
    let reader = opened.reader()
    var position: UInt64 = 0
    var buffer: [UInt8] = []
    var isSame = true
    while isSame, !reader.isAtEnd {
      try reader.read(into: &buffer, count: SourceSession.chunkSize)
      let whole = buffer.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
      forEachLine(buffer.span.extracting(0..<whole)) { start, line in
        let place = position + UInt64(start)
        if place < source.content.position { return }
        isSame = isSame && given.holds(Hash128(of: line), at: place)
        if isSame { source.content.position = place + UInt64(line.count) + 1 }
      }
      buffer.removeSubrange(..<whole)
      position += UInt64(whole)
    }
    let known = try KnownContent(opened.reader(), source.content)
    source.stand(after: known)
    source.mustCommit = true
    return try continued(source, opened)
  }

  private func leftBehind(
    _ record: SourceRecord, by source: TrackedSource
  ) throws -> TrackedSource {
    var record = record
    // Nobody has opened it as this source.
    record.size = 0
    record.modified = Timestamp(nanoseconds: 0)
    record.skipped = 0
    let known = try book.sources(at: record.file)
    let before = known.first { $0.isLeftBehind && $0.previous === source }
    let left = before ?? TrackedSource(new: record, knownID: nil, previous: source)
    left.content = record
    if left.isNew { left.knownID = try book.newestID(at: record.file, before: left) }
    book.enter(left, isOfFile: before != nil)
    return left
  }

  /// Where the file that a source was read from stands, if it still holds what was read.
  func holder(of source: TrackedSource) throws -> String? {
    let record = source.content
    if let path = try holding(record, [record.place]) { return path }
    // A file may be renamed while its folder is looked through: nothing counts until that stood still.
    let folder = splitPath(record.place).folder
    var before: [String: FileID]?
    while true {
      let standing = try standing(in: folder)
      let paths = standing.filter { isSame($0.value, record.file) }.keys
      if let path = try holding(record, paths.sorted()) { return path }
      if standing == before { return nil }
      before = standing
    }
  }

  /// The files of a folder, by their paths.
  private func standing(in folder: String) throws -> [String: FileID] {
    var all: [String: FileID] = [:]
    let names: [String]
    do throws(IngestError) { names = try files.names(in: folder) } catch {
      // In a folder that is gone, nothing stands.
      if error.code == .absent { return [:] }
      throw error
    }
    for name in names {
      let path = joinPath(folder, name)
      if let status = files.status(path) {
        all[path] = status.id
      } else if files.target(ofLink: path) == nil {
        // Gone meanwhile; or not to be looked at, and then nobody knows. A link that leads nowhere, or
        // to where nobody may look, is no file.
        _ = try files.openIfThere(path)
      }
    }
    return all
  }

  /// The first of these paths at which a record's file stands with what was read of it.
  private func holding(_ record: SourceRecord, _ paths: [String]) throws -> String? {
    for path in paths {
      guard let id = files.status(path)?.id, isSame(id, record.file) else { continue }
      // A backup that an editor keeps is read nowhere: what is edited goes on in another file.
      if isPassing(path), path != record.place { continue }
      do {
        let opened = try Opened(path, files)
        if opened.status.id == id, try holds(opened, record) { return path }
      } catch let error as IngestError where error.code == .absent {
        continue
      }
    }
    return nil
  }

  /// Whether two files of a folder may be the same: its file system may have another number by now.
  private func isSame(_ left: FileID, _ right: FileID) -> Bool { left.inode == right.inode }

  func holds(_ opened: Opened, _ record: SourceRecord) throws -> Bool {
    if record.position == 0 { return true }
    if !record.isPrefixPlain, try opened.isPlain() {
      return try opened.status.size >= record.position && KnownTail(opened.file, record) != nil
    }
    return try KnownContent(opened.reader(), record).matches(record)
  }
}
