package import EventLog
package import Events
internal import Ingest
internal import Provenance

/// What foldlog itself says, as lines of the stream `foldlog`, which come from a source of their own.
package final class OwnLines {
  private let log: LogEnvironment
  private let writer: LogWriter
  private let now: () -> Timestamp

  /// - Parameter now: the clock, for times of recording.
  package init(_ log: LogEnvironment, now: @escaping () -> Timestamp) throws(LogError) {
    self.log = log
    self.now = now
    writer = try LogWriter(log)
  }

  /// A line, and what it is to the log.
  package struct Line: Sendable {
    package let bytes: [UInt8]
    /// The request that it answers for good; nil where it answers none.
    package let requestID: String?
    /// The request that is open again, and which event answered it; nil where none is.
    package let renewed: (requestID: String, answer: Offset)?

    package init(_ bytes: [UInt8], answering requestID: String? = nil) {
      self.bytes = bytes
      self.requestID = requestID
      renewed = nil
    }

    package init(_ bytes: [UInt8], renewing requestID: String, answeredBy answer: Offset) {
      self.bytes = bytes
      self.requestID = nil
      renewed = (requestID, answer)
    }
  }

  /// How often another process may append in between.
  private static let attemptsMax = 20

  /// Appends lines, that their requests are answered or open again, and what that took, all at once. A
  /// line is left out whose request was answered already, or is open already.
  package func append(
    _ lines: [Line], spent: SpendingChange = SpendingChange(), day: Int64? = nil
  ) throws {
    var attempts = 0
    while true {
      let reader = LogReader(log)
      var seen: Set<String> = []
      let unanswered = try lines.filter { line in
        if let (requestID, answer) = line.renewed {
          return try seen.insert(requestID).inserted && reader.answer(to: requestID) == answer
        }
        guard let requestID = line.requestID else { return true }
        return try seen.insert(requestID).inserted && reader.answer(to: requestID) == nil
      }
      do {
        return try commit(unanswered, spent, day ?? now().day, reader)
      } catch let error as LogError where error.isOfAnotherWriter && attempts < Self.attemptsMax {
        attempts += 1
      }
    }
  }

  private func commit(
    _ lines: [Line], _ spent: SpendingChange, _ day: Int64, _ reader: LogReader
  ) throws {
    var commit = LogCommit()
    commit.spent = (day, spent)
    if !lines.isEmpty {
      let known = try reader.sources().last { $0.form == .own }
      let source = TrackedSource(
        known: try known
          ?? SourceRecord(
            id: writer.reserveSourceIDs(1), form: .own, path: Stream.foldlog.name),
        previous: nil)
      let context = SourceContext(givenStream: .foldlog, nameStream: nil, recorded: now())
      let bytes = lines.flatMap { $0.bytes + [UInt8(ascii: "\n")] }
      var parsed = ChunkParser().parse(
        LineChunk(
          bytes: bytes + [UInt8](repeating: 0, count: LineDecoder.padding), count: bytes.count,
          position: source.content.position), context)
      // Places of answers are those of lines: none may be missing.
      guard parsed.events.count == lines.count else { throw UnreadableLine() }
      source.count(&parsed)
      source.content.position += UInt64(bytes.count)
      parsed.events.assign(source: source.id)
      commit.events = [try BlockPacker().pack(parsed.events)]
      commit.sources = [
        .init(record: source.record(at: now()), positionBefore: known?.position)
      ]
      for (place, line) in lines.enumerated() {
        if let renewed = line.renewed { commit.renewed.append(renewed) }
        if let requestID = line.requestID { commit.answered.append((requestID, UInt64(place))) }
      }
    }
    try writer.commit(commit)
  }
}

/// That a line of foldlog's own would not be read as an event.
private struct UnreadableLine: Error, CustomStringConvertible {
  var description: String { "a line of foldlog's own is no event: nothing was written" }
}

extension LogError {
  /// Whether another process appended in between, so that the same may succeed now.
  fileprivate var isOfAnotherWriter: Bool {
    switch self {
    case .sourceMoved, .answeredMeanwhile: true
    default: false
    }
  }
}
