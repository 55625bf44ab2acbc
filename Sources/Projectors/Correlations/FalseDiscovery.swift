/// The procedure of Benjamini and Hochberg (1995).
enum FalseDiscovery {
  /// The greatest p-value that is kept, so that among those that are kept a share of at most `rate`
  /// is expected to be chance; nil when none is.
  static func threshold(_ pValues: [Double], rate: Double) -> Double? {
    let sorted = pValues.sorted()
    let count = Double(sorted.count)
    for (index, p) in sorted.enumerated().reversed()
    where p <= rate * Double(index + 1) / count {
      return p
    }
    return nil
  }
}
