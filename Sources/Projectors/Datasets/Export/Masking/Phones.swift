/// A phone number: international with `+`, or in groups as in North America.
func phone(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-/+") { return nil }
  if input.byte(start) == UInt8(ascii: "+") {
    return isInternational(input) ? international(input) : nil
  }
  return northAmerican(input)
}

/// `415-555-2671`, `(415) 555-2671`, `415.555.2671`, `415 555 2671`, also after `1-`. Neither area nor
/// exchange begins with 0 or 1.
private func northAmerican(_ input: PatternInput) -> Match? {
  let start = input.position
  var at = start
  if input.byte(at) == UInt8(ascii: "1"), isOneOf(input.byte(at + 1), "- .") { at += 2 }
  let isBracketed = input.byte(at) == UInt8(ascii: "(")
  if isBracketed { at += 1 }
  guard isGroup(input, at, 3, isCode: true) else { return nil }
  at += 3
  if isBracketed {
    guard input.byte(at) == UInt8(ascii: ")") else { return nil }
    at = input.end(from: at + 1, max: 1) { isOneOf($0, " -") }
  } else {
    guard isOneOf(input.byte(at), "- .") else { return nil }
    at += 1
  }
  let separator = input.byte(at + 3)
  guard isGroup(input, at, 3, isCode: true), isOneOf(separator, "- ."),
    isBracketed || separator == input.byte(at - 1), isGroup(input, at + 4, 4, isCode: false)
  else { return nil }
  let end = at + 8
  if separator == UInt8(ascii: " "), !isBracketed, isInRow(input, start, end) { return nil }
  return isWordByte(input.byte(end)) ? nil : Match(kind: .phone, start: start, end: end)
}

private func isGroup(_ input: PatternInput, _ at: Int, _ size: Int, isCode: Bool) -> Bool {
  input.end(from: at, max: size + 1, isDigit) - at == size
    && (!isCode || input.byte(at) >= UInt8(ascii: "2"))
}

/// Whether more numbers stand beside: then it is a row of a table.
private func isInRow(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  input.byte(start - 1) == UInt8(ascii: " ") && isDigit(input.byte(start - 2))
    || input.byte(end) == UInt8(ascii: " ") && isDigit(input.byte(end + 1))
}

/// No country's code begins with 0, and no sum is a number.
private func isInternational(_ input: PatternInput) -> Bool {
  let first = input.byte(input.position + 1)
  return isDigit(first) && first != UInt8(ascii: "0") && !input.isInWord(input.position)
}

/// 8 to 15 digits, single or in groups; of groups that go beyond as many as fit.
private func international(_ input: PatternInput) -> Match? {
  let start = input.position
  var at = start + 1
  var digits = 0
  var end: Int?
  while digits <= 15 {
    let groupEnd = input.end(from: at, max: 16, isDigit)
    digits += groupEnd - at
    if digits > 15 || groupEnd == at { break }
    if digits >= 8, !isWordByte(input.byte(groupEnd)) { end = groupEnd }
    at = input.end(from: groupEnd, max: 2) { isOneOf($0, " -.()") }
    if at == groupEnd { break }
  }
  return end.map { Match(kind: .phone, start: start, end: $0) }
}
