internal import Bytes
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

extension TableDifference {
  /// Several tables for a person: each that differs, with its fields, then one line for all others.
  package static func lines(
    _ differences: [TableDifference], _ style: TextStyle = TextStyle()
  ) -> [String] {
    var blocks = differences.filter { !$0.isEmpty }.map { $0.lines(style) }
    let others = differences.filter(\.isEmpty).map(\.table)
    if !others.isEmpty {
      blocks.append(wrapped("unchanged: ", others, width: style.width ?? 80).map(style.dim))
    }
    return Array(blocks.joined(separator: [""]))
  }

  /// The counts, a line for each field that changed, and the first rows that came or went. None is
  /// longer than the terminal is wide.
  package func lines(_ style: TextStyle = TextStyle()) -> [String] {
    var lines = [style.bold(DisplayText(heading(style), width: style.width).text)]
    if !fields.isEmpty { lines += grid(style).lines(style) }
    lines += keyLines("added: ", addedKeys, of: added, style)
    lines += keyLines("removed: ", removedKeys, of: removed, style)
    return lines
  }

  private func heading(_ style: TextStyle) -> String {
    let before = HumanNumbers.grouped(rowsBefore)
    let rows =
      rowsBefore == rowsAfter
      ? HumanNumbers.counted(rowsAfter, "row")
      : "\(before) \(style.arrow) \(HumanNumbers.counted(rowsAfter, "row"))"
    let counts = [(added, "added"), (removed, "removed"), (changed, "changed")]
      .filter { $0.0 > 0 }.map { "\(HumanNumbers.grouped($0.0)) \($0.1)" }
    return "\(table): \(rows); \(counts.isEmpty ? "unchanged" : counts.joined(separator: ", "))"
  }

  private func grid(_ style: TextStyle) -> TextGrid {
    var grid = TextGrid([
      .init("field"), .init("changed", isNumber: true), .init("mean change", isNumber: true),
      .init("largest change"),
    ])
    for field in fields {
      grid.append([
        field.field, HumanNumbers.grouped(field.changed),
        field.meanChange.map { signed(.real($0)) } ?? "",
        field.examples.first.map { text(of: $0, style) } ?? "",
      ])
    }
    return grid
  }

  private func text(of change: CellChange, _ style: TextStyle) -> String {
    let (before, after) = shownPair(change.before, change.after, style)
    let difference = change.difference.isNull ? "" : " (\(signed(change.difference)))"
    let name = keyText(key, change.key, isASCII: style.isASCII)
    return "\(name): \(before) \(style.arrow) \(after)\(difference)"
  }

  private func keyLines(
    _ label: String, _ keys: [[Cell]], of count: Int, _ style: TextStyle
  ) -> [String] {
    if keys.isEmpty { return [] }
    let rest = count - keys.count
    let names = keys.map { keyText(key, $0, isASCII: style.isASCII) }
    return wrapped(
      label, names + (rest > 0 ? ["and \(HumanNumbers.grouped(rest)) more"] : []),
      width: style.width ?? 80)
  }
}

extension TextStyle {
  fileprivate var arrow: String { isASCII ? "->" : "→" }
}

/// Columns of the terminal that a value may take.
private let valueWidth = 40

/// A row's key as an expression would name it: `day=2026-01-05 stream=ralph`.
func keyText(_ columns: [Column], _ cells: [Cell], isASCII: Bool = false) -> String {
  // An event that is the only one of its line is named by its offset.
  zip(columns, cells).filter { $0.name != partColumn || $1 != .integer(0) }.map { column, cell in
    "\(column.name)=\(DisplayText(cell, width: valueWidth, isASCII: isASCII).text)"
  }.joined(separator: " ")
}

/// A number with its sign, as tables show numbers.
private func signed(_ number: Cell) -> String {
  let text = DisplayText(number, width: nil, isASCII: true).text
  return (number.doubleValue ?? 0) > 0 && text != "0" ? "+\(text)" : text
}

/// Two values as tables show them. Long texts that begin alike are shown from where they differ.
private func shownPair(_ before: Cell, _ after: Cell, _ style: TextStyle) -> (String, String) {
  var pair = (before, after)
  if case .text(let old) = before, case .text(let new) = after {
    let shared = zip(old, new).prefix { $0 == $1 }.count
    // What comes just before the difference tells where it is.
    let start = shared - 12
    if start > valueWidth / 4 {
      let ellipsis = style.isASCII ? "~" : "…"
      pair = (.text(ellipsis + old.dropFirst(start)), .text(ellipsis + new.dropFirst(start)))
    }
  }
  return (
    DisplayText(pair.0, width: valueWidth, isASCII: style.isASCII).text,
    DisplayText(pair.1, width: valueWidth, isASCII: style.isASCII).text
  )
}

extension TableDifference {
  /// One object of JSON, without a newline at its end.
  package var json: [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(ascii: "{\"table\":")
    bytes.append(json: table)
    let counts: [(StaticString, Int)] = [
      (",\"rows_before\":", rowsBefore), (",\"rows_after\":", rowsAfter), (",\"added\":", added),
      (",\"removed\":", removed), (",\"changed\":", changed),
    ]
    for (name, count) in counts {
      bytes.append(ascii: name)
      bytes.append(integer: Int64(count))
    }
    let keys = JSONRows(key)
    bytes.append(ascii: ",\"fields\":")
    bytes.appendArray(fields) { bytes, field in field.append(to: &bytes, keys) }
    bytes.append(ascii: ",\"added_keys\":")
    bytes.appendArray(addedKeys) { bytes, key in keys.append(key, to: &bytes) }
    bytes.append(ascii: ",\"removed_keys\":")
    bytes.appendArray(removedKeys) { bytes, key in keys.append(key, to: &bytes) }
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

extension FieldDifference {
  fileprivate func append(to bytes: inout [UInt8], _ keys: JSONRows) {
    bytes.append(ascii: "{\"field\":")
    bytes.append(json: field)
    bytes.append(ascii: ",\"changed\":")
    bytes.append(integer: Int64(changed))
    bytes.append(ascii: ",\"mean_change\":")
    bytes.append(json: Cell(meanChange))
    bytes.append(ascii: ",\"largest\":")
    bytes.appendArray(examples) { bytes, change in change.append(to: &bytes, keys) }
    bytes.append(UInt8(ascii: "}"))
  }
}

extension CellChange {
  fileprivate func append(to bytes: inout [UInt8], _ keys: JSONRows) {
    bytes.append(ascii: "{\"key\":")
    keys.append(key, to: &bytes)
    let cells: [(StaticString, Cell)] = [
      (",\"before\":", before), (",\"after\":", after), (",\"difference\":", difference),
    ]
    for (name, cell) in cells {
      bytes.append(ascii: name)
      bytes.append(json: cell)
    }
    bytes.append(UInt8(ascii: "}"))
  }
}
