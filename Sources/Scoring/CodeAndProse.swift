/// Whether a text holds a fenced block and, outside of all its blocks, a word.
///
/// A fence is a line that begins, after blanks, with three or more backticks or tildes; the block
/// goes on to a line of as many of the same and nothing else, or to the end (CommonMark 0.31,
/// section 4.5, but for any depth of indent, as lists have it).
package func showsCodeAndProse(_ text: String) -> Bool {
  var text = text
  return text.withUTF8 { buffer in
    unsafe scan(Span(_unsafeElements: buffer))
  }
}

private func scan(_ bytes: Span<UInt8>) -> Bool {
  var hasCode = false
  var hasProse = false
  var open: Fence?
  var start = 0
  while start < bytes.count, !(hasCode && hasProse && open == nil) {
    var end = start
    while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
    let fence = Fence(bytes, start..<end)
    if let current = open {
      if let fence, fence.closes(current) { open = nil }
    } else if let fence, fence.mayOpen {
      hasCode = true
      open = fence
    } else if !hasProse {
      hasProse = holdsWord(bytes, start..<end)
    }
    start = end + 1
  }
  return hasCode && hasProse
}

private struct Fence {
  let mark: UInt8
  let length: Int
  let isBare: Bool
  let mayOpen: Bool

  init?(_ bytes: Span<UInt8>, _ line: Range<Int>) {
    var index = line.lowerBound
    while index < line.upperBound, isBlank(bytes[index]) { index += 1 }
    guard index < line.upperBound else { return nil }
    mark = bytes[index]
    guard mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
    var count = 0
    while index < line.upperBound, bytes[index] == mark {
      count += 1
      index += 1
    }
    guard count >= 3 else { return nil }
    length = count
    var isBare = true
    var mayOpen = true
    while index < line.upperBound {
      if !isBlank(bytes[index]) { isBare = false }
      if mark == UInt8(ascii: "`"), bytes[index] == mark { mayOpen = false }
      index += 1
    }
    self.isBare = isBare
    self.mayOpen = mayOpen
  }

  func closes(_ other: Fence) -> Bool { isBare && mark == other.mark && length >= other.length }
}

private func isBlank(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
}

/// Letters and digits of ASCII, and everything beyond it.
private func holdsWord(_ bytes: Span<UInt8>, _ line: Range<Int>) -> Bool {
  for index in line {
    switch bytes[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...0xff:
      return true
    default: continue
    }
  }
  return false
}
