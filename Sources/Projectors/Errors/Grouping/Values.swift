// What is a value because of where it stands: behind a key, or between quotation marks.

/// Whether a word is the value of a key (`user=root`, `ready = true`), or a truth value. Keys that tell
/// what went wrong (`reason=timeout`) have values that tell errors apart, and are no such keys.
func isValue(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  let size = shape.end - shape.start
  if size <= 5 {
    let word = lowercased(bytes, shape.start, shape.end)
    if truthValues.contains(word) { return true }
    if nullValues.contains(word), let before = byteBefore(bytes, shape.start),
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
  if quoted.upperBound < bytes.count, bytes[quoted.upperBound] == UInt8(ascii: ":"),
    content.count <= Limits.keySizeMax, content.allSatisfy({ bytes[$0].isWord })
  {
    return true
  }
  if let key = keyBefore(bytes, quoted.lowerBound, mark: UInt8(ascii: "=")) {
    return isTellingKey(bytes, key)
  }
  guard let key = keyBefore(bytes, quoted.lowerBound, mark: UInt8(ascii: ":")) else { return false }
  guard isTellingKey(bytes, key) else { return false }
  // `error: 'x' not found` is prose, and no key with a value, unless nothing else follows.
  let isQuotedKey = key.upperBound < bytes.count && bytes[key.upperBound].isQuote
  return isQuotedKey || quoted.upperBound == bytes.count || !bytes.holds("error", in: key)
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
  guard requestMethods.contains(lowercased(bytes, content.lowerBound, end)) else { return false }
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
  return tellingKeys.contains(lowercased(bytes, start, key.upperBound))
}

private func byteBefore(_ bytes: Span<UInt8>, _ place: Int) -> UInt8? {
  var index = place
  while index > 0, bytes[index - 1] == 0x20 { index -= 1 }
  return index > 0 ? bytes[index - 1] : nil
}

private let truthValues = packed("true false")
private let nullValues = packed("null nil none")
private let requestMethods = packed("get post put patch delete head options connect trace")
private let tellingKeys = packed(
  "error err errno msg message reason cause code status state stat result outcome type kind level "
    + "severity signal event action op cmd command method title detail details desc description "
    + "exception failure fault problem hint")
