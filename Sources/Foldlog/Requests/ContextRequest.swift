/// Asks what an agent should be told now.
package struct ContextRequest: Request {
  /// What the agent was asked to do.
  package var prompt: String?
  /// The message of an error that it met.
  package var error: String?
  /// A file that it works on.
  package var file: String?
  /// The project, or folder, that it works in.
  package var project: String?
  /// At most so many tokens, of four characters each.
  package var budget_tokens = 1_000
  /// Whether only what concerns the error, the file or the prompt is told, and nothing that holds
  /// anyhow.
  package var isBrief = false
  package var format = TextFormat.text.rawValue
  /// Where the log is taken to end: an offset or a time.
  package var asOf: String?

  package init() {}

  package struct Checked: Equatable, Sendable {
    package let prompt: String?
    package let error: String?
    package let file: String?
    package let project: String?
    package let sizeMax: Int
    package let isBrief: Bool
    package let format: TextFormat
    package let end: LogEnd?

    /// The project, and the folders that it lies in, as far as one of them may be the project.
    var projects: [String] { project.map(ProjectFolder.containing) ?? [] }

    func isOfProject(_ other: String?) -> Bool { other.map(projects.contains) ?? false }
  }

  /// Tokens that may be asked for.
  package static let budgetMax_tokens = 100_000

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    for (text, name) in [
      (error, "the message of an error"), (file, "a file"), (project, "a project"),
    ]
    where text?.allSatisfy(\.isWhitespace) == true {
      throw FoldlogError(.usage, "\(name) is asked about, and its text is empty")
    }
    guard (1...Self.budgetMax_tokens).contains(budget_tokens) else {
      throw FoldlogError(
        .usage, "a budget is 1 to \(Self.budgetMax_tokens) tokens, and \(budget_tokens) is not")
    }
    var end: LogEnd?
    if let asOf {
      guard let given = LogEnd(asOf) else { throw noPoint("--as-of", asOf) }
      end = given
    }
    let isPromptEmpty = prompt?.allSatisfy(\.isWhitespace) ?? true
    return Checked(
      prompt: isPromptEmpty ? nil : prompt, error: error, file: file,
      project: project.map(ProjectFolder.name), sizeMax: 4 * budget_tokens, isBrief: isBrief,
      format: try checkedFormat(format, [TextFormat.text, .json]), end: end)
  }
}
