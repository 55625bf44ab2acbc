package import Views

/// What differs between two states of a table.
package struct TableDifference: Equatable, Sendable {
  package let table: String
  /// The columns that name a row, in whose order all keys are given.
  package let key: [Column]
  package var rowsBefore = 0
  package var rowsAfter = 0
  package var added = 0
  package var removed = 0
  /// Rows of the same key with another value in some field.
  package var changed = 0
  /// The fields that changed anywhere, in the order of the columns.
  package var fields: [FieldDifference] = []
  /// The first few, by key.
  package var addedKeys: [[Cell]] = []
  package var removedKeys: [[Cell]] = []

  package init(table: String, key: [Column]) {
    self.table = table
    self.key = key
  }

  /// Whether both states are the same.
  package var isEmpty: Bool { added == 0 && removed == 0 && changed == 0 }
}

/// How a field changed over the rows that are on both sides.
package struct FieldDifference: Equatable, Sendable {
  package let field: String
  /// Rows in which it changed.
  package var changed = 0
  /// Of the rows where it changed from number to number; nil when there are none.
  package var meanChange: Double?
  /// The largest few changes of numbers, then, or of other fields, the first. Equal ones by key.
  package var examples: [CellChange] = []

  package init(field: String) { self.field = field }
}

/// A value of one row, before and after.
package struct CellChange: Equatable, Sendable {
  /// As `TableDifference.key` names it.
  package let key: [Cell]
  package let before: Cell
  package let after: Cell
  /// After less before, exact but for reals; null unless both are numbers. What is beyond the range
  /// of its type is the nearest that is not.
  package let difference: Cell

  package init(key: [Cell], before: Cell, after: Cell, difference: Cell = .null) {
    self.key = key
    self.before = before
    self.after = after
    self.difference = difference
  }
}
