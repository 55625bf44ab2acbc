internal import Bytes
internal import Provenance

/// Where the file that a source was read from is now.
enum SourceLocation {
  /// It is at this path, and holds what was read of it.
  case present(String)
  /// It is nowhere in its folder, or its folder does not exist.
  case gone
  /// Its folder cannot be looked at, for this reason, or its file system is not mounted: it may come
  /// back.
  case unreachable(IngestError?)
}

/// Finds files that were read, by what they hold.
struct SourceLocator {
  let files: any FileSystem

  /// Where the file of a source is, if it is another than the one at hand.
  ///
  /// - Throws: when the folder of the file at hand cannot be looked at, since only a look can tell whether
  ///   another file there is the source's. A file in another folder need not wait for that: then the
  ///   location is `unreachable`.
  func location(
    of source: TrackedSource, besides opened: OpenedFile
  ) throws -> SourceLocation {
    let home = source.content.folder
    do {
      if let path = try currentPath(of: source), files.status(path)?.id != opened.status.id {
        return .present(path)
      }
    } catch let error as IngestError {
      if home == opened.folder || error.code == .noDescriptor { throw error }
      return .unreachable(error)
    }
    return home == opened.folder || isOnFileSystem(of: source, home) ? .gone : .unreachable(nil)
  }

  /// Whether a folder, or the nearest one above it that exists, is on the file system that a source's
  /// file was on. If not, that is not mounted, has another device number by now, or belongs to another
  /// machine.
  private func isOnFileSystem(of source: TrackedSource, _ folder: String) -> Bool {
    var folder = folder
    while true {
      if let status = files.status(folder) { return status.id.device == source.content.device }
      if folder == "/" || folder == "." { return false }
      folder = splitPath(folder).folder
    }
  }

  /// The path of the file that a source was read from, in the folder where it was last, if it still holds
  /// what was read.
  func currentPath(of source: TrackedSource) throws -> String? {
    let record = source.content
    if let path = try firstPath(holding: record, [record.realPath]) { return path }
    // A file may be renamed while its folder is listed, and so be missed under both names: that it is
    // not there counts only once two listings were the same.
    let folder = splitPath(record.realPath).folder
    var before: [String: FileID]?
    while true {
      let listing = try fileIDs(in: folder)
      let paths = listing.filter { isSame($0.value, record.file) }.keys
      if let path = try firstPath(holding: record, paths.sorted()) { return path }
      if listing == before { return nil }
      before = listing
    }
  }

  /// The files of a folder, by their paths.
  private func fileIDs(in folder: String) throws -> [String: FileID] {
    var all: [String: FileID] = [:]
    let names: [String]
    do throws(IngestError) { names = try files.names(in: folder) } catch {
      // A folder that does not exist has no files.
      if error.code == .absent { return [:] }
      throw error
    }
    for name in names {
      let path = joinPath(folder, name)
      if let status = files.status(path) {
        all[path] = status.id
      } else if files.target(ofLink: path) == nil {
        // The file is gone by now, or may not be looked at: then opening it throws, since nobody can say
        // what it is. A link that leads nowhere, or to where this user may not look, is no file.
        _ = try files.openIfThere(path)
      }
    }
    return all
  }

  /// The first of these paths at which the file of a record is, and holds what was read of it.
  private func firstPath(holding record: SourceRecord, _ paths: [String]) throws -> String? {
    for path in paths {
      guard let id = files.status(path)?.id, isSame(id, record.file) else { continue }
      // The backup that an editor keeps of a file is not read: what is edited continues in another file.
      if isPassing(path), path != record.realPath { continue }
      do {
        let opened = try OpenedFile(path, files)
        if opened.status.id == id, try holds(opened, record) { return path }
      } catch let error as IngestError where error.code == .absent {
        continue
      }
    }
    return nil
  }

  /// Whether two files of one folder may be the same: the device number of their file system may have
  /// changed since one of them was read.
  private func isSame(_ left: FileID, _ right: FileID) -> Bool { left.inode == right.inode }

  /// Whether a file begins with what a record says was read.
  func holds(_ opened: OpenedFile, _ record: SourceRecord) throws -> Bool {
    if record.position == 0 { return true }
    if !record.isPrefixPlain, try opened.isPlain() {
      return try opened.status.size >= record.position && KnownTail(opened.file, record) != nil
    }
    return try KnownContent(opened.reader(), record).matches(record)
  }
}
