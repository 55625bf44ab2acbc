internal import func Glibc.exp
internal import func Glibc.log
internal import func Glibc.log1p

/// The regularised incomplete beta function I_x(a, b), for a and b above 0.
///
/// To about 1e-14 of its value, tails included, for parameters up to 1e12 and beyond: no step takes
/// the difference of large numbers that are nearly equal.
struct IncompleteBeta {
  private let a: Double
  private let b: Double
  private let x: Double
  private let y: Double
  /// a − (a + b)·x: how far x lies below the mean, times the weight of both parameters.
  private let lambda: Double

  /// - Parameters:
  ///   - x: from 0 to 1.
  ///   - y: 1 − x, given apart, because near 1 it cannot be had from `x`.
  init(a: Double, b: Double, x: Double, y: Double) {
    self.a = a
    self.b = b
    self.x = x
    self.y = y
    // Both forms say the same; the one of smaller terms keeps more digits.
    lambda = x < y ? a - (a + b) * x : (a + b) * y - b
  }

  /// I_x(a, b).
  var lower: Double {
    if x <= 0 { return 0 }
    if y <= 0 { return 1 }
    return lambda >= 0 ? fraction : 1 - mirrored.fraction
  }

  /// 1 − I_x(a, b), with all its digits where it is small.
  var upper: Double { mirrored.lower }

  private var mirrored: IncompleteBeta { IncompleteBeta(a: b, b: a, x: y, y: x) }

  /// x^a · y^b / B(a, b), which is the density of the distribution times x·y.
  ///
  /// In the saddle-point form of C. Loader, Fast and Accurate Computation of Binomial Probabilities
  /// (2000): the powers and the beta function cancel before anything is rounded.
  var density: Double {
    let n = a + b
    let exponent =
      stirlingError(n) - stirlingError(a) - stirlingError(b)
      - a * deviance(mean: n * x, per: a, excess: -lambda)
      - b * deviance(mean: n * y, per: b, excess: lambda)
    return (a / (2 * .pi) * (b / n)).squareRoot() * exp(exponent)
  }

  /// I_x(a, b) where x is not above the mean: equation 9 of DiDonato and Morris, Significant Digit
  /// Computation of the Incomplete Beta Function Ratios (1992), evaluated from the front by the
  /// method of Lentz. No number if that does not end.
  private var fraction: Double {
    var value = nonZero(a / (a + 1) * (lambda + 1))
    var forward = value
    var backward = 0.0
    var n = 1.0
    while n <= Self.termsMax {
      let odd = a + 2 * n - 1
      let step = n * (b - n) * x / odd
      let alpha = (a + n - 1) / odd * (a + b + n - 1) * x * step
      let beta = n + step + (a + n) / (odd + 2) * (lambda + 1 + n * (1 + y))
      backward = 1 / nonZero(beta + alpha * backward)
      forward = nonZero(beta + alpha / forward)
      let factor = forward * backward
      value *= factor
      if (factor - 1).magnitude <= 0x1p-52 { return density / value }
      n += 1
    }
    return .nan
  }

  /// Far more terms than any parameters below 1e12 take.
  private static let termsMax = 1e6
}

/// Lentz's method divides by each partial value: none may be zero.
private func nonZero(_ value: Double) -> Double { value == 0 ? 0x1p-1000 : value }

/// What Stirling's formula lacks of ln Γ(z + 1): ln Γ(z + 1) − (z + ½) ln z + z − ½ ln 2π, for z
/// above 0.
func stirlingError(_ z: Double) -> Double {
  // Below 16 the series would need more terms than it has: climb there by Γ(z + 2) = (z + 1) Γ(z +
  // 1).
  var error = 0.0
  var z = z
  while z < 16 {
    error += (z + 0.5) * log1p(1 / z) - 1
    z += 1
  }
  // The coefficients are B(2k) / (2k·(2k − 1)) (DLMF 5.11.1).
  let w = 1 / (z * z)
  var series = 1.0 / 156
  for coefficient in [
    -691.0 / 360_360, 1.0 / 1_188, -1.0 / 1_680, 1.0 / 1_260, -1.0 / 360, 1.0 / 12,
  ] {
    series = series * w + coefficient
  }
  return error + series / z
}

/// v − ln(1 + v) for v = excess / unit, where mean = unit + excess.
private func deviance(mean: Double, per unit: Double, excess: Double) -> Double {
  let v = excess / unit
  guard v.magnitude < 0.3 else { return v - log(mean / unit) }
  // ln(1 + v) = 2 artanh(v / (2 + v)), whose first term leaves v² / (2 + v).
  let s = v / (2 + v)
  let square = s * s
  var power = 2 * s * square
  var sum = v * s
  var divisor = 3.0
  while true {
    let next = sum - power / divisor
    if next == sum { return sum }
    sum = next
    power *= square
    divisor += 2
  }
}
