import Bytes
import Events
import Facts
import Scoring
import Views

/// A part of the quality score: what it is made of, and by which weights.
private struct QualityPart {
  let name: String
  let weight: FixedPoint
  let rule: String
  /// What may be given; null for what is not.
  var inputs: [(input: Input, hundredths: Int64, share: Double?)] = []

  /// The weighted mean of what is given; nil when nothing is.
  var value: Double? {
    let given = inputs.compactMap { entry in entry.share.map { (Double(entry.hundredths), $0) } }
    if given.isEmpty { return nil }
    return given.reduce(0) { $0 + $1.0 * min(max($1.1, 0), 1) } / given.reduce(0) { $0 + $1.0 }
  }

  var figure: Figure {
    let made = inputs.flatMap { entry in
      [
        entry.input, Input("share_of_\(entry.input.name)", Cell(entry.share)),
        Input("weight_of_\(entry.input.name)", .decimal(FixedPoint(hundredths: entry.hundredths))),
      ]
    }
    return Figure(
      name, Cell(value), "\(rule); the weighted mean of the shares that are given", made)
  }
}

extension ScoreStory {
  /// The five parts of the profile `quality`, and the score.
  var qualityFigures: [Figure] {
    let parts = qualityParts
    let inputs = parts.flatMap {
      [Input($0.name, Cell($0.value)), Input("weight_of_\($0.name)", .decimal($0.weight))]
    }
    let score = Figure(
      "score", .decimal(score.total),
      "the sum of weight × part over the sum of the weights, over the parts that are given; 0 when "
        + "none is", inputs)
    return parts.map(\.figure) + [score]
  }

  private var qualityParts: [QualityPart] {
    let weights = settings.qualityWeights
    var correctness = QualityPart(
      name: "functional_correctness", weight: weights.correctness, rule: "true 1, false 0")
    for (field, hundredths) in [
      (Field.codeCompiles, 25), (.testsPassed, 25), (.lintPasses, 15), (.typeCheckPasses, 15),
      (.deploymentSuccess, 10), (.noRuntimeErrors, 10),
    ] as [(Field, Int64)] {
      correctness.inputs.append((input(field), hundredths, share(fields.bool(field))))
    }
    return [
      satisfaction(weights.satisfaction), correctness,
      shares(
        "code_quality", weights.codeQuality,
        [
          (.styleScore, 30), (.maintainabilityScore, 30), (.securityScore, 25),
          (.performanceScore, 15),
        ]),
      shares(
        "context_relevance", weights.relevance,
        [(.projectScore, 40), (.patternScore, 35), (.domainScore, 25)]),
      efficiency(weights.efficiency),
    ]
  }

  private func share(_ truth: Bool?) -> Double? { truth.map { $0 ? 1 : 0 } }

  private func shares(
    _ name: String, _ weight: FixedPoint, _ fields: [(Field, Int64)]
  ) -> QualityPart {
    var part = QualityPart(name: name, weight: weight, rule: "each as given, from 0 to 1")
    for (field, hundredths) in fields {
      part.inputs.append((input(field), hundredths, self.fields.number(field)?.doubleValue))
    }
    return part
  }

  private func satisfaction(_ weight: FixedPoint) -> QualityPart {
    var part = QualityPart(
      name: "satisfaction", weight: weight,
      rule: "rating / 5, or helpful; accepted 1, modified 0.7, else 0; first use <30 s 1, <300 s "
        + "0.5, else 0")
    if let rating = fields.number(.rating) {
      part.inputs.append((input(.rating), 50, rating.doubleValue / 5))
    } else {
      part.inputs.append((input(.helpful), 50, share(fields.bool(.helpful))))
    }
    let said = state.feedback
    let isSaid = said.accepted != nil || said.modified != nil || said.abandoned == true
    let implicit = said.accepted == true ? 1 : said.modified == true ? 0.7 : 0
    part.inputs.append(
      (Input("implicit", Cell(isSaid ? implicit : nil)), 30, isSaid ? implicit : nil))
    let seconds = fields.number(.timeToFirstUseS)?.doubleValue
    part.inputs.append(
      (input(.timeToFirstUseS), 20, seconds.map { $0 < 30 ? 1 : $0 < 300 ? 0.5 : 0 }))
    return part
  }

  private func efficiency(_ weight: FixedPoint) -> QualityPart {
    var part = QualityPart(
      name: "efficiency", weight: weight,
      rule: "1 − (generation_time_s − 2) / 10; 1 − solution_complexity; productivity_gain; each "
        + "within 0 to 1")
    let seconds = fields.number(.generationTimeS)?.doubleValue
    part.inputs.append((input(.generationTimeS), 40, seconds.map { 1 - ($0 - 2) / 10 }))
    let complexity = fields.number(.solutionComplexity)?.doubleValue
    part.inputs.append((input(.solutionComplexity), 30, complexity.map { 1 - $0 }))
    part.inputs.append(
      (input(.productivityGain), 30, fields.number(.productivityGain)?.doubleValue))
    return part
  }
}
