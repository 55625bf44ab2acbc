// Words that say what went wrong by themselves, wherever they stand.

/// Whether a word is the code of an error (`ENOENT`, `TS2304`), a signal, the name of an exception, the
/// status of an answer over HTTP, or the reason that goes with one: such a word stays, however many
/// others were seen in its place.
func tells(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  guard shape.count >= 3, shape.count <= Limits.wordSizeMax else { return false }
  if shape.digits > 0 {
    return shape.letters == 0 ? isStatus(bytes, shape) : shape.isErrorCode
  }
  let word = bytes.extracting(shape.start..<shape.end)
  return isErrorName(word) || isSignal(word) || namesType(word)
    || reasons.contains(lowercased(bytes, shape.start, shape.end))
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
  guard let word = wordBefore(bytes, shape.start) else { return false }
  if statusWords.contains(lowercased(bytes, word.lowerBound, word.upperBound)) { return true }
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

private let statusWords = packed("http https status code statuscode httpstatus")
/// The reasons of RFC 9110 that are errors, as names, by their last eight bytes.
private let reasons = Set(
  ("badrequest unauthorized forbidden notfound methodnotallowed conflict toomanyrequests "
    + "internalservererror notimplemented badgateway serviceunavailable gatewaytimeout")
    .split(separator: " ").map { $0.utf8.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })
