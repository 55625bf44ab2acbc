internal import Bytes

extension SettingGroup {
  /// The same bytes for settings that do the same: what a digest covers.
  public var canonicalBytes: [UInt8] {
    var encoder = SettingEncoder()
    var group = self
    Self.settings(&group, &encoder)
    return encoder.writer.bytes
  }

  /// Each setting with its value, those of a section side by side.
  public var declared: [DeclaredSection] {
    var lister = SettingLister()
    var group = self
    Self.settings(&group, &lister)
    return lister.sections
  }
}

/// A section of `foldlog.toml` with its settings and their values.
public struct DeclaredSection: Sendable {
  public let name: String
  public var about = ""
  /// What must hold for its settings together; nil for nothing.
  public var rule: SectionRule?
  public var settings: [DeclaredSetting] = []
  /// Whether the file has it once for each entry of a list: `[[name]]`.
  public var isList = false
  /// Of a list: whether it is an entry, and no pattern of one.
  public var isEntry = false
}

/// A setting, and what it is set to.
public struct DeclaredSetting: Sendable {
  public let setting: Setting
  /// Nil for a setting that anybody may name, whose `setting.key` is a word for the names, and for
  /// one that need not be given.
  public let value: String?
  /// Whether the file has it in quotation marks.
  public let isText: Bool
  /// Of one that somebody named: its name.
  public var key: String

  public var name: String { "\(setting.section).\(key)" }
}

private struct SettingEncoder: SettingVisitor {
  typealias Failure = Never

  var writer = ByteWriter(capacity: 160)

  mutating func section(_ name: String, _ about: String, rule: SectionRule?) {}

  mutating func value<Value: SettingValue>(
    _ value: inout Value, within bound: Value.Bound?, as setting: @autoclosure () -> Setting
  ) { value.encode(into: &writer) }

  /// Of one name twice, the first counts; in the order of the names' bytes.
  mutating func table<Entry: NamedSetting>(
    _ entries: inout [Entry], within bound: Entry.Value.Bound?,
    as setting: @autoclosure () -> Setting
  ) {
    var kept: [Entry] = []
    for entry in entries where !kept.contains(where: { entry.name.isSame(as: $0.name) }) {
      kept.append(entry)
    }
    kept.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    writer.append(varint: kept.count)
    for entry in kept {
      writer.append(text: entry.name)
      entry.value.encode(into: &writer)
    }
  }

  mutating func list<Entry: SettingGroup>(
    _ entries: inout [Entry], _ name: String, _ about: String
  ) {
    writer.append(varint: entries.count)
    for index in entries.indices { Entry.settings(&entries[index], &self) }
  }

  mutating func constant<Value: ByteCodable>(_ value: inout Value) { value.encode(into: &writer) }
}

extension String {
  fileprivate func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

private struct SettingLister: SettingVisitor {
  typealias Failure = Never

  var sections: [DeclaredSection] = []

  private mutating func index(of section: String) -> Int {
    if let known = sections.firstIndex(where: { $0.name == section && !$0.isList }) { return known }
    sections.append(DeclaredSection(name: section))
    return sections.count - 1
  }

  mutating func section(_ name: String, _ about: String, rule: SectionRule?) {
    let index = index(of: name)
    sections[index].about = about
    sections[index].rule = rule
  }

  mutating func value<Value: SettingValue>(
    _ value: inout Value, within bound: Value.Bound?, as setting: @autoclosure () -> Setting
  ) {
    let setting = setting()
    sections[index(of: setting.section)].settings.append(
      DeclaredSetting(
        setting: setting, value: value.isGiven ? value.text : nil, isText: Value.isText,
        key: setting.key))
  }

  mutating func table<Entry: NamedSetting>(
    _ entries: inout [Entry], within bound: Entry.Value.Bound?,
    as setting: @autoclosure () -> Setting
  ) {
    let setting = setting()
    let index = index(of: setting.section)
    sections[index].settings.append(
      DeclaredSetting(
        setting: setting, value: nil, isText: Entry.Value.isText, key: setting.key))
    for entry in entries {
      sections[index].settings.append(
        DeclaredSetting(
          setting: setting, value: entry.value.text, isText: Entry.Value.isText, key: entry.name))
    }
  }

  mutating func list<Entry: SettingGroup>(
    _ entries: inout [Entry], _ name: String, _ about: String
  ) {
    for (number, entry) in ([Entry()] + entries).enumerated() {
      for var section in entry.declared {
        section.about = about
        section.isList = true
        section.isEntry = number > 0
        sections.append(section)
      }
    }
  }

  mutating func constant<Value: ByteCodable>(_ value: inout Value) {}
}
