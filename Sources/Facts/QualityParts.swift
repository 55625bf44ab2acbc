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
}

extension Fields {
  /// What a field gives as a share of 1: a number as it is, true as 1 and false as 0; of tests the share
  /// that passed, where it is known. Nil for what is no share.
  public func share(_ field: Field) -> FixedPoint? {
    let value = field == .testsPassed ? self[.testsPassRate] ?? self[field] : self[field]
    return switch value {
    case .bool(let isTrue): isTrue ? .one : .zero
    case .number(let number) where number >= .zero && number <= .one: number
    default: nil
    }
  }
}

extension Fields {
  /// How long something took, in seconds; nil for less than nothing.
  public func duration(_ field: Field) -> FixedPoint? {
    number(field).flatMap { $0 < .zero ? nil : $0 }
  }
}

/// The five parts of a quality score: satisfaction, correctness, code quality, relevance, efficiency.
/// Missing inputs and missing parts have no weight.
public struct QualityParts {
  private let parts: [WeightedPart]

  /// Nil where nothing is given.
  public init?(_ fields: Fields, _ feedback: Feedback) {
    guard fields.presence & inputs != 0 || isSaid(feedback) else { return nil }
    parts = [
      satisfaction(fields, feedback), correctness(fields), codeQuality(fields), relevance(fields),
      efficiency(fields),
    ]
    if parts.allSatisfy({ $0.weight == 0 }) { return nil }
  }

  /// Of one part, by its place: the weighted mean of its inputs; nil where none is given.
  public subscript(_ place: Int) -> FixedPoint? {
    let part = parts[place]
    return part.weight == 0
      ? nil : FixedPoint(units: FixedPoint.divide(part.sum, by: part.weight * finePerUnit))
  }

  /// How much of the formula is given: the weights of its inputs, each times that of its part, over
  /// the weights of all parts; zero when these are.
  ///
  /// - Parameter weights: of the parts, in their order.
  public func givenShare(_ weights: [FixedPoint]) -> FixedPoint {
    let given = zip(weights, parts).reduce(Int128(0)) { $0 + Int128($1.0.units) * $1.1.weight }
    let all = weights.reduce(Int128(0)) { $0 + Int128($1.units) }
    if all == 0 { return .zero }
    return FixedPoint(
      units: FixedPoint.divide(given * Int128(FixedPoint.one.units), by: all * 100))
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
  .rating, .helpful, .timeToFirstUseS, .codeCompiles, .testsPassed, .testsPassRate, .lintPasses,
  .typeCheckPasses, .deploymentSuccess, .noRuntimeErrors, .styleScore, .maintainabilityScore,
  .securityScore,
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
    part.add(50, fields.share(.helpful))
  }
  if isSaid(feedback) {
    let hundredths: Int64 = feedback.accepted == true ? 100 : feedback.modified == true ? 70 : 0
    part.add(30, FixedPoint(hundredths: hundredths))
  }
  if let seconds = fields.duration(.timeToFirstUseS) {
    let hundredths: Int64 =
      seconds < FixedPoint(hundredths: 3_000)
      ? 100 : seconds < FixedPoint(hundredths: 30_000) ? 50 : 0
    part.add(20, FixedPoint(hundredths: hundredths))
  }
  return part
}

private func correctness(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(25, fields.share(.codeCompiles))
  part.add(25, fields.share(.testsPassed))
  part.add(15, fields.share(.lintPasses))
  part.add(15, fields.share(.typeCheckPasses))
  part.add(10, fields.share(.deploymentSuccess))
  part.add(10, fields.share(.noRuntimeErrors))
  return part
}

private func codeQuality(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(30, fields.share(.styleScore))
  part.add(30, fields.share(.maintainabilityScore))
  part.add(25, fields.share(.securityScore))
  part.add(15, fields.share(.performanceScore))
  return part
}

private func relevance(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  part.add(40, fields.share(.projectScore))
  part.add(35, fields.share(.patternScore))
  part.add(25, fields.share(.domainScore))
  return part
}

private func efficiency(_ fields: Fields) -> WeightedPart {
  var part = WeightedPart()
  if let seconds = fields.duration(.generationTimeS) {
    // 1 − (seconds − 2)/10 = (12 − seconds)/10
    let twelve = FineUnits(FixedPoint.one.units) * 12
    part.add(40, (twelve - FineUnits(seconds.units)) * (finePerUnit / 10))
  }
  part.add(30, fields.share(.solutionComplexity).map { .one - $0 })
  part.add(30, fields.share(.productivityGain))
  return part
}

/// What an answer must reach to be good enough, as far as it is given.
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
      if let share = fields.share(field) { add(share >= FixedPoint(hundredths: hundredths)) }
    }
    if let whole = parts[3] { add(whole >= relevance) }
    return isMet
  }
}
