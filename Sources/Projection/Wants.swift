internal import Bytes
public import Events
public import Views

/// What a view wants done outside of the fold, a row each, as it declares it.
///
/// A fold touches no network. So what it wants done is a row of this table; `foldlog react` does it,
/// and appends what came of it as an event that carries the row's `request_id`. Folding that event
/// takes the row away. A replay finds the answer in the log, and calls nobody.
///
/// The rows' first columns are those of `WantedEffect`; the others are what the effect needs.
public struct Wants: Sendable {
  /// What is wanted: `extract_skill`, `webhook`.
  public let kinds: [String]
  public let table: any ExplainedTable

  public init(kinds: [String], in table: any ExplainedTable) {
    self.kinds = kinds
    self.table = table
  }
}

/// The columns that every row of wants begins with.
public struct WantedEffect: Equatable, Sendable {
  public private(set) var requestID: String
  public private(set) var kind: String
  public private(set) var subject: String
  public private(set) var since: Offset
  /// How often it was tried in vain: what failed least comes first.
  public private(set) var failures: UInt64 = 0
  /// How often a server did not take it while it took others.
  public private(set) var refusals: UInt64 = 0

  /// Of a row that is about to be read.
  public init() {
    (requestID, kind, subject, since) = ("", "", "", 0)
  }

  /// - Parameters:
  ///   - kind: what is wanted.
  ///   - subject: of what.
  ///   - revision: of the projector's wants: a higher one wants everything once more.
  ///   - since: the line by which it came to be wanted.
  ///   - failures: how often it was tried in vain.
  ///   - refusals: how often a server did not take it while it took others.
  public init(
    _ kind: String, of subject: String, revision: UInt64, since: Offset, failures: UInt64 = 0,
    refusals: UInt64 = 0
  ) {
    (self.failures, self.refusals) = (failures, refusals)
    self.kind = kind
    self.subject = subject
    self.since = since
    // No setting is in it: what another model is asked now would be paid for twice.
    var writer = ByteWriter()
    writer.append(text: kind)
    writer.append(text: subject)
    writer.append(varint: revision)
    requestID = "\(Hash128(of: writer.bytes))"
  }

  /// Notes that it was tried in vain, and is wanted still: an event `effect_failed` that is not final.
  public mutating func fail(_ failure: FailedEffect) {
    // foldlog was to stop: that is nobody's failure.
    if failure.status == "cancelled" { return }
    failures += 1
    if failure.isRefused == true { refusals += 1 }
  }

  /// Forgets that it was tried: somebody wants it all the same.
  public mutating func renew() { (failures, refusals) = (0, 0) }

  public static let columns = [
    "request_id", "kind", "subject", "since_offset", "failures", "refusals",
  ]
}

extension ColumnVisitor {
  /// The columns that every row of wants begins with.
  @inlinable
  public mutating func wanted(_ effect: inout WantedEffect) throws(Failure) {
    try effect.show(to: &self)
  }
}

extension WantedEffect {
  @usableFromInline
  mutating func show<Visitor: ColumnVisitor>(
    to visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(
      "request_id", &requestID,
      "Names the want: a hash of kind, subject and the revision of the view's wants, of no setting."
    )
    try visit.column("kind", &kind, "What `foldlog react` is to do.")
    try visit.column("subject", &subject, "Of what.")
    try visit.column("since_offset", &since, "The line by which it came to be wanted.")
    try visit.column(
      "failures", &failures, unit: .count,
      "How often that was tried in vain: what failed least is done first.")
    try visit.column(
      "refusals", &refusals, unit: .count,
      "How often a server did not take it while it took others: after five, it is given up.")
  }
}
