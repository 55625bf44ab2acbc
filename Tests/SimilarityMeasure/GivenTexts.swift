import TestSupport

/// Texts from standard input, one a line, as words that are numbers: words are told apart here once
/// more, in the plain way, so that the measurement does not lean on what it measures.
struct GivenTexts {
  private var numbers: [String: Int] = [:]
  private(set) var texts: [(text: String, shingles: [UInt64])] = []
  /// Texts of more shingles than are compared exactly.
  private(set) var tooLong = 0

  private static let shinglesMax = 256

  init() {
    while let line = readLine() {
      let shingles = NumberedText(words(line).map { number($0) }).shingles
      if shingles.isEmpty { continue }
      if shingles.count > Self.shinglesMax {
        tooLong += 1
      } else {
        texts.append((line, shingles))
      }
    }
  }

  private mutating func number(_ word: String) -> Int {
    if let known = numbers[word] { return known }
    numbers[word] = numbers.count
    return numbers.count - 1
  }

  private func words(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    for scalar in line.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .uppercaseLetter, .titlecaseLetter: word += scalar.properties.lowercaseMapping
      case .lowercaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
        word.unicodeScalars.append(scalar)
      default:
        if !word.isEmpty { words.append(word) }
        word = ""
      }
    }
    return word.isEmpty ? words : words + [word]
  }
}
