/// Whether a text holds a fenced block with something in it and, outside of all blocks, a word.
///
/// A fence is a line that begins, after blanks, with three or more backticks or tildes; the block
/// goes on to a line of as many of the same and nothing else, or to the end (CommonMark 0.31,
/// section 4.5, but for any depth of indent, as lists have it).
package func showsCodeAndProse(_ text: String) -> Bool {
  var text = text
  return text.withUTF8 { buffer in
    let bytes = unsafe Span(_unsafeElements: buffer)
    return holdsMarks(bytes) && holdsCodeAndProse(bytes)
  }
}

/// Whether there are three marks of a fence in a row anywhere: most texts have none.
private func holdsMarks(_ bytes: Span<UInt8>) -> Bool {
  var index = 2
  while index < bytes.count {
    let mark = bytes[index]
    if mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") {
      if bytes[index - 1] == mark, bytes[index - 2] == mark { return true }
      index += 1
    } else {
      index += 3
    }
  }
  return false
}

private func holdsCodeAndProse(_ bytes: Span<UInt8>) -> Bool {
  var hasCode = false
  var hasProse = false
  var open: Fence?
  var start = 0
  while start < bytes.count, !(hasCode && hasProse) {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    let line = bytes.extracting(start..<end)
    let fence = Fence(line)
    if let current = open {
      if let fence, fence.closes(current) {
        open = nil
      } else if !hasCode {
        hasCode = line.indices.contains { !isBlank(line[$0]) }
      }
    } else if let fence, fence.mayOpen {
      open = fence
    } else if !hasProse {
      hasProse = holdsWord(line)
    }
    start = end + 1
  }
  return hasCode && hasProse
}

private struct Fence {
  let mark: UInt8
  let length: Int
  /// Whether nothing follows the marks.
  let isBare: Bool
  let mayOpen: Bool

  init?(_ line: Span<UInt8>) {
    var index = 0
    while index < line.count, isBlank(line[index]) { index += 1 }
    guard index < line.count else { return nil }
    mark = line[index]
    guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
    let first = index
    while index < line.count, line[index] == mark { index += 1 }
    length = index - first
    guard length >= 3 else { return nil }
    let rest = line.extracting(index..<line.count)
    isBare = rest.indices.allSatisfy { isBlank(rest[$0]) }
    mayOpen = mark == UInt8(ascii: "~") || !rest.indices.contains { rest[$0] == UInt8(ascii: "`") }
  }

  func closes(_ other: Fence) -> Bool { isBare && mark == other.mark && length >= other.length }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

/// Whether there is a letter or a digit.
private func holdsWord(_ line: Span<UInt8>) -> Bool {
  var isASCII = true
  for index in line.indices {
    switch line[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      return true
    case 0x80...0xff: isASCII = false
    default: continue
    }
  }
  if isASCII { return false }
  let text = unsafe line.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  return text.unicodeScalars.contains { isLetterOrDigit($0) }
}

private func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    .decimalNumber:
    true
  default: false
  }
}
