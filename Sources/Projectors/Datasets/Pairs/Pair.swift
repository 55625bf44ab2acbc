internal import Bytes
internal import Events
internal import Facts
internal import Views

/// Where a preference pair comes from.
enum PairOrigin: UInt8, CaseIterable {
  case correction, outcome, retry, judgment

  var name: String {
    switch self {
    case .correction: "correction"
    case .outcome: "outcome"
    case .retry: "retry"
    case .judgment: "judgment"
    }
  }
}

/// What a pair is of. Text that an answer holds is not repeated.
enum PairContent: Equatable {
  /// A response and what was made of it.
  case correction(of: UInt64)
  /// Two answers to one prompt.
  case answers(chosen: UInt64, rejected: UInt64)
  /// What an event says.
  case judgment(Judgment)
}

/// A preference that events state: the same texts again are the same preference.
struct Judgment: Equatable {
  /// The interaction that the first event spoke of: the pair is in its split, also when that changes.
  var interaction: UInt64?
  var sessionID: String?
  var prompt: String
  var chosen: String
  var rejected: String
  /// As last said.
  var margin: FixedPoint?
  var evidence: Evidence

  /// The same for the same texts.
  var identity: Hash128 {
    var writer = ByteWriter()
    for text in [prompt, chosen, rejected] { writer.append(text: text) }
    return Hash128(of: writer.span)
  }
}

/// A preference pair. Its number is the `pair_id`.
struct Pair: StoredRow, Equatable {
  var origin: PairOrigin
  var content: PairContent
  /// Whether its sides are in different splits, so that it must not be used.
  var isDropped: Bool

  init(origin: PairOrigin, content: PairContent, isDropped: Bool) {
    self.origin = origin
    self.content = content
    self.isDropped = isDropped
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(byte: origin.rawValue)
    writer.append(bool: isDropped)
    switch content {
    case .correction(let number):
      writer.append(byte: 0)
      writer.append(varint: number)
    case .answers(let chosen, let rejected):
      writer.append(byte: 1)
      writer.append(varint: chosen)
      writer.append(varint: rejected)
    case .judgment(let judgment):
      writer.append(byte: 2)
      writer.append(bool: judgment.interaction != nil)
      if let number = judgment.interaction { writer.append(varint: number) }
      writer.append(optional: judgment.sessionID)
      writer.append(text: judgment.prompt)
      writer.append(text: judgment.chosen)
      writer.append(text: judgment.rejected)
      writer.append(optional: judgment.margin)
      writer.append(judgment.evidence)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    guard let origin = PairOrigin(rawValue: try reader.byte()) else {
      throw BytesError("an unknown origin", at: reader.position)
    }
    self.origin = origin
    isDropped = try reader.bool()
    switch try reader.byte() {
    case 0: content = .correction(of: try reader.varint())
    case 1: content = .answers(chosen: try reader.varint(), rejected: try reader.varint())
    case 2:
      content = .judgment(
        Judgment(
          interaction: try reader.bool() ? try reader.varint() : nil,
          sessionID: try reader.optionalText(), prompt: try reader.text(),
          chosen: try reader.text(), rejected: try reader.text(),
          margin: try reader.optionalNumber(), evidence: try reader.evidence()))
    default: throw BytesError("an unknown content", at: reader.position)
    }
  }
}

/// What a pair is found by when it changes: each origin has one pair for each of something.
struct PairKey: Key {
  var origin: UInt8
  /// Of the interaction (correction: the corrected; retry: the accepted), of the group of answers
  /// to one prompt (outcome), or the offset of the first event that said so (judgment).
  var number: UInt64

  init(_ origin: PairOrigin, _ number: UInt64) {
    self.origin = origin.rawValue
    self.number = number
  }

  func encode(ordered writer: inout ByteWriter) {
    writer.append(byte: origin)
    writer.append(ordered: number)
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    origin = try reader.byte()
    number = try reader.ordered(UInt64.self)
  }
}
