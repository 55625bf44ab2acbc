import Bytes
import Conversations
import Events
import Facts
import Formats
import Tables
import Testing

/// Lines of transcripts, folded as they are in a build, and what came of them.
struct Transcript {
  private let provider = MemoryTables()
  private let decoder = LineDecoder(formats: FormatCatalogue.builtIn)
  private(set) var modelCalls: [String: ModelCall] = [:]
  private(set) var toolCalls: [String: ToolCall] = [:]
  private(set) var notes: [SessionNote] = []
  private(set) var events: [Event] = []
  private var offset: Offset = 0
  private let list: PriceList

  /// Prices of a dollar a million tokens of input, and of ten for output.
  static let prices = PriceList([
    Price(
      model: "m*", from: Timestamp(nanoseconds: 0), input: FixedPoint(hundredths: 100),
      cacheRead: FixedPoint(hundredths: 10), cacheWrite: FixedPoint(hundredths: 125),
      longCacheWrite: FixedPoint(hundredths: 200), output: FixedPoint(hundredths: 1_000))
  ])

  init(prices: PriceList = Transcript.prices) { list = prices }

  /// Folds lines that follow those folded before, as one batch of a process that began anew.
  mutating func fold(_ lines: [String], source: SourceID = 1) throws {
    let tables = FoldTables(view: Conversations.tables, provider: provider)
    let step = try Conversations(tables: tables, prices: list)
    var decoded: [Event] = []
    for line in lines {
      let bytes = Array(line.utf8)
      let envelope = try decoder.envelope(
        of: bytes.span, isPadded: false, given: nil, fileName: nil)
      let format = try #require(FormatCatalogue.builtIn.format(ofKind: envelope.kind), "\(line)")
      let stored = Envelope(
        stream: try #require(envelope.stream), kind: envelope.kind,
        time: envelope.time ?? Timestamp(nanoseconds: 0), isTimeInferred: envelope.time == nil,
        source: source, position: 0, recorded: Timestamp(nanoseconds: 0))
      let parts = try decoder.events(of: bytes.span, isPadded: false, stored, by: format)
      for (part, event) in parts.enumerated() {
        decoded.append(
          Event(
            EventID(offset, part: UInt64(part)), envelope: event.envelope,
            fields: event.fields.fields, record: event.record))
      }
      offset += 1
    }
    let batch = try step.fold(decoded)
    for change in batch.modelCalls {
      #expect(modelCalls[change.after.id] == change.before)
      modelCalls[change.after.id] = change.after
    }
    for change in batch.toolCalls {
      #expect(toolCalls[change.after.id] == change.before)
      toolCalls[change.after.id] = change.after
    }
    notes += batch.notes
    for (before, after) in zip(batch.events, batch.events.dropFirst()) {
      #expect(before.id < after.id)
    }
    events += batch.events
    try tables.flush()
  }

  /// What is said last of each turn, by its id.
  var turns: [String: Fields] {
    var turns: [String: Fields] = [:]
    for event in events where event.kind.hasPrefix("turn_") {
      if EventRole(of: event) == .closes, let id = event.fields.text(.interactionID) {
        turns[id] = event.fields
      }
    }
    return turns
  }

  /// How many turns projectors are told of.
  var turnNotes: Int { notes.count { if case .turn = $0.what { true } else { false } } }

  func verdict(_ turn: String) -> Verdict? {
    turns[turn].map { Verdict(ofClosing: $0, kind: "turn_ended") }
  }

  var cost: FixedPoint { modelCalls.values.reduce(Money()) { $0 + ($1.cost ?? Money()) }.dollars }

  /// Of all calls together.
  var usage: TokenUsage { modelCalls.values.reduce(TokenUsage()) { $0 + $1.usage } }
}

func whole(_ number: Int64) -> FixedPoint { FixedPoint(hundredths: number * 100) }

/// Lines as Claude Code writes them.
enum Claude {
  static func line(
    _ type: String, _ uuid: String, session: String = "s", at second: Int = 0,
    _ rest: String
  ) -> String {
    let time = Timestamp(nanoseconds: (1_769_904_000 + Int64(second)) * 1_000_000_000)
    return """
      {"type":"\(type)","uuid":"\(uuid)","sessionId":"\(session)","cwd":"/p","version":"2.1.0",\
      "timestamp":"\(time)",\(rest)}
      """
  }

  static func prompt(
    _ uuid: String, _ text: String, session: String = "s", at second: Int = 0
  ) -> String {
    line(
      "user", uuid, session: session, at: second,
      #""message":{"role":"user","content":"\#(text)"}"#)
  }

  static func message(
    _ uuid: String, id: String, session: String = "s", at second: Int = 0, model: String = "m1",
    input: Int = 10, output: Int = 5, stop: String? = nil, _ content: String
  ) -> String {
    let stop = stop.map { "\"\($0)\"" } ?? "null"
    return line(
      "assistant", uuid, session: session, at: second,
      """
      "requestId":"r-\(id)","message":{"id":"\(id)","model":"\(model)","role":"assistant",\
      "content":[\(content)],"stop_reason":\(stop),"usage":{"input_tokens":\(input),\
      "cache_read_input_tokens":100,"cache_creation_input_tokens":20,"output_tokens":\(output)}}
      """)
  }

  static func text(_ text: String) -> String { #"{"type":"text","text":"\#(text)"}"# }

  static func bash(_ id: String, _ command: String) -> String {
    #"{"type":"tool_use","id":"\#(id)","name":"Bash","input":{"command":"\#(command)"}}"#
  }

  static func result(
    _ uuid: String, of id: String, session: String = "s", at second: Int = 0, isError: Bool = false,
    _ text: String
  ) -> String {
    let detail = isError ? "\"Error\"" : #"{"stdout":"","stderr":"","interrupted":false}"#
    return line(
      "user", uuid, session: session, at: second,
      """
      "toolUseResult":\(detail),"message":{"role":"user","content":[{"type":"tool_result",\
      "tool_use_id":"\(id)","is_error":\(isError),"content":"\(text)"}]}
      """)
  }
}
