import Bytes
import Events
import Facts
import TestSupport
import Testing
import Views

@testable import CorrelationsProjector

/// Two models held against each other by their latency, which no other factor tells apart: so there
/// are two rows with a p, and both have the same.
private struct TwoModels {
  /// Samples of each.
  let count: UInt64
  /// Half the distance between the samples of one model, in billionths of a millisecond.
  var spread: Int64 = 1_000_000_000
  /// Between the means, in billionths of a millisecond.
  let difference: Int64

  private func latency(_ number: UInt64) -> Int64 {
    let mean: Int64 = number < count ? 10_000_000_000 : 10_000_000_000 - difference
    return mean + (number % 2 == 0 ? spread : -spread)
  }

  /// The comparison alone, without a fold.
  var welch: Welch {
    var sides = [MetricSums(), MetricSums()]
    for number in 0..<2 * count {
      let latency = latency(number)
      sides[number < count ? 0 : 1].add(latency, square: Int128(latency) * Int128(latency))
    }
    return Welch(with: sides[0], without: sides[1])
  }

  var p: Double { welch.p ?? .nan }
  var effect: Double { welch.cohensD ?? .nan }

  /// What the view says, whose p and d are those of `welch`.
  func isActionable() throws -> Bool {
    let spec = try ProjectorSpec(CorrelationsProjector.self)
    let facts = (0..<2 * count).map { number in
      asserted(
        interaction(
          number, at: number,
          [
            .model: number < count ? "a" : "b",
            .latencyMS: .number(FixedPoint(units: latency(number))),
          ]))
    }
    try spec.given(facts: facts)
    let rows = try spec.rows()
    #expect(rows.filter { $0.real("p_value") != nil }.count == 2)
    let row = rows.first { $0["level"] == .text("a") && $0["metric"] == .text("latency_ms") }
    #expect(row?.real("p_value") == p && row?.real("cohens_d") == effect)
    return row?["actionable"] == .bool(true)
  }
}

/// The least number of a range for which something holds that holds for all above it.
private func least(
  _ range: ClosedRange<Int64>, _ holds: (Int64) -> Bool
) -> Int64 {
  var (low, high) = (range.lowerBound, range.upperBound)
  while low < high {
    let middle = low + (high - low) / 2
    if holds(middle) { high = middle } else { low = middle + 1 }
  }
  return low
}

@Suite struct ActionableBoundTests {
  @Test func `a p of 1 percent is no chance, and a little more may be`() throws {
    // Of two equal p the greater rank keeps both: the bound is 0.01 · 2/2.
    let difference = least(1...4_000_000_000) { TwoModels(count: 30, difference: $0).p <= 0.01 }
    let kept = TwoModels(count: 30, difference: difference)
    let lost = TwoModels(count: 30, difference: difference - 1)
    #expect(kept.p <= 0.01 && lost.p > 0.01 && lost.p < 0.010_000_1)
    #expect(kept.effect > 0.2 && lost.effect > 0.2)
    #expect(try kept.isActionable())
    #expect(try !lost.isActionable())
  }

  @Test(arguments: [1, -1] as [Int64])
  func `an effect of 0.2 is enough, and a little less is not`(sign: Int64) throws {
    let difference = least(1...4_000_000_000) {
      TwoModels(count: 800, difference: $0).effect >= 0.2
    }
    let large = TwoModels(count: 800, difference: sign * difference)
    let small = TwoModels(count: 800, difference: sign * (difference - 1))
    #expect(large.effect.magnitude >= 0.2 && small.effect.magnitude < 0.2)
    #expect(small.effect.magnitude > 0.199_999_9 && small.p < 0.001)
    #expect(try large.isActionable())
    #expect(try !small.isActionable())
  }

  @Test(arguments: [(29, false), (30, true)] as [(UInt64, Bool)])
  func `thirty samples on each side are enough`(count: UInt64, isActionable: Bool) throws {
    let models = TwoModels(count: count, difference: 9_000_000_000)
    #expect(models.p < 1e-9)
    #expect(try models.isActionable() == isActionable)
  }
}

@Suite struct LevelBoundTests {
  private func levels(_ factor: Factor, _ interaction: Interaction) -> [String] {
    Sample(interaction).levels.filter { $0.factor == factor }.map(\.text)
  }

  @Test(
    arguments: [
      (0.999_999_999, []), (1, ["1"]), (2, ["2-3"]), (3, ["2-3"]), (4, ["4-5"]), (5, ["4-5"]),
      (6, ["6+"]), (1_000, ["6+"]), (0, []), (-1, []),
    ] as [(FieldValue, [String])])
  func `iterations are in four groups`(count: FieldValue, expected: [String]) {
    #expect(levels(.iterations, interaction(0, at: 0, [.iterations: count])) == expected)
  }

  @Test(
    arguments: [
      (0, "0"), (3_599, "0"), (3_600, "1"), (86_399, "23"), (86_400, "0"), (-1, "23"),
      (-3_600, "23"), (-3_601, "22"),
    ] as [(Int64, String)])
  func `the hour is that of UTC, before 1970 too`(seconds: Int64, hour: String) {
    #expect(levels(.hour, interaction(0, at: 0, seconds: seconds)) == [hour])
  }
}
