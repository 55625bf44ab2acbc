internal import Bytes
internal import Events
internal import Facts
internal import Views

/// How the prompts of a cluster ended, as is known by now. A partial success is neither.
struct PromptCluster: StoredRow {
  private(set) var failures: UInt64 = 0
  private(set) var successes: UInt64 = 0
  /// The number of the interaction whose prompt was the first to come to an outcome.
  let founder: UInt64

  static let failuresMin = 3

  /// Failed again and again, and never succeeded.
  var isGap: Bool { failures >= Self.failuresMin && successes == 0 }

  init(founder: UInt64) { self.founder = founder }

  mutating func count(_ outcome: Outcome) {
    switch outcome {
    case .failure: failures += 1
    case .success: successes += 1
    case .partial: break
    }
  }

  mutating func take(back outcome: Outcome?) {
    switch outcome {
    case .failure: failures -= 1
    case .success: successes -= 1
    case .partial, nil: break
    }
  }

  func encode(into writer: inout ByteWriter) {
    writer.append(varint: failures)
    writer.append(varint: successes)
    writer.append(varint: founder)
  }

  init(from reader: inout ByteReader) throws(BytesError) {
    failures = try reader.varint()
    successes = try reader.varint()
    founder = try reader.varint()
  }
}

/// The prompt that is shown of a cluster.
struct PromptText: StoredRow {
  let text: String

  func encode(into writer: inout ByteWriter) { writer.append(text: text) }

  init(text: String) { self.text = text }

  init(from reader: inout ByteReader) throws(BytesError) { text = try reader.text() }
}

/// An interaction that failed, by its cluster and the event that first gave it an outcome.
struct FailureKey: Key {
  let cluster: UInt64
  let offset: Offset

  func encode(ordered writer: inout ByteWriter) {
    writer.append(ordered: cluster)
    writer.append(ordered: offset)
  }

  init(cluster: UInt64, offset: Offset) {
    self.cluster = cluster
    self.offset = offset
  }

  init(ordered reader: inout ByteReader) throws(BytesError) {
    cluster = try reader.ordered(UInt64.self)
    offset = try reader.ordered(UInt64.self)
  }
}

/// That it is there is all that it says.
struct FailureRow: StoredRow {
  func encode(into writer: inout ByteWriter) {}

  init() {}

  init(from reader: inout ByteReader) throws(BytesError) {}
}
