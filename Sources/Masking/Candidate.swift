/// What a rule's pattern found in a text, with what stands around it: a check accepts it or not.
struct Candidate {
  let bytes: [UInt8]
  let whole: Range<Int>
  let range: Range<Int>
  let value: Value

  init(_ bytes: [UInt8], _ whole: Range<Int>, _ range: Range<Int>) {
    self.bytes = bytes
    self.whole = whole
    self.range = range
    value = Value(bytes: bytes[range])
  }

  private func byte(_ index: Int) -> UInt8 { bytes.indices.contains(index) ? bytes[index] : 0 }
  private var next: UInt8 { byte(range.upperBound) }
  private var afterNext: UInt8 { byte(range.upperBound + 1) }
  private var previous: UInt8 { byte(range.lowerBound - 1) }
  private var rest: ArraySlice<UInt8> { bytes[range.upperBound...].prefix(9) }
  private func goesOn(_ word: String) -> Bool { rest.starts(with: word.utf8) }

  /// The word before an index, what stands between not counted.
  private func name(endingAt end: Int, _ isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    var end = end
    while end > 0, !isPart(bytes[end - 1]), range.lowerBound - end < 48 { end -= 1 }
    var start = end
    while start > 0, end - start < 48, isPart(bytes[start - 1]) { start -= 1 }
    return bytes[start..<end]
  }

  /// What stands before it on its line, at most so much.
  func before(_ most: Int = 80) -> Lowered {
    var start = range.lowerBound
    while start > 0, range.lowerBound - start < most, bytes[start - 1] != UInt8(ascii: "\n") {
      start -= 1
    }
    return Lowered(bytes[start..<range.lowerBound])
  }

  // MARK: Secrets

  /// The name that tells that the value is secret; the pattern begins somewhere in it.
  private var nameBytes: ArraySlice<UInt8> {
    var end = whole.lowerBound
    while end < range.lowerBound, !isKeyByte(bytes[end]) { end += 1 }
    while end < range.lowerBound, isKeyByte(bytes[end]) { end += 1 }
    return name(endingAt: end, isKeyByte)
  }

  var secretName: Lowered { Lowered(nameBytes) }
  private func isNamed(_ name: String) -> Bool { secretName.bytes.elementsEqual(name.utf8) }
  private var isPassword: Bool { Words.passwords.endsOne(of: secretName) }

  /// A key of a table is called so, and one of a service, too.
  var isOfTable: Bool { secretName.contains(Array("primary".utf8)) }
  var isToken: Bool { secretName.bytes.suffix(5).elementsEqual("token".utf8) }

  /// `user:password`, also as addresses escape it.
  var isLogin: Bool {
    guard let sign = value.bytes.firstIndex(where: { isOneOf($0, ":%") }) else { return false }
    let size = value.bytes[sign] == UInt8(ascii: ":") ? 1 : 3
    let password = Value(bytes: value.bytes[sign...].dropFirst(size))
    return !password.isTemplate && !password.isPlain && password.isSecretive
  }

  /// `user:password@`, as texts show where they stand.
  var isPlainPassword: Bool {
    guard let colon = value.bytes.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let password = Value(bytes: value.bytes[(colon + 1)...])
    return password.isPlain || password.isTemplate || password.count < 2
  }

  /// `-p 6379`
  var isPort: Bool {
    guard value.count <= 5, value.bytes.allSatisfy(isDigit) else { return false }
    let option = bytes[..<range.lowerBound].suffix(4).split { isOneOf($0, " =\"'") }.last ?? []
    return Lowered(option).bytes.elementsEqual("-p".utf8)
  }

  /// `pwd` is also where one is.
  var isPath: Bool {
    value.bytes.first.map { isOneOf($0, "/~.") } ?? false
      && secretName.bytes.suffix(3).elementsEqual("pwd".utf8)
  }

  /// `pass` is also a turn, and a test that went well.
  var isTurn: Bool {
    let name = nameBytes
    guard Lowered(name).bytes.suffix(4).elementsEqual("pass".utf8), !isNamed("pgpass") else {
      return false
    }
    let isOwn = name.count == 4 || isOneOf(name[name.endIndex - 5], "_-")
    let isShouted = name.count > 4 && name.suffix(4).allSatisfy(isCapital)
    if name.count == 4, name.allSatisfy(isCapital) {
      return byte(name.endIndex) != UInt8(ascii: "=")
    }
    return !isOwn || !isShouted && !(value.has(isDigit) && value.has(isLetter))
  }

  /// Whether credentials are spoken of, and only whether some are sent: `credentials: "same-origin"`.
  private var isAttitude: Bool {
    secretName.bytes.suffix(11).elementsEqual("credentials".utf8) && !value.has(isDigit)
  }

  var isQuotedSecret: Bool {
    if isPath || isTurn || value.count < 6 && !isPassword { return false }
    if value.has({ $0 == 0x20 }) {
      return secretName.bytes.suffix(6).elementsEqual("phrase".utf8) && !value.isExample
    }
    // A word that begins a sentence, a colour, or a name of code.
    if value.isCapitalised || value.isExample || value.isCall || isAttitude
      || value.isName(ofPassword: isPassword)
    {
      return false
    }
    return !isNamed("token") || value.count >= 24 || value.hasBothCases
      || value.has { !isLetter($0) && $0 != UInt8(ascii: ".") }
  }

  var isSetting: Bool {
    if isPath || isTurn || isOneOf(next, "([") || value.isReference || value.isCall
      || value.isExample
      || value.isName(ofPassword: isPassword)
    {
      return false
    }
    if value.has(isDigit), isPassword {
      return (value.count >= 8 || value.has(isLetter)) && !value.isPath
    }
    if value.has(isDigit) {
      return value.count >= 8 && value.has(isLetter) && !value.isCountedWord && !value.isPath
    }
    return !isPassword && value.count >= 16 && value.hasBothCases && !isOneOf(next, ",)")
      && !value.isCamel
  }

  /// A token behind a prefix that is no known one.
  var isMixed: Bool {
    let parts = value.bytes.split { !isAlphanumeric($0) && !isOneOf($0, "+/") }.map(Value.init)
    guard let first = parts.firstIndex(where: { $0.count >= 20 }), !value.isTemplate,
      !value.isExample || value.longest >= 24, !Words.ids.beginsOne(of: Lowered(value.bytes))
    else { return false }
    let prefix = parts[..<first]
    if parts[first...].contains(where: \.isMixedAtRandom) { return true }
    // Sums over contents, and ids, have letters of one case, too.
    if prefix.contains(where: { Words.tokenParts.contains($0.bytes) }) {
      return parts[first...].contains { $0.isHex && $0.count >= 32 || $0.isOneCaseAtRandom }
    }
    let joint = byte(parts[first].bytes.startIndex - 1)
    guard joint == UInt8(ascii: "_") || parts[first].count >= 28 && !parts[first].isHex,
      !prefix.contains(where: { Words.contents.contains($0.bytes) }), !isInPath,
      !Words.ofContents.occurs(in: before(40))
    else { return false }
    return parts[first...].contains {
      $0.isHex ? $0.count >= 32 && $0.isHexAtRandom : $0.isOneCaseAtRandom
    }
  }

  /// At random behind a prefix and a dot or a colon, which says neither that it is an id nor a sum.
  var isJoined: Bool {
    let parts = value.bytes.split { isOneOf($0, ".:_-") }
    guard let first = parts.firstIndex(where: { $0.count >= 16 }), !value.isExample,
      !parts[..<first].contains(where: isOfContents)
    else { return false }
    return value.bytes.split { isOneOf($0, ".:") }.contains { Value(bytes: $0).isMixedAtRandom }
  }

  private func isOfContents(_ part: ArraySlice<UInt8>) -> Bool {
    // `pk` goes before keys that everybody may know.
    Words.contents.contains(part) || Words.known.contains(part) || part.elementsEqual("pk".utf8)
      || Words.codings.beginsOne(of: Lowered(part))
  }

  /// Whether it is part of a path, or the name of a file.
  private var isInPath: Bool {
    isOneOf(previous, "/\\.") || isOneOf(next, "/\\")
      || next == UInt8(ascii: ".") && isLetter(afterNext)
      || value.bytes.split(separator: UInt8(ascii: ".")).dropFirst().contains {
        Words.fileEndings.contains($0)
      }
  }

  /// Told in a sentence: with a digit beside letters or signs, or of digits only that count nothing.
  var isSpoken: Bool {
    guard let first = value.bytes.first, !isOneOf(next, "'([{<"), !isOneOf(first, "$%*~./-") else {
      return false
    }
    let digits = value.count(where: isDigit)
    if digits == value.count {
      let isMeasure = next == 0x20 && isLetter(afterNext) && !goesOn(" and") && !goesOn(" for")
      return (4...12).contains(digits) && !isMeasure
    }
    return digits > 0 && value.count >= 6 && !value.has { $0 == UInt8(ascii: "/") }
      && !Words.codings.beginsOne(of: Lowered(value.bytes))
  }

  // MARK: Personal data

  /// Whether the domain is one: it ends as domains do, or the line is about mail.
  var isEmail: Bool {
    // `%40`, of an address's query.
    let sign = value.bytes.lastIndex { isOneOf($0, "@%") }
    guard let at = sign else { return false }
    let domain = value.bytes[at...].dropFirst(value.bytes[at] == UInt8(ascii: "@") ? 1 : 3)
    let labels = domain.split(separator: UInt8(ascii: "."))
    guard var top = labels.last, labels.count > 1, next != UInt8(ascii: "(") else { return false }
    // Plain Old Documentation of Perl: `E<lt>bob@host.orgE<gt>`.
    if next == UInt8(ascii: "<"), top.last == UInt8(ascii: "E") { top.removeLast() }
    // `package@1.2.3.patch`
    let isVersion = labels.count > 2 && labels[..<2].allSatisfy { $0.allSatisfy(isDigit) }
    // `https://user@host`: the host is none of a person, and the user has a rule of its own.
    let isUser = bytes[..<range.lowerBound].suffix(3).elementsEqual("://".utf8)
    let isPlace = next == UInt8(ascii: ":") && isWordByte(afterNext)
    if isPlace && Words.repositoryUsers.contains(value.bytes[..<at]) || isTableElsewhere {
      return false
    }
    if isUser || isVersion || isReferenceOfCode || top.contains(where: isDigit)
      || Words.fileEndings.contains(top) || Words.locals.contains(value.bytes[..<at])
      || Words.noMailDomains.contains(domain)
    {
      return false
    }
    return Words.countries.contains(top) || top.contains { $0 >= 0x80 }
      || Words.topDomains.contains(top) || isBehindName || Words.ofMail.occurs(in: before())
  }

  /// `select * from table@database.world`
  private var isTableElsewhere: Bool {
    previous == 0x20 && Words.clauses.contains(name(endingAt: range.lowerBound, isLetter))
      && Words.queries.occurs(in: before())
  }

  /// `Jane Doe <jane@doe.name>`
  private var isBehindName: Bool {
    previous == UInt8(ascii: "<") && next == UInt8(ascii: ">")
      && byte(range.lowerBound - 2) == 0x20 && isLetter(byte(range.lowerBound - 3))
  }

  /// `git+https://host/project@feature.name`
  private var isReferenceOfCode: Bool {
    let text = bytes[..<range.lowerBound].suffix(200)
    let start = text.lastIndex { $0 <= 0x20 || isOneOf($0, "\"'`") }
    let word = text[(start.map { $0 + 1 } ?? text.startIndex)...]
    return Lowered(word).contains(Array("git+".utf8)) && word.contains(UInt8(ascii: "/"))
  }

  /// Whether four numbers are the address of a machine that is not this one, and neither a mask of a
  /// network nor a version, a section of a text or an object identifier.
  var isAddress: Bool {
    let parts = value.bytes.split(separator: UInt8(ascii: ".")).map(Value.init).map(\.number)
    guard parts.count == 4, parts.allSatisfy({ $0 <= 255 }), (1..<224).contains(parts[0]),
      parts[0] != 127, ![[2, 5], [1, 3]].contains(Array(parts[..<2]))
    else { return false }
    let second = byte(range.lowerBound - 2)
    if previous == UInt8(ascii: "/") && isLetter(second)
      || previous == UInt8(ascii: "=") && isOneOf(second, "=<>~!") || second == UInt8(ascii: "#")
    {
      return false
    }
    // `2:1.6.99.1`: a version with its epoch.
    if previous == UInt8(ascii: ":"), isDigit(second), !isWordByte(byte(range.lowerBound - 3)) {
      return false
    }
    // `3.0.5.130-5a1e7`
    if next == UInt8(ascii: "-"),
      rest.dropFirst().prefix(while: isWordByte).contains(where: isLetter)
    {
      return false
    }
    let word = Lowered(name(endingAt: range.lowerBound, isLetter))
    if Words.versions.endsOne(of: word) || Words.versionMarks.contains(word.bytes) { return false }
    if isChangeOfVersion { return false }
    let line = before()
    let speaksOfMachines = Words.ofMachines.occurs(in: line)
    if Words.ofVersions.occurs(in: line) { return speaksOfMachines }
    // Sections have small numbers, and no place in a network.
    let isLocal = parts[0] == 10 || parts[..<2] == [192, 168] || parts[0] == 172
    return isLocal || parts.contains { $0 >= 40 } || speaksOfMachines
      || isOneOf(next, ":/") && isDigit(afterNext) || Words.ofNetworks.occurs(in: line)
  }

  /// `update V8 to `
  private var isChangeOfVersion: Bool {
    let words = before(60).bytes.split(separator: 0x20).suffix(3)
    guard words.count == 3, let verb = words.first, let last = words.last else { return false }
    return Words.changes.beginsOne(of: Lowered(verb[...]))
      && (last.elementsEqual("to".utf8) || last.elementsEqual("from".utf8))
  }

  /// Eight groups, or fewer around one `::`, with a digit. So neither names of code nor slices are any.
  var isLongAddress: Bool {
    if value.bytes.first == UInt8(ascii: ":") { return true }
    let parts = value.bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    let gaps = parts.count(where: \.isEmpty)
    let groups = parts.count - gaps
    return (groups == 8 && gaps == 0 || (1...2).contains(gaps) && groups <= 7) && value.has(isDigit)
  }

  /// With a country's code, which no sum has, nor a line of a diff.
  var isWorldPhone: Bool {
    let digits = value.numbers
    guard (8...15).contains(digits.count), !isWordByte(next) || next >= 0x80 else { return false }
    if value.bytes.first == UInt8(ascii: "0") {
      // `0069 0307 0301`: code points.
      let isOfFours = value.bytes.split(separator: 0x20).allSatisfy { $0.count == 4 }
      return digits.count >= 11 && !isInRow && !isOfFours
    }
    if value.bytes.dropFirst().allSatisfy(isDigit) {
      if digits.count < 10 || digits[0] == 1 && digits.count != 11 { return false }
      let isLine = previous == UInt8(ascii: "\n") || range.lowerBound == 0 && digits.count < 11
      let endsLine = range.upperBound == bytes.count || isOneOf(next, "\r\n")
      let isAssigned =
        previous == 0x20 && isOneOf(byte(range.lowerBound - 2), "=") && isOneOf(next, ";,)")
        && !Words.ofPhones.occurs(in: before())
      if isLine && endsLine || isAssigned || isOneOf(previous, "=[,") || isOneOf(next, "-+")
        || isQuantity
      {
        return false
      }
    }
    let after = Array(rest.drop { $0 == 0x20 }.prefix(2))
    let isSum = after.first.map {
      isOneOf($0, "+*%^-") && ($0 != UInt8(ascii: "-") || next == 0x20)
    }
    return isSum != true || !isDigit(after.last ?? 0) && after.last != 0x20
  }

  /// Whether a unit follows, or what says that it is a difference or a place goes before.
  private var isQuantity: Bool {
    let unit = bytes[range.upperBound...].drop { $0 == 0x20 }.prefix(while: isLetter)
    let word = name(endingAt: range.lowerBound, isLetter)
    return next == 0x20 && Words.units.contains(unit) || Words.quantities.contains(word)
      || goesOn(",+") || goesOn(",-")
  }

  /// With spaces between, neither what counts something nor a row of numbers.
  var isAmericanPhone: Bool {
    // `212-555-0123-rc1`
    if next == UInt8(ascii: "-"), isAlphanumeric(afterNext) { return false }
    if value.has({ isOneOf($0, "(-.") }) { return true }
    let isCounted =
      next == 0x20 && isLetter(afterNext)
      && ![" or ", " and ", " today", " now", " at "].contains(where: goesOn)
    return !isInRow && !isCounted
  }

  /// With a leading zero: no pairs that count up, and not the mode of a file.
  var isNationalPhone: Bool {
    let digits = value.numbers
    let pairs = stride(from: 0, to: digits.count - 1, by: 2).map {
      digits[$0] * 10 + digits[$0 + 1]
    }
    let isCounted = zip(pairs, pairs.dropFirst()).allSatisfy { $0 + 1 == $1 }
    let first = value.bytes.prefix(while: isDigit)
    let isMode =
      first.count == 4 && isOneOf(first[first.startIndex + 1], "467")
      && first.dropFirst(2).allSatisfy { isOneOf($0, "04567") }
    return !isCounted && !isMode && !isInRow
  }

  /// Whether it is of groups, and groups like them stand beside it, as in a table of code points.
  var isInTable: Bool {
    guard value.has({ $0 == 0x20 }) else { return false }
    return previous == 0x20 && isGroup(bytes[..<(range.lowerBound - 1)].suffix(8), atEnd: true)
      || next == 0x20 && isGroup(bytes[(range.upperBound + 1)...].prefix(8), atEnd: false)
  }

  private func isGroup(_ bytes: ArraySlice<UInt8>, atEnd: Bool) -> Bool {
    let words = bytes.split { $0 <= 0x20 }
    guard let word = atEnd ? words.last : words.first else { return false }
    return (4...6).contains(word.count) && word.allSatisfy(isHexDigit)
      && word.contains(where: isDigit)
  }

  /// Whether the pattern takes in a word before it, too.
  var isBehindWord: Bool { whole.lowerBound + 2 < range.lowerBound }

  /// Whether another number stands beside it.
  var isInRow: Bool {
    previous == 0x20 && isDigit(byte(range.lowerBound - 2)) || next == 0x20 && isDigit(afterNext)
  }
}
