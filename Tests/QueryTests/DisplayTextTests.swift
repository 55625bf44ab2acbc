import TestSupport
import Testing

@testable import Query

@Suite struct DisplayTextTests {
  @Test(arguments: [
    ("", "", 0), ("abc", "abc", 3), ("a\nb", "a b", 3), ("a\r\n\t  b", "a b", 3),
    ("a  b", "a  b", 4), ("\u{1b}[31m", "␛[31m", 5), ("\0\u{7f}", "␀␡", 2),
    ("\u{9b}", "\u{fffd}", 1),
    ("日本", "日本", 4), ("e\u{301}", "e\u{301}", 1), ("é", "é", 1), ("ﾊ", "ﾊ", 1), ("Ａ", "Ａ", 2),
    ("한글", "한글", 4), ("👨‍👩‍👧‍👦", "👨‍👩‍👧‍👦", 2), ("🇩🇪", "🇩🇪", 2), ("❤️", "❤️", 2), ("✓", "✓", 1),
    ("a\u{202e}b\u{feff}\u{200b}c", "abc", 3), ("x\u{2028}y", "x y", 3), ("…", "…", 1),
  ])
  func `shows one line and its width`(text: String, shown: String, width: Int) {
    let display = DisplayText(text)
    #expect(display.text == shown)
    #expect(display.width == width)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""),
    ("日本語", 6, "日本語"), ("日本語", 5, "日本…"), ("日本語", 4, "日…"), ("日本語", 3, "日…"),
    ("日本語", 2, "…"), ("日本語", 1, "…"), ("日", 1, "…"), ("ab\ncd", 4, "ab …"), ("", 0, ""),
    ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("abc日", 4, "abc…"), ("abc日", 5, "abc日"),
    ("a日", 2, "a…"), ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 3, "👨‍👩‍👧‍👦…"),
  ])
  func `cuts between characters`(text: String, limit: Int, shown: String) {
    let display = DisplayText(text, width: limit)
    #expect(Array(display.text.utf8) == Array(shown.utf8))
    #expect(display.width <= limit)
  }

  @Test func `in ASCII`() {
    #expect(DisplayText("abcdef", width: 4, isASCII: true).text == "abc~")
    #expect(DisplayText("a\u{1b}b", isASCII: true).text == "a?b")
  }

  @Test func `a combining mark beyond the cut takes no column`() {
    #expect(DisplayText("abc\u{301}", width: 3).text == "abc\u{301}")
    #expect(DisplayText("abc\u{301}d", width: 3).text == "ab…")
  }

  @Test func `never wider than allowed, and steady`() {
    var random = SeededRandom(seed: 3)
    let alphabet = Array("ab \n\t\u{1b}é日本👍🏽\u{301}\u{200d}\u{202e}\u{fe0f}ｶ")
    for _ in 0..<2_000 {
      let text = String(
        (0..<Int.random(in: 0...12, using: &random)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &random)]
        })
      let limit = Int.random(in: 0...14, using: &random)
      let display = DisplayText(text, width: limit)
      #expect(display.width <= limit)
      #expect(DisplayText(display.text).width == display.width, "\(Array(text.unicodeScalars))")
      #expect(!display.bytes.contains { $0 < 0x20 || $0 == 0x7f })
    }
  }
}
