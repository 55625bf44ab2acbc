internal import Views

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
  zip(columns, cells).map { column, cell in
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
