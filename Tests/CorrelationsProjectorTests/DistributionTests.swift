import Testing

@testable import CorrelationsProjector

@Suite struct DistributionTests {
  private static let degrees =
    [1, 1.0001, 1.5, 2, 2.5, 3, 4.2, 7, 10, 15.9, 16, 29, 31.7, 64, 100, 333.3]
    + [1e3, 1e4, 123_456.7, 1e6, 1e7, 1e9, 1e10, 1e12]
  private static let values =
    [0, 1e-12, 1e-6, 0.001, 0.1, 0.5, 0.9, 0.999, 1, 1.001, 1.2, 1.5, 1.732, 1.96, 2, 2.5, 3]
    + [4, 5, 7, 10, 15, 20, 25, 30, 35, 37, 50, 100, 1e3, 1e4, 1e6, 1e8]

  @Test(.enabled(if: SciPy.isThere, SciPy.comment))
  func `p is SciPy's, from the middle to the far tails`() throws {
    let points = Self.degrees.flatMap { df in Self.values.map { (t: $0, df: df) } }
    let expected = try SciPy.answers(points.map { ("p", [$0.t, $0.df]) })
    #expect(expected.count == points.count)
    for (point, answer) in zip(points, expected) {
      let p = StudentT.twoSidedP(point.t, df: point.df)
      #expect(StudentT.twoSidedP(-point.t, df: point.df) == p)
      // Below the least normal number nobody has all the digits.
      let isRight = agree(p, answer.first) || max(p, answer[0]) < 1e-300
      #expect(isRight, "t \(point.t), df \(point.df): \(p), SciPy \(answer)")
    }
  }

  @Test(.enabled(if: SciPy.isThere, SciPy.comment))
  func `the quantile of t is SciPy's`() throws {
    let expected = try SciPy.answers(Self.degrees.map { ("width", [$0]) })
    for (df, answer) in zip(Self.degrees, expected) {
      let width = StudentT.halfWidth95(df: df)
      #expect(agree(width, answer.first), "df \(df): \(width), SciPy \(answer)")
    }
  }

  @Test(.enabled(if: SciPy.isThere, SciPy.comment))
  func `the interval of a rate is SciPy's`() throws {
    let counts: [UInt64] = [0, 1, 2, 3, 7, 15, 16, 40, 99, 1_000, 12_345, 1_000_000]
    let points = counts.flatMap { s in counts.map { (s: s, f: $0) } }
    let expected = try SciPy.answers(points.map { ("beta", [1 + Double($0.s), 1 + Double($0.f)]) })
    for (point, answer) in zip(points, expected) {
      let interval = BetaInterval(successes: point.s, failures: point.f)
      #expect(agree(interval.mean, answer[0]), "\(point)")
      #expect(agree(interval.low, answer[1]), "\(point): \(interval), SciPy \(answer)")
      #expect(agree(interval.high, answer[2]), "\(point): \(interval), SciPy \(answer)")
    }
  }

  @Test func `very many samples are no harder`() {
    // To 40 digits by another library; SciPy has 9 of these.
    let few = BetaInterval(successes: 1, failures: 100_000_000)
    #expect(agree(few.high, 5.571_643_152_148_220_6e-08, within: 1e-13))
    let half = BetaInterval(successes: 1_000_000_000, failures: 1_000_000_000)
    #expect(agree(half.low + half.high, 1, within: 1e-15))
    #expect(
      agree(half.high - half.low, 2 * 1.959_963_984_540_054 / (8e9 + 12).squareRoot(), within: 1e-8)
    )
  }

  @Test func `closed forms hold to the last digits`() {
    for t in [0.1, 1, 3, 12.706_204_736_174_7, 1e5] {
      // One degree of freedom is Cauchy's distribution, two have an algebraic one.
      #expect(
        agree(
          StudentT.twoSidedP(t, df: 2), 2 / (2 + t * t + t * (2 + t * t).squareRoot()),
          within: 1e-14))
    }
    #expect(agree(StudentT.twoSidedP(1, df: 1), 0.5, within: 1e-14))
    #expect(StudentT.twoSidedP(0, df: 5) == 1)
    for failures in [0, 9, 1_000] as [UInt64] {
      // Without a success the distribution is 1 − (1 − x)^(1 + failures).
      let interval = BetaInterval(successes: 0, failures: failures)
      var kept = 1.0
      for _ in 0...failures { kept *= 1 - interval.low }
      #expect(agree(1 - kept, 0.025, within: 1e-11))
    }
  }
}
