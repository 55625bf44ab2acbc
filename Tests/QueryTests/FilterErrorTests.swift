import Testing
import Views

@testable import Query

/// What a person reads who wrote a wrong expression, to the letter.
@Suite struct FilterErrorTests {
  private func message(_ expression: String) -> String {
    do {
      _ = try QueryPlan(sampleTable(), where: [expression])
      return "no error"
    } catch {
      #expect(error.kind == .usage)
      return error.description
    }
  }

  @Test func `an unknown field`() {
    #expect(
      message("scroe >= 0.7") == """
        values has no field `scroe`; did you mean `score`?
          scroe >= 0.7
          ^^^^^
        fields of values: offset, active, score, p_value, model, time, tools, offsets
        """)
    #expect(
      message("  latency_ms > 3") == """
        values has no field `latency_ms`
            latency_ms > 3
            ^^^^^^^^^^
        fields of values: offset, active, score, p_value, model, time, tools, offsets
        """)
  }

  @Test func `no field`() {
    #expect(
      message("= 3") == """
        an expression is FIELD OP VALUE, and the field is missing
          = 3
          ^
        """)
    #expect(
      message("") == """
        an expression is FIELD OP VALUE, and the field is missing
          \("")
          ^
        """)
  }

  @Test func `no operator`() {
    #expect(
      message("score 0.7") == """
        no operator after `score`; use one of = != < <= > >= ~ ~i
          score 0.7
                ^
        """)
    #expect(
      message("score") == """
        no operator after `score`; use one of = != < <= > >= ~ ~i
          score
               ^
        """)
  }

  @Test func `a bad operator`() {
    #expect(
      message("score == 0.7") == """
        no operator `==`; use one of = != < <= > >= ~ ~i
          score == 0.7
                ^^
        a value that begins with one of =!<>~ goes in quotes
        """)
  }

  @Test func `no value`() {
    #expect(
      message("model = ") == """
        no value after `=`; an empty text is ""
          model = \("")
                  ^
        """)
  }

  @Test func `quotes that do not match`() {
    #expect(
      message("model = \"qwen") == """
        the value begins with a quote that is never closed
          model = "qwen
                  ^
        to look for a quote itself, put it in quotes of the other kind
        """)
    #expect(
      message("model = 'a' or 'b'") == """
        the value ends at its closing quote, and more follows
          model = 'a' or 'b'
                     ^^^^^^^
        a quote inside of quotes is written with a backslash before it
        """)
  }

  @Test func `null in an order`() {
    #expect(
      message("score < null") == """
        null has no order; use = null or != null
          score < null
                ^
        """)
  }

  @Test func `an operator that says nothing of the type`() {
    #expect(
      message("active < true") == """
        `active` holds true or false, for which < says nothing; use one of = !=
          active < true
                 ^
        """)
    #expect(
      message("score ~ 7") == """
        `score` holds decimal numbers, for which ~ says nothing; use one of = != < <= > >=
          score ~ 7
                ^
        """)
    #expect(
      message("tools >= bash") == """
        `tools` holds lists of texts, for which >= says nothing; use one of = != ~ ~i
          tools >= bash
                ^^
        """)
  }

  @Test(arguments: [
    ("offset = 4.5", "`offset` holds whole numbers such as 42, and `4.5` is none"),
    (
      "offset = 99999999999999999999",
      "`offset` holds whole numbers, and 99999999999999999999 is beyond their range"
    ),
    ("active = yes", "`active` holds true or false, and `yes` is neither"),
    ("score > high", "`score` holds decimal numbers such as 0.75, and `high` is none"),
    ("score > 1e10", "`score` holds decimal numbers, and 1e10 is beyond their range"),
    (
      "score > 0.1234567891",
      "`score` holds decimal numbers of at most 9 digits after the point, "
        + "and 0.1234567891 has more"
    ),
    ("p_value < 0x1p3", "`p_value` holds numbers such as 0.05 or 1e-6, and `0x1p3` is none"),
    ("p_value < nan", "`p_value` holds numbers such as 0.05 or 1e-6, and `nan` is none"),
    ("p_value < 1e999", "`p_value` holds numbers, and 1e999 is beyond their range"),
    (
      "time > yesterday",
      "`time` holds times such as 2026-01-05 or 2026-01-05T17:49:37Z, and `yesterday` is none"
    ),
    ("offsets = -1", "`offsets` holds lists of offsets such as 42, and `-1` is none"),
  ])
  func `a value of another type`(expression: String, expected: String) {
    let lines = message(expression).split(separator: "\n").map(String.init)
    #expect(lines.first == expected)
    #expect(lines.count == 3)
    #expect(lines[1] == "  \(expression)")
    let value = expression.split(separator: " ").last ?? ""
    let pointed = String(repeating: " ", count: 2 + expression.utf8.count - value.utf8.count)
    #expect(lines[2] == pointed + String(repeating: "^", count: value.utf8.count))
  }

  @Test func `points below wide and invisible characters`() {
    #expect(
      message("score\t>  日本\u{1b}") == """
        `score` holds decimal numbers such as 0.75, and `日本␛` is none
          score >  日本␛
                   ^^^^^
        """)
  }

  @Test func `long lists of fields are wrapped`() throws {
    let columns = (0..<20).map { Column("some_field_\($0)", .text) }
    let error = #expect(throws: QueryError.self) {
      try QueryPlan(RowsTable("t", columns), sort: ["some_filed_1"])
    }
    #expect(
      error?.description == """
        t has no field `some_filed_1`; did you mean `some_field_1`?
        fields of t: some_field_0, some_field_1, some_field_2, some_field_3,
          some_field_4, some_field_5, some_field_6, some_field_7, some_field_8,
          some_field_9, some_field_10, some_field_11, some_field_12, some_field_13,
          some_field_14, some_field_15, some_field_16, some_field_17, some_field_18,
          some_field_19
        """)
  }

  @Test func `never traps on any bytes`() {
    var seed: UInt64 = 1
    let alphabet = Array("score=!<>~ \"'\\nul0.7e-9T:Z\u{1b}é日\t")
    for _ in 0..<3_000 {
      var expression = ""
      for _ in 0..<(seed >> 33) % 14 {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        expression.append(alphabet[Int((seed >> 33) % UInt64(alphabet.count))])
      }
      seed = seed &* 6_364_136_223_846_793_005 &+ 1
      _ = message(expression)
    }
  }
}

@Suite struct EditDistanceTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("score", "score", 0), ("scroe", "score", 1),
    ("kitten", "sitting", 3), ("abc", "ca", 3), ("latency", "latency_ms", 3),
  ])
  func `counts edits`(left: String, right: String, expected: Int) {
    #expect(editDistance(Array(left.utf8), Array(right.utf8)) == expected)
    #expect(editDistance(Array(right.utf8), Array(left.utf8)) == expected)
  }

  @Test func `suggests only what is near`() {
    #expect(nearestName(to: "modle", among: ["offset", "model", "mode"]) == "model")
    #expect(nearestName(to: "zzz", among: ["offset", "model"]) == nil)
    #expect(nearestName(to: "", among: ["a"]) == nil)
    #expect(nearestName(to: String(repeating: "a", count: 100_000), among: ["a"]) == nil)
  }
}

@Suite struct AnswerCatalogTests {
  private let catalog = AnswerCatalog(
    ["values", "values/daily", "values/histogram", "errors", "errors/fixes"].map {
      RowsTable($0, [])
    })

  private func message(_ name: String) -> String {
    do {
      return "found \(try catalog.table(name).name)"
    } catch {
      #expect(error.kind == .missing)
      return error.description
    }
  }

  @Test func `finds tables by name`() {
    #expect(message("values") == "found values")
    #expect(message("errors/fixes") == "found errors/fixes")
    #expect(catalog.views == ["values", "errors"])
  }

  @Test func `says what there is`() {
    #expect(
      message("valeus") == "no view `valeus`; did you mean `values`?\nviews: values, errors")
    #expect(message("nothing") == "no view `nothing`\nviews: values, errors")
    #expect(
      message("values/dayly") == """
        no table `values/dayly`; did you mean `values/daily`?
        tables of values: values, values/daily, values/histogram
        """)
    #expect(
      message("eror/fixes") == """
        no view `eror`; did you mean `errors/fixes`?
        views: values, errors
        """)
    #expect(message("") == "no view ``\nviews: values, errors")
    #expect(message("/") == "no view ``\nviews: values, errors")
  }
}
