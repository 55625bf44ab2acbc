import TOML
import Testing

struct TOMLTests {
  @Test
  func `a document is read in the order of its lines, each value with the line of its key`() throws
  {
    let document = try TOMLValue(
      document: """
        zeta = 1
        [views]
        off = ["a",
               "b"]
        inner = { deep = true, "a b" = -2.5 }
        since = 2026-03-05

        [[prices]]
        model = "m\u{e9}\\n"

        [[prices]]
        from = 2026-03-05T10:00:00Z
        """)
    func find(_ path: String...) -> TOMLValue? {
      path.reduce(document as TOMLValue?) { value, key in
        Int(key).map { value?.array?[$0] }
          ?? value?.table?.first { $0.key == key }?.value
      }
    }
    #expect(document.table?.map(\.key) == ["zeta", "views", "prices"])
    #expect(find("zeta")?.content == .integer(1))
    #expect(find("zeta")?.line == 1)
    #expect(find("views")?.line == 2)
    #expect(find("views", "off")?.line == 3)
    #expect(find("views", "off", "1")?.content == .text("b"))
    #expect(find("views", "off", "1")?.line == 4)
    #expect(find("views", "inner", "deep")?.content == .bool(true))
    #expect(find("views", "inner", "a b")?.content == .real(-2.5))
    #expect(find("views", "inner", "a b")?.line == 5)
    #expect(find("views", "since")?.content == .date("2026-03-05"))
    #expect(find("prices", "0")?.line == 8)
    #expect(find("prices", "0", "model")?.content == .text("mé\n"))
    #expect(find("prices", "1", "from")?.content == .time)
    #expect(find("prices", "1", "from")?.line == 12)
  }

  @Test(arguments: [
    ("a = 1\nb = ", 2), ("a = 1\na = 2", 2), ("[a\n", 1), ("a = 1\r\n\r\nb = \"\u{1}\"", 3),
    ("a = 99999999999999999999", 1),
  ])
  func `what is no document is refused, with the line`(text: String, line: Int) {
    #expect(throws: TOMLError.self) { try TOMLValue(document: text) }
    do { _ = try TOMLValue(document: text) } catch {
      #expect(error.line == line)
      #expect(!error.reason.isEmpty)
    }
  }

  @Test
  func `nothing is a document without entries`() throws {
    #expect(try TOMLValue(document: "").table?.isEmpty == true)
    #expect(try TOMLValue(document: "# a comment\r\n").table?.isEmpty == true)
  }
}
