package import Bytes

/// How much two sets of shingles have in common: their Jaccard index, as a ratio of two counts.
package struct Similarity: Comparable, Sendable {
  package let shared: Int
  /// 0 when both sets are empty, which are not similar.
  package let union: Int

  package init(shared: Int, union: Int) {
    self.shared = shared
    self.union = union
  }

  /// Whether the ratio is at least so many hundredths, without rounding.
  package func isAtLeast(hundredths: Int) -> Bool {
    union > 0 && shared * 100 >= hundredths * union
  }

  /// The ratio to the nearest 1e-9, ties to even.
  package var value: FixedPoint {
    union == 0 ? .zero : FixedPoint(ratio: Int64(shared), Int64(union))
  }

  package static func == (left: Similarity, right: Similarity) -> Bool {
    !(left < right) && !(right < left)
  }

  package static func < (left: Similarity, right: Similarity) -> Bool {
    // An empty union stands for 0.
    left.shared * max(right.union, 1) < right.shared * max(left.union, 1)
  }
}
