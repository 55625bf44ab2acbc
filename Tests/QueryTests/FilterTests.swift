import Bytes
import Events
import TestSupport
import Testing
import Views

@testable import Query

@Suite struct FilterTests {
  @Test(arguments: [
    ("offset = 1", [1]), ("offset != 1", [0, 2, 3]), ("offset < 1", [0]),
    ("offset <= 1", [0, 1]), ("offset > 1", [2, 3]), ("offset >= 1", [1, 2, 3]),
    ("offset > -1", [0, 1, 2, 3]), ("offset=+2", [2]),
  ])
  func `compares whole numbers`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: [
    ("score = 0.7", [0]), ("score = 0.700000001", [2]), ("score != 0.7", [1, 2]),
    ("score < 0.7", [1]), ("score <= 0.7", [0, 1]), ("score > 0.7", [2]),
    ("score >= 7e-1", [0, 2]), ("score = -.25", [1]), ("score >= 9223372036.854775807", []),
  ])
  func `compares decimals exactly`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: [
    ("p_value = 0.5", [0]), ("p_value != 0.5", [1, 2]), ("p_value < 1e-6", [1]),
    ("p_value <= 0.5", [0, 1]), ("p_value > .5", [2]), ("p_value >= 0.5", [0, 2]),
  ])
  func `compares reals`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: [
    ("active = true", [0, 2]), ("active != true", [1]), ("active = false", [1]),
  ])
  func `compares truths`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: [
    ("model = qwen", [0]), ("model != qwen", [1, 2]), ("model = Llama 3", [1]),
    ("model = 'Llama 3'", [1]), ("model ~ a", [1]), ("model ~ \"ma 3\"", [1]),
    ("model ~ MA", []), ("model ~ \"\"", [0, 1, 2]), ("model < n", [1]), ("model <= null ", []),
    ("model <= 'null'", [1, 2]), ("model > null2", [0]), ("model >= qwen", [0]),
    ("model~l", [1, 2]), ("model = \"null\"", [2]), ("model ~ null_", []),
  ])
  func `compares texts by their bytes`(expression: String, expected: [Int64]) throws {
    if expression == "model <= null " {
      #expect(throws: QueryError.self) { try matching(expression) }
    } else {
      #expect(try matching(expression) == expected)
    }
  }

  @Test(arguments: [
    ("time = 2026-01-05", [0, 1]), ("time != 2026-01-05", [2]), ("time < 2026-01-05", []),
    ("time <= 2026-01-05", [0, 1]), ("time > 2026-01-05", [2]), ("time >= 2026-01-06", [2]),
    ("time >= 2026-01", [0, 1, 2]), ("time > 2025", [0, 1, 2]),
    ("time = 2026-01-05T00:00:00Z", [0]), ("time > 2026-01-05T00:00:00Z", [1, 2]),
    ("time = 2026-01-04T17:00:00-07:00", [0]), ("time = 2026-01-05 23", [1]),
  ])
  func `compares times with instants and with prefixes`(
    expression: String, expected: [Int64]
  ) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: [
    ("day <= 2026-01-05", [0, 1]), ("day = 2026-01", [0, 1, 2]), ("day < yesterday", [0]),
    ("day = yesterday", [1]), ("day <= 2 days ago", [0]), ("day > 2026-01-05T10:00:00Z", [2]),
    ("day != 2026-01-05", [0, 2]), ("day ~ -05", [1]), ("day >= last week", [0, 1, 2]),
  ])
  func `compares days with all that a time means`(expression: String, expected: [Int]) throws {
    let filter = try Filter(
      expression, columns: [Column("day", of: CivilDate.self, "")], table: "t",
      now: Timestamp(parsing: "2026-01-06T10:30:00Z"))
    let days = ["2026-01-04", "2026-01-05", "2026-01-06"]
    #expect(days.indices.filter { filter.matches([.text(days[$0])]) } == expected)
  }

  @Test(arguments: ["2026-13-01", "abc", "01/05/2026", "\"\""])
  func `a text that is no day is compared with none`(text: String) {
    #expect(throws: QueryError.self) {
      try Filter("day <= \(text)", columns: [Column("day", of: CivilDate.self, "")], table: "t")
    }
  }

  @Test(arguments: [
    ("tools = bash", [0]), ("tools ~ bash", [0]), ("tools != bash", [1, 2]),
    ("tools = 'bash -c'", [2]), ("offsets = 5", [0]), ("offsets ~ 1", [1]),
    ("offsets != 1", [0, 2]),
  ])
  func `looks for an element of a list`(expression: String, expected: [Int64]) throws {
    #expect(try matching(expression) == expected)
  }

  @Test(arguments: ["active", "score", "p_value", "model", "time", "tools", "offsets"])
  func `null passes nothing but its own`(field: String) throws {
    #expect(try matching("\(field) = null") == [3])
    #expect(try matching("\(field) != null") == [0, 1, 2])
  }

  @Test func `a number that is none is null`() throws {
    let filter = try Filter("x != 1", columns: [Column("x", .real)], table: "t")
    #expect(!filter.matches([.real(.nan)]))
    #expect(!filter.matches([]))
    #expect(filter.matches([.real(.infinity)]))
  }

  @Test func `several are all required`() throws {
    #expect(try matching("active = true", "score > 0.7") == [2])
    #expect(try matching("active = true", "active = false") == [])
  }

  @Test func `numbers of another kind than the column's are compared by value`() throws {
    let filter = try Filter("x >= 0.5", columns: [Column("x", .decimal)], table: "t")
    #expect(filter.matches([.integer(1)]))
    #expect(filter.matches([.real(0.5)]))
    #expect(!filter.matches([.integer(0)]))
    #expect(!filter.matches([.text("1")]))
  }

  @Test func `canonically equal texts are not the same`() throws {
    let filter = try Filter("x = \u{e9}", columns: [Column("x", .text)], table: "t")
    #expect(filter.matches([.text("\u{e9}")]))
    #expect(!filter.matches([.text("e\u{301}")]))
  }

  @Test func `quotes keep spaces, breaks, quotes and operators`() throws {
    let columns = [Column("x", .text)]
    let cases: [(String, String)] = [
      (#"x = " a ""#, " a "), (#"x = "a\n\tb""#, "a\n\tb"), (#"x = "\"a\"""#, #""a""#),
      (#"x = '"'"#, #"""#), (#"x = "<= 3""#, "<= 3"), (#"x = "a\\n""#, #"a\n"#),
      (#"x = "\d+""#, #"\d+"#), (#"x ="""#, ""), (#"x = a "b" c"#, #"a "b" c"#),
    ]
    for (expression, text) in cases {
      let filter = try Filter(expression, columns: columns, table: "t")
      #expect(filter.matches([.text(text)]), "\(expression)")
    }
  }
}

@Suite struct ByteSearchTests {
  @Test func `finds what a plain search finds`() {
    var random = SeededRandom(seed: 7)
    for _ in 0..<2_000 {
      let haystack = (0..<Int.random(in: 0...12, using: &random)).map { _ in
        UInt8.random(in: 0...1, using: &random)
      }
      let needle = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        UInt8.random(in: 0...1, using: &random)
      }
      let expected =
        needle.count <= haystack.count
        && (0...(haystack.count - needle.count)).contains {
          Array(haystack[$0..<$0 + needle.count]) == needle
        }
      #expect(contains(needle.span, in: haystack.span) == expected, "\(needle) in \(haystack)")
    }
  }
}
