import Bytes
import Events
import Facts
import Tables
import Views

/// The fields that are feedback.
let feedbackFields: UInt128 = Fields.mask(of: [
  .userFeedback, .rating, .helpful, .copiedToClipboard, .modifiedResponse, .accepted, .abandoned,
  .correctedResponse,
])

extension Fields {
  /// Whether the event carries feedback, explicit or implicit.
  var carriesFeedback: Bool { presence & feedbackFields != 0 }

  /// The fields of a mask.
  func only(_ mask: UInt128) -> Fields {
    if presence & ~mask == 0 { return self }
    var fields = Fields()
    forEach { field, value in
      if mask >> UInt128(field.rawValue) & 1 != 0 { fields[field] = value }
    }
    return fields
  }

  /// −1, 0 or +1: `user_feedback`, else a rating from 1 to 5, else whether it was helpful. A number
  /// out of range is ignored.
  var explicitFeedback: Int8? {
    switch number(.userFeedback) {
    case FixedPoint.one?: return 1
    case FixedPoint.zero?: return 0
    case FixedPoint(hundredths: -100)?: return -1
    default: break
    }
    if let rating = number(.rating), rating >= .one, rating <= FixedPoint(hundredths: 500) {
      if rating <= FixedPoint(hundredths: 200) { return -1 }
      return rating >= FixedPoint(hundredths: 400) ? 1 : 0
    }
    return bool(.helpful).map { $0 ? 1 : -1 }
  }

  /// Whether they say, without a rating, that it helped, or did not, and an earlier rating says
  /// otherwise: the later holds.
  func contradictsRating(of earlier: Fields) -> Bool {
    guard let helpful = bool(.helpful), !has(.rating), earlier.has(.rating) else { return false }
    let rating = earlier.only(Fields.mask(of: [.rating])).explicitFeedback
    return rating != (helpful ? 1 : -1)
  }
}

extension Feedback {
  /// Merges the feedback of one more event. The latest value of each kind is kept, so that feedback
  /// that is given twice counts once.
  mutating func observe(_ fields: Fields) {
    guard fields.carriesFeedback else { return }
    explicit = fields.explicitFeedback ?? explicit
    copied = fields.bool(.copiedToClipboard) ?? copied
    modified = fields.bool(.modifiedResponse) ?? modified
    accepted = fields.bool(.accepted) ?? accepted
    abandoned = fields.bool(.abandoned) ?? abandoned
  }
}

/// Counts a session's events that carry feedback, minute by minute of event time.
///
/// Every event with a session counts, whatever its stream, its kind and the interaction that it
/// belongs to, but one that repeats another.
struct FeedbackLimit {
  private static let minutes = StoredTable<Hash128, UInt64>(
    "feedback_minutes", isCounted: false, residentMax: 1 << 14)

  private let perMinuteMax: UInt64
  private let counts: KeyedTable<Hash128, UInt64>

  init(_ tables: FoldTables, perMinuteMax: UInt64) throws(TableError) {
    self.perMinuteMax = perMinuteMax
    counts = try tables.open(Self.minutes)
  }

  /// Counts an event. Returns whether its feedback is beyond what its session may give in a minute.
  func isExceeded(by event: borrowing Event) throws(TableError) -> Bool {
    guard event.fields.carriesFeedback, let session = event.fields.text(.sessionID) else {
      return false
    }
    let minute = minute(of: event.time)
    let key = pair(Hash128(of: session).value, UInt128(UInt64(bitPattern: minute)))
    let count = try counts.change(key) { row in
      let count = (row ?? 0) &+ 1
      row = count
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
