internal import Events
internal import Facts
internal import Projection
internal import Similarity
internal import Tables
internal import Views

/// How a use of a skill went.
enum UseOutcome: UInt8, NamedChoice {
  case unknown = 0
  case failure = 1
  case partial = 2
  case success = 3

  var name: String {
    switch self {
    case .unknown: "unknown"
    case .failure: "failure"
    case .partial: "partial"
    case .success: "success"
    }
  }

  init(_ outcome: Outcome) {
    switch outcome {
    case .failure: self = .failure
    case .partial: self = .partial
    case .success: self = .success
    }
  }

  init(_ success: Bool?) { self = success.map { $0 ? .success : .failure } ?? .unknown }
}

/// That an interaction used a skill.
struct Use: Row, Equatable {
  var skill = ""
  var outcome = UseOutcome.unknown
  /// Whether it was said, and not found by the prompt.
  var isStated = false

  static let table = StoredTable<TextKey, Use>("uses", residentMax: 1 << 14)

  static func key(number: UInt64) -> TextKey { TextKey("number", "\(number)") }
  /// Of an interaction that has no outcome, and no number, yet.
  static func key(id: String) -> TextKey { TextKey("id", id) }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("skill", &row.skill)
    try visit.hidden("outcome", &row.outcome)
    try visit.hidden("is_stated", &row.isStated)
  }
}

/// A text that leads to a skill: its id.
struct SkillID: Row {
  var id = ""

  /// By the order in which skills came.
  static let byNumber = NumberedTable<SkillID>("ids", isCounted: false)
  static let byName = StoredTable<TextKey, SkillID>("names", isCounted: false)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("id", &row.id)
  }
}

/// Finds the skill whose interaction asked what another asks, as similar as `similarityMin` says, of the same task
/// type.
struct SkillPrompts {
  static let similarityMin = 85

  private static let similar = StoredSimilarityIndex("prompts/similar", lowest: similarityMin)

  /// The skills of the interactions with one prompt, by their task types.
  private struct Prompt: Row {
    var taskTypes: [String] = []
    var skills: [String] = []

    static let table = StoredTable<UInt64, Prompt>(
      "prompts/skills", isCounted: false, residentMax: 1 << 14)

    static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
      try visit.hidden("task_types", &row.taskTypes)
      try visit.hidden("skills", &row.skills)
    }

    func skill(of taskType: String) -> String? {
      taskTypes.firstIndex { $0.utf8.elementsEqual(taskType.utf8) }.map { skills[$0] }
    }
  }

  private let index: SimilarityIndex
  private let prompts: KeyedTable<UInt64, Prompt>

  init(_ tables: FoldTables) throws(TableError) {
    index = try SimilarityIndex(tables, Self.similar)
    prompts = try tables.open(Prompt.table)
  }

  /// Has a skill found by the prompt of its interaction. Of one prompt and task type the first skill
  /// stays.
  func add(_ text: String, taskType: String?, skill: String) throws(TableError) {
    let sketch = Sketch(of: text)
    if sketch.isEmpty { return }
    // The index numbers texts that are not equal as they come.
    let equal = try index.similar(to: sketch, atLeast: 100).first?.id
    let number: UInt64
    if let equal { number = equal } else { number = try index.textCount() }
    try index.insert(sketch, id: number)
    var prompt = try prompts.row(number) ?? Prompt()
    if prompt.skill(of: taskType ?? "") != nil { return }
    prompt.taskTypes.append(taskType ?? "")
    prompt.skills.append(skill)
    try prompts.put(number, prompt)
  }

  /// The skill of the most similar prompt, ties to the earliest; nil when none is similar.
  func skill(for text: String, taskType: String?) throws(TableError) -> String? {
    if try index.textCount() == 0 { return nil }
    var best: (skill: String, similarity: SimilarText)?
    for text in try index.similar(to: Sketch(of: text), atLeast: Self.similarityMin) {
      guard let skill = try prompts.row(text.id)?.skill(of: taskType ?? "") else { continue }
      if let best, best.similarity.similarity >= text.similarity { continue }
      best = (skill, text)
    }
    return best?.skill
  }
}
