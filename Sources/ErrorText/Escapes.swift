internal import Rules

/// Whether a message may hold escape sequences and the like, which say how a terminal shows it.
func hasEscapes(_ bytes: Span<UInt8>) -> Bool {
  for index in bytes.indices {
    let byte = bytes[index]
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    switch byte {
    // Control characters, and the first bytes of marks and spaces beyond ASCII.
    case 0x00...0x08, 0x0b...0x1f, 0x7f, 0xc2, 0xcd, 0xd8, 0xe1, 0xe2, 0xe3, 0xef: return true
    case 0xc3:
      if next == 0x82 || next == 0xaf { return true }
    case UInt8(ascii: "["):
      if next.isDigit || next == UInt8(ascii: "m") || next == UInt8(ascii: "K") { return true }
    case UInt8(ascii: "\\"):
      if next.isDigit || "xXueEc".utf8.contains(next) { return true }
    case UInt8(ascii: "^"), UInt8(ascii: "?"):
      if next == UInt8(ascii: "[") { return true }
    case UInt8(ascii: "#"), UInt8(ascii: "<"):
      if next == UInt8(ascii: "0") { return true }
    case UInt8(ascii: "%"):
      if next == UInt8(ascii: "1") { return true }
    case UInt8(ascii: "&"):
      if next == UInt8(ascii: "#") { return true }
    default: break
    }
  }
  return false
}

/// The message as a person sees it: without the sequences that ECMA-48 defines, also where their escape
/// was lost or written out, and with spaces, colons and brackets of one width. A carriage return within
/// a line becomes a line break, as what follows it would write over what stands there. Nil when nothing
/// changes.
func withoutEscapes(_ bytes: Span<UInt8>) -> [UInt8]? {
  replaced(bytes, escapes) { kind, range in
    switch kind {
    case "space": 0x20
    case "line": 0x0a
    case "colon": UInt8(ascii: ":")
    // U+FF01 to U+FF5E stand in the order of U+0021 to U+007E.
    case "wide": bytes[range.lowerBound + 2] &- (bytes[range.lowerBound + 1] == 0xbc ? 0x60 : 0x20)
    default: nil
    }
  }
}

/// The text with the characters that entities of HTML stand for in their place; nil where it has none.
func withoutEntities(_ bytes: Span<UInt8>) -> [UInt8]? {
  replaced(bytes, entities) { kind, _ in kind == "_" ? 0x20 : kind.utf8.first }
}

/// A text with a sign, or nothing, in the place of what rules find; nil when nothing changes.
private func replaced(
  _ bytes: Span<UInt8>, _ rules: RuleSet, _ sign: (_ kind: String, Range<Int>) -> UInt8?
) -> [UInt8]? {
  let hits = rules.hits(bytes)
  if hits.isEmpty { return nil }
  // One rule's findings never begin within another's, but for an escape's rest.
  var found: [(range: Range<Int>, sign: UInt8?)] = []
  for rule in hits {
    let kind = rules.rules[rule].kind
    var start = 0
    while let range = rules.match(rule, in: bytes, from: start)?.found {
      found.append((range, sign(kind, range)))
      start = range.upperBound
    }
  }
  // Of what begins at the same place, the longest.
  found.sort {
    ($0.range.lowerBound, $1.range.upperBound) < ($1.range.lowerBound, $0.range.upperBound)
  }
  var output: [UInt8] = []
  output.reserveCapacity(bytes.count)
  var rest = 0
  for (range, sign) in found where range.lowerBound >= rest {
    for index in rest..<range.lowerBound { output.append(bytes[index]) }
    if let sign { output.append(sign) }
    rest = range.upperBound
  }
  for index in rest..<bytes.count { output.append(bytes[index]) }
  return output
}

private let escapes = RuleSet(escapeRules)
private let entities = RuleSet(entityRules)
