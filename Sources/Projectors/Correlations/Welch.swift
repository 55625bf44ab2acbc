internal import Bytes

/// Two groups of samples compared by their means, after Welch (1947), who does not take their
/// variances to be equal. What has no meaning is nil.
struct Welch: Sendable {
  let meanWith: Double?
  let meanWithout: Double?
  /// With minus without.
  private(set) var difference: Double?
  /// The difference over the mean without.
  private(set) var relativeChange: Double?
  private(set) var t: Double?
  private(set) var df: Double?
  private(set) var p: Double?
  /// The 95 % interval of the difference.
  private(set) var ciLow: Double?
  private(set) var ciHigh: Double?
  /// The difference in pooled standard deviations; nil unless both sides have two samples.
  private(set) var cohensD: Double?
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
    if !theirs.isZero { relativeChange = excess / theirs.doubleValue + 0 }
    guard let variance = with.variance, let varianceWithout = without.variance else { return }
    let n = Double(with.count)
    let m = Double(without.count)
    let pooled = ((n - 1) * variance + (m - 1) * varianceWithout) / (n + m - 2)
    guard pooled > 0 else { return }
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
