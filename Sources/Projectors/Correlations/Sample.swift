internal import Bytes
internal import Events
internal import Facts

/// A scored interaction: the levels that it is at, and its metrics.
struct Sample: Sendable {
  private(set) var offset: Offset
  private(set) var measures: Measures
  /// At most one a factor, but for tools: each that was used.
  private(set) var levels: [Level]

  /// - Parameter levels: storage to use again.
  init(_ interaction: borrowing Interaction, levels: consuming [Level] = []) {
    offset = interaction.offset
    measures = Measures(interaction)
    self.levels = levels
    self.levels.removeAll(keepingCapacity: true)
    self.levels.append(Level.streams[Int(interaction.stream.rawValue)])
    self.levels.append(Level(.kind, interaction.kind))
    self.levels.append(Level.hours[interaction.time.hour])
    addFields(interaction.fields)
  }

  private mutating func addFields(_ fields: Fields) {
    if let count = fields.number(.iterations), let level = Level.iterations(count) {
      levels.append(level)
    }
    for (factor, field) in Factor.byField {
      guard let value = fields[field] else { continue }
      switch value {
      case .text(let text): levels.append(Level(factor, text))
      case .bool(let bool): levels.append(Level(factor, bool ? "true" : "false"))
      case .number(let number): levels.append(Level(factor, number.description))
      case .texts: break
      }
    }
    let firstTool = levels.count
    for tool in fields.texts(.toolsUsed) {
      let level = Level(.tool, tool)
      if !levels[firstTool...].contains(where: { $0.hash == level.hash }) { levels.append(level) }
    }
  }
}
