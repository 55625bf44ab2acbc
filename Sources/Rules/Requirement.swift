/// What a text has in which a pattern matches, which is looked for before the pattern itself is.
package struct Requirement: Equatable, Sendable {
  /// One of these texts at least, which are in small letters; empty where none is telling.
  package var texts: [[UInt8]]
  /// Whether a match begins with one of them.
  package var isFirst: Bool
  /// So many letters and digits one after the other.
  package var run: Int
  /// The same, of letters, digits, `_` and `-`.
  package var wordRun: Int
  /// One of these signs of ASCII at least, a bit each; 0 where none is telling.
  package var signs: UInt128

  package init(
    texts: [[UInt8]] = [], isFirst: Bool = false, run: Int = 0, wordRun: Int = 0,
    signs: UInt128 = 0
  ) {
    self.texts = texts
    self.isFirst = isFirst
    self.run = run
    self.wordRun = wordRun
    self.signs = signs
  }
}

/// What a text has; of runs each is found out when it is first asked for.
struct TextLook {
  var seen = SeenBytes()
  private var runs = Runs()
  private var wordRuns = Runs()

  /// The longest run that is known to be there, and the shortest that is known not to be.
  private struct Runs {
    var least = 0
    var beyond = Int.max
  }

  mutating func meets(_ needed: Requirement, _ text: Span<UInt8>) -> Bool {
    (needed.signs == 0 || seen.holdsOne(of: needed.signs))
      && (needed.run == 0 || Self.has(needed.run, &runs, text, isAlphanumeric))
      && (needed.wordRun == 0 || Self.has(needed.wordRun, &wordRuns, text, isWordByte))
  }

  /// Looks from the end of where a run would stand, so that most bytes are passed over.
  @inline(__always)
  private static func has(
    _ least: Int, _ runs: inout Runs, _ text: Span<UInt8>, _ isPart: (UInt8) -> Bool
  ) -> Bool {
    if least <= runs.least { return true }
    if least >= runs.beyond { return false }
    var start = 0
    while start + least <= text.count {
      var index = start + least - 1
      while index >= start, isPart(text[index]) { index -= 1 }
      if index < start {
        runs.least = least
        return true
      }
      start = index + 1
    }
    runs.beyond = least
    return false
  }
}

func isWordByte(_ byte: UInt8) -> Bool {
  isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

func isAlphanumeric(_ byte: UInt8) -> Bool {
  byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
}

/// A letter in its small form, any other byte as it is: also of Latin-1, as which bytes are matched.
func lowered(_ byte: UInt8) -> UInt8 {
  let isLatin = byte &- 0xc0 < 0x1f && byte != 0xd7
  return byte &- UInt8(ascii: "A") < 26 || isLatin ? byte | 0x20 : byte
}
