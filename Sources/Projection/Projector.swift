public import Events
public import Facts
public import Views

/// A pure fold of events and facts into the tables of one view.
///
/// It knows no clock, no file and no other projector. What it remembers is in its tables, so that a
/// fold can stop after any event and go on in another process. The result depends on the order of
/// the events alone, never on how they are cut into batches.
public protocol Projector: AnyObject, SendableMetatype {
  /// The name of the view: a word, lower-case.
  static var view: String { get }

  /// Changes whenever the same log would give other rows.
  static var version: UInt32 { get }

  /// Whether it folds facts, so that the version and the settings of the interactions step count in
  /// its view's digest.
  static var usesFacts: Bool { get }

  /// What the view answers: its main table first.
  static var answers: [any ExplainedTable] { get }

  /// Opens its tables.
  init(tables: TableSet) throws(TableError)

  /// Folds a batch. Throws at an event that it cannot fold; it is then set back and stops there.
  func apply(_ batch: FoldBatch) throws(FoldError)
}

extension FoldError {
  /// A table failed while an event was folded.
  public init(at offset: Offset, _ cause: TableError) {
    self.init(at: offset, cause.description, isStorage: true, isDamage: cause.isDamage)
  }
}
