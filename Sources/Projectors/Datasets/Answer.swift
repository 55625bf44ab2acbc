internal import Bytes
internal import Events
internal import Facts
internal import Views

/// An interaction with a prompt and a response that can be read: what examples and pairs are of.
struct Answer: StoredRow, Equatable {
  var number: UInt64
  /// Its place among the examples, from the moment when it first was one.
  var example: Place?
  /// Its place among the answers to one prompt.
  var answers: Place
  var offset: Offset
  var outcome: Outcome
  var verdict: Verdict
  var score: FixedPoint
  var isHighValue: Bool
  var sessionID: String?
  var interactionID: String?
  var model: String?
  var prompt: String
  var response: String
  var correction: String?
  var margin: FixedPoint?
  var evidence: Evidence

  /// A group, and the how-manieth in it, from 0.
  struct Place: Equatable {
    var group: UInt64
    var index: UInt64
  }

  /// What a person did with it.
  enum Verdict: UInt8 { case none, rejected, accepted }

  /// Nil unless prompt and response are there and can be read.
  init?(_ interaction: Interaction) {
    let fields = interaction.fields
    guard let prompt = readable(fields.text(.prompt)),
      let response = readable(fields.text(.response))
    else { return nil }
    number = interaction.number
    answers = Place(group: 0, index: 0)
    offset = interaction.offset
    outcome = interaction.outcome
    verdict = Verdict(interaction.feedback)
    score = interaction.score.total
    isHighValue = interaction.score.isHighValue
    sessionID = fields.text(.sessionID)
    interactionID = fields.text(.interactionID)
    model = fields.text(.model)
    self.prompt = prompt
    self.response = response
    correction = readable(fields.text(.correctedResponse))
    margin = fields.number(.margin)
    evidence = interaction.evidence
  }

  var split: Split { Split(session: sessionID, prompt: prompt) }

  /// Where it was attempted: in a session, else as a task; nil when nothing says.
  var setting: String? { sessionID ?? interactionID }
}

extension Answer.Verdict {
  init(_ feedback: Feedback) {
    if feedback.accepted == true {
      self = .accepted
    } else if feedback.accepted == false || feedback.abandoned == true {
      self = .rejected
    } else {
      self = .none
    }
  }
}

/// The text, unless it stands for another or is blank.
func readable(_ text: String?) -> String? {
  guard let text, text.utf8.contains(where: { $0 > 0x20 }), !isOpaque(text) else { return nil }
  return text
}

// MARK: Coding

extension Answer {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: number)
    writer.append(bool: example != nil)
    if let example { writer.append(example) }
    writer.append(answers)
    writer.append(varint: offset)
    writer.append(byte: outcome.rawValue)
    writer.append(byte: verdict.rawValue)
    writer.append(zigzag: score.units)
    writer.append(bool: isHighValue)
    writer.append(optional: sessionID)
    writer.append(optional: interactionID)
    writer.append(optional: model)
    writer.append(text: prompt)
    writer.append(text: response)
    writer.append(optional: correction)
    writer.append(optional: margin)
    writer.append(evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    number = try reader.varint()
    example = try reader.bool() ? try reader.place() : nil
    answers = try reader.place()
    offset = try reader.varint()
    guard let outcome = Outcome(rawValue: try reader.byte()),
      let verdict = Verdict(rawValue: try reader.byte())
    else { throw BytesError("an unknown outcome or verdict", at: reader.position) }
    self.outcome = outcome
    self.verdict = verdict
    score = FixedPoint(units: try reader.zigzag())
    isHighValue = try reader.bool()
    sessionID = try reader.optionalText()
    interactionID = try reader.optionalText()
    model = try reader.optionalText()
    prompt = try reader.text()
    response = try reader.text()
    correction = try reader.optionalText()
    margin = try reader.optionalNumber()
    evidence = try reader.evidence()
  }
}

extension ByteWriter {
  mutating func append(optional text: String?) {
    append(bool: text != nil)
    if let text { append(text: text) }
  }

  mutating func append(optional number: FixedPoint?) {
    append(bool: number != nil)
    if let number { append(zigzag: number.units) }
  }

  fileprivate mutating func append(_ place: Answer.Place) {
    append(varint: place.group)
    append(varint: place.index)
  }

  mutating func append(_ evidence: Evidence) {
    append(varint: evidence.first.count)
    for offset in evidence.first { append(varint: offset) }
    append(varint: evidence.last)
    append(varint: evidence.count)
  }
}

extension ByteReader {
  @_lifetime(self: copy self)
  mutating func optionalText() throws(BytesError) -> String? {
    try bool() ? try text() : nil
  }

  @_lifetime(self: copy self)
  mutating func optionalNumber() throws(BytesError) -> FixedPoint? {
    try bool() ? FixedPoint(units: try zigzag()) : nil
  }

  @_lifetime(self: copy self)
  fileprivate mutating func place() throws(BytesError) -> Answer.Place {
    Answer.Place(group: try varint(), index: try varint())
  }

  @_lifetime(self: copy self)
  mutating func evidence() throws(BytesError) -> Evidence {
    let count = try count()
    guard count <= Evidence.keptMax else {
      throw BytesError("evidence of \(count) offsets", at: position)
    }
    var first: [Offset] = []
    for _ in 0..<count { first.append(try varint()) }
    return Evidence(first: first, last: try varint(), count: try varint())
  }
}
