internal import Bytes
internal import TOMLKit

/// One setting as the file has it.
struct Setting {
  let path: String
  /// `values.weights` of `[values.weights]`.
  let section: String
  let key: String
  /// From 1; nil when it is written in a form that is not looked for.
  let line: Int?
  let value: any TOMLValueConvertible

  func error(_ reason: String) -> FoldlogError {
    FoldlogError(.usage, "\(place): `\(section.isEmpty ? key : "\(section).\(key)")`: \(reason)")
  }

  /// An error of its whole section.
  func sectionError(_ reason: String) -> FoldlogError {
    FoldlogError(.usage, "\(place): `\(section)`: \(reason)")
  }

  /// The file, and the line where it is known.
  private var place: String {
    line.map { "\(shownPath(path)):\($0)" } ?? shownPath(path)
  }

  /// A number of bytes.
  func size(atLeast least: Int) throws(FoldlogError) -> Int {
    guard let size = value.int, size >= least else {
      throw error("it is a number of bytes, at least \(least)")
    }
    return size
  }

  func eventCount(in range: ClosedRange<Int>) throws(FoldlogError) -> Int {
    guard let count = value.int, range.contains(count) else {
      throw error("it is a number of events, \(range.lowerBound) to \(range.upperBound)")
    }
    return count
  }

  /// A decimal between two numbers of hundredths.
  func decimal(in hundredths: ClosedRange<Int64>) throws(FoldlogError) -> FixedPoint {
    let low = FixedPoint(hundredths: hundredths.lowerBound)
    let high = FixedPoint(hundredths: hundredths.upperBound)
    let number =
      value.double.flatMap { FixedPoint($0) } ?? value.int.flatMap { FixedPoint(Int64($0)) }
    guard let number, number >= low, number <= high else {
      throw error("it is a number from \(low) to \(high)")
    }
    return number
  }

  func bool() throws(FoldlogError) -> Bool {
    guard let bool = value.bool else { throw error("it is true or false") }
    return bool
  }
}

/// `foldlog.toml`, taken apart.
struct SettingsFile {
  let all: [Setting]

  init(path: String, text: String) throws(FoldlogError) {
    let table: TOMLTable
    do { table = try TOMLTable(string: text) } catch {
      throw FoldlogError(.usage, "\(shownPath(path)): \(error)")
    }
    var all: [Setting] = []
    Self.collect(table, section: "", path: path, lines: settingLines(of: text), into: &all)
    self.all = all
  }

  /// The one of a section that stands last.
  func last(in section: String) -> Setting? {
    all.filter { $0.section == section }.max { ($0.line ?? 0) < ($1.line ?? 0) }
  }

  private static func collect(
    _ table: TOMLTable, section: String, path: String, lines: [String: Int],
    into all: inout [Setting]
  ) {
    for key in table.keys {
      guard let value = table[key] else { continue }
      let name = section.isEmpty ? key : "\(section).\(key)"
      if let inner = value.table {
        collect(inner, section: name, path: path, lines: lines, into: &all)
      } else {
        all.append(
          Setting(
            path: path, section: section, key: key, line: lines[name] ?? lines[section],
            value: value))
      }
    }
  }
}

/// Where each setting stands: the TOML reader does not say. What is in a table of one line stands
/// where that does.
private func settingLines(of text: String) -> [String: Int] {
  var lines: [String: Int] = [:]
  var section = ""
  // CR and LF together are one character.
  let ends: Set<Character> = ["\n", "\r\n"]
  let all = text.split(omittingEmptySubsequences: false, whereSeparator: ends.contains)
  for (number, line) in all.enumerated() {
    let words = line.drop { $0 == " " || $0 == "\t" }
    if words.hasPrefix("[") {
      section = words.dropFirst().prefix { $0 != "]" }.filter(isBare)
    } else if let end = words.firstIndex(of: "=") {
      let key = words[..<end].filter(isBare)
      lines[section.isEmpty ? key : "\(section).\(key)"] = number + 1
    }
  }
  return lines
}

/// Whether a character of a name is not there for its form alone.
private func isBare(_ character: Character) -> Bool {
  character != " " && character != "\t" && character != "\"" && character != "'"
}
