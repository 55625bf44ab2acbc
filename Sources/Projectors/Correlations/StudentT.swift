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
