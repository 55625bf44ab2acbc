internal import Foldlog
internal import Query

/// An argument of a tool, as it is declared.
struct ToolArgument: Sendable {
  enum Kind: Sendable {
    case text, count, texts
  }

  let name: String
  let kind: Kind
  let isRequired: Bool
  let about: String

  init(_ name: String, _ kind: Kind, isRequired: Bool = false, _ about: String) {
    self.name = name
    self.kind = kind
    self.isRequired = isRequired
    self.about = about
  }

  /// A text.
  init(_ name: String, isRequired: Bool = false, _ about: String) {
    self.init(name, .text, isRequired: isRequired, about)
  }

  fileprivate var schema: JSONDocument {
    var members: [(name: String, value: JSONDocument)] =
      switch kind {
      case .text: [("type", .text("string"))]
      case .count: [("type", .text("integer")), ("minimum", .number(1))]
      case .texts:
        [("type", .text("array")), ("items", .object([("type", .text("string"))]))]
      }
    members.append(("description", .text(about)))
    return .object(members)
  }

  fileprivate func accepts(_ value: AnyJSON) -> Bool {
    switch (kind, value) {
    case (.text, .text): true
    case (.count, .integer(let number)): number >= 1
    // As a client of JavaScript may write a whole number.
    case (.count, .number(let text)): Double(text).map { $0 >= 1 && $0 == $0.rounded() } ?? false
    // A lone text is a list of one.
    case (.texts, .text): true
    case (.texts, .list(let list)): list.allSatisfy { $0.text != nil }
    default: false
    }
  }

  fileprivate var title: String {
    switch kind {
    case .text: "a text"
    case .count: "a whole number from 1 on"
    case .texts: "a list of texts"
    }
  }
}

/// The arguments of a call, of the types that are declared.
struct ToolArguments {
  fileprivate let values: [String: AnyJSON]
  /// By which the agent's transcript names the call; nil where the agent does not say it.
  var call: String?

  func text(_ name: String) -> String? { values[name]?.text }
  func count(_ name: String) -> Int? {
    if case .number(let text) = values[name], let number = Double(text) {
      return Int(exactly: number.rounded()) ?? .max
    }
    return values[name]?.integer.map { Int(clamping: $0) }
  }
  func texts(_ name: String) -> [String] {
    switch values[name] {
    case .text(let text): [text]
    case .list(let list): list.compactMap(\.text)
    default: []
    }
  }
}

/// A tool that a model can call, as it is declared: from this come the list of tools, the check of
/// arguments, and what is done.
struct Tool: Sendable {
  let name: String
  let about: String
  let arguments: [ToolArgument]
  /// Whether it changes nothing.
  let isReading: Bool
  let run:
    @Sendable (_ desk: ToolDesk, _ arguments: ToolArguments) throws(FoldlogError) -> ToolAnswer

  var document: JSONDocument {
    let required = arguments.filter(\.isRequired).map(\.name)
    return .object([
      ("name", .text(name)), ("description", .text(about)),
      (
        "inputSchema",
        .object([
          ("type", .text("object")),
          ("properties", .object(arguments.map { ($0.name, $0.schema) })),
          ("required", .texts(required)),
        ])
      ),
      ("annotations", .object([("readOnlyHint", .bool(isReading))])),
    ])
  }

  func checked(_ given: AnyJSON) throws(FoldlogError) -> ToolArguments {
    guard case .object(let values) = given else { return ToolArguments(values: [:]) }
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      guard let argument = arguments.first(where: { $0.name == name }) else {
        throw FoldlogError(
          .usage,
          "`\(self.name)` takes no `\(name.prefix(100))`: it takes "
            + arguments.map(\.name).joined(separator: ", "))
      }
      if value == .null, !argument.isRequired { continue }
      if !argument.accepts(value) {
        throw FoldlogError(.usage, "`\(name)` is \(argument.title)")
      }
    }
    for argument in arguments where argument.isRequired && values[argument.name] == nil {
      throw FoldlogError(.usage, "`\(self.name)` needs `\(argument.name)`, \(argument.title)")
    }
    return ToolArguments(values: values)
  }
}

/// What a tool says: a text, and the same for programs.
struct ToolAnswer {
  let text: String
  let structured: JSONDocument

  /// Bytes of an answer, unless more is asked for.
  static let sizeMax = 4_096
  /// Characters of what went wrong.
  static let errorMax = 1_000
  /// Bytes of one that more is asked of.
  static let largeMax = 1 << 16

  var document: JSONDocument {
    .object([
      ("content", .list([.object([("type", .text("text")), ("text", .text(text))])])),
      ("structuredContent", structured),
    ])
  }

  /// The largest of answers that keeps within a size: of so many parts, or fewer.
  ///
  /// - Parameter make: an answer of the first so many parts.
  static func largest(
    of count: Int, within size: Int = sizeMax, _ make: (Int) -> ToolAnswer
  ) -> ToolAnswer {
    var (fitting, tooMany) = (0, count + 1)
    var best = make(0)
    // Of most questions all parts fit.
    var next = count
    while fitting + 1 < tooMany {
      let answer = make(next)
      if answer.document.line.count <= size {
        (fitting, best) = (next, answer)
      } else {
        tooMany = next
      }
      next = (fitting + tooMany) / 2
    }
    return best
  }
}

extension Tool {
  static func all(of projectors: ProjectorCatalogue) -> [Tool] {
    let project = ToolArgument("project", "Folder; default: the server's.")
    let limit = ToolArgument("limit", .count, "Most lines; more than the default lifts 4 KB.")
    return [
      Tool(
        name: "fix",
        about: """
          What mended this error before, and what did not, with how often. Call it when a command or \
          tool fails.
          """,
        arguments: [
          ToolArgument("error", isRequired: true, "The error's message, as printed."), project,
          limit,
        ], isReading: true, run: { desk, given throws(FoldlogError) in try desk.fix(given) }),
      Tool(
        name: "context",
        about: "What is known for a task: decisions, habits, requests like it, ways that worked.",
        arguments: [
          ToolArgument("prompt", isRequired: true, "The task."),
          ToolArgument("file", "A file that it is about."),
          ToolArgument("error", "An error that it is about."),
        ], isReading: true, run: { desk, given throws(FoldlogError) in try desk.context(given) }),
      Tool(
        name: "query",
        about: """
          Rows of a view of the telemetry: \(projectors.views.joined(separator: ", ")); of some \
          VIEW/TABLE, as errors/fixes. An unknown column's error names the columns.
          """,
        arguments: [
          ToolArgument("view", isRequired: true, "VIEW or VIEW/TABLE."),
          ToolArgument("where", .texts, "Each `FIELD OP VALUE`, with = != < <= > >= ~ (contains)."),
          ToolArgument("sort", .texts, "Each FIELD, FIELD:asc or FIELD:desc."), limit,
        ], isReading: true, run: { desk, given throws(FoldlogError) in try desk.query(given) }),
      Tool(
        name: "explain",
        about: "How a row came about, with its lines; without a view, what a line of the log says.",
        arguments: [
          ToolArgument("key", .texts, isRequired: true, "The row's key, or the line's offset."),
          ToolArgument("view", "VIEW or VIEW/TABLE."), limit,
        ], isReading: true, run: { desk, given throws(FoldlogError) in try desk.explain(given) }),
      Tool(
        name: "note",
        about: "Remember something for later sessions in this project.",
        arguments: [
          ToolArgument("text", isRequired: true, "What to remember."),
          ToolArgument("section", "decision, preference, pattern, insight or other."),
          ToolArgument(
            "key", "What it is about: takes the place of its last note; empty text: of none."),
        ], isReading: false, run: { desk, given throws(FoldlogError) in try desk.note(given) }),
    ]
  }
}
