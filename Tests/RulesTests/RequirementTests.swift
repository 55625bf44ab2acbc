import Rules
import TestSupport
import Testing

/// What a pattern needs is looked for first; a rule must be found by it exactly where the pattern
/// matches.
@Suite struct RequirementTests {
  private func table(_ patterns: [String]) -> [Rule] {
    patterns.map { Rule.table("k | n\n  / \($0)")[0] }
  }

  @Test(
    arguments: [
      ("abc|abd", .texts([Array("abc".utf8), Array("abd".utf8)])),
      ("(?i)ABC", .texts([Array("abc".utf8)])),
      (#"\bpass(?:word|wd)?="#, .texts(["password=", "passwd=", "pass="].map { Array($0.utf8) })),
      ("x*abcd[^x]efg.+", .texts([Array("abcd".utf8)])),
      ("[a-z]+@[a-z]+", .texts([Array("@".utf8)])),
      ("[A-Za-z0-9]{20,}", .run(20)),
      (#"(?:\d{16}|[0-9a-f]{14,32})-"#, .run(14)),
      ("(?:abcd)?", .nothing), ("abcd|", .nothing), ("a|bcd", .nothing),
      ("(?:abcd){0,2}x", .nothing),
      ("straße", .texts([Array("stra".utf8)])), ("abcd(?=e)", .nothing), (#"\w{20}"#, .nothing),
      ("[^abc]{20}", .nothing), (#"[a-z\s]{20}"#, .nothing), ("abcd(", .nothing),
    ] as [(String, Requirement)])
  func `a pattern needs what stands in all that it matches`(
    pattern: String, requirement: Requirement
  ) {
    #expect(RequiredTexts.of(pattern) == requirement)
  }

  private static let patterns = [
    "abc", "(?i)Bca|cab", "a[bc]+d", #"\babc\b"#, "ab{2,3}c", "(?:ab|ba)c?d", "(?i:aB)c|[ab]{12,}",
    "^abc|abc$", "a.c.d", "[^a]bcd", #"a\.b|c-d"#, "abcd|bcda|cdab|dabc", "@ab", "(ab)*cd", "d?abc",
    "a{13}", #"(?:[abc]{6}){3}"#, "ß|abc", "abc|abd|abe|[a-z]{30}", "(?:a|b|c){2}d{2}[ab]",
  ]

  @Test(arguments: [UInt64(1), 2, 3])
  func `rules that are looked for together are found where each alone is`(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let rules = RuleSet(table(Self.patterns))
    #expect(rules.faults.isEmpty)
    let signs = Array("aabbccddABCD .@-".utf8) + [0xc3, 0x9f]
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
