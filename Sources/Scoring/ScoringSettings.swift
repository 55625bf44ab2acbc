package import Bytes

/// Which formula gives an interaction its total.
package enum ScoringProfile: UInt8, Sendable, CaseIterable {
  case value = 0
  case quality = 1

  package init?(name: String) {
    switch name {
    case "value": self = .value
    case "quality": self = .quality
    default: return nil
    }
  }
}

/// The weights of the five parts of a value score. They are meant to add up to 1.
package struct ValueWeights: Equatable, Sendable {
  package var outcome = FixedPoint(hundredths: 40)
  package var feedback = FixedPoint(hundredths: 20)
  package var reusability = FixedPoint(hundredths: 20)
  package var complexity = FixedPoint(hundredths: 10)
  package var novelty = FixedPoint(hundredths: 10)

  package init() {}

  var inOrder: [FixedPoint] { [outcome, feedback, reusability, complexity, novelty] }
}

/// The weights of the five parts of a quality score, of which those that are given count.
package struct QualityWeights: Equatable, Sendable {
  package var satisfaction = FixedPoint(hundredths: 30)
  package var correctness = FixedPoint(hundredths: 25)
  package var codeQuality = FixedPoint(hundredths: 20)
  package var relevance = FixedPoint(hundredths: 15)
  package var efficiency = FixedPoint(hundredths: 10)

  package init() {}

  var inOrder: [FixedPoint] { [satisfaction, correctness, codeQuality, relevance, efficiency] }
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

  var inOrder: [FixedPoint] { [highValue, highQuality, exceptional, lowest, highest] }
}

/// What is added to the threshold of high value for the interactions of a domain.
package struct DomainAdjustment: Equatable, Sendable {
  package var domain: String
  package var adjustment: FixedPoint

  package init(domain: String, adjustment: FixedPoint) {
    self.domain = domain
    self.adjustment = adjustment
  }
}

/// How interactions are scored. It counts in the digest of every view that uses their scores.
package struct ScoringSettings: Equatable, Sendable {
  package var profile = ScoringProfile.value
  package var valueWeights = ValueWeights()
  package var qualityWeights = QualityWeights()
  package var thresholds = TierThresholds()
  /// Whether the threshold of high value moves with the complexity.
  package var adjustsThresholds = false
  /// By domain, whether `adjustsThresholds` is set or not. Of one domain twice, the first counts.
  package var domainAdjustments: [DomainAdjustment] = []
  /// How many events of a session may carry feedback in one minute (UTC, of event time).
  package var feedbackPerMinuteMax: UInt64 = 20

  package init() {}

  /// The same bytes for settings that score alike: what a digest covers.
  package var canonicalBytes: [UInt8] {
    var writer = ByteWriter(capacity: 160)
    writer.append(byte: 1)
    writer.append(byte: profile.rawValue)
    let numbers = valueWeights.inOrder + qualityWeights.inOrder + thresholds.inOrder
    for number in numbers { writer.append(zigzag: number.units) }
    writer.append(bool: adjustsThresholds)
    writer.append(varint: feedbackPerMinuteMax)
    let domains = canonicalDomains
    writer.append(varint: domains.count)
    for entry in domains {
      writer.append(text: entry.domain)
      writer.append(zigzag: entry.adjustment.units)
    }
    return writer.bytes
  }

  private var canonicalDomains: [DomainAdjustment] {
    var kept: [DomainAdjustment] = []
    for entry in domainAdjustments where !kept.contains(where: { entry.names($0.domain) }) {
      kept.append(entry)
    }
    return kept.sorted { $0.domain.utf8.lexicographicallyPrecedes($1.domain.utf8) }
  }
}

extension DomainAdjustment {
  /// Whether it is about that domain, byte for byte.
  func names(_ other: String) -> Bool { domain.utf8.elementsEqual(other.utf8) }
}
