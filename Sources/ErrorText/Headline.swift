internal import Rules

/// The line of a message that says what went wrong, wherever it went wrong.
///
/// Of a Python traceback it is the last exception, of a chain of causes the innermost, of errors that came
/// together the first, which counts as the cause of what holds them, of a resolver of packages what it
/// could not have, of test output the first failed assertion, of a page its title; else the first line that names an error, then one
/// that says that something failed, then the first line with letters. A line that only says that a
/// command failed gives way to any that says why. The place in a file before `error`, and what tools
/// write before every error, is no part of it, as they write the same with and without. Of very many
/// lines the first and the last are looked at: builds and tests say at the end what failed.
package struct Headline {
  /// Gives the line to `body`, as a person sees it.
  package static func of<Result, Failure: Error>(
    _ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if hasEscapes(bytes), let plain = withoutEscapes(bytes) {
      return try ofPlain(plain.span, body)
    }
    return try ofPlain(bytes, body)
  }

  private static func ofPlain<Result, Failure: Error>(
    _ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if let text = pageText(bytes) { return try body(text.span) }
    if bytes.contains(UInt8(ascii: "&"), before: bytes.count), let text = withoutEntities(bytes) {
      return try ofText(text.span, body)
    }
    return try ofText(bytes, body)
  }

  private static func ofText<Result, Failure: Error>(
    _ bytes: Span<UInt8>, _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var search = HeadlineSearch()
    search.look(at: bytes)
    return try body(bytes.extracting(search.best ?? Line(bytes, bytes.indices).range))
  }

  private static let pages = RuleSet(pageRules)

  /// What a page or an answer of HTML or XML says; nil when the message is none.
  private static func pageText(_ bytes: Span<UInt8>) -> [UInt8]? {
    guard bytes.contains(0x3c, before: ErrorLimits.pageStartMax) else { return nil }
    let page = bytes.extracting(first: ErrorLimits.pageSizeMax)
    guard pages.match(0, in: page) != nil else { return nil }
    var code: [UInt8] = []
    var title: [UInt8]?
    for rule in pages.rules.indices.dropFirst() {
      guard let found = pages.match(rule, in: page)?.found else { continue }
      let text = withoutEntities(page.extracting(found)) ?? found.map { page[$0] }
      if pages.rules[rule].kind == "code" {
        code = text
      } else if bareTitles.contains(text.span, text.indices) {
        // A title that says no more than that is no message.
        title = title ?? text
      } else {
        return code.isEmpty ? text : code + ": ".utf8 + text
      }
    }
    return code.isEmpty ? title : code
  }

  private static let bareTitles = PhraseSet(
    "error", "error page", "application error", "server error", "an error occurred")
}

/// A line without the spaces around it.
private struct Line {
  let indent: Int
  var range: Range<Int>

  init(_ bytes: Span<UInt8>, _ whole: Range<Int>) {
    var start = whole.lowerBound
    var end = whole.upperBound
    while start < end, bytes[start].isSpace { start += 1 }
    while end > start, bytes[end - 1].isSpace { end -= 1 }
    indent = start - whole.lowerBound
    range = start..<end
  }
}

/// What has been seen so far, the best of each kind.
private struct HeadlineSearch {
  private var traceback: Int?
  private var isInGroup = false
  /// Of errors that came together: the first is about to come; its indentation; all has been said of it.
  private var awaitsMember = false
  private var member: Int?
  private var isOver = false
  /// That what went before was the cause of what follows.
  private var isOuter = false
  /// The indentation of a heading of causes; what is further to the right belongs to it.
  private var causes: Int?
  /// Whether a list of causes goes on, each line behind a `>`.
  private var isListed = false
  /// That of an exception that came while another was handled: it explains nothing.
  private var suppressed: Int?
  private var resolver: Range<Int>?
  private var exception: Range<Int>?
  private var cause: Range<Int>?
  private var assertion: Range<Int>?
  private var named: Range<Int>?
  private var failed: Range<Int>?
  private var first: Range<Int>?
  private var wrapper: Range<Int>?
  private var joinsNext = false

  var best: Range<Int>? {
    resolver ?? exception ?? cause ?? assertion ?? named ?? failed ?? first ?? wrapper
  }

  private static let rules = RuleSet(syntaxRules)
  private static let carriers = RuleSet(carrierRules)
  private static let kinds = rules.rules.map(\.kind)

  /// Of a message of one line, what is no part of what it says; how much it says makes no difference.
  private static let ofOne = RuleSet(
    syntaxRules.filter {
      ["prefix", "suffix", "resolver", "cause", "named", "assertion", "object"].contains($0.kind)
    })

  mutating func look(at bytes: Span<UInt8>) {
    if !bytes.contains(0x0a, before: bytes.count) {
      let start = looked(bytes, Line(bytes, bytes.indices).range)
      if !Self.ofOne.matches(start), !Self.carriers.matches(start) { return }
    }
    let rest = look(at: bytes, from: 0)
    if rest >= bytes.count { return }
    let tail = bytes.lastLines(ErrorLimits.linesMax, after: rest)
    if tail > rest { passOver() }
    _ = look(at: bytes, from: tail)
  }

  /// Looks at lines, as far as there may be.
  ///
  /// - Returns: where the line begins that is not looked at any more.
  private mutating func look(at bytes: Span<UInt8>, from first: Int) -> Int {
    var start = first
    var looks = 0
    while start < bytes.count, looks < ErrorLimits.linesMax {
      var end = start
      while end < bytes.count, bytes[end] != 0x0a { end += 1 }
      let line = carried(Line(bytes, start..<end), bytes)
      if line.range.contains(where: { bytes[$0].isLetter || bytes[$0].isDigit }) {
        looks += 1
        look(at: line, bytes)
      }
      start = end + 1
    }
    return start
  }

  /// Lines are left out: what was about to come may have come there.
  private mutating func passOver() {
    if member != nil { isOver = true }
    (traceback, causes, suppressed) = (nil, nil, nil)
    (isInGroup, awaitsMember, isListed, joinsNext) = (false, false, false, false)
  }

  /// The line without what carried it, with the indentation that it has behind that.
  private func carried(_ line: Line, _ bytes: Span<UInt8>) -> Line {
    var line = line
    for _ in 0..<ErrorLimits.prefixesMax {
      let start = looked(bytes, line.range)
      guard let hit = Self.carriers.hits(start).first,
        let rest = found(hit, of: Self.carriers, bytes, line.range)
      else { break }
      line = Line(bytes, rest)
    }
    return line
  }

  private mutating func look(at line: Line, _ bytes: Span<UInt8>) {
    if isOver { return }
    if let indent = member, line.indent <= indent {
      isOver = true
      return
    }
    if joinsNext, let start = named?.lowerBound {
      named = start..<line.range.upperBound
      joinsNext = false
    }
    if isInGroup {
      lookAtGroup(line, bytes)
      return
    }
    if let indent = traceback {
      if line.indent > indent { return }
      if !isOuter { exception = line.range }
      traceback = nil
      return
    }
    if let indent = suppressed {
      if line.indent >= indent { return }
      suppressed = nil
    }
    if let indent = causes {
      let first = bytes[line.range.lowerBound]
      if line.indent > indent || first == UInt8(ascii: ">") || first == UInt8(ascii: "!") {
        cause = bytes.withoutNumber(line.range)
        return
      }
      causes = nil
    }
    if isListed {
      let first = bytes[line.range.lowerBound]
      if first == UInt8(ascii: ">") {
        cause = bytes.withoutNumber(line.range)
        return
      }
      if cause != nil { isListed = false }
    }
    decide(about: line, bytes)
  }

  private mutating func decide(about line: Line, _ bytes: Span<UInt8>) {
    let (range, hits) = unprefixed(
      awaitsMember ? bytes.withoutBullet(line.range) : line.range, bytes)
    let kind = hits.first.map { Self.kinds[$0] } ?? ""
    if awaitsMember, kind != "frame" {
      awaitsMember = false
      member = line.indent
      if !["several", "cause", "resolver"].contains(kind) {
        cause = range
        return
      }
    }
    // What can be said of a line without an error's name counts less.
    var (says, isAside) = (false, false)
    for hit in hits {
      switch Self.kinds[hit] {
      case "frame": return
      case "traceback": traceback = line.indent; return
      case "group": isInGroup = true; awaitsMember = true; return
      case "resolver": resolver = resolver ?? found(hit, of: Self.rules, bytes, range); return
      case "several":
        (awaitsMember, member) = (true, nil)
        first = first ?? range
        return
      case "outer": isOuter = exception != nil; return
      case "suppressed": suppressed = line.indent; return
      case "causes": causes = line.indent; return
      case "listed": isListed = true; return
      case "cause": cause = found(hit, of: Self.rules, bytes, range) ?? range; return
      case "named": named = named ?? found(hit, of: Self.rules, bytes, range); return
      case "assertion": assertion = assertion ?? found(hit, of: Self.rules, bytes, range); return
      case "object" where range.count > ErrorLimits.objectSizeMin:
        named = named ?? found(hit, of: Self.rules, bytes, range)
        return
      case "wrapper": wrapper = wrapper ?? range; return
      case "remark": first = first ?? range; return
      case "panic":
        if named == nil {
          named = range
          joinsNext = bytes[range.upperBound - 1] == UInt8(ascii: ":")
        }
        return
      case "says": says = true
      case "aside": isAside = true
      case "failed" where !says:
        failed = failed ?? range
        return
      default: break
      }
    }
    if says {
      named = named ?? range
    } else if isAside {
      wrapper = wrapper ?? range
    } else {
      first = first ?? range
    }
  }

  /// A line without what runners write before and behind it, and the rules that match what is left.
  private func unprefixed(
    _ line: Range<Int>, _ bytes: Span<UInt8>
  ) -> (range: Range<Int>, hits: [Int]) {
    var range = line
    var hits = hits(bytes, range)
    for _ in 0..<ErrorLimits.prefixesMax {
      guard let hit = hits.first(where: { ["prefix", "suffix"].contains(Self.kinds[$0]) }),
        let rest = found(hit, of: Self.rules, bytes, range), rest != range
      else { break }
      range = rest
      hits = self.hits(bytes, range)
    }
    return (range, hits)
  }

  private func hits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [Int] {
    Self.rules.hits(looked(bytes, range))
  }

  private func found(
    _ rule: Int, of rules: RuleSet, _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> Range<Int>? {
    guard let match = rules.match(rule, in: looked(bytes, range)) else { return nil }
    let found = match.found
    let end =
      found.upperBound == ErrorLimits.lineSizeMax
      ? range.upperBound : found.upperBound + range.lowerBound
    return found.lowerBound + range.lowerBound..<end
  }

  /// Of a long line only the beginning is looked at.
  @_lifetime(copy bytes)
  private func looked(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Span<UInt8> {
    bytes.extracting(
      range.lowerBound..<min(range.upperBound, range.lowerBound + ErrorLimits.lineSizeMax))
  }

  /// Of exceptions that came together in Python the first, with what it holds in turn: each behind a
  /// line that numbers it, and its traceback.
  private mutating func lookAtGroup(_ line: Line, _ bytes: Span<UInt8>) {
    guard let first = line.range.first, isOneOf(bytes[first], "|+") else {
      isOver = exception != nil
      isInGroup = false
      return
    }
    var start = first
    while start < line.range.upperBound, isOneOf(bytes[start], "|+- ") { start += 1 }
    let inner = Line(bytes, (first + 1)..<line.range.upperBound)
    if bytes[first] == UInt8(ascii: "+") {
      // `+---------------- 2 ----------------`
      isOver = bytes[start] != UInt8(ascii: "1")
      awaitsMember = true
    } else if hits(bytes, inner.range).contains(where: { Self.kinds[$0] == "traceback" }) {
      awaitsMember = !isOuter
    } else if hits(bytes, inner.range).contains(where: { Self.kinds[$0] == "outer" }) {
      isOuter = true
    } else if awaitsMember, inner.indent <= 1 {
      exception = inner.range
      awaitsMember = false
      isOuter = false
    }
  }
}

private func isOneOf(_ byte: UInt8, _ set: StaticString) -> Bool {
  set.withUTF8Buffer { buffer in unsafe buffer.contains(byte) }
}

extension Span where Element == UInt8 {
  /// One of a list without the mark or the number before it: `* a`, `- a`, `1. a`, `[1] a`.
  fileprivate func withoutBullet(_ range: Range<Int>) -> Range<Int> {
    var index = range.lowerBound
    while index < range.upperBound, !self[index].isLetter, self[index] != 0x20 { index += 1 }
    let end = index
    while index < range.upperBound, self[index] == 0x20 { index += 1 }
    let isBullet = index > end && index < range.upperBound && end - range.lowerBound <= 4
    return isBullet ? index..<range.upperBound : range
  }

  /// A cause without its number or mark, as in `0: could not open it`.
  fileprivate func withoutNumber(_ range: Range<Int>) -> Range<Int> {
    var index = range.lowerBound
    while index < range.upperBound,
      self[index].isDigit || self[index] == UInt8(ascii: ">") || self[index] == UInt8(ascii: "!")
    {
      index += 1
    }
    let isNumbered = index > range.lowerBound
    if index < range.upperBound, self[index] == UInt8(ascii: ":") { index += 1 }
    while index < range.upperBound, self[index] == 0x20 { index += 1 }
    return isNumbered && index < range.upperBound ? index..<range.upperBound : range
  }

  /// Where the last lines begin that are not blank, so many of them, or all after a place where one begins.
  fileprivate func lastLines(_ linesMax: Int, after first: Int) -> Int {
    var start = count
    var lines = 0
    var isBlank = true
    for index in stride(from: count - 1, through: first, by: -1) {
      if self[index] != 0x0a {
        if !self[index].isSpace { isBlank = false }
        start = index
        continue
      }
      if !isBlank { lines += 1 }
      if lines == linesMax { return start }
      isBlank = true
    }
    return first
  }

  fileprivate func contains(_ byte: UInt8, before end: Int) -> Bool {
    for index in 0..<Swift.min(end, count) where self[index] == byte { return true }
    return false
  }
}
