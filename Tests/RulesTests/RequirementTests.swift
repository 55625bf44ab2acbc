import Rules
import TestSupport
import Testing

/// What a pattern needs is looked for first; a rule must be found by it exactly where the pattern
/// matches.
@Suite struct RequirementTests {
  private func table(_ patterns: [String]) -> [Rule] {
    patterns.map { Rule.table("k | n\n  / \($0)")[0] }
  }

  private static func texts(_ texts: String...) -> Requirement {
    Requirement(texts: texts.map { Array($0.utf8) })
  }

  private static func signs(_ signs: String) -> UInt128 {
    signs.utf8.reduce(0) { $0 | 1 << UInt128($1) }
  }

  @Test(
    arguments: [
      ("abc|abd", texts("abc", "abd")), ("(?i)ABC", texts("abc")),
      ("x*abcd[^x]efg.+", texts("abcd")),
      (
        #"\bpass(?:word|wd)?="#,
        Requirement(
          texts: ["password=", "passwd=", "pass="].map { Array($0.utf8) }, signs: signs("="))
      ),
      ("[a-z]+@[a-z]+", Requirement(texts: [Array("@".utf8)], signs: signs("@"))),
      ("[A-Za-z0-9]{20,}", Requirement(run: 20, wordRun: 20)),
      (
        #"(?:\d{16}|[0-9a-f]{14,32})-"#,
        Requirement(run: 14, wordRun: 14, signs: signs("-"))
      ),
      (#"a\d{2,3}(?:\.\d)+|[0-9]x?7:"#, Requirement(signs: signs(".:"))),
      (#"\w{20}"#, Requirement(wordRun: 20)), (#"[\w-]{13}\W"#, Requirement(wordRun: 13)),
      (#"[\w.]{20}"#, Requirement()), (#"(?:\d{9})?"#, Requirement()),
      (#"[:=]|-"#, Requirement(signs: signs(":=-"))), ("[:=]|a", Requirement()),
      (
        #"7z[ar]?\s"#,
        texts(
          "7z ", "7z\t", "7z\n", "7z\u{c}", "7z\r", "7za ", "7za\t", "7za\n", "7za\u{c}", "7za\r",
          "7zr ", "7zr\t", "7zr\n", "7zr\u{c}", "7zr\r")
      ),
      ("(?:abcd)?", Requirement()), ("abcd|", Requirement()), ("a|bcd", Requirement()),
      ("(?:abcd){0,2}x", Requirement()), ("abcd(?=e)", Requirement()),
      ("[^abc]{20}", Requirement()), (#"[a-z\s]{20}"#, Requirement()), ("abcd(", Requirement()),
    ] as [(String, Requirement)])
  func `a pattern needs what stands in all that it matches`(
    pattern: String, requirement: Requirement
  ) {
    var found = RequiredTexts.of(pattern)
    found.texts.sort { $0.lexicographicallyPrecedes($1) }
    var expected = requirement
    expected.texts.sort { $0.lexicographicallyPrecedes($1) }
    #expect(found == expected)
  }

  @Test(
    arguments: [
      (#"(?i)\b(?:word|sign)s?\s*=\s*ijkl"#, ["word", "words", "sign", "signs"]),
      (#"(?:abcd|efgh)[^x](?:ijkl)+|mnop.*"#, ["abcd", "efgh", "mnop"]),
      (#"(?:abcd\d|efgh)+x"#, ["abcd", "efgh"]),
    ])
  func `a pattern may be known by the texts with which its matches begin`(
    pattern: String, texts: [String]
  ) {
    let found = RequiredTexts.of(pattern, prefersFirst: true)
    #expect(found.isFirst)
    #expect(Set(found.texts) == Set(texts.map { Array($0.utf8) }))
  }

  @Test(arguments: [#"x*abcd"#, #"\d(?:abcd|efgh)"#, "abcd|x*efgh", "ab.efgh"])
  func `what may stand before a text keeps it from being where a match begins`(pattern: String) {
    #expect(!RequiredTexts.of(pattern, prefersFirst: true).isFirst)
  }

  /// Also where so many of the texts stand that the places of all are not kept.
  @Test(arguments: [1, 47, 48, 49, 200])
  func `rules are found where the texts stand with which they begin`(count: Int) {
    let rules = RuleSet(table([#"\bword\d"#, #"(?:word|swords)\d!"#]), usesGroups: false)
    let words = String(repeating: "a word, swords ", count: count)
    let ends: [(String, [Int])] = [
      ("", []), ("word7", [0]), ("xword7", []), ("SWORDS7!", []), ("swords7!", [1]),
    ]
    for (end, hits) in ends {
      #expect(rules.hits(Array((words + end).utf8).span) == hits)
      #expect(rules.hits(Array((end + words).utf8).span) == hits)
    }
  }

  @Test func `texts beyond ASCII are found in whatever form of Latin-1 they match`() {
    let rules = RuleSet(table(["(?i)straße", "пароль"]))
    for text in ["Eine STRAßE", "eine straße", "пароль"] {
      let bytes = Array(text.utf8)
      #expect(!rules.hits(bytes.span).isEmpty, "\(text)")
    }
  }

  @Test func `rules that do not count are not looked for`() {
    let rules = RuleSet(table(["[a-z]+ [a-z0-9]+", "x{20}", "abcd"]))
    let text = Array("ab cd1 abcd".utf8)
    #expect(rules.hits(text.span) == [0, 2])
    #expect(rules.hits(text.span) { $0 == 2 } == [2])
    #expect(rules.hits(text.span) { _ in false } == [])
  }

  private static let patterns = [
    "abc", "(?i)Bca|cab", "a[bc]+d", #"\babc\b"#, "ab{2,3}c", "(?:ab|ba)c?d", "(?i:aB)c|[ab]{12,}",
    "^abc|abc$", "a.c.d", "[^a]bcd", #"a\.b|c-d"#, "abcd|bcda|cdab|dabc", "@ab", "(ab)*cd", "d?abc",
    "a{13}", #"(?:[abc]{6}){3}"#, "ß|abc", "abc|abd|abe|[a-z]{30}", "(?:a|b|c){2}d{2}[ab]",
    #"\d{2}[.-]\d"#, #"[ab]\d|\d[:@]"#, #"[\w-]{14}"#, #"[.@]{2}|-\d{3}"#, #"a\sb"#,
  ]

  @Test(arguments: [UInt64(1), 2, 3])
  func `rules that are looked for together are found where each alone is`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let rules = RuleSet(table(Self.patterns))
    #expect(rules.faults.isEmpty)
    let signs = Array("aabbccddABCD .@-:_117".utf8) + [0xc3, 0x9f]
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        signs[Int.random(in: 0..<signs.count, using: &random)]
      }
      let alone = rules.rules.indices.filter { rules.match($0, in: text.span) != nil }
      #expect(rules.hits(text.span) == alone, "seed \(seed): \(text)")
      #expect(rules.matches(text.span) == !alone.isEmpty, "seed \(seed): \(text)")
    }
  }

  @Test func `more groups than there are bits share them`() {
    let words = (0..<200).map { "word\($0)x" }
    let rules = RuleSet(table(words))
    for (index, word) in words.enumerated() {
      #expect(rules.hits(Array("a \(word) b".utf8).span) == [index])
    }
  }
}
