import Bytes
import Events
import TestSupport
import Testing

@Suite struct FieldDecoderTests {
  @Test func `the top comes before all objects, and they in their order`() throws {
    let line = """
      {"result":{"model":"r"},"payload":{"model":"p"},"data":{"model":"d"},"metadata":{"model":"m"},
      "context":{"model":"c"},"task":{"model":"t"},"llm_model":"top"}
      """
    #expect(try fields(line)[.model] == "top")
    #expect(try fields(line.replacing("llm_model", with: "x"))[.model] == "t")
    #expect(try fields(#"{"data":{"model":"d"},"context":{"llm_model":"c"}}"#)[.model] == "c")
    #expect(try fields(#"{"data":{"context":{"model":"deep"}}}"#)[.model] == nil)
    #expect(try fields(#"{"task":"text","context":[{"model":"m"}]}"#)[.model] == nil)
  }

  @Test func `what a task says of its context is looked up last`() throws {
    let line = #"{"task":{"context":{"last_error":"Exit code 1","files_modified":4}},"x":1}"#
    #expect(try fields(line)[.errorMessage] == "Exit code 1")
    #expect(try fields(line)[.filesModified] == 4)
    let both = line.replacing(#""x":1"#, with: #""result":{"error_message":"r"}"#)
    #expect(try fields(both)[.errorMessage] == "r")
    #expect(try fields(#"{"task":{"context":{"error":"e","status":"failed"}}}"#).isEmpty)
    #expect(try fields(#"{"task":{"context":"text"}}"#).isEmpty)
    #expect(
      try fields(#"{"task":{"task":{"model":"m"},"context":{"context":{"model":"m"}}}}"#).isEmpty)
  }

  @Test func `what the work was is read under its names`() throws {
    let fields = try fields(
      #"{"user_id":7,"trace_id":"t","phase":"build","skill":"s","role":"implementer","local":true,"#
        + #""reasoning_mode":"mars","complexity":"expert","confidence_score":0.75}"#)
    #expect(fields[.userID] == "7" && fields[.traceID] == "t" && fields[.phase] == "build")
    #expect(fields[.skill] == "s" && fields[.role] == "implementer" && fields[.isLocal] == true)
    #expect(fields[.reasoningMode] == "mars" && fields[.statedComplexity] == "expert")
    #expect(fields[.confidenceScore] == .number(FixedPoint(hundredths: 75)))
    #expect(try EventsTests.fields(#"{"complexity":0.37}"#)[.statedComplexity] == "0.37")
  }

  @Test(
    arguments: [
      (#""expert""#, "expert"), (#""Expert""#, "expert"), (#""VERY COMPLEX""#, "very_complex"),
      (#""very-Complex""#, "very_complex"), (#""0.50""#, "0.5"), ("1", "1"), ("0", "0"),
      (#""low""#, "simple"), (#""Medium""#, "moderate"), (#""HIGH""#, "complex"),
      (#""tricky""#, nil), (#""expertly""#, nil), ("1.5", nil), ("-0.1", nil), (#""7""#, nil),
      ("true", nil), (#""nan""#, nil),
    ] as [(String, String?)])
  func `a complexity is one of a few words in any case, or a share`(
    json: String, expected: String?
  ) throws {
    let decoded = try decoded(#"{"complexity":\#(json)}"#)
    #expect(decoded.fields.text(.statedComplexity) == expected)
    #expect(decoded.mismatched == (expected == nil ? [.statedComplexity] : []))
  }

  @Test(
    arguments: [
      .styleScore, .maintainabilityScore, .securityScore, .performanceScore, .projectScore,
      .patternScore, .domainScore, .solutionComplexity, .productivityGain, .confidenceScore,
      .codeCompiles, .lintPasses, .typeCheckPasses, .deploymentSuccess, .noRuntimeErrors,
    ] as [Field])
  func `a share is from 0 to 1, and anything else is told`(field: Field) throws {
    for (json, value) in [("0", 0), ("1", 1), ("0.95", 0.95)] as [(String, FieldValue)] {
      #expect(try fields(#"{"\#(field.name)":\#(json)}"#)[field] == value)
    }
    for json in ["85", "1.5", "1.000000001", "-0.1", #""0.5""#] {
      let decoded = try decoded(#"{"\#(field.name)":\#(json)}"#)
      #expect(decoded.fields.isEmpty && decoded.mismatched == [field], "\(json)")
    }
    // The search goes on.
    let line = #"{"\#(field.name)":85,"metadata":{"\#(field.name)":0.85}}"#
    #expect(try fields(line)[field] == 0.85)
  }

  @Test(
    arguments: [
      (#""tests_passed":19,"tests_failed":1"#, 0.95), (#""tests_passed":0,"tests_failed":3"#, 0),
      (#""tests_passed":5,"tests_failed":0"#, 1), (#""tests_passed":true"#, 1),
      (#""tests_passed":false"#, 0), (#""tests_passed":0,"tests_failed":0"#, nil),
      (#""tests_passed":5"#, nil), (#""tests_passed":-1,"tests_failed":3"#, nil),
      (#""tests_pass_rate":0.9,"tests_passed":1,"tests_failed":1"#, 0.9),
      (#""tests_passed":1,"data":{"tests_failed":1}"#, nil),
      (#""data":{"tests_passed":1,"tests_failed":3}"#, 0.25),
    ] as [(String, Double?)])
  func `the share of tests that passed is said, or counted`(line: String, rate: Double?) throws {
    #expect(try fields("{\(line)}").number(.testsPassRate) == rate.flatMap { FixedPoint($0) })
  }

  @Test func `null, empty and wrongly typed values are passed over`() throws {
    let line = #"{"prompt":null,"query":"","input":7,"data":{"question":"why?"}}"#
    let decoded = try decoded(line)
    #expect(decoded.fields[.prompt] == "why?")
    #expect(decoded.mismatched == [.prompt])
    #expect(
      try EventsTests.decoded(#"{"prompt":null,"model":"","tools_used":[]}"#) == DecodedFields())
  }

  @Test func `wrong types are recorded once a field, in order`() throws {
    let decoded = try decoded(
      #"{"success":"yes","latency_ms":"12","duration_ms":[1],"prompt":{"a":1},"model":5,"x":1}"#)
    #expect(decoded.fields.isEmpty)
    #expect(decoded.mismatched == [.prompt, .success, .model, .latencyMS])
  }

  @Test func `of duplicate keys the last counts`() throws {
    let fields = try fields(
      #"{"task_id":"a","task_id":"b","status":"completed","status":"failed"}"#)
    #expect(fields[.interactionID] == "b" && fields[.status] == "failed")
    #expect(try EventsTests.fields(#"{"model":"a","model":null}"#)[.model] == nil)
    #expect(try EventsTests.fields(#"{"data":{"model":"a"},"data":{"route":"r"}}"#)[.model] == nil)
  }

  @Test(arguments: ["deployment_checked", "training_completed", "ab_result", "model_promoted"])
  func `what is about models and deployments may be written in camelCase`(_ kind: String) throws {
    let line = """
      {"deploymentId":"d","runId":"r","modelName":"M","modelVersion":2,"trafficPercentage":20,
      "qualityScore":0.5,"latencyMs":20,"baseModel":"B","baselineModel":"L","taskType":"t","accuracyChange":0.1,
      "latencyChange":0.2,"memoryChange":0.3,"forgettingRate":0.4,"safetyPassed":true}
      """
    let fields = try decoded(line, kind: kind).fields
    #expect(fields.text(.deploymentID) == "d" && fields.text(.runID) == "r")
    #expect(fields.text(.model) == "M" && fields.text(.version) == "2")
    #expect(fields.text(.baseModel) == "B" && fields.text(.baselineModel) == "L")
    #expect(fields[.trafficPercentage] == 20 && fields[.qualityScore] == 0.5)
    #expect(fields[.latencyMS] == 20)
    #expect(fields.text(.taskType) == "t" && fields.bool(.safetyPassed) == true)
    #expect(fields[.accuracyChange] == 0.1 && fields[.latencyChange] == 0.2)
    #expect(fields[.memoryChange] == 0.3 && fields[.forgettingRate] == 0.4)
    #expect(try decoded(line, kind: "query").fields.isEmpty)
  }

  @Test func `what cannot be represented is absent, and no mismatch`() throws {
    let decoded = try decoded(
      #"{"id":12345678901234567890123,"cost":1e400,"prompt":"\ud83d","tokens_in":1e300}"#)
    #expect(decoded == DecodedFields())
  }

  @Test func `ids are texts or integers`() throws {
    #expect(try fields(#"{"id":42,"session":-7}"#)[.interactionID] == "42")
    #expect(try fields(#"{"id":42,"session":-7}"#)[.sessionID] == "-7")
    #expect(try fields(#"{"id":18446744073709551615}"#)[.interactionID] == "18446744073709551615")
    #expect(try decoded(#"{"id":1.5}"#).mismatched == [.interactionID])
    #expect(try fields(#"{"version":2}"#)[.version] == "2")
    #expect(try fields(#"{"version":1.5}"#)[.version] == "1.5")
  }

  @Test func `numbers are exact decimals`() throws {
    let fields = try fields(
      #"{"latency_ms":774843.4524536133,"cost":0.1,"tokens_in":-0,"iterations":1E+2,"margin":5e-324}"#
    )
    #expect(fields.number(.latencyMS)?.description == "774843.452453613")
    #expect(fields.number(.costUSD)?.description == "0.1")
    #expect(fields.number(.tokensInput) == .zero)
    #expect(fields.number(.iterations)?.description == "100")
    #expect(fields.number(.margin) == .zero)
    #expect(try EventsTests.fields(#"{"steps":9223372036}"#)[.steps] == 9_223_372_036)
    #expect(try EventsTests.decoded(#"{"steps":9223372037}"#) == DecodedFields())
  }

  @Test func `seconds become milliseconds`() throws {
    #expect(try fields(#"{"duration_s":1.204}"#)[.latencyMS] == 1204)
    #expect(try fields(#"{"duration_s":1.204,"execution_time_ms":7}"#)[.latencyMS] == 7)
    #expect(try decoded(#"{"duration_s":9000000000}"#) == DecodedFields())
  }

  @Test(
    arguments: [
      (#"{"rag_hits":2}"#, true), (#"{"context_count":0}"#, false),
      (#"{"rag_hits":0,"context_count":3}"#, true), (#"{"qdrant_results":[{"id":1}]}"#, true),
      (#"{"qdrant_results":[]}"#, nil), (#"{"context_retrieved":true}"#, true),
      (#"{"context_retrieved":false,"qdrant_results":3}"#, true),
      (#"{"context_retrieved":false,"qdrant_results":0}"#, false),
      (#"{"context_retrieved":false,"rag_hits":3}"#, true), (#"{"rag_hits":null}"#, nil),
      (#"{"rag_hits":-1}"#, nil), (#"{"rag_hits":"3"}"#, nil),
      (#"{"rag_hits":0,"metadata":{"context_retrieved":true}}"#, true),
    ] as [(String, Bool?)])
  func `context was retrieved when something says so`(line: String, expected: Bool?) throws {
    #expect(try fields(line).bool(.contextRetrieved) == expected)
  }

  @Test func `an error is a text or an object`() throws {
    #expect(try fields(#"{"error":"boom"}"#)[.errorMessage] == "boom")
    let object = try fields(#"{"error":{"type":"E","message":"m","stack":"s","message":"n"}}"#)
    #expect(object[.errorMessage] == "n" && object[.errorType] == "E" && object[.errorStack] == "s")
    #expect(try fields(#"{"error_message":"a","error":"b"}"#)[.errorMessage] == "a")
    #expect(try decoded(#"{"error":null}"#) == DecodedFields())
    #expect(try decoded(#"{"data":{"error":"inside"}}"#) == DecodedFields())
    #expect(try decoded(#"{"error":["list"]}"#).mismatched == [.errorMessage])
    #expect(try decoded(#"{"error":{"code":5}}"#) == DecodedFields())
    #expect(try decoded(#"{"error":{"message":5}}"#).mismatched == [.errorMessage])
  }

  @Test func `a boolean error is one of its own`() throws {
    let decoded = try decoded(#"{"error":true}"#, kind: "ab_result")
    #expect(decoded.fields[.isError] == true && decoded.fields[.errorMessage] == nil)
    #expect(decoded.mismatched.isEmpty)
    #expect(try fields(#"{"error":"boom"}"#)[.isError] == nil)
  }

  @Test func `a message is an error, and a solution a fix, on their kinds alone`() throws {
    #expect(try fields(#"{"message":"m"}"#, kind: "error")[.errorMessage] == "m")
    #expect(try fields(#"{"message":"m"}"#, kind: "errors")[.errorMessage] == nil)
    #expect(try decoded(#"{"message":5}"#, kind: "feedback").mismatched.isEmpty)
    for kind in [
      "error_resolved", "error_resolution", "error.resolved", "ErrorResolved", "ERROR-FIXED",
      "bug_fixed", "error_cleared", "error_recovered", "problem_solved", "tool_error_resolved",
    ] {
      #expect(try fields(#"{"solution":"s"}"#, kind: kind)[.fix] == "s")
    }
    for kind in [
      "error", "cache_cleared", "task_solved", "tool_resolved", "error_not_resolved", "fixed",
      "error_unresolved", "route_resolved",
    ] {
      #expect(try fields(#"{"solution":"s"}"#, kind: kind)[.fix] == nil)
    }
    #expect(try fields(#"{"command":"make"}"#, kind: "error")[.command] == "make")
  }

  @Test(
    arguments: [
      (#"{"tests_passed":true}"#, true), (#"{"tests_passed":false,"tests_failed":0}"#, false),
      (#"{"tests_passed":5,"tests_failed":0}"#, true),
      (#"{"tests_passed":5,"tests_failed":2}"#, false),
      (#"{"tests_passed":0,"tests_failed":0}"#, nil), (#"{"tests_passed":5}"#, nil),
      (#"{"tests_passed":5,"context":{"tests_failed":0}}"#, nil), (#"{"tests_failed":1}"#, nil),
      (#"{"context":{"tests_passed":5,"tests_failed":0}}"#, true),
    ] as [(String, Bool?)])
  func `tests passed is a boolean, or a count beside those that failed`(
    line: String, expected: Bool?
  ) throws {
    #expect(try fields(line).bool(.testsPassed) == expected)
  }

  @Test func `tools are texts, objects with a name, or one text`() throws {
    #expect(
      try fields(#"{"tools_used":["a",{"name":"b"},null,"",{"x":1}]}"#)[.toolsUsed] == ["a", "b"])
    #expect(try fields(#"{"tool_name":"a"}"#)[.toolsUsed] == ["a"])
    #expect(try fields(#"{"tools_used":["a"],"tool_name":"b"}"#)[.toolsUsed] == ["a"])
    #expect(try decoded(#"{"tools_used":"a"}"#).mismatched == [.toolsUsed])
    #expect(try decoded(#"{"tools_used":[1,2]}"#).mismatched == [.toolsUsed])
    #expect(try decoded(#"{"tools_used":["",null]}"#) == DecodedFields())
  }

  @Test func `lists of calls and files are counted`() throws {
    let fields = try fields(#"{"tool_calls":[{"name":"a"},2],"files_modified":["x","y","z"]}"#)
    #expect(fields[.toolCalls] == 2 && fields[.filesModified] == 3)
    #expect(try EventsTests.fields(#"{"tool_calls":7}"#)[.toolCalls] == 7)
    #expect(try decoded(#"{"files_modified":[]}"#) == DecodedFields())
    #expect(try decoded(#"{"files_modified":"x"}"#).mismatched == [.filesModified])
  }

  @Test func `feedback stays in its range`() throws {
    for value in [-1, 0, 1] as [Int64] {
      #expect(
        try fields("{\"user_feedback\":\(value)}")[.userFeedback]
          == .number(try #require(FixedPoint(value))))
    }
    #expect(try decoded(#"{"user_feedback":2}"#) == DecodedFields(mismatched: [.userFeedback]))
    #expect(try decoded(#"{"feedback":"good"}"#).mismatched == [.userFeedback])
    #expect(try fields(#"{"user_feedback":5,"feedback":1.0}"#)[.userFeedback] == 1)
    #expect(try fields(#"{"rating":5,"helpful":false}"#)[.rating] == 5)
    #expect(try fields(#"{"rating":5,"helpful":false}"#)[.helpful] == false)
    #expect(try decoded(#"{"rating":0}"#) == DecodedFields(mismatched: [.rating]))
    #expect(try decoded(#"{"rating":6}"#) == DecodedFields(mismatched: [.rating]))
  }

  @Test func `real shapes of the four streams`() throws {
    let ralph = try fields(
      """
      {"event":"task_completed","task_id":"537b","status":"completed","total_iterations":2,
      "iteration_mode":"fixed","task":{"task_id":"537b","prompt":"sha256:aa","output":"sha256:bb",
      "iteration":2,"backend":"aider","status":"inner","context":{"last_error":"Exit code 1"}}}
      """)
    #expect(ralph[.interactionID] == "537b" && ralph[.status] == "completed")
    #expect(ralph[.iterations] == 2 && ralph[.backend] == "aider")
    #expect(ralph[.prompt] == "sha256:aa" && ralph[.response] == "sha256:bb")

    let aidb = try decoded(
      """
      {"source":"aidb","event_type":"tool_execute","llm_used":null,"tokens_saved":0,"rag_hits":0,
      "collections_used":[],"model":null,"latency_ms":null,"cache_hit":null,
      "metadata":{"tool_name":"search_documents"}}
      """, kind: "tool_execute", stream: .aidb)
    #expect(aidb.fields[.toolsUsed] == ["search_documents"] && aidb.mismatched.isEmpty)
    #expect(aidb.fields[.contextRetrieved] == false && aidb.fields[.model] == nil)

    let hybrid = try decoded(
      """
      {"ts":1781500000.25,"event_type":"workflow_step_complete","execution_id":"e1","node_id":"n1",
      "status":"failed","error":"boom","duration_s":1.204}
      """, kind: "workflow_step_complete", stream: .hybrid)
    #expect(hybrid.fields[.status] == "failed" && hybrid.fields[.errorMessage] == "boom")
    #expect(hybrid.fields[.latencyMS] == 1204 && hybrid.mismatched.isEmpty)

    let editor = try decoded(
      """
      {"event_type":"completion","extension":"continue","model_used":"Qwen/Qwen2.5-Coder-7B",
      "is_local":true,"tokens_used":234,"latency_ms":145,"success":true,"error_message":null,
      "metadata":{"language":"python"},"user_feedback":null}
      """, kind: "completion", stream: .editor)
    #expect(editor.fields[.model] == "Qwen/Qwen2.5-Coder-7B" && editor.fields[.tokensUsed] == 234)
    #expect(editor.fields[.language] == "python" && editor.fields[.success] == true)
    #expect(editor.fields[.userFeedback] == nil && editor.mismatched.isEmpty)
  }

  @Test func `a decoder gives the same whatever it decoded before`() throws {
    let lines = [
      #"{"event":"a","model":"a model with a long name","tools_used":["a tool with a long name"]}"#,
      #"{"event":"b","metadata":{"model":"another model with a long name"},"success":true}"#,
      #"{}"#, #"{"model":7,"data":{"model":"a model with a long name"}}"#,
    ]
    let decoder = LineDecoder()
    for _ in 0..<3 {
      for line in lines {
        let again = try decoder.fields(
          of: Array(line.utf8).span, isPadded: false, kind: "k", stream: .hybrid)
        #expect(try again == decoded(line, kind: "k", stream: .hybrid))
      }
    }
  }

  @Test func `texts that share a place in the cache stay apart`() throws {
    let decoder = LineDecoder()
    for number in 10_000..<12_000 {
      let model = "a model with a long name \(number)"
      let line = Array("{\"model\":\"\(model)\"}".utf8)
      for _ in 0..<2 {
        let decoded = try decoder.fields(
          of: line.span, isPadded: false, kind: "k", stream: .hybrid)
        #expect(decoded.fields.text(.model) == model)
      }
    }
  }
}
