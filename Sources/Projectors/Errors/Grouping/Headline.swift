/// The line of a message that says what went wrong, wherever it went wrong.
///
/// Of a Python traceback it is the last exception, of nested Java exceptions the innermost, of test
/// output the first failed assertion; else the first line that names an error, then one that says
/// that something failed, then the first line with letters. A line that only says that a command
/// failed gives way to any that says why. The place in a file before `error` is no part of it, as
/// tools write the same complaint with and without.
struct Headline {
  let line: Range<Int>

  init(_ bytes: Span<UInt8>) {
    let line = Self.line(of: bytes)
    self.line = bytes.complaintStart(in: line)..<line.upperBound
  }

  private static func line(of bytes: Span<UInt8>) -> Range<Int> {
    var search = HeadlineSearch()
    var start = 0
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != 0x0a { end += 1 }
      if start == 0, end == bytes.count {
        return bytes.summaryReason(bytes.indices) ?? bytes.indices
      }
      search.look(at: Line(bytes, start..<end), bytes)
      start = end + 1
    }
    return search.best ?? 0..<bytes.count
  }
}

/// A line without the spaces around it.
private struct Line {
  let indent: Int
  let range: Range<Int>

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
  private var exception: Range<Int>?
  private var cause: Range<Int>?
  private var assertion: Range<Int>?
  private var named: Range<Int>?
  private var failed: Range<Int>?
  private var first: Range<Int>?
  private var wrapper: Range<Int>?
  private var joinsNext = false
  private var looks = 0

  /// Lines whose words are looked at, of a message of many.
  private static let looksMax = 500

  var best: Range<Int>? {
    exception ?? cause ?? assertion ?? named ?? failed ?? first ?? wrapper
  }

  mutating func look(at line: Line, _ bytes: Span<UInt8>) {
    let range = line.range
    guard range.contains(where: { bytes[$0].isLetter || bytes[$0].isDigit }) else { return }
    if joinsNext, let start = named?.lowerBound {
      named = start..<range.upperBound
      joinsNext = false
    }
    if lookAtTraceback(line, bytes) { return }
    // Frames, and the line of code that JavaScript shows above the error that it throws.
    if bytes.has("at ", at: range) || bytes.has("throw ", at: range) { return }
    if bytes.isPosition(range) || bytes.opensObject(range) { return }
    for mark in ["Caused by: ", "[cause]: "] where bytes.has(mark, at: range) {
      cause = (range.lowerBound + mark.utf8.count)..<range.upperBound
      return
    }
    if let reason = bytes.summaryReason(range) {
      named = named ?? reason
      return
    }
    if bytes.has("expect(", at: range) {
      assertion = assertion ?? range
      return
    }
    if bytes.has("E   ", at: range) {
      assertion = assertion ?? Line(bytes, (range.lowerBound + 4)..<range.upperBound).range
      return
    }
    // Nothing that a further line says of itself would count for more.
    if named != nil || looks >= Self.looksMax { return }
    looks += 1
    if let message = bytes.longObjectMessage(range) {
      named = message
      return
    }
    let says = LineWords(bytes, range)
    if says.isWrapper {
      wrapper = wrapper ?? range
    } else if says.namesError {
      named = range
      joinsNext = says.isPanic && bytes[range.upperBound - 1] == UInt8(ascii: ":")
    } else if says.failed {
      failed = failed ?? range
    } else {
      first = first ?? range
    }
  }

  /// Whether the line belongs to a Python traceback.
  private mutating func lookAtTraceback(_ line: Line, _ bytes: Span<UInt8>) -> Bool {
    if bytes.has("Traceback (most recent call last)", at: line.range) {
      traceback = line.indent
      return true
    }
    if bytes.has("+ Exception Group Traceback", at: line.range) {
      traceback = 0
      isInGroup = true
      return true
    }
    if isInGroup { return lookAtGroup(line, bytes) }
    guard let indent = traceback else { return false }
    if line.indent > indent { return true }
    exception = line.range
    traceback = nil
    return true
  }
}

// Exceptions that came together, behind bars: the one that holds them all tells what they are of.
extension HeadlineSearch {
  private mutating func lookAtGroup(_ line: Line, _ bytes: Span<UInt8>) -> Bool {
    guard let first = line.range.first else { return true }
    if bytes[first] == UInt8(ascii: "+") { return true }
    guard bytes[first] == UInt8(ascii: "|") else {
      isInGroup = false
      return false
    }
    let inner = Line(bytes, (first + 1)..<line.range.upperBound)
    if traceback != nil, inner.indent <= 1 {
      exception = inner.range
      traceback = nil
    }
    return true
  }
}

/// What the words of a line tell about it.
private struct LineWords {
  private(set) var isWrapper = false
  private(set) var namesError = false
  private(set) var isPanic = false
  private(set) var failed = false

  init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    isWrapper =
      wrapperPhrases.occurs(in: bytes, range) || bytes.has("FAIL ", at: range)
      || bytes.has("FAIL\t", at: range)
    if isWrapper { return }
    if remarkPhrases.occurs(in: bytes, range) { return }
    failed = failurePhrases.occurs(in: bytes, range)
    isPanic = bytes.holds("panicked at", in: range)
    namesError =
      isPanic || failed && bytes.namesError(in: range) || bytes.startsWithPosition(in: range)
      || bytes.has("\"message\":", at: range) || bytes.has("npm error ", at: range)
      || bytes.has("npm ERR! ", at: range)
  }
}

private let wrapperPhrases = PhraseSet(
  "exit code", "exit status", "command failed", "exited with", "returned non-zero")
private let remarkPhrases = PhraseSet("warning:", "warning[", "note:", "info:", "help:", "(use `")
private let failurePhrases = PhraseSet(
  "error", "exception", "fatal", "panic", "fail", "err!", "cannot", "can't", "could not",
  "couldn't", "unable", "denied", "not found", "no such", "undefined", "invalid", "missing",
  "timed out", "timeout", "refused", "unexpected", "not allowed", "forbidden", "exceeded")

// What lines look like.
extension Span where Element == UInt8 {
  /// Whether a word such as `error`, `TypeError` or `fatal` introduces what follows it.
  func namesError(in range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound {
      guard self[index].isLetter else {
        index += 1
        continue
      }
      let start = index
      while index < range.upperBound, self[index].isLetter { index += 1 }
      guard index < range.upperBound, isErrorWord(start..<index) else { continue }
      switch self[index] {
      case UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "!"): return true
      case 0x20:
        // `Error Something`, `AssertionError [ERR_ASSERTION]: …`
        if index + 1 < range.upperBound,
          self[index + 1].isUpper || self[index + 1] == UInt8(ascii: "[")
        {
          return true
        }
      default: break
      }
    }
    return false
  }

  private func isErrorWord(_ word: Range<Int>) -> Bool {
    for ending in ["error", "exception", "fatal", "panic"] where word.count >= ending.utf8.count {
      if holds(ending, in: (word.upperBound - ending.utf8.count)..<word.upperBound) { return true }
    }
    return word.count == 3 && holds("err", in: word)
  }

  /// Of a line that names a test and says why it failed, the reason: of pytest's summary
  /// (`FAILED tests/a.py::test_b - assert 1 == 2`) what follows the dash.
  func summaryReason(_ range: Range<Int>) -> Range<Int>? {
    if let issue = firstIndex(of: "recorded an issue at ", in: range),
      let colon = firstIndex(of: ": ", in: issue..<range.upperBound), colon + 2 < range.upperBound
    {
      return (colon + 2)..<range.upperBound
    }
    if let colon = firstIndex(of: " : xctassert", in: range) {
      return (colon + 3)..<range.upperBound
    }
    guard has("FAILED ", at: range) || has("ERROR ", at: range),
      let name = firstIndex(of: "::", in: range),
      let dash = firstIndex(of: " - ", in: name..<range.upperBound), dash + 3 < range.upperBound
    else { return nil }
    return (dash + 3)..<range.upperBound
  }

  /// The message of a long object of JSON on one line, as compilers give diagnostics to tools.
  func longObjectMessage(_ range: Range<Int>) -> Range<Int>? {
    guard range.count > 500, has("{", at: range),
      let key = firstIndex(of: "\"message\":", in: range)
    else { return nil }
    var start = key + 10
    if start < range.upperBound, self[start] == 0x20 { start += 1 }
    guard start < range.upperBound, self[start] == UInt8(ascii: "\""),
      let end = quoteEnd(self, from: start), end > start + 2
    else { return nil }
    return (start + 1)..<(end - 1)
  }

  /// `"error": {`: what it holds comes in the lines that follow.
  func opensObject(_ range: Range<Int>) -> Bool {
    guard let last = range.last, has("\"", at: range) else { return false }
    return self[last] == UInt8(ascii: "{") || self[last] == UInt8(ascii: "[")
  }

  /// `/srv/app/index.js:10`: where, and nothing of what.
  func isPosition(_ range: Range<Int>) -> Bool {
    guard let last = range.last, self[last].isDigit else { return false }
    var colons = 0
    for index in range {
      if self[index].isSpace { return false }
      if self[index] == UInt8(ascii: ":") { colons += 1 }
    }
    return colons > 0 && !self[range.lowerBound].isDigit && holdsAny(["/", "."], in: range)
  }

  /// `main.go:5:2: ` at the beginning, as compilers write where they stopped.
  func startsWithPosition(in range: Range<Int>) -> Bool {
    var index = range.lowerBound
    while index < range.upperBound, self[index].isPath { index += 1 }
    var numbers = 0
    while index + 1 < range.upperBound, self[index] == UInt8(ascii: ":"), self[index + 1].isDigit {
      index += 1
      while index < range.upperBound, self[index].isDigit { index += 1 }
      numbers += 1
    }
    return numbers > 0 && index + 1 < range.upperBound && self[index] == UInt8(ascii: ":")
      && self[index + 1] == 0x20
  }
}

// Places in files, as compilers write them before their complaints.
extension Span where Element == UInt8 {
  /// Where the complaint begins when a place stands before it and it names itself an error or a warning
  /// (`main.rs:4:5: error[E0382]: …`, `a.ts(14,23): error TS2307: …`, `a.ts:3:5 - error TS2304: …`);
  /// else where the range begins.
  func complaintStart(in range: Range<Int>) -> Int {
    guard var index = placeEnd(in: range) else { return range.lowerBound }
    if index < range.upperBound, self[index] == UInt8(ascii: ":") {
      index += 1
    } else if has(" -" as StaticString, at: index..<range.upperBound) {
      index += 2
    } else {
      return range.lowerBound
    }
    while index < range.upperBound, self[index].isSpace { index += 1 }
    let rest = index..<range.upperBound
    let names = ["error", "warning", "fatal error"].contains { has($0, at: rest) }
    return names ? index : range.lowerBound
  }

  /// The end of `main.go:5:2`, `C:\a.c:7` or `a.ts(14,23)` at the beginning of a range; nil when none
  /// stands there.
  private func placeEnd(in range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound, self[index].isSpace { index += 1 }
    let start = index
    if index + 2 < range.upperBound, self[index].isLetter, self[index + 1] == UInt8(ascii: ":"),
      self[index + 2] == UInt8(ascii: "\\") || self[index + 2] == UInt8(ascii: "/")
    {
      index += 2
    }
    while index < range.upperBound, self[index].isPath { index += 1 }
    guard index > start, index < range.upperBound else { return nil }
    if self[index] == UInt8(ascii: "(") {
      let inside = index + 1
      index = numbersEnd(inside..<range.upperBound, separator: UInt8(ascii: ","))
      guard index > inside, index < range.upperBound, self[index] == UInt8(ascii: ")") else {
        return nil
      }
      return index + 1
    }
    guard self[index] == UInt8(ascii: ":") else { return nil }
    let end = numbersEnd((index + 1)..<range.upperBound, separator: UInt8(ascii: ":"))
    return end > index + 1 ? end : nil
  }

  /// The end of numbers with a mark between them, which is no part when no digit follows it.
  private func numbersEnd(_ range: Range<Int>, separator: UInt8) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      let isBetween =
        self[index] == separator && index > range.lowerBound && index + 1 < range.upperBound
        && self[index + 1].isDigit
      guard self[index].isDigit || isBetween else { break }
      index += 1
    }
    return index
  }
}
