/// The type that a line names: `TypeError` of `TypeError: x is not a function`, `E0382` of
/// `error[E0382]: …`; nil when it names none.
func errorType(_ bytes: Span<UInt8>) -> String? {
  var index = 0
  var words = 0
  while index < bytes.count, words < 12 {
    guard bytes[index].isWord else {
      index += 1
      continue
    }
    let shape = WordShape(bytes, from: index)
    index = shape.runEnd
    words += 1
    guard shape.count > 0, shape.count <= Limits.wordSizeMax else { continue }
    let word = bytes.extracting(shape.start..<shape.end)
    if shape.digits > 0 {
      if shape.isErrorCode, follows("error", bytes, shape.start) { return text(word) }
      continue
    }
    if namesType(word) { return text(word) }
  }
  return nil
}

/// Whether a word is the name of an error.
func namesType(_ word: Span<UInt8>) -> Bool {
  for ending in ["Error", "Exception", "Warning", "Interrupt", "Exit"] {
    let wanted = ending.utf8
    guard word.count > wanted.count else { continue }
    let start = word.count - wanted.count
    if zip(wanted, start..<word.count).allSatisfy({ $0 == word[$1] }) { return true }
  }
  return false
}

private func follows(_ before: String, _ bytes: Span<UInt8>, _ start: Int) -> Bool {
  let size = before.utf8.count
  guard start > size else { return false }
  return bytes.holds(before, in: (start - 1 - size)..<(start - 1))
}

private func text(_ bytes: Span<UInt8>) -> String? { String(repairing: bytes) }

extension String {
  /// The text of UTF-8 bytes; what is not valid becomes U+FFFD.
  init(repairing bytes: Span<UInt8>) {
    self = unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe String(decoding: buffer, as: UTF8.self)
    }
  }

  /// At most so many bytes of the text, cut between characters (Unicode scalars).
  func bounded(_ size: Int) -> String {
    guard utf8.count > size else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: size)
    while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    return String(decoding: utf8[utf8.startIndex..<end], as: UTF8.self)
  }
}
