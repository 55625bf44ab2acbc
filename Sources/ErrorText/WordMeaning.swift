// Words that say what went wrong by themselves, wherever they stand.

/// Whether a word is the code of an error (`ENOENT`, `TS2304`), a signal, the name of an exception, the
/// status of an answer over HTTP, or the reason that goes with one: such a word stays, however many
/// others were seen in its place.
func tells(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  guard shape.count >= 3, shape.count <= ErrorLimits.wordSizeMax else { return false }
  let word = bytes.extracting(shape.start..<shape.end)
  if shape.digits > 0 {
    if shape.letters == 0 { return isStatus(bytes, shape) }
    // `sqlite3.OperationalError`
    return shape.isErrorCode
      || word[0].isLetter && shape.lastDot > shape.start
        && (namesType(word) || beginsWithException(bytes, shape))
  }
  return isErrorName(word) || isSignal(word) || namesType(word)
    || reasons.contains(bytes, shape.start..<shape.end)
}

/// Whether a dotted name begins the line, a colon behind it, whose last part has a capital or is called
/// an error: `subprocess.TimeoutExpired: …`, `pywintypes.com_error: …`.
func beginsWithException(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  guard shape.start == 0, shape.runEnd < bytes.count, bytes[shape.runEnd] == UInt8(ascii: ":")
  else { return false }
  return bytes[shape.lastDot + 1].isUpper
    || shape.end - shape.lastDot > 6 && bytes.has("_error", at: shape.end - 6..<shape.end)
}

/// `ENOENT`, `ERESOLVE`, `ERR_MODULE_NOT_FOUND`.
private func isErrorName(_ word: Span<UInt8>) -> Bool {
  guard word.count >= 4, word[0] == UInt8(ascii: "E") else { return false }
  return isUpperCase(word)
}

/// `SIGKILL`.
private func isSignal(_ word: Span<UInt8>) -> Bool {
  word.count >= 6 && word.has("SIG", at: word.indices) && isUpperCase(word)
}

private func isUpperCase(_ word: Span<UInt8>) -> Bool {
  for index in word.indices where !word[index].isUpper && word[index] != UInt8(ascii: "_") {
    return false
  }
  return true
}

/// Whether a number is a status from 400 to 599 because of the words before it: `HTTP 404`,
/// `HTTP/1.1 503`, `HTTP error 401`, `status code 500`, `"code": 429`.
private func isStatus(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  guard shape.count == 3, shape.digits == 3, shape.runStart == shape.start,
    bytes[shape.start] == UInt8(ascii: "4") || bytes[shape.start] == UInt8(ascii: "5")
  else { return false }
  if shape.runEnd < bytes.count, bytes[shape.runEnd] == UInt8(ascii: "/") { return false }
  // `502 Bad Gateway`, as pages are called.
  if shape.start == 0, bytes.count > 4, bytes[3] == 0x20, bytes[4].isUpper { return true }
  guard let word = wordBefore(bytes, shape.start) else { return false }
  if statusWords.contains(bytes, word) { return true }
  let isVersion = bytes[word.lowerBound].isDigit
  guard isVersion || bytes.holds("error", in: word) || bytes.holds("response", in: word),
    let before = wordBefore(bytes, word.lowerBound)
  else { return false }
  return bytes.holds("http", in: before)
}

/// The word that ends before a place on the same line, at most three marks and spaces between them.
private func wordBefore(_ bytes: Span<UInt8>, _ place: Int) -> Range<Int>? {
  var end = place
  while end > 0, place - end <= 3, !bytes[end - 1].isWord || bytes[end - 1].isTrimmed { end -= 1 }
  var start = end
  while start > 0, bytes[start - 1].isLetter || bytes[start - 1].isDigit || bytes[start - 1] == 0x2e
  {
    start -= 1
  }
  return start < end && place - end <= 3 ? start..<end : nil
}

// What is a value because of where it stands: behind a key, or between quotation marks.

/// Whether a word is the value of a key (`user=root`, `ready = true`), or a truth value. Keys that tell
/// what went wrong (`reason=timeout`) have values that tell errors apart, and are no such keys.
func isValue(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  let size = shape.end - shape.start
  if size <= 5 {
    let word = shape.start..<shape.end
    if truthValues.contains(bytes, word) { return true }
    if nullValues.contains(bytes, word), let before = byteBefore(bytes, shape.start),
      before == UInt8(ascii: ":") || before == UInt8(ascii: "(") || before == UInt8(ascii: ",")
    {
      return true
    }
  }
  // What an equals sign follows is the next key: `ruser= rhost=…`.
  if shape.runEnd < bytes.count, bytes[shape.runEnd] == UInt8(ascii: "=") { return false }
  guard let key = keyBefore(bytes, shape.runStart, mark: UInt8(ascii: "=")) else { return false }
  return !isTellingKey(bytes, key)
}

/// Whether the words of a quoted text count: those of a request line (`"GET /a HTTP/1.1"`), of a key
/// of JSON or of a dictionary, of what a telling key has for a value (`"message": "…"`), and those of a
/// text that is the whole message.
func isTellingQuote(_ bytes: Span<UInt8>, _ quoted: Range<Int>) -> Bool {
  let content = (quoted.lowerBound + 1)..<(quoted.upperBound - 1)
  guard !content.isEmpty, bytes[content.lowerBound].isLetter else { return false }
  if isRequestLine(bytes, content) { return true }
  if isWholeMessage(bytes, quoted) { return true }
  if isKey(bytes, quoted), content.allSatisfy({ bytes[$0].isWord }) { return true }
  if let key = keyBefore(bytes, quoted.lowerBound, mark: UInt8(ascii: "=")) {
    return isTellingKey(bytes, key)
  }
  guard let key = keyBefore(bytes, quoted.lowerBound, mark: UInt8(ascii: ":")) else { return false }
  guard isTellingKey(bytes, key) else { return false }
  // `error: 'x' not found` is prose, and no key with a value, unless nothing else follows.
  let isQuotedKey = key.upperBound < bytes.count && bytes[key.upperBound].isQuote
  return isQuotedKey || quoted.upperBound == bytes.count || !bytes.holds("error", in: key)
}

/// Whether a colon follows a quoted text that stands where the keys of JSON and of dictionaries do: at
/// the beginning of a line, or behind a bracket or a comma. Behind a word it is what a sentence is
/// about: `cannot remove 'foo': No such file or directory`.
private func isKey(_ bytes: Span<UInt8>, _ quoted: Range<Int>) -> Bool {
  guard quoted.upperBound < bytes.count, bytes[quoted.upperBound] == UInt8(ascii: ":"),
    quoted.count <= ErrorLimits.keySizeMax + 2
  else { return false }
  return switch byteBefore(bytes, quoted.lowerBound) {
  case nil, UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "("): true
  default: false
  }
}

/// Whether the quoted text is all that a line says: it stands alone and has several words, or it is
/// what a Rust program panicked at.
private func isWholeMessage(_ bytes: Span<UInt8>, _ quoted: Range<Int>) -> Bool {
  if quoted.lowerBound == 0, quoted.upperBound == bytes.count {
    return quoted.contains { bytes[$0] == 0x20 }
  }
  let start = quoted.lowerBound - 13
  return start >= 0 && bytes.has(" panicked at ", at: start..<quoted.lowerBound)
}

private func isRequestLine(_ bytes: Span<UInt8>, _ content: Range<Int>) -> Bool {
  var end = content.lowerBound
  while end < content.upperBound, bytes[end].isUpper { end += 1 }
  guard (3...7).contains(end - content.lowerBound), end + 1 < content.upperBound,
    bytes[end] == 0x20
  else { return false }
  guard requestMethods.contains(bytes, content.lowerBound..<end) else { return false }
  return bytes[end + 1] == UInt8(ascii: "/") || bytes.holds("://", in: content)
}

/// The key that stands before a place, with a mark between them, and at most one space beside it.
/// A quoted key counts, and one before `==` does not.
private func keyBefore(_ bytes: Span<UInt8>, _ place: Int, mark: UInt8) -> Range<Int>? {
  var index = place
  if index > 0, bytes[index - 1] == 0x20 { index -= 1 }
  guard index > 0, bytes[index - 1] == mark else { return nil }
  index -= 1
  if index > 0, bytes[index - 1] == 0x20 { index -= 1 }
  if index > 0, bytes[index - 1].isQuote { index -= 1 }
  let end = index
  while index > 0, bytes[index - 1].isWord { index -= 1 }
  return index < end ? index..<end : nil
}

private func isTellingKey(_ bytes: Span<UInt8>, _ key: Range<Int>) -> Bool {
  // Of `error_type` and `http.status` the last part.
  var start = key.upperBound
  while start > key.lowerBound, bytes[start - 1].isLetter { start -= 1 }
  return tellingKeys.contains(bytes, start..<key.upperBound)
}

private func byteBefore(_ bytes: Span<UInt8>, _ place: Int) -> UInt8? {
  var index = place
  while index > 0, bytes[index - 1] == 0x20 { index -= 1 }
  return index > 0 ? bytes[index - 1] : nil
}

private let statusWords = PhraseSet(
  words: "http https status code statuscode httpstatus")
/// The reasons of RFC 9110 that are errors, as names.
private let reasons = PhraseSet(
  words: "badrequest unauthorized forbidden notfound methodnotallowed conflict toomanyrequests "
    + "internalservererror notimplemented badgateway serviceunavailable gatewaytimeout")
private let truthValues = PhraseSet(words: "true false")
private let nullValues = PhraseSet(words: "null nil none")
private let requestMethods = PhraseSet(
  words: "get post put patch delete head options connect trace")
private let tellingKeys = PhraseSet(
  words: "error err errno msg message reason cause code status state stat result outcome type kind "
    + "level severity signal event action op cmd command method title detail details desc "
    + "description exception failure fault problem hint")
