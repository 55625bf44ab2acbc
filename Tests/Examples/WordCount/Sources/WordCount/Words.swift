import Events
import Facts
import Projection
import Tables
import Views

/// A word of prompts.
struct Word: Row {
  var word = ""
  var count = Count()
  var prompts = Count()
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Word>("words")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Word, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("word", &row.word, "In lower case, as prompts have it.")
    try visit.column("count", &row.count, "How often it comes.")
    try visit.column("prompts", &row.prompts, "In how many prompts.")
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "words", "The words of prompts.", of: table, key: { TextKey($0[0]) })
}

/// The prompts of a length.
struct PromptLength: Row {
  var words: UInt64 = 0
  var prompts = Count()

  static let table = StoredTable<UInt64, PromptLength>("lengths")

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout PromptLength, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("words", &row.words, "How many words a prompt has.")
    try visit.column("prompts", &row.prompts, "How many prompts have so many.")
  }

  static let answer = Answer(
    "words/lengths", "How long prompts are.", of: table, key: { $0.number(0) })
}

/// Counts the words of prompts.
final class WordsProjector: EventProjector {
  static let view = View(
    "words", version: 1, "Which words prompts have.", needs: .having(.prompt),
    tables: [Word.answer, PromptLength.answer])

  private let words: KeyedTable<TextKey, Word>
  private let lengths: KeyedTable<UInt64, PromptLength>

  init(tables: FoldTables) throws(TableError) {
    words = try tables.open(Word.table)
    lengths = try tables.open(PromptLength.table)
  }

  func fold(_ event: borrowing Event, _ context: borrowing FoldContext) throws(TableError) {
    guard let prompt = event.fields.text(.prompt) else { return }
    let offset = event.offset
    let all = prompt.lowercased().split { !$0.isLetter }
    var counts: [String: UInt64] = [:]
    for word in all { counts[String(word), default: 0] += 1 }
    // In an order that is one for the same log.
    for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
      try words.change(TextKey(word)) { slot in
        var row = slot.take() ?? Word(word: word)
        row.count += count
        row.prompts += 1
        row.evidence.add(offset)
        slot = row
      }
    }
    try lengths.change(UInt64(all.count)) { slot in
      var row = slot.take() ?? PromptLength(words: UInt64(all.count))
      row.prompts += 1
      slot = row
    }
  }
}
