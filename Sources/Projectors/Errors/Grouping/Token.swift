/// A word of a message, or what was masked in its place.
struct Token: Equatable {
  enum Mask: UInt8 {
    /// The word itself.
    case none
    /// The word up to its number: `blk_<*>`.
    case suffix
    /// `<*>`.
    case whole
  }

  /// Equal for equal words; 0 where all is masked.
  var hash: UInt64
  var mask: Mask
  /// Whether it stands for a number, so that a unit may follow.
  var isNumber = false
  /// Where the punctuation before it begins.
  var separatorStart: Int
  /// The word's bytes; of a masked suffix, those before it.
  var start: Int
  var end: Int

  static let wildcardHash: UInt64 = 0

  /// Set in the hash of a word that says what went wrong, which groups that become one agree on.
  static let tellingBit: UInt64 = 1 << 63

  static func isTelling(_ hash: UInt64) -> Bool { hash & tellingBit != 0 }
}

/// A word of a template, with the punctuation before it.
struct Piece: Equatable, Sendable {
  static let wildcard = "<*>"

  var separator: String
  var word: String
}
