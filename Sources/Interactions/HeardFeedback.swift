import Bytes
import Events
import Facts

/// The fields that are feedback.
let feedbackFields: UInt128 = Fields.mask(of: [
  .userFeedback, .rating, .helpful, .copiedToClipboard, .modifiedResponse, .accepted, .abandoned,
  .correctedResponse,
])

extension Fields {
  /// Whether the event carries feedback, said or shown.
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
  /// beyond its range says nothing.
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
}

extension Feedback {
  /// Hears one event more. What is said or shown again takes the place of what was: whoever speaks
  /// twice counts once, with the last.
  mutating func hear(_ fields: Fields) {
    guard fields.carriesFeedback else { return }
    explicit = fields.explicitFeedback ?? explicit
    copied = fields.bool(.copiedToClipboard) ?? copied
    modified = fields.bool(.modifiedResponse) ?? modified
    accepted = fields.bool(.accepted) ?? accepted
    abandoned = fields.bool(.abandoned) ?? abandoned
  }
}
