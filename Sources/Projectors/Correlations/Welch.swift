internal import Bytes

/// Two groups of samples compared by their means, after Welch (1947), who does not take their
/// variances to be equal. What has no meaning is nil.
struct Welch: Sendable {
  let meanWith: Double?
  let meanWithout: Double?
  /// With minus without.
  private(set) var difference: Double?
  /// The difference over the size of the mean without, so that it has the difference's sign.
  private(set) var relativeChange: Double?
  private(set) var t: Double?
  private(set) var df: Double?
  private(set) var p: Double?
  /// The 95 % interval of the difference.
  private(set) var ciLow: Double?
  private(set) var ciHigh: Double?
  /// The difference in pooled standard deviations; nil unless both sides have two samples.
  private(set) var cohensD: Double?
  /// Whether each side has one value alone, of at least two samples, and they differ: t and Cohen's d
  /// are then without bounds, and p is 0.
  private(set) var isConstantApart = false
  /// The standard deviation of both sides together.
  private(set) var pooledDeviation: Double?
  /// Of the difference.
  private(set) var standardError: Double?
  /// The t that 2.5 % lie above at these degrees of freedom.
  private(set) var halfWidth: Double?

  /// The ends of a difference come from sums that are exact; only the last steps round.
  init(with: MetricSums, without: MetricSums) {
    meanWith = with.mean
    meanWithout = without.mean
    guard with.count > 0, without.count > 0 else { return }
    let theirs = WideInteger(without.sum) * with.count
    let excess = (WideInteger(with.sum) * without.count - theirs).doubleValue
    let difference = excess / (Double(with.count) * Double(without.count) * 1e9)
    self.difference = difference
    // Added to 0, a change of nothing has no sign.
    if !theirs.isZero { relativeChange = excess / theirs.doubleValue.magnitude + 0 }
    guard let variance = with.variance, let varianceWithout = without.variance else { return }
    let n = Double(with.count)
    let m = Double(without.count)
    let pooled = ((n - 1) * variance + (m - 1) * varianceWithout) / (n + m - 2)
    guard pooled > 0 else {
      isConstantApart = excess != 0
      if isConstantApart { p = 0 }
      return
    }
    pooledDeviation = pooled.squareRoot()
    cohensD = difference / pooled.squareRoot()
    test(difference, variance / n, n, varianceWithout / m, m)
  }

  /// - Parameters:
  ///   - a: the squared standard error of the mean with.
  ///   - b: that of the mean without.
  private mutating func test(
    _ difference: Double, _ a: Double, _ n: Double, _ b: Double, _ m: Double
  ) {
    let error = (a + b).squareRoot()
    // Shares of the whole, so that tiny variances do not vanish when squared (Satterthwaite 1946).
    let share = a / (a + b)
    let rest = b / (a + b)
    let df = 1 / (share * share / (n - 1) + rest * rest / (m - 1))
    let t = difference / error
    let halfWidth = StudentT.halfWidth95(df: df)
    let reach = halfWidth * error
    standardError = error
    self.halfWidth = halfWidth
    self.t = t
    self.df = df
    p = StudentT.twoSidedP(t, df: df)
    ciLow = difference - reach
    ciHigh = difference + reach
  }
}

/// Student's t distribution, for degrees of freedom above 0.
enum StudentT {
  /// The chance of a value at least as far from 0 as `t`, on either side.
  static func twoSidedP(_ t: Double, df: Double) -> Double { tails(t, df: df).lower }

  /// The two tails beyond ±t are I_x(df/2, ½) at x = df / (df + t²) (DLMF 8.17).
  private static func tails(_ t: Double, df: Double) -> IncompleteBeta {
    let square = t * t
    return IncompleteBeta(
      a: df / 2, b: 0.5, x: df / (df + square), y: square / (df + square))
  }

  /// The t that 2.5 % lie above: half the width of a 95 % interval, in standard errors.
  ///
  /// Starts from the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5), and goes on by
  /// Newton's method: the tails are convex, so after its first step it nears the root from below.
  static func halfWidth95(df: Double) -> Double {
    var t = expansion95(df)
    for _ in 0..<100 {
      let tails = tails(t, df: df)
      // The density at t is that of the beta distribution times x·y, over t.
      let step = (tails.lower - 0.05) * t / (2 * tails.density)
      t = max(t + step, t / 2)
      if step.magnitude <= 1e-8 * t { return t }
    }
    return .nan
  }

  private static func expansion95(_ df: Double) -> Double {
    let z = 1.959_963_984_540_054
    let w = z * z
    let first = z * (w + 1) / 4
    let second = z * ((5 * w + 16) * w + 3) / 96
    let third = z * (((3 * w + 19) * w + 17) * w - 15) / 384
    let fourth = z * ((((79 * w + 776) * w + 1_482) * w - 1_920) * w - 945) / 92_160
    return z + (first + (second + (third + fourth / df) / df) / df) / df
  }
}

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
