/// Reads a pattern for what it needs: takes it for what it could match at most, so that what it does
/// not know costs time and never a match.
package struct RequiredTexts {
  private let pattern: [UInt8]
  private var position = 0
  /// Whether something stands in the pattern that is not known here.
  private var isUnknown = false
  /// Whether texts with which a match begins are rather taken than others behind them, unless these
  /// are much rarer.
  private let prefersFirst: Bool

  /// Texts of a pattern, and of a part that stands for few texts in all.
  private static var textsMax: Int { 1_024 }
  private var exactMax: Int { prefersFirst ? 256 : 128 }
  private static var textSizeMax: Int { 16 }
  /// Characters of a class that are told apart.
  private static var classMax: Int { 26 }

  /// That of three letters.
  private static var weightMin: Int { 6 }
  /// That of four.
  private static var firstWeightMin: Int { 8 }

  /// The shortest run that is telling.
  private static var runMin: Int { 12 }

  package static func of(_ pattern: String, prefersFirst: Bool = false) -> Requirement {
    var reader = RequiredTexts(pattern: Array(pattern.utf8), prefersFirst: prefersFirst)
    let part = reader.alternatives()
    if reader.isUnknown || reader.position < reader.pattern.count { return Requirement() }
    var needed = Requirement(
      run: part.run >= runMin ? part.run : 0, wordRun: part.wordRun >= runMin ? part.wordRun : 0,
      signs: part.signs)
    if let texts = part.needed, texts.count <= textsMax, weight(texts) >= weightMin {
      needed.texts = texts
      needed.isFirst = prefersFirst && part.begins
    }
    return needed
  }

  private init(pattern: [UInt8], prefersFirst: Bool) {
    self.pattern = pattern
    self.prefersFirst = prefersFirst
  }

  /// What a part of a pattern matches.
  private struct Part {
    /// All that it can match; nil where that is much.
    var exact: [[UInt8]]?
    /// What stands in all that it matches: one of these at least; nil where that is not known.
    var required: [[UInt8]]?
    /// Whether all that it matches begins with one of these.
    var isFirst = false
    /// How many letters and digits stand one after the other in all that it matches, at least.
    var run = 0
    /// Whether it is one letter or digit.
    var isAlphanumeric = false
    /// The same, of letters, digits, `_` and `-`.
    var wordRun = 0
    var isOfWords = false
    /// Signs of which all that it matches has one.
    var signs: UInt128 = 0

    static var anything: Part { Part(exact: nil, required: nil) }
    static var nothing: Part { Part(exact: [[]], required: nil) }

    var needed: [[UInt8]]? { exact ?? required }
    var begins: Bool { exact != nil || required != nil && isFirst }
  }

  /// How telling it is that one of these texts is there.
  private static func weight(_ texts: [[UInt8]]) -> Int {
    var least = Int.max
    for text in texts {
      var weight = 0
      for byte in text { weight += rarity(byte) }
      least = min(least, weight)
    }
    return texts.isEmpty ? 0 : least
  }

  private static func rarity(_ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "@"): 12
    case UInt8(ascii: "$"), UInt8(ascii: "%"): 6
    case UInt8(ascii: "-"): 5
    case UInt8(ascii: "j"), UInt8(ascii: "q"), UInt8(ascii: "w"), UInt8(ascii: "z"): 4
    default: 2
    }
  }

  // MARK: Reading

  private var next: UInt8? { position < pattern.count ? pattern[position] : nil }

  private mutating func take(_ text: StaticString) -> Bool {
    let size = text.utf8CodeUnitCount
    let isNext =
      position + size <= pattern.count
      && text.withUTF8Buffer { unsafe pattern[position..<(position + size)].elementsEqual($0) }
    if isNext { position += size }
    return isNext
  }

  private mutating func alternatives() -> Part {
    var whole = sequence()
    while take("|") {
      let other = sequence()
      let run = min(whole.run, other.run)
      let wordRun = min(whole.wordRun, other.wordRun)
      let signs = whole.signs == 0 || other.signs == 0 ? 0 : whole.signs | other.signs
      let begins = whole.begins && other.begins
      if let size = whole.exact?.count, let right = other.exact, size + right.count <= exactMax {
        whole.required = nil
        whole.exact?.append(contentsOf: right)
      } else if let left = whole.needed, let right = other.needed {
        whole.exact = nil
        whole.required = left + right
      } else {
        whole = .anything
      }
      (whole.run, whole.wordRun, whole.signs, whole.isFirst) = (run, wordRun, signs, begins)
      (whole.isAlphanumeric, whole.isOfWords) = (false, false)
    }
    return whole
  }

  private mutating func sequence() -> Part {
    var run: [[UInt8]] = [[]]
    var best: [[UInt8]]?
    var bestWeight = 0
    var bestIsFirst = false
    var isExact = true
    var (longest, longestOfWords) = (0, 0)
    var signs: UInt128 = 0
    func consider(_ texts: [[UInt8]]?, isFirst: Bool = false) {
      guard let texts else { return }
      let weight = Self.weight(texts)
      let isKept = prefersFirst && bestIsFirst && bestWeight >= Self.firstWeightMin
      if weight > bestWeight + (isKept ? Self.firstWeightMin - 1 : 0) {
        (best, bestWeight, bestIsFirst) = (texts, weight, isFirst)
      }
    }
    while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
      if let plain = plainByte(), run[0].count < Self.textSizeMax {
        position += 1
        for index in run.indices { run[index].append(plain) }
        continue
      }
      let part = repeated(single())
      longest = max(longest, part.run)
      longestOfWords = max(longestOfWords, part.wordRun)
      if Self.isRarer(part.signs, than: signs) { signs = part.signs }
      if let exact = part.exact, let joined = joined(run, exact) {
        run = joined
        continue
      }
      consider(run, isFirst: isExact)
      consider(part.required, isFirst: isExact && part.begins && run == [[]])
      isExact = false
      run = part.exact ?? [[]]
    }
    if isExact {
      return Part(
        exact: run, required: nil, run: longest, wordRun: longestOfWords, signs: signs)
    }
    consider(run)
    return Part(
      exact: nil, required: best, isFirst: bestIsFirst, run: longest, wordRun: longestOfWords,
      signs: signs)
  }

  /// The letter, digit or space that comes next, if nothing behind it repeats it.
  private func plainByte() -> UInt8? {
    guard let byte = next, isAlphanumeric(byte) || byte == UInt8(ascii: " ") else { return nil }
    guard position + 1 < pattern.count else { return lowered(byte) }
    switch pattern[position + 1] {
    case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"): return nil
    default: return lowered(byte)
    }
  }

  private func joined(_ left: [[UInt8]], _ right: [[UInt8]]) -> [[UInt8]]? {
    guard left.count * right.count <= exactMax else { return nil }
    var joined: [[UInt8]] = []
    joined.reserveCapacity(left.count * right.count)
    for start in left {
      for end in right {
        if start.count + end.count > Self.textSizeMax { return nil }
        joined.append(start + end)
      }
    }
    return joined
  }

  /// A part with the sign of repetition behind it, if there is one.
  private mutating func repeated(_ part: Part) -> Part {
    var part = part
    while let byte = next {
      switch byte {
      case UInt8(ascii: "?"):
        position += 1
        part = Part(exact: part.exact.map { $0 + [[]] }, required: nil)
      case UInt8(ascii: "*"):
        position += 1
        part = .anything
      case UInt8(ascii: "+"):
        position += 1
        part = Part(
          exact: nil, required: part.needed, isFirst: part.begins, run: part.run,
          wordRun: part.wordRun, signs: part.signs)
      case UInt8(ascii: "{"):
        guard let least = bound() else {
          isUnknown = true
          return .anything
        }
        let run = part.isAlphanumeric ? least : part.run
        let wordRun = part.isOfWords ? least : part.wordRun
        part =
          least == 0
          ? .anything
          : Part(
            exact: nil, required: part.needed, isFirst: part.begins, run: run, wordRun: wordRun,
            signs: part.signs)
      default: return part
      }
      // Fewer rather than more is the same set of texts.
      _ = take("?")
    }
    return part
  }

  /// The least number of `{2}`, `{2,}` and `{2,5}`.
  private mutating func bound() -> Int? {
    guard let end = pattern[position...].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let inside = String(decoding: pattern[(position + 1)..<end], as: UTF8.self)
    position = end + 1
    return inside.split(separator: ",", omittingEmptySubsequences: false).first.flatMap { Int($0) }
  }

  private mutating func single() -> Part {
    guard let byte = next else { return .nothing }
    position += 1
    switch byte {
    case UInt8(ascii: "("): return group()
    case UInt8(ascii: "["): return characterClass()
    case UInt8(ascii: "."): return .anything
    case UInt8(ascii: "^"), UInt8(ascii: "$"): return .nothing
    case UInt8(ascii: #"\"#): return escaped()
    case UInt8(ascii: "?"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "{"):
      isUnknown = true
      return .anything
    default: return literal(byte)
    }
  }

  private func literal(_ byte: UInt8) -> Part {
    Part(
      exact: [[lowered(byte)]], required: nil, signs: isSign(byte) ? 1 << UInt128(byte) : 0)
  }

  /// Whether one of some signs stands in fewer texts than one of others; of no signs in none.
  private static func isRarer(_ signs: UInt128, than others: UInt128) -> Bool {
    func frequency(_ signs: UInt128) -> Int {
      signs == 0 ? .max : signs.nonzeroBitCount + 16 * (signs & frequent).nonzeroBitCount
    }
    return frequency(signs) < frequency(others)
  }

  /// Signs that stand in most texts.
  private static let frequent = ".,-'()/_?".utf8.reduce(UInt128(0)) { $0 | 1 << UInt128($1) }

  private mutating func group() -> Part {
    if take("?") {
      // Flags: of case, which is never looked at, and whether `.` and `$` mean more.
      while let byte = next, byte == UInt8(ascii: "i") || byte == UInt8(ascii: "s") {
        position += 1
      }
      if take(")") { return .nothing }
      if !take(":") {
        isUnknown = true
        return .anything
      }
    }
    let part = alternatives()
    if !take(")") { isUnknown = true }
    return part
  }

  private mutating func escaped() -> Part {
    guard let byte = next else {
      isUnknown = true
      return .anything
    }
    position += 1
    switch byte {
    case UInt8(ascii: "b"), UInt8(ascii: "B"): return .nothing
    case UInt8(ascii: "n"): return literal(0x0a)
    case UInt8(ascii: "r"): return literal(0x0d)
    case UInt8(ascii: "t"): return literal(0x09)
    case UInt8(ascii: "x"):
      guard position + 2 <= pattern.count,
        UInt8(String(decoding: pattern[position..<(position + 2)], as: UTF8.self), radix: 16) != nil
      else {
        isUnknown = true
        return .anything
      }
      position += 2
      return .anything
    case UInt8(ascii: "d"):
      return Part(
        exact: nil, required: nil, run: 1, isAlphanumeric: true, wordRun: 1, isOfWords: true)
    case UInt8(ascii: "s"): return Part(exact: " \t\n\u{c}\r".utf8.map { [$0] }, required: nil)
    case UInt8(ascii: "w"): return Part(exact: nil, required: nil, wordRun: 1, isOfWords: true)
    case UInt8(ascii: "D"), UInt8(ascii: "W"), UInt8(ascii: "S"):
      return .anything
    default:
      let isItself = byte < 0x80 && !isAlphanumeric(byte)
      if !isItself { isUnknown = true }
      return isItself ? literal(byte) : .anything
    }
  }

  /// The characters of a class of few; anything for one of many, or one that excludes.
  private mutating func characterClass() -> Part {
    var members: UInt128 = 0
    var isTold = !take("^")
    func add(_ byte: UInt8) {
      if byte >= 0x80 { isTold = false } else { members |= 1 << UInt128(lowered(byte)) }
    }
    var isFirst = true
    var before: UInt8?
    while let byte = next, isFirst || byte != UInt8(ascii: "]") {
      isFirst = false
      position += 1
      var found: UInt8? = byte
      if byte == UInt8(ascii: #"\"#), take("w") {
        members |= Self.alphanumeric | 1 << UInt128(UInt8(ascii: "_"))
        found = nil
      } else if byte == UInt8(ascii: #"\"#), take("d") {
        members |= Self.digits
        found = nil
      } else if byte == UInt8(ascii: #"\"#) {
        let exact = escaped().exact
        if exact?.count != 1 { isTold = false }
        found = exact?.first?.first
      } else if byte == UInt8(ascii: "["), next == UInt8(ascii: ":") {
        isUnknown = true
      } else if byte == UInt8(ascii: "-"), let start = before, let end = next,
        end != UInt8(ascii: "]")
      {
        position += 1
        if end == UInt8(ascii: #"\"#) || start > end {
          if end == UInt8(ascii: #"\"#) { _ = escaped() }
          isTold = false
        } else {
          for member in start...end { add(member) }
        }
        before = nil
        continue
      }
      if let found { add(found) }
      before = found
    }
    if !take("]") { isUnknown = true }
    guard isTold else { return .anything }
    let isOfRuns = Self.alphanumeric & members == members
    let isOfWords = Self.words & members == members
    var part = Part(
      exact: nil, required: nil, run: isOfRuns ? 1 : 0, isAlphanumeric: isOfRuns,
      wordRun: isOfWords ? 1 : 0, isOfWords: isOfWords)
    if Self.signs & members == members { part.signs = members }
    if members.nonzeroBitCount > Self.classMax { return part }
    var texts: [[UInt8]] = []
    while members != 0 {
      texts.append([UInt8(members.trailingZeroBitCount)])
      members &= members - 1
    }
    part.exact = texts
    return part
  }

  /// A bit for each digit and small letter.
  private static var alphanumeric: UInt128 { digits | (1 << 26 - 1) << 0x61 }
  private static var digits: UInt128 { (1 << 10 - 1) << 0x30 }
  private static var words: UInt128 { alphanumeric | 1 << 0x2d | 1 << 0x5f }
  private static let signs = (UInt8(0)..<0x80).filter(isSign).reduce(UInt128(0)) {
    $0 | 1 << UInt128($1)
  }
}

/// What is printed, of ASCII, and neither a letter nor a digit.
func isSign(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7f && !isAlphanumeric(byte) }
