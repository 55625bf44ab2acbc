import TestSupport
import Testing

/// The score of an interaction, computed again from what `explain` says that it was made of.
@Suite struct ExplainValuesTests {
  /// Checks every part of the score against its inputs and against the row.
  private func check(_ explained: Explained, _ name: String) throws {
    let explanation = explained.interaction
    let row = explained.row
    #expect(outcomeQuality(explanation) == row["outcome_quality"]?.number, "\(name)")
    #expect(feedback(explanation) == row["feedback"]?.number, "\(name)")
    #expect(reusability(explanation) == row["reusability"]?.number, "\(name)")
    #expect(isNear(complexity(explanation), row["complexity"]?.number), "\(name)")
    #expect(isNear(novelty(explanation), row["novelty"]?.number), "\(name)")
    #expect(explanation.figure("outcome")["value"] == row["outcome"], "\(name)")

    let score = explanation.figure("score")
    let parts = ["outcome_quality", "feedback", "reusability", "complexity", "novelty"]
    let sum = parts.reduce(0) {
      $0 + (score.input($1).number ?? .nan) * (score.input("weight_of_\($1)").number ?? .nan)
    }
    for part in parts { #expect(score.input(part) == row[part], "\(name): \(part)") }
    #expect(isNear(sum, row["score"]?.number), "\(name)")
    #expect(tier(explanation) == row["tier"]?.text, "\(name)")
    #expect(isNear(confidence(explanation), row["confidence"]?.number), "\(name)")
  }

  private func outcomeQuality(_ explanation: StrictJSON) -> Double? {
    let figure = explanation.figure("outcome_quality")
    switch figure.input("outcome").text {
    case "success":
      let iterations = figure.input("iterations").number ?? 1
      return iterations <= 3 ? 1 : iterations <= 5 ? 0.8 : 0.6
    case "partial": return 0.4
    case "failure": return 0.2
    default: return nil
    }
  }

  private func feedback(_ explanation: StrictJSON) -> Double {
    let figure = explanation.figure("feedback")
    if figure.input("explicit").number == 1 { return 1 }
    if figure.input("explicit").number == -1 { return 0 }
    for (name, value) in [
      ("copied_to_clipboard", 0.8), ("modified_response", 0.6), ("accepted", 0.8),
      ("abandoned", 0.0),
    ] where figure.input(name).isTrue { return value }
    return 0.5
  }

  private func reusability(_ explanation: StrictJSON) -> Double {
    let count = explanation.figure("reusability").input("earlier_similar_prompts").number ?? 0
    return count >= 5 ? 1 : count >= 3 ? 0.7 : count >= 1 ? 0.5 : 0.3
  }

  private func complexity(_ explanation: StrictJSON) -> Double {
    let figure = explanation.figure("complexity")
    var sum = 0.0
    if (figure.input("steps").number ?? 0) > 1 { sum += 0.3 }
    if !figure.input("tools_used").items.isEmpty || (figure.input("tool_calls").number ?? 0) > 0 {
      sum += 0.2
    }
    let files = figure.input("files_modified")
    if (files.number ?? Double(files.items.count)) > 3 { sum += 0.3 }
    let isSaid = figure.input("has_code").isTrue && figure.input("has_explanation").isTrue
    if isSaid || figure.input("code_and_prose_seen").isTrue { sum += 0.2 }
    return min(sum, 1)
  }

  private func novelty(_ explanation: StrictJSON) -> Double {
    let figure = explanation.figure("novelty")
    guard figure.input("response_is_readable").isTrue else { return 0 }
    return 1 - (figure.input("nearest_similarity").number ?? 0)
  }

  private func tier(_ explanation: StrictJSON) -> String {
    let figure = explanation.figure("high_value_threshold")
    let sum =
      (figure.input("high_value").number ?? .nan) + (figure.input("for_complexity").number ?? .nan)
      + (figure.input("for_domain").number ?? .nan)
    let threshold = min(max(sum, 0.5), 0.95)
    let score = explanation.value("score") ?? .nan
    if score < threshold { return "reference" }
    return score >= 0.95 ? "exceptional" : score >= 0.85 ? "high_quality" : "high_value"
  }

  private func confidence(_ explanation: StrictJSON) -> Double {
    let figure = explanation.figure("confidence")
    let present = [
      "prompt", "response", "model", "session_id", "latency_ms", "tokens_output",
    ].count { figure.input("has_\($0)").isTrue }
    return
      ((figure.input("feedback_known").number ?? .nan)
      + (figure.input("basis_known").number ?? .nan)
      + Double(present) / 6) / 3
  }

  @Test func `the scores of the fixtures can be computed by hand`() throws {
    let session = try Session()
    try session.ingestFixtures()
    let offsets = try session.foldlog("query", "values", "--format", "jsonl").output
      .split(separator: "\n").compactMap { StrictJSON(Array($0.utf8))?["offset"]?.number }
    // Every ninth: all streams, outcomes and tiers are among them.
    var tiers: Set<String> = []
    for offset in stride(from: 0, to: offsets.count, by: 9).map({ "\(Int(offsets[$0]))" }) {
      let explained = try Explained(
        session.foldlog("explain", "values", offset, "--format", "json"))
      try check(explained, "values \(offset)")
      tiers.insert(explained.row["tier"]?.text ?? "")
    }
    #expect(tiers.count >= 3)
  }

  /// One prompt asked seven times, answered alike twice, then by another answer; then late feedback,
  /// weaker and stronger evidence.
  @Test func `earlier prompts, the nearest response and what was replaced are named`() throws {
    let session = try Session()
    let prompt = "Please write a parser for the timetable feed of the harbour office"
    let response = (0..<40).map { "word\($0)" }.joined(separator: " ")
    var lines: [String] = []
    for number in 0..<7 {
      let end = number == 6 ? " and one more" : ""
      lines.append(
        """
        {"event":"query_completion","query_id":"q\(number)","session_id":"s","prompt":"\(prompt)",\
        "response":"\(response)\(end)","success":true,"rating":5,"steps":4,"tools_used":["a"],\
        "timestamp":"2026-01-05T10:0\(number):00Z"}
        """)
    }
    lines.append("{\"event\":\"query_completion\",\"query_id\":\"q6\",\"exit_code\":1}")
    lines.append("{\"event\":\"query_completion\",\"query_id\":\"q6\",\"status\":\"completed\"}")
    lines.append("{\"event\":\"feedback\",\"query_id\":\"q6\",\"accepted\":true}")
    try session.foldlog("ingest", "--stream", "aidb", input: lines.joined(separator: "\n") + "\n")
    let explained = try Explained(session.foldlog("explain", "values", "6", "--format", "json"))
    try check(explained, "values 6")
    let explanation = explained.interaction
    #expect(explanation.figure("reusability").input("earlier_similar_prompts").number == 5)
    #expect(explanation.figure("reusability").offsets("earlier_similar_prompts") == [0])
    // 40 words give 38 shingles, three words more 41.
    #expect(isNear(explanation.figure("novelty").input("nearest_similarity").number, 38.0 / 41))
    #expect(explanation.figure("novelty").offsets("nearest_similarity") == [0])
    let outcome = explanation.figure("outcome")
    #expect(outcome.offsets("success by tool") == [6])
    #expect(outcome.offsets("failure by exit_code") == [7])
    #expect(outcome.offsets("success by self") == [8])
    #expect(outcome.input("success by self") == .string("weaker than what was known"))
    #expect(outcome.input("failure by exit_code") == .string("decided"))
    #expect(outcome.offsets("success by human") == [9])
    #expect(outcome["value"] == .string("success"))
    #expect(explanation.figure("feedback").offsets("accepted") == [9])
    #expect(explanation["steps"]?.items.map { $0["offset"]?.number } == [6, 7, 8, 9])
  }

  @Test func `the score of the profile quality can be computed by hand`() throws {
    let session = try Session()
    try session.directory.makeFolder("data")
    try session.directory.write(
      "data/foldlog.toml", "[values]\nprofile = \"quality\"\n[values.domains]\nbilling = 0.05\n")
    let lines = """
      {"event":"query_completion","query_id":"a","prompt":"one","success":true,"rating":4,\
      "accepted":false,"time_to_first_use_s":45,"code_compiles":true,"tests_passed":false,\
      "style_score":0.9,"security_score":0.5,"generation_time_s":7,"domain":"billing"}
      {"event":"query_completion","query_id":"b","prompt":"two","success":true}
      {"event":"query_completion","query_id":"c","success":true,"project_score":0.25,\
      "solution_complexity":0.4,"productivity_gain":3,"helpful":true}

      """
    try session.foldlog("ingest", "--stream", "aidb", input: lines)
    for offset in ["0", "1", "2"] {
      let explained = try Explained(
        session.foldlog("explain", "values", offset, "--format", "json"))
      let score = explained.interaction.figure("score")
      var sums = (0.0, 0.0)
      for part in [
        "satisfaction", "correctness", "code_quality", "relevance", "efficiency",
      ] {
        let figure = explained.interaction.figure(part)
        var (given, weights) = (0.0, 0.0)
        for input in figure["inputs"]?.items ?? [] {
          guard let name = input["name"]?.text,
            let weight = figure.input("weight_of_\(name)").number,
            let share = figure.input("share_of_\(name)").number
          else { continue }
          given += weight * min(max(share, 0), 1)
          weights += weight
        }
        let value = weights > 0 ? given / weights : nil
        #expect(isNear(value, figure["value"]?.number), "\(offset): \(part)")
        guard let value, let weight = score.input("weight_of_\(part)").number else { continue }
        sums.0 += value * weight
        sums.1 += weight
      }
      let total = sums.1 > 0 ? sums.0 / sums.1 : 0
      #expect(isNear(total, explained.row["score"]?.number), "\(offset)")
      #expect(tier(explained.interaction) == explained.row["tier"]?.text)
    }
  }
}
