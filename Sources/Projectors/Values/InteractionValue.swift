internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// What one interaction was worth: rows are numbered as the interactions are, which is the order of
/// `event`.
struct InteractionValue: Row, Equatable {
  var event = EventID(0)
  var interactionID: String?
  var sessionID: String?
  var stream = Stream.ralph
  var kind = ""
  var time = Timestamp(nanoseconds: 0)
  var isTimeInferred = false
  var model: String?
  var prompt: String?
  var outcome = Outcome.failure
  var basis = OutcomeBasis.text
  var score = Score()
  var evidence = Evidence()

  static let table = NumberedTable<InteractionValue>("values")

  init() {}

  init(_ interaction: Interaction) {
    event = interaction.event
    interactionID = interaction.fields.text(.interactionID)
    sessionID = interaction.fields.text(.sessionID)
    stream = interaction.stream
    kind = interaction.kind
    time = interaction.time
    isTimeInferred = interaction.isTimeInferred
    model = interaction.fields.text(.model)
    prompt = interaction.fields.text(.prompt)
    outcome = interaction.outcome
    basis = interaction.basis
    score = interaction.score
    evidence = interaction.evidence
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout InteractionValue, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(event: &row.event, "The event that first gave the interaction an outcome.")
    try visit.column(
      "interaction_id", &row.interactionID, "Its id in its stream; null: the event stands alone.")
    try visit.column("session_id", &row.sessionID, "Its session.")
    try visit.column("stream", &row.stream, "Its stream.")
    try visit.column("kind", &row.kind, "The kind of the event at `offset`.")
    try visit.column("time", &row.time, "The time of the event at `offset`.")
    try visit.column("is_time_inferred", &row.isTimeInferred, "Whether its line does not say it.")
    try visit.column("model", &row.model, "The model that answered.")
    try visit.column("prompt", &row.prompt, "What was asked; opaque if the log has it so.")
    try visit.column(
      "outcome", &row.outcome, "How it ended.",
      rule: ScoreRules.outcome)
    try visit.column("outcome_basis", &row.basis, "What the outcome rests on.")
    try visit.column(
      "score", &row.score.total, unit: .fraction, "What it was worth.", rule: ScoreRules.score)
    try visit.column(
      "outcome_quality", &row.score.outcome, unit: .fraction,
      "How well it ended, and in how many iterations.", rule: ScoreRules.outcomeQuality)
    try visit.column(
      "feedback", &row.score.feedback, unit: .fraction, "What people said or did about it.",
      rule: ScoreRules.feedback)
    try visit.column(
      "reusability", &row.score.reusability, unit: .fraction,
      "How many prompts that were read before it were like its own.", rule: ScoreRules.reusability)
    try visit.column(
      "complexity", &row.score.complexity, unit: .fraction,
      "Steps, tools, files, code with explanation.", rule: ScoreRules.complexity)
    try visit.column(
      "novelty", &row.score.novelty, unit: .fraction,
      "How unlike its response is to those of high value that were read before.",
      rule: ScoreRules.novelty)
    try visit.column(
      "tier", &row.score.tier, "How much it is worth as an example.", rule: ScoreRules.tier)
    try visit.column(
      "confidence", &row.score.confidence, unit: .fraction,
      "How much is known of what the score rests on.", rule: ScoreRules.confidence)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "values",
    """
    One row an interaction, named by the event that first gave it an outcome. Later events change its \
    outcome, feedback, score and tier. The score is the weighted sum of its five parts.
    """,
    of: table, by: { $0.event }
  ).showing(first: "score", "outcome", "tier", "prompt").touched {
    subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    let row = try tables.read(table).row(interaction.number)
    return row.map { $0.event == interaction.event ? [$0] : [] } ?? []
  }.whenEmpty { _ in
    [
      "an interaction has a row once an event gives it an outcome: `foldlog schema` names the kinds that "
        + "close one"
    ]
  }.ofInteractions
}

/// Interactions of which a row of sums names the first.
struct Members {
  private(set) var count: UInt64 = 0
  private(set) var evidence = Evidence()
  private(set) var scoreSum = WideInteger.zero

  mutating func add(_ row: InteractionValue) {
    count += 1
    evidence.add(row.event.offset)
    scoreSum += WideInteger(row.score.total.units)
  }

  /// Looks at every row of `values`.
  static func of(
    _ tables: any ViewReader, where isMember: (InteractionValue) -> Bool
  ) throws(TableError) -> Members {
    var members = Members()
    try tables.read(InteractionValue.table).forEach { _, row in
      if isMember(row) { members.add(row) }
      return true
    }
    return members
  }
}
