internal import Bytes
internal import Query
internal import TOML
internal import Views

/// One setting as the file has it.
struct FileSetting {
  let path: String
  /// `values.weights` of `[values.weights]`.
  let section: String
  let key: String
  /// From 1.
  let line: Int
  let value: SettingInput

  var name: String { section.isEmpty ? key : "\(section).\(key)" }

  func error(_ reason: String) -> FoldlogError {
    FoldlogError(.usage, "\(place): `\(name)`: \(reason)")
  }

  /// An error of its whole section.
  func sectionError(_ reason: String) -> FoldlogError {
    FoldlogError(.usage, "\(place): `\(section)`: \(reason)")
  }

  /// The line of what was given with a command, and stands in no file.
  fileprivate static let givenLine = Int.max

  private var place: String {
    line == Self.givenLine ? "--set \(path)" : "\(shownPath(path)):\(line)"
  }
}

/// `foldlog.toml`, taken apart.
struct SettingsFile {
  private(set) var all: [FileSetting] = []
  /// The entries of lists, by the lists' names: each as if it were a file of its own.
  private(set) var lists: [String: [SettingsFile]] = [:]
  /// Of an entry of a list: where it begins, to tell what is wrong with it.
  private(set) var beginning: FileSetting?
  /// The command that tries these settings out, where one does; with `--set` it takes others.
  private(set) var trial: String?

  init(path: String, text: String) throws(FoldlogError) {
    do { self.init(try TOMLValue(document: text), section: "", path: path) } catch {
      throw FoldlogError(.usage, "\(shownPath(path)):\(error.line): \(error.reason)")
    }
  }

  private init(_ table: TOMLValue, section: String, path: String) {
    for (key, value) in table.table ?? [] {
      let name = section.isEmpty ? key : "\(section).\(key)"
      if value.table != nil {
        let part = SettingsFile(value, section: name, path: path)
        all += part.all
        lists.merge(part.lists) { first, _ in first }
      } else if let entries = value.array, entries.contains(where: { $0.table != nil }) {
        lists[name] = entries.filter { $0.table != nil }.map { entry in
          var part = SettingsFile(entry, section: name, path: path)
          part.beginning = FileSetting(
            path: path, section: name, key: "", line: entry.line, value: .other)
          return part
        }
      } else {
        all.append(
          FileSetting(
            path: path, section: section, key: key, line: value.line, value: SettingInput(value)))
      }
    }
  }

  /// The file with other settings in the place of its own, or beside them.
  ///
  /// - Parameters:
  ///   - given: each `NAME=VALUE`, the value as the file would have it; a text needs no quotation marks.
  ///   - trial: the command that they were given with, without them.
  func setting(_ given: [String], in trial: String) throws(FoldlogError) -> SettingsFile {
    var file = self
    file.trial = trial
    for text in given {
      let setting = try Self.given(text)
      file.all.removeAll { $0.name == setting.name }
      file.all.append(setting)
    }
    return file
  }

  private static func given(_ text: String) throws(FoldlogError) -> FileSetting {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let trimmed = parts.map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
    if trimmed.count == 2, !trimmed[0].isEmpty {
      let (name, value) = (trimmed[0], trimmed[1])
      for written in [value, "\"\(value)\""] {
        guard let document = try? TOMLValue(document: "\(name) = \(written)") else { continue }
        let found = SettingsFile(document, section: "", path: text).all
        guard found.count == 1, let setting = found.first else { continue }
        return FileSetting(
          path: text, section: setting.section, key: setting.key, line: FileSetting.givenLine,
          value: setting.value)
      }
    }
    throw FoldlogError(
      .usage,
      "--set takes a setting and its value, such as values.weights.feedback=0.3, not `\(text)`: "
        + "`foldlog settings` lists them")
  }

  /// The one of a section that stands last.
  func last(in section: String) -> FileSetting? {
    all.filter { $0.section == section }.max { $0.line < $1.line }
  }
}

extension SettingInput {
  fileprivate init(_ value: TOMLValue) {
    switch value.content {
    case .bool(let bool): self = .bool(bool)
    case .integer(let integer): self = .integer(integer)
    case .real(let real): self = .real(real)
    case .text(let text): self = .text(text)
    case .date(let date): self = .text(date)
    case .array(let elements):
      let texts = elements.compactMap { if case .text(let text) = $0.content { text } else { nil } }
      self = texts.count == elements.count ? .texts(texts) : .other
    case .table, .time: self = .other
    }
  }
}

/// Takes the settings of a file into groups, and says what is wrong with them.
struct SettingReader: SettingVisitor {
  typealias Failure = FoldlogError

  private let file: SettingsFile
  /// The indices of those that some group has taken, and the lists.
  private var taken: Set<Int> = []
  private var takenLists: Set<String> = []
  private var rules: [(section: String, rule: SectionRule)] = []
  /// The sections of the groups that were read, with their keys, and the numbers that are set.
  private var sections: [(name: String, keys: [String])] = []
  private var numbers: [String: [(key: String, number: FixedPoint)]] = [:]

  init(_ file: SettingsFile) { self.file = file }

  /// A group with what the file says of it.
  mutating func read<Group: SettingGroup>(_ group: Group) throws(FoldlogError) -> Group {
    let group = try taken(by: group)
    try checkRules()
    return group
  }

  private mutating func taken<Group: SettingGroup>(
    by group: Group
  ) throws(FoldlogError) -> Group {
    var group = group
    rules = []
    try Group.settings(&group, &self)
    return group
  }

  private func checkRules() throws(FoldlogError) {
    for (section, rule) in rules { try check(section, rule) }
  }

  mutating func readAny(_ group: any SettingGroup) throws(FoldlogError) -> any SettingGroup {
    try read(group)
  }

  /// Refuses what no group has, unless it is of a view of others.
  func finish(_ others: () -> Set<String> = { [] }) throws(FoldlogError) {
    for (name, entries) in file.lists where !takenLists.contains(name) {
      guard let first = entries.first?.all.first ?? entries.first?.beginning else { continue }
      throw first.sectionError("there is no such list")
    }
    var foreign: Set<String>?
    for (index, setting) in file.all.enumerated() where !taken.contains(index) {
      let views = foreign ?? others()
      foreign = views
      if views.contains(String(setting.section.prefix { $0 != "." })) { continue }
      throw setting.error("there is no such setting\(nearest(setting)); \(known(setting))")
    }
  }

  mutating func section(_ name: String, _ about: String, rule: SectionRule?) {
    _ = keys(of: name)
    if let rule { rules.append((name, rule)) }
  }

  mutating func value<Value: SettingValue>(
    _ value: inout Value, within bound: Value.Bound?, as setting: @autoclosure () -> Setting
  ) throws(FoldlogError) {
    let setting = setting()
    sections[keys(of: setting.section)].keys.append(setting.key)
    if let index = file.all.firstIndex(where: { $0.name == setting.name }) {
      value = try taking(index, setting, bound)
    }
    if let number = value as? FixedPoint {
      numbers[setting.section, default: []].append((setting.key, number))
    }
  }

  mutating func table<Entry: NamedSetting>(
    _ entries: inout [Entry], within bound: Entry.Value.Bound?,
    as setting: @autoclosure () -> Setting
  ) throws(FoldlogError) {
    let setting = setting()
    sections[keys(of: setting.section)].keys.append(setting.key)
    for (index, found) in file.all.enumerated() where found.section == setting.section {
      entries.append(Entry(name: found.key, value: try taking(index, setting, bound)))
    }
  }

  mutating func list<Entry: SettingGroup>(
    _ entries: inout [Entry], _ name: String, _ about: String
  ) throws(FoldlogError) {
    takenLists.insert(name)
    for file in file.lists[name] ?? [] {
      var reader = SettingReader(file)
      entries.append(try reader.taken(by: Entry()))
      // A name that is misspelt is told as that, and not as one that is missing.
      try reader.finish()
      try reader.checkRules()
    }
  }

  mutating func constant<Value: ByteCodable>(_ value: inout Value) {}

  private mutating func taking<Value: SettingValue>(
    _ index: Int, _ setting: Setting, _ bound: Value.Bound?
  ) throws(FoldlogError) -> Value {
    taken.insert(index)
    guard let value = Value(file.all[index].value, within: bound) else {
      throw file.all[index].error("it is \(setting.requirement)")
    }
    return value
  }

  private mutating func keys(of section: String) -> Int {
    if let known = sections.firstIndex(where: { $0.name == section }) { return known }
    sections.append((section, []))
    return sections.count - 1
  }

  private func check(_ section: String, _ rule: SectionRule) throws(FoldlogError) {
    if case .needs(let keys) = rule {
      let missing = keys.filter { key in
        !file.all.contains { $0.section == section && $0.key == key }
      }
      guard let beginning = file.beginning, let key = missing.first else { return }
      throw beginning.sectionError("an entry has \(listed(keys)), and here is no \(key)")
    }
    guard let last = file.last(in: section) else { return }
    let set = numbers[section] ?? []
    let sum = set.reduce(FixedPoint.zero) { $0 + $1.number }
    switch rule {
    case .addUpToOne where sum != .one:
      throw last.sectionError(
        "\(listed(set.map(\.key))) add up to 1, and these to "
          + set.map(\.number.description).joined(separator: " + ") + " = \(sum)"
          + inProportion(section, set, sum: sum))
    case .someAboveZero where sum == .zero:
      throw last.sectionError("at least one of \(listed(set.map(\.key))) is above 0")
    default: return
    }
  }

  /// The numbers that are to each other as those that are set, and add up to 1.
  private func inProportion(
    _ section: String, _ set: [(key: String, number: FixedPoint)], sum: FixedPoint
  ) -> String {
    guard sum > .zero, set.allSatisfy({ $0.number >= .zero }) else { return "" }
    // To ten-thousandths; the last takes what is left.
    var parts = set.map { number in
      FixedPoint(
        units: FixedPoint.divide(Int128(number.number.units) * 10_000, by: Int128(sum.units))
          * 100_000)
    }
    parts[parts.count - 1] = parts.dropLast().reduce(.one) { $0 - $1 }
    if let trial = file.trial {
      let settings = zip(set, parts).map { "--set \(section).\($0.key)=\($1)" }
      return "; in the same proportion:\n  \(trial) \(settings.joined(separator: " "))"
    }
    return "; in the same proportion: "
      + zip(set, parts).map { "\($0.key) = \($1)" }.joined(separator: ", ")
  }

  /// The one that was meant, by its key where there is such a section, else by its whole name.
  private func nearest(_ setting: FileSetting) -> String {
    let here = sections.filter { $0.name == setting.section && !$0.keys.isEmpty }
    let near: String? =
      if let section = here.first {
        nearestName(to: setting.key, among: section.keys).map { "\(section.name).\($0)" }
      } else {
        nearestName(
          to: setting.name,
          among: sections.flatMap { section in section.keys.map { "\(section.name).\($0)" } })
      }
    return near.map { ": did you mean `\($0)`?" } ?? ""
  }

  /// What there is beside a setting that is not.
  private func known(_ setting: FileSetting) -> String {
    let here = sections.first { $0.name == setting.section }?.keys ?? []
    let inner = sections.map(\.name).filter { $0.hasPrefix("\(setting.section).") }
    if here.isEmpty { return "there are the sections \(listed(sections.map(\.name)))" }
    let sections = inner.isEmpty ? "" : ", and the sections \(listed(inner))"
    return "there are \(listed(here))\(sections)"
  }
}

/// `a, b and c`.
private func listed(_ names: [String]) -> String {
  guard let last = names.last, names.count > 1 else { return names.first ?? "" }
  return "\(names.dropLast().joined(separator: ", ")) and \(last)"
}
