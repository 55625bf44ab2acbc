/// Texts as JSON has them.
extension [UInt8] {
  /// A text as a string of JSON: quotes, backslashes and control characters escaped.
  package mutating func append(json text: String) {
    append(UInt8(ascii: "\""))
    let span = text.utf8.span
    var start = 0
    while start < span.count {
      let end = escapeIndex(span, from: start)
      let plain = span.extracting(start..<end)
      unsafe plain.withUnsafeBufferPointer { buffer in unsafe append(contentsOf: buffer) }
      if end < span.count { append(escaped: span[end]) }
      start = end + 1
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func append(escaped byte: UInt8) {
    append(UInt8(ascii: "\\"))
    switch byte {
    case 0x08: append(UInt8(ascii: "b"))
    case 0x09: append(UInt8(ascii: "t"))
    case 0x0a: append(UInt8(ascii: "n"))
    case 0x0c: append(UInt8(ascii: "f"))
    case 0x0d: append(UInt8(ascii: "r"))
    case 0x00..<0x20:
      append(contentsOf: "u00".utf8)
      append(hex: byte >> 4)
      append(hex: byte & 0xf)
    default: append(byte)
    }
  }

  private mutating func append(hex digit: UInt8) {
    append(digit < 10 ? 0x30 + digit : 0x57 + digit)
  }
}

/// The first byte from `start` on that JSON escapes, or the end; eight bytes at a time.
private func escapeIndex(_ span: Span<UInt8>, from start: Int) -> Int {
  var index = start
  let bytes = unsafe span.bytes
  while index + 8 <= span.count {
    let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    if mayNeedEscape(word) { break }
    index += 8
  }
  while index < span.count {
    let byte = span[index]
    if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return index }
    index += 1
  }
  return index
}

/// Whether one of eight bytes is a quote, a backslash or below a space. The borrows of subtracting
/// set the upper bit of a byte that was smaller (Bit Twiddling Hacks, "haszero" and "hasless").
@inline(__always)
private func mayNeedEscape(_ word: UInt64) -> Bool {
  let ones: UInt64 = 0x0101_0101_0101_0101
  let quotes = word ^ (ones &* 0x22)
  let slashes = word ^ (ones &* 0x5c)
  let found =
    ((word &- ones &* 0x20) & ~word) | ((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)
  return found & (ones &* 0x80) != 0
}

/// Writes an object of JSON on one line, member by member.
package struct JSONLineWriter {
  private var line: [UInt8] = [UInt8(ascii: "{")]

  package init() {}

  package mutating func member(_ name: String, text: String?) {
    guard let text else { return }
    self.name(name)
    line.append(json: text)
  }

  package mutating func member(_ name: String, texts: [String]) {
    self.name(name)
    line.append(UInt8(ascii: "["))
    for (place, text) in texts.enumerated() {
      if place > 0 { line.append(UInt8(ascii: ",")) }
      line.append(json: text)
    }
    line.append(UInt8(ascii: "]"))
  }

  /// - Parameter json: as it is to stand there: a number, `true`, an object.
  package mutating func member(_ name: String, json: String?) {
    guard let json else { return }
    self.name(name)
    line.append(contentsOf: json.utf8)
  }

  private mutating func name(_ name: String) {
    if line.count > 1 { line.append(UInt8(ascii: ",")) }
    line.append(json: name)
    line.append(UInt8(ascii: ":"))
  }

  /// The object, without a newline.
  package var bytes: [UInt8] { line + [UInt8(ascii: "}")] }
}
