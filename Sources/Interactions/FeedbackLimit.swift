import Bytes
import Events
import Tables
import Views

/// Counts a session's events that carry feedback, minute by minute of event time.
///
/// Every event with a session counts, whatever its stream, its kind and the interaction that it
/// belongs to, but one that repeats another.
struct FeedbackLimit {
  private static let minutes = StoredTable<Hash128, NumberRow>(
    "feedback_minutes", isCounted: false, residentMax: 1 << 14)

  private let perMinuteMax: UInt64
  private let counts: KeyedTable<Hash128, NumberRow>

  init(_ tables: FoldTables, perMinuteMax: UInt64) throws(TableError) {
    self.perMinuteMax = perMinuteMax
    counts = try tables.open(Self.minutes)
  }

  /// Counts an event. Returns whether its feedback is beyond what its session may give in a minute.
  func isExceeded(by event: Event) throws(TableError) -> Bool {
    guard event.fields.carriesFeedback, let session = event.fields.text(.sessionID) else {
      return false
    }
    let minute = minute(of: event.time)
    let key = pair(Hash128(of: session).value, UInt128(UInt64(bitPattern: minute)))
    let count = try counts.change(key) { row in
      let count = (row?.value ?? 0) &+ 1
      row = NumberRow(count)
      return count
    }
    return count > perMinuteMax
  }
}

/// Minutes since 1970, rounded down.
private func minute(of time: Timestamp) -> Int64 {
  let (quotient, remainder) = time.seconds.quotientAndRemainder(dividingBy: 60)
  return remainder < 0 ? quotient - 1 : quotient
}
