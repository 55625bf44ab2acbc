internal import Rules

/// The type that a line names: `TypeError` of `TypeError: x is not a function`, `E0382` of
/// `error[E0382]: …`; nil when it names none.
func errorType(_ line: Span<UInt8>) -> String? {
  let start = line.extracting(first: ErrorLimits.exampleSizeMax)
  for rule in types.hits(start) {
    if let match = types.match(rule, in: start), match.found.count <= ErrorLimits.wordSizeMax {
      return String(repairing: start.extracting(match.found))
    }
  }
  return nil
}

private let types = RuleSet(typeRules)

/// Whether a word is the name of an error.
func namesType(_ word: Span<UInt8>) -> Bool {
  for ending in ["Error", "Exception", "Warning", "Interrupt", "Exit", "Fault"]
  where word.count > ending.utf8.count {
    if word.has(ending, at: (word.count - ending.utf8.count)..<word.count) { return true }
  }
  return false
}
