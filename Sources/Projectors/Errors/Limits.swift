/// The limits of the view, together: they bound what an event can cost.
enum Limits {
  /// Words of a message that count; what follows is not looked at.
  static let wordsMax = 64
  /// Bytes of a word; a longer one is data.
  static let wordSizeMax = 64
  /// Bytes of punctuation kept between two words of a template.
  static let separatorSizeMax = 16
  /// Words of a thing that a list repeats.
  static let repeatedWordsMax = 4
  /// Bytes between two quotation marks.
  static let quotedSizeMax = 1_024
  /// Bytes of a key of JSON or of a dictionary.
  static let keySizeMax = 40
  /// Errors of one call or task that wait for it to succeed.
  static let openErrorsMax = 8
  /// Bytes of the text of a fix.
  static let fixSizeMax = 500
  /// Bytes of the example that a pattern shows.
  static let exampleSizeMax = 2_000
  /// First words that a length may branch into; other words share one branch.
  static let firstWordsMax = 256
  /// Second words that a first word may branch into.
  static let secondWordsMax = 64
  /// Groups in a leaf of the parse tree; what fits none of a full leaf joins its overflow group.
  static let leafMax = 64
}

/// When groups are one group, seen with more than one value.
enum Merging {
  /// Distinct values at one place, all else being equal.
  static let valuesMin = 4
  /// Words that must be equal then.
  static let equalWordsMin = 2
  /// Similar groups in one leaf that may differ in several places.
  static let crowdMin = 4
  /// Distinct values in each of those places.
  static let crowdValuesMin = 3
}
