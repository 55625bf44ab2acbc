/// Whether a message holds escape sequences or carriage returns, which say how a terminal shows it.
func hasEscapes(_ bytes: Span<UInt8>) -> Bool {
  for index in bytes.indices where bytes[index] == 0x1b || bytes[index] == 0x0d { return true }
  return false
}

/// The message without the sequences that ECMA-48 defines; a carriage return within a line becomes
/// a line break, as what follows it would write over what stands there.
func withoutEscapes(_ bytes: Span<UInt8>) -> [UInt8] {
  var output: [UInt8] = []
  output.reserveCapacity(bytes.count)
  var index = 0
  while index < bytes.count {
    switch bytes[index] {
    case 0x1b: index = escapeEnd(bytes, from: index)
    case 0x0d:
      output.append(0x0a)
      index += 1
    default:
      output.append(bytes[index])
      index += 1
    }
  }
  return output
}

private func escapeEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var index = start + 1
  guard index < bytes.count else { return index }
  switch bytes[index] {
  case UInt8(ascii: "["):
    index += 1
    while index < bytes.count, (0x20...0x3f).contains(bytes[index]) { index += 1 }
    return min(index + 1, bytes.count)
  case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"),
    UInt8(ascii: "_"):
    // A string: up to BEL, or ESC and a backslash.
    while index < bytes.count, bytes[index] != 0x07, bytes[index] != 0x1b { index += 1 }
    if index + 1 < bytes.count, bytes[index] == 0x1b, bytes[index + 1] == UInt8(ascii: "\\") {
      return index + 2
    }
    return index < bytes.count && bytes[index] == 0x07 ? index + 1 : index
  case UInt8(ascii: " ")...UInt8(ascii: "/"):
    return min(index + 2, bytes.count)
  default: return index + 1
  }
}
