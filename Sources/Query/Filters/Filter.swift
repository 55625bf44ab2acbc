package import Views

/// One condition on the rows of a table: `FIELD OP VALUE`.
///
/// Operators are `= != < <= > >= ~`. The column's type says what VALUE is: `true` or `false`; a
/// whole number; an exact decimal; a number; a text, which `~` looks for anywhere and `<` orders by
/// its UTF-8; a time, or a beginning of one that stands for all times that begin so; an element of a
/// list. Text in quotes is taken as it is. Null passes no condition but `= null` and `!= null`.
package struct Filter: Sendable {
  package let expression: String
  /// The place of the field among the table's columns.
  package let column: Int
  let test: FilterTest

  /// - Throws: `QueryError` of kind `usage`, that points at what is wrong.
  package init(_ expression: String, for table: any AnswerTable) throws(QueryError) {
    try self.init(expression, columns: table.columns, table: table.name)
  }

  /// The same for rows that are no table's: `table` names them where something is wrong.
  package init(_ expression: String, columns: [Column], table: String) throws(QueryError) {
    let syntax = try FilterSyntax(expression)
    self.expression = expression
    guard let column = place(of: syntax.field, in: columns) else {
      let names = columns.map(\.name)
      throw QueryError(
        "\(table) has no field \"\(syntax.field)\"\(suggestion(for: syntax.field, among: names))",
        at: syntax.fieldRange, of: expression, notes: wrapped("fields of \(table): ", names))
    }
    self.column = column
    test = try FilterTest(syntax, of: columns[column])
  }

  /// Whether a row passes. Cost: one comparison, no allocation.
  package func matches(_ cells: [Cell]) -> Bool {
    test.passes(column < cells.count ? cells[column] : .null)
  }

  /// Whether a row passes that has this cell in the filter's column.
  package func passes(_ cell: Cell) -> Bool { test.passes(cell) }
}

/// The column of a name, by its bytes.
func place(of name: String, in columns: [Column]) -> Int? {
  columns.firstIndex { byteOrder($0.name, name) == 0 }
}
