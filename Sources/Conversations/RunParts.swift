import Bytes
import Events
import Facts
import Views

// What the state of a session's runs is made of.
extension RunState {
  /// A file that is telling of a run.
  struct Teller: Equatable, ByteCodable {
    let source: SourceID
    /// Whether a process began since its last total.
    var isBegun = false
    /// The calls since then, the first ones.
    var calls: [Hash128] = []
    var last: ModelSums?

    init(source: SourceID) { self.source = source }

    func encode(into writer: inout ByteWriter) {
      source.encode(into: &writer)
      writer.append(bool: isBegun)
      calls.encode(into: &writer)
      last.encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      source = try SourceID(from: &reader)
      isBegun = try reader.bool()
      calls = try [Hash128](from: &reader)
      last = try ModelSums?(from: &reader)
    }
  }

  struct Total: Equatable, ByteCodable {
    let number: UInt64
    /// What its line is known by.
    let line: Hash128
    /// The event that tells it, and what that is of.
    let event: EventID
    let context: CallContext
    let reported: ModelSums
    /// The total before it in a file, which it may count on from.
    var base: ModelSums?
    /// Whether anything came before it in its process.
    var isBegun = false
    /// What its calls come to, and when the first and the last of them were made, where that is told.
    var known = ModelSums()
    var start: Timestamp?
    var end: Timestamp?

    init(
      number: UInt64, line: Hash128, event: EventID, context: CallContext, reported: ModelSums
    ) {
      self.number = number
      self.line = line
      self.event = event
      self.context = context
      self.reported = reported
    }

    /// Whether it is all that is known of its process.
    var isAlone: Bool { known.isEmpty }

    func encode(into writer: inout ByteWriter) {
      writer.append(varint: number)
      writer.append(hash: line)
      event.encode(into: &writer)
      context.encode(into: &writer)
      reported.encode(into: &writer)
      base.encode(into: &writer)
      writer.append(bool: isBegun)
      known.encode(into: &writer)
      (start?.nanoseconds).encode(into: &writer)
      (end?.nanoseconds).encode(into: &writer)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      number = try reader.varint()
      line = try reader.hash()
      event = try EventID(from: &reader)
      context = try CallContext(from: &reader)
      reported = try ModelSums(from: &reader)
      base = try ModelSums?(from: &reader)
      isBegun = try reader.bool()
      known = try ModelSums(from: &reader)
      start = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
      end = try Int64?(from: &reader).map(Timestamp.init(nanoseconds:))
    }
  }

  /// A call that no run told of, by when it was made.
  struct FreeCall: Equatable, ByteCodable {
    let time: Timestamp
    let key: Hash128

    init(time: Timestamp, key: Hash128) {
      self.time = time
      self.key = key
    }

    func encode(into writer: inout ByteWriter) {
      writer.append(zigzag: time.nanoseconds)
      writer.append(hash: key)
    }

    init(from reader: inout ByteReader) throws(BytesError) {
      time = Timestamp(nanoseconds: try reader.zigzag())
      key = try reader.hash()
    }
  }

  /// A part of a total that calls do not account for.
  struct Rest {
    /// The total's; 0 for that of the session.
    var number: UInt64
    var model: String
    var usage: TokenUsage
    var cost: Money?
    /// Whether calls were taken for the total's that may be another process's, so that more may be left.
    var isUncertain = false
  }
}
