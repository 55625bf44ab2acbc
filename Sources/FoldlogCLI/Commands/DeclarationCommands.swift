import ArgumentParser
import Foldlog
import Query

/// A command that is answered from declarations: no data directory is opened for it.
protocol DeclarationCommand: ParsableCommand {
  associatedtype Asked: Request

  var request: Asked { get }

  func run(_ asked: Asked.Checked) throws
}

extension DeclarationCommand {
  func run() throws {
    try answering { try run(request.checked(for: .builtIn)) }
  }
}

/// `foldlog schema`: what the rows of each table, and the lines of events, are, as they are declared.
struct SchemaCommand: DeclarationCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "What the rows of each table are, and the lines of events: names, units, rules.",
    discussion: """
      Without a name: every table, question, stream and kind of event with its sentence. With VIEW or \
      VIEW/TABLE: each of its columns; with questions/NAME those of an answer that is no table. With \
      events: the fields that foldlog reads of a line, under all their names; with events/STREAM or \
      events/KIND: what such events tell.

        foldlog schema                              what there is
        foldlog schema values                       the columns of the view's tables
        foldlog schema values/daily --format json   one row as JSON Schema (2020-12)
        foldlog schema events/ralph                 the kinds of a stream
        foldlog schema events --format json         the fields of lines as JSON Schema
      """)

  @Argument(
    help: ArgumentHelp(
      "A view or one table of it; a question; events, or a stream or kind of them.",
      valueName: "view[/table]|questions/name|events[/kind]"),
    completion: .list(SchemaPage.names(.builtIn)))
  var name: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"),
    completion: .list(TextFormat.allCases.map(\.rawValue)))
  var format = TextFormat.text.rawValue

  var request: SchemaRequest {
    var request = SchemaRequest()
    request.name = name
    request.format = format
    return request
  }

  func run(_ asked: SchemaRequest.Checked) throws {
    switch asked.format {
    case .text: try standardOutput.writeLine(asked.page.text(Terminal.style))
    case .json: try standardOutput.write(asked.page.json())
    }
  }
}

/// `foldlog settings`: what `foldlog.toml` can set, as it is declared.
struct SettingsCommand: DeclarationCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "What foldlog.toml can set: defaults, bounds, a sentence each.",
    discussion: """
      Prints a foldlog.toml that sets everything to its default. It stands in the data directory; \
      what it does not name has its default. With NAME: a section with all that are in it, or one \
      setting.

        foldlog settings > foldlog.toml     a file to begin with
        foldlog settings values             what counts in scores
        foldlog settings --format json      for programs
      """)

  @Argument(
    help: ArgumentHelp("A section, or a setting.", valueName: "name"),
    completion: .list((try? SettingsPage(projectors: .builtIn).names) ?? []))
  var name: String?

  @Option(
    help: ArgumentHelp("toml, json or markdown.", valueName: "format"),
    completion: .list(SettingsFormat.allCases.map(\.rawValue)))
  var format = SettingsFormat.toml.rawValue

  var request: SettingsRequest {
    var request = SettingsRequest()
    request.name = name
    request.format = format
    return request
  }

  func run(_ asked: SettingsRequest.Checked) throws {
    switch asked.format {
    case .toml: try standardOutput.write(asked.page.toml)
    case .json: try standardOutput.write(asked.page.json)
    case .markdown: try standardOutput.write(asked.page.markdown)
    }
  }
}
