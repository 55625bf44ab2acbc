package import Query
internal import Views

/// What the rows of tables and questions and the lines of events are, as they are declared.
package struct SchemaPage: Sendable {
  private enum Subject {
    case all
    /// The tables of a view, the main one first, or one table.
    case tables([any AnswerTable])
    case events(EventSchema)
    case question(AskedQuestion)
  }

  private let subject: Subject
  private let projectors: ProjectorCatalogue

  /// - Parameter name: a view or a table of it, events or a kind of them, or a question; nil for all.
  package init(_ name: String? = nil, projectors: ProjectorCatalogue) throws(QueryError) {
    self.projectors = projectors
    guard let name else {
      subject = .all
      return
    }
    if EventSchema.isMeant(by: name) {
      subject = .events(try EventSchema(name, payloads: projectors.payloads))
    } else if let question = AskedQuestion.all.first(where: { $0.name == name }) {
      subject = .question(question)
    } else {
      subject = .tables(try Self.tables(name, projectors))
    }
  }

  private static func tables(
    _ name: String, _ projectors: ProjectorCatalogue
  ) throws(QueryError) -> [any AnswerTable] {
    let catalog = AnswerCatalog(projectors.answers)
    let table: any AnswerTable
    do throws(QueryError) { table = try catalog.table(name) } catch {
      let near = suggestion(for: name, among: names(projectors), partedBy: "/")
      guard near.isEmpty else { throw QueryError(.missing, "nothing is called `\(name)`\(near)") }
      throw error
    }
    if name.utf8.contains(UInt8(ascii: "/")) { return [table] }
    return [table]
      + catalog.tables.filter { viewName(of: $0.name) == name && $0.name != table.name }
  }

  /// Every name that there is a page of: tables, questions, events, streams and kinds.
  package static func names(_ projectors: ProjectorCatalogue) -> [String] {
    projectors.answers.map(\.name) + AskedQuestion.all.map(\.name) + EventSchema.names.map(\.name)
  }

  /// For a person: each column or field with its sentence; of all, each name with its own.
  package func text(_ style: TextStyle) -> String {
    switch subject {
    case .all: return list
    case .tables(let tables):
      return tables.map { TableSchema($0).text(style) }.joined(separator: "\n\n")
    case .events(let schema): return schema.text(style)
    case .question(let question): return question.schema.text(style)
    }
  }

  private var list: String {
    let entries =
      projectors.answers.map { ($0.name, $0.about.firstSentence) }
      + AskedQuestion.all.map { ($0.name, $0.table.about.firstSentence) } + EventSchema.names
    let width = entries.map { $0.0.utf8.count }.max() ?? 0
    return entries.map { name, about in
      "\(name)\(String(repeating: " ", count: width - name.utf8.count))  \(about)"
    }.joined(separator: "\n")
  }

  /// JSON Schema (2020-12) of a row or a line, of a view that of its main table; of all, an object of
  /// those of tables, questions, streams and, under `events`, the canonical fields.
  package func json() throws(QueryError) -> [UInt8] {
    switch subject {
    case .all: return try allSchemas()
    case .tables(let tables): return tables.first.map { TableSchema($0).json() } ?? []
    case .events(let schema): return schema.json()
    case .question(let question): return question.schema.json()
    }
  }

  private func allSchemas() throws(QueryError) -> [UInt8] {
    var schemas = projectors.answers.map { ($0.name, TableSchema($0).json()) }
    schemas += AskedQuestion.all.map { ($0.name, $0.schema.json()) }
    for name in EventSchema.pages {
      schemas.append((name, try EventSchema(name, payloads: projectors.payloads).json()))
    }
    var bytes: [UInt8] = []
    for (index, schema) in schemas.enumerated() {
      bytes += Array("\(index == 0 ? "{" : ",")\n\"\(schema.0)\": ".utf8)
      bytes += schema.1
    }
    bytes += Array("}\n".utf8)
    return bytes
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
