/// From which similarity on, in hundredths, texts are in one cluster: in a wide one, and in a narrow.
package struct ClusterBounds: Sendable {
  package let wide: Int
  package let narrow: Int

  /// - Parameter narrow: no less than `wide`.
  package init(wide: Int, narrow: Int) {
    self.wide = wide
    self.narrow = max(wide, narrow)
  }
}

/// What a text found when it joined an index.
package struct Joined: Equatable, Sendable {
  /// Texts are numbered from 0 as they come, but for those that are equal to one before: these have
  /// its number.
  package let number: UInt32
  /// How many texts before it are similar, from the wide bound on, up to a limit.
  package let count: Int
  /// Its wide cluster, by the number of the first text there.
  package let wide: UInt32
  /// Its narrow cluster, likewise.
  package let narrow: UInt32
}

/// What is kept of the similar texts that are come upon by a text that joins.
struct ClusterSearch {
  private let bounds: ClusterBounds
  private let limit: Int
  private(set) var count = 0
  /// The earliest first texts so far.
  private(set) var wide: UInt32?
  private(set) var narrow: UInt32?
  /// First texts that turned out not to be similar enough.
  private var refused: (wide: [UInt32], narrow: [UInt32]) = ([], [])
  /// An equal text, whose clusters stand.
  private(set) var equal: UInt32?

  init(_ bounds: ClusterBounds, upTo limit: Int) {
    self.bounds = bounds
    self.limit = max(limit, 0)
  }

  /// Takes an equal text, of which there is one record at most.
  mutating func takeEqual(_ head: SketchRecords.Head, _ number: UInt32) {
    equal = number
    count(head)
    wide = head.wide
    narrow = head.narrow
  }

  mutating func count(_ head: SketchRecords.Head) {
    count += min(Int(clamping: head.count), limit - count)
  }

  var isCounted: Bool { count == limit }

  /// Whether more candidates would be of use.
  var isDone: Bool { isCounted && wide != nil && narrow != nil }

  /// The least similarity that is of use.
  var bound: Int { isCounted && wide != nil ? bounds.narrow : bounds.wide }

  var narrowBound: Int { bounds.narrow }

  /// Whether the first text of a cluster comes before the one that is known; nothing does before
  /// that of an equal text.
  func wantsWide(_ first: UInt32) -> Bool {
    equal == nil && first < (wide ?? .max) && !refused.wide.contains(first)
  }

  func wantsNarrow(_ first: UInt32) -> Bool {
    equal == nil && first < (narrow ?? .max) && !refused.narrow.contains(first)
  }

  mutating func takeWide(_ first: UInt32, _ similarity: Similarity?) {
    if let similarity, similarity.isAtLeast(hundredths: bounds.wide) {
      wide = first
    } else {
      refused.wide.append(first)
    }
  }

  mutating func takeNarrow(_ first: UInt32, _ similarity: Similarity?) {
    if let similarity, similarity.isAtLeast(hundredths: bounds.narrow) {
      narrow = first
    } else {
      refused.narrow.append(first)
    }
  }

  /// What a text found that has this number: itself, where nothing else was first.
  func joined(_ number: UInt32) -> Joined {
    Joined(number: number, count: count, wide: wide ?? number, narrow: narrow ?? number)
  }
}

extension SketchRecords.Head {
  /// Of a record that joined: the first text of its wide cluster.
  var wide: UInt32 { UInt32(truncatingIfNeeded: id) }
  /// Of its narrow cluster.
  var narrow: UInt32 { UInt32(truncatingIfNeeded: id >> 32) }
}
