public import Views

extension Explanation {
  /// The explanation that follows from the declaration of a table: each column with its rule, and
  /// the columns that the rule names.
  public init(of row: AnswerRow, in table: some AnswerTable) {
    self.init(
      title: "\(table.name) \(row.name(key: table.key))", rule: table.about,
      figures: table.columns.filter { !$0.isKey && !evidenceColumns.contains($0.name) }.map {
        column in
        Figure(
          column.name, row[column.name], column.rule ?? column.about,
          column.rule.map { rule in
            table.columns.filter {
              $0.name != column.name && $0.name != partColumn && rule.names($0.name)
            }
            .map { Input($0.name, row[$0.name]) }
          } ?? [])
      },
      offsets: row.offsets, offsetCount: row["offset_count"].integer.map(UInt64.init(clamping:)))
  }
}

/// What an explanation tells as its events.
private let evidenceColumns = ["offsets", "last_offset", "offset_count"]

extension String {
  /// Whether a name stands in it as a whole word.
  fileprivate func names(_ name: String) -> Bool {
    let words = utf8.split { byte in
      !(UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || byte == UInt8(ascii: "_")
        || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte)
    }
    return words.contains { $0.elementsEqual(name.utf8) }
  }
}
