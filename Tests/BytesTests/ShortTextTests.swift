import Bytes
import TestSupport
import Testing

@Suite struct ShortTextTests {
  /// Texts of equal sizes and ends among them, which have equal hashes.
  private static let texts =
    ["", "a", "ab", "é", "tool_called", "task_failed"]
    + (0..<300).map { "kind_\($0 * 7_919)_ends" }

  @Test func `a table finds each of its texts, and no other`() {
    let table = ShortTextTable(
      Dictionary(uniqueKeysWithValues: Self.texts.enumerated().map { ($1, $0) }))
    for (index, text) in Self.texts.enumerated() { #expect(table[text] == index) }
    for text in Self.texts { #expect(table[text + "x"] == nil) }
    #expect(ShortTextTable<Int>([:])["a"] == nil)
  }

  @Test func `a memo answers as what it asks does`() {
    var random = SeededRandom(seed: 3)
    var memo = ShortTextMemo()
    for _ in 0..<5_000 {
      let text = Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)]
      #expect(memo.answer(text) { $0.utf8.count % 2 == 0 } == (text.utf8.count % 2 == 0))
    }
  }

  @Test func `a text begins with the bytes of another`() {
    for (text, beginning, begins) in [
      ("abc", "ab", true), ("abc", "", true), ("", "", true), ("ab", "abc", false),
      ("abc", "b", false), ("e\u{301}", "e", true), ("é", "e", false),
    ] {
      #expect(text.begins(withBytesOf: beginning) == begins)
    }
  }
}
