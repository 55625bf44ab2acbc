/// `/home/name`, `/Users/name`, `C:\Users\name`, with single or doubled backslashes; `/root`; and the
/// names of folders that are made of such paths (`-Users-name-project`).
func homeDirectory(_ input: PatternInput) -> Match? {
  switch input.byte(input.position) {
  case UInt8(ascii: "/"): unixHome(input)
  case UInt8(ascii: "-"): flattenedHome(input)
  case let byte where isLetter(byte): windowsHome(input)
  default: nil
  }
}

private func unixHome(_ input: PatternInput) -> Match? {
  let start = input.position
  if input.isInWord(start), !followsFlag(input, start) { return nil }
  if input.has("/root", at: start), !isKeyByte(input.byte(start + 5)),
    !(input.byte(start + 5) == UInt8(ascii: ".") && isKeyByte(input.byte(start + 6)))
  {
    return Match(kind: .home, start: start, end: start + 5)
  }
  let folders: [StaticString] = [
    "/home/", "/Users/", "/export/home/", "/var/home/", "/usr/home/",
  ]
  for folder in folders where input.has(folder, at: start) {
    return match(input, name: start + folder.utf8CodeUnitCount, isNameByte)
  }
  // A drive of Windows, as Unix tools show it: `/c/Users/name`, `/mnt/c/Users/name`.
  let drive = start + (input.has("/mnt/", at: start) ? 5 : 1)
  if isLetter(input.byte(drive)), input.has("/users/", at: drive + 1, ignoringCase: true) {
    return match(input, name: drive + 8, isNameByte)
  }
  return nil
}

private func windowsHome(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.byte(start + 1) == UInt8(ascii: ":"), !input.isInWord(start) else { return nil }
  let folder = input.end(from: start + 2, max: 4) { isOneOf($0, "\\/") }
  guard folder > start + 2, input.has("users", at: folder, ignoringCase: true) else { return nil }
  let name = input.end(from: folder + 5, max: 4) { isOneOf($0, "\\/") }
  guard name > folder + 5, let first = match(input, name: name, isNameByte) else { return nil }
  // A name of several words ends where the path goes on.
  let whole = input.end(from: first.end, max: 32) { isNameByte($0) || $0 == UInt8(ascii: " ") }
  let goesOn = input.byte(first.end) == UInt8(ascii: " ") && isOneOf(input.byte(whole), "\\/")
  return goesOn && input.bytes[whole - 1] != UInt8(ascii: " ")
    ? Match(kind: .home, start: start, end: whole) : first
}

private func flattenedHome(_ input: PatternInput) -> Match? {
  let start = input.position
  guard start > 0, isOneOf(input.bytes[start - 1], "/\\") else { return nil }
  for folder: StaticString in ["-home-", "-Users-"] where input.has(folder, at: start) {
    return match(input, name: start + folder.utf8CodeUnitCount, isWordByte)
  }
  return nil
}

private func match(_ input: PatternInput, name: Int, _ isName: (UInt8) -> Bool) -> Match? {
  let end = input.trimmed(input.end(from: name, isName), from: name)
  return end > name ? Match(kind: .home, start: input.position, end: end) : nil
}

private func isNameByte(_ byte: UInt8) -> Bool { isWordByte(byte) || isOneOf(byte, ".-@+") }

/// `-I/home/name` and `-L/home/name`.
private func followsFlag(_ input: PatternInput, _ start: Int) -> Bool {
  start >= 2 && input.bytes[start - 2] == UInt8(ascii: "-") && isLetter(input.bytes[start - 1])
}
