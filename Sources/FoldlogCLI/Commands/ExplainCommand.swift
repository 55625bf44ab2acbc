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

        foldlog explain 48                                  an event
        foldlog explain values 48                           an interaction's worth
        foldlog explain values/daily 2026-01-05 ralph null  day, stream, no model
        foldlog explain correlations model gpt-4 value      factor, level, metric
        foldlog explain errors 7                            a pattern of errors
        foldlog explain errors/fixes 7 'npm ci'             what was done about it
        foldlog explain deployments dep-1 --format json     as an object of JSON

      KEYS
      \(TableHelp.keys)

      What no row keeps (which evidence was replaced, what each event changed) is found by folding \
      the lines that it is about once more.
      """)

  @Argument(
    help: ArgumentHelp("An offset, or a view and the key of a row.", valueName: "offset|view key"),
    completion: .tables)
  var words: [String] = []

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format: String = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ExplainRequest {
    var request = ExplainRequest()
    request.words = words
    request.format = format
    return request
  }

  func run(_ asked: ExplainRequest.Checked, _ store: Store) throws {
    let bar = ProgressReporter()
    defer { bar.finish() }
    let lineage = try ExplainService(store).run(asked, progress: bar.show)
    bar.finish()
    switch asked.format {
    case .json: try standardOutput.write(lineage.json)
    case .text:
      for line in lineage.lines(Terminal.style) { try standardOutput.writeLine(line) }
    }
  }
}
