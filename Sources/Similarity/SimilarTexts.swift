package import Bytes
package import Views

/// Texts with one sketch that are similar to another.
package struct SimilarText: Equatable, Sendable {
  /// The lowest id among them.
  package let id: UInt64
  /// How many there are.
  package let count: UInt64
  package let similarity: FixedPoint

  package init(id: UInt64, count: UInt64, similarity: FixedPoint) {
    self.id = id
    self.count = count
    self.similarity = similarity
  }
}

extension SimilarityIndex {
  /// The similar texts, by their lowest ids, at most 64 of them: for explanations, not for folds.
  package func similar(
    to sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> [SimilarText] {
    var finding = ListFinding()
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.texts.sorted { $0.id < $1.id }
  }
}

/// All that is similar, up to a limit.
private struct ListFinding: Finding {
  private(set) var texts: [SimilarText] = []

  func wants(_ head: SketchRecords.Head) -> Bool {
    // Found by several ways, counted once.
    !texts.contains { $0.id == head.id }
  }

  mutating func take(_ head: SketchRecords.Head, _ similarity: Similarity) {
    texts.append(SimilarText(id: head.id, count: head.count, similarity: similarity.value))
  }

  var isDone: Bool { texts.count == 64 }
}
