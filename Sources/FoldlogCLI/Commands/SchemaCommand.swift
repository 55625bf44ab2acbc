import ArgumentParser
import Foldlog
import Query
import Views

/// `foldlog schema`: what the rows of each table, and the lines of events, are, as they are declared.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "What the rows of each table are, and the lines of events: names, units, rules.",
    discussion: """
      Without a name: every table, stream and kind of event with its sentence. With VIEW or \
      VIEW/TABLE: each of its columns. With events: the fields that foldlog reads of a line, under \
      all their names; with events/STREAM or events/KIND: what such events tell.

        foldlog schema                              what there is
        foldlog schema values                       the columns of the view's tables
        foldlog schema values/daily --format json   one row as JSON Schema (2020-12)
        foldlog schema events/ralph                 the kinds of a stream
        foldlog schema events --format json         the fields of lines as JSON Schema
      """)

  @Argument(
    help: ArgumentHelp(
      "A view or one table of it; events, or a stream or kind of them.",
      valueName: "view[/table]|events[/kind]"),
    completion: .list(
      ProjectorCatalogue.builtIn.answers.map(\.name) + EventSchema.names.map(\.name)))
  var name: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = "text"

  func run() throws {
    try answering {
      let isJSON = try ReportRequest(format: format).checked(for: .builtIn) == .json
      let catalog = AnswerCatalog(ProjectorCatalogue.builtIn.answers)
      if let name, EventSchema.isMeant(by: name) {
        let schema = try EventSchema(name, payloads: ProjectorCatalogue.builtIn.payloads)
        return try isJSON
          ? standardOutput.write(schema.json())
          : standardOutput.writeLine(schema.text(Terminal.style))
      }
      if let name {
        let table = try table(name, in: catalog)
        if isJSON { return try standardOutput.write(TableSchema(table).json()) }
        let isView = !name.utf8.contains(UInt8(ascii: "/"))
        let tables =
          isView ? catalog.tables.filter { viewName(of: $0.name) == name } : [table]
        let texts = tables.map { TableSchema($0).text(Terminal.style) }
        return try standardOutput.writeLine(texts.joined(separator: "\n\n"))
      }
      try isJSON ? writeAll(catalog.tables) : list(catalog.tables)
    }
  }

  private func table(
    _ name: String, in catalog: AnswerCatalog
  ) throws(QueryError) -> any AnswerTable {
    do throws(QueryError) { return try catalog.table(name) } catch {
      let near = suggestion(
        for: name, among: catalog.tables.map(\.name) + EventSchema.names.map(\.name),
        partedBy: "/")
      guard near.isEmpty else { throw QueryError(.missing, "nothing is called `\(name)`\(near)") }
      throw error
    }
  }

  private func list(_ tables: [any AnswerTable]) throws {
    let entries = tables.map { ($0.name, $0.about.firstSentence) } + EventSchema.names
    let width = entries.map { $0.0.utf8.count }.max() ?? 0
    for (name, about) in entries {
      let gap = String(repeating: " ", count: width - name.utf8.count)
      try standardOutput.writeLine("\(name)\(gap)  \(about)")
    }
  }

  /// An object of all schemas by the names of their tables, streams and, for the canonical fields,
  /// `events`.
  private func writeAll(_ tables: [any AnswerTable]) throws {
    var schemas = tables.map { ($0.name, TableSchema($0).json()) }
    for name in EventSchema.pages {
      schemas.append(
        (name, try EventSchema(name, payloads: ProjectorCatalogue.builtIn.payloads).json()))
    }
    for (index, schema) in schemas.enumerated() {
      try standardOutput.write("\(index == 0 ? "{" : ",")\n\"\(schema.0)\": ")
      try standardOutput.write(schema.1)
    }
    try standardOutput.write("}\n")
  }
}

extension String {
  fileprivate var firstSentence: String {
    guard let end = range(of: ". ") else { return self }
    return "\(self[..<end.lowerBound])."
  }

  private func range(of part: String) -> Range<String.Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
      start = index(after: start)
    }
    return nil
  }
}
