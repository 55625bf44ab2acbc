internal import Rules

/// The type that a line names: `TypeError` of `TypeError: x is not a function`, `E0382` of
/// `error[E0382]: …`; nil when it names none.
package func errorType(_ line: Span<UInt8>) -> String? { name(in: line, by: types) }

/// The type that a message says apart from what its line says; nil when it says none.
package func thrownType(_ message: Span<UInt8>) -> String? { name(in: message, by: thrown) }

private func name(in text: Span<UInt8>, by types: RuleSet) -> String? {
  let start = text.extracting(first: ErrorLimits.exampleSizeMax)
  for rule in types.hits(start) {
    if let match = types.match(rule, in: start), match.found.count <= ErrorLimits.wordSizeMax {
      return String(repairing: start.extracting(match.found))
    }
  }
  return nil
}

private let types = RuleSet(typeRules)
private let thrown = RuleSet(thrownRules)

/// Whether a word is the name of an error.
func namesType(_ word: Span<UInt8>) -> Bool {
  guard let last = word.count > 4 ? word[word.count - 1] : nil else { return false }
  func ends(_ ending: StaticString) -> Bool {
    let start = word.count - ending.utf8CodeUnitCount
    return start > 0 && word.has(ending, at: start..<word.count)
  }
  return switch last {
  case UInt8(ascii: "r"): ends("Error")
  case UInt8(ascii: "n"): ends("Exception")
  case UInt8(ascii: "g"): ends("Warning")
  case UInt8(ascii: "t"): ends("Interrupt") || ends("Exit") || ends("Fault")
  default: false
  }
}
