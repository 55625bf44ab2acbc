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
      line.member("text", text: note.text)
      line.member("project", text: note.project)
      let log = try store.openWholeLog()
      try OwnLines(log, now: wallClock).append(
        [.init(line.bytes)])
      try AdviceSpool(store).takeIn(log)
    }
    return ViewService(store).projectTaken(progress: { _ in })
  }
}
