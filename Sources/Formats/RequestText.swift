/// What a person asked, without what tools and their editors put before it; nil where they put all of
/// it there.
///
/// - Parameter injected: what a text begins with that stands in a person's place, and was put there by
///   the tool.
func requestText(_ text: String, unless injected: [String]) -> String? {
  let whole = text.drop(while: \.isWhitespace)
  var rest = whole
  while let cut = withoutBoilerplate(rest) { rest = cut.drop(while: \.isWhitespace) }
  if rest.isEmpty || injected.contains(where: { rest.hasPrefix($0) }) { return nil }
  return rest.startIndex == whole.startIndex ? text : String(rest)
}

/// What stands behind the first thing that was put before it; nil where nothing was.
private func withoutBoilerplate(_ text: Substring) -> Substring? {
  for name in boilerplateTags where text.hasPrefix("<\(name)>") {
    return text.firstRange(of: "</\(name)>").map { text[$0.upperBound...] }
  }
  if text.hasPrefix("# Context from my IDE setup:") {
    for heading in ["## My request for Codex:", "## My request:"] {
      if let found = text.firstRange(of: heading) { return text[found.upperBound...] }
    }
    return text[text.endIndex...]
  }
  if text.hasPrefix("# AGENTS.md instructions"),
    let end = text.firstRange(of: "</INSTRUCTIONS>")
  {
    return text[end.upperBound...]
  }
  return nil
}

/// The tags of what editors and tools tell a model beside a person's request.
private let boilerplateTags = [
  "system-reminder", "ide_opened_file", "ide_selection", "ide_diagnostics", "environment_context",
  "user_instructions", "INSTRUCTIONS", "collaboration_mode",
]
