internal import Events
internal import Projection
package import Query
internal import Scoring
internal import Views

/// Every setting that `foldlog.toml` can have, with its default, as it is declared.
package struct SettingsPage: Sendable {
  private struct Part {
    let section: DeclaredSection
    /// What the settings of the section count for.
    let counts: String
  }

  private let parts: [Part]

  /// - Parameter name: a section with all that are in it, or one setting; nil for all.
  package init(_ name: String? = nil, projectors: ProjectorCatalogue) throws(QueryError) {
    let folding = FoldingSettings(views: ViewSettings(of: projectors.projectors))
    var parts = (ProgramSettings().declared + ReactSettings().declared).map {
      Part(section: $0, counts: "They change no row.")
    }
    parts += folding.scoring.declared.map {
      Part(
        section: $0,
        counts: """
          They count in the digest of every view that uses interactions: after a change such a view \
          keeps its rows and waits for `foldlog replay`.
          """)
    }
    parts += folding.prices.declared.map {
      Part(
        section: $0,
        counts: """
          Of a model's prices those count in the digest of every view that uses interactions or calls \
          of models that held between the first and the last of its calls: after a change of these \
          such a view keeps its rows and waits for `foldlog replay`.
          """)
    }
    for view in folding.views.views {
      parts += (folding.views[view]?.declared ?? []).map {
        Part(
          section: $0,
          counts: """
            They count in the digest of the view `\(view)` alone: after a change it keeps its rows \
            and waits for `foldlog replay \(view)`.
            """)
      }
    }
    guard let name else {
      self.parts = parts
      return
    }
    self.parts = parts.compactMap { part in
      let section = part.section.name
      if section == name || section.hasPrefix("\(name).") { return part }
      var cut = part.section
      cut.settings = cut.settings.filter { $0.name == name }
      return cut.settings.isEmpty ? nil : Part(section: cut, counts: part.counts)
    }
    if self.parts.isEmpty {
      let names = Self.names(parts.map(\.section))
      throw QueryError(
        .missing, "no setting `\(name)`\(suggestion(for: name, among: names, partedBy: "."))",
        notes: ["sections: \(parts.map(\.section.name).joined(separator: ", "))"])
    }
  }

  /// Every section and every setting.
  package var names: [String] { Self.names(parts.map(\.section)) }

  private static func names(_ sections: [DeclaredSection]) -> [String] {
    sections.flatMap { [$0.name] + $0.settings.map(\.name) }
  }

  /// A `foldlog.toml` that sets everything to its default, with a comment above each.
  package var toml: String {
    var lines = ["# foldlog.toml: what a file does not name has the value that stands here."]
    for part in parts {
      lines.append("")
      lines += comment(part.section.about)
      if let rule = part.section.ruleText { lines += comment(rule) }
      // Of what anybody may name, and of lists, there is none: their patterns are comments.
      let isList = part.section.isList
      lines.append(isList ? "# [[\(part.section.name)]]" : "[\(part.section.name)]")
      for entry in part.section.settings {
        lines += comment("\(entry.setting.about) It is \(entry.setting.requirement).")
        let isNamed = entry.value == nil && !isList
        let line =
          isNamed
          ? "# \"\(entry.key)\" = 0" : "\(entry.key) = \(entry.value == nil ? "0" : entry.written)"
        lines.append(isList ? "# \(line)" : line)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  private func comment(_ text: String) -> [String] { broken(text, indent: "# ", width: 100) }

  /// A list of objects, one for each setting.
  package var json: [UInt8] {
    JSONDocument.list(
      parts.flatMap { part in
        part.section.settings.map { entry in
          var members: [(name: String, value: JSONDocument)] = [
            ("name", .text(entry.name)),
            (
              "default",
              entry.value.map { entry.isText ? .text($0) : .raw($0) } ?? .raw("null")
            ),
            ("must_be", .text(entry.setting.requirement)),
          ]
          if let unit = entry.setting.unit { members.append(("unit", .text(unit.rawValue))) }
          members.append(("about", .text(entry.setting.about)))
          if let rule = part.section.ruleText { members.append(("section_rule", .text(rule))) }
          members.append(("counts", .text(part.counts)))
          return .object(members)
        }
      }
    ).bytes
  }

  /// The page schemas/settings.md.
  package var markdown: String {
    var lines = [
      "# Settings: `foldlog.toml` in the data directory", "",
      "Made by `tools/schemas` from the declarations; `foldlog settings` prints them as a file.",
      "",
    ]
    lines += broken(
      """
      Every command reads the file at its start, if it is there. What it does not name has its \
      default. A setting that is not listed here, or beyond its bounds, ends the command with status \
      64 and one line that names the file, the line, the setting and the bound.
      """, indent: "", width: 100)
    var counts = ""
    for part in parts {
      var about = part.section.about
      if let rule = part.section.ruleText { about += " \(rule)" }
      if part.counts != counts { about += " \(part.counts)" }
      counts = part.counts
      let name = part.section.isList ? "[[\(part.section.name)]]" : "[\(part.section.name)]"
      lines += ["", "## `\(name)`", ""] + broken(about, indent: "", width: 100)
      if part.section.settings.isEmpty { continue }
      lines += ["", "| setting | default | must be | |", "|---|---|---|---|"]
      for entry in part.section.settings {
        let value = entry.value == nil ? "none" : "`\(entry.written)`"
        lines.append(
          "| `\(entry.name)` | \(value) | \(entry.setting.requirement) | \(entry.setting.about) |")
      }
    }
    lines += [
      "", "## Example", "", "```toml", "[values]", "adjust_thresholds = true", "",
      "[values.weights]", "outcome = 0.5", "feedback = 0.1", "", "[values.domains]",
      "billing = 0.05", "\"front end\" = -0.02", "```",
    ]
    return lines.map { $0 + "\n" }.joined()
  }
}

extension DeclaredSection {
  /// What must hold for its settings together.
  fileprivate var ruleText: String? {
    switch rule {
    case .addUpToOne: "They add up to 1."
    case .someAboveZero: "At least one of them is above 0."
    case .needs(let keys):
      "Each entry has " + keys.map { "`\($0)`" }.joined(separator: ", ") + "."
    case nil: nil
    }
  }
}
