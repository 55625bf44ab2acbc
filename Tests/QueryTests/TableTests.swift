import Bytes
import Events
import Testing
import Views

@testable import Query

/// Columns as the values view has them.
private func values() -> RowsTable {
  let columns = [
    Column("offset", .integer), Column("interaction_id", .text), Column("session_id", .text),
    Column("stream", .text), Column("kind", .text), Column("time", .time), Column("model", .text),
    Column("prompt", .text), Column("outcome", .text), Column("outcome_basis", .text),
    Column("score", .decimal), Column("novelty", .decimal), Column("tier", .text),
    Column("offsets", .offsets),
  ]
  func row(
    _ offset: Int64, _ model: String?, _ prompt: String, _ score: Int64, _ tier: String
  ) -> [Cell] {
    [
      .integer(offset), .text("537b4f8f-8f2e-492c-abee-2f1916fba26f"), .null, .text("ralph"),
      .text("task_completed"), .time(Timestamp(nanoseconds: 1_767_571_200_069_463_000)),
      Cell(model), .text(prompt), .text("success"), .text("exit_code"),
      .decimal(FixedPoint(hundredths: score)), .decimal(.one), .text(tier),
      .offsets([UInt64(offset), UInt64(offset) + 1]),
    ]
  }
  return RowsTable(
    columns, key: ["offset"], shownFirst: ["outcome", "score", "tier", "prompt"],
    [
      row(3, "qwen-coder", "Fix the\nfailing test in the parser", 71, "high_value"),
      row(1_204, nil, "日本語のプロンプトを短くする", 100, "exceptional"),
    ])
}

@Suite struct TableTests {
  @Test func `without a terminal nothing is cut or hidden, and there are no notes`() {
    let table = RowsTable(
      [Column("offset", .integer), Column("p_value", .real), Column("prompt", .text)],
      [
        [.integer(5), .real(0.012345), .text("short")],
        [.integer(1_000), .null, .text(String(repeating: "long ", count: 40) + "end")],
        [.integer(-1), .real(12_345.6), .null],
      ])
    let long = String(repeating: "long ", count: 40) + "end"
    #expect(
      written(.table, table, more: 7) == """
        offset  p_value  prompt
        ──────  ───────  \(String(repeating: "─", count: 80))
             5  0.01235  short
          1000        –  \(long)
            -1    12346  –

        """)
  }

  @Test func `long names are cut before what is asked for is hidden`() throws {
    let long = String(repeating: "n", count: 30)
    let table = RowsTable(
      [
        Column("hour", .text), Column("model", .text), Column("project", .text),
        Column("agent", .text), Column("calls", .integer), Column("cost_usd", .decimal),
      ], key: ["hour", "model", "project", "agent"], shownFirst: ["cost_usd", "calls"],
      [[.text(long), .text(long), .text(long), .text(long), .integer(7), .decimal(.one)]])
    let lines = written(.table, table, style: TextStyle(width: 80)).split(separator: "\n")
    let titles = try #require(lines.first)
    #expect(titles.contains("cost_usd") && titles.contains("calls"), "\(titles)")
    // By hand: 80 − 8 − 5 − 5 · 2 = 57 for four names, each at least 10.
    #expect(lines.allSatisfy { $0.count <= 80 }, "\(lines)")
    // Where not all of it fits, the first of it does.
    let narrow = written(.table, table, style: TextStyle(width: 57)).split(separator: "\n")
    #expect(narrow.first?.contains("cost_usd") == true && narrow.first?.contains("calls") == false)
  }

  @Test func `dollars that are a lower bound are shown as one`() {
    let table = RowsTable(
      [Column("model", .text), Column("cost_usd", .decimal), Column("cost_basis", .text)],
      [
        [.text("a"), .decimal(FixedPoint(hundredths: 150)), .text("partial")],
        [.text("b"), .decimal(FixedPoint(hundredths: 1_250)), .text("priced")],
        [.text("c"), .null, .text("unknown")],
      ])
    #expect(
      written(.table, table) == """
        model  cost_usd  cost_basis
        ─────  ────────  ──────────
        a          ≥1.5  partial
        b          12.5  priced
        c             –  unknown

        """)
  }

  @Test func `fits 100 columns`() {
    #expect(
      written(.table, values(), more: 1_234_567, style: TextStyle(width: 100)) == """
        offset  stream  kind            model       prompt                       outcome  score  tier
        ──────  ──────  ──────────────  ──────────  ───────────────────────────  ───────  ─────  ───────────
             3  ralph   task_completed  qwen-coder  Fix the failing test in th…  success   0.71  high_value
          1204  ralph   task_completed  –           日本語のプロンプトを短くす…  success      1  exceptional
        1,234,567 more rows; --limit or --format to see all
        hidden: interaction_id, session_id, time, outcome_basis, novelty, offsets
        values at offset 41

        """)
  }

  @Test func `fits 48 columns`() {
    #expect(
      written(.table, values(), style: TextStyle(width: 48)) == """
        offset  model       outcome  score  tier
        ──────  ──────────  ───────  ─────  ───────────
             3  qwen-coder  success   0.71  high_value
          1204  –           success      1  exceptional
        hidden: interaction_id, session_id, stream,
          kind, time, prompt, outcome_basis, novelty,
          offsets
        values at offset 41

        """)
  }

  @Test func `fits 20 columns`() {
    #expect(
      written(.table, values(), more: 2, style: TextStyle(width: 20, isASCII: true)) == """
        offset  outcome
        ------  -------
             3  success
          1204  success
        2 more rows; --limit
          or --format to see
          all
        hidden:
          interaction_id,
          session_id,
          stream, kind,
          time, model,
          prompt,
          outcome_basis,
          score, novelty,
          tier, offsets
        values at offset 41

        """)
  }

  @Test func `colour only when asked for`() {
    let table = RowsTable([Column("offset", .integer)], [[.integer(5)]])
    #expect(
      written(.table, table, more: 1, style: TextStyle(width: 80, isColored: true)) == """
        \u{1b}[1moffset\u{1b}[0m
        \u{1b}[2m──────\u{1b}[0m
             5
        \u{1b}[2m1 more row; --limit or --format to see all\u{1b}[0m
        \u{1b}[2mvalues at offset 41\u{1b}[0m

        """)
    #expect(!written(.table, table, more: 1, style: TextStyle(width: 80)).contains("\u{1b}"))
  }

  @Test func `an empty answer says so on a terminal`() {
    let table = RowsTable([Column("offset", .integer)])
    #expect(
      written(.table, table, offset: -1, style: TextStyle(width: 80, isASCII: true))
        == "offset\n------\nno rows\nvalues at offset -1\n")
  }

  @Test func `control characters of a text never reach the terminal`() {
    let table = RowsTable(
      [Column("x", .text), Column("y", .texts)],
      nastyTexts.map { [.text($0), .texts([$0])] })
    for style in [TextStyle(), TextStyle(width: 60), TextStyle(width: 60, isASCII: true)] {
      let text = written(.table, table, style: style)
      let lines = text.utf8.count { $0 == UInt8(ascii: "\n") }
      #expect(lines == nastyTexts.count + (style.width == nil ? 2 : 3))
      #expect(
        text.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    }
  }

  @Test(arguments: Array(20...200))
  func `every line fits every width`(width: Int) {
    for table in [values(), sampleTable()] {
      for isASCII in [false, true] {
        let style = TextStyle(width: width, isASCII: isASCII)
        let lines = written(.table, table, more: 12_345, style: style).split(separator: "\n")
        for line in lines { #expect(DisplayText(String(line)).width <= width, "\(line)") }
        // The key is always there, and every other column is either there or said to be hidden.
        #expect(lines[0].contains("offset"))
      }
    }
  }

  @Test(arguments: [20, 40, 80, 120, 200])
  func `says which columns are hidden`(width: Int) {
    let table = values()
    let lines = written(.table, table, style: TextStyle(width: width)).split(separator: "\n")
    let shown = lines[1].split(separator: "  ").count
    let start = lines.firstIndex { $0.hasPrefix("hidden:") } ?? lines.count
    let hidden = lines[start...].dropLast().joined(separator: " ").split(separator: ",").count
    #expect(shown + hidden == table.columns.count)
  }

  @Test func `what the question names comes before what it does not`() {
    let session = 2
    let text = written(.table, values(), named: [session], style: TextStyle(width: 40))
    #expect(text.split(separator: "\n")[0].contains("session_id"))
    let without = written(.table, values(), style: TextStyle(width: 40))
    #expect(!without.split(separator: "\n")[0].contains("session_id"))
  }

  @Test func `later rows keep the widths of the first thousand`() {
    let rows = (0..<1_200).map { [Cell.integer($0 == 1_100 ? 1_234_567_890 : 7), .text("x")] }
    let table = RowsTable([Column("n", .integer), Column("t", .text)], rows)
    let piped = written(.table, table).split(separator: "\n")
    #expect(piped.count == 1_202)
    #expect(piped[2] == "7  x")
    #expect(piped[1_102] == "1234567890  x")
    let shown = written(.table, table, style: TextStyle(width: 30)).split(separator: "\n")
    #expect(shown[1_102] == "…  x")
  }
}

@Suite struct RoundedTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1.0, "1"), (0.5, "0.5"), (0.123456, "0.1235"), (-0.123456, "-0.1235"),
    (12.3456, "12.35"), (123.456, "123.5"), (999.96, "1000"), (1_234.5, "1235"),
    (1_234_567.8, "1234568"), (0.000123456, "0.0001235"), (0.00001, "0.00001"),
    (0.000001, "1e-6"), (1.23456e-7, "1.235e-7"), (9.99996e-7, "1e-6"),
    (.leastNonzeroMagnitude, "5e-324"),
    (1e15, "1e+15"), (1.7976931348623157e308, "1.798e+308"), (99.995, "100"), (0.99996, "1"),
    (100, "100"), (120, "120"),
  ])
  func `keeps four digits`(value: Double, text: String) {
    #expect(rounded(value, digits: 4) == text)
  }
}
