package import Events
internal import Query

/// Asks that something is remembered.
package struct NoteRequest: Request {
  package var text: String
  /// decision, preference, pattern, insight or other.
  package var section: String?
  /// What it is about: a later note takes the place of one of the same key.
  package var key: String?
  /// The project that it holds for; nil for all.
  package var project: String?

  package init(text: String) { self.text = text }

  package struct Checked: Equatable, Sendable {
    package let text: String
    package let section: KnowledgeSection
    package let key: String?
    package let project: String?
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    // Of a key an empty text takes back what was noted.
    if text.allSatisfy(\.isWhitespace), key?.isEmpty ?? true {
      throw FoldlogError(
        .usage, "a note has a text, and this one is empty: that takes back a note which has a key")
    }
    if text.utf8.count > NotedKnowledge.textMax {
      throw FoldlogError(
        .usage,
        "a note has at most \(NotedKnowledge.textMax) bytes, and this one has \(text.utf8.count)")
    }
    let names = KnowledgeSection.allCases.map(\.rawValue)
    let word = section ?? KnowledgeSection.other.rawValue
    guard let section = KnowledgeSection(rawValue: word.lowercased()) else {
      throw FoldlogError(
        .usage,
        "there is no section `\(word)`: there are \(names.joined(separator: ", "))"
          + suggestion(for: word, among: names))
    }
    return Checked(text: text, section: section, key: key, project: project.map(ProjectFolder.name))
  }
}
