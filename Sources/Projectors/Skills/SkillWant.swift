internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// What has become of a want.
enum WantState: UInt8, NamedChoice {
  case wanted = 0
  /// Its interaction is no longer worth it.
  case withdrawn = 1
  case answered = 2
  case failed = 3

  var name: String {
    switch self {
    case .wanted: "wanted"
    case .withdrawn: "withdrawn"
    case .answered: "answered"
    case .failed: "failed"
    }
  }

  var isOver: Bool { self == .answered || self == .failed }
}

/// A skill that is wanted of an interaction, or was.
struct SkillWant: Row, Equatable {
  var want = WantedEffect()
  var sourceOffset: UInt64 = 0
  var promptVersion: UInt64 = 0
  var taskType: String?
  var value = FixedPoint.zero
  var prompt = ""
  var response = ""
  var number: UInt64 = 0
  var state = WantState.wanted
  var evidence = Evidence()

  static let table = StoredTable<TextKey, SkillWant>("wanted", residentMax: 1 << 12)

  static let kind = "extract_skill"
  /// Of the wants: a higher one has every cluster asked about once more.
  static let revision: UInt64 = 1
  /// Bytes of a prompt, and of a response, that are handed on.
  static let textMax = 16_000

  init() {}

  init(_ want: WantedEffect, _ interaction: Interaction, version: UInt64, at offset: Offset) {
    self.want = want
    promptVersion = version
    evidence = Evidence(offset)
    take(interaction)
  }

  /// Takes what is handed on from its interaction.
  mutating func take(_ interaction: Interaction) {
    number = interaction.number
    sourceOffset = interaction.offset
    taskType = interaction.fields.text(.taskType)
    value = interaction.score.total
    prompt = (interaction.fields.text(.prompt) ?? "").first(bytes: Self.textMax)
    response = (interaction.fields.text(.response) ?? "").first(bytes: Self.textMax)
  }

  /// The texts are needed no more, unless somebody wants again what was given up.
  mutating func end(_ state: WantState) {
    self.state = state
    if state != .failed { (prompt, response) = ("", "") }
  }

  /// Is wanted as if nobody had tried.
  mutating func renew() {
    state = .wanted
    want.renew()
  }

  /// Whether a skill is to be made of an interaction.
  static func isWanted(_ interaction: Interaction) -> Bool {
    interaction.score.isHighValue && interaction.outcome == .success && interaction.basis >= .tool
      && readable(interaction.fields.text(.prompt)) != nil
      && readable(interaction.fields.text(.response)) != nil
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout SkillWant, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.wanted(&row.want)
    try visit.column("source_offset", &row.sourceOffset, "The line of the interaction.")
    try visit.column(
      "prompt_version", &row.promptVersion, "The prompt to send.",
      rule:
        "request_id modulo \(PromptArm.count), or the one that skills/prompts shows to be better")
    try visit.column("task_type", &row.taskType, "That of the interaction.")
    try visit.column("value_score", &row.value, "What the interaction is worth.")
    try visit.column("prompt", &row.prompt, "What was asked, the first \(textMax) bytes.")
    try visit.column("response", &row.response, "What was answered, the first \(textMax) bytes.")
    try visit.hidden("number", &row.number)
    try visit.hidden("state", &row.state)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "skills/wanted",
    """
    An interaction of high value that succeeded, by more than its own word (basis `tool` or stronger), \
    of which a skill is to be made: one for all whose prompts are \
    \(ScoreRules.samePrompt) similar to the first.
    """,
    of: table, where: { $0.state == .wanted }, key: { TextKey($0[0]) }
  ).showing(first: "prompt", "value_score", "since_offset")
}

/// Prompts that ask the same as a first one, of which one skill is made.
struct SkillCluster: Row {
  /// Of the first prompt: what a want is about.
  var subject = Hash128(value: 0)

  static let table = StoredTable<UInt64, SkillCluster>("clusters", residentMax: 1 << 16)

  static func columns<V: ColumnVisitor>(_ row: inout Self, _ visit: inout V) throws(V.Failure) {
    try visit.hidden("subject", &row.subject)
  }
}

/// A text that says something; nil for none, and for one that stands for another.
func readable(_ text: String?) -> String? {
  guard let text, text.utf8.contains(where: { $0 > 0x20 }), !isOpaque(text) else { return nil }
  return text
}

extension String {
  /// At most so many bytes of it, cut between characters (Unicode scalars).
  fileprivate func first(bytes size: Int) -> String {
    guard utf8.count > size else { return self }
    var end = utf8.index(utf8.startIndex, offsetBy: size)
    while end > utf8.startIndex, utf8[end] & 0xc0 == 0x80 { end = utf8.index(before: end) }
    return String(decoding: utf8[..<end], as: UTF8.self)
  }
}
