internal import Events
package import Views

/// Why an answer has no rows, in sentences for the person who asked.
package struct EmptyAnswer: Sendable {
  package let sentences: [String]

  /// Reads the table once more.
  ///
  /// - Returns: nil where none were asked for.
  package init?(_ plan: QueryPlan, in tables: any ViewReader) throws(TableError) {
    if plan.limit == 0 { return nil }
    let columns = plan.source.columns
    var findings = plan.sourceFilter.alternatives.map { filters in
      filters.map { Finding($0, of: columns[$0.column]) }
    }
    var rows = 0
    try plan.source.forEach(in: tables) { cells in
      rows += 1
      for place in findings.indices {
        for index in findings[place].indices { findings[place][index].add(cells) }
      }
      return true
    }
    let name = plan.source.name
    guard rows > 0 else {
      sentences =
        ["\(name) has no rows: nothing that was folded makes one"]
        + (try plan.source.reasonsForNone(in: tables))
      return
    }
    let ofRows =
      rows == 1
      ? "the one row of \(name)" : "the \(HumanNumbers.grouped(rows)) rows of \(name)"
    let none = findings.joined().filter { $0.passed == 0 }.map { finding in
      "none of \(ofRows) passes `\(finding.expression)`\(finding.hint)"
    }
    sentences =
      none.isEmpty
      ? ["none of \(ofRows) passes all conditions, though each passes some"]
      : none.enumerated().filter { !none[..<$0.offset].contains($0.element) }.map(\.element)
  }
}

/// What is found of one condition, over all rows.
private struct Finding {
  let expression: String
  private(set) var passed = 0

  private let filter: Filter
  private let column: Column
  private var least: Cell?
  private var greatest: Cell?
  private var nulls = 0
  private var others = 0
  /// The different texts in the column, in the order in which they came.
  private var texts: [String] = []
  private var known: Set<String> = []

  /// No more different texts are looked at.
  private static let textsMax = 100_000
  /// No more are named where none is near.
  private static let namedMax = 6
  private static let width = 60

  init(_ filter: Filter, of column: Column) {
    expression = DisplayText(filter.expression, width: Self.width).text
    self.filter = filter
    self.column = column
  }

  mutating func add(_ cells: [Cell]) {
    if filter.matches(cells) { passed += 1 }
    // A condition that some row passes needs no hint.
    if passed > 0 { return }
    let cell = filter.column < cells.count ? cells[filter.column] : .null
    switch cell {
    case .null:
      nulls += 1
      return
    case .text(let text): add(text)
    case .texts(let list): for text in list { add(text) }
    case .integer, .decimal, .real, .time:
      if least.map({ Cell.orderNullsLast(cell, $0) < 0 }) ?? true { least = cell }
      if greatest.map({ Cell.orderNullsLast(cell, $0) > 0 }) ?? true { greatest = cell }
    case .bool, .offsets: break
    }
    others += 1
  }

  private mutating func add(_ text: String) {
    if texts.count < Self.textsMax, known.insert(text).inserted { texts.append(text) }
  }

  /// What the column has instead, behind the condition.
  var hint: String {
    let name = column.name
    guard let wanted = filter.test.wanted else {
      // It was asked for null, or for none.
      return nulls == 0 ? "; `\(name)` is null in none" : "; `\(name)` is null in all"
    }
    if others == 0 { return "; `\(name)` is null in all: `\(name) = null` asks for that" }
    if let least, let greatest {
      return least == greatest
        ? "; `\(name)` is \(least.plainText) in all that have it"
        : "; `\(name)` goes from \(least.plainText) to \(greatest.plainText)"
    }
    if texts.isEmpty { return "" }
    let near = nearTexts(to: wanted)
    if !near.isEmpty {
      return "; did you mean \(near.map(quoted).joined(separator: " or "))?"
    }
    let sorted = texts.sorted()
    if sorted.count <= Self.namedMax {
      return "; `\(name)` has \(sorted.map(quoted).joined(separator: ", "))"
    }
    return "; `\(name)` has \(HumanNumbers.grouped(sorted.count)) other values, such as "
      + sorted.prefix(3).map(quoted).joined(separator: ", ")
  }

  /// Those that a slip turns into the wanted one, else those that have it in them or whose word it is.
  private func nearTexts(to wanted: String) -> [String] {
    if let nearest = nearestName(to: wanted, among: texts) { return [nearest] }
    let letters = wanted.lowercased()
    if letters.utf8.count > 1 {
      let holding = texts.filter { $0.lowercased().contains(letters) }
      if !holding.isEmpty { return Array(holding.sorted(by: isShorter).prefix(3)) }
    }
    return namesOfWord(near: wanted, among: texts)
  }

  private func isShorter(_ one: String, _ other: String) -> Bool {
    (one.utf8.count, one) < (other.utf8.count, other)
  }

  private func quoted(_ text: String) -> String {
    "`\(DisplayText(text, width: Self.width).text)`"
  }
}
