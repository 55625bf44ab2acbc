internal import Bytes
internal import EventLog
package import Events
internal import Formats
internal import Ingest
internal import JSON
internal import Provenance
package import Query

/// What a tool wrote on this machine.
package struct DiscoveredStore: Equatable, Sendable {
  package let tool: String
  package let format: String
  package let folder: String
  package var files: UInt64 = 0
  package var bytes: UInt64 = 0
  /// When the file was changed that was left alone for longest, and the one that was changed last.
  package var oldest: Timestamp?
  package var newest: Timestamp?
  /// After how many days the tool deletes it; nil where it keeps all.
  package var keepsDays: Int?
  /// Files that the log knows, and of these those that were read to their end.
  package var known: UInt64 = 0
  package var complete: UInt64 = 0
  /// Bytes that are left to take in.
  package var leftBytes: UInt64 = 0
  /// Whether foldlog reads what the lines say; otherwise it keeps them.
  package let isRead: Bool
  /// Bytes in files that foldlog does not take: databases and documents.
  package var otherBytes: UInt64 = 0
  /// Files, not read to their end, that the tool deletes within three days.
  package var endangered: UInt64 = 0

  /// As an object of JSON: what there is none of is null.
  package var document: JSONDocument {
    .object([
      ("tool", .text(tool)), ("format", .text(format)), ("folder", .text(folder)),
      ("files", .number(files)), ("bytes", .number(bytes)), ("known", .number(known)),
      ("complete", .number(complete)), ("left_bytes", .number(leftBytes)),
      ("other_bytes", .number(otherBytes)),
      ("endangered", .number(endangered)), ("oldest", .optional(oldest.map { "\($0)" })),
      ("newest", .optional(newest.map { "\($0)" })),
      ("keeps_days", keepsDays.map { .number($0) } ?? .null), ("is_read", .bool(isRead)),
    ])
  }
}

/// Looks for what coding tools wrote on this machine.
package struct DiscoverService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Each folder of a tool that is there.
  ///
  /// - Parameter now: the clock, for what is about to be deleted.
  @available(*, noasync)
  package func stores(
    environment: (String) -> String? = processEnvironment, now: Timestamp = wallClock()
  ) throws(FoldlogError) -> [DiscoveredStore] {
    try store.reporting {
      let known = try knownFiles()
      var stores: [DiscoveredStore] = []
      for tool in ToolFolder.all {
        let isRead = store.projectors.formats.formats.contains {
          $0.name == tool.format && $0.isRead
        }
        for folder in tool.folders(environment: environment) {
          guard let real = files.realPath(folder), files.status(real)?.isDirectory == true,
            !stores.contains(where: { $0.folder == real })
          else { continue }
          var found = DiscoveredStore(
            tool: tool.title, format: tool.format, folder: real, isRead: isRead)
          found.keepsDays = retention(of: tool, folder: real)
          try look(into: real, known, now, &found)
          stores.append(found)
        }
      }
      return stores
    }
  }

  /// The folders of the tools that are there.
  ///
  /// - Parameter isFollowing: whether folders count that hold nothing to take yet.
  /// - Throws: when there is none.
  @available(*, noasync)
  func foldersToTake(isFollowing: Bool) throws(FoldlogError) -> [String] {
    let folders = try stores().filter { isFollowing || $0.files > 0 }.map(\.folder)
    if folders.isEmpty {
      throw FoldlogError(
        .noInput,
        "coding tools have written nothing on this machine where foldlog looks for it: name files or "
          + "folders")
    }
    return folders
  }

  /// The folders of tools that foldlog reads, where none is yet: what comes there is taken.
  func absentFolders(environment: (String) -> String? = processEnvironment) -> [String] {
    let formats = Set(store.projectors.formats.formats.filter(\.isRead).map(\.name))
    return ToolFolder.all.filter { formats.contains($0.format) }.flatMap {
      $0.folders(environment: environment)
    }.filter { files.status($0) == nil }
  }

  private let files = DiskFiles()

  /// What the log knows of files, by their identity: how far each was read.
  private func knownFiles() throws -> [FileID: SourceRecord] {
    guard store.directory.hasLog else { return [:] }
    var known: [FileID: SourceRecord] = [:]
    for source in try LogReader(store.openLog()).sources() where source.form == .file {
      known[source.file] = source
    }
    return known
  }

  private func look(
    into folder: String, _ known: [FileID: SourceRecord], _ now: Timestamp,
    _ found: inout DiscoveredStore
  ) throws {
    var folders = [folder]
    var seen: Set<FileID> = []
    while let folder = folders.popLast() {
      let names: [String]
      do { names = try files.names(in: folder) } catch {
        store.notices.tell("\(error)")
        continue
      }
      for name in names.sorted() {
        let path = "\(folder)/\(name)"
        guard let status = files.status(path), seen.insert(status.id).inserted else { continue }
        if status.isDirectory {
          folders.append(path)
        } else if status.isRegular {
          count(path, status, known[status.id], now, &found)
        }
      }
    }
  }

  private func count(
    _ path: String, _ status: FileStatus, _ source: SourceRecord?, _ now: Timestamp,
    _ found: inout DiscoveredStore
  ) {
    let name = splitPath(path).name
    // As they are left out when a folder is taken.
    guard isTelemetryFile(name), !name.hasPrefix(".") else {
      found.otherBytes += status.size
      return
    }
    found.files += 1
    found.bytes += status.size
    found.oldest = min(found.oldest ?? status.modified, status.modified)
    found.newest = max(found.newest ?? status.modified, status.modified)
    if source != nil { found.known += 1 }
    let taken = source?.position ?? 0
    let isComplete =
      source.map { $0.isEndReached || taken >= status.size || !hasLine(path, after: taken) }
      ?? false
    if isComplete {
      found.complete += 1
      return
    }
    // What is packed is counted by what it holds.
    found.leftBytes += isPackedName(path) ? status.size : status.size - min(taken, status.size)
    if let days = found.keepsDays {
      let age = (now.nanoseconds - status.modified.nanoseconds) / 86_400_000_000_000
      if age >= Int64(days) - Self.warningDays { found.endangered += 1 }
    }
  }

  /// Whether a whole line stands behind what was taken: the rest of one that is being written, or
  /// was torn, is not taken before its end.
  private func hasLine(_ path: String, after taken: UInt64) -> Bool {
    if isPackedName(path) { return true }
    var bytes: [UInt8] = []
    var position = taken
    while true {
      bytes.removeAll(keepingCapacity: true)
      // What cannot be read is told of when it is to be taken.
      guard let file = try? files.open(path),
        let count = try? file.read(at: position, count: 1 << 20, into: &bytes)
      else { return true }
      if count == 0 { return false }
      if bytes.contains(UInt8(ascii: "\n")) { return true }
      position += UInt64(count)
    }
  }

  /// How long before a tool deletes a file that is told.
  private static let warningDays: Int64 = 3

  /// The tool's own default, or what its settings say.
  private func retention(of tool: ToolFolder, folder: String) -> Int? {
    guard let setting = tool.retentionSetting,
      let bytes = try? files.open("\(folder)/\(setting.file)").readAll(),
      let days = try? JSONParser.withText(
        String(decoding: bytes, as: UTF8.self), { $0[setting.member]?.int64 })
    else { return tool.keepsDays }
    return Int(clamping: days)
  }
}

extension OpenFile {
  /// All that a small file holds.
  fileprivate func readAll() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < 1 << 20,
      try read(at: UInt64(bytes.count), count: 1 << 16, into: &bytes) > 0
    {}
    return bytes
  }
}
