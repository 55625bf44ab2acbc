import ArgumentParser
import Events
import Foldlog
import Query
import Views

struct ExplainCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say how an event or a row came about.",
    usage: """
      foldlog explain [--format <format>] OFFSET
      foldlog explain [--format <format>] VIEW[/TABLE] KEY...
      """,
    discussion: """
      Of an event: what it says, the interaction that it belongs to with its score part by part, and \
      each row that it went into. Of a row: each number with its rule, what it was made of, and the \
      events that gave that, so that it can be checked by hand. KEY is what names a row, a word for \
      each part (null where there is none); the beginning of a text will do where only one row fits.

        foldlog explain 48                                    an event
        foldlog explain values 48                             what an interaction was worth
        foldlog explain values/daily 2026-01-05 ralph null    a day, a stream, no model
        foldlog explain correlations model gpt-4 value        a factor, a level, a metric
        foldlog explain errors 7                              a pattern of errors
        foldlog explain errors/fixes 7 'npm ci'               what was done about it
        foldlog explain deployments dep-1 --format json       the same as one object of JSON

      KEYS
      \(Foldlog.answers.map { "  \($0.name): \($0.key.joined(separator: " "))" }
        .joined(separator: "\n"))

      What no table keeps (which earlier prompts were similar, which evidence was replaced, what \
      mended what) is found by folding the log once more up to the row, which takes about as long as \
      a replay of the view.
      """)

  @Argument(
    help: ArgumentHelp("An offset, or a view and the key of a row.", valueName: "offset|view key"),
    completion: .list(Foldlog.answers.map(\.name)))
  var words: [String] = []

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format: String = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    guard ["text", "json"].contains(format) else {
      throw FoldlogError(.usage, "there is no format `\(format)` here: there are text and json")
    }
    let bar = ProgressReporter()
    defer { bar.finish() }
    let lineage = try lineage(foldlog, bar)
    bar.finish()
    if format == "json" {
      try standardOutput.write(lineage.json)
    } else {
      for line in lineage.lines(Terminal.style) { try standardOutput.writeLine(line) }
    }
  }

  private func lineage(_ foldlog: Foldlog, _ bar: ProgressReporter) throws -> Lineage {
    guard let first = words.first else {
      throw FoldlogError(
        .usage,
        "explain what? an event, `foldlog explain 48`, or a row, `foldlog explain values 48`")
    }
    guard let letter = first.utf8.first, letter < 0x3a else {
      return try foldlog.explain(
        TableAddress(first), key: Array(words.dropFirst()), progress: bar.show)
    }
    guard let event = EventID(first) else {
      throw FoldlogError(
        .usage,
        "an event is named by its offset, a whole number from 0 on, and `\(first)` is none; of a line "
          + "that tells of several, `48.2` is the third")
    }
    guard words.count == 1 else {
      throw FoldlogError(
        .usage, "one event at a time: `foldlog explain \(first)`; a row begins with its view")
    }
    return try foldlog.explain(event: event, progress: bar.show)
  }
}
