import Bytes
import Events
import Facts
import Tables
import Views

/// What a session is called, or what a conversation is about.
struct SessionName: StoredRow, Equatable {
  var text: String

  init(_ text: String) { self.text = text }

  func encode(into writer: inout ByteWriter) { writer.append(text: text) }
  init(from reader: inout ByteReader) throws(BytesError) { text = try reader.text() }
}

// What sessions are about, and what came of them, as their tools say it: a summary stands in the file of
// any session, and names the line that ends the conversation that it is of.
extension Conversations {
  /// A summary is of the session that has a line; where the line was not read so far, it waits.
  func summary(
    _ text: String, ofLine leaf: Hash128, _ event: Event, _ batch: inout ConversationBatch
  ) throws(TableError) {
    if let owner = try lines.row(leaf), owner != Self.awaited {
      guard let session = try sessions.row(owner) else { return }
      batch.notes.append(titled(text, session.text, event))
    } else {
      try lines.put(leaf, Self.awaited)
      try summaries.put(leaf, SessionName(text))
    }
  }

  /// A line was read of which a summary was told before.
  func entitle(
    _ event: Event, _ record: ConversationRecord, in place: String, by line: Hash128,
    _ batch: inout ConversationBatch
  ) throws(TableError) {
    guard let text = try summaries.row(line)?.text else { return }
    batch.notes.append(titled(text, place, event))
    try summaries.remove(line)
  }

  private func titled(_ text: String, _ session: String, _ event: Event) -> SessionNote {
    SessionNote(
      of: event.id,
      CallContext(
        stream: event.stream, session: session, agent: event.fields.text(.agent), time: event.time,
        isTimeInferred: event.envelope.isTimeInferred),
      .summary(text))
  }

  /// A line without a time is given that of the line that its file begins with, where only that tells one.
  func timed(_ event: Event, _ record: ConversationRecord) throws(TableError) -> Event {
    guard event.envelope.isTimeInferred, record.session == nil, record.line == nil,
      let cursor = try cursors.row(event.envelope.source), cursor.saysBegan
    else { return event }
    var envelope = event.envelope
    envelope.time = cursor.began
    return Event(event.id, envelope: envelope, fields: event.fields, record: event.record)
  }
}

extension ConversationFold {
  /// A pull request came of the session.
  mutating func link(_ address: String) {
    note(.pullRequest(address))
    note(.activity)
    isDropped = true
  }
}
