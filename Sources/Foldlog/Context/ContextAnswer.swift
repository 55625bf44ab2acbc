package import Events
internal import Masking
package import Query

/// What an agent is told: sections of lines, each of which stands on a line of the log.
package struct ContextAnswer: Sendable {
  package struct Line: Sendable {
    /// Masked, as exports are.
    package let text: String
    /// The last line of the log that it stands on.
    package let offset: UInt64
    /// What is to be done, as the log has it; nil where that is nothing that can be done.
    package var action: String?
    /// The template of the errors that it is about.
    package var pattern: String?
    package var successes: UInt64?
    package var attempts: UInt64?

    package init(_ text: String, at offset: UInt64) {
      self.text = text
      self.offset = offset
    }
  }

  package struct Section: Sendable {
    package let name: String
    package let title: String
    package var lines: [Line]
  }

  package private(set) var sections: [Section] = []
  /// The last event that is in it; −1 for none.
  package let offset: Int64
  /// Why views could not be read: then that there is nothing is no finding.
  package let unread: [String]
  private var room: Int

  /// - Parameter sizeMax: characters that it may have.
  init(offset: Int64, sizeMax: Int, unread: [String] = []) {
    self.offset = offset
    self.unread = unread
    room = sizeMax
  }

  package var isEmpty: Bool { sections.isEmpty }

  /// The same with no more than the first lines.
  package func first(lines count: Int) -> ContextAnswer {
    var answer = self
    var left = count
    answer.sections = sections.compactMap { section in
      var part = section
      part.lines = Array(section.lines.prefix(left))
      left -= part.lines.count
      return part.lines.isEmpty ? nil : part
    }
    return answer
  }

  package var lines: [Line] { sections.flatMap(\.lines) }

  /// Adds a section as far as there is room; none without lines.
  mutating func add(_ name: String, _ title: String, _ lines: [Line]) {
    var section = Section(name: name, title: title, lines: [])
    var rest = room - title.count - 1 - (sections.isEmpty ? 0 : 1)
    for line in lines {
      let size = Self.shown(line).count + 1
      if size > rest { break }
      rest -= size
      section.lines.append(line)
    }
    if section.lines.isEmpty { return }
    room = rest
    sections.append(section)
  }

  private static func shown(_ line: Line) -> String { "- \(line.text) [line \(line.offset)]" }

  /// For a model; empty when there is nothing to tell.
  package var text: String {
    sections.map { section in
      "\(section.title)\n" + section.lines.map { Self.shown($0) + "\n" }.joined()
    }.joined(separator: "\n")
  }

  package var document: JSONDocument {
    .object([
      ("offset", .number(offset)),
      (
        "sections",
        .list(
          sections.map { section in
            .object([
              ("name", .text(section.name)), ("title", .text(section.title)),
              ("lines", .list(section.lines.map(Self.document))),
            ])
          })
      ),
      ("tokens", .number((text.count + 3) / 4)),
    ])
  }

  private static func document(_ line: Line) -> JSONDocument {
    var members: [(name: String, value: JSONDocument)] = [
      ("text", .text(line.text)), ("offset", .number(line.offset)),
    ]
    if let successes = line.successes { members.append(("successes", .number(successes))) }
    if let attempts = line.attempts { members.append(("attempts", .number(attempts))) }
    return .object(members)
  }
}

/// Texts of the log as an answer shows them: on one line, masked, without the project's folder, cut.
struct AnswerText {
  private var masker = Masker()
  private let project: String?

  init(project: String?) { self.project = project }

  /// Characters of a text that are looked at: what is longer is cut before it is masked, and once more.
  private static let readMax = 2_000

  /// A text that is given to a shell, or to nobody: nil for what is longer, has lines, or is not what it
  /// says once it is masked.
  mutating func whole(_ text: String, atMost count: Int) -> String? {
    let isOneLine = !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f }
    guard isOneLine, text.count <= count, masker.mask(text) == text else { return nil }
    return text
  }

  mutating func of(_ text: String, atMost count: Int = 200) -> String {
    var text = String(text.prefix(Self.readMax))
    if let project, project.utf8.count > 1 { text = text.replacing(project + "/", with: "") }
    let words = masker.mask(text).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count > count ? words.prefix(count - 1) + "…" : words
  }
}

extension ContextAnswer {
  /// What it costs and who was there is no advice.
  private static let unadvised: Set = ["costs", "dead_ends", "file"]

  /// That each line was told. What failed is no advice that anybody could heed.
  package func advices(by hook: String) -> [GivenAdvice] {
    sections.filter { !Self.unadvised.contains($0.name) }.flatMap { section in
      section.lines.map { line in
        var advice = GivenAdvice()
        advice.section = section.name
        advice.hook = hook
        advice.advice = line.advice
        advice.pattern = line.pattern
        advice.evidence = line.offset
        return advice
      }
    }
  }

  /// Without what was told of errors. What did not mend one is not told by itself where what did was.
  package func without(_ isTold: (_ pattern: String, _ advice: String?) -> Bool) -> ContextAnswer {
    var answer = self
    answer.sections = sections.compactMap { section in
      var part = section
      part.lines.removeAll { line in
        line.pattern.map { isTold($0, line.action == nil ? nil : line.advice) } ?? false
      }
      return part.lines.isEmpty ? nil : part
    }
    return answer
  }
}

extension ContextAnswer.Line {
  /// What is noted of it.
  fileprivate var advice: String {
    if let action { return action }
    var text = text
    while text.utf8.count > GivenAdvice.adviceMax { text.removeLast() }
    return text
  }
}
