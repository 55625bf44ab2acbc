/// `name@host.domain`. `git@host` is an address of no person.
func email(_ input: PatternInput) -> Match? {
  let start = input.position
  let at = input.end(from: start, max: 64) { isKeyByte($0) || isOneOf($0, ".%+'") || $0 >= 0x80 }
  guard at > start, input.byte(at) == UInt8(ascii: "@"), !input.has("git@", at: start) else {
    return nil
  }
  var end = input.end(from: at + 1, max: 253) {
    isAlphanumeric($0) || isOneOf($0, ".-") || $0 >= 0x80
  }
  while end > at + 1, isOneOf(input.bytes[end - 1], ".-") { end -= 1 }
  let domain = input.bytes[(at + 1)..<end]
  guard let dot = domain.lastIndex(of: UInt8(ascii: ".")), dot > at + 1, end - dot > 2,
    !input.bytes[(dot + 1)..<end].contains(where: isDigit), !isVersioned(domain)
  else { return nil }
  return Match(kind: .email, start: start, end: end)
}

/// Whether it is no domain but a version and an ending, as in `package@1.2.3.patch`.
private func isVersioned(_ domain: ArraySlice<UInt8>) -> Bool {
  let labels = domain.split(separator: UInt8(ascii: "."), maxSplits: 2)
  return labels.count > 2 && labels[..<2].allSatisfy { $0.allSatisfy(isDigit) }
}

/// Addresses that name a machine: the loopback and the unspecified ones do not.
func ipAddress(_ input: PatternInput) -> Match? {
  let start = input.position
  if let end = ipV4End(input, start) {
    let isOurs = input.has("127.", at: start) || input.has("0.0.0.0", at: start)
    return isOurs || isVersion(input, start, end) ? nil : Match(kind: .ip, start: start, end: end)
  }
  return ipV6End(input, start).map { Match(kind: .ip, start: start, end: $0) }
}

private func ipV4End(_ input: PatternInput, _ start: Int) -> Int? {
  // The end of a range: `[IP]-10.0.0.9`.
  let isRangeEnd = input.has("[IP]-", at: start - 5)
  if start > 0, isOneOf(input.bytes[start - 1], ".-"), !isRangeEnd { return nil }
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
  return isWordByte(input.byte(end)) || isLonger ? nil : end
}

/// Whether four numbers are a version or the like rather than an address: `Browser/120.0.0.0`,
/// `==4.12.0.1`, `version 10.0.0.1`, `section 1.2.3.4`, `# 1.2.3.4`.
private func isVersion(_ input: PatternInput, _ start: Int, _ end: Int) -> Bool {
  if input.byte(start - 1) == UInt8(ascii: "/"), isLetter(input.byte(start - 2)) { return true }
  if input.byte(start - 1) == UInt8(ascii: "="), isOneOf(input.byte(start - 2), "=<>~!") {
    return true
  }
  if input.has("# ", at: start - 2) { return true }
  let end = input.start(before: start, max: 5) { isOneOf($0, " \"'\\:=") }
  let words: [StaticString] = [
    "version", "versions", "ver", "v", "release", "section", "chapter", "clause", "build",
  ]
  return words.contains { word in
    let first = end - word.utf8CodeUnitCount
    return end < start && input.has(word, at: first, ignoringCase: true)
      && (word.utf8CodeUnitCount >= 7 || !input.isInWord(first))
  }
}

/// Eight groups, or fewer around one `::`, of the ranges in use: global, local to a site or a link,
/// multicast. So neither names of C++ nor slices of Python are any.
private func ipV6End(_ input: PatternInput, _ start: Int) -> Int? {
  if start > 0, input.bytes[start - 1] == UInt8(ascii: ":") { return nil }
  if input.has("::ffff:", at: start, ignoringCase: true) { return ipV4End(input, start + 7) }
  guard input.end(from: start, max: 5, isHex) - start == 4, isOneOf(input.bytes[start], "23fF")
  else { return nil }
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
    } else if input.byte(end) == UInt8(ascii: ":"), isHex(input.byte(end + 1)) {
      end += 1
    } else {
      break
    }
  }
  guard groups == 8 && gaps == 0 || gaps == 1 && groups <= 7, !isWordByte(input.byte(end)),
    input.byte(end) != UInt8(ascii: ":"), input.bytes[start..<end].contains(where: isDigit)
  else { return nil }
  return end
}
