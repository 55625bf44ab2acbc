/// The password among the options of a command: `curl -u user:password`, `mysql -ppassword`.
func commandPassword(_ input: PatternInput) -> Match? {
  let start = input.position
  guard input.byte(start) == UInt8(ascii: "-"), input.byte(start - 1) == UInt8(ascii: " ") else {
    return nil
  }
  if input.has("-u ", at: start) { return userPassword(input, start + 3) }
  if input.has("--user ", at: start) || input.has("--user=", at: start) {
    return userPassword(input, start + 7)
  }
  return input.has("-p", at: start) ? joinedPassword(input, start + 2) : nil
}

private func userPassword(_ input: PatternInput, _ at: Int) -> Match? {
  let user = input.end(from: at, max: 1) { isOneOf($0, "\"'") }
  let colon = input.end(from: user, max: 128) { isKeyByte($0) || isOneOf($0, ".@+") }
  guard colon > user, input.byte(colon) == UInt8(ascii: ":") else { return nil }
  let quote = user > at ? input.byte(at) : nil
  return match(input, colon + 1, quote: quote, of: ["curl", "http"])
}

private func joinedPassword(_ input: PatternInput, _ at: Int) -> Match? {
  let start = input.end(from: at, max: 1) { isOneOf($0, "\"'") }
  let end = valueEnd(input, start)
  // A port is none.
  guard input.bytes[start..<end].contains(where: isLetter) else { return nil }
  return match(
    input, start, quote: start > at ? input.byte(at) : nil,
    of: ["mysql", "mysqldump", "mysqladmin", "mysqlimport", "mariadb", "mariadb-dump"])
}

private func match(
  _ input: PatternInput, _ start: Int, quote: UInt8?, of commands: [StaticString]
) -> Match? {
  let close = input.end(from: start, max: 256) { $0 != quote && $0 >= 0x20 }
  let end =
    quote != nil && input.byte(close) == quote ? close : valueEnd(input, start)
  let value = input.bytes[start..<end]
  guard value.count >= 4, !isPlainWord(value), !isOneOf(input.bytes[start], "$<{[%"),
    follows(input, commands)
  else { return nil }
  return Match(kind: .token, start: start, end: end)
}

private func valueEnd(_ input: PatternInput, _ start: Int) -> Int {
  input.end(from: start, max: 256) { $0 > 0x20 && !isOneOf($0, "\"'`\\;<>|()") }
}

/// Whether one of some commands stands before, in the same line.
private func follows(_ input: PatternInput, _ commands: [StaticString]) -> Bool {
  var at = input.position
  let first = max(0, at - 256)
  while at > first, input.bytes[at - 1] != UInt8(ascii: "\n") {
    at -= 1
    if input.isInWord(at) { continue }
    let isCommand = commands.contains { command in
      input.has(command, at: at)
        && input.byte(at + command.utf8CodeUnitCount) == UInt8(ascii: " ")
    }
    if isCommand { return true }
  }
  return false
}
