/// Where a rate lies with 95 %, of successes among successes and failures (Wilson 1927). Derived on
/// reading, and never part of a digest.
public struct WilsonInterval: Equatable, Sendable {
  /// A fraction, at least 0.
  public let low: Double
  /// A fraction, at most 1.
  public let high: Double

  /// Nil where there is neither a success nor a failure.
  public init?(successes: UInt64, failures: UInt64) {
    let n = Double(successes) + Double(failures)
    if n == 0 { return nil }
    let z = 1.959963984540054
    let p = Double(successes) / n
    let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    low = (p + z * z / (2 * n) - spread) / (1 + z * z / n)
    high = (p + z * z / (2 * n) + spread) / (1 + z * z / n)
  }
}
