package import Views

/// The tables that can be asked, found by name.
package struct AnswerCatalog: Sendable {
  package let tables: [any AnswerTable]

  package init(_ tables: [any AnswerTable]) { self.tables = tables }

  /// The views, in the order of their tables.
  package var views: [String] {
    var names: [String] = []
    for table in tables {
      let view = viewName(of: table.name)
      if !names.contains(view) { names.append(view) }
    }
    return names
  }

  /// The table of a name: `values`, `values/daily`.
  ///
  /// - Throws: `QueryError` of kind `missing`, that lists what there is.
  package func table(_ name: String) throws(QueryError) -> any AnswerTable {
    if let table = tables.first(where: { Array($0.name.utf8) == Array(name.utf8) }) { return table }
    let view = viewName(of: name)
    let siblings = tables.map(\.name).filter { viewName(of: $0) == view }
    guard siblings.isEmpty else {
      throw QueryError(
        .missing, "no table `\(name)`\(suggestion(for: name, among: siblings))",
        notes: wrapped("tables of \(view): ", siblings))
    }
    let known = name.utf8.contains(UInt8(ascii: "/")) ? tables.map(\.name) : views
    throw QueryError(
      .missing, "no view `\(view)`\(suggestion(for: name, among: known))",
      notes: wrapped("views: ", views))
  }
}

/// The part before the slash.
package func viewName(of table: String) -> String {
  String(decoding: table.utf8.prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
}
