internal import Bytes
internal import Events
internal import Facts
internal import Views

/// An interaction that was worth learning from when it came in: a member of a cluster, for good.
struct Example: Row, Equatable {
  /// The number of its cluster, and its place among the members.
  var cluster: UInt64
  var place: UInt64
  var offset: Offset
  var score: FixedPoint
  /// Whether it still is of high value, with text that can be read.
  var counts: Bool
  var sessionID: String?
  var model: String?
  var prompt: String
  var response: String
  var evidence: Evidence

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: cluster)
    writer.append(varint: place)
    writer.append(varint: offset)
    writer.append(zigzag: score.units)
    writer.append(bool: counts)
    writer.append(optional: sessionID)
    writer.append(optional: model)
    writer.append(text: prompt)
    writer.append(text: response)
    writer.append(evidence)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    cluster = try reader.varint()
    place = try reader.varint()
    offset = try reader.varint()
    score = FixedPoint(units: try reader.zigzag())
    counts = try reader.bool()
    sessionID = try reader.optionalText()
    model = try reader.optionalText()
    prompt = try reader.text()
    response = try reader.text()
    evidence = try reader.evidence()
  }

  /// Nil unless prompt and response are there and can be read.
  init?(_ interaction: Interaction, cluster: UInt64, place: UInt64) {
    guard let prompt = readable(interaction.fields.text(.prompt)),
      let response = readable(interaction.fields.text(.response))
    else { return nil }
    self.cluster = cluster
    self.place = place
    offset = interaction.offset
    score = interaction.score.total
    counts = interaction.score.isHighValue
    sessionID = interaction.fields.text(.sessionID)
    model = interaction.fields.text(.model)
    self.prompt = prompt
    self.response = response
    evidence = interaction.evidence
  }
}

/// The text, unless it stands for another.
func readable(_ text: String?) -> String? {
  guard let text, !text.isEmpty, !isOpaque(text) else { return nil }
  return text
}

extension ByteWriter {
  mutating func append(optional text: String?) {
    append(bool: text != nil)
    if let text { append(text: text) }
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
