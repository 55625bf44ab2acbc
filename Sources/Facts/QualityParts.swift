public import Bytes
public import Events

/// A share of something, in steps of 1/50 of a billionth, so that fifths and tenths are exact.
private typealias FineUnits = Int128

private let finePerUnit: FineUnits = 50
private let fineOne: FineUnits = FineUnits(FixedPoint.one.units) * finePerUnit

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

  /// How long something took, in seconds; nil for less than nothing.
  public func duration(_ field: Field) -> FixedPoint? {
    number(field).flatMap { $0 < .zero ? nil : $0 }
  }
}

/// What a part of the quality score is made of: something that lines say, and what it counts.
public struct QualityInput: Sendable {
  /// How a share of 1 comes of what lines say.
  enum Measure: Sendable {
    /// What a field gives.
    case share(Field)
    /// What it leaves of 1.
    case rest(Field)
    /// `rating`, else `helpful`.
    case rating
    /// What was done with the answer.
    case implicit
    /// How soon it was used.
    case firstUse
    /// How fast it came.
    case speed
  }

  /// What the rule of its part calls it.
  public let name: String
  /// What it counts within its part, in hundredths.
  public let hundredths: Int64
  let measure: Measure

  init(_ hundredths: Int64, _ name: String, _ measure: Measure) {
    (self.hundredths, self.name, self.measure) = (hundredths, name, measure)
  }

  /// The field that it is read from; nil for what was done with the answer, of which several tell.
  ///
  /// - Parameter fields: decide where one of two is read.
  public func field(in fields: Fields) -> Field? {
    switch measure {
    case .share(.testsPassed): fields.has(.testsPassRate) ? .testsPassRate : .testsPassed
    case .share(let field), .rest(let field): field
    case .rating: fields.number(.rating) == nil ? .helpful : .rating
    case .implicit: nil
    case .firstUse: .timeToFirstUseS
    case .speed: .generationTimeS
    }
  }

  /// Its share of 1, within 0 to 1 and to the nearest billionth; nil where it is not given.
  public func share(_ fields: Fields, _ feedback: Feedback) -> FixedPoint? {
    fine(fields, feedback).map { FixedPoint(units: FixedPoint.divide($0, by: finePerUnit)) }
  }

  fileprivate func fine(_ fields: Fields, _ feedback: Feedback) -> FineUnits? {
    let value: FineUnits? =
      switch measure {
      case .share(let field): fields.share(field).map(fineUnits)
      case .rest(let field): fields.share(field).map { fineOne - fineUnits($0) }
      case .rating:
        fields.number(.rating).map { FineUnits($0.units) * (finePerUnit / 5) }
          ?? fields.share(.helpful).map(fineUnits)
      case .implicit: Self.implicit(feedback).map { fineUnits(FixedPoint(hundredths: $0)) }
      case .firstUse:
        fields.duration(.timeToFirstUseS).map { seconds in
          let step = Self.firstUses.first {
            seconds < FixedPoint(hundredths: $0.belowSeconds * 100)
          }
          return fineUnits(FixedPoint(hundredths: step?.hundredths ?? 0))
        }
      case .speed:
        // 1 − (seconds − free)/span = (free + span − seconds)/span
        fields.duration(.generationTimeS).map { seconds in
          let none =
            FineUnits(FixedPoint.one.units) * FineUnits(Self.freeSeconds + Self.spanSeconds)
          return (none - FineUnits(seconds.units)) * (finePerUnit / FineUnits(Self.spanSeconds))
        }
      }
    return value.map { min(max($0, 0), fineOne) }
  }

  private static func implicit(_ feedback: Feedback) -> Int64? {
    guard isSaid(feedback) else { return nil }
    if feedback.accepted == true { return 100 }
    return feedback.modified == true ? modified : 0
  }

  private static let modified: Int64 = 70
  private static let firstUses: [(belowSeconds: Int64, hundredths: Int64)] = [(30, 100), (300, 50)]
  /// Seconds within which an answer is as fast as can be, and those after which it counts for nothing.
  private static let (freeSeconds, spanSeconds): (Int64, Int64) = (2, 10)

  /// In words.
  var words: String {
    func share(_ hundredths: Int64) -> String { "\(FixedPoint(hundredths: hundredths))" }
    return switch measure {
    case .share: name
    case .rest: "(1 − \(name))"
    case .rating: "(rating / 5, or helpful)"
    case .implicit: "(accepted 1, modified \(share(Self.modified)), else 0)"
    case .firstUse:
      "(first use "
        + Self.firstUses.map { "<\($0.belowSeconds) s \(share($0.hundredths)), " }.joined()
        + "else 0)"
    case .speed: "max(0, min(1, 1 − (seconds − \(Self.freeSeconds))/\(Self.spanSeconds)))"
    }
  }
}

/// One of the five parts of a quality score: the weighted mean of those of its inputs that are given.
public struct QualityPart: Sendable {
  public let name: String
  public let inputs: [QualityInput]
  /// What its inputs count and how each comes to its share, in words.
  public let rule: String

  private init(_ name: String, of inputs: [QualityInput]) {
    (self.name, self.inputs) = (name, inputs)
    let shares = inputs.map { "\(FixedPoint(hundredths: $0.hundredths)) × \($0.words)" }
    rule = shares.joined(separator: "; ") + "; over the weights of what is given"
  }

  public static let satisfaction = QualityPart(
    "satisfaction",
    of: [
      QualityInput(50, "rating", .rating), QualityInput(30, "implicit", .implicit),
      QualityInput(20, "first use", .firstUse),
    ])
  public static let correctness = QualityPart(
    "correctness",
    of: [
      QualityInput(25, "compiles", .share(.codeCompiles)),
      QualityInput(25, "tests", .share(.testsPassed)),
      QualityInput(15, "lint", .share(.lintPasses)),
      QualityInput(15, "types", .share(.typeCheckPasses)),
      QualityInput(10, "deploys", .share(.deploymentSuccess)),
      QualityInput(10, "no runtime error", .share(.noRuntimeErrors)),
    ])
  public static let codeQuality = QualityPart(
    "code_quality",
    of: [
      QualityInput(30, "style", .share(.styleScore)),
      QualityInput(30, "maintainability", .share(.maintainabilityScore)),
      QualityInput(25, "security", .share(.securityScore)),
      QualityInput(15, "performance", .share(.performanceScore)),
    ])
  public static let relevance = QualityPart(
    "relevance",
    of: [
      QualityInput(40, "project", .share(.projectScore)),
      QualityInput(35, "pattern", .share(.patternScore)),
      QualityInput(25, "domain", .share(.domainScore)),
    ])
  public static let efficiency = QualityPart(
    "efficiency",
    of: [
      QualityInput(40, "speed", .speed),
      QualityInput(30, "solution complexity", .rest(.solutionComplexity)),
      QualityInput(30, "productivity", .share(.productivityGain)),
    ])

  /// In the order of their weights in settings and of `QualityParts`.
  public static let all = [satisfaction, correctness, codeQuality, relevance, efficiency]

  /// The sum of its inputs that are given, and that of their weights, in hundredths.
  fileprivate func sums(_ fields: Fields, _ feedback: Feedback) -> QualityParts.Sums {
    var sums = QualityParts.Sums()
    for input in inputs {
      guard let share = input.fine(fields, feedback) else { continue }
      sums.shares += FineUnits(input.hundredths) * share
      sums.weights += FineUnits(input.hundredths)
    }
    return sums
  }
}

/// The five parts of a quality score of one interaction. Missing inputs and missing parts have no
/// weight.
public struct QualityParts {
  fileprivate struct Sums {
    var shares: FineUnits = 0
    var weights: FineUnits = 0
  }

  private let parts: [Sums]

  /// Nil where nothing is given.
  public init?(_ fields: Fields, _ feedback: Feedback) {
    guard fields.presence & inputFields != 0 || isSaid(feedback) else { return nil }
    parts = QualityPart.all.map { $0.sums(fields, feedback) }
    if parts.allSatisfy({ $0.weights == 0 }) { return nil }
  }

  /// Of one part, by its place in `QualityPart.all`; nil where nothing of it is given.
  public subscript(_ place: Int) -> FixedPoint? {
    let part = parts[place]
    return part.weights == 0
      ? nil : FixedPoint(units: FixedPoint.divide(part.shares, by: part.weights * finePerUnit))
  }

  /// How much of the formula is given: the weights of its inputs, each times that of its part, over
  /// the weights of all parts; zero when these are.
  ///
  /// - Parameter weights: of the parts, in their order.
  public func givenShare(_ weights: [FixedPoint]) -> FixedPoint {
    let given = zip(weights, parts).reduce(Int128(0)) { $0 + Int128($1.0.units) * $1.1.weights }
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
    let common = parts.reduce(Int128(1)) { $1.weights > 0 ? $0 * $1.weights : $0 }
    for (weight, part) in zip(weights, parts) where part.weights > 0 {
      numerator += Int128(weight.units) * part.shares * (common / part.weights)
      weightSum += Int128(weight.units)
    }
    guard weightSum > 0 else { return nil }
    return FixedPoint(
      units: FixedPoint.divide(numerator, by: weightSum * common * finePerUnit))
  }
}

private func fineUnits(_ share: FixedPoint) -> FineUnits { FineUnits(share.units) * finePerUnit }

/// The fields that parts are made of.
private let inputFields = Fields.mask(
  of: QualityPart.all.flatMap(\.inputs).flatMap { input -> [Field] in
    switch input.measure {
    case .share(.testsPassed): [.testsPassed, .testsPassRate]
    case .rating: [.rating, .helpful]
    default: input.field(in: Fields()).map { [$0] } ?? []
    }
  })

private func isSaid(_ feedback: Feedback) -> Bool {
  feedback.accepted != nil || feedback.modified != nil || feedback.abandoned == true
}

/// What an answer must reach to be good enough, as far as it is given.
public enum QualityBar {
  /// Of code quality, functional correctness and context relevance, input by input.
  private static let bounds: [(part: QualityPart, bounds: [(field: Field, hundredths: Int64)])] = [
    (
      .codeQuality,
      [
        (.codeCompiles, 95), (.styleScore, 90), (.maintainabilityScore, 80), (.securityScore, 95),
        (.performanceScore, 75),
      ]
    ),
    (
      .correctness,
      [(.testsPassed, 85), (.lintPasses, 80), (.typeCheckPasses, 75), (.noRuntimeErrors, 80)]
    ),
    (.relevance, [(.projectScore, 80), (.patternScore, 85), (.domainScore, 75)]),
  ]
  /// Of context relevance as a whole.
  private static let relevance = FixedPoint(hundredths: 70)

  /// In words.
  public static let rule =
    bounds.map { part, bounds in
      let inputs = QualityPart.all.flatMap(\.inputs)
      let words = bounds.map { bound in
        let name = inputs.first { $0.field(in: Fields()) == bound.field }?.name ?? bound.field.name
        return "\(name) ≥\(FixedPoint(hundredths: bound.hundredths))"
      }
      return "\(part.name): " + words.joined(separator: ", ")
    }.joined(separator: "; ") + "; relevance as a whole ≥\(relevance)"

  /// Whether all that is given reaches it; nil where nothing is.
  public static func isMet(by fields: Fields, _ parts: QualityParts) -> Bool? {
    var isMet: Bool?
    func add(_ reaches: Bool) { isMet = (isMet ?? true) && reaches }
    for (field, hundredths) in bounds.flatMap(\.bounds) {
      if let share = fields.share(field) { add(share >= FixedPoint(hundredths: hundredths)) }
    }
    if let whole = parts[3] { add(whole >= relevance) }
    return isMet
  }
}
