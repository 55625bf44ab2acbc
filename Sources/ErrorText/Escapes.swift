internal import Rules

/// Whether a message may hold escape sequences and the like, which say how a terminal shows it.
func hasEscapes(_ bytes: Span<UInt8>) -> Bool {
  for index in bytes.indices {
    let byte = bytes[index]
    if byte > 0x5e ? byte < 0xc2 : byte < 0x5b && byte != 0x1b && byte != 0x0d { continue }
    let next = index + 1 < bytes.count ? bytes[index + 1] : 0
    switch byte {
    case 0x1b, 0x0d, 0xe2, 0xe3, 0xef: return true
    case 0xc2 where next == 0x9b || next == 0xa0: return true
    case UInt8(ascii: "[") where next.isDigit || next == UInt8(ascii: "m"): return true
    case UInt8(ascii: "\\") where next.isDigit || next.lowercased == UInt8(ascii: "x"): return true
    case UInt8(ascii: "\\") where next == UInt8(ascii: "u") || next == UInt8(ascii: "e"):
      return true
    case UInt8(ascii: "^") where next == UInt8(ascii: "["): return true
    default: break
    }
  }
  return false
}

/// The message as a person sees it: without the sequences that ECMA-48 defines, also where their escape
/// was lost or written out, and with spaces of one width. A carriage return within a line becomes a
/// line break, as what follows it would write over what stands there. Nil when nothing changes.
func withoutEscapes(_ bytes: Span<UInt8>) -> [UInt8]? {
  replaced(bytes, escapes) { $0 == "space" ? 0x20 : $0 == "line" ? 0x0a : nil }
}

/// The text with the characters that entities of HTML stand for in their place; nil where it has none.
func withoutEntities(_ bytes: Span<UInt8>) -> [UInt8]? {
  replaced(bytes, entities) { $0 == "_" ? 0x20 : $0.utf8.first }
}

/// A text with a sign, or nothing, in the place of what rules find; nil when nothing changes.
private func replaced(
  _ bytes: Span<UInt8>, _ rules: RuleSet, _ sign: (_ kind: String) -> UInt8?
) -> [UInt8]? {
  let hits = rules.hits(bytes)
  if hits.isEmpty { return nil }
  // One rule's findings never begin within another's, but for an escape's rest.
  var found: [(range: Range<Int>, sign: UInt8?)] = []
  for rule in hits {
    let sign = sign(rules.rules[rule].kind)
    var start = 0
    while let match = rules.match(rule, in: bytes, from: start) {
      found.append((match.whole, sign))
      start = match.whole.upperBound
    }
  }
  found.sort { $0.range.lowerBound < $1.range.lowerBound }
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
