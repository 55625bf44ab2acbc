internal import Bytes
internal import Events
internal import Facts
internal import Projection
internal import Views

/// The value of a day's interactions of a stream and a model, as exact sums, so that subtracting an
/// interaction undoes adding it.
struct Daily: Row, Equatable {
  var day = CivilDate(day: 0)
  var stream = Stream.ralph
  var model: String?
  var count: UInt64 = 0
  /// Of the scores, in billionths.
  var scoreSum = WideInteger.zero
  var highValue: UInt64 = 0
  var reused: UInt64 = 0
  var repeated: UInt64 = 0
  var inferred: UInt64 = 0

  static let table = StoredTable<DailyKey, Daily>("daily", residentMax: 1 << 16)

  init() {}

  init(of interaction: Interaction) {
    day = CivilDate(day: interaction.time.day)
    stream = interaction.stream
    model = interaction.fields.text(.model)
  }

  mutating func add(_ interaction: Interaction) {
    count &+= 1
    scoreSum += WideInteger(interaction.score.total.units)
    if interaction.score.isHighValue { highValue &+= 1 }
    if interaction.isReused { reused &+= 1 }
    if interaction.isRepeated { repeated &+= 1 }
    if interaction.isTimeInferred { inferred &+= 1 }
  }

  mutating func subtract(_ interaction: Interaction) {
    count &-= 1
    scoreSum -= WideInteger(interaction.score.total.units)
    if interaction.score.isHighValue { highValue &-= 1 }
    if interaction.isReused { reused &-= 1 }
    if interaction.isRepeated { repeated &-= 1 }
    if interaction.isTimeInferred { inferred &-= 1 }
  }

  static func columns<Visitor: ColumnVisitor>(
    _ row: inout Daily, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("day", &row.day, "The day, UTC, of the interactions' first outcomes.")
    try visit.key("stream", &row.stream, "Their stream.")
    try visit.key("model", &row.model, "The model that answered; null: unknown.")
    try visit.column("count", &row.count, "The interactions.")
    try visit.hidden("score_sum", &row.scoreSum)
    visit.derived("mean_score", unit: .fraction, rule: "the sum of their scores / count") {
      Double(row.scoreSum.limbs.low) / (1e9 * Double(row.count))
    }
    try visit.column("high_value", &row.highValue, "Those whose tier is not reference.")
    visit.derived("learning_rate", unit: .fraction, rule: "high_value / count") {
      Double(row.highValue) / Double(row.count)
    }
    try visit.column(
      "reused", &row.reused,
      "Those for which something was retrieved, as their events say.")
    visit.derived("reuse_rate", unit: .fraction, rule: "reused / count") {
      Double(row.reused) / Double(row.count)
    }
    try visit.column(
      "repeated", &row.repeated,
      "Those whose reusability is above \(ScoreRules.unused): an earlier prompt was like theirs.")
    visit.derived("repeat_rate", unit: .fraction, rule: "repeated / count") {
      Double(row.repeated) / Double(row.count)
    }
    try visit.column(
      "inferred", &row.inferred, "Those whose line does not say the time, and so the day.")
  }

  static let answer = Answer(
    "values/daily",
    """
    The interactions of `values` whose first outcome was given on that day (UTC, event time), in that \
    stream, by that model (null: unknown). A late event that changes a score or a model takes the \
    interaction out as it was and adds it as it is.
    """,
    of: table,
    key: { key in
      guard let name = key[0], let day = Timestamp(parsing: "\(name)T00:00Z"),
        let stream = key[1].flatMap(Stream.init(name:))
      else { return nil }
      return DailyKey(day: day.day, stream: stream, model: key[2])
    }
  ).showing(first: "count", "mean_score").touched { subject, tables throws(TableError) in
    guard let interaction = subject.interaction else { return [] }
    return try tables.read(table).row(DailyKey(interaction)).map { [$0] } ?? []
  }.explained { explanation, row, tables, _ throws(TableError) in
    let members = try Members.of(tables) { value in
      CivilDate(day: value.time.day).cell == row["day"] && value.stream.cell == row["stream"]
        && value.model.cell == row["model"]
    }
    explanation.add(Input("counted again", Cell(members.count)), to: "count")
    explanation.add(
      Input("sum of the scores", Cell(Double(members.scoreSum.limbs.low) / 1e9)), to: "mean_score")
    explanation.offsets = members.evidence.first
    explanation.offsetCount = members.count
  }
}

/// A day (UTC), a stream and a model: what `values/daily` counts by. Sorts by date, the stream's
/// name and the model, none first.
struct DailyKey: Key {
  let day: Int64
  let stream: Stream
  /// Nil when it is not known.
  let model: KeyName?

  init(day: Int64, stream: Stream, model: String?) {
    self.day = day
    self.stream = stream
    self.model = model.map(KeyName.init)
  }

  init(_ interaction: Interaction) {
    self.init(
      day: interaction.time.day, stream: interaction.stream,
      model: interaction.fields.text(.model))
  }

  func isTied(with other: DailyKey) -> Bool {
    guard let model, let long = other.model, day == other.day, stream == other.stream else {
      return false
    }
    return model.isTied(with: long)
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: UInt64(bitPattern: day) ^ 1 << 63)
    writer.append(Array(stream.name.utf8))
    writer.append(byte: 0)
    guard let model else { return writer.append(byte: 0) }
    writer.append(byte: 1)
    writer.append(model.bytes)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    day = Int64(bitPattern: try reader.ordered(UInt64.self) ^ 1 << 63)
    let start = reader.position
    var name: [UInt8] = []
    while case let byte = try reader.byte(), byte != 0 { name.append(byte) }
    guard let stream = Stream.allCases.first(where: { $0.name.utf8.elementsEqual(name) }) else {
      throw BytesError("an unknown stream", at: start)
    }
    self.stream = stream
    model = try reader.bool() ? try KeyName(ordered: &reader) : nil
  }
}

extension Interaction {
  /// Whether its events say that something was retrieved for it.
  var isReused: Bool { fields.bool(.contextRetrieved) == true }

  /// Whether an earlier prompt was like its own.
  var isRepeated: Bool { score.reusability > ScoreRules.unused }
}
