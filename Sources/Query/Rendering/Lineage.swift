internal import Events
package import Views

/// What is known of how something came about: an event or a row, all that it stands on, and what was
/// made of it.
package struct Lineage: Sendable {
  /// A row of a table, and how it came about where that was asked.
  package struct ExplainedRow: Sendable {
    package let table: String
    package let key: [String]
    package let row: AnswerRow
    package let explanation: Explanation?

    package init(table: String, key: [String], row: AnswerRow, explanation: Explanation? = nil) {
      self.table = table
      self.key = key
      self.row = row
      self.explanation = explanation
    }

    /// What the row is asked for by: `values 48`.
    package var name: String {
      let parts = key.map { column in
        let cell = row[column]
        return cell.isNull ? "null" : quotedIfNeeded(cell.plainText)
      }
      return ([table] + parts).joined(separator: " ")
    }
  }

  /// The last event that is in what was asked; −1 for none.
  package var offset: Int64
  /// The event that was asked for; nil for a row.
  package var event: ShownEvent?
  /// What the event does to interactions.
  package var role: String?
  package var interaction: Explanation?
  /// The row that was asked for, or those that the event went into.
  package var rows: [ExplainedRow] = []
  /// The events that the row, or the interaction, stands on.
  package var events: [ShownEvent] = []
  /// How many events these are in all.
  package var eventCount: UInt64 = 0
  /// What a person should know beside: what was not looked at, and why.
  package var notes: [String] = []

  package init(offset: Int64) { self.offset = offset }
}

/// In single quotes where a shell would take it apart.
private func quotedIfNeeded(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || "_-./:,+=@%".utf8.contains(byte) || byte >= 0x80
  }
  if plain, !text.isEmpty { return text }
  return
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}
