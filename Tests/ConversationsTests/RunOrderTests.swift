import Bytes
import Events
import Facts
import TestSupport
import Testing

/// Sessions of several processes, some of which said what they used: whatever files tell of them, as a
/// whole or in part, and in whatever order, each counts once.
@Suite struct RunOrderTests {
  @Test(arguments: UInt64(1)...120)
  func `a session is one sum, whatever files tell of it, in any order`(_ seed: UInt64) throws {
    var made = MadeUpRuns(seed: seed)
    let files = made.files()
    var random = SeededRandom(seed: seed)
    for _ in 0..<3 {
      let order = files.indices.shuffled(using: &random)
      var all = Transcript()
      for file in order { try all.fold(files[file].lines, source: SourceID(file + 1)) }
      let names = "seed \(seed): \(order.map { files[$0].name })"
      #expect(all.usage.input == made.truth.input, "\(names)")
      #expect(all.usage.cacheRead == made.truth.cacheRead, "\(names)")
      #expect(all.usage.output == made.truth.output, "\(names)")
      #expect(all.cost == made.cost.dollars, "\(names)")
      let rests = all.modelCalls.values.filter(\.isUnattributed)
      #expect(rests.allSatisfy { $0.basis == .said }, "\(names)")
      if made.isTold {
        let places = all.modelCalls.values.filter { !$0.isUnattributed }.map {
          "\($0.id) \($0.context.time) \($0.context.project ?? "") \($0.context.agentID ?? "")"
        }
        #expect(Set(places) == made.places, "\(names)")
      }
    }
  }
}

/// Processes of one session and the files that tell of them.
private struct MadeUpRuns {
  typealias File = (name: String, lines: [String])

  private var random: SeededRandom
  private var count = 0
  private var second = 0
  /// What all files together say that was used, where each process that printed something said so.
  private(set) var truth = TokenUsage(input: 0, cacheRead: 0, output: 0)
  private(set) var cost = Money()
  /// Whether a transcript tells of all calls.
  private(set) var isTold = false
  /// By that, the calls with their time, project and agent.
  private(set) var places: Set<String> = []

  init(seed: UInt64) { random = SeededRandom(seed: seed) }

  private mutating func number(_ range: ClosedRange<UInt64>) -> UInt64 {
    UInt64.random(in: range, using: &random)
  }

  private mutating func chance(_ percent: UInt64) -> Bool { number(1...100) <= percent }

  private mutating func name(_ kind: String) -> String {
    count += 1
    return "\(kind)\(count)"
  }

  private static func cost(of usage: TokenUsage) -> Money {
    Money(usage.input ?? 0, at: FixedPoint(hundredths: 100))
      + Money(usage.cacheRead ?? 0, at: FixedPoint(hundredths: 10))
      + Money(usage.output ?? 0, at: FixedPoint(hundredths: 1_000))
  }

  mutating func files() -> [File] {
    isTold = chance(70)
    var transcript: [String] = []
    var agents: [String] = []
    var logs: [[String]] = []
    let isInteractive = isTold && chance(40)
    for process in 0..<number(1...3) {
      let isOpen = isInteractive && process == 0
      var log: [String] = []
      var said: [String: TokenUsage] = [:]
      for _ in 0..<(isOpen ? 1 : number(1...3)) {
        log.append(
          #"{"type":"system","subtype":"init","session_id":"s","cwd":"/p","uuid":"\#(name("i"))"}"#)
        second += 10
        transcript.append(Claude.prompt(name("p"), "do \(count)", at: second))
        let calls = number(1...4)
        for call in 0..<calls {
          second += 3
          let isOfAgent = call > 0 && call + 1 < calls && chance(60)
          let told = self.call(isOfAgent: isOfAgent)
          if isOfAgent { agents.append(told.line) } else { transcript.append(told.line) }
          if !isOfAgent || chance(50) { log.append(told.printed) }
          said[told.model] = (said[told.model] ?? TokenUsage()) + told.usage
          if isOpen { add(told.least) }
        }
        if isOpen { continue }
        if chance(50) {
          let hidden = TokenUsage(input: number(1...20), cacheRead: 0, output: number(1...9))
          said["m2"] = (said["m2"] ?? TokenUsage()) + hidden
        }
        log.append(result(said))
      }
      if isOpen { continue }
      for usage in said.values { add(usage) }
      logs.append(log)
    }
    var files: [File] = []
    if isTold {
      files = [("transcript", transcript), ("agents", agents)]
    } else {
      places = []
    }
    if logs.count > 1, chance(30) { logs = [logs.flatMap(\.self)] }
    for log in logs {
      files.append(("log", log))
      switch number(0...5) {
      case 0: files.append(("results", log.filter { $0.contains(#""type":"result""#) }))
      case 1: files.append(("beginning", Array(log.prefix(Int(number(1...UInt64(log.count)))))))
      case 2: files.append(("end", Array(log.suffix(Int(number(1...UInt64(log.count)))))))
      default: break
      }
    }
    return files
  }

  private mutating func add(_ usage: TokenUsage) {
    truth = truth + usage
    cost += Self.cost(of: usage)
  }

  /// A call as a transcript tells of it, and as its run prints it: its tokens, where they were counted
  /// before it was done, are a lower bound in both.
  private mutating func call(
    isOfAgent: Bool
  ) -> (model: String, usage: TokenUsage, least: TokenUsage, line: String, printed: String) {
    let (id, model) = (name("m"), chance(50) ? "m1" : "m2")
    let usage = TokenUsage(
      input: number(5...50), cacheRead: number(100...5_000), output: number(20...400))
    let written = chance(40) ? 1 : usage.output ?? 0
    let message = """
      "message":{"id":"\(id)","model":"\(model)","content":[{"type":"text","text":"x"}],\
      "stop_reason":"end_turn","usage":{"input_tokens":\(usage.input ?? 0),\
      "cache_read_input_tokens":\(usage.cacheRead ?? 0),"output_tokens":\(written)}}
      """
    let agent = isOfAgent ? #""agentId":"a","isSidechain":true,"# : ""
    let line = Claude.line("assistant", name("a"), at: second, agent + message)
    let parent = isOfAgent ? #""parent_tool_use_id":"t","# : ""
    let printed = """
      {"type":"assistant","session_id":"s","uuid":"\(name("o"))",\(parent)\(message)}
      """
    let time = Timestamp(nanoseconds: (1_769_904_000 + Int64(second)) * 1_000_000_000)
    places.insert("\(id) \(time) /p \(isOfAgent ? "a" : "")")
    var least = usage
    least.output = written
    return (model, usage, least, line, printed)
  }

  private mutating func result(_ said: [String: TokenUsage]) -> String {
    let models = said.sorted { $0.key < $1.key }.map { model, usage in
      """
      "\(model)":{"inputTokens":\(usage.input ?? 0),"cacheReadInputTokens":\(usage.cacheRead ?? 0),\
      "outputTokens":\(usage.output ?? 0),"costUSD":\(Self.cost(of: usage).dollars)}
      """
    }
    let all = said.values.reduce(Money()) { $0 + Self.cost(of: $1) }
    return """
      {"type":"result","subtype":"success","is_error":false,"session_id":"s",\
      "uuid":"\(name("r"))","result":"x","total_cost_usd":\(all.dollars),\
      "modelUsage":{\(models.joined(separator: ","))}}
      """
  }
}
