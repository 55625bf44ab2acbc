/// Where the thing ends that a word only begins: a URL, a path, an address or a code position; nil
/// when the word stands for itself.
func compoundEnd(_ bytes: Span<UInt8>, _ shape: WordShape) -> Int? {
  let end = shape.runEnd
  if shape.lastAt > shape.start, shape.lastDot > shape.lastAt, shape.letters > 0 { return end }
  if shape.digits == 0, shape.lastDot > shape.start, isFileName(bytes, shape) {
    return placeEnd(bytes, from: end)
  }
  if shape.digits == 0, shape.lastDot > shape.start, isQualifiedName(bytes, shape) {
    return end < bytes.count && bytes[end] == UInt8(ascii: "/") ? pathEnd(bytes, from: end) : end
  }
  guard end + 1 < bytes.count else { return nil }
  if bytes[end] == UInt8(ascii: "/") { return relativePathEnd(bytes, shape) }
  guard bytes[end] == UInt8(ascii: ":") else { return nil }
  let next = bytes[end + 1]
  if next == UInt8(ascii: "/"), end + 2 < bytes.count, bytes[end + 2] == UInt8(ascii: "/") {
    return urlEnd(bytes, from: end + 3)
  }
  if shape.count == 1, shape.letters == 1, next == UInt8(ascii: "\\") || next == UInt8(ascii: "/") {
    return pathEnd(bytes, from: end + 1)
  }
  if next.isDigit, shape.letters > 0, shape.lastDot > shape.start { return end }
  return hexListEnd(bytes, shape)
}

/// The end of a quoted string on this line, after its closing mark; nil when this is no opening one.
func quoteEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
  let quote = bytes[start]
  if start > 0, bytes[start - 1].isLetter || bytes[start - 1].isDigit,
    !isEastAsian(bytes, endingAt: start)
  {
    return nil
  }
  /// In a text that was quoted itself: `\"a b\"`.
  let isEscaped = start > 0 && bytes[start - 1] == UInt8(ascii: "\\")
  var index = start + 1
  let limit = min(bytes.count, start + ErrorLimits.quotedSizeMax)
  while index < limit {
    let byte = bytes[index]
    if byte == UInt8(ascii: "\\") {
      if isEscaped, index + 1 < bytes.count, bytes[index + 1] == quote { return index + 2 }
      index += 2
      continue
    }
    // GNU tools quote `like this'.
    if byte == quote || quote == UInt8(ascii: "`") && byte == UInt8(ascii: "'") {
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0x20
      // Chinese, Japanese and Korean put no spaces beside.
      if !next.isLetter && !next.isDigit || 0xe3...0xed ~= next { return index + 1 }
    }
    index += 1
  }
  return nil
}

/// Whether a character ends there that is of Chinese, Japanese or Korean writing, or of their width.
private func isEastAsian(_ bytes: Span<UInt8>, endingAt end: Int) -> Bool {
  end >= 3 && 0xe3...0xed ~= bytes[end - 3] && 0x80...0xbf ~= bytes[end - 2]
    && 0x80...0xbf ~= bytes[end - 1]
}

/// The end of what stands between quotation marks beyond ASCII, after the closing one; nil when no such
/// mark begins here.
func foreignQuoteEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
  guard bytes[start] >= 0xc2,
    let quote = quotes.first(where: { bytes.has($0.open, at: start..<bytes.count) })
  else { return nil }
  // What opens as it closes is an apostrophe behind a letter.
  if start > 0, bytes[start - 1].isLetter, bytes.has("’", at: start..<bytes.count) { return nil }
  var index = start + quote.open.utf8CodeUnitCount
  let limit = min(bytes.count, start + ErrorLimits.quotedSizeMax)
  while index < limit {
    if bytes[index] >= 0xc2 {
      for close in quote.closes where bytes.has(close, at: index..<bytes.count) {
        return index + close.utf8CodeUnitCount
      }
    }
    index += 1
  }
  return nil
}

/// Whether a mark of quotation beyond ASCII stands here.
func isForeignQuote(_ bytes: Span<UInt8>, at index: Int) -> Bool {
  guard [0xc2, 0xd7, 0xe2, 0xe3].contains(bytes[index]) else { return false }
  return quotes.contains { quote in
    bytes.has(quote.open, at: index..<bytes.count)
      || quote.closes.contains { bytes.has($0, at: index..<bytes.count) }
  }
}

private let quotes: [(open: StaticString, closes: [StaticString])] = [
  ("«", ["»"]), ("„", ["“", "”"]), ("‚", ["‘", "’"]), ("“", ["”"]), ("‘", ["’"]), ("‹", ["›"]),
  ("»", ["«"]), ("「", ["」"]), ("『", ["』"]), ("《", ["》"]), ("”", ["”"]),
  ("’", ["’"]), ("״", ["״"]), ("【", ["】"]), ("〈", ["〉"]), ("〝", ["〞", "〟"]),
]

/// The end of a path that begins with `/` or `~`; nil when it is only a mark between words.
func rootedPathEnd(_ bytes: Span<UInt8>, from start: Int) -> Int? {
  if start > 0 {
    let before = bytes[start - 1]
    if before.isWord || before == UInt8(ascii: ")") { return nil }
  }
  let end = pathEnd(bytes, from: start)
  guard end > start + 1 else { return nil }
  if bytes[start] == UInt8(ascii: "~"), bytes[start + 1] != UInt8(ascii: "/") { return nil }
  return placeEnd(bytes, from: end)
}

/// The end of a place in a file, as `(14,23)` behind its name.
private func placeEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
  guard start < bytes.count, bytes[start] == UInt8(ascii: "(") else { return start }
  var index = start + 1
  while index < bytes.count, bytes[index].isDigit || bytes[index] == UInt8(ascii: ",") {
    index += 1
  }
  guard index > start + 1, index < bytes.count, bytes[index] == UInt8(ascii: ")") else {
    return start
  }
  return index + 1
}

private func pathEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var index = start
  while index < bytes.count, bytes[index].isPath { index += 1 }
  while index > start, bytes[index - 1] == UInt8(ascii: ".") { index -= 1 }
  return index
}

private func urlEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
  var index = start
  while index < bytes.count {
    let byte = bytes[index]
    if byte.isSpace || byte.isQuote || byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">")
      || byte == UInt8(ascii: "|")
    {
      break
    }
    index += 1
  }
  while index > start {
    switch bytes[index - 1] {
    case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: ";"), UInt8(ascii: ":"),
      UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      index -= 1
    default: return index
    }
  }
  return index
}

/// `src/main.rs` and `a/b/c` are paths; `and/or` and `application/json` are words.
private func relativePathEnd(_ bytes: Span<UInt8>, _ shape: WordShape) -> Int? {
  let end = pathEnd(bytes, from: shape.runEnd)
  var slashes = 0
  var lastSlash = shape.runEnd
  var lastDot = shape.runEnd
  for index in shape.runEnd..<end {
    if bytes[index] == UInt8(ascii: "/") {
      slashes += 1
      lastSlash = index
    } else if bytes[index] == UInt8(ascii: ".") {
      lastDot = index
    }
  }
  if slashes >= 2 || shape.start == shape.end { return placeEnd(bytes, from: end) }
  guard lastDot > lastSlash + 1, (1...5).contains(end - lastDot - 1) else { return nil }
  for index in (lastDot + 1)..<end where !bytes[index].isLetter { return nil }
  return placeEnd(bytes, from: end)
}

/// Hexadecimal groups between colons, as in hardware and network addresses; at least five, or three
/// when some are left out.
private func hexListEnd(_ bytes: Span<UInt8>, _ shape: WordShape) -> Int? {
  guard shape.isHex, shape.runStart == shape.start, shape.runEnd == shape.end, shape.count <= 4
  else { return nil }
  var groups = 1
  var isShortened = false
  var index = shape.end
  var end = index
  while index < bytes.count, bytes[index] == UInt8(ascii: ":") {
    index += 1
    if index < bytes.count, bytes[index] == UInt8(ascii: ":") {
      isShortened = true
      index += 1
    }
    let start = index
    while index < bytes.count, index - start < 4, bytes[index].isHex { index += 1 }
    if index == start { break }
    groups += 1
    end = index
  }
  if end < bytes.count, bytes[end].isLetter || bytes[end].isDigit { return nil }
  return groups >= (isShortened ? 3 : 5) ? end : nil
}

/// Whether a dotted name ends as the names of source and data files do.
private func isFileName(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  let ending = (shape.lastDot + 1)..<shape.end
  return ending.allSatisfy { bytes[$0].isLower } && fileExtensions.contains(bytes, ending)
}

/// Whether a dotted name is that of a host, a package, a module or a class: three parts and more, or
/// two with a domain at the end. The name of an error tells what went wrong, and a constant what was
/// meant (`intent.action.SCREEN_ON`): they stand for themselves.
private func isQualifiedName(_ bytes: Span<UInt8>, _ shape: WordShape) -> Bool {
  var parts = 1
  for index in (shape.start + 1)..<shape.end where bytes[index] == UInt8(ascii: ".") {
    if bytes[index - 1] == UInt8(ascii: ".") { return false }
    parts += 1
  }
  let last = (shape.lastDot + 1)..<shape.end
  if parts == 2 { return domains.contains(bytes, last) }
  guard parts > 2 else { return false }
  if beginsWithException(bytes, shape) { return false }
  if last.count > 1, last.allSatisfy({ !bytes[$0].isLower }) { return false }
  return !namesType(bytes.extracting(last))
}

private let domains = PhraseSet(words: "com org net edu gov local internal lan")

private let fileExtensions = PhraseSet(
  words: "py pyi ts tsx js jsx mjs cjs rs go swift java kt rb php cc cpp hpp cs json toml yaml yml "
    + "lock md txt sh sql html css scss xml ini cfg conf csv jsonl ipynb nix exe dll sys so jar war "
    + "log tmp bin dat db pid sock zip gz png jpg pdf")
