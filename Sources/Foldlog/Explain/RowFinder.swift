internal import Bytes
internal import Events
internal import Projection
internal import Query
internal import Tables
internal import Views

/// Finds a row of a table by its key, as a person types it: in words, or as one word with commas.
struct RowFinder {
  let table: any ExplainedTable
  let tables: any ViewReader
  private let places: [Int]
  private static let candidatesMax = 8
  private static let namesMax = 20_000

  init(_ table: any ExplainedTable, in tables: any ViewReader) {
    self.table = table
    self.tables = tables
    places = table.key.compactMap { name in table.columns.firstIndex { $0.name == name } }
  }

  /// What a person says of a key: an event's part is said with its offset.
  private var spoken: [String] { table.key.filter { $0 != partColumn } }

  private var keyText: String { spoken.map { $0.uppercased() }.joined(separator: " ") }

  /// The row with just this key; nil when there is none.
  func exactRow(_ key: [String?]) throws -> AnswerRow? {
    let isWithoutPart = key.count == spoken.count && !key.contains(nil)
    let parts = isWithoutPart ? texts(key.compactMap(\.self)) : key
    guard parts.count == places.count else {
      throw FoldlogError(
        .usage,
        "a key of \(table.name) has the columns \(table.key.joined(separator: ", ")): "
          + "\(key.count) given")
    }
    return try row(RowKey(parts))
  }

  private func row(_ key: RowKey) throws -> AnswerRow? {
    try table.row(key, in: tables).map { AnswerRow(columns: table.columns, cells: $0) }
  }

  /// - Throws: what is wrong with the key, or which keys are near.
  func row(_ words: [String]) throws -> AnswerRow {
    guard !words.isEmpty else {
      throw FoldlogError(
        .usage,
        "name a row by its key: foldlog explain \(table.name) \(keyText)"
          + (try first.map { ", for one `foldlog explain \($0)`" } ?? ""))
    }
    var readings = [parts(words)]
    let split = words[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    if words.count == 1, split.count == spoken.count, split.count > 1 { readings.append(split) }
    readings = readings.map(texts)
    for parts in readings where parts.count == places.count {
      // What is written as null may be a text, too.
      let named = RowKey(parts.map { isNull($0) ? nil : $0 })
      for key in parts.contains(where: isNull) ? [named, RowKey(parts)] : [named] {
        if let row = try row(key) { return row }
      }
    }
    for parts in readings { if let row = try row(parts, in: readings) { return row } }
    try check(readings[0])
    throw FoldlogError(
      .noInput,
      "\(table.name) has no row \(words.joined(separator: " "))"
        + (try suggestion(for: readings[0])))
  }

  /// Words beyond the parts of a key are of the last part.
  private func parts(_ words: [String]) -> [String] {
    guard words.count > spoken.count, words.count != table.key.count else { return words }
    let last = spoken.count - 1
    return Array(words[..<last]) + [words[last...].joined(separator: " ")]
  }

  /// The texts of the key's columns: of `48.2` an offset and a part, of `48` part 0.
  private func texts(_ words: [String]) -> [String] {
    guard words.count == spoken.count else { return words }
    return zip(spoken, words).flatMap { name, word -> [String] in
      guard let place = table.key.firstIndex(of: name),
        table.key[(place + 1)...].first == partColumn
      else { return [word] }
      guard let event = EventID(word) else { return [word, "0"] }
      return ["\(event.offset)", "\(event.part)"]
    }
  }

  private func row(_ parts: [String], in readings: [[String]]) throws -> AnswerRow? {
    var exact: AnswerRow?
    var near: [AnswerRow] = []
    try table.forEach(in: tables) { cells in
      let row = AnswerRow(columns: table.columns, cells: cells)
      if matches(cells, parts, isPrefix: false), parts.count == places.count {
        exact = row
        return false
      }
      if near.count <= Self.candidatesMax, matches(cells, parts, isPrefix: true) {
        near.append(row)
      }
      return true
    }
    if let exact { return exact }
    if near.count <= 1 { return near.first }
    let names = near.prefix(Self.candidatesMax).map { "foldlog explain \(name($0))" }
    throw FoldlogError(
      .usage,
      "more than one row fits; name one by \(keyText):\n  " + names.joined(separator: "\n  ")
        + (near.count > Self.candidatesMax ? "\n  …" : ""))
  }

  private func matches(_ cells: [Cell], _ parts: [String], isPrefix: Bool) -> Bool {
    for (place, part) in zip(places, parts) {
      let cell = cells[place]
      if cell == .null {
        if isNull(part) { continue }
        return false
      }
      let text = cell.plainText.utf8
      if text.elementsEqual(part.utf8) { continue }
      guard isPrefix, case .text = cell, text.starts(with: part.utf8) else { return false }
    }
    return true
  }

  private func isNull(_ part: String) -> Bool { part == "null" || part == "-" }

  private func name(_ row: AnswerRow) -> String {
    Lineage.ExplainedRow(table: table.name, key: table.key, row: row).name
  }

  private var first: String? {
    get throws {
      var first: String?
      try table.forEach(in: tables) { cells in
        first = name(AnswerRow(columns: table.columns, cells: cells))
        return false
      }
      return first
    }
  }

  /// A part that no key can have.
  private func check(_ parts: [String]) throws {
    for (place, part) in zip(places, parts) {
      let column = table.columns[place]
      if column.type == .integer, part != "null", UInt64(part) == nil {
        throw FoldlogError(
          .usage,
          "\(column.name) is a whole number from 0 on, and `\(part)` is none: foldlog explain \(table.name) "
            + keyText)
      }
    }
  }

  /// What may have been meant: the row that an event is in, else the nearest number or name.
  private func suggestion(for parts: [String]) throws -> String {
    let number = parts.first.flatMap(UInt64.init)
    var holding: String?
    var nearest: (distance: UInt64, name: String)?
    var names: [String: String] = [:]
    try table.forEach(in: tables) { cells in
      let row = AnswerRow(columns: table.columns, cells: cells)
      if let number {
        if holding == nil, row.offsets.contains(number) { holding = name(row) }
        if let key = cells[places[0]].integer.flatMap(UInt64.init(exactly:)) {
          let distance = key > number ? key - number : number - key
          if distance < nearest?.distance ?? .max { nearest = (distance, name(row)) }
        }
      } else if names.count < Self.namesMax {
        names[places.map { cells[$0].plainText }.joined(separator: " ")] = name(row)
      }
      return true
    }
    if let holding { return "; event \(parts[0]) is in `foldlog explain \(holding)`" }
    if let nearest { return "; the nearest is `foldlog explain \(nearest.name)`" }
    let near = nearestName(to: parts.joined(separator: " "), among: names.keys.sorted())
    return near.flatMap { names[$0] }.map { "; did you mean `foldlog explain \($0)`?" } ?? ""
  }
}
