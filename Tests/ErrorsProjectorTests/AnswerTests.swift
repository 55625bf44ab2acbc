import ErrorsProjector
import Events
import Facts
import Projection
import TestSupport
import Testing
import Views

/// Rows are found by their keys, and by the events that they stand on, as a look at all finds them.
@Suite struct AnswerTests {
  /// Errors of groups that become one, with fixes before and after, and prompts asked in vain.
  private func spec() throws -> ProjectorSpec<ErrorsProjector> {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    var events: [Event] = []
    func add(_ kind: String, _ fields: [Field: FieldValue]) {
      let offset = Offset(events.count)
      events.append(event(offset, kind, at: 1_767_225_600 + Int64(offset) * 10, fields))
    }
    func run(_ command: String, _ message: String? = nil, fix: String? = nil) {
      var fields: [Field: FieldValue] = [
        .sessionID: "s", .command: .text(command), .exitCode: message == nil ? 0 : 1,
        .project: .text("p\(events.count % 3)"),
      ]
      fields[.errorMessage] = message.map(FieldValue.text)
      fields[.fix] = fix.map(FieldValue.text)
      add("tool_execute", fields)
    }
    for word in ["red", "blue", "green", "black", "white", "brown"] {
      run("make \(word)", "the flag \(word) stands in the way of all")
      run("rm -r build", nil)
      run("make \(word)", "the flag \(word) stands in the way of all")
      run("make clean")
      run("make \(word)")
      run("cp \(word) there", "no room for the file")
      run("cp \(word) there", nil, fix: word == "red" ? "null" : "free some room")
      run("ls \(word)", "Permission denied")
      run("ls \(word)")
    }
    let failed = (0..<9).map { number in
      asserted(
        interaction(
          UInt64(number), at: Offset(number) * 2, outcome: .failure,
          [.prompt: .text("ask \(number % 2)")]))
    }
    try spec.given(events, facts: failed)
    return spec
  }

  @Test(arguments: ErrorsProjector.view.tables.map(\.name))
  func `a key finds the row that a scan finds`(_ name: String) throws {
    let spec = try spec()
    let table = try #require(ErrorsProjector.view.tables.first { $0.name == name })
    var count = 0
    var last: [Cell] = []
    try table.forEach(in: spec.tables) { cells in
      let row = AnswerRow(columns: table.columns, cells: cells)
      let key = RowKey(table.key.map { row[$0] == .null ? nil : row[$0].plainText })
      #expect((try? table.row(key, in: spec.tables)) == cells, "\(key)")
      #expect(cells != last)
      last = cells
      count += 1
      return true
    }
    #expect(count > 1, "\(name)")
    for key in ["4711", "-1", "x"] {
      let words = [key] + table.key.dropFirst().map { _ in "x" }
      #expect(try table.row(RowKey(words), in: spec.tables) == nil)
    }
  }

  @Test(arguments: ErrorsProjector.view.tables.map(\.name))
  func `an event finds the rows that it went into`(_ name: String) throws {
    let spec = try spec()
    let table = try #require(ErrorsProjector.view.tables.first { $0.name == name })
    let stands = try spec.rows("errors/events").reduce(into: [Int64: Cell]()) { patterns, row in
      if let offset = row["offset"]?.integer { patterns[offset] = row["pattern_id"] }
    }
    for offset in 0..<Int64(54) {
      let subject = EventSubject(
        event: event(Offset(offset), "tool_execute"),
        interaction: interaction(
          UInt64(offset), at: Offset(offset), [.prompt: .text("ask \(offset / 2 % 2)")]))
      let found = try table.rows(about: subject, in: spec.tables)
      let expected = try table.rows(in: spec.tables) { row in
        switch name {
        case "errors/fixes", "errors/gaps": row.offsets.contains(Offset(offset))
        default: stands[offset] == row["pattern_id"] && row["offset"].integer ?? offset == offset
        }
      }
      #expect(found.map(\.cells) == expected.map(\.cells), "\(offset)")
    }
  }

  @Test func `fixes of groups that became one are one row, in order`() throws {
    let spec = try spec()
    let fixes = try spec.rows("errors/fixes")
    #expect(try spec.rows().map { $0["count"] } == [12, 6, 6].map(Cell.integer))
    let known = fixes.map { "\($0["pattern_id"]?.plainText ?? "") \($0["fix"]?.plainText ?? "")" }
    #expect(known.count == Set(known).count)
    #expect(fixes.map { $0["successes"]?.integer ?? 0 }.reduce(0, +) == 18)
  }
}
