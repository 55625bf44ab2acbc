import Rules
import Testing

@Suite struct RuleSetTests {
  private let table = Rule.table(
    #"""
    first | a word | 7
      / \b{WORD}=(\d+)
      / (\d+) of {WORD}
      > Do this,
      > then that.
      + abc=⟦17⟧
      - x⏎⇥¦y
    second | b
      / (?i)straße
    """#, shorthands: ["WORD": "[a-c]+"])

  @Test func `a pattern goes on over lines, and shorthands hold others`() {
    let table = Rule.table(
      #"""
      first
        / {LINE}=
        \ (\d+)
      """#, shorthands: ["A": "[ab]", "LINE": "{A}+{Z}", "Z": "z{2}"])
    #expect(table[0].pattern == #"[ab]+z{2}=(\d+)"#)
    #expect(RuleSet(table).match(0, in: Array("x bazz=7".utf8).span)?.found == 7..<8)
  }

  @Test func `a pattern of more groups than are looked at is a fault`() {
    let many = String(repeating: "(a)?", count: 64)
    let table = Rule.table("first\n  / \(many)\nsecond\n  / (a)(b)")
    #expect(RuleSet(table).faults == ["first: more groups than are looked at"])
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `a table is read as it is written`() {
    #expect(table.map(\.heading) == [["first", "a word", "7"], ["second", "b"]])
    #expect(table[0].pattern == #"\b[a-c]+=(\d+)|(\d+) of [a-c]+"#)
    #expect(table[0].advice == "Do this, then that.")
    #expect(table[0].counterexamples == ["x\n\ty"])
    let (text, spans) = Rule.marked(table[0].examples[0])
    #expect(text == "abc=17")
    #expect(spans == [4..<6])
  }

  @Test func `the first group that takes part is what was found`() {
    let rules = RuleSet(table)
    #expect(rules.faults.isEmpty)
    let text = bytes("x 5 of ab, abc=17 STRASSE")
    #expect(rules.hits(text.span) == [0])
    #expect(rules.match(0, in: text.span)?.found == 2..<3)
    #expect(rules.match(0, in: text.span, from: 4)?.found == 15..<17)
    #expect(rules.match(0, in: text.span, from: 16) == nil)
  }

  @Test func `a place does not cut off what stands before it`() {
    let rules = RuleSet(table)
    let text = bytes("xabc=1")
    #expect(rules.match(0, in: text.span, from: 1) == nil)
  }

  @Test func `bytes that are no text are matched like any`() {
    let rules = RuleSet(Rule.table("k | n\n  / a(.)b"))
    let text: [UInt8] = [0xff, 0x61, 0xc3, 0x62, 0x00]
    #expect(rules.match(0, in: text.span)?.found == 2..<3)
    #expect(rules.hits([UInt8]().span).isEmpty)
  }

  @Test(arguments: [
    ("read timeout", true), ("ReadTimeoutError", true), ("timeouts", true), ("outtimeout", false),
    ("ENOENT: x", true), ("enoents", false), ("such thing", false), ("No such odd thing", true),
  ])
  func `phrases begin where words and parts of names do`(text: String, isHit: Bool) {
    let rules = RuleSet(Rule.table("k | n\n  ~ timeout | enoent. | no such*thing"))
    #expect(rules.faults.isEmpty)
    #expect(rules.hits(bytes(text).span) == (isHit ? [0] : []))
    #expect(rules.matches(bytes(text).span) == isHit)
  }

  @Test func `a pattern that is none is told, and the others serve`() {
    let rules = RuleSet(Rule.table("k | bad\n  / a(\nk | good\n  / b"))
    #expect(rules.faults.count == 1)
    #expect(rules.faults.first?.hasPrefix("bad: ") == true)
    #expect(rules.hits(bytes("ab").span) == [1])
    #expect(rules.match(0, in: bytes("ab").span) == nil)
  }

  @Test func `rules of many states find what each one does`() {
    let text = bytes(String(repeating: "ab", count: 100) + "c")
    let rules = RuleSet((1...12).map { Rule.table("k | n\n  / a[ab]{\($0 * 3)}c")[0] })
    #expect(rules.hits(text.span) == [0, 2, 4, 6, 8, 10])
    #expect(rules.match(2, in: text.span)?.found == 190..<201)
  }
}
