package import Bytes

/// The weights of the five parts of a value score. They are meant to add up to 1.
package struct ValueWeights: Equatable, Sendable {
  package var outcome = FixedPoint(hundredths: 40)
  package var feedback = FixedPoint(hundredths: 20)
  package var reusability = FixedPoint(hundredths: 20)
  package var complexity = FixedPoint(hundredths: 10)
  package var novelty = FixedPoint(hundredths: 10)

  package init() {}
}

/// The weights of the five parts of a quality score, of which those that are given count.
package struct QualityWeights: Equatable, Sendable {
  package var satisfaction = FixedPoint(hundredths: 30)
  package var correctness = FixedPoint(hundredths: 25)
  package var codeQuality = FixedPoint(hundredths: 20)
  package var relevance = FixedPoint(hundredths: 15)
  package var efficiency = FixedPoint(hundredths: 10)

  package init() {}

  package var inOrder: [FixedPoint] {
    [satisfaction, correctness, codeQuality, relevance, efficiency]
  }
}

/// From which total on an interaction is of a tier.
package struct TierThresholds: Equatable, Sendable {
  package var highValue = FixedPoint(hundredths: 70)
  package var highQuality = FixedPoint(hundredths: 85)
  package var exceptional = FixedPoint(hundredths: 95)
  /// The adjusted threshold of high value stays within these two.
  package var lowest = FixedPoint(hundredths: 50)
  package var highest = FixedPoint(hundredths: 95)

  package init() {}
}
