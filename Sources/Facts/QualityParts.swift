public import Bytes
public import Events

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

/// The five parts of a quality score: satisfaction, correctness, code quality, relevance, efficiency.
/// Missing inputs and missing parts have no weight. Every input is limited to 0 to 1.
public struct QualityParts {
  private let parts: [WeightedPart]

  /// Nil where nothing is given.
  public init?(_ fields: Fields, _ feedback: Feedback) {
    guard fields.presence & inputs != 0 || isSaid(feedback) else { return nil }
    parts = [
      satisfaction(fields, feedback), correctness(fields), codeQuality(fields), relevance(fields),
      efficiency(fields),
    ]
  }

  /// Of one part, by its place: the weighted mean of its inputs; nil where none is given.
  public subscript(_ place: Int) -> FixedPoint? {
    let part = parts[place]
    return part.weight == 0
      ? nil : FixedPoint(units: FixedPoint.divide(part.sum, by: part.weight * finePerUnit))
  }

  /// How much of the formula is given: the weights of its inputs, each times that of its part.
  public var givenShare: FixedPoint {
    let weights: [Int128] = [30, 25, 20, 15, 10]
    let given = zip(weights, parts).reduce(Int128(0)) { $0 + $1.0 * $1.1.weight }
    return FixedPoint(ratio: Int64(given), 10_000)
  }

  /// The weighted mean of the parts that are given, to the nearest billionth, ties to even and
  /// rounded once; nil when their weights are zero.
  ///
  /// - Parameter weights: of the parts, in their order.
  public func total(_ weights: [FixedPoint]) -> FixedPoint? {
    var numerator: Int128 = 0
    var weightSum: Int128 = 0
    // Brought to one denominator: the product of the parts' weights is at most 10^10.
    let common = parts.reduce(Int128(1)) { $1.weight > 0 ? $0 * $1.weight : $0 }
    for (weight, part) in zip(weights, parts) where part.weight > 0 {
      numerator += Int128(weight.units) * part.sum * (common / part.weight)
      weightSum += Int128(weight.units)
    }
    guard weightSum > 0 else { return nil }
    return FixedPoint(
      units: FixedPoint.divide(numerator, by: weightSum * common * finePerUnit))
  }
}

/// The fields that parts are made of.
private let inputs = Fields.mask(of: [
  .rating, .helpful, .timeToFirstUseS, .codeCompiles, .testsPassed, .lintPasses, .typeCheckPasses,
  .deploymentSuccess, .noRuntimeErrors, .styleScore, .maintainabilityScore, .securityScore,
  .performanceScore, .projectScore, .patternScore, .domainScore, .generationTimeS,
  .solutionComplexity, .productivityGain,
])

private func isSaid(_ feedback: Feedback) -> Bool {
  feedback.accepted != nil || feedback.modified != nil || feedback.abandoned == true
}

private func satisfaction(_ fields: Fields, _ feedback: Feedback) -> WeightedPart {
  var part = WeightedPart()
  if let rating = fields.number(.rating) {
    part.add(50, FineUnits(rating.units) * (finePerUnit / 5))
  } else {
    part.add(50, fields.bool(.helpful))
  }
  if isSaid(feedback) {
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

/// What an answer must reach to be good enough, as far as it is given: true counts as 1.
public enum QualityBar {
  /// Of code quality, functional correctness and context relevance, input by input.
  public static let inputs: [(field: Field, hundredths: Int64)] = [
    (.codeCompiles, 95), (.styleScore, 90), (.maintainabilityScore, 80), (.securityScore, 95),
    (.performanceScore, 75),
    (.testsPassed, 85), (.lintPasses, 80), (.typeCheckPasses, 75), (.noRuntimeErrors, 80),
    (.projectScore, 80), (.patternScore, 85), (.domainScore, 75),
  ]
  /// Of context relevance as a whole.
  public static let relevance = FixedPoint(hundredths: 70)

  /// Whether all that is given reaches it; nil where nothing is.
  public static func isMet(by fields: Fields, _ parts: QualityParts) -> Bool? {
    var isMet: Bool?
    func add(_ reaches: Bool) { isMet = (isMet ?? true) && reaches }
    for (field, hundredths) in inputs {
      switch fields[field] {
      case .number(let number): add(number >= FixedPoint(hundredths: hundredths))
      case .bool(let isTrue): add(isTrue)
      default: continue
      }
    }
    if let whole = parts[3] { add(whole >= relevance) }
    return isMet
  }
}
