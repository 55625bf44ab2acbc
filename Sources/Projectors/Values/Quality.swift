internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// How good one interaction was by the profile `quality`, whichever profile gives its score.
struct Quality: Row, Equatable {
  var event = EventID(0)
  var satisfaction: FixedPoint?
  var correctness: FixedPoint?
  var codeQuality: FixedPoint?
  var relevance: FixedPoint?
  var efficiency: FixedPoint?
  var quality: FixedPoint?
  var confidence = FixedPoint.zero
  var meets: Bool?
  var evidence = Evidence()

  static let table = StoredTable<EventID, Quality>("quality", residentMax: 1 << 14)

  init() {}

  init(_ interaction: Interaction, _ parts: QualityParts) {
    event = interaction.event
    satisfaction = parts[0]
    correctness = parts[1]
    codeQuality = parts[2]
    relevance = parts[3]
    efficiency = parts[4]
    quality = interaction.score.quality
    confidence = interaction.score.qualityConfidence ?? .zero
    meets = QualityBar.isMet(by: interaction.fields, parts)
    evidence = interaction.evidence
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Quality, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key(event: &row.event, "The event that first gave the interaction an outcome.")
    try visit.column(
      "satisfaction", &row.satisfaction, unit: .fraction,
      "What people said, and how soon they used it.",
      rule: QualityPart.satisfaction.rule)
    try visit.column(
      "correctness", &row.correctness, unit: .fraction, "Whether it works.",
      rule: QualityPart.correctness.rule)
    try visit.column(
      "code_quality", &row.codeQuality, unit: .fraction, "How good the code is.",
      rule: QualityPart.codeQuality.rule)
    try visit.column(
      "relevance", &row.relevance, unit: .fraction, "How well it fits.",
      rule: QualityPart.relevance.rule)
    try visit.column(
      "efficiency", &row.efficiency, unit: .fraction, "How fast and how simply it was done.",
      rule: QualityPart.efficiency.rule)
    try visit.column(
      "quality", &row.quality, unit: .fraction, "The score by this profile.",
      rule: """
        the sum of weight × part over the weights of the parts that are given: \
        \(QualityPart.all.map(\.name).joined(separator: ", "))
        """)
    try visit.column(
      "confidence", &row.confidence, unit: .fraction, "How much of the formula is given.",
      rule: """
        the weights of the inputs that are given, each times that of its part, over the weights of all \
        parts
        """)
    try visit.column(
      "meets", &row.meets,
      "Whether all that is given is good enough; null: none of it is measured.",
      rule: QualityBar.rule)
    try visit.evidence(&row.evidence)
  }

  static let answer = Answer(
    "values/quality",
    """
    The parts of the profile `quality` of each interaction that has any, beside its score in `values`. \
    What was not given, or is not within its range, is null, and has no weight.
    """,
    of: table, key: { $0.event(0) }
  ).showing(first: "quality", "meets", "satisfaction", "correctness").touched {
    subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    return try tables.read(table).row(interaction.event).map { [$0] } ?? []
  }.whenEmpty { _ in
    [
      "no interaction with an outcome says any of what the parts are made of: "
        + QualityPart.all.map { part in
          "\(part.name) of " + part.inputs.map(\.name).joined(separator: ", ")
        }.joined(separator: "; ")
    ]
  }.ofInteractions
}
