import Bytes
import Events
import Facts
import Formats
import Testing

/// What runs print at their end, and as one document.
@Suite struct ToldRunTests {
  private static let model =
    #""modelUsage":{"m1":{"inputTokens":100,"outputTokens":10,"costUSD":0.5}}"#

  private static func result(_ uuid: String, _ rest: String = "") -> String {
    """
    {"type":"result","subtype":"success","is_error":false,"session_id":"s","uuid":"\(uuid)",\
    "result":"done","total_cost_usd":0.5,\(model)\(rest)}
    """
  }
  private static let run = [
    #"{"type":"system","subtype":"init","session_id":"s","uuid":"i1","cwd":"/p","model":"m1"}"#,
    #"{"type":"assistant","session_id":"s","uuid":"a1","message":{"id":"c1","model":"m1","content":[{"type":"tool_use","id":"t1","name":"Bash","input":{"command":"ls"}}],"stop_reason":"tool_use","usage":{"input_tokens":100,"output_tokens":10}}}"#,
    #"{"type":"user","session_id":"s","uuid":"u1","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"x"}]}}"#,
    result("r1"),
  ]

  @Test func `all lines of a run in one list, on one line, are those of the run`() throws {
    var lines = Transcript()
    try lines.fold(Self.run)
    var list = Transcript()
    try list.fold(["[" + Self.run.joined(separator: ",") + "]"])
    #expect(list.modelCalls.keys.sorted() == lines.modelCalls.keys.sorted())
    #expect(list.usage == lines.usage)
    #expect(list.cost == lines.cost)
    #expect(list.toolCalls["t1"]?.ending == .succeeded)
    #expect(list.turns == lines.turns)
    #expect(list.verdict("s/c1")?.outcome == .success)
    // The lines of the same run count once.
    let count = list.events.count
    try list.fold(Self.run, source: 2)
    #expect(list.events.count == count)
    #expect(list.cost == lines.cost)
  }

  @Test(arguments: [
    "[]", "[1,2]", #"[{"a":1}]"#, #"[{"type":"system","subtype":"init","uuid":"u"},{"a":1}]"#,
  ])
  func `another list is no event`(_ line: String) {
    let decoder = LineDecoder(formats: FormatCatalogue.builtIn)
    #expect(throws: (any Error).self) {
      try decoder.envelope(
        of: line.utf8.span, isPadded: false, given: nil, fileName: nil)
    }
  }

  @Test(arguments: [true, false])
  func `a tool that a run was not permitted to use is a rejection, once`(_ isFirst: Bool) throws {
    let denied =
      #","permission_denials":[{"tool_name":"Bash","tool_use_id":"t1","tool_input":{"command":"ls"}},"#
      + #"{"tool_name":"Write","tool_use_id":"t2","tool_input":{"file_path":"/p/a"}}]"#
    let told = Array(Self.run.dropLast())
    let refused = Self.run[2].replacing(
      #""content":"x""#, with: #""is_error":true,"content":"This command requires approval""#)
    var transcript = Transcript()
    if isFirst { try transcript.fold([Self.result("r1", denied)]) }
    try transcript.fold(told.dropLast() + [refused], source: 2)
    if !isFirst { try transcript.fold([Self.result("r1", denied)]) }
    #expect(transcript.toolCalls.count == 2)
    #expect(transcript.toolCalls.values.allSatisfy { $0.ending == .rejected })
    #expect(transcript.toolCalls["t1"]?.commandHead == "ls")
  }

  @Test(arguments: [true, false])
  func `the rest of a total is uncertain where other calls may be its own`(_ isFirst: Bool) throws {
    let calls = [
      Claude.message(
        "x1", id: "k1", at: 1, input: 100, output: 10, stop: "end_turn", Claude.text("a")),
      Claude.message(
        "x2", id: "k2", at: 2, input: 100, output: 10, stop: "end_turn", Claude.text("b")),
    ]
    var transcript = Transcript()
    if isFirst { try transcript.fold([Self.result("r1")]) }
    try transcript.fold(calls, source: 2)
    if !isFirst { try transcript.fold([Self.result("r1")]) }
    let rests = transcript.modelCalls.values.filter(\.isUnattributed)
    #expect(rests.map(\.basis) == [.partial])

    var own = Transcript()
    try own.fold([Self.result("r1")])
    #expect(own.modelCalls.values.filter(\.isUnattributed).map(\.basis) == [.said])
  }

  @Test(arguments: [true, false])
  func `a search counts once, whether its end is told or its call alone`(_ isEnded: Bool) throws {
    let header =
      #"{"timestamp":"2026-05-01T10:00:00Z","type":"session_meta","payload":{"id":"s","cwd":"/p"}}"#
    let end =
      #"{"timestamp":"2026-05-01T10:00:01Z","type":"event_msg","payload":{"type":"web_search_end","#
      + #""call_id":"ws_1","query":"q"}}"#
    let call =
      #"{"timestamp":"2026-05-01T10:00:01Z","type":"response_item","payload":{"#
      + #""type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}}"#
    var transcript = Transcript()
    try transcript.fold([header] + (isEnded ? [end] : []) + [call])
    #expect(transcript.toolCalls.values.map(\.tool) == ["web_search"])
    #expect(transcript.toolCalls.values.allSatisfy { $0.ending == .succeeded })
  }
}
