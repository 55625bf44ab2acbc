/// What is known of a rate after so many successes and failures, from a flat prior: the distribution
/// Beta(1 + successes, 1 + failures).
struct BetaInterval: Equatable, Sendable {
  let mean: Double
  /// 2.5 % of the distribution lie below.
  let low: Double
  /// 2.5 % of the distribution lie above.
  let high: Double

  init(successes: UInt64, failures: UInt64) {
    let a = 1 + Double(successes)
    let b = 1 + Double(failures)
    mean = a / (a + b)
    low = Self.bound(a, b, isUpper: false)
    high = Self.bound(a, b, isUpper: true)
  }

  /// The x beyond which 2.5 % of the distribution lie.
  private static func bound(_ a: Double, _ b: Double, isUpper: Bool) -> Double {
    // Sought is the smaller of x and 1 − x, so that it has all its digits.
    if a > b { return 1 - bound(b, a, isUpper: !isUpper) }
    var low = 0.0
    var high = 1.0
    var x = a / (a + b)
    // Newton's method, halving where it leaves what brackets the root.
    for _ in 0..<200 {
      let beta = IncompleteBeta(a: a, b: b, x: x, y: 1 - x)
      let excess = isUpper ? 0.025 - beta.upper : beta.lower - 0.025
      if excess > 0 { high = x } else { low = x }
      var next = x - excess * x * (1 - x) / beta.density
      // Also when the density has vanished and the step is no number.
      if !(next > low && next < high) { next = (low + high) / 2 }
      let step = next - x
      x = next
      if step.magnitude <= 1e-11 * x { return x }
    }
    return .nan
  }
}
