package import Bytes
package import Views

/// Texts with one sketch that are similar to another.
package struct SimilarText: Equatable, Sendable {
  /// Which of the texts it is: by its id, or by its number among those that are not equal.
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
  /// The similar texts, by their numbers, at most 64 of them: for explanations, not for folds. Texts
  /// that are not equal are numbered from 0 as they come.
  package func similar(
    to sketch: Sketch, atLeast hundredths: Int
  ) throws(TableError) -> [SimilarText] {
    var finding = ListFinding()
    try find(similarTo: sketch, atLeast: hundredths, &finding)
    return finding.texts.sorted { $0.id < $1.id }
  }

  /// The texts that are not equal: the number that the next one gets.
  package func textCount() throws(TableError) -> UInt64 { try records.count() }
}

/// All that is similar, up to a limit.
private struct ListFinding: Finding {
  private(set) var texts: [SimilarText] = []

  func wants(_ head: SketchRecords.Head) -> Bool { true }

  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity) {
    // Found by several ways, counted once.
    if texts.contains(where: { $0.id == UInt64(number) }) { return }
    texts.append(
      SimilarText(id: UInt64(number), count: head.count, similarity: similarity.value))
  }

  var isDone: Bool { texts.count == 64 }
}
