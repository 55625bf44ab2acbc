import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import Query

/// What a formatter writes of a table's rows.
func written(
  _ format: AnswerFormat, _ table: RowsTable, offset: Int64 = 41, more: Int? = nil,
  named: [Int] = [], style: TextStyle = TextStyle()
) -> String {
  var bytes: [UInt8] = []
  let heading = AnswerHeading(
    view: table.name, offset: offset, columns: table.columns, key: table.key, namedColumns: named,
    shownFirst: table.shownFirst)
  let formatter = AnswerFormatter(format, heading, style: style) { bytes += $0 }
  for row in table.rows { formatter.row(row) }
  formatter.finish(more: more)
  return String(decoding: bytes, as: UTF8.self)
}

let nastyTexts = [
  "", " ", "\"", "\\", "a\"b", "a\\", "\\\"", ",", "a,b", "\n", "\r\n", "a\rb", "\t\u{8}\u{c}",
  "\0", "\u{1}\u{1f}\u{7f}\u{80}\u{9b}", "\u{1b}[31mred\u{1b}[0m", "é", "e\u{301}", "日本", "👨‍👩‍👧‍👦🇩🇪",
  "\u{2028}\u{2029}", "\u{202e}evil", "\u{feff}", "null", "</script>", "=1+1", "'", "a;b",
  "\u{10ffff}\u{fffd}", String(repeating: "x\"", count: 5_000),
]

@Suite struct AnswerFormatterTests {
  @Test func `one object`() {
    #expect(
      written(.json, sampleTable()) == """
        {"view":"values","offset":41,"rows":[
        {"offset":0,"active":true,"score":0.7,"p_value":0.5,"model":"qwen",\
        "time":"2026-01-05T00:00:00Z","tools":["bash","read"],"offsets":[0,5]},
        {"offset":1,"active":false,"score":-0.25,"p_value":1e-09,"model":"Llama 3",\
        "time":"2026-01-05T23:59:59Z","tools":[],"offsets":[1]},
        {"offset":2,"active":true,"score":0.700000001,"p_value":2.0,"model":"null",\
        "time":"2026-01-06T00:00:00Z","tools":["bash -c"],"offsets":[]},
        {"offset":3,"active":null,"score":null,"p_value":null,"model":null,"time":null,\
        "tools":null,"offsets":null}
        ]}

        """)
  }

  @Test func `an empty log`() {
    let table = RowsTable([Column("offset", .integer)])
    #expect(
      written(.json, table, offset: -1) == "{\"view\":\"values\",\"offset\":-1,\"rows\":[]}\n")
    #expect(written(.jsonl, table) == "")
    #expect(written(.csv, table) == "offset\r\n")
    #expect(written(.table, table) == "offset\n──────\n")
  }

  @Test func `an object a line`() {
    #expect(
      written(.jsonl, RowsTable([Column("a", .integer), Column("b\"", .text)], [[.integer(1)]]))
        == "{\"a\":1,\"b\\\"\":null}\n")
  }

  @Test func `comma-separated values`() {
    #expect(
      written(.csv, sampleTable()).split(separator: "\r\n", omittingEmptySubsequences: false) == [
        "offset,active,score,p_value,model,time,tools,offsets",
        "0,true,0.7,0.5,qwen,2026-01-05T00:00:00Z,\"[\"\"bash\"\",\"\"read\"\"]\",\"[0,5]\"",
        "1,false,-0.25,1e-09,Llama 3,2026-01-05T23:59:59Z,[],[1]",
        "2,true,0.700000001,2.0,null,2026-01-06T00:00:00Z,\"[\"\"bash -c\"\"]\",[]",
        "3,,,,,,,", "",
      ])
  }

  @Test func `nasty texts come back from JSON`() {
    let table = RowsTable(
      "t\"\n", [Column("x", .text), Column("list", .texts)],
      nastyTexts.map { [.text($0), .texts([$0, $0])] })
    let expected = nastyTexts.map { text in
      StrictJSON.object(["x": .string(text), "list": .array([.string(text), .string(text)])])
    }
    let all = StrictJSON(Array(written(.json, table).utf8))
    #expect(all?["view"] == .string("t\"\n"))
    #expect(all?["offset"] == .number("41"))
    #expect(all?["rows"] == .array(expected))
    let lines = written(.jsonl, table).utf8.split(separator: UInt8(ascii: "\n"))
    #expect(lines.count == nastyTexts.count)
    for (line, expected) in zip(lines, expected) {
      #expect(StrictJSON(Array(line)) == expected)
    }
  }

  @Test func `nasty texts come back from CSV`() {
    let table = RowsTable(
      [Column("x", .text), Column("list", .texts)], nastyTexts.map { [.text($0), .texts([$0])] })
    let records = strictCSV(Array(written(.csv, table).utf8))
    #expect(records?.count == nastyTexts.count + 1)
    for (record, text) in zip(records?.dropFirst() ?? [], nastyTexts) {
      #expect(record.count == 2)
      #expect(record[0].map { Array($0.utf8) } == Array(text.utf8))
      #expect(StrictJSON(Array((record[1] ?? "").utf8)) == .array([.string(text)]))
    }
  }

  @Test func `null and an empty text differ in CSV`() {
    let table = RowsTable([Column("x", .text)], [[.null], [.text("")]])
    #expect(written(.csv, table) == "x\r\n\r\n\"\"\r\n")
  }

  @Test(arguments: [
    0.0, -0.0, 0.1, 1e-7, 1e-5, .leastNonzeroMagnitude, 1e16, 1e15, .greatestFiniteMagnitude,
    -1.5e300, 1.0 / 3,
    123_456_789.125, .pi,
  ])
  func `reals are numbers of JSON that read back`(value: Double) {
    let line = written(.jsonl, RowsTable([Column("x", .real)], [[.real(value)]]))
    guard case .number(let text)? = StrictJSON(Array(line.utf8))?["x"] else {
      Issue.record("no number: \(line)")
      return
    }
    #expect(Double(text) == value)
  }

  @Test func `what is no number is null`() {
    let table = RowsTable(
      [Column("x", .real)], [[.real(.nan)], [.real(.infinity)], [.real(-.infinity)]])
    #expect(written(.jsonl, table) == "{\"x\":null}\n{\"x\":null}\n{\"x\":null}\n")
    #expect(written(.csv, table) == "x\r\n\r\n\r\n\r\n")
    #expect(written(.table, table) == "x\n─\n–\n–\n–\n")
  }

  @Test func `numbers and times are written as they describe themselves`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<3_000 {
      let value =
        Int64.random(in: .min ... .max, using: &random)
        >> Int64.random(in: 0...62, using: &random)
      var bytes: [UInt8] = []
      bytes.append(integer: value)
      bytes.append(UInt8(ascii: " "))
      bytes.append(decimal: FixedPoint(units: value))
      bytes.append(UInt8(ascii: " "))
      // The first day of the range begins before it: Timestamp does not reach there.
      let time = Timestamp(nanoseconds: max(value, .min + 1_000_000_000))
      bytes.append(time: time)
      #expect(
        String(decoding: bytes, as: UTF8.self) == "\(value) \(FixedPoint(units: value)) \(time)")
    }
  }

  @Test func `long answers come in pieces, whole`() {
    let columns = [Column("n", .integer), Column("x", .text)]
    var pieces: [Int] = []
    var bytes: [UInt8] = []
    let heading = AnswerHeading(view: "v", offset: 0, columns: columns)
    let formatter = AnswerFormatter(.json, heading) {
      pieces.append($0.count)
      bytes += $0
    }
    for number in Int64(0)..<5_000 { formatter.row([.integer(number), .text("some text")]) }
    formatter.finish()
    #expect(pieces.count > 1)
    guard case .array(let rows)? = StrictJSON(bytes)?["rows"] else {
      Issue.record("no rows")
      return
    }
    #expect(rows.count == 5_000)
    #expect(rows.last?["n"] == .number("4999"))
  }

  @Test func `a plan writes its own answer, until nobody reads`() throws {
    let plan = try QueryPlan(sampleTable(), where: ["active = true"], limit: 1, countsRest: true)
    var text = ""
    let heading = AnswerHeading(plan, offset: 3)
    let formatter = AnswerFormatter(.csv, heading) { text += String(decoding: $0, as: UTF8.self) }
    #expect(try plan.write(to: formatter, in: noTables()) == RowCount(shown: 1, more: 1))
    #expect(text.utf8.split(separator: UInt8(ascii: "\n")).count == 2)
    let closed = AnswerFormatter(.jsonl, heading) { _ in }
    let count = try QueryPlan(sampleTable()).write(to: closed, in: noTables()) { false }
    #expect(count.shown == 1)
  }
}
