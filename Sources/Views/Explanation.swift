public import Events

/// How a row, or an interaction, came about, so that a person can check each number by hand.
public struct Explanation: Equatable, Sendable {
  /// What it is, in a few words.
  public var title: String
  /// How all of its kind come about, in sentences.
  public var rule: String
  /// Its numbers; a number comes after those that it is computed from.
  public var figures: [Figure]
  /// What happened, event by event.
  public var steps: [Step]
  /// The events that it is derived from, as far as each is known.
  public var offsets: [Offset]
  /// How many these are in all; nil where that is not counted.
  public var offsetCount: UInt64?

  public init(
    title: String, rule: String, figures: [Figure] = [], steps: [Step] = [],
    offsets: [Offset] = [], offsetCount: UInt64? = nil
  ) {
    self.title = title
    self.rule = rule
    self.figures = figures
    self.steps = steps
    self.offsets = offsets
    self.offsetCount = offsetCount
  }

  /// Replaces the figure of the same name, or appends it when there is none.
  public mutating func set(_ figure: Figure) {
    if let place = figures.firstIndex(where: { $0.name == figure.name }) {
      figures[place] = figure
    } else {
      figures.append(figure)
    }
  }

  /// Gives the figure of a column more inputs.
  public mutating func add(_ inputs: Input..., to name: String) {
    guard let place = figures.firstIndex(where: { $0.name == name }) else { return }
    let figure = figures[place]
    figures[place] = Figure(name, figure.value, figure.rule, figure.inputs + inputs)
  }
}

/// A number, or another value, with its rule and its inputs.
public struct Figure: Equatable, Sendable {
  /// As a column calls it, where there is one.
  public let name: String
  public let value: Cell
  /// A formula over the names of the inputs, or a sentence; empty where it was just said.
  public let rule: String
  /// What the rule names, in its order.
  public let inputs: [Input]

  public init(_ name: String, _ value: Cell, _ rule: String = "", _ inputs: [Input] = []) {
    self.name = name
    self.value = value
    self.rule = rule
    self.inputs = inputs
  }
}

/// A value that a figure was computed from, and the events that gave it, where these are known.
public struct Input: Equatable, Sendable {
  public let name: String
  public let value: Cell
  public let offsets: [Offset]

  public init(_ name: String, _ value: Cell, _ offsets: [Offset] = []) {
    self.name = name
    self.value = value
    self.offsets = offsets
  }
}

/// What an event did.
public struct Step: Equatable, Sendable {
  public let offset: Offset
  public let text: String

  public init(_ offset: Offset, _ text: String) {
    self.offset = offset
    self.text = text
  }
}

/// The cells of a row under their columns' names.
public struct AnswerRow: Sendable {
  public let columns: [Column]
  public let cells: [Cell]

  public init(columns: [Column], cells: [Cell]) {
    self.columns = columns
    self.cells = cells
  }

  /// What the row is named by: the cells of its key, an event in one, as 48 or `48.2`.
  public func keyCells(_ key: [String]) -> [Cell] {
    var cells: [Cell] = []
    for name in key {
      let cell = self[name]
      if name == partColumn, let offset = cells.last {
        guard cell != .integer(0) else { continue }
        cells[cells.count - 1] = .text("\(offset.plainText).\(cell.plainText)")
      } else {
        cells.append(cell)
      }
    }
    return cells
  }

  /// The same as one text.
  public func name(key: [String]) -> String {
    keyCells(key).map(\.plainText).joined(separator: " ")
  }

  /// The cell of a column; null when there is no such column.
  public subscript(name: String) -> Cell {
    guard let place = columns.firstIndex(where: { $0.name == name }), place < cells.count else {
      return .null
    }
    return cells[place]
  }

  /// The events that its columns name, in order: of `offsets`, `offset`, `first_offset`,
  /// `last_offset`.
  public var offsets: [Offset] {
    var all = Set(self["offsets"].offsets ?? [])
    for name in ["offset", "first_offset", "last_offset"] {
      if let number = self[name].integer, let offset = Offset(exactly: number) {
        all.insert(offset)
      }
    }
    return all.sorted()
  }
}
