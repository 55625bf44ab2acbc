internal import Bytes
internal import Scoring

extension ScoringSettings {
  /// Each setting by its name in `foldlog.toml`: see schemas/settings.md.
  var named: [(name: String, value: String)] {
    let profileName = profile == .value ? "value" : "quality"
    var all: [(name: String, value: String)] = [
      ("values.profile", profileName), ("values.adjust_thresholds", "\(adjustsThresholds)"),
      ("values.feedback_per_minute", "\(feedbackPerMinuteMax)"),
    ]
    func add(_ section: String, _ values: [(String, FixedPoint)]) {
      all += values.map { ("values.\(section).\($0)", "\($1)") }
    }
    add(
      "weights",
      [
        ("outcome", valueWeights.outcome), ("feedback", valueWeights.feedback),
        ("reusability", valueWeights.reusability), ("complexity", valueWeights.complexity),
        ("novelty", valueWeights.novelty),
      ])
    add(
      "quality_weights",
      [
        ("satisfaction", qualityWeights.satisfaction), ("correctness", qualityWeights.correctness),
        ("code_quality", qualityWeights.codeQuality), ("relevance", qualityWeights.relevance),
        ("efficiency", qualityWeights.efficiency),
      ])
    add(
      "thresholds",
      [
        ("high_value", thresholds.highValue), ("high_quality", thresholds.highQuality),
        ("exceptional", thresholds.exceptional),
      ])
    add("domains", domainAdjustments.map { ($0.domain, $0.adjustment) })
    return all
  }

  /// As `foldlog.toml` says it: all of `[values]`.
  var written: String {
    var lines: [String] = []
    var section = ""
    for (name, value) in named {
      let parts = name.split(separator: ".", maxSplits: 2)
      let own = parts.count == 3 ? "values.\(parts[1])" : "values"
      if own != section { lines.append("[\(own)]") }
      section = own
      let key = parts.last.map(String.init) ?? ""
      let isText = name == "values.profile"
      lines.append("\(quoted(key)) = \(isText ? quoted(value) : value)")
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

/// A TOML string: what is not plain is escaped.
private func quoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"", "\\": quoted += "\\\(scalar)"
    case _ where scalar.value < 0x20 || scalar.value == 0x7f:
      let digits = String(scalar.value, radix: 16)
      quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: quoted.unicodeScalars.append(scalar)
    }
  }
  return quoted + "\""
}
