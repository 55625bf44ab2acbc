import TestSupport
import Testing

/// `foldlog query deployments --for TASK_TYPE --key REQUEST`.
@Suite struct ServingCommandTests {
  private let session: Session

  init() throws {
    session = try Session()
    let lines = """
      {"event":"deployment_created","deployment_id":"d1","model":"m1","baseline_model":"m0",\
      "task_type":"code","traffic_percentage":20}
      {"event":"deployment_active","deployment_id":"d1"}
      {"event":"deployment_created","deployment_id":"d2","model":"m2","baseline_model":"m0",\
      "task_type":"code"}
      {"event":"deployment_active","deployment_id":"d2"}
      {"event":"deployment_created","deployment_id":"d3","model":"m3","baseline_model":"m0",\
      "task_type":"review","traffic_percentage":100}
      {"event":"deployment_active","deployment_id":"d3"}
      """
    let result = try session.foldlog("ingest", "--stream", "hybrid", input: lines + "\n")
    #expect(result.status == 0, "\(result.errors)")
  }

  private func ask(_ arguments: String..., input: String = "") throws -> ChildResult {
    try run(
      foldlogBinary, ["query", "deployments"] + arguments, input: Array(input.utf8),
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
  }

  @Test func `the answer names model, arm, deployment, traffic and offsets`() throws {
    let answer = try ask("--for", "review", "--key", "r1", "--format", "json")
    #expect(answer.status == 0, "\(answer.errors)")
    #expect(
      answer.output == """
        {"view":"deployments","offset":5,"rows":[
        {"key":"r1","task_type":"review","model":"m3","arm":"deployment","deployment_id":"d3",\
        "status":"active","traffic_percentage":100,"offsets":[4,5],"last_offset":5,\
        "offset_count":2}
        ]}

        """)
  }

  @Test(arguments: ["table", "json", "jsonl", "csv"])
  func `it comes in every form, a row a key`(format: String) throws {
    let answer = try ask("--for", "review", "--key", "r1", "--key", "--r2", "--format", format)
    #expect(answer.status == 0, "\(answer.errors)")
    for word in ["r1", "--r2", "m3", "d3"] { #expect(answer.output.contains(word)) }
  }

  @Test func `what nothing serves is said, with what is served`() throws {
    for (asked, part) in [
      ("reviev", "nothing serves requests of the task type `reviev`; did you mean `review`?"),
      ("unheard of", "of the task type `unheard of`: there are code, review"),
    ] {
      let answer = try ask("--for", asked, "--key", "a")
      #expect(answer.status == 66 && answer.output.isEmpty)
      #expect(answer.errors.contains(part), "\(answer.errors)")
    }
    let before = try ask("--for", "code", "--key", "a", "--as-of", "-1")
    #expect(before.status == 66 && before.errors.contains("no deployment names a task type"))
  }

  @Test func `rows are what the schema says`() throws {
    for taskType in ["code", "review"] {
      let answer = try ask(
        "--for", taskType, "--key", "a", "--key", "b", "--key", "c", "--format", "jsonl")
      #expect(answer.output.split(separator: "\n").count == 3)
      let result = try run(
        "python3", ["\(packageRoot)/tools/validate.py", "question", "serving"],
        input: Array(answer.output.utf8))
      #expect(result.status == 0, "\(result.output)\(result.errors)")
    }
  }

  @Test func `over 100,000 keys the split is the traffic's, within 1 percent`() throws {
    let keys = (0..<100_000).map { "session-\($0)\n" }.joined()
    func counts() throws -> [Substring: Int] {
      let answer = try ask("--for", "code", "--key", "-", "--format", "csv", input: keys)
      #expect(answer.status == 0, "\(answer.errors)")
      var counts: [Substring: Int] = [:]
      for line in answer.output.split(whereSeparator: \.isNewline).dropFirst() {
        let cells = line.split(separator: ",", maxSplits: 4, omittingEmptySubsequences: false)
        counts[cells[2], default: 0] += 1
      }
      return counts
    }
    let first = try counts()
    #expect(first.values.reduce(0, +) == 100_000)
    for (model, share) in [("m1", 20_000), ("m2", 5_000), ("m0", 75_000)] as [(Substring, Int)] {
      #expect(abs(first[model, default: 0] - share) < 1_000, "\(first)")
    }
    #expect(try counts() == first)
    let promotion = """
      {"event":"deployment_promoted","deployment_id":"d2","traffic_percentage":60}
      """
    try session.foldlog("ingest", "--stream", "hybrid", input: promotion + "\n")
    let later = try counts()
    for (model, share) in [("m1", 20_000), ("m2", 60_000), ("m0", 20_000)] as [(Substring, Int)] {
      #expect(abs(later[model, default: 0] - share) < 1_000, "\(later)")
    }
    #expect(later["m1"] == first["m1"])
  }

  @Test(arguments: [
    ["deployments", "--for", "code"], ["deployments", "--key", "r"],
    ["values", "--for", "code", "--key", "r"],
    ["deployments/models", "--for", "code", "--key", "r"],
    ["deployments", "--for", "code", "--key", "r", "--where", "status = active"],
    ["deployments", "--for", "code", "--key", "r", "--sort", "model"],
    ["deployments", "--for", "code", "--key", "r", "--desc"],
    ["deployments", "--for", "code", "--key", "r", "--limit", "1"],
    ["errors", "--for", "x", "--key", "r"], ["errors", "--for", " "], ["errors", "--key", "r"],
    ["errors/fixes", "--for", "x"], ["errors", "--for", "x", "--limit", "1"],
    ["deployments", "--for", "", "--key", "r"], ["deployments", "--for", "code", "--key", ""],
  ])
  func `a question of both kinds, or of half of one, is wrong usage`(_ arguments: [String]) throws {
    let result = try run(
      foldlogBinary, ["query"] + arguments,
      variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"])
    #expect(result.status == 64, "\(arguments): \(result.errors)")
    #expect(result.output.isEmpty && result.errors.hasPrefix("foldlog: "))
  }
}
