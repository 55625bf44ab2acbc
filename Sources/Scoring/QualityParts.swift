import Bytes
import Events
import Facts

/// A share of something, in steps of 1/50 of a billionth, so that fifths and tenths are exact.
private typealias FineUnits = Int128

private let finePerUnit: FineUnits = 50
private let fineOne: FineUnits = FineUnits(FixedPoint.one.units) * finePerUnit

/// The sum of the given inputs of a part, and the sum of their weights, in hundredths.
struct WeightedPart {
  fileprivate var sum: FineUnits = 0
  fileprivate var weight: FineUnits = 0

  fileprivate mutating func add(_ hundredths: Int64, _ value: FineUnits?) {
    guard let value else { return }
    sum += FineUnits(hundredths) * min(max(value, 0), fineOne)
    weight += FineUnits(hundredths)
  }

  fileprivate mutating func add(_ hundredths: Int64, _ value: FixedPoint?) {
    add(hundredths, value.map { FineUnits($0.units) * finePerUnit })
  }

  fileprivate mutating func add(_ hundredths: Int64, _ value: Bool?) {
    add(hundredths, value.map { $0 ? fineOne : 0 })
  }
}

/// The five parts of a quality score. Missing inputs and missing parts have no weight. Every input
/// is limited to 0 to 1.
struct QualityParts {
  private let parts: [WeightedPart]

  init(_ interaction: ScoredInteraction) {
    let fields = interaction.fields
    parts = [
      satisfaction(interaction), correctness(fields), codeQuality(fields), relevance(fields),
      efficiency(fields),
    ]
  }

  /// The weighted mean of the parts that are given, to the nearest billionth, ties to even and
  /// rounded once; 0 when none is.
  func total(_ weights: QualityWeights) -> FixedPoint {
    var numerator: Int128 = 0
    var weightSum: Int128 = 0
    // Brought to one denominator: the product of the parts' weights is at most 10^10.
    let common = parts.reduce(Int128(1)) { $1.weight > 0 ? $0 * $1.weight : $0 }
    for (weight, part) in zip(weights.inOrder, parts) where part.weight > 0 {
      numerator += Int128(weight.units) * part.sum * (common / part.weight)
      weightSum += Int128(weight.units)
    }
    guard weightSum > 0 else { return .zero }
    return FixedPoint(
      units: FixedPoint.divide(numerator, by: weightSum * common * finePerUnit))
  }
}

private func satisfaction(_ interaction: ScoredInteraction) -> WeightedPart {
  let fields = interaction.fields
  var part = WeightedPart()
  if let rating = fields.number(.rating) {
    part.add(50, FineUnits(rating.units) * (finePerUnit / 5))
  } else {
    part.add(50, fields.bool(.helpful))
  }
  let feedback = interaction.feedback
  if feedback.accepted != nil || feedback.modified != nil || feedback.abandoned == true {
    let hundredths: Int64 = feedback.accepted == true ? 100 : feedback.modified == true ? 70 : 0
    part.add(30, FixedPoint(hundredths: hundredths))
  }
  if let seconds = fields.number(.timeToFirstUseS) {
    let hundredths: Int64 =
      seconds < FixedPoint(hundredths: 3_000)
      ? 100 : seconds < FixedPoint(hundredths: 30_000) ? 50 : 0
    part.add(20, FixedPoint(hundredths: hundredths))
  }
  return part
}

private func correctness(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(25, fields.bool(.codeCompiles))
  part.add(25, fields.bool(.testsPassed))
  part.add(15, fields.bool(.lintPasses))
  part.add(15, fields.bool(.typeCheckPasses))
  part.add(10, fields.bool(.deploymentSuccess))
  part.add(10, fields.bool(.noRuntimeErrors))
  return part
}

private func codeQuality(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(30, fields.number(.styleScore))
  part.add(30, fields.number(.maintainabilityScore))
  part.add(25, fields.number(.securityScore))
  part.add(15, fields.number(.performanceScore))
  return part
}

private func relevance(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(40, fields.number(.projectScore))
  part.add(35, fields.number(.patternScore))
  part.add(25, fields.number(.domainScore))
  return part
}

private func efficiency(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  if let seconds = fields.number(.generationTimeS) {
    // 1 − (seconds − 2)/10 = (12 − seconds)/10
    let twelve = FineUnits(FixedPoint.one.units) * 12
    part.add(40, (twelve - FineUnits(seconds.units)) * (finePerUnit / 10))
  }
  if let complexity = fields.number(.solutionComplexity) {
    part.add(30, fineOne - FineUnits(complexity.units) * finePerUnit)
  }
  part.add(30, fields.number(.productivityGain))
  return part
}
