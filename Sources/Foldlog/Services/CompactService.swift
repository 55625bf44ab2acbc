internal import EventLog
internal import Files
internal import LMDB
internal import Logging
internal import Query
internal import ViewStore

/// What compaction gave back, and what it left as it is.
package struct CompactReport: Sendable {
  /// A file of pages, before and after.
  package struct File: Equatable, Sendable {
    /// `log`, `catalogue`, or a build's name.
    package let name: String
    /// A build's name since its copy took its place.
    package let newName: String?
    package let sizeBefore: UInt64
    package let sizeAfter: UInt64
  }

  package struct LeftOut: Equatable, Sendable {
    package let name: String
    package let reason: String
  }

  package fileprivate(set) var files: [File] = []
  package fileprivate(set) var leftOut: [LeftOut] = []
  /// Builds before the live ones that were discarded.
  package fileprivate(set) var dropped: [String] = []
}

/// Gives the room of free pages back.
package struct CompactService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Puts compact copies in the place of files that have free pages.
  ///
  /// Builds are swapped as a replay swaps them, whoever reads or follows. The log and the catalogue
  /// are left as they are while another process has them open, and every file for whose copy there is
  /// no room.
  @available(*, noasync)
  package func compact(_ asked: CompactRequest.Checked) throws(FoldlogError) -> CompactReport {
    try store.requireLog()
    return try store.reporting {
      if try store.openWholeLog().isReadOnly {
        throw FoldlogError(
          .inputOutput,
          "\(store.directory.path) cannot be written: nothing there can be given back")
      }
      let replayLock = try FileLock(path: store.directory.replayLock)
      defer { withExtendedLifetime(replayLock) {} }
      if asked.isDroppingPrevious, replayLock == nil {
        throw FoldlogError(
          .locked, "a replay is running: run `foldlog compact --drop-previous` when it has ended")
      }
      var report = CompactReport()
      // What goes makes room for the copies.
      if asked.isDroppingPrevious, store.hasViews {
        try orLeaving("what is before the live builds", into: &report) { report in
          try dropPrevious(into: &report)
        }
        store.closeViews()
      }
      let log = try store.openLog().pageUsage()
      store.closeLog()
      try compactFile("log", at: store.directory.log, log, into: &report)
      try orLeaving("the note of where the log is", into: &report) { _ in
        // It is another file now, and no other log.
        if try isPlaceNoted(), let place = store.directory.place() {
          try store.openCatalogueFile().note(place)
        } else {
          try store.copyCheck.notePlaceInLog()
        }
      }
      if store.hasViews {
        try orLeaving("views", into: &report) { report in
          try compactViews(isAlone: replayLock != nil, into: &report)
        }
      }
      note(report)
      AuditService(store).note(
        .compact, of: asked.isDroppingPrevious ? ["--drop-previous"] : [],
        rows: UInt64(report.files.count { $0.sizeAfter < $0.sizeBefore }))
      return report
    }
  }

  private func note(_ report: CompactReport) {
    for file in report.files where file.sizeAfter != file.sizeBefore {
      store.logger.info(
        "compacted",
        metadata: [
          "file": "\(file.name)", "before": "\(file.sizeBefore)", "after": "\(file.sizeAfter)",
        ])
    }
    for name in report.dropped { store.logger.notice("dropped", metadata: ["build": "\(name)"]) }
    for left in report.leftOut {
      store.logger.notice(
        "not compacted", metadata: ["file": "\(left.name)", "cause": "\(left.reason)"])
    }
  }

  /// Whether the catalogue, if there is one, notes where the data directory was last used.
  private func isPlaceNoted() throws -> Bool {
    do {
      return try ViewCatalogue(
        path: store.directory.views, isReadOnly: true, mapSize: store.configuration.viewsMapSize
      ).place() != nil
    } catch StoreError.absent {
      return false
    }
  }

  private func dropPrevious(into report: inout CompactReport) throws {
    let catalogue = try store.openCatalogue()
    try catalogue.discardUnused()
    do { report.dropped = try catalogue.dropPrevious() } catch  where error.isDiskFull {
      // The catalogue needs a page or two to say what is gone.
      catalogue.discardPasts()
      report.dropped = try catalogue.dropPrevious()
    }
  }

  private func compactViews(isAlone: Bool, into report: inout CompactReport) throws {
    let pages = try compactOpenBuilds(isAlone: isAlone, into: &report)
    store.closeViews()
    try compactFile("catalogue", at: pages.folder, pages.usage, into: &report)
  }

  private func compactOpenBuilds(
    isAlone: Bool, into report: inout CompactReport
  ) throws -> (folder: String, usage: PageUsage) {
    let catalogue = try store.openCatalogue()
    if isAlone { try catalogue.discardUnused() }
    for name in try catalogue.namedBuilds() {
      do { try compact(name, catalogue, isAlone: isAlone, into: &report) } catch StoreError.replaced
      {
        report.leftOut.append(
          CompactReport.LeftOut(name: name, reason: "another process has just replaced it"))
      }
    }
    return (catalogue.folder, try catalogue.pageUsage())
  }

  private func compact(
    _ name: String, _ catalogue: ViewCatalogue, isAlone: Bool, into report: inout CompactReport
  ) throws {
    let usage = try catalogue.pageUsage(of: name)
    try copying(name, in: store.directory.views, usage, into: &report) { report in
      if let compacted = try catalogue.compact(name, isAlone: isAlone) {
        report.files.append(
          CompactReport.File(
            name: name, newName: compacted.name, sizeBefore: compacted.sizeBefore,
            sizeAfter: compacted.sizeAfter))
      } else {
        report.leftOut.append(
          CompactReport.LeftOut(name: name, reason: "a replay is running, and may need it"))
      }
    }
  }

  /// Runs what copies a file, if that is worth it and there is room for a copy.
  private func copying(
    _ name: String, in folder: String, _ usage: PageUsage, into report: inout CompactReport,
    _ body: (inout CompactReport) throws -> Void
  ) throws {
    if !isWorthwhile(usage) {
      report.files.append(CompactReport.File(name, unchanged: usage))
      return
    }
    // Looked at first: a write that the disk cuts short is told as one that failed.
    let room = try freeSpace(folder)
    do {
      if room.map({ $0 >= usage.used + Self.besideCopy }) ?? true { return try body(&report) }
    } catch  where error.isOfFullDisk {
      // Others may have taken the room meanwhile, or this user have a quota.
    }
    report.leftOut.append(
      CompactReport.LeftOut(
        name: name, reason: "no room for a copy of \(HumanNumbers.bytes(usage.used))"))
  }

  /// Bytes that a copy takes beside its pages: a lock.mdb, and what names it.
  private static let besideCopy: UInt64 = 64 << 10

  /// Runs a part of the compaction; where there is no room for what it writes, the others go on.
  private func orLeaving(
    _ name: String, into report: inout CompactReport,
    _ body: (inout CompactReport) throws -> Void
  ) throws {
    do { try body(&report) } catch  where error.isOfFullDisk {
      report.leftOut.append(
        CompactReport.LeftOut(name: name, reason: "the disk is full: make room, and compact again"))
    }
  }

  /// Compacts a file that this process has closed.
  private func compactFile(
    _ name: String, at folder: String, _ usage: PageUsage, into report: inout CompactReport
  ) throws {
    try copying(name, in: folder, usage, into: &report) { report in
      var outcome = try compactInPlace(folder)
      // Who only asks something is gone in a moment.
      for _ in 0..<Self.looksAtUsersMax where outcome.isInUse {
        pause(milliseconds: 50)
        outcome = try compactInPlace(folder)
      }
      switch outcome {
      case .done(let before, let after):
        report.files.append(
          CompactReport.File(name: name, newName: nil, sizeBefore: before, sizeAfter: after))
      case .inUse(let process):
        report.leftOut.append(CompactReport.LeftOut(name: name, reason: reason(process)))
      }
    }
  }

  private static let looksAtUsersMax = 20

  private func reason(_ process: Int32?) -> String {
    let shown = process.flatMap { number in RunningProcess(number).map { (number, $0.name) } }
    let user = shown.map { "process \($0.0) (\($0.1))" } ?? "another process"
    return "\(user) has it open: end it, such as a follower, and compact again"
  }

  /// Whether free pages are worth a copy: a hundredth of all.
  private func isWorthwhile(_ usage: PageUsage) -> Bool {
    usage.free + usage.held > usage.size / 100
  }
}

extension CompactReport.File {
  fileprivate init(_ name: String, unchanged usage: PageUsage) {
    self.init(name: name, newName: nil, sizeBefore: usage.size, sizeAfter: usage.size)
  }
}

extension CompactionOutcome {
  fileprivate var isInUse: Bool { if case .inUse = self { true } else { false } }
}
