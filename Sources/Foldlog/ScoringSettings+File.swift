internal import Bytes
internal import Scoring
internal import TOMLKit

// How the settings of [values] are written in foldlog.toml.

extension ScoringSettings {
  mutating func take(_ setting: Setting) throws(FoldlogError) {
    switch setting.key {
    case "profile":
      guard let profile = setting.value.string.flatMap(ScoringProfile.init(name:)) else {
        throw setting.error("it is \"value\" or \"quality\"")
      }
      self.profile = profile
    case "adjust_thresholds": adjustsThresholds = try setting.bool()
    case "feedback_per_minute":
      guard let count = setting.value.int, count >= 1 else {
        throw setting.error("it is a number of events, at least 1")
      }
      feedbackPerMinuteMax = UInt64(count)
    default:
      throw setting.error(
        "there is no such setting; there are profile, adjust_thresholds, feedback_per_minute, "
          + "and the sections weights, quality_weights, thresholds and domains")
    }
  }
}

extension ScoringSettings {
  /// Refuses weights with which a score would not be a number from 0 to 1. Of a quality score only
  /// the parts that are given count, whatever their weights add up to.
  func checkWeights(_ settings: SettingsFile) throws(FoldlogError) {
    let value = [
      valueWeights.outcome, valueWeights.feedback, valueWeights.reusability,
      valueWeights.complexity, valueWeights.novelty,
    ]
    if let last = settings.last(in: "values.weights"), value.sum != .one {
      throw last.sectionError(
        "outcome, feedback, reusability, complexity and novelty add up to 1, and these to "
          + value.map(\.description).joined(separator: " + ") + " = \(value.sum)")
    }
    let quality = [
      qualityWeights.satisfaction, qualityWeights.correctness, qualityWeights.codeQuality,
      qualityWeights.relevance, qualityWeights.efficiency,
    ]
    if let last = settings.last(in: "values.quality_weights"), quality.sum == .zero {
      throw last.sectionError("at least one weight is above 0")
    }
  }
}

extension [FixedPoint] {
  fileprivate var sum: FixedPoint { reduce(.zero, +) }
}

extension ValueWeights {
  mutating func take(_ setting: Setting) throws(FoldlogError) {
    let weight = try setting.decimal(in: 0...100)
    switch setting.key {
    case "outcome": outcome = weight
    case "feedback": feedback = weight
    case "reusability": reusability = weight
    case "complexity": complexity = weight
    case "novelty": novelty = weight
    default:
      throw setting.error(
        "there is no such weight; there are outcome, feedback, reusability, complexity and novelty")
    }
  }
}

extension QualityWeights {
  mutating func take(_ setting: Setting) throws(FoldlogError) {
    let weight = try setting.decimal(in: 0...100)
    switch setting.key {
    case "satisfaction": satisfaction = weight
    case "correctness": correctness = weight
    case "code_quality": codeQuality = weight
    case "relevance": relevance = weight
    case "efficiency": efficiency = weight
    default:
      throw setting.error(
        "there is no such weight; there are satisfaction, correctness, code_quality, relevance and "
          + "efficiency")
    }
  }
}

extension TierThresholds {
  mutating func take(_ setting: Setting) throws(FoldlogError) {
    let threshold = try setting.decimal(in: 50...95)
    switch setting.key {
    case "high_value": highValue = threshold
    case "high_quality": highQuality = threshold
    case "exceptional": exceptional = threshold
    default:
      throw setting.error(
        "there is no such threshold; there are high_value, high_quality and exceptional")
    }
  }
}
