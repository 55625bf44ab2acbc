import Bytes
import Events
import Testing
import Views

@testable import Query

/// A difference with something of everything.
private func sample() -> TableDifference {
  var difference = TableDifference(
    table: "values/daily", key: [Column("day", .text), Column("model", .text)])
  difference.rowsBefore = 12_004
  difference.rowsAfter = 12_010
  difference.added = 7
  difference.removed = 1
  difference.changed = 1_234
  var count = FieldDifference(field: "count")
  count.changed = 1_200
  count.meanChange = -0.123_456
  count.examples = [
    CellChange(
      key: [.text("2026-01-05"), .text("qwen")], before: .integer(17), after: .integer(5),
      difference: .integer(-12)),
    CellChange(
      key: [.text("2026-01-06"), .null], before: .integer(1), after: .integer(2),
      difference: .integer(1)),
  ]
  var score = FieldDifference(field: "mean_score")
  score.changed = 3
  score.meanChange = 0.25
  score.examples = [
    CellChange(
      key: [.text("2026-01-05"), .null], before: .real(0.5), after: .real(0.812_345),
      difference: .real(0.312_345))
  ]
  var tier = FieldDifference(field: "tier")
  tier.changed = 31
  tier.examples = [
    CellChange(key: [.text("2026-01-05"), .text("q\nx")], before: .null, after: .text("high"))
  ]
  difference.fields = [count, score, tier]
  difference.addedKeys = [[.text("2026-01-07"), .null], [.text("2026-01-08"), .text("qwen")]]
  difference.removedKeys = [[.text("2026-01-01"), .text("x")]]
  return difference
}

private func same(_ table: String) -> TableDifference { TableDifference(table: table, key: []) }

@Suite struct DifferenceTextTests {
  @Test func `each table that differs, then the others in one line`() {
    let lines = TableDifference.lines([same("values"), sample(), same("errors")])
    #expect(
      lines.joined(separator: "\n") == """
        values/daily: 12,004 → 12,010 rows; 7 added, 1 removed, 1,234 changed
        field       changed  mean change  largest change
        ──────────  ───────  ───────────  ──────────────────────────────────────────────
        count         1,200      -0.1235  day=2026-01-05 model=qwen: 17 → 5 (-12)
        mean_score        3        +0.25  day=2026-01-05 model=–: 0.5 → 0.8123 (+0.3123)
        tier             31               day=2026-01-05 model=q x: – → high
        added: day=2026-01-07 model=–, day=2026-01-08 model=qwen, and 5 more
        removed: day=2026-01-01 model=x

        unchanged: values, errors
        """)
  }

  @Test func `only rows that came, and only tables that stayed`() {
    var difference = TableDifference(table: "values", key: [Column("offset", .integer)])
    difference.rowsAfter = 1
    difference.added = 1
    difference.addedKeys = [[.integer(0)]]
    #expect(
      TableDifference.lines([difference]) == ["values: 0 → 1 row; 1 added", "added: offset=0"])
    #expect(TableDifference.lines([same("values")]) == ["unchanged: values"])
    #expect(TableDifference.lines([]).isEmpty)
    #expect(same("values").lines() == ["values: 0 rows; unchanged"])
  }

  @Test func `in ASCII and in colour`() {
    let lines = TableDifference.lines(
      [sample(), same("errors")], TextStyle(width: 90, isColored: true, isASCII: true))
    #expect(
      lines.first
        == "\u{1b}[1mvalues/daily: 12,004 -> 12,010 rows; 7 added, 1 removed, 1,234 changed\u{1b}[0m"
    )
    #expect(lines.last == "\u{1b}[2munchanged: errors\u{1b}[0m")
    for line in lines { #expect(line.utf8.allSatisfy { $0 < 0x80 }, "\(line)") }
  }

  @Test(arguments: [20, 40, 60, 80, 120])
  func `no line is longer than the terminal is wide`(width: Int) {
    let lines = TableDifference.lines([sample(), same("errors")], TextStyle(width: width))
    for line in lines { #expect(DisplayText(line).width <= width, "\(line)") }
  }

  @Test func `long texts that begin alike are shown from where they differ`() {
    func line(_ before: String, _ after: String) -> String {
      var difference = TableDifference(table: "t", key: [Column("id", .integer)])
      difference.changed = 1
      var field = FieldDifference(field: "prompt")
      field.changed = 1
      field.examples = [
        CellChange(key: [.integer(1)], before: .text(before), after: .text(after))
      ]
      difference.fields = [field]
      return difference.lines()[3]
    }
    let shared = String(repeating: "word ", count: 100)
    #expect(
      line(shared + "in the parser", shared + "in the scanner").hasSuffix(
        "id=1: …word in the parser → …word in the scanner"))
    #expect(line("a short one", "a short two").hasSuffix("id=1: a short one → a short two"))
    // The end of one is the beginning of the other.
    #expect(line(shared + "end", shared + "ends").hasSuffix("…ord word end → …ord word ends"))
    let long = String(repeating: "x", count: 200)
    #expect(line(long, "y").hasSuffix("\(String(repeating: "x", count: 39))… → y"))
  }

  @Test func `one object of JSON`() {
    #expect(
      String(decoding: sample().json, as: UTF8.self) == """
        {"table":"values/daily","rows_before":12004,"rows_after":12010,"added":7,"removed":1,\
        "changed":1234,"fields":[\
        {"field":"count","changed":1200,"mean_change":-0.123456,"largest":[\
        {"key":{"day":"2026-01-05","model":"qwen"},"before":17,"after":5,"difference":-12},\
        {"key":{"day":"2026-01-06","model":null},"before":1,"after":2,"difference":1}]},\
        {"field":"mean_score","changed":3,"mean_change":0.25,"largest":[\
        {"key":{"day":"2026-01-05","model":null},"before":0.5,"after":0.812345,\
        "difference":0.312345}]},\
        {"field":"tier","changed":31,"mean_change":null,"largest":[\
        {"key":{"day":"2026-01-05","model":"q\\nx"},"before":null,"after":"high",\
        "difference":null}]}],\
        "added_keys":[{"day":"2026-01-07","model":null},{"day":"2026-01-08","model":"qwen"}],\
        "removed_keys":[{"day":"2026-01-01","model":"x"}]}
        """)
  }

  @Test func `nasty texts come back from JSON`() {
    for text in nastyTexts {
      var difference = TableDifference(table: text, key: [Column("id", .text)])
      var field = FieldDifference(field: text)
      field.changed = 1
      field.examples = [CellChange(key: [.text(text)], before: .text(text), after: .texts([text]))]
      difference.fields = [field]
      difference.removedKeys = [[.text(text)]]
      let json = StrictJSON(difference.json)
      #expect(json?["table"] == .string(text))
      #expect(json?["removed_keys"] == .array([.object(["id": .string(text)])]))
      guard case .array(let fields)? = json?["fields"], case .array(let all)? = fields[0]["largest"]
      else {
        Issue.record("no fields of \(text)")
        return
      }
      #expect(all[0]["before"] == .string(text) && all[0]["after"] == .array([.string(text)]))
    }
  }
}
