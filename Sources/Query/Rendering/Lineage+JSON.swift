internal import Bytes
internal import Events
internal import Views

extension Lineage {
  /// One object of JSON, with a newline: `{"offset","event","role","interaction","rows","events",
  /// "event_count","notes"}`; what was not asked for is null.
  package var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(ascii: "{\"offset\":")
    bytes.append(integer: offset)
    bytes.append(ascii: ",\"event\":")
    if let event { bytes += event.json } else { bytes.append(ascii: "null") }
    bytes.append(member: "role", Cell(role))
    bytes.append(ascii: ",\"interaction\":")
    bytes.append(interaction)
    bytes.append(ascii: ",\"rows\":")
    bytes.append(list: rows) { $0.append($1) }
    bytes.append(ascii: ",\"events\":")
    bytes.append(list: events) { $0 += $1.json }
    bytes.append(member: "event_count", Cell(eventCount))
    bytes.append(member: "notes", .texts(notes))
    bytes.append(ascii: "}\n")
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func append<Item>(
    list items: [Item], _ body: (inout [UInt8], Item) -> Void
  ) {
    append(UInt8(ascii: "["))
    for (place, item) in items.enumerated() {
      if place > 0 { append(UInt8(ascii: ",")) }
      body(&self, item)
    }
    append(UInt8(ascii: "]"))
  }

  fileprivate mutating func append(_ row: Lineage.ExplainedRow) {
    append(ascii: "{\"view\":")
    append(json: row.table)
    append(ascii: ",\"key\":")
    append(list: row.key) { $0.append(json: row.row[$1]) }
    append(ascii: ",\"row\":{")
    for (place, column) in row.row.columns.enumerated() {
      if place > 0 { append(UInt8(ascii: ",")) }
      append(json: column.name)
      append(UInt8(ascii: ":"))
      append(json: row.row.cells[place])
    }
    append(ascii: "},\"explanation\":")
    append(row.explanation)
    append(UInt8(ascii: "}"))
  }

  fileprivate mutating func append(_ explanation: Explanation?) {
    guard let explanation else { return append(ascii: "null") }
    append(ascii: "{\"title\":")
    append(json: explanation.title)
    append(member: "rule", .text(explanation.rule))
    append(ascii: ",\"figures\":")
    append(list: explanation.figures) { $0.append($1) }
    append(ascii: ",\"steps\":")
    append(list: explanation.steps) { bytes, step in
      bytes.append(ascii: "{\"offset\":")
      bytes.append(unsigned: step.offset)
      bytes.append(member: "text", .text(step.text))
      bytes.append(UInt8(ascii: "}"))
    }
    append(member: "offsets", .offsets(explanation.offsets))
    append(member: "offset_count", explanation.offsetCount.map { Cell($0) } ?? .null)
    append(UInt8(ascii: "}"))
  }

  private mutating func append(_ figure: Figure) {
    append(ascii: "{\"name\":")
    append(json: figure.name)
    append(member: "value", figure.value)
    append(member: "rule", .text(figure.rule))
    append(ascii: ",\"inputs\":")
    append(list: figure.inputs) { bytes, input in
      bytes.append(ascii: "{\"name\":")
      bytes.append(json: input.name)
      bytes.append(member: "value", input.value)
      bytes.append(member: "offsets", .offsets(input.offsets))
      bytes.append(UInt8(ascii: "}"))
    }
    append(UInt8(ascii: "}"))
  }
}
