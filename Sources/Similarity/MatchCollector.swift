/// What is kept of the similar texts that are come upon, in any order.
protocol Finding {
  /// Whether a record has to be compared at all.
  func wants(_ head: SketchRecords.Head) -> Bool
  /// Takes a record that is similar.
  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity)
  /// Whether no other record can change it.
  var isDone: Bool { get }
}

/// How many texts are similar, up to a limit.
struct CountFinding: Finding {
  let limit: Int
  private(set) var count = 0

  init(upTo limit: Int) { self.limit = max(limit, 0) }

  func wants(_ head: SketchRecords.Head) -> Bool { true }

  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity) {
    count += min(Int(clamping: head.count), limit - count)
  }

  var isDone: Bool { count == limit }
}

/// The most similar text, ties to the lowest id; an equal one at once.
struct NearestFinding: Finding {
  private(set) var best: (id: UInt64, similarity: Similarity)?

  func wants(_ head: SketchRecords.Head) -> Bool { true }

  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity) {
    if let best {
      if similarity < best.similarity { return }
      if similarity == best.similarity, head.id > best.id { return }
    }
    best = (head.id, similarity)
  }

  var isDone: Bool { best.map { $0.similarity.shared == $0.similarity.union } ?? false }
}

/// The lowest id of the similar texts.
struct EarliestFinding: Finding {
  private(set) var id: UInt64?

  func wants(_ head: SketchRecords.Head) -> Bool {
    guard let id else { return true }
    return head.id < id
  }

  mutating func take(_ number: UInt32, _ head: SketchRecords.Head, _ similarity: Similarity) {
    id = head.id
  }

  var isDone: Bool { id == 0 }
}
