import Testing

@testable import CorrelationsProjector

/// The incomplete beta function itself, over far more than the view asks of it.
@Suite(.enabled(if: SciPy.isThere, SciPy.comment)) struct IncompleteBetaTests {
  private static let parameters =
    [0.01, 0.1, 0.3, 0.5, 0.75, 1, 1.5, 2, 3.7, 8, 15.99, 16, 30, 101, 1_000.5]
    + [1e4, 1e5, 1e6, 1e7]
  private static let distances = [0, 0.1, 0.5, 1, 2, 4, 8, 16, 32]

  private struct Point {
    let a: Double
    let b: Double
    let x: Double
    let y: Double
  }

  /// For each two parameters: places around the mean, so many standard deviations away, and places
  /// near both ends.
  private static let points: [Point] = parameters.flatMap { a in
    parameters.flatMap { b in
      let mean = a / (a + b)
      let deviation = (mean * (b / (a + b)) / (a + b + 1)).squareRoot()
      let around = distances.flatMap { [mean - $0 * deviation, mean + $0 * deviation] }
      let ends = [1e-300, 1e-100, 1e-20, 1e-9, 1e-3, 0.25, 0.5, 0.75, 1 - 0x1p-20, 1 - 0x1p-50]
      // Only places whose distance from 1 is a number too, so that both sides are asked the same.
      return (around + ends).filter {
        $0 > 0 && $0 < 1 && 1 - (1 - $0) == $0 || $0 < 1e-8 && $0 > 0
      }
      .map { Point(a: a, b: b, x: $0, y: 1 - $0) }
    }
  }

  @Test func `both tails are SciPy's to a billionth of their value`() throws {
    let points = Self.points
    #expect(points.count > 5_000)
    let expected = try SciPy.answers(points.map { ("tails", [$0.a, $0.b, $0.x]) })
    #expect(expected.count == points.count)
    for (point, answer) in zip(points, expected) {
      let beta = IncompleteBeta(a: point.a, b: point.b, x: point.x, y: point.y)
      let tails = [beta.lower, beta.upper]
      for (tail, other) in zip(tails, answer) {
        // Below the least normal number nobody has all the digits.
        #expect(
          agree(tail, other) || max(tail, other) < 1e-300, "\(point): \(tail), SciPy \(other)")
      }
      #expect((tails[0] + tails[1] - 1).magnitude < 1e-12, "\(point)")
    }
  }
}
