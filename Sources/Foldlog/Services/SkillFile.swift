internal import Bytes
internal import Events
internal import Masking
internal import Views

/// A skill as agents read it: a folder of its name with a `SKILL.md`. Every text is masked, as in
/// other exports.
struct SkillFile {
  /// Safe as the name of a folder: small letters, digits and single dashes.
  let folder: String
  let bytes: [UInt8]
  /// The beginning of the line that names the skill.
  private let mark: String

  /// Most bytes of a folder's name.
  static let nameMax = 64
  /// Most bytes of a description in the front matter.
  static let descriptionMax = 1_024

  /// - Parameters:
  ///   - taken: the folders that other skills have.
  init(_ skill: AnswerRow, besides taken: Set<String>) {
    var masker = Masker()
    func masked(_ text: String) -> String { Self.plain(masker.mask(text)) }
    let title = masked(skill["name"].text ?? "")
    let id = skill["skill_id"].text ?? ""
    folder = Self.folder(Self.word(title), Self.word(id), besides: taken)
    let description = masked(skill["description"].text ?? "")
    var text = "---\nname: \(Self.named(folder))\n"
    text += "description: \(Self.quoted(description.isEmpty ? title : description))\n---\n\n"
    text += "# \(Self.line(title))\n"
    if !description.isEmpty { text += "\n\(Self.sentence(description))\n" }
    text += Self.list("Before", masked, skill["prerequisites"], numbered: false)
    text += Self.list("Steps", masked, skill["steps"], numbered: true)
    if let example = skill["example"].text, !example.isEmpty {
      text += "\n## Example\n\n\(Self.fenced(masked(example)))\n"
    }
    text += "\n## Evidence\n\n"
    func number(_ column: String) -> String { skill[column].plainText }
    text += "- Value \(number("value_score")); uses: \(number("usage_count")), of which "
    text += "\(number("successes")) succeeded and \(number("failures")) failed.\n"
    if let source = skill["source_offset"].integer {
      let model = masked(skill["model"].text ?? "a model")
      text += "- Written down by \(Self.line(model)) from the interaction at line \(source).\n"
    } else if let node = skill["node"].text {
      text += "- From \(Self.line(masked(node))).\n"
    }
    mark = "\n- Skill \(Self.line(masked(id))); "
    text += "\(mark.dropFirst())lines of the log: \(skill["offsets"].plainText)"
    text += skill.offsets.count < (skill["offset_count"].integer ?? 0) ? ", and more.\n" : ".\n"
    bytes = Array(text.utf8)
  }

  /// Whether a file that is there is of this skill: another log may have one of the same name.
  func isOfSameSkill(_ present: [UInt8]) -> Bool {
    String(decoding: present, as: UTF8.self).contains(mark)
  }

  private static func list(
    _ title: String, _ masked: (String) -> String, _ cell: Cell, numbered: Bool
  ) -> String {
    guard case .texts(let texts) = cell, !texts.isEmpty else { return "" }
    let items = texts.enumerated().map { number, text in
      (numbered ? "\(number + 1). " : "- ") + line(masked(text))
    }
    return "\n## \(title)\n\n" + items.joined(separator: "\n") + "\n"
  }

  /// A name that no other skill has. A line can say any text as an id.
  private static func folder(_ name: String, _ id: String, besides taken: Set<String>) -> String {
    if !taken.contains(name) { return name }
    let longer = "\(name.prefix(nameMax - 9))-\(id.prefix(8))"
    if !taken.contains(longer) { return longer }
    var number = 2
    while taken.contains("\(longer.prefix(nameMax - 8))-\(number)") { number += 1 }
    return "\(longer.prefix(nameMax - 8))-\(number)"
  }

  /// A text without what stands for nothing that can be read, and may do something to a terminal or to the
  /// order of what is shown: control characters but for new lines and tabs, marks of direction, and what is
  /// no character.
  private static func plain(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.filter { scalar in
          switch scalar.value {
          case 0x09, 0x0a: true
          case ..<0x20, 0x7f...0x9f, 0x200e, 0x200f, 0x202a...0x202e, 0x2066...0x2069: false
          default: !scalar.properties.isNoncharacterCodePoint
          }
        }))
  }

  /// The name of a folder, in quotation marks where YAML would read it as a number, a date or a truth.
  private static func named(_ folder: String) -> String {
    let words = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"]
    let isNumber = folder.utf8.first.map { (0x30...0x39).contains($0) } ?? true
    return isNumber || words.contains(folder) ? "\"\(folder)\"" : folder
  }

  /// A text on one line that begins no heading, list or quotation.
  private static func sentence(_ text: String) -> String {
    let line = line(text)
    let marks = Array("#>-*+=~`|<".utf8)
    return line.utf8.first.map { marks.contains($0) } ?? false ? "\\\(line)" : line
  }

  /// A text as it is, in a fence that nothing in it ends.
  private static func fenced(_ text: String) -> String {
    var (longest, run) = (0, 0)
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(fence)"
  }

  /// A text on one line.
  private static func line(_ text: String) -> String {
    text.split(whereSeparator: { $0.isWhitespace || $0.isNewline }).joined(separator: " ")
  }

  /// The name of a folder that a text gives; `skill` for one without letters and digits of ASCII.
  static func word(_ text: String) -> String {
    var word = ""
    for byte in text.utf8 {
      let small = (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
      let isPlain = (0x61...0x7a).contains(small) || (0x30...0x39).contains(small)
      if isPlain {
        if word.utf8.count == nameMax { break }
        word.unicodeScalars.append(Unicode.Scalar(small))
      } else if !word.isEmpty, !word.hasSuffix("-"), word.utf8.count < nameMax {
        word += "-"
      }
    }
    if word.hasSuffix("-") { word.removeLast() }
    return word.isEmpty ? "skill" : word
  }

  /// A text in the quotation marks of YAML, on one line.
  private static func quoted(_ text: String) -> String {
    var quoted = ""
    var size = 0
    for scalar in line(text).unicodeScalars {
      size += UTF8.width(scalar)
      if size > descriptionMax { break }
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      // What YAML does not print stands for nothing a reader needs.
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value): continue
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return "\"\(quoted)\""
  }
}
