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
