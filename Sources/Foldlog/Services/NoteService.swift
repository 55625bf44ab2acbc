internal import Bytes
internal import EventLog
internal import Events
internal import Pipeline

/// Appends notes to the log.
package struct NoteService {
  let store: Store

  package init(_ store: Store) { self.store = store }

  /// Appends a note, and brings the views up to date, unless another process keeps them.
  @available(*, noasync)
  package func run(_ note: NoteRequest.Checked) throws(FoldlogError) -> ProjectionOutcome {
    try store.reporting {
      if store.directory.hasLog { try store.requireWritable() }
      try store.directory.make()
      let now = wallClock()
      var line = JSONLineWriter()
      line.member("event", text: NotedKnowledge.kinds[0])
      line.member("ts", text: "\(now)")
      line.member("section", text: note.section.rawValue)
      line.member("key", text: note.key)
      // An empty text is none in a payload: a blank takes back what was noted.
      line.member("text", text: note.text.isEmpty ? " " : note.text)
      line.member("project", text: note.project)
      let log = try store.openWholeLog()
      try OwnLines(log, now: wallClock).append(
        [.init(line.bytes)])
      try AdviceSpool(store).takeIn(log)
    }
    return project()
  }

  /// How often, and after how many milliseconds each, it is tried again to bring the views up to date.
  private static let triesMax = 40
  private static let pause_ms: UInt32 = 25

  /// Who keeps the views may have looked at the log's end before the note was there, and look no more: it
  /// is waited for, unless it goes on keeping them, as a follower does.
  private func project() -> ProjectionOutcome {
    let views = ViewService(store)
    var outcome = views.projectTaken(progress: { _ in })
    for _ in 0..<Self.triesMax where outcome.isFollowed {
      pause(milliseconds: Self.pause_ms)
      outcome = views.projectTaken(progress: { _ in })
    }
    return outcome
  }
}
