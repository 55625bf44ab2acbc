/// Paths are bytes, and need not be UTF-8. As text, each byte that is none stands as a character of its
/// own, at the end of Unicode's private planes; so does each byte of such a character, should a name
/// hold one: every path comes back as it was.
private let firstEscape: UInt32 = 0x10_ff00

/// A path or name as text.
func pathText(_ bytes: some Collection<UInt8>) -> String {
  let bytes = Array(bytes)
  if let text = String(validating: bytes, as: UTF8.self),
    !text.unicodeScalars.contains(where: isEscape)
  {
    return text
  }
  var text = String.UnicodeScalarView()
  var rest = bytes[...]
  while !rest.isEmpty {
    let length = (1...min(4, rest.count)).first { length in
      String(validating: rest.prefix(length), as: UTF8.self) != nil
    }
    let scalars = length.flatMap { String(validating: rest.prefix($0), as: UTF8.self) }?
      .unicodeScalars
    if let length, let scalars, !scalars.contains(where: isEscape) {
      text.append(contentsOf: scalars)
      rest = rest.dropFirst(length)
    } else if let byte = rest.popFirst(), let scalar = Unicode.Scalar(firstEscape + UInt32(byte)) {
      text.append(scalar)
    }
  }
  return String(text)
}

private func isEscape(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value >= firstEscape && scalar.value <= firstEscape + 0xff
}

/// The bytes of a path that is held as text.
func pathBytes(_ text: String) -> [UInt8] {
  if !text.unicodeScalars.contains(where: isEscape) { return Array(text.utf8) }
  return text.unicodeScalars.flatMap { scalar -> [UInt8] in
    if isEscape(scalar) { return [UInt8(truncatingIfNeeded: scalar.value - firstEscape)] }
    return Array(String(scalar).utf8)
  }
}

/// The bytes of a path, with the zero that system calls want behind them.
func systemPath(_ text: String) -> [CChar] {
  pathBytes(text).map { CChar(bitPattern: $0) } + [0]
}

/// A path as a person reads it: bytes that are no text, and control characters, as `\xff`.
package func shownPath(_ text: String) -> String {
  if !text.unicodeScalars.contains(where: { isEscape($0) || isControl($0) }) { return text }
  var shown = ""
  for scalar in text.unicodeScalars {
    if isEscape(scalar) || isControl(scalar) {
      for byte in pathBytes(String(scalar)) {
        let digits = String(byte, radix: 16)
        shown += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      }
    } else {
      shown.unicodeScalars.append(scalar)
    }
  }
  return shown
}

/// What a terminal might obey.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.generalCategory == .control
}
