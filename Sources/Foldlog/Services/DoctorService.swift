internal import CGlibc
internal import EventLog
package import Events
internal import Ingest
package import Query

#if canImport(Glibc)
  internal import Glibc
#endif

/// Something that a person should mend, and how.
package struct Finding: Equatable, Sendable {
  /// A word for scripts.
  package let name: String
  package let what: String
  package let remedy: String

  package var document: JSONDocument {
    .object([("name", .text(name)), ("what", .text(what)), ("remedy", .text(remedy))])
  }
}

/// Looks for what a person should mend before it costs something.
package struct DoctorService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// What should be mended, the most urgent first; empty when all is well.
  @available(*, noasync)
  package func findings(
    environment: (String) -> String? = processEnvironment, now: Timestamp = wallClock()
  ) throws(FoldlogError) -> [Finding] {
    let stores = try DiscoverService(store).stores(environment: environment, now: now)
    var findings = disk()
    findings += stores.compactMap(endangered)
    findings += stores.compactMap(unread)
    findings += stores.compactMap(notTaken)
    if store.directory.hasLog {
      let status = try StatusService(store).status()
      findings += log(status)
      findings += notRead(status, besides: stores)
      findings += try futureLines()
      findings += verification(now)
    }
    findings += stores.compactMap(notUnderstood)
    return findings
  }

  private func futureLines() throws(FoldlogError) -> [Finding] {
    try store.reporting { try FutureLines(LogReader(store.openLog())).finding.map { [$0] } ?? [] }
  }

  private func disk() -> [Finding] {
    var status = statvfs()
    let place = store.directory.hasLog ? store.directory.log : "/"
    guard unsafe statvfs(place, &status) == 0 else { return [] }
    let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
    guard free < Self.freeMin else { return [] }
    return [
      Finding(
        name: "disk", what: "\(HumanNumbers.bytes(free)) are free where the log lies",
        remedy: "make room, or move the data directory: the article Moving says how")
    ]
  }

  /// Bytes below which a disk is as good as full.
  private static let freeMin: UInt64 = 1 << 30

  /// A log that was never verified, or not for long.
  private func verification(_ now: Timestamp) -> [Finding] {
    let remedy = "foldlog verify"
    guard let last = DiskFiles().status(store.directory.verified)?.modified else {
      return [
        Finding(
          name: "verify", what: "log and views were never verified here", remedy: remedy)
      ]
    }
    let days = (now.nanoseconds - last.nanoseconds) / 86_400_000_000_000
    guard days > Self.verifiedDaysMax else { return [] }
    return [
      Finding(
        name: "verify",
        what: "log and views were last verified on \(String("\(last)".prefix(10))), "
          + "\(days) days ago", remedy: remedy)
    ]
  }

  /// After how many days a log is to be verified again.
  private static let verifiedDaysMax: Int64 = 30

  private func endangered(_ store: DiscoveredStore) -> Finding? {
    guard store.endangered > 0, let days = store.keepsDays else { return nil }
    return Finding(
      name: "retention",
      what: "\(store.tool) deletes \(HumanNumbers.counted(store.endangered, "file")) that foldlog "
        + "has not read to the end: it keeps them for \(days) days (\(store.folder))",
      remedy: "foldlog ingest --discovered, or --follow with it")
  }

  private func unread(_ store: DiscoveredStore) -> Finding? {
    let left = store.files - store.complete
    guard left > 0, store.endangered == 0 else { return nil }
    return Finding(
      name: "unread",
      what: "\(HumanNumbers.counted(left, "file")) of \(store.tool) not read to the end "
        + "(\(store.folder))",
      remedy: "foldlog ingest --discovered")
  }

  private func notTaken(_ store: DiscoveredStore) -> Finding? {
    guard store.files == 0, store.otherBytes > 0 else { return nil }
    return Finding(
      name: "documents",
      what:
        "\(HumanNumbers.bytes(store.otherBytes)) of \(store.tool) lie in documents or databases, "
        + "which foldlog does not take yet (\(store.folder))",
      remedy: "keep them: a later version takes them")
  }

  private func notUnderstood(_ store: DiscoveredStore) -> Finding? {
    guard !store.isRead, store.files > 0 else { return nil }
    return Finding(
      name: "format",
      what: "lines of \(store.tool) are kept, and not read yet (\(store.folder))",
      remedy: "nothing: a later version reads what is kept")
  }

  /// Lines of tools that are known and not read: those whose folders are here are told of by these.
  private func notRead(_ status: Status, besides stores: [DiscoveredStore]) -> [Finding] {
    let told = Set(stores.filter { !$0.isRead && $0.files > 0 }.map(\.format))
    var counts: [String: UInt64] = [:]
    for kind in status.unknownKinds {
      guard let format = unreadFormat(of: kind.kind), !told.contains(format.name) else { continue }
      counts[format.title, default: 0] += kind.count
    }
    return counts.sorted { $0.key < $1.key }.map { title, count in
      Finding(
        name: "format",
        what:
          "\(HumanNumbers.counted(count, "line")) of \(title) \(count == 1 ? "is" : "are") kept, "
          + "and not read yet",
        remedy: "nothing: a later version reads what is kept")
    }
  }

  private func unreadFormat(of kind: String) -> (any LineFormat)? {
    store.projectors.formats.format(ofKind: kind).flatMap { $0.isRead ? nil : $0 }
  }

  private func log(_ status: Status) -> [Finding] {
    var findings: [Finding] = []
    for view in status.views where view.stopped != nil {
      findings.append(
        Finding(
          name: "stopped", what: "the view \(view.name) stopped: \(view.stopped ?? "")",
          remedy: "foldlog replay \(view.name), or --skip the event that it stopped at"))
    }
    let outdated = status.views.filter { !$0.isCurrent && $0.stopped == nil }.map(\.name)
    if !outdated.isEmpty {
      findings.append(
        Finding(
          name: "outdated",
          what: "built by another version or other settings: \(outdated.joined(separator: ", "))",
          remedy: "foldlog replay"))
    }
    let lag = status.views.map(\.lag).max() ?? 0
    if lag > 0 {
      findings.append(
        Finding(
          name: "lag", what: "views lack \(HumanNumbers.counted(lag, "event"))",
          remedy: "foldlog project"))
    }
    if status.quarantined > UInt64(status.retried) {
      findings.append(
        Finding(
          name: "quarantine",
          what: "\(HumanNumbers.counted(status.quarantined, "line")) could not be read as events",
          remedy: "foldlog quarantine list, then quarantine retry"))
    }
    // Those of tools that are not read at all are told of by the tool.
    let kinds = status.unknownKinds.filter { unreadFormat(of: $0.kind) == nil }
    let unknown = kinds.reduce(UInt64(0)) { $0 + $1.count }
    if unknown > 0 {
      let names = kinds.prefix(3).map(\.kind).joined(separator: ", ")
      findings.append(
        Finding(
          name: "kinds",
          what: "\(HumanNumbers.counted(unknown, "event")) of "
            + "\(HumanNumbers.counted(UInt64(kinds.count), "unknown kind")): \(names)",
          remedy: "foldlog status lists them: they are kept, and say nothing to the views"))
    }
    let incomplete = status.mismatches.filter(\.isMissing).sorted {
      ($1.count, $0.kind, $0.field) < ($0.count, $1.kind, $1.field)
    }
    if !incomplete.isEmpty {
      let shown = incomplete.prefix(3).map(\.sentence).joined(separator: "; ")
      let more = incomplete.count > 3 ? "; and \(incomplete.count - 3) more" : ""
      findings.append(
        Finding(
          name: "incomplete", what: shown + more,
          remedy: "what writes them should say it: `foldlog schema events/\(incomplete[0].kind)` "
            + "has what is needed, and `foldlog status` all that is missing"))
    }
    return findings
  }
}
