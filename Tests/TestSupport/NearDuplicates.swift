/// Makes up collections of texts in which some resemble others, each in its own way.
package struct NearDuplicates {
  package var random: SeededRandom

  package init(seed: UInt64) { random = SeededRandom(seed: seed) }

  /// A word of a vocabulary that no other kind of text has.
  private mutating func word(of vocabulary: Int = 200_000) -> Int {
    Int.random(in: 0..<vocabulary, using: &random)
  }

  private mutating func words(_ count: Int, of vocabulary: Int = 200_000) -> [Int] {
    (0..<count).map { _ in word(of: vocabulary) }
  }

  /// Originals, each followed by one that shares so many tenths or hundredths of both: shingles that
  /// both have, from the middle, and what each has of its own around them.
  package mutating func pairs(
    _ count: Int, shingles: ClosedRange<Int>, hundredths: [Int]
  ) -> [NumberedText] {
    var all: [NumberedText] = []
    for index in 0..<count {
      let size = Int.random(in: shingles, using: &random)
      let wanted = hundredths[index % hundredths.count]
      // J = s / (2n − s), so s = 2nJ / (1 + J): rounded up, so as to be at the bound or above.
      let shared = (2 * size * wanted + 99 + wanted) / (100 + wanted)
      let common = words(shared > 0 ? shared + 2 : 0)
      let own = max(size - shared, shared > 0 ? 0 : 3)
      let split = Int.random(in: 0...own, using: &random)
      all.append(NumberedText(words(split) + common + words(own - split)))
      all.append(NumberedText(words(own - split) + common + words(split)))
    }
    return all
  }

  /// One template, with words of each text's own in a run: any two have
  /// `frame − own` over `frame + own` in common, in shingles, or a little less, and every second
  /// repeats part of an earlier one's words.
  package mutating func filledTemplate(
    _ count: Int, frame: Int = 66, own: Int = 6
  ) -> [NumberedText] {
    let frame = (0..<frame).map { 300_000 + $0 }
    var all: [NumberedText] = []
    for index in 0..<count {
      var run = words(own)
      if index > 0, index % 2 == 1 {
        let earlier = all[Int.random(in: 0..<index, using: &random)].words
        run = Array(earlier[40..<(40 + own)])
        let kept = Int.random(in: 0..<own, using: &random)
        for place in kept..<min(kept + 2, own) { run[place] = word() }
      }
      all.append(NumberedText(Array(frame[..<40]) + run + Array(frame[40...])))
    }
    return all
  }

  /// One template with places for words of a small vocabulary, which all recur often.
  package mutating func slottedTemplate(
    _ count: Int, slots: Int = 4, vocabulary: Int = 30, frame: Int = 60
  ) -> [NumberedText] {
    let step = frame / slots
    return (0..<count).map { _ in
      var all = (0..<frame).map { 310_000 + $0 }
      for slot in 0..<slots {
        all.insert(320_000 + slot * vocabulary + word(of: vocabulary), at: 7 + slot * step)
      }
      return NumberedText(all)
    }
  }

  /// Groups of texts, each a few words away from its group's first; the groups come mixed.
  package mutating func clusters(
    _ count: Int, of size: Int, words length: ClosedRange<Int>, editsMax: Int
  ) -> [NumberedText] {
    var all: [NumberedText] = []
    for _ in 0..<count {
      let first = words(Int.random(in: length, using: &random))
      all.append(NumberedText(first))
      for _ in 1..<size {
        var text = first
        for _ in 0..<Int.random(in: 0...editsMax, using: &random) {
          text[Int.random(in: text.indices, using: &random)] = word()
        }
        all.append(NumberedText(text))
      }
    }
    all.shuffle(using: &random)
    return all
  }

  /// Texts that only their last word tells apart.
  package mutating func endings(_ count: Int) -> [NumberedText] {
    let frame = (0..<60).map { 340_000 + $0 }
    return (0..<count).map { NumberedText(frame + [400_000 + $0]) }
  }

  /// Prompts as they come: sentences from a stock of phrases, with names of their own; one in four
  /// comes again, as it was or with a word changed.
  package mutating func prompts(_ count: Int) -> [NumberedText] {
    var phrases = NearDuplicates(seed: random.seed ^ 0x9e)
    let stock = (0..<2_000).map { _ in phrases.words(8, of: 20_000) }
    var all: [NumberedText] = []
    all.reserveCapacity(count)
    for index in 0..<count {
      if index > 0, Int.random(in: 0..<4, using: &random) == 0 {
        let nearby = max(0, index - 50_000)..<index
        var text = all[Int.random(in: nearby, using: &random)]
        if Bool.random(using: &random) {
          text.words[Int.random(in: text.words.indices, using: &random)] = word()
        }
        all.append(text)
        continue
      }
      var text: [Int] = []
      for _ in 0..<Int.random(in: 2...7, using: &random) {
        text += stock[Int.random(in: stock.indices, using: &random)]
        text += [word(), word()]
      }
      all.append(NumberedText(text))
    }
    return all
  }
}
