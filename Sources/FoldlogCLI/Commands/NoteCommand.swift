import ArgumentParser
import Foldlog

struct NoteCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Remember something: a line of the log, which `context` tells agents of.",
    discussion: """
      Of two notes of one section, project and key the later one stands; an empty text takes back what \
      was noted. The view `knowledge` has them.

        foldlog note --section decision --project ~/shop 'Keep money in cents.'
        foldlog note --section preference --key tests 'Run the tests with pytest -q.'
        foldlog note --section preference --key tests ''
      """)

  @Argument(help: ArgumentHelp("What is to be remembered.", valueName: "text"))
  var text: String

  @Option(
    help: ArgumentHelp(
      "decision, preference, pattern, insight or other.", valueName: "section"),
    completion: .list(["decision", "preference", "pattern", "insight", "other"]))
  var section: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What it is about, in a word.", valueName: "key"))
  var key: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The folder for which alone it holds.", valueName: "folder"),
    completion: .directory)
  var project: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: NoteRequest {
    var request = NoteRequest(text: text)
    request.section = section
    request.key = key
    request.project = project
    return request
  }

  func run(_ asked: NoteRequest.Checked, _ store: Store) throws {
    let projection = try NoteService(store).run(asked)
    if let error = projection.error { complain("the views are not up to date: \(error)") }
  }
}
