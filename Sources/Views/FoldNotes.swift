public import Events

/// What a projector tells of its fold while somebody watches, for explanations: what no row keeps.
///
/// Nobody watches a fold that serves. Holds all notes in memory: projectors note what is rare.
public final class FoldNotes {
  /// Something that an event did.
  public struct Note: Sendable {
    /// What it did it to, as the projector names it.
    public let subject: String
    public let offset: Offset
    /// The event before it that it has to do with.
    public let earlier: Offset?
    public let text: String
    /// Whether it was for the better, where that is asked.
    public let isGood: Bool?
  }

  /// In the order of the log.
  public private(set) var notes: [Note] = []

  private var members: [String: [Offset]] = [:]

  public init() {}

  /// Says which events something stands on by now: the first of them.
  public func setMembers(of subject: String, _ offsets: [Offset]) { members[subject] = offsets }

  /// The first events that something stands on; none when nobody said.
  public func members(of subject: String) -> [Offset] { members[subject] ?? [] }

  public func add(
    _ subject: String, at offset: Offset, after earlier: Offset? = nil, isGood: Bool? = nil,
    _ text: String
  ) {
    notes.append(
      Note(subject: subject, offset: offset, earlier: earlier, text: text, isGood: isGood))
  }

  /// The notes about something.
  public func about(_ subject: String) -> [Note] {
    notes.filter { $0.subject.utf8.elementsEqual(subject.utf8) }
  }
}
