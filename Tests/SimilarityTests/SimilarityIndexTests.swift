import Bytes
import Similarity
import Tables
import TestSupport
import Testing
import Views

private func index(_ tables: FoldTables) throws -> SimilarityIndex {
  try SimilarityIndex(tables, StoredSimilarityIndex("texts"))
}

private func tables(_ provider: MemoryTables = MemoryTables()) -> FoldTables {
  FoldTables(view: "test", provider: provider)
}

@Test func `equal texts count as often as they came and the lowest id stands for them`() throws {
  let index = try index(tables())
  let sketch = Sketch(of: "fix the failing test in the parser")
  for id: UInt64 in [7, 3, 9] { try index.insert(sketch, id: id) }
  #expect(try index.count(similarTo: sketch, atLeast: 85, upTo: 10) == 3)
  #expect(try index.count(similarTo: sketch, atLeast: 85, upTo: 2) == 2)
  #expect(try index.earliest(similarTo: sketch, atLeast: 85) == 3)
  let nearest = try index.nearest(to: sketch, atLeast: 85)
  #expect(nearest?.id == 3)
  #expect(nearest?.similarity.value == .one)
}

@Test func `texts without words are never found`() throws {
  let index = try index(tables())
  try index.insert(Sketch(of: "?!"), id: 1)
  #expect(try index.count(similarTo: Sketch(of: "?!"), atLeast: 85, upTo: 5) == 0)
  #expect(try index.nearest(to: Sketch(of: ""), atLeast: 85) == nil)
}

/// Two texts with so many shingles shared of a union, of distinct words.
private func pair(shared: Int, left: Int, right: Int) -> (String, String) {
  let common = (0..<(shared + 2)).map { "c\($0)" }
  return (
    (common + (0..<left).map { "l\($0)" }).joined(separator: " "),
    (common + (0..<right).map { "r\($0)" }).joined(separator: " ")
  )
}

@Test(arguments: [
  (85, 17, 2, 1), (85, 34, 6, 0), (90, 9, 1, 0), (90, 18, 1, 1), (95, 19, 1, 0), (95, 38, 1, 1),
])
func `a text exactly at the bound is found`(
  hundredths: Int, shared: Int, left: Int, right: Int
) throws {
  let (one, other) = pair(shared: shared, left: left, right: right)
  let index = try index(tables())
  try index.insert(Sketch(of: one), id: 4)
  #expect(try index.count(similarTo: Sketch(of: other), atLeast: hundredths, upTo: 5) == 1)
  #expect(try index.earliest(similarTo: Sketch(of: other), atLeast: hundredths) == 4)
  let nearest = try index.nearest(to: Sketch(of: other), atLeast: hundredths)
  #expect(nearest?.similarity == Similarity(shared: hundredths, union: 100))
  let beyond = try index.count(similarTo: Sketch(of: other), atLeast: hundredths + 1, upTo: 5)
  #expect(beyond == 0)
}

/// What an index should say, found by comparing with every text.
private struct Oracle {
  var texts: [(id: UInt64, sketch: Sketch)] = []

  func similar(to sketch: Sketch, atLeast hundredths: Int) -> [(id: UInt64, Similarity)] {
    texts.compactMap { text in
      let similarity = text.sketch.similarity(to: sketch)
      return similarity.isAtLeast(hundredths: hundredths) ? (text.id, similarity) : nil
    }
  }
}

/// Originals of many lengths, each with near-duplicates of its own.
private func corpus(seed: UInt64, lengths: ClosedRange<Int>, originals: Int) -> [[String]] {
  var texts = Texts(seed: seed)
  var all: [[String]] = []
  for _ in 0..<originals {
    let words = texts.words(Int.random(in: lengths, using: &texts.random))
    all.append(words)
    for _ in 0..<4 {
      let edits = Int.random(in: 0...max(1, words.count / 20), using: &texts.random)
      all.append(texts.edited(words, replacing: edits))
    }
    // Grown or cut at an end: short texts stay similar only so.
    all.append(words + texts.words(1))
    all.append(Array(words.dropLast()))
  }
  all.shuffle(using: &texts.random)
  return all
}

@Test(arguments: [(1...12, 160), (8...40, 110), (60...250, 30)], [85, 90, 95])
func `what is found is what comparing with every text finds`(
  size: (ClosedRange<Int>, Int), hundredths: Int
) throws {
  let seed: UInt64 = 0x5e_ed10
  let index = try index(tables())
  var oracle = Oracle()
  var (expected, found, wrong, nearest, nearestFound) = (0, 0, 0, 0, 0)
  for (id, words) in corpus(seed: seed, lengths: size.0, originals: size.1).enumerated() {
    let sketch = Sketch(of: words.joined(separator: " "))
    let similar = oracle.similar(to: sketch, atLeast: hundredths)
    let count = try index.count(similarTo: sketch, atLeast: hundredths, upTo: 1_000)
    expected += similar.count
    found += min(count, similar.count)
    wrong += max(0, count - similar.count)
    let best = similar.map(\.1).max()
    if let answer = try index.nearest(to: sketch, atLeast: hundredths) {
      // Precision: the text that is named is as similar as is said.
      #expect(oracle.texts[Int(answer.id)].sketch.similarity(to: sketch) == answer.similarity)
      if answer.similarity == best { nearestFound += 1 }
    }
    if best != nil { nearest += 1 }
    try index.insert(sketch, id: UInt64(id))
    oracle.texts.append((UInt64(id), sketch))
  }
  #expect(wrong == 0)
  #expect(expected > 100)
  #expect(found * 1_000 >= expected * 999, "\(found) of \(expected), seed \(seed)")
  #expect(nearestFound * 1_000 >= nearest * 999, "\(nearestFound) of \(nearest), seed \(seed)")
}

/// What an index answers to each text before it is inserted.
private func answers(
  _ sketches: [Sketch], flushEvery step: Int, reopen: Bool
) throws -> [String] {
  let provider = MemoryTables()
  var set = tables(provider)
  var index = try index(set)
  var answers: [String] = []
  for (id, sketch) in sketches.enumerated() {
    let nearest = try index.nearest(to: sketch, atLeast: 85)
    answers.append(
      "\(try index.count(similarTo: sketch, atLeast: 85, upTo: 5)) "
        + "\(try index.earliest(similarTo: sketch, atLeast: 90) ?? 0) "
        + "\(nearest?.id ?? 0) \(nearest?.similarity.value ?? .zero)")
    try index.insert(sketch, id: UInt64(id))
    if id % step == step - 1 {
      try set.flush()
      if reopen {
        set = tables(provider)
        index = try SimilarityIndex(set, StoredSimilarityIndex("texts"))
      }
    }
  }
  return answers
}

@Test(arguments: [false, true])
func `an index that is closed and opened again answers the same`(isCrowd: Bool) throws {
  var texts = corpus(seed: 0x5e_ed20, lengths: 3...60, originals: 300)
  if isCrowd {
    var template = Template(texts: Texts(seed: 0x5e_ed21, vocabulary: 20), isRun: false)
    texts = (0..<1_000).map { _ in template.filled() }
  }
  let sketches = texts.map { Sketch(of: $0.joined(separator: " ")) }
  let undisturbed = try answers(sketches, flushEvery: .max, reopen: false)
  #expect(try answers(sketches, flushEvery: 5, reopen: false) == undisturbed)
  #expect(try answers(sketches, flushEvery: 97, reopen: true) == undisturbed)
  #expect(try answers(sketches, flushEvery: 11, reopen: true) == undisturbed)
}

@Test(arguments: ["filings", "directory", "heads", "sketches"])
func `damaged pages are an error or a miss`(table: String) throws {
  var random = SeededRandom(seed: 0x5e_ed40)
  let sketches = corpus(seed: 0x5e_ed41, lengths: 3...60, originals: 40)
    .map { Sketch(of: $0.joined(separator: " ")) }
  for round in 0..<20 {
    let provider = MemoryTables()
    let set = tables(provider)
    let whole = try index(set)
    for (id, sketch) in sketches.enumerated() { try whole.insert(sketch, id: UInt64(id)) }
    try set.flush()
    let damaging = tables(provider)
    let size = table == "sketches" ? 1_022 : 510
    let pages = try damaging.open(StoredPages("texts/\(table)", wordsPerPage: size))
    for page in 0..<pages.count {
      for _ in 0..<(1 << (round % 10)) {
        let word: UInt64 = round % 2 == 0 ? .max : random.next() >> UInt64(round * 3)
        try pages.set(page, Int.random(in: 0..<size, using: &random), word)
      }
    }
    try damaging.flush()
    let damaged = try index(tables(provider))
    for (id, sketch) in sketches.enumerated() {
      do throws(TableError) {
        _ = try damaged.count(similarTo: sketch, atLeast: 85, upTo: .max)
        _ = try damaged.nearest(to: sketch, atLeast: 85)
        try damaged.insert(sketch, id: UInt64(id))
      } catch {}
    }
  }
}

/// Texts of one template, of which a tenth of the words is filled in.
private struct Template {
  var texts: Texts
  /// Whether the words filled in stand together, and so are seldom the same, or each by itself.
  let isRun: Bool
  private let frame = (0..<60).map { "frame\($0)" }

  mutating func filled() -> [String] {
    var words = frame
    if isRun {
      words.insert(contentsOf: texts.words(12), at: 40)
    } else {
      for slot in 0..<4 { words.insert("slot\(slot)" + texts.word(), at: 7 + slot * 15) }
    }
    return words
  }

  /// With other words in part of the places, so that it remains similar.
  mutating func refilled(_ words: [String]) -> [String] {
    var words = words
    if isRun {
      let first = 40 + Int.random(in: 0..<9, using: &texts.random)
      for place in first..<(first + 3) { words[place] = texts.word() }
    } else {
      let slot = Int.random(in: 0..<4, using: &texts.random)
      words[7 + slot * 15] = "slot\(slot)" + texts.word()
    }
    return words
  }
}

@Test(arguments: [true, false])
func `texts of one template are told apart`(isRun: Bool) throws {
  let seed: UInt64 = 0x5e_ed30
  var template = Template(
    texts: Texts(seed: seed, vocabulary: isRun ? 500 : 30), isRun: isRun)
  let index = try index(tables())
  var all: [[String]] = []
  for id in 0..<2_500 {
    let words = template.filled()
    all.append(words)
    try index.insert(Sketch(of: words.joined(separator: " ")), id: UInt64(id))
  }
  var (asked, found) = (0, 0)
  for words in all.enumerated().filter({ $0.offset % 10 == 0 }).map(\.element) {
    let one = Sketch(of: words.joined(separator: " "))
    let other = Sketch(of: template.refilled(words).joined(separator: " "))
    let similarity = one.similarity(to: other)
    #expect(similarity.isAtLeast(hundredths: 85))
    asked += 1
    let nearest = try index.nearest(to: other, atLeast: 85)
    if let nearest, nearest.similarity >= similarity { found += 1 }
  }
  #expect(found * 100 >= asked * 98, "\(found) of \(asked), seed \(seed)")
}

@Test func `when all texts resemble one another some are found`() throws {
  let index = try index(tables())
  let frame = (0..<60).map { "frame\($0)" }.joined(separator: " ")
  for id in 0..<500 { try index.insert(Sketch(of: frame + " end\(id)"), id: UInt64(id)) }
  let sketch = Sketch(of: frame + " another")
  #expect(try index.count(similarTo: sketch, atLeast: 85, upTo: 5) == 5)
  #expect(try index.nearest(to: sketch, atLeast: 90) != nil)
  #expect(try index.earliest(similarTo: sketch, atLeast: 90) != nil)
}
