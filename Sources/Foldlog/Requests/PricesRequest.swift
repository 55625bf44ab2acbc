internal import Conversations
internal import Query
internal import Views

/// Asks for the prices that count, or for entries made of a published list.
package struct PricesRequest: Request {
  /// Names of models, or what they begin with and a star.
  package var models: [String] = []
  package var format = TextFormat.text.rawValue
  /// A file as LiteLLM publishes it.
  package var importing: String?
  /// The first day on which what is imported counts.
  package var from: String?

  package init() {}

  package struct Checked: Sendable {
    let models: [ModelPattern]
    package let format: TextFormat
    package let importing: String?
    let from: SettingDay

    fileprivate init(
      _ models: [ModelPattern], _ format: TextFormat, _ importing: String?, _ from: SettingDay
    ) {
      self.models = models
      self.format = format
      self.importing = importing
      self.from = from
    }
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    let format = try checkedFormat(format, TextFormat.allCases)
    var patterns: [ModelPattern] = []
    for model in models {
      guard let pattern = ModelPattern(.text(model), within: nil) else {
        throw FoldlogError(
          .usage, "a model is \(ModelPattern.requirement(within: nil, unit: nil)), not `\(model)`")
      }
      patterns.append(pattern)
    }
    if importing == nil, from != nil {
      throw FoldlogError(.usage, "--from goes with --import")
    }
    var day = SettingDay()
    if let from {
      guard let given = SettingDay(.text(from), within: nil) else {
        throw FoldlogError(
          .usage,
          "--from takes \(SettingDay.requirement(within: nil, unit: nil)), "
            + (from.isEmpty ? "and nothing is given" : "not `\(from)`\(daysMeant(by: from))"))
      }
      day = given
    }
    return Checked(patterns, format, importing, day)
  }
}
