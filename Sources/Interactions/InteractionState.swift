import Bytes
import Events
import Facts
import Scoring
import Views

/// How an interaction ended, and the event that first gave it an outcome.
struct OutcomeRecord: Equatable, Sendable {
  /// Among the interactions with an outcome, in the order of `event`.
  let number: UInt64
  /// The event that first gave an outcome, with its kind and its time.
  let event: EventID
  let kind: String
  let time: Timestamp
  let isTimeInferred: Bool
  var verdict: Verdict
  /// Whether what says how an agent's turn stands gave the verdict.
  var isOfTurn = false
}

/// What is known of an interaction. It is a class so that a table can hold it without copies; the
/// fold that owns the table is the only one to change it.
final class InteractionState: StoredRow, @unchecked Sendable {
  /// How many signatures are kept, the latest ones, to recognise repeats by.
  static let signatureMax = 64

  let stream: Stream
  /// The event that it begins with.
  let beginning: EventID
  @safe @exclusivity(unchecked) var fields = Fields()
  @safe @exclusivity(unchecked) var feedback = Feedback()
  @safe @exclusivity(unchecked) var evidence: Evidence
  @safe @exclusivity(unchecked) var outcomeRecord: OutcomeRecord?
  /// Whether a closing event was folded; after that, an opening event begins another interaction.
  @safe @exclusivity(unchecked) var isClosed = false
  /// When the last closing event happened; nil where its line did not say.
  @safe @exclusivity(unchecked) var closed: Timestamp?
  /// Whether it can be found by session and prompt.
  @safe @exclusivity(unchecked) var isPaired = false
  /// Whether it is of high value, or was at some time.
  @safe @exclusivity(unchecked) var wasHighValue = false
  /// Whether its response is in the index that novelty is measured against.
  @safe @exclusivity(unchecked) var isResponseIndexed = false
  @safe @exclusivity(unchecked) var showsCodeAndProse = false
  @safe @exclusivity(unchecked) var prompts: PromptClusters?
  @safe @exclusivity(unchecked) var reusability = Scoring.reusability(earlierSimilar: 0)
  @safe @exclusivity(unchecked) var novelty = FixedPoint.zero
  /// What its domain had taught about the threshold of high value when it came to its outcome.
  @safe @exclusivity(unchecked) var learnedAdjustment = FixedPoint.zero
  /// How many earlier prompts were similar to its own when that arrived, up to the number that
  /// makes a difference.
  @safe @exclusivity(unchecked) var earlierPrompts: UInt64 = 0
  /// The number of the earlier response of high value that its first response was similar to.
  @safe @exclusivity(unchecked) var nearestResponse: UInt64?
  /// The first events whose feedback was ignored.
  @safe @exclusivity(unchecked) private(set) var ignoredFeedback: [EventID] = []
  @safe @exclusivity(unchecked) var signatures: [EventSignature] = []
  /// Nil when it has to be computed again.
  @safe @exclusivity(unchecked) private var score: Score?

  init(_ event: borrowing Event) {
    stream = event.stream
    beginning = event.id
    evidence = Evidence(event.offset)
  }

  /// The interaction as it stands; nil before there is an outcome.
  func interaction(_ settings: ScoringSettings) -> Interaction? {
    guard let outcomeRecord else { return nil }
    let score = self.score ?? settings.score(scored(outcomeRecord.verdict))
    self.score = score
    var interaction = Interaction(
      number: outcomeRecord.number, event: outcomeRecord.event, stream: stream,
      kind: outcomeRecord.kind, time: outcomeRecord.time, outcome: outcomeRecord.verdict.outcome,
      basis: outcomeRecord.verdict.basis, feedback: feedback, fields: fields, prompts: prompts,
      score: score, evidence: evidence)
    interaction.isTimeInferred = outcomeRecord.isTimeInferred
    return interaction
  }

  /// What a score is computed from, with this outcome.
  func scored(_ verdict: Verdict) -> ScoredInteraction {
    var scored = ScoredInteraction(
      outcome: verdict.outcome, basis: verdict.basis, feedback: feedback, fields: fields,
      reusability: reusability, novelty: novelty, showsCodeAndProse: showsCodeAndProse)
    scored.learnedAdjustment = learnedAdjustment
    return scored
  }

  /// Remembers that an event's feedback was ignored.
  func ignoreFeedback(of event: EventID) {
    if ignoredFeedback.count < Evidence.keptMax { ignoredFeedback.append(event) }
  }

  /// Must be called after a change of anything that the score is computed from.
  func forgetScore() { score = nil }

  func encode(into writer: inout ByteWriter) {
    writer.append(byte: stream.rawValue)
    beginning.encode(into: &writer)
    var flags: UInt8 = 0
    for (bit, flag) in [
      isClosed, isPaired, isResponseIndexed, showsCodeAndProse, outcomeRecord != nil, wasHighValue,
      closed != nil, prompts != nil,
    ].enumerated() where flag { flags |= 1 << UInt8(bit) }
    writer.append(byte: flags)
    writer.append(zigzag: reusability.units)
    writer.append(zigzag: novelty.units)
    writer.append(zigzag: learnedAdjustment.units)
    writer.append(varint: earlierPrompts)
    writer.append(varint: nearestResponse.map { $0 &+ 1 } ?? 0)
    ignoredFeedback.encode(into: &writer)
    feedback.encode(into: &writer)
    evidence.encode(into: &writer)
    outcomeRecord?.encode(into: &writer)
    if let closed { writer.append(zigzag: closed.nanoseconds) }
    prompts?.encode(into: &writer)
    fields.encode(into: &writer)
    writer.append(varint: signatures.count)
    for signature in signatures { signature.encode(into: &writer) }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let raw = try reader.byte()
    guard let stream = Stream(rawValue: raw) else {
      throw BytesError("no stream has the number \(raw)", at: reader.position - 1)
    }
    self.stream = stream
    beginning = try EventID(from: &reader)
    let flags = try reader.byte()
    isClosed = flags & 1 != 0
    isPaired = flags & 2 != 0
    isResponseIndexed = flags & 4 != 0
    showsCodeAndProse = flags & 8 != 0
    wasHighValue = flags & 32 != 0
    reusability = FixedPoint(units: try reader.zigzag())
    novelty = FixedPoint(units: try reader.zigzag())
    learnedAdjustment = FixedPoint(units: try reader.zigzag())
    earlierPrompts = try reader.varint()
    let nearest = try reader.varint()
    nearestResponse = nearest == 0 ? nil : nearest - 1
    ignoredFeedback = try [EventID](from: &reader)
    feedback = try Feedback(from: &reader)
    evidence = try Evidence(from: &reader)
    outcomeRecord = flags & 16 != 0 ? try OutcomeRecord(from: &reader) : nil
    closed = flags & 64 != 0 ? Timestamp(nanoseconds: try reader.zigzag()) : nil
    prompts = flags & 128 != 0 ? try PromptClusters(from: &reader) : nil
    fields = try Fields(from: &reader)
    for _ in 0..<(try reader.count()) { signatures.append(try EventSignature(from: &reader)) }
  }
}

extension OutcomeRecord {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: number)
    event.encode(into: &writer)
    writer.append(text: kind)
    writer.append(zigzag: time.nanoseconds)
    writer.append(bool: isTimeInferred)
    writer.append(byte: verdict.outcome.rawValue)
    writer.append(byte: verdict.basis.rawValue)
    writer.append(bool: isOfTurn)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    number = try reader.varint()
    event = try EventID(from: &reader)
    kind = try reader.text()
    time = Timestamp(nanoseconds: try reader.zigzag())
    isTimeInferred = try reader.bool()
    let outcome = try reader.byte()
    let basis = try reader.byte()
    guard let outcome = Outcome(rawValue: outcome), let basis = OutcomeBasis(rawValue: basis)
    else { throw BytesError("no such outcome or basis", at: reader.position - 2) }
    verdict = Verdict(outcome: outcome, basis: basis)
    isOfTurn = try reader.bool()
  }
}

extension PromptClusters {
  func encode(into writer: inout ByteWriter) {
    writer.append(varint: wide)
    writer.append(varint: narrow)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    self.init(wide: try reader.varint(), narrow: try reader.varint())
  }
}

extension Feedback {
  func encode(into writer: inout ByteWriter) {
    writer.append(zigzag: explicit.map(Int64.init) ?? 2)
    for flag in [copied, modified, accepted, abandoned] {
      writer.append(byte: flag.map { $0 ? 1 : 0 } ?? 2)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    self.init()
    let said = try reader.zigzag()
    explicit = said == 2 ? nil : Int8(clamping: said)
    copied = try flag(&reader)
    modified = try flag(&reader)
    accepted = try flag(&reader)
    abandoned = try flag(&reader)
  }
}

private func flag(_ reader: inout ByteReader) throws(BytesError) -> Bool? {
  switch try reader.byte() {
  case 0: false
  case 1: true
  default: nil
  }
}
