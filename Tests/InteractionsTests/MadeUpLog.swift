import Bytes
import Events
import Facts
import TestSupport

/// A log of all streams, made up: ids that come again, lines told twice, feedback early, late and
/// too much, texts that are alike, times that run backwards.
struct MadeUpLog {
  private var random: SeededRandom
  private(set) var events: [Event] = []

  init(seed: UInt64, count: Int) {
    random = SeededRandom(seed: seed)
    while events.count < count { add() }
  }

  private static let kinds = [
    "task_submitted", "task_completed", "task_failed", "iteration_completed", "query",
    "query_completion", "completion", "error", "feedback", "judgment", "quality_assessment",
    "tool_invocation", "route_decided", "hybrid_search", "agent_step_complete", "harness_eval",
    "something_new", "feedback", "completion", "query_completion",
  ]

  private mutating func add() {
    let offset = Offset(events.count)
    if let last = events.last, chance(8) {
      // Told again, at once or after a while.
      let again = chance(2) ? last : pick(events)
      events.append(Event(EventID(offset), envelope: again.envelope, fields: again.fields))
      return
    }
    var fields = Fields()
    if chance(1.5) { fields[.interactionID] = .text("id\(number(40))") }
    if chance(2) { fields[.sessionID] = .text("s\(number(4))") }
    if chance(2) { fields[.prompt] = .text(text(["fix", "explain", "why"])) }
    if chance(2) { fields[.response] = .text(text(["Here is", "I could not", "Done"])) }
    addOutcome(&fields)
    addFeedback(&fields)
    addWork(&fields)
    let seconds = 1_767_225_600 + Int64(offset / 12) - Int64(number(90))
    let stream = Stream.allCases[number(4)]
    let event = TestSupport.event(offset, pick(Self.kinds), stream: stream, at: seconds)
    events.append(Event(EventID(offset), envelope: event.envelope, fields: fields))
  }

  private mutating func addOutcome(_ fields: inout Fields) {
    if chance(3) { fields[.success] = .bool(chance(1.5)) }
    if chance(9) { fields[.partialSuccess] = .bool(chance(2)) }
    if chance(4) { fields[.status] = .text(pick(["completed", "failed", "stopped", "odd"])) }
    if chance(8) { fields[.exitCode] = .number(FixedPoint(Int64(number(2))) ?? .zero) }
    if chance(12) { fields[.testsPassed] = .bool(chance(2)) }
    if chance(30) { fields[.outcomeBasis] = .text(pick(["benchmark", "tests", "text", "x"])) }
  }

  private mutating func addFeedback(_ fields: inout Fields) {
    if chance(4) { fields[.userFeedback] = .number(FixedPoint(Int64(number(3)) - 1) ?? .zero) }
    if chance(15) { fields[.rating] = .number(FixedPoint(Int64(number(5)) + 1) ?? .zero) }
    if chance(12) { fields[.copiedToClipboard] = .bool(chance(2)) }
    if chance(12) { fields[.modifiedResponse] = .bool(chance(2)) }
    if chance(15) { fields[.accepted] = .bool(chance(2)) }
    if chance(25) { fields[.abandoned] = .bool(chance(2)) }
  }

  private mutating func addWork(_ fields: inout Fields) {
    if chance(3) { fields[.iterations] = .number(FixedPoint(Int64(number(7)) + 1) ?? .one) }
    if chance(4) { fields[.steps] = .number(FixedPoint(Int64(number(3))) ?? .zero) }
    if chance(4) { fields[.toolsUsed] = .texts([pick(["sed", "awk"]), pick(["sed", "rg"])]) }
    if chance(5) { fields[.filesModified] = .number(FixedPoint(Int64(number(6))) ?? .zero) }
    if chance(8) { fields[.filesModified] = .texts(["a", "b", pick(["c", "d", "e"])]) }
    if chance(3) { fields[.model] = .text(pick(["small", "large"])) }
    if chance(4) { fields[.latencyMS] = .number(FixedPoint(Int64(number(900))) ?? .zero) }
    if chance(4) { fields[.tokensOutput] = .number(FixedPoint(Int64(number(900))) ?? .zero) }
    if chance(9) { fields[.domain] = .text(pick(["docs", "security"])) }
  }

  private mutating func text(_ beginnings: [String]) -> String {
    if chance(9) { return "sha256:" + String(repeating: pick(["0a", "0b"]), count: 32) }
    if chance(20) { return pick(["?", "!!", "—"]) }
    let body = (0..<22).map { "word\($0 + number(2) * number(2) * number(40))" }
    let block = chance(5) ? "\n```\nlet a = 1\n```\n" : " "
    return pick(beginnings) + " \(number(3)) " + block + body.joined(separator: " ")
  }

  private mutating func number(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }

  /// True once in so many times.
  private mutating func chance(_ times: Double) -> Bool {
    Double(random.next() >> 11) / Double(1 << 53) < 1 / times
  }

  private mutating func pick<Element>(_ list: [Element]) -> Element { list[number(list.count)] }
}
