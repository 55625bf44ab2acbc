public import Events

/// What a projector tells of its fold while somebody watches, for explanations: what no row keeps.
///
/// Nobody watches a fold that serves. All notes are held in memory: projectors note what is rare.
/// One thread at a time uses it, as it does the projector.
public final class FoldTrace: @unchecked Sendable {
  /// Something that an event did.
  public struct Note: Sendable {
    /// What it did it to, as the projector names it.
    public let subject: String
    public let offset: Offset
    public let text: String
  }

  /// In the order of the log.
  public private(set) var notes: [Note] = []

  public init() {}

  public func add(_ subject: String, at offset: Offset, _ text: String) {
    notes.append(Note(subject: subject, offset: offset, text: text))
  }

  /// The notes about something.
  public func about(_ subject: String) -> [Note] {
    notes.filter { $0.subject.utf8.elementsEqual(subject.utf8) }
  }
}
