import Similarity
import Tables
import TestSupport
import Views

/// How often an index said what comparing with every text says.
struct Tally {
  struct Ratio {
    var of = 0
    var right = 0
    mutating func add(_ isRight: Bool) {
      of += 1
      right += isRight ? 1 : 0
    }

    var text: String { of == 0 ? "      –" : decimal(Double(right) / Double(of), places: 4) }
  }

  /// Of the texts that an index named: they are as similar as it said.
  var precision = Ratio()
  /// Of the questions to which there is an answer: the greatest similarity was found.
  var nearest = [Ratio](repeating: Ratio(), count: 3)
  /// The earliest was found.
  var earliest = [Ratio](repeating: Ratio(), count: 3)
  /// Of the questions that at least 1, 3 and 5 texts answer, at 0.85: so many were found.
  var counts = [Ratio](repeating: Ratio(), count: 3)
  /// Of the texts that join: those whose cluster, from 0.85 and from 0.95 on, is that of the earliest
  /// text that began one and is similar, or that begin one when there is none.
  var clusters = [Ratio](repeating: Ratio(), count: 2)
  /// Of the texts that joined: how many were found similar at once.
  var joined = [Ratio](repeating: Ratio(), count: 3)
  var asked = 0

  static let bounds = [85, 90, 95]
  static let steps = [1, 3, 5]

  /// Inserts texts in order, and asks for every so-manieth before it is inserted.
  mutating func run(_ texts: [(text: String, shingles: [UInt64])], askMax: Int) throws {
    let index = try SimilarityIndex(
      FoldTables(view: "measure", provider: MemoryTables()), StoredSimilarityIndex("texts"))
    var exact = ExactSimilarity()
    let joining = try SimilarityIndex(
      FoldTables(view: "measure", provider: MemoryTables()), StoredSimilarityIndex("joining"))
    // The first texts of wide and of narrow clusters, as the index numbers them.
    var first: [[Int: UInt32]] = [[:], [:]]
    var count: UInt32 = 0
    let step = max(1, texts.count / askMax)
    for (id, text) in texts.enumerated() {
      let sketch = Sketch(of: text.text)
      if id % step == step - 1 || step == 1 {
        try ask(index, sketch, exact, text.shingles)
      }
      let found = try joining.join(sketch, ClusterBounds(wide: 85, narrow: 95), upTo: 5)
      if id % step == step - 1 || step == 1 { judge(found, first, exact, text.shingles) }
      if found.number == count {
        if found.wide == count { first[0][id] = count }
        if found.narrow == count { first[1][id] = count }
        count += 1
      }
      try index.insert(sketch, id: UInt64(id))
      exact.insert(text.shingles)
    }
  }

  private mutating func ask(
    _ index: SimilarityIndex, _ sketch: Sketch, _ exact: ExactSimilarity, _ shingles: [UInt64]
  ) throws {
    asked += 1
    let similar = exact.similar(to: shingles, atLeast: 85)
    for (place, bound) in Self.bounds.enumerated() {
      let expected = similar.filter { $0.shared * 100 >= bound * $0.union }
      let best = expected.map { Similarity(shared: $0.shared, union: $0.union) }.max()
      let found = try index.nearest(to: sketch, atLeast: bound)
      if let found {
        let truth = exact.pair(shingles, Int(found.id))
        precision.add(found.similarity == Similarity(shared: truth.shared, union: truth.union))
      }
      if let best { nearest[place].add(found?.similarity == best) }
      let earliest = try index.earliest(similarTo: sketch, atLeast: bound)
      if let first = expected.first { self.earliest[place].add(earliest == UInt64(first.id)) }
      if expected.isEmpty { precision.add(earliest == nil && found == nil) }
    }
    let count = try index.count(similarTo: sketch, atLeast: 85, upTo: 5)
    precision.add(count <= min(similar.count, 5))
    for (place, step) in Self.steps.enumerated() where similar.count >= step {
      counts[place].add(count >= step)
    }
  }

  private mutating func judge(
    _ found: Joined, _ first: [[Int: UInt32]], _ exact: ExactSimilarity, _ shingles: [UInt64]
  ) {
    let similar = exact.similar(to: shingles, atLeast: 85)
    for (place, step) in Self.steps.enumerated() where similar.count >= step {
      joined[place].add(found.count >= step)
    }
    precision.add(found.count <= min(similar.count, 5))
    for (place, bound) in [85, 95].enumerated() {
      let expected = similar.first {
        $0.shared * 100 >= bound * $0.union && first[place][$0.id] != nil
      }
      let cluster = place == 0 ? found.wide : found.narrow
      if let expected { clusters[place].add(first[place][expected.id] == cluster) }
    }
  }

  static let head =
    "                                   asked  precision"
    + "   nearest at 85/90/95      earliest at 85/90/95     count ≥1/≥3/≥5 at 85"
    + "    joining: the same counts cluster at 85/95"

  func line(_ name: String) -> String {
    let ratios = [nearest, earliest, counts, joined, clusters]
      .map { $0.map(\.text).joined(separator: " ") }.joined(separator: "   ")
    return "\(padded(name, 32)) \(padded(left: "\(asked)", 7))  \(precision.text)   \(ratios)"
  }
}

func padded(_ text: String, _ width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - text.count))
}

func padded(left text: String, _ width: Int) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}

/// A number that is not negative, rounded to so many places.
func decimal(_ value: Double, places: Int) -> String {
  var scale = 1
  for _ in 0..<places { scale *= 10 }
  let units = Int((value * Double(scale)).rounded())
  let fraction = "\(units % scale)"
  return "\(units / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
}
