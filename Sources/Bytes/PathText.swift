/// Paths are bytes, need not be UTF-8, and are the same only when their bytes are; texts are equal to
/// Swift whenever Unicode calls them so. As text, a path is therefore ASCII, with each other byte as a
/// character of its own at the end of Unicode's private planes: two such texts are equal only when
/// their bytes are, and every path comes back as it was.
private let firstEscape: UInt32 = 0x10_ff00

/// A path or name as text.
package func pathText(_ bytes: some Collection<UInt8>) -> String {
  if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
  var text = String.UnicodeScalarView()
  for byte in bytes {
    let value = byte < 0x80 ? UInt32(byte) : firstEscape + UInt32(byte)
    if let scalar = Unicode.Scalar(value) { text.append(scalar) }
  }
  return String(text)
}

/// What this process was given, such as an argument: as it is, or, when it is no UTF-8 or holds what
/// would be taken for an escape, as a path's text.
package func givenText(_ bytes: some Collection<UInt8>) -> String {
  guard let text = String(validating: bytes, as: UTF8.self),
    !text.unicodeScalars.contains(where: isEscape)
  else { return pathText(bytes) }
  return text
}

/// The bytes that C ends with a zero.
package func bytes(ofC start: UnsafePointer<CChar>) -> [UInt8] {
  var bytes: [UInt8] = []
  while unsafe start[bytes.count] != 0 {
    bytes.append(unsafe UInt8(bitPattern: start[bytes.count]))
  }
  return bytes
}

/// A path that a person or an older record has as plain text; one that is a path's text stays as it is.
package func pathText(of text: String) -> String { pathText(pathBytes(text)) }

private func isEscape(_ scalar: Unicode.Scalar) -> Bool {
  scalar.value >= firstEscape + 0x80 && scalar.value <= firstEscape + 0xff
}

/// The bytes of a path that is held as text.
package func pathBytes(_ text: String) -> [UInt8] {
  if !text.unicodeScalars.contains(where: isEscape) { return Array(text.utf8) }
  return text.unicodeScalars.flatMap { scalar -> [UInt8] in
    if isEscape(scalar) { return [UInt8(truncatingIfNeeded: scalar.value - firstEscape)] }
    return Array(String(scalar).utf8)
  }
}

/// The bytes of a path, with the zero that system calls want behind them.
package func systemPath(_ text: String) -> [CChar] {
  pathBytes(text).map { CChar(bitPattern: $0) } + [0]
}

/// A path as a person reads it: bytes that are no text, control characters, and what would be taken for
/// an escape, as `\xff`.
package func shownPath(_ text: String) -> String {
  if text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) }) { return text }
  var shown = ""
  var rest = pathBytes(text)[...]
  while !rest.isEmpty {
    let length = (1...min(4, rest.count)).first { length in
      String(validating: rest.prefix(length), as: UTF8.self) != nil
    }
    let piece = rest.prefix(length ?? 1)
    let scalars = length.map { _ in String(decoding: piece, as: UTF8.self).unicodeScalars }
    if let scalars, !scalars.contains(where: { isControl($0) || isEscape($0) }) {
      shown.unicodeScalars.append(contentsOf: scalars)
    } else {
      for byte in piece {
        let digits = String(byte, radix: 16)
        shown += "\\x" + String(repeating: "0", count: 2 - digits.count) + digits
      }
    }
    rest = rest.dropFirst(piece.count)
  }
  return shown
}

/// A text in which names may stand: what is escaped in it as a person reads it, all else as it is.
package func withShownNames(_ text: String) -> String {
  if !text.unicodeScalars.contains(where: isEscape) { return text }
  var shown = ""
  var rest = text.unicodeScalars[...]
  while !rest.isEmpty {
    let name = rest.prefix(while: isEscape)
    shown += shownPath(String(name))
    rest = rest.dropFirst(name.count)
    let others = rest.prefix { !isEscape($0) }
    shown.unicodeScalars.append(contentsOf: others)
    rest = rest.dropFirst(others.count)
  }
  return shown
}

/// What a terminal might obey.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar.properties.generalCategory == .control
}

/// The folder of a path, and the name in it.
package func splitPath(_ path: String) -> (folder: String, name: String) {
  let bytes = Array(path.utf8)
  guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
  let folder = slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
  return (folder, String(decoding: bytes[(slash + 1)...], as: UTF8.self))
}

/// A path without steps that lead nowhere: `.`, and slashes that come twice or last.
package func tidyPath(_ path: String) -> String {
  let steps = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
  let tidy = steps.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  if path.utf8.first == UInt8(ascii: "/") { return "/" + tidy }
  return tidy.isEmpty ? "." : tidy
}

/// A name in a folder.
package func joinPath(_ folder: String, _ name: String) -> String {
  if folder == "." { return name }
  return folder.utf8.last == UInt8(ascii: "/") ? folder + name : "\(folder)/\(name)"
}
