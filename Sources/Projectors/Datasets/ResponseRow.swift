internal import Bytes
internal import Events
internal import Facts
internal import Tables
internal import TrainingData
internal import Views

/// An interaction with a readable prompt and response, from which examples and pairs are made. Kept
/// by the interaction's number.
struct ResponseRow: Row, Equatable {
  var number: UInt64 = 0
  /// Among the examples, from the moment when it first was one.
  var examplePosition: GroupPosition?
  /// Among the responses to one prompt.
  var promptPosition = GroupPosition()
  var offset: Offset = 0
  /// In which it ended.
  var week: UInt64 = 0
  var outcome = Outcome.failure
  var basis = OutcomeBasis.text
  var verdict = Verdict.unknown
  var score = FixedPoint.zero
  /// Whether it is worth training on.
  var isExample = false
  /// Whether it would be, had it succeeded.
  var isGated = false
  var sessionID: String?
  var interactionID: String?
  var model: String?
  var iterations: FixedPoint?
  var backend: String?
  var time: Timestamp?
  var isTimeInferred = false
  var domain: String?
  var taskType: String?
  var language: String?
  var prompt = ""
  var response = ""
  var correction: String?
  var margin: FixedPoint?
  var tags: [String] = []
  /// Nil until it is an example or part of a pair: masking its prompt takes time.
  var split: Split?
  /// What the model was told first, where the interaction says it.
  var systemMessage: Hash128?
  var evidence = Evidence()

  static let table = StoredTable<UInt64, ResponseRow>(
    "responses/rows", rowsPerChunk: 64, residentMax: 1 << 12)

  /// What a person did with it.
  enum Verdict: UInt8, NamedChoice {
    case unknown = 0
    case rejected = 1
    case accepted = 2

    var name: String {
      switch self {
      case .unknown: "nobody said"
      case .rejected: "rejected"
      case .accepted: "accepted"
      }
    }
  }

  init() {}

  /// Nil unless prompt and response are there, can be read, and the prompt says what is asked.
  init?(_ interaction: Interaction, _ settings: DatasetsSettings) {
    let fields = interaction.fields
    guard let prompt = readable(fields.text(.prompt)),
      let response = readable(fields.text(.response)),
      (!fields.has(.agent) || RequestSize.isReached(by: prompt))
    else { return nil }
    number = interaction.number
    offset = interaction.offset
    week = Week.number(of: interaction.time, isInferred: interaction.isTimeInferred)
    outcome = interaction.outcome
    basis = interaction.basis
    verdict = Verdict(interaction.feedback)
    score = interaction.score.total
    let isOpen = outcome == .success || !settings.isOutcomeGated
    isExample = interaction.score.isHighValue && isOpen
    isGated = interaction.score.isHighValue && !isOpen
    sessionID = fields.text(.sessionID)
    interactionID = fields.text(.interactionID)
    model = fields.text(.model)
    iterations = fields.number(.iterations)
    backend = fields.text(.backend)
    time = interaction.time
    isTimeInferred = interaction.isTimeInferred
    domain = fields.text(.domain)
    taskType = fields.text(.taskType)
    language = fields.text(.language)
    self.prompt = prompt
    self.response = response
    correction = readable(fields.text(.correctedResponse))
    margin = fields.number(.margin)
    tags = fields.texts(.tags)
    evidence = interaction.evidence
  }

  /// Whether it is an example, or a side of a pair by itself.
  var isSplitNeeded: Bool { isExample || correction != nil }

  /// Whether it was asked as another was: the same in the same session.
  func isAsked(as other: ResponseRow) -> Bool {
    TextKey(sessionID) == TextKey(other.sessionID)
      && prompt.utf8.elementsEqual(other.prompt.utf8)
  }

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("number", &row.number)
    try visit.hidden("example_place", &row.examplePosition)
    try visit.hidden("prompt_place", &row.promptPosition)
    try visit.hidden("offset", &row.offset)
    try visit.hidden("week", &row.week)
    try visit.hidden("outcome", &row.outcome)
    try visit.hidden("basis", &row.basis)
    try visit.hidden("verdict", &row.verdict)
    try visit.hidden("score", &row.score)
    try visit.hidden("is_example", &row.isExample)
    try visit.hidden("is_gated", &row.isGated)
    try visit.hidden("session_id", &row.sessionID)
    try visit.hidden("interaction_id", &row.interactionID)
    try visit.hidden("model", &row.model)
    try visit.hidden("iterations", &row.iterations)
    try visit.hidden("backend", &row.backend)
    try visit.hidden("time", &row.time)
    try visit.hidden("is_time_inferred", &row.isTimeInferred)
    try visit.hidden("domain", &row.domain)
    try visit.hidden("task_type", &row.taskType)
    try visit.hidden("language", &row.language)
    try visit.hidden("prompt", &row.prompt)
    try visit.hidden("response", &row.response)
    try visit.hidden("correction", &row.correction)
    try visit.hidden("margin", &row.margin)
    try visit.hidden("tags", &row.tags)
    try visit.hidden("split", &row.split)
    try visit.hidden("system_message", &row.systemMessage)
    try visit.hidden("evidence", &row.evidence)
  }

  /// Whether more than its own word says how it ended.
  var isProven: Bool { basis >= .trainingMin }

  /// Whether a person took it; nil when nobody said.
  var isAccepted: Bool? { verdict == .unknown ? nil : verdict == .accepted }

  /// Nil when it came half-way.
  var hasSucceeded: Bool? { outcome == .partial ? nil : outcome == .success }

  /// Where it was attempted: in a session, else as a task; nil when nothing says.
  var setting: String? { sessionID ?? interactionID }
}

extension ResponseRow.Verdict {
  init(_ feedback: Feedback) {
    if feedback.accepted == true {
      self = .accepted
    } else if feedback.accepted == false || feedback.abandoned == true {
      self = .rejected
    } else {
      self = .unknown
    }
  }
}

/// The text, unless it stands for another or is blank.
func readable(_ text: String?) -> String? {
  guard let text, text.utf8.contains(where: { $0 > 0x20 }), !isOpaque(text) else { return nil }
  return text
}

/// What a request in a conversation with an agent has at least, the one or the other: what has less means
/// nothing without the conversation, such as `yes`, `3`, `go on`.
enum RequestSize {
  static let wordsMin = 4
  static let bytesMin = 24

  static func isReached(by prompt: String) -> Bool {
    prompt.utf8.count >= bytesMin
      || prompt.utf8.split(whereSeparator: { $0 <= 0x20 }).count >= wordsMin
  }
}

// MARK: Groups

/// The position of a response in a group, from 0.
struct GroupPosition: Row, Equatable {
  var group: UInt64 = 0
  var index: UInt64 = 0

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("group", &row.group)
    try visit.hidden("index", &row.index)
  }
}

/// A group of responses, which they join for good: of near-duplicates, or of those to one prompt.
/// Kept by its number.
struct Group: Row {
  /// How many have joined.
  private(set) var size: UInt64 = 0
  /// The first of them: an interaction's number.
  private(set) var founder: UInt64 = 0
  /// The next ones, as many as explanations show.
  private(set) var others: [UInt64] = []

  static let examples = StoredTable<UInt64, Group>(
    "examples/groups", isCounted: false, residentMax: 1 << 16)
  static let prompts = StoredTable<UInt64, Group>(
    "prompts/groups", isCounted: false, residentMax: 1 << 16)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("size", &row.size)
    try visit.hidden("founder", &row.founder)
    try visit.hidden("others", &row.others)
  }

  fileprivate mutating func add(_ number: UInt64, othersMax: Int) {
    if size == 0 {
      founder = number
    } else if others.count < othersMax {
      others.append(number)
    }
    size += 1
  }
}

extension KeyedTable where K == UInt64, R == Group {
  /// Adds a response to a group. Returns its position: how many were in the group before.
  ///
  /// - Parameter othersMax: how many of its members the group knows beside the first.
  func add(
    _ response: UInt64, to number: UInt64, othersMax: Int = 0
  ) throws(TableError) -> GroupPosition {
    try change(number) { row in
      var group = row.take() ?? Group()
      group.add(response, othersMax: othersMax)
      row = group
      return GroupPosition(group: number, index: group.size - 1)
    }
  }
}
