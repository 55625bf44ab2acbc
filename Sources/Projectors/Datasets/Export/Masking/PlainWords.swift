/// Whether what stands for a value is a word of types, of code or of examples, and gives nothing away.
func isPlainWord(_ value: ArraySlice<UInt8>) -> Bool {
  isOneOf(value, literals) || isOneOf(value, plainWords)
}

/// Whether it is a value of code that says that there is none, or whether there is.
func isLiteral(_ value: ArraySlice<UInt8>) -> Bool { isOneOf(value, literals) }

private func isOneOf(_ value: ArraySlice<UInt8>, _ words: [StaticString]) -> Bool {
  let value = value.map(lowered)
  return words.contains { word in word.withUTF8Buffer { unsafe value.elementsEqual($0) } }
}

private let literals: [StaticString] = ["true", "false", "none", "null", "undefined"]

private let plainWords: [StaticString] = [
  "password", "passwd", "secret", "token", "empty", "string", "number", "boolean", "integer",
  "varchar", "secretstr", "bytes", "object", "required", "optional", "nullable", "default",
  "hidden", "masked", "redacted", "removed", "omitted", "encrypted", "hashed", "random",
  "generated",
  "changed", "correct", "incorrect", "invalid", "missing", "unknown", "expired", "forgotten",
  "disabled", "enabled", "example", "placeholder", "credential", "credentials", "value", "input",
  "field", "prompt", "passphrase", "getpass", "pass", "test", "todo", "xxxx", "xxxxxx", "xxxxxxxx",
]
