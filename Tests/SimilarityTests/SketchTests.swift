import Bytes
import Similarity
import TestSupport
import Testing

private func similarity(_ left: String, _ right: String) -> Similarity {
  Sketch(of: left).similarity(to: Sketch(of: right))
}

@Test func `words are runs of letters and digits, whatever stands between and in whatever case`() {
  #expect(Sketch(of: "Fix the Bug, now") == Sketch(of: "  fix\tTHE\nbug… now!"))
  #expect(Sketch(of: "foo_bar.baz-1 x") == Sketch(of: "foo bar baz 1 x"))
  #expect(Sketch(of: "one two three") != Sketch(of: "onetwo three"))
  #expect(Sketch(of: "one two three") != Sketch(of: "three two one"))
}

@Test func `letters beyond ASCII are lower-cased without a locale`() {
  #expect(Sketch(of: "ÄÖ ΣΑ ЖЩ") == Sketch(of: "äö σα жщ"))
  // Turkish would make another letter of I.
  #expect(Sketch(of: "FILE ID IT") == Sketch(of: "file id it"))
  #expect(Sketch(of: "日本語 テスト 中") == Sketch(of: "日本語,テスト/中"))
  // Arabic-Indic digits are decimal digits; a Roman numeral, a fraction and an emoji are not.
  #expect(!Sketch(of: "٣٤").isEmpty)
  #expect(Sketch(of: "Ⅷ ½ 🦊 — …").isEmpty)
  // A combining mark is no letter: it ends a word.
  #expect(Sketch(of: "e\u{301}a b c") == Sketch(of: "e a b c"))
  #expect(Sketch(of: "éa b c") != Sketch(of: "e a b c"))
}

@Test func `a word is the same wherever it stands and however it is written`() {
  let words = [
    "a", "to9", "seven77", "eighteen", "ninechars", "exactlysixteen16", "seventeenletters1",
    "é", "naïveté", "abcdefgé", "abcdefghé", "abcdefgéhijklmnop", "éabcdefghijklmnop", "日本語9a",
    "0123456789abcdefghijklmnopqrstuvwxyz",
  ]
  for word in words {
    let expected = Sketch(of: word)
    for place in 0..<10 {
      let around = String(repeating: place % 2 == 0 ? " " : "—", count: place)
      let padding = String(repeating: ".", count: 9)
      for written in [word, word.uppercased()] {
        #expect(Sketch(of: around + written) == expected, "\(written) at \(place)")
        #expect(Sketch(of: around + written + padding) == expected, "\(written) at \(place)")
        #expect(Sketch(of: around + written + "—" + padding) == expected)
        let longer = Sketch(of: around + written + "x" + padding)
        #expect(longer != expected, "\(written) at \(place)")
      }
    }
  }
}

@Test func `of ASCII only letters and digits are parts of words`() {
  for byte: UInt8 in 0..<0x80 {
    let scalar = Character(Unicode.Scalar(byte))
    let isPart = scalar.isLetter || scalar.isNumber
    let padding = String(repeating: " ", count: 9)
    #expect(Sketch(of: "\(scalar)").isEmpty != isPart, "byte \(byte)")
    #expect(Sketch(of: "\(scalar)" + padding).isEmpty != isPart, "byte \(byte)")
    let joined = Sketch(of: "left\(scalar)right" + padding) != Sketch(of: "left right")
    #expect(joined == isPart, "byte \(byte)")
  }
}

@Test func `texts of fewer than three words are sets of words`() {
  #expect(similarity("hello world", "world, hello").value == .one)
  #expect(similarity("hello world", "hello").value == FixedPoint(hundredths: 50))
  #expect(similarity("a b", "a b c").value == .zero)
  #expect(similarity("same same", "same").value == .one)
}

@Test func `a text without words is similar to none`() {
  let empty = Sketch(of: "—?! ")
  #expect(empty.isEmpty)
  #expect(!empty.similarity(to: empty).isAtLeast(hundredths: 1))
  #expect(empty.similarity(to: empty).value == .zero)
  #expect(!empty.similarity(to: Sketch(of: "a b c")).isAtLeast(hundredths: 1))
}

@Test func `the similarity of whole texts is exactly Jaccard's index`() {
  var texts = Texts(seed: 0x5e_ed01, vocabulary: 40)
  for round in 0..<400 {
    let words = texts.words(Int.random(in: 0...258, using: &texts.random))
    let other = texts.edited(words, replacing: round % 40)
    let expected = exact(words, other)
    let found = similarity(words.joined(separator: " "), other.joined(separator: " "))
    #expect(found.shared == expected.shared, "seed \(texts.random.seed) round \(round)")
    #expect(found.union == expected.union, "seed \(texts.random.seed) round \(round)")
  }
}

@Test func `two texts of 256 shingles without one in common have a union of 512`() {
  let left = (0..<258).map { "l\($0)" }.joined(separator: " ")
  let right = (0..<258).map { "r\($0)" }.joined(separator: " ")
  #expect(similarity(left, right).union == 512)
  #expect(similarity(left + " one more", right).union == 256)
}

@Test func `beyond 256 shingles the similarity is an estimate near the truth`() {
  var texts = Texts(seed: 0x5e_ed02, vocabulary: 1_000_000)
  var worst = 0.0
  for round in 0..<60 {
    let words = texts.words(600 + round * 50)
    let other = texts.edited(words, replacing: round * 2)
    let expected = exact(words, other)
    let truth = Double(expected.shared) / Double(expected.union)
    let found = similarity(words.joined(separator: " "), other.joined(separator: " "))
    #expect(found.union == 256)
    worst = max(worst, abs(found.value.doubleValue - truth))
  }
  // Four standard errors of 256 draws.
  #expect(worst < 4 * 0.5 / 16, "seed \(texts.random.seed)")
}

@Test func `bounds are compared without rounding`() {
  #expect(Similarity(shared: 17, union: 20).isAtLeast(hundredths: 85))
  #expect(!Similarity(shared: 169, union: 199).isAtLeast(hundredths: 85))
  #expect(Similarity(shared: 9, union: 10).isAtLeast(hundredths: 90))
  #expect(Similarity(shared: 19, union: 20).isAtLeast(hundredths: 95))
  #expect(!Similarity(shared: 18, union: 19).isAtLeast(hundredths: 95))
  #expect(Similarity(shared: 1, union: 2) == Similarity(shared: 2, union: 4))
  #expect(Similarity(shared: 1, union: 3) < Similarity(shared: 2, union: 5))
  #expect(Similarity(shared: 1, union: 3).value.units == 333_333_333)
}

@Test func `a sketch comes back from its bytes`() throws {
  for text in ["", "one", "one two three four", (0..<500).map { "w\($0)" }.joined(separator: " ")] {
    let sketch = Sketch(of: text)
    var writer = ByteWriter()
    sketch.encode(into: &writer)
    var reader = ByteReader(writer.span)
    let read = try Sketch(from: &reader)
    #expect(read == sketch)
    let isAtEnd = reader.isAtEnd
    #expect(isAtEnd)
  }
}

@Test func `bytes that are no sketch are refused`() {
  for bytes: [UInt8] in [[], [3], [5, 1, 0, 0, 0, 0, 0, 0, 0], [0x02], [0xff, 0xff, 0xff]] {
    #expect(throws: BytesError.self) {
      var reader = ByteReader(bytes.span)
      _ = try Sketch(from: &reader)
    }
  }
  // Two equal hashes.
  let repeated: [UInt8] = [5] + [UInt8](repeating: 1, count: 16)
  #expect(throws: BytesError.self) {
    var reader = ByteReader(repeated.span)
    _ = try Sketch(from: &reader)
  }
}
