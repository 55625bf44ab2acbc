package import Events

/// How a row, or an interaction, came about: so that a person can check each number by hand.
package struct Explanation: Equatable, Sendable {
  /// What it is, in a few words.
  package var title: String
  /// How all of its kind come about, in sentences.
  package var rule: String
  /// Its numbers, those that others are made of first.
  package var figures: [Figure]
  /// What happened, event by event.
  package var steps: [Step]
  /// The events that it stands on, as far as they are known one by one.
  package var offsets: [Offset]
  /// How many these are in all; nil where nobody counted.
  package var offsetCount: UInt64?

  package init(
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
}

/// A number, or another value, with the rule that made it and what it was made of.
package struct Figure: Equatable, Sendable {
  /// As a column calls it, where there is one.
  package let name: String
  package let value: Cell
  /// A formula over the names of the inputs, or a sentence; empty where it was just said.
  package let rule: String
  package let inputs: [Input]

  package init(_ name: String, _ value: Cell, _ rule: String = "", _ inputs: [Input] = []) {
    self.name = name
    self.value = value
    self.rule = rule
    self.inputs = inputs
  }
}

/// What a figure was made of, and the events that it came from, where these are known.
package struct Input: Equatable, Sendable {
  package let name: String
  package let value: Cell
  package let offsets: [Offset]

  package init(_ name: String, _ value: Cell, _ offsets: [Offset] = []) {
    self.name = name
    self.value = value
    self.offsets = offsets
  }
}

/// What an event did.
package struct Step: Equatable, Sendable {
  package let offset: Offset
  package let text: String

  package init(_ offset: Offset, _ text: String) {
    self.offset = offset
    self.text = text
  }
}

/// The cells of a row under their columns' names.
package struct AnswerRow: Sendable {
  package let columns: [Column]
  package let cells: [Cell]

  package init(columns: [Column], cells: [Cell]) {
    self.columns = columns
    self.cells = cells
  }

  /// The cell of a column; null when there is no such column.
  package subscript(name: String) -> Cell {
    guard let place = columns.firstIndex(where: { $0.name == name }), place < cells.count else {
      return .null
    }
    return cells[place]
  }

  /// The events that its columns name, in order: of `offsets`, `offset`, `first_offset`,
  /// `last_offset`.
  package var offsets: [Offset] {
    var all = Set(self["offsets"].offsets ?? [])
    for name in ["offset", "first_offset", "last_offset"] {
      if let number = self[name].integer, let offset = Offset(exactly: number) {
        all.insert(offset)
      }
    }
    return all.sorted()
  }
}

extension Cell {
  /// Its text, if it holds one.
  package var text: String? { if case .text(let text) = self { text } else { nil } }
  /// Its whole number, if it holds one.
  package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
  /// Its offsets, if it holds some.
  package var offsets: [Offset]? { if case .offsets(let offsets) = self { offsets } else { nil } }
}
