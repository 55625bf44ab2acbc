import Bytes
import Events
import Facts
import Views

/// What one interaction was worth: a row of `values`, by the interaction's number, which is the
/// order of `offset`.
struct ValueRow: Equatable, Sendable, StoredRow {
  var offset: Offset
  var interactionID: String?
  var sessionID: String?
  var stream: Stream
  var kind: String
  var time: Timestamp
  var model: String?
  var prompt: String?
  var outcome: Outcome
  var basis: OutcomeBasis
  var score: Score
  var evidence: Evidence

  init(_ interaction: Interaction) {
    offset = interaction.offset
    interactionID = interaction.fields.text(.interactionID)
    sessionID = interaction.fields.text(.sessionID)
    stream = interaction.stream
    kind = interaction.kind
    time = interaction.time
    model = interaction.fields.text(.model)
    prompt = interaction.fields.text(.prompt)
    outcome = interaction.outcome
    basis = interaction.basis
    score = interaction.score
    evidence = interaction.evidence
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: offset)
    for text in [interactionID, sessionID, model, prompt] { writer.append(optional: text) }
    writer.append(text: kind)
    writer.append(zigzag: time.nanoseconds)
    for byte in [stream.rawValue, outcome.rawValue, basis.rawValue, score.tier.rawValue] {
      writer.append(byte: byte)
    }
    for number in [
      score.total, score.outcome, score.feedback, score.reusability, score.complexity,
      score.novelty, score.confidence,
    ] { writer.append(zigzag: number.units) }
    writer.append(varint: evidence.first.count)
    var previous: Offset = 0
    for offset in evidence.first {
      writer.append(varint: offset &- previous)
      previous = offset
    }
    writer.append(varint: evidence.last)
    writer.append(varint: evidence.count)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    offset = try reader.varint()
    interactionID = try reader.optionalText()
    sessionID = try reader.optionalText()
    model = try reader.optionalText()
    prompt = try reader.optionalText()
    kind = try reader.text()
    time = Timestamp(nanoseconds: try reader.zigzag())
    let start = reader.position
    let stream = Stream(rawValue: try reader.byte())
    let outcome = Outcome(rawValue: try reader.byte())
    let basis = OutcomeBasis(rawValue: try reader.byte())
    let tier = Tier(rawValue: try reader.byte())
    guard let stream, let outcome, let basis, let tier else {
      throw BytesError("no such stream, outcome, basis or tier", at: start)
    }
    self.stream = stream
    self.outcome = outcome
    self.basis = basis
    let total = try reader.decimal()
    score = Score(
      outcome: try reader.decimal(), feedback: try reader.decimal(),
      reusability: try reader.decimal(), complexity: try reader.decimal(),
      novelty: try reader.decimal(), total: total, tier: tier,
      confidence: try reader.decimal())
    evidence = try Evidence(from: &reader)
  }
}

extension ByteWriter {
  /// One byte that says whether there is a text, then the text.
  mutating func append(optional text: String?) {
    append(bool: text != nil)
    if let text { append(text: text) }
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  mutating func optionalText() throws(BytesError) -> String? { try bool() ? try text() : nil }

  @_lifetime(self: copy self)
  mutating func decimal() throws(BytesError) -> FixedPoint { FixedPoint(units: try zigzag()) }
}

extension Evidence {
  fileprivate init(from reader: inout ByteReader) throws(BytesError) {
    var first: [Offset] = []
    var previous: Offset = 0
    for _ in 0..<(try reader.count()) {
      previous = previous &+ (try reader.varint())
      first.append(previous)
    }
    self.init(first: first, last: try reader.varint(), count: try reader.varint())
  }
}
