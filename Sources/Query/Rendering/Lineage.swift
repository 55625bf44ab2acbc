internal import Bytes
package import Events
package import Views

/// How an event or a row came about: the events it is derived from, and the rows derived from it.
package struct Lineage: Sendable {
  /// A row of a table, and how it came about where that was asked.
  package struct ExplainedRow: Sendable {
    package let table: String
    package let key: [String]
    package let row: AnswerRow
    package let explanation: Explanation?

    package init(table: String, key: [String], row: AnswerRow, explanation: Explanation? = nil) {
      self.table = table
      self.key = key
      self.row = row
      self.explanation = explanation
    }

    /// What the row is asked for by: `values 48`.
    package var name: String {
      ([table] + row.keyCells(key).map { shellWord($0.plainText) }).joined(separator: " ")
    }
  }

  /// A call of a model or a tool that a row counts: what is known of it, each under its name.
  package struct CountedCall: Sendable {
    /// The event that first told of it.
    package let event: EventID
    package private(set) var members: [(name: String, value: Cell)] = []

    package init(_ event: EventID) { self.event = event }

    /// Adds what is known; nothing for null.
    package mutating func add(_ name: String, _ value: Cell) {
      if !value.isNull { members.append((name, value)) }
    }
  }

  /// The last event that is in what was asked; −1 for none.
  package var offset: Int64
  /// The event that was asked for; nil for a row.
  package var event: ShownEvent?
  /// What the event does to interactions.
  package var role: String?
  package var interaction: Explanation?
  /// The row that was asked for, or those that the event went into.
  package var rows: [ExplainedRow] = []
  /// The calls that the row counts, in the order in which they were told of.
  package var calls: [CountedCall] = []
  /// The events that the row, or the interaction, stands on.
  package var events: [ShownEvent] = []
  /// How many events these are in all.
  package var eventCount: UInt64 = 0
  /// What a person should know beside: what was not looked at, and why.
  package var notes: [String] = []

  package init(offset: Int64) { self.offset = offset }
}

/// In single quotes where a shell would take it apart.
package func shellWord(_ text: String) -> String {
  let plain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || "_-./:,+=@%".utf8.contains(byte) || byte >= 0x80
  }
  if plain, !text.isEmpty { return text }
  return
    "'\(text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''"))'"
}

extension Lineage {
  /// All of it for a person, in lines no wider than the terminal, or than 100 columns in a pipe.
  ///
  /// - Parameters:
  ///   - size: bytes from which on no more need be told.
  ///   - masking: takes out of a text what is not to be shown, before it is cut.
  package func lines(
    _ style: TextStyle = TextStyle(), atLeast size: Int = .max,
    masking: @escaping (String) -> String = { $0 }
  ) -> [String] {
    var text = LineageText(style, size, masking)
    if let event {
      text.title("event \(event.offset): \(event.envelope.kind) of \(event.envelope.stream)")
      if let role { text.sentence("It \(role).", indent: 2) }
      text.event(event)
    }
    for row in rows {
      guard let explanation = row.explanation else { continue }
      text.explanation(explanation, without: event == nil ? interaction : nil)
    }
    if let interaction { text.explanation(interaction) }
    text.calls(calls)
    if event != nil { text.rows(rows) }
    if event == nil, !events.isEmpty { text.events(events, of: eventCount) }
    for note in notes { text.note(note) }
    return text.lines
  }
}

/// Lines that are being written.
private struct LineageText {
  private let style: TextStyle
  private let width: Int
  private(set) var lines: [String] = []
  private let masking: (String) -> String
  /// Bytes that are still to be told.
  private var room: Int

  /// Bytes of a text that are masked: more than are shown, so that no secret ends beyond.
  private static let maskedMax = 16_384
  /// Columns of a text within a line; rows of one table that an event lists; events and steps that
  /// are listed, and how many events may be with what they say.
  private static let textWidth = 72
  private static let rowsMax = 12
  private static let eventsMax = 40
  private static let detailedMax = 12

  init(_ style: TextStyle, _ size: Int, _ masking: @escaping (String) -> String) {
    self.style = style
    self.masking = masking
    room = size
    width = max(style.width ?? 100, 40)
  }

  mutating func title(_ text: String) {
    if !lines.isEmpty { lines.append("") }
    lines.append(
      style.bold(DisplayText(masking(text), width: width, isASCII: style.isASCII).text))
  }

  mutating func sentence(_ text: String, indent: Int) {
    if room < 0 { return }
    let space = String(repeating: " ", count: indent)
    for line in wrapped(sentence: DisplayText(masking(text)).text, width: width - indent) {
      lines.append(space + line)
      room -= line.utf8.count
    }
  }

  mutating func note(_ text: String) {
    lines.append("")
    sentence("note: \(text)", indent: 0)
  }

  /// - Parameter other: what is told after it: what both tell is told there alone.
  mutating func explanation(_ explanation: Explanation, without other: Explanation? = nil) {
    title(explanation.title)
    sentence(explanation.rule, indent: 2)
    let isToldLater = { (figure: Figure) in
      other?.figures.contains { $0.name == figure.name && $0.value == figure.value } ?? false
    }
    for figure in explanation.figures where !isToldLater(figure) { self.figure(figure) }
    let later = explanation.figures.filter(isToldLater).map { "\($0.name) \(shown($0.value))" }
    if !later.isEmpty {
      lines.append("")
      sentence("part by part below: \(later.joined(separator: ", "))", indent: 2)
    }
    if !explanation.steps.isEmpty {
      lines.append("")
      lines.append("  what happened")
      for step in explanation.steps.prefix(Self.eventsMax) {
        sentence("event \(step.offset): \(step.text)", indent: 4)
      }
      let more = explanation.steps.count - Self.eventsMax
      if more > 0 { sentence("and \(HumanNumbers.grouped(more)) more: JSON has all", indent: 4) }
    }
  }

  private mutating func figure(_ figure: Figure) {
    if room < 0 { return }
    lines.append("")
    sentence("\(figure.name) = \(shown(figure.value))", indent: 2)
    if !figure.rule.isEmpty { sentence(figure.rule, indent: 6) }
    let isGiven = { (input: Input) in !input.value.isNull || !input.offsets.isEmpty }
    let given = figure.inputs.filter(isGiven).map { input in
      "\(input.name) \(shown(input.value))\(named(input.offsets))"
    }
    if !given.isEmpty { sentence("from \(given.joined(separator: ", "))", indent: 6) }
    let absent = figure.inputs.filter { !isGiven($0) }.map(\.name)
    if !absent.isEmpty { sentence("not given: \(absent.joined(separator: ", "))", indent: 6) }
  }

  private func named(_ offsets: [Offset]) -> String {
    if offsets.isEmpty { return "" }
    let shown = offsets.prefix(8).map { "\($0)" }.joined(separator: ", ")
    let more = offsets.count > 8 ? " and \(offsets.count - 8) more" : ""
    return " (event\(offsets.count == 1 ? "" : "s") \(shown)\(more))"
  }

  /// A value with as many digits as a person checks by hand; texts are cut.
  private func shown(_ cell: Cell) -> String {
    switch cell {
    case .real(let value): precise(value)
    case .texts, .text:
      "`\(DisplayText(masked(cell.plainText), width: Self.textWidth, isASCII: style.isASCII).text)`"
    case .offsets(let offsets) where offsets.isEmpty: "none"
    default: cell.plainText
    }
  }

  private func masked(_ text: String) -> String {
    masking(
      text.utf8.count > Self.maskedMax
        ? String(decoding: text.utf8.prefix(Self.maskedMax), as: UTF8.self) : text)
  }

  mutating func event(_ event: ShownEvent) {
    if room < 0 { return }
    sentence(place(event), indent: 4)
    var fields: [String] = []
    event.fields?.forEach { fields.append("\($0.name) \(shown(Cell($1)))") }
    sentence(
      fields.isEmpty ? "no canonical field" : "gives \(fields.joined(separator: ", "))", indent: 4)
  }

  private func place(_ event: ShownEvent) -> String {
    let envelope = event.envelope
    let inferred = envelope.isTimeInferred ? " (inferred)" : ""
    return "\(envelope.time)\(inferred), \(envelope.stream) \(envelope.kind), from "
      + "\(event.sourceName) at byte \(envelope.position)"
  }

  mutating func calls(_ calls: [Lineage.CountedCall]) {
    if calls.isEmpty { return }
    title("the calls that it counts: \(HumanNumbers.grouped(calls.count))")
    for call in calls.prefix(Self.eventsMax) {
      let known = call.members.map { "\($0.name) \(shown($0.value))" }.joined(separator: ", ")
      sentence("event \(call.event): \(known)", indent: 2)
    }
    let more = calls.count - Self.eventsMax
    if more > 0 { sentence("and \(HumanNumbers.grouped(more)) more: JSON has all", indent: 2) }
  }

  mutating func events(_ events: [ShownEvent], of count: UInt64) {
    title("the events that it stands on: \(HumanNumbers.counted(count, "event"))")
    let isShort = events.count > Self.detailedMax
    for event in events.prefix(Self.eventsMax) {
      if isShort {
        sentence("event \(event.offset): \(place(event))", indent: 2)
      } else {
        lines.append("  event \(event.offset)")
        self.event(event)
      }
    }
    let rest = count - min(count, UInt64(min(events.count, Self.eventsMax)))
    if rest > 0 { sentence("and \(HumanNumbers.grouped(rest)) more", indent: 2) }
  }

  mutating func rows(_ rows: [Lineage.ExplainedRow]) {
    title("the rows that it went into: \(rows.count)")
    var tables: [String] = []
    for row in rows where !tables.contains(row.table) { tables.append(row.table) }
    for table in tables {
      let own = rows.filter { $0.table == table }
      for row in own.prefix(Self.rowsMax) { sentence("\(row.name): \(numbers(row))", indent: 2) }
      if own.count > Self.rowsMax {
        lines.append("  and \(own.count - Self.rowsMax) more of \(table)")
      }
    }
    if rows.isEmpty {
      lines.append("  none")
    } else {
      sentence(
        "foldlog explain VIEW KEY, as each line begins, tells how a row came about.", indent: 2)
    }
  }

  /// The first values of a row beside its key, those that are no texts before those that are.
  private func numbers(_ row: Lineage.ExplainedRow) -> String {
    let hidden =
      row.key + ["offsets", "last_offset", "offset_count", "prompt", "response", "example"]
    let columns = row.row.columns.filter { !hidden.contains($0.name) && !row.row[$0.name].isNull }
    let isText = { (column: Column) in column.type == .text || column.type == .texts }
    let named = (columns.filter { !isText($0) } + columns.filter(isText)).map(\.name)
    return named.prefix(5).map { "\($0) \(shown(row.row[$0]))" }.joined(separator: ", ")
  }
}

/// A number to ten digits, or to a millionth when it is large: as many as sums by hand need.
private func precise(_ value: Double) -> String {
  guard value.magnitude >= 1_000, value.magnitude < 1e9 else { return rounded(value, digits: 10) }
  let text = ((value * 1e6).rounded() / 1e6).description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

extension Lineage {
  /// One object of JSON, with a newline: `{"offset","event","role","interaction","rows","calls","events",
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
    bytes.append(ascii: ",\"calls\":")
    bytes.append(list: calls) { $0.append($1) }
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

  fileprivate mutating func append(_ call: Lineage.CountedCall) {
    append(ascii: "{\"event\":")
    append(json: "\(call.event)")
    for (name, value) in call.members { append(member: name, value) }
    append(UInt8(ascii: "}"))
  }

  fileprivate mutating func append(_ row: Lineage.ExplainedRow) {
    append(ascii: "{\"view\":")
    append(json: row.table)
    append(ascii: ",\"key\":")
    append(list: row.row.keyCells(row.key)) { $0.append(json: $1) }
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
