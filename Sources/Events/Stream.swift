/// One of the four kinds of telemetry, or what foldlog itself says.
public enum Stream: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  case ralph = 0
  case aidb = 1
  case hybrid = 2
  case editor = 3
  /// What foldlog itself appended: answers of effects.
  case foldlog = 4

  /// Those that others write.
  public static let telemetry: [Stream] = [.ralph, .aidb, .hybrid, .editor]

  /// The stream of a name, `vscode` being an alias of `editor`.
  public init?(name: String) {
    switch name {
    case "ralph": self = .ralph
    case "aidb": self = .aidb
    case "hybrid": self = .hybrid
    case "editor", "vscode": self = .editor
    case "foldlog": self = .foldlog
    default: return nil
    }
  }

  public var name: String {
    switch self {
    case .ralph: "ralph"
    case .aidb: "aidb"
    case .hybrid: "hybrid"
    case .editor: "editor"
    case .foldlog: "foldlog"
    }
  }

  public var description: String { name }

  /// What its events are about.
  public var about: String {
    switch self {
    case .ralph: "Events of agent task loops."
    case .aidb: "Events of queries to models and retrieval."
    case .hybrid: "Events of routing, learning, training and deployment."
    case .editor: "Events of completions in an editor; `vscode` is another name of the stream."
    case .foldlog:
      "Events that foldlog itself appended: what came of what its views wanted done."
    }
  }

  /// What its lines carry beside the canonical fields. It is kept with the line, and not decoded.
  public var otherFields: [OtherField] {
    switch self {
    case .ralph:
      [
        OtherField("prompt_length", "number", "Length of the prompt, in characters."),
        OtherField(
          "prompt_preview", "string", "The first 100 characters of the prompt, mostly hashed."),
        OtherField(
          "output_length", "number",
          "Length of the output, in characters; only in the second copy of an iteration."),
        OtherField("base_limit", "number", "Iterations allowed by the complexity."),
        OtherField("history_adjustment", "number", "Factor from earlier tasks."),
        OtherField("final_limit", "number", "Iterations allowed."),
        OtherField("iteration_mode", "string", "adaptive, infinite or fixed."),
        OtherField(
          "adaptive_limit_used", "number", "The limit that held; the total may be one more."),
      ]
    case .aidb:
      [
        OtherField("tokens_saved", "number", "Tokens that a cache or retrieval saved."),
        OtherField("collections_used", "array", "Collections that were searched."),
      ]
    case .hybrid:
      [
        OtherField("collections", "array", "Collections that were searched."),
        OtherField("semantic_results", "number", "Hits by meaning."),
        OtherField("keyword_results", "number", "Hits by words."),
        OtherField("sql_results", "number", "Hits by query."),
        OtherField("execution_id", "string", "The run of a workflow."),
        OtherField("node_id", "string", "The step of a workflow."),
        OtherField("batch_id", "string", "Steps that ran side by side."),
        OtherField("elapsed_s", "number", "Time since the agent began, in seconds."),
        OtherField("tool_call_number", "number", "Which call of a tool it was, from 1."),
        OtherField("feedback_id", "string", "Names a feedback; joins nothing."),
        OtherField("failure_category", "string", "Why an evaluation failed."),
      ]
    case .editor, .foldlog: []
    }
  }
}

/// A field of lines that is no canonical one.
public struct OtherField: Sendable {
  public let name: String
  public let shape: ValueShape
  public let about: String

  fileprivate init(_ name: String, _ type: String, _ about: String) {
    self.name = name
    shape = ValueShape(type)
    self.about = about
  }
}

/// The stream that follows from a file's name: the name begins with a stream's name or alias, in
/// any case, followed by `-`, `_`, `.` or nothing. No file is of the stream `foldlog` by its name,
/// since what foldlog writes for people has such names.
///
/// `ralph-events.jsonl`, `vscode-events-backup-20260109_103300.jsonl`,
/// `logs/hybrid-events.jsonl.1.gz`. Folders do not count.
package func streamOfFileName(_ path: String) -> Stream? {
  guard let name = path.utf8.split(separator: UInt8(ascii: "/")).last else { return nil }
  let word = name.prefix { !fileNameSeparators.contains($0) }
  let stream = Stream(name: String(decoding: word.map(lowercased), as: UTF8.self))
  return stream == .foldlog ? nil : stream
}

private let fileNameSeparators: [UInt8] = [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")]

private func lowercased(_ byte: UInt8) -> UInt8 {
  UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
