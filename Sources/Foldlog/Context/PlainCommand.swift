/// A line for a shell that does no more than run programs, one after the other: nil for any that
/// substitutes, writes to a file, runs in the background, has lines, globs or words of the shell. Who reads
/// it sees each program that runs, and all that it is told.
struct PlainCommand: Equatable {
  struct Part: Equatable {
    /// Without their quotes.
    let words: [String]
    /// Whether it reads what the one before it prints.
    let isPiped: Bool
  }

  private(set) var parts: [Part] = []

  init?(_ line: String) {
    var words: [String] = []
    var word: String?
    var isPiped = false
    var rest = line[...]
    func endWord() {
      if let word { words.append(word) }
      word = nil
    }
    while let next = rest.popFirst() {
      switch next {
      case "'":
        guard let end = rest.firstIndex(of: "'") else { return nil }
        word = (word ?? "") + rest[..<end]
        rest = rest[rest.index(after: end)...]
      case "\"":
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        let text = rest[..<end]
        if text.contains(where: { "$`\\!".contains($0) }) { return nil }
        word = (word ?? "") + text
        rest = rest[rest.index(after: end)...]
      case " ", "\t": endWord()
      case "&" where rest.first == "&", "|" where rest.first == "|", "|", ";":
        endWord()
        if words.isEmpty { return nil }
        parts.append(Part(words: words, isPiped: isPiped))
        words = []
        isPiped = next == "|" && rest.first != "|"
        if next != ";", rest.first == next { rest.removeFirst() }
      case ">":
        // Of output only that it goes together, or nowhere.
        if let number = word, number != "1", number != "2" { return nil }
        word = nil
        guard let target = ["&1", "&2", "/dev/null", " /dev/null"].first(where: rest.hasPrefix)
        else { return nil }
        rest = rest.dropFirst(target.count)
        if let after = rest.first, !" \t;|&".contains(after) { return nil }
      case _ where next.isNewline || next.isWhitespace || "&<$`(){}[]*?~#!\\^%".contains(next):
        return nil
      default: word = (word ?? "") + String(next)
      }
    }
    endWord()
    if words.isEmpty { return nil }
    parts.append(Part(words: words, isPiped: isPiped))
    // A text between quotes may have lines, too.
    if line.contains(where: \.isNewline) { return nil }
  }
}
