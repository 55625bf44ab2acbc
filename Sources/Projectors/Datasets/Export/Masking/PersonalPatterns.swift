func email(_ input: PatternInput) -> Match? {
  let start = input.position
  let at = input.end(from: start, max: 64) { isKeyByte($0) || isOneOf($0, ".%+'") || $0 >= 0x80 }
  guard at > start, input.byte(at) == UInt8(ascii: "@") else { return nil }
  var end = input.end(from: at + 1, max: 253) {
    isAlphanumeric($0) || isOneOf($0, ".-") || $0 >= 0x80
  }
  while end > at + 1, isOneOf(input.bytes[end - 1], ".-") { end -= 1 }
  let domain = input.bytes[(at + 1)..<end]
  guard let dot = domain.lastIndex(of: UInt8(ascii: ".")), dot > at + 1, end - dot > 2,
    !input.bytes[(dot + 1)..<end].contains(where: isDigit)
  else { return nil }
  return Match(kind: .email, start: start, end: end)
}

/// `/home/name`, `/Users/name`, `C:\Users\name`, with single or doubled backslashes; `/root`.
func homeDirectory(_ input: PatternInput) -> Match? {
  let start = input.position
  var name: Int?
  if input.byte(start) == UInt8(ascii: "/") {
    if start > 0, isWordByte(input.bytes[start - 1]), !isDriveOrScheme(input, start) { return nil }
    for folder: StaticString in ["/home/", "/Users/", "/export/home/", "/var/home/"]
    where input.has(folder, at: start) {
      name = start + folder.utf8CodeUnitCount
    }
    if input.has("/root", at: start), !isKeyByte(input.byte(start + 5)),
      input.byte(start + 5) != UInt8(ascii: ".")
    {
      return Match(kind: .home, start: start, end: start + 5)
    }
  } else if isLetter(input.byte(start)), input.byte(start + 1) == UInt8(ascii: ":") {
    let folder = input.end(from: start + 2, max: 2) { isOneOf($0, "\\/") }
    if folder > start + 2, input.has("users", at: folder, ignoringCase: true) {
      let after = input.end(from: folder + 5, max: 2) { isOneOf($0, "\\/") }
      if after > folder + 5 { name = after }
    }
  }
  guard let name else { return nil }
  let end = input.end(from: name) { isWordByte($0) || isOneOf($0, ".-@+") }
  guard end > name else { return nil }
  return Match(kind: .home, start: start, end: end)
}

/// Whether a path may begin although a letter stands before it: `file:///home/…` has a slash there.
private func isDriveOrScheme(_ input: PatternInput, _ start: Int) -> Bool {
  // `-I/home/name` and `-L/home/name`.
  start >= 2 && input.bytes[start - 2] == UInt8(ascii: "-") && isLetter(input.bytes[start - 1])
}

// MARK: Numbers

func ipAddress(_ input: PatternInput) -> Match? {
  ipV4(input) ?? ipV6(input)
}

private func ipV4(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-") { return nil }
  var end = start
  for part in 0..<4 {
    if part > 0 {
      guard input.byte(end) == UInt8(ascii: ".") else { return nil }
      end += 1
    }
    let partEnd = input.end(from: end, max: 4, isDigit)
    let value = input.bytes[end..<partEnd].reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard (1...3).contains(partEnd - end), value <= 255 else { return nil }
    end = partEnd
  }
  let isLonger = input.byte(end) == UInt8(ascii: ".") && isDigit(input.byte(end + 1))
  if isWordByte(input.byte(end)) || isLonger { return nil }
  return Match(kind: .ip, start: start, end: end)
}

/// Eight groups, or fewer around one `::`; with a digit, so that names of C++ are none.
private func ipV6(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, input.bytes[start - 1] == UInt8(ascii: ":") { return nil }
  var end = start
  var groups = 0
  var gaps = 0
  while true {
    let groupEnd = input.end(from: end, max: 5, isHex)
    guard groupEnd - end <= 4 else { return nil }
    if groupEnd > end { groups += 1 }
    end = groupEnd
    if input.has("::", at: end) {
      gaps += 1
      end += 2
    } else if input.byte(end) == UInt8(ascii: ":"), groupEnd > start, isHex(input.byte(end + 1)) {
      end += 1
    } else {
      break
    }
  }
  guard groups == 8 && gaps == 0 || gaps == 1 && (1...7).contains(groups),
    !isWordByte(input.byte(end)), input.byte(end) != UInt8(ascii: ":"),
    input.bytes[start..<end].contains(where: isDigit)
  else { return nil }
  return Match(kind: .ip, start: start, end: end)
}

/// International with `+`, or in groups as in North America.
func phone(_ input: PatternInput) -> Match? {
  let start = input.position
  if start > 0, isOneOf(input.bytes[start - 1], ".-/") { return nil }
  if input.byte(start) == UInt8(ascii: "+"), isDigit(input.byte(start + 1)) {
    return internationalPhone(input)
  }
  let isBracketed = input.byte(start) == UInt8(ascii: "(")
  var end = start + (isBracketed ? 1 : 0)
  for (group, size) in [3, 3, 4].enumerated() {
    if group > 0 {
      let gap = input.end(from: end, max: group == 1 && isBracketed ? 2 : 1) {
        isOneOf($0, group == 1 && isBracketed ? ") -." : " -.")
      }
      guard gap > end else { return nil }
      end = gap
    }
    guard input.end(from: end, max: 5, isDigit) - end == size else { return nil }
    end += size
  }
  return isWordByte(input.byte(end)) ? nil : Match(kind: .phone, start: start, end: end)
}

private func internationalPhone(_ input: PatternInput) -> Match? {
  let start = input.position
  var end = start + 1
  var digits = 0
  var last = end
  while end < input.bytes.count, digits <= 15 {
    if isDigit(input.bytes[end]) {
      digits += 1
      last = end + 1
    } else if !isOneOf(input.bytes[end], " -.()") || end - last >= 2 {
      break
    }
    end += 1
  }
  guard (8...15).contains(digits), !isWordByte(input.byte(last)) else { return nil }
  return Match(kind: .phone, start: start, end: last)
}
