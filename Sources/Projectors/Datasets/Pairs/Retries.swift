internal import Bytes
internal import Events
internal import Views

/// Attempts at one prompt in one session (none: one task) that a person took or refused.
struct Attempts: StoredRow, Equatable {
  /// The first so many are remembered.
  static var keptMax: Int { 64 }

  /// In the order of their offsets.
  private(set) var all: [Attempt] = []

  struct Attempt: Equatable {
    var number: UInt64
    var offset: Offset
    var isAccepted: Bool
  }

  init() {}

  mutating func remove(_ answer: Answer) { all.removeAll { $0.number == answer.number } }

  mutating func set(_ answer: Answer) {
    remove(answer)
    if answer.verdict == .none { return }
    let attempt = Attempt(
      number: answer.number, offset: answer.offset, isAccepted: answer.verdict == .accepted)
    let place = all.firstIndex { $0.offset > attempt.offset } ?? all.count
    all.insert(attempt, at: place)
    if all.count > Self.keptMax { all.removeLast() }
  }

  /// Each accepted attempt, with the rejected one that came last before it.
  var retries: [(accepted: UInt64, rejected: UInt64)] {
    var rejected: UInt64?
    var retries: [(accepted: UInt64, rejected: UInt64)] = []
    for attempt in all {
      if !attempt.isAccepted {
        rejected = attempt.number
      } else if let rejected {
        retries.append((attempt.number, rejected))
      }
    }
    return retries
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: all.count)
    for attempt in all {
      writer.append(varint: attempt.number)
      writer.append(varint: attempt.offset)
      writer.append(bool: attempt.isAccepted)
    }
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    let count = try reader.count()
    guard count <= Self.keptMax else {
      throw BytesError("\(count) attempts", at: reader.position)
    }
    for _ in 0..<count {
      all.append(
        Attempt(
          number: try reader.varint(), offset: try reader.varint(), isAccepted: try reader.bool()))
    }
  }
}
