import ArgumentParser
import Foldlog
import Query
import Views

/// `foldlog schema`: what the rows of each table are, as they are declared.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "What the rows of each table are: columns, units, rules.",
    discussion: """
      Without a name: every table with its sentence. With VIEW or VIEW/TABLE: each of its columns.

        foldlog schema                              which tables there are
        foldlog schema values                       the columns of the view's tables
        foldlog schema values/daily --format json   one row as JSON Schema (2020-12)
      """)

  @Argument(
    help: ArgumentHelp("A view, or one table of it.", valueName: "view[/table]"),
    completion: .list(ProjectorCatalogue.builtIn.answers.map(\.name)))
  var name: String?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = "text"

  func run() throws {
    try answering {
      guard ["text", "json"].contains(format) else {
        throw FoldlogError(.usage, "--format is text or json, not `\(format)`")
      }
      let catalog = AnswerCatalog(ProjectorCatalogue.builtIn.answers)
      if let name {
        let table = try catalog.table(name)
        if format == "json" { return try standardOutput.write(TableSchema(table).json()) }
        let isView = !name.utf8.contains(UInt8(ascii: "/"))
        let tables =
          isView ? catalog.tables.filter { viewName(of: $0.name) == name } : [table]
        let texts = tables.map { TableSchema($0).text(Terminal.style) }
        return try standardOutput.writeLine(texts.joined(separator: "\n\n"))
      }
      try format == "json" ? writeAll(catalog.tables) : list(catalog.tables)
    }
  }

  private func list(_ tables: [any AnswerTable]) throws {
    let width = tables.map { $0.name.utf8.count }.max() ?? 0
    for table in tables {
      let gap = String(repeating: " ", count: width - table.name.utf8.count)
      try standardOutput.writeLine("\(table.name)\(gap)  \(table.about.firstSentence)")
    }
  }

  /// An object of all schemas by the names of their tables.
  private func writeAll(_ tables: [any AnswerTable]) throws {
    for (index, table) in tables.enumerated() {
      try standardOutput.write("\(index == 0 ? "{" : ",")\n\"\(table.name)\": ")
      try standardOutput.write(TableSchema(table).json())
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
