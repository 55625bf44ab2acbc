package import Bytes
package import Views

/// What a message is grouped by.
package struct Wording: Equatable {
  /// The words of its telling line.
  package var hashes: [WordHash] = []
  /// Tells apart messages that have no word, or whose words say nothing.
  package var salt: UInt64 = 0
  /// The hash of a message that is no text, or whose line has no words.
  package var whole: Hash128?

  package init() {}

  package init(hashes: [WordHash], salt: UInt64) {
    self.hashes = hashes
    self.salt = salt
  }

  package init(whole: Hash128) { self.whole = whole }

  /// Whether a group can hold both: groups are of messages of as many words that nothing else tells
  /// apart.
  package func mayShareGroup(with other: Wording) -> Bool {
    hashes.count == other.hashes.count && salt == other.salt && whole == other.whole
  }
}

extension Wording: Row {
  package static func columns<Visitor: ColumnVisitor>(
    _ row: inout Wording, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.hidden("hashes", &row.hashes)
    try visit.hidden("salt", &row.salt)
    try visit.hidden("whole", &row.whole)
  }
}

/// What bounds the cost of a message that is grouped.
package enum ErrorLimits {
  /// Words of a message that count; what follows is not looked at.
  package static let wordsMax = 64
  /// Bytes of a word; a longer one is data.
  package static let wordSizeMax = 64
  /// Bytes of punctuation kept between two words of a template.
  package static let separatorSizeMax = 16
  /// Lines of a message of many that are looked at, from its beginning and again before its end.
  package static let linesMax = 500
  /// Bytes of a line in which it is looked for what sort of line it is.
  package static let lineSizeMax = 4_096
  /// What stands before one line, as a container, a time and a runner write it, one before the other.
  package static let prefixesMax = 8
  /// Bytes of a page of HTML or XML, and those in which it shows that it is one.
  package static let pageSizeMax = 65_536
  package static let pageStartMax = 512
  /// Bytes of an object of JSON on one line from which on only its message is taken.
  package static let objectSizeMin = 500
  /// Words of a thing that a list repeats.
  package static let repeatedWordsMax = 4
  /// Bytes between two quotation marks.
  package static let quotedSizeMax = 1_024
  /// Bytes of a key of JSON or of a dictionary.
  package static let keySizeMax = 40
  /// Errors of one call, task or session that wait to be mended, those alike counted as one; and what
  /// was last mended there.
  package static let openErrorsMax = 1_024
  /// Errors of a pattern, of no task or session, that wait each for itself.
  package static let separateErrorsMax = 64
  /// Attempts of a session with its tasks that are told anew when one is read late: no more than
  /// errors that wait, so that none of theirs is lost.
  package static let attemptsMax = 1_024
  /// Reports of errors that are not known yet.
  package static let unknownReportsMax = 1_024
  /// Bytes of the text of a fix.
  package static let fixSizeMax = 500
  /// Bytes of the example that a pattern shows.
  package static let exampleSizeMax = 2_000
  /// First words that a length may branch into; other words share one branch.
  package static let firstWordsMax = 256
  /// Second words that a first word may branch into.
  package static let secondWordsMax = 64
  /// Groups in a leaf of the parse tree; what fits none of a full leaf joins its overflow group.
  package static let leafMax = 64
}

/// A text as a number that is never 0.
package func identity(_ text: String) -> UInt64 {
  let hash = UInt64(truncatingIfNeeded: Hash128(of: text).value)
  return hash == 0 ? 1 : hash
}

/// Mixes two numbers into one, as SplitMix64 does: the same on every machine.
@inlinable
package func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
  var value = (left &* 0x9e37_79b9_7f4a_7c15) ^ right
  value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
  value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
  return value ^ (value >> 31)
}
