internal import Bytes
internal import Events
internal import Facts
internal import Views

/// Judgments that came before the interaction that they speak of has an outcome.
struct WaitingJudgments: StoredRow {
  private(set) var judgments: [Judgment] = []

  /// Of one interaction: the first of them are kept.
  static let keptMax = 16

  init() {}

  static func key(_ stream: Stream, _ id: String) -> Hash128 {
    var writer = ByteWriter(capacity: 48)
    writer.append(byte: stream.rawValue)
    writer.append(text: id)
    return Hash128(of: writer.span)
  }

  func adding(_ judgment: Judgment) -> WaitingJudgments {
    var row = self
    if judgments.count < Self.keptMax { row.judgments.append(judgment) }
    return row
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: judgments.count)
    for judgment in judgments {
      Pair(origin: .judgment, content: .judgment(judgment), isDropped: false).encode(into: &writer)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    for _ in 0..<(try reader.count()) {
      if case .judgment(let judgment) = try Pair(from: &reader).content {
        judgments.append(judgment)
      }
    }
  }
}

extension Judgment {
  /// The same, with what the interaction knows and the event did not say.
  func about(_ interaction: Interaction) -> Judgment {
    var judgment = self
    judgment.interaction = interaction.number
    judgment.sessionID = sessionID ?? interaction.fields.text(.sessionID)
    if prompt.isEmpty { judgment.prompt = readable(interaction.fields.text(.prompt)) ?? "" }
    return judgment
  }
}
