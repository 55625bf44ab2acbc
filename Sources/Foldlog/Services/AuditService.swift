internal import EventLog
package import Events
internal import Logging
package import Query

/// What was done, as its receipt says it.
package struct AuditEntry: Equatable, Sendable {
  package let number: UInt64
  package let time: Timestamp
  /// `log_export`, by which programs tell acts apart.
  package let act: String
  /// `log export`: what does it.
  package let command: String
  package let subject: String
  package let rows: UInt64?
  package let target: String?
  package let offset: Offset?
  package let isWhole: Bool

  fileprivate init(_ number: UInt64, _ receipt: Receipt) {
    self.number = number
    time = receipt.time
    act = receipt.act?.name ?? "unknown"
    command = receipt.act?.command ?? "of a later foldlog"
    subject = receipt.subject
    rows = receipt.rows
    target = receipt.target
    offset = receipt.offset
    isWhole = receipt.isWhole
  }
}

/// What standard output is called where a receipt says where something went.
let standardOutputName = "-"

/// Keeps receipts of what this program did that no event tells of, and gives them out.
package struct AuditService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// The receipts, the oldest first.
  package func entries(_ request: AuditRequest.Checked) throws(FoldlogError) -> [AuditEntry] {
    try store.requireLog()
    return try store.reporting {
      try LogReader(store.openLog()).receipts(last: request.limit).map { AuditEntry($0, $1) }
    }
  }

  /// Notes what was done. Where no receipt can be kept, that is told: what was done is done.
  ///
  /// - Parameters:
  ///   - end: the offset that what it is about ends before.
  ///   - number: of the receipt whose place this one takes.
  /// - Returns: its number; nil where none could be kept.
  @discardableResult
  func note(
    _ act: Receipt.Act, of subjects: [String] = [], rows: UInt64? = nil, to target: String? = nil,
    before end: Offset? = nil, isWhole: Bool = true, as number: UInt64? = nil
  ) -> UInt64? {
    var receipt = Receipt(act, at: wallClock())
    receipt.subject = subjects.joined(separator: " ")
    receipt.rows = rows
    receipt.target = target
    receipt.offset = end.flatMap { $0 == 0 ? nil : $0 - 1 }
    receipt.isWhole = isWhole
    do {
      try store.requireWritable()
      return try store.openLog().keep(receipt, as: number)
    } catch {
      let reason = FoldlogError(error)
      store.logger.warning("no receipt", error: reason, metadata: ["act": "\(act.name)"])
      store.notices.tellOnce("`foldlog audit` will not tell of this: \(reason)")
      return nil
    }
  }

  /// Runs what gives lines out, and notes how many went out. That it began is noted first: nothing goes
  /// out unnoted where the process ends meanwhile, as it does when the reader of a pipe goes away.
  func noting<Result>(
    _ act: Receipt.Act, of subjects: [String] = [], to target: String, before end: Offset? = nil,
    _ body: (LineCount) throws -> Result
  ) throws -> Result {
    let lines = LineCount()
    let number = note(act, of: subjects, to: target, before: end, isWhole: false)
    func noteEnd(isWhole: Bool) {
      guard let number else { return }
      note(
        act, of: subjects, rows: lines.count, to: target, before: end, isWhole: isWhole,
        as: number)
    }
    do {
      let result = try body(lines)
      noteEnd(isWhole: true)
      return result
    } catch {
      noteEnd(isWhole: false)
      throw error
    }
  }
}

/// How many lines were given out.
final class LineCount {
  private(set) var count: UInt64 = 0

  /// Counts lines that end in these bytes.
  func add(_ bytes: [UInt8]) {
    var more: UInt64 = 0
    for byte in bytes where byte == UInt8(ascii: "\n") { more &+= 1 }
    count += more
  }
}

extension Receipt.Act {
  var name: String {
    switch self {
    case .datasetExport: "dataset_export"
    case .skillsExport: "skills_export"
    case .logExport: "log_export"
    case .quarantineExport: "quarantine_export"
    case .quarantineRetry: "quarantine_retry"
    case .skip: "event_skipped"
    case .noSkip: "event_not_skipped"
    case .replay: "views_replayed"
    case .rebuild: "views_rebuilt"
    case .keep: "builds_kept"
    case .use: "builds_used"
    case .rollback: "builds_rolled_back"
    case .drop: "builds_dropped"
    case .compact: "compacted"
    }
  }

  /// The command that does it.
  var command: String {
    switch self {
    case .datasetExport: "dataset export"
    case .skillsExport: "skills export"
    case .logExport: "log export"
    case .quarantineExport: "quarantine export"
    case .quarantineRetry: "quarantine retry"
    case .skip: "project --skip"
    case .noSkip: "project --no-skip"
    case .replay: "replay"
    case .rebuild: "project"
    case .keep: "replay --keep"
    case .use: "replay --use"
    case .rollback: "replay --rollback"
    case .drop: "replay --drop"
    case .compact: "compact"
    }
  }
}

extension [AuditEntry] {
  /// As `foldlog audit --format json` prints them.
  package var document: JSONDocument {
    .list(
      map { entry in
        .object([
          ("number", .number(entry.number)), ("time", .text("\(entry.time)")),
          ("act", .text(entry.act)), ("command", .text(entry.command)),
          ("subject", .text(entry.subject)), ("rows", entry.rows.map { .number($0) } ?? .null),
          ("to", .optional(entry.target)), ("offset", entry.offset.map { .number($0) } ?? .null),
          ("whole", .bool(entry.isWhole)),
        ])
      })
  }
}
