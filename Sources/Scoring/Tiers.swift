package import Bytes
package import Events
import Facts

extension ScoringSettings {
  /// The tier of a total: high quality and exceptional are so only when high value is.
  func tier(_ total: FixedPoint, complexity: FixedPoint, domain: String?) -> Tier {
    guard total >= highValueThreshold(complexity: complexity, domain: domain) else {
      return .reference
    }
    if total >= thresholds.exceptional { return .exceptional }
    return total >= thresholds.highQuality ? .highQuality : .highValue
  }

  /// From which total on an interaction is of high value.
  package func highValueThreshold(complexity: FixedPoint, domain: String?) -> FixedPoint {
    let threshold =
      thresholds.highValue + adjustment(complexity: complexity) + adjustment(domain: domain)
    return min(max(threshold, thresholds.lowest), thresholds.highest)
  }

  /// What the complexity adds to the threshold of high value.
  package func adjustment(complexity: FixedPoint) -> FixedPoint {
    adjustsThresholds ? complexityAdjustment(complexity) : .zero
  }

  /// What the domain adds to the threshold of high value.
  package func adjustment(domain: String?) -> FixedPoint {
    guard let domain else { return .zero }
    return domainAdjustments.first { $0.names(domain) }?.adjustment ?? .zero
  }

  /// How sure the score is: the mean of what feedback there is, what the outcome rests on, and the
  /// share of the six telling fields that are there. An opaque text is there.
  func confidence(_ interaction: ScoredInteraction) -> FixedPoint {
    let fields = interaction.fields
    let said = interaction.feedback
    let isShown = said.hasImplicit || fields.has(.correctedResponse)
    let feedback: Int64 = said.explicit != nil ? 100 : isShown ? 70 : 30
    let basis: Int64 = interaction.basis >= .exitCode ? 100 : 50
    let present = Int64((fields.presence & tellingMask).nonzeroBitCount)
    // (feedback + basis + present/6) / 3, in eighteenths of a hundredth.
    return FixedPoint(ratio: 6 * (feedback + basis) + 100 * present, 1_800)
  }
}

/// The fields whose presence counts for the confidence.
package let tellingFields: [Field] = [
  .prompt, .response, .model, .sessionID, .latencyMS, .tokensOutput,
]

private let tellingMask: UInt128 = Fields.mask(of: tellingFields)

private func complexityAdjustment(_ complexity: FixedPoint) -> FixedPoint {
  if complexity <= FixedPoint(hundredths: 20) { return FixedPoint(hundredths: -5) }
  if complexity <= FixedPoint(hundredths: 50) { return .zero }
  return FixedPoint(hundredths: complexity <= FixedPoint(hundredths: 80) ? 5 : 10)
}
