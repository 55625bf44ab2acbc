/// A phone number: international with `+` or `00`, in groups as in North America or as numbers with a
/// leading zero have them, or whatever follows `phone` and the like.
func phone(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-/+") { return nil }
  if input.byte(start) == UInt8(ascii: "+") {
    return isInternational(input) ? international(input) : nil
  }
  return announced(input) ?? northAmerican(input) ?? national(input)
}

/// 7 to 15 digits behind a word that tells that it is a number to call. Other things are called too:
/// of those only numbers in groups or with a leading zero.
private func announced(_ input: PatternInput) -> Match? {
  let first = input.position + (input.byte(input.position) == UInt8(ascii: "(") ? 1 : 0)
  guard isDigit(input.byte(first)), let isSure = announcement(input),
    input.digits(from: first, as: "dddd-dd-dd") == nil,
    let match = groups(input, from: first, digitsMin: 7)
  else { return nil }
  let isGrouped = input.end(from: first, isDigit) < match.end
  return isSure || isGrouped || input.byte(first) == UInt8(ascii: "0") ? match : nil
}

/// Whether the words before tell of a phone for sure; nil when they tell of none.
private func announcement(_ input: PatternInput) -> Bool? {
  var at = input.position
  // `call us at`, `phone number is`.
  for _ in 0..<4 {
    let end = input.start(before: at, max: 4) { isOneOf($0, " :.=#\"'") }
    let start = input.start(before: end, max: 10, isWordByte)
    guard end < at, start < end else { return nil }
    func isWord(_ words: [StaticString]) -> Bool {
      words.contains {
        $0.utf8CodeUnitCount == end - start && input.has($0, at: start, ignoringCase: true)
      }
    }
    if isWord(["phone", "tel", "telephone", "telefon", "mobile", "fax", "whatsapp"]) {
      return true
    }
    if isWord(["call", "dial", "cell", "sms", "mobil", "handy"]) { return false }
    guard isWord(["number", "no", "nr", "is", "at", "on", "me", "us"]) else { return nil }
    at = start
  }
  return nil
}

// MARK: With a leading zero

/// `0171 1234567`, `020 7946 0958`, `06 12 34 56 78`, `0049 30 1234567`.
private func national(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.byte(start) == UInt8(ascii: "0") else { return nil }
  if input.byte(start + 1) == UInt8(ascii: "0") {
    guard isOneOf(input.byte(start + 2), "123456789"), input.end(from: start, isDigit) - start <= 6,
      let match = groups(input, from: start, digitsMin: 11), !isInRow(input, start, match.end)
    else { return nil }
    return match
  }
  let shapes: [(StaticString, size: Int)] = [
    ("dd dd dd dd dd", 14), ("dd.dd.dd.dd.dd", 14), ("ddd dddd dddd", 13), ("dddd ddd dddd", 13),
    ("ddddd dddddd", 12), ("dddd dddddd", 11), ("dddd ddddddd", 12), ("dddd dddddddd", 13),
    ("dddd-ddddddd", 12), ("dddd/ddddddd", 12), ("dddd-dddddddd", 13), ("dddd/dddddddd", 13),
    ("ddd ddddddd", 11), ("ddd dddddddd", 12), ("ddd/ddddddd", 11), ("ddd/dddddddd", 12),
  ]
  for (shape, size) in shapes {
    let end = start + size
    guard let digits = input.digits(from: start, as: shape), digits[1] > 0,
      !isWordByte(input.byte(end)), !isInRow(input, start, end), !isCounted(digits),
      !isMode(input, start), !(isOneOf(input.byte(end), ".:-/") && isDigit(input.byte(end + 1)))
    else { continue }
    return Match(kind: .phone, start: start, end: end)
  }
  return nil
}

/// Whether pairs of digits count up: `08 09 10 11 12`.
private func isCounted(_ digits: [Int]) -> Bool {
  let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] * 10 + digits[$0 + 1] }
  return zip(pairs, pairs.dropFirst()).allSatisfy { $0 + 1 == $1 }
}

/// Whether it begins with the mode of a file, such as 0644 or 0755.
private func isMode(_ input: PatternInput, _ start: Int) -> Bool {
  input.end(from: start, max: 5, isDigit) - start == 4 && isOneOf(input.byte(start + 1), "467")
    && isOneOf(input.byte(start + 2), "04567") && isOneOf(input.byte(start + 3), "04567")
}

// MARK: North America

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
  // `800 555 3000 rows` counts something, and what follows in a row is no number either.
  if separator == UInt8(ascii: " "), !isBracketed,
    isInRow(input, start, end)
      || input.byte(end) == UInt8(ascii: " ") && isLetter(input.byte(end + 1))
  {
    return nil
  }
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

private func international(_ input: PatternInput) -> Match? {
  guard let match = groups(input, from: input.position + 1, digitsMin: 8) else { return nil }
  // `+1234567890 + 5`
  let sign = input.end(from: match.end, max: 1) { $0 == UInt8(ascii: " ") }
  let operand = input.end(from: sign + 1, max: 1) { $0 == UInt8(ascii: " ") }
  let isSum = isOneOf(input.byte(sign), "+*%^") || input.has("- ", at: sign) && sign > match.end
  return isSum && isDigit(input.byte(operand)) ? nil : match
}

/// So many to 15 digits, single or in groups; of groups that go beyond as many as fit.
private func groups(_ input: PatternInput, from start: Int, digitsMin: Int) -> Match? {
  var at = start
  var digits = 0
  var end: Int?
  while digits <= 15 {
    let groupEnd = input.end(from: at, max: 16, isDigit)
    digits += groupEnd - at
    if digits > 15 || groupEnd == at { break }
    if digits >= digitsMin, !isWordByte(input.byte(groupEnd)) { end = groupEnd }
    at = input.end(from: groupEnd, max: 2) { isOneOf($0, " -.()/") }
    if at == groupEnd { break }
  }
  return end.map { Match(kind: .phone, start: input.position, end: $0) }
}
