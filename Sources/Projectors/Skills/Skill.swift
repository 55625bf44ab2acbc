internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// Whether a skill is worth being used.
enum SkillStatus: UInt8, NamedChoice {
  case untried = 0
  case active = 1
  case trusted = 2
  case retired = 3

  var name: String {
    switch self {
    case .untried: "untried"
    case .active: "active"
    case .trusted: "trusted"
    case .retired: "retired"
    }
  }
}

/// How often something was tried, and how it went.
struct Trials: Equatable {
  var uses = Count()
  var successes = Count()
  var failures = Count()

  /// Takes a use in, or out again.
  mutating func change(_ outcome: UseOutcome, isAdding: Bool) {
    func change(_ count: inout Count) { if isAdding { count += 1 } else { count -= 1 } }
    change(&uses)
    switch outcome {
    case .success: change(&successes)
    case .failure: change(&failures)
    case .partial, .unknown: break
    }
  }
}

/// A way that worked, as a model wrote it down.
struct Skill: Row, Equatable {
  var id = ""
  var name = ""
  var description = ""
  var prerequisites: [String] = []
  var steps: [String] = []
  var tags: [String] = []
  var example: String?
  var level1 = ""
  var level2 = ""
  var taskType: String?
  var value = FixedPoint.zero
  var trials = Trials()
  var merged = Count()
  var node: String?
  var model: String?
  /// Nil for one that came from elsewhere.
  var promptVersion: UInt64?
  var sourceOffset: UInt64?
  /// The line that told of it.
  var since: Offset = 0
  var evidence = Evidence()

  static let table = StoredTable<TextKey, Skill>("skills", residentMax: 1 << 12)

  /// What takes a skill's place in the tree that has no tags.
  static let untagged = (level1: "other", level2: "general")
  /// Before so many uses nothing is concluded.
  static let usesMin: UInt64 = 10
  /// From which rate of success it is trusted, and below which it is retired, in tenths.
  static let statusTenths: (trusted: UInt64, retired: UInt64) = (7, 4)
  /// What stays of its value beside that of one that says the same, in tenths.
  static let keptTenths: Int64 = 8

  init() {}

  init(id: String, _ content: SkillContent, taskType: String?, value: FixedPoint) {
    self.id = id
    name = content.name ?? ""
    description = content.description ?? ""
    prerequisites = content.prerequisites ?? []
    steps = content.steps ?? []
    tags = content.tags ?? []
    example = content.example
    level1 = tags.first ?? taskType ?? Self.untagged.level1
    level2 = tags.dropFirst().first ?? Self.untagged.level2
    self.taskType = taskType
    self.value = value
  }

  /// Takes in another that says the same: a part of the value as it was, and the rest of the other's.
  mutating func merge(value other: FixedPoint, at offset: Offset) {
    value = FixedPoint(
      units: FixedPoint.divide(
        Int128(value.units) * Int128(Self.keptTenths)
          + Int128(other.units) * Int128(10 - Self.keptTenths), by: 10))
    merged += 1
    evidence.add(offset)
  }

  var successRate: Double {
    Double(1 + trials.successes.value)
      / Double(1 + trials.successes.value + trials.failures.value)
  }

  /// In whole numbers, so that no rounding decides.
  var status: SkillStatus {
    if trials.uses.value == 0 { return .untried }
    if trials.uses.value < Self.usesMin { return .active }
    let (good, all) = (
      1 + trials.successes.value, 1 + trials.successes.value + trials.failures.value
    )
    if good * 10 >= all * Self.statusTenths.trusted { return .trusted }
    return good * 10 < all * Self.statusTenths.retired ? .retired : .active
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Skill, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(
      "skill_id", &row.id, "The request that first gave it; of one from elsewhere, a hash.")
    try visit.column("name", &row.name, "What it is called.")
    try visit.column("description", &row.description, "What it is good for, and when.")
    try visit.column("prerequisites", &row.prerequisites, "What must be there before.")
    try visit.column("steps", &row.steps, "What to do, step by step.")
    try visit.column("tags", &row.tags, "What it is about.")
    try visit.column("example", &row.example, "One use of it.")
    try visit.column(
      "level_1", &row.level1, "The branch of the tree that it stands under.",
      rule: "the first of tags, else task_type, else \(untagged.level1)")
    try visit.column(
      "level_2", &row.level2, "The twig of that branch.",
      rule: "the second of tags, else \(untagged.level2)")
    try visit.column("task_type", &row.taskType, "That of the interaction that it comes from.")
    try visit.column(
      "value_score", &row.value, "What the interaction was worth that it comes from.",
      rule: """
        with each that says the same (\(FixedPoint(hundredths: Int64(SkillsProjector.sameMin))) similar) \
        \(FixedPoint(hundredths: 10 * keptTenths)) of what it was and \
        \(FixedPoint(hundredths: 100 - 10 * keptTenths)) of the other's
        """)
    try visit.column(
      "usage_count", &row.trials.uses, unit: .count,
      "Interactions after it that name it, or that ask what is "
        + "\(FixedPoint(hundredths: Int64(SkillPrompts.similarityMin))) similar within its task type."
    )
    try visit.column("successes", &row.trials.successes, "Those that succeeded.")
    try visit.column("failures", &row.trials.failures, "Those that failed.")
    visit.derived(
      "success_rate", unit: .fraction, "How often it works.",
      rule: "(1 + successes) / (1 + successes + failures)"
    ) { row.successRate }
    visit.derived(
      "status", "Whether it is worth being used.",
      rule: """
        untried at usage_count 0, active below \(usesMin); then trusted from a success_rate of \
        \(FixedPoint(hundredths: 10 * Int64(statusTenths.trusted))), retired below \
        \(FixedPoint(hundredths: 10 * Int64(statusTenths.retired))), else active
        """
    ) { row.status }
    try visit.column("merged", &row.merged, "How many others it took in.")
    try visit.column("node", &row.node, "The foldlog that it came from; null: this one.")
    try visit.column("model", &row.model, "The model that wrote it down.")
    try visit.column("prompt_version", &row.promptVersion, "The prompt by which it was asked for.")
    try visit.column(
      "source_offset", &row.sourceOffset, "The line of the interaction it comes from.")
    try visit.hidden("since", &row.since)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "skills", "A way that worked, as a model wrote it down from an interaction of high value.",
    of: table, key: { TextKey($0[0]) }
  ).showing(first: "name", "success_rate", "usage_count", "value_score", "status").touched {
    subject, tables throws(TableError) in
    var rows: [Skill] = []
    let uses = try tables.read(Use.table)
    if let number = subject.interaction?.number,
      let use = try uses.row(Use.key(number: number)),
      let skill = try tables.read(table).row(TextKey(use.skill))
    {
      rows.append(skill)
    }
    try tables.read(table).forEach { _, row throws(TableError) in
      if row.evidence.names(subject.offset), !rows.contains(where: { $0.id == row.id }) {
        rows.append(row)
      }
      return true
    }
    return rows
  }
}

extension Evidence {
  /// Whether a line is among those that are named.
  func names(_ offset: Offset) -> Bool {
    first.contains(offset) || (count > 0 && last == offset)
  }
}
