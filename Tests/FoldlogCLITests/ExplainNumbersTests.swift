import TestSupport
import Testing

/// The numbers of the views beside values, computed again from what `explain` says of them.
@Suite struct ExplainNumbersTests {
  private let session: Session

  init() throws {
    session = try Session()
    try session.ingestFixtures()
  }

  private func explain(_ words: String...) throws -> Explained {
    try Explained(
      run(
        foldlogBinary, ["explain"] + words + ["--format", "json"],
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"]))
  }

  @Test(arguments: [
    ["cache_hit", "true", "latency_ms"], ["llm_used", "local", "cost_usd"],
    ["stream", "ralph", "value"], ["tool", "edit_file", "success"],
  ])
  func `correlations: Welch's test and what follows from it`(_ key: [String]) throws {
    let explained = try explain("correlations", key[0], key[1], key[2])
    let explanation = explained.explanation
    let row = explained.row
    func value(_ name: String) -> Double { explanation.value(name) ?? .nan }
    for side in ["with", "without"] {
      let n = value("n_\(side)")
      let mean = explanation.figure("mean_\(side)")
      #expect(isNear((mean.input("sum_\(side)").number ?? .nan) / n, value("mean_\(side)")))
      let variance = explanation.figure("variance_\(side)")
      #expect(
        isNear(
          (variance.input("sum_of_squared_deviations").number ?? .nan) / (n - 1),
          value("variance_\(side)")))
    }
    let (n, m) = (value("n_with"), value("n_without"))
    let (a, b) = (value("variance_with") / n, value("variance_without") / m)
    let difference = value("mean_with") - value("mean_without")
    let error = (a + b).squareRoot()
    #expect(isNear(difference, row["difference"]?.number))
    #expect(isNear(difference / value("mean_without"), row["relative_change"]?.number))
    #expect(isNear(error, value("standard_error")))
    #expect(isNear(difference / error, row["t"]?.number))
    let df = (a + b) * (a + b) / (a * a / (n - 1) + b * b / (m - 1))
    #expect(isNear(df, row["df"]?.number))
    let reach = (explanation.figure("ci_low").input("t_95").number ?? .nan) * error
    #expect(isNear(difference - reach, row["ci_low"]?.number))
    #expect(isNear(difference + reach, row["ci_high"]?.number))
    let pooled =
      (((n - 1) * value("variance_with") + (m - 1) * value("variance_without")) / (n + m - 2))
      .squareRoot()
    #expect(isNear(difference / pooled, row["cohens_d"]?.number))
    try checkActionable(explained)
  }

  private func checkActionable(_ explained: Explained) throws {
    let row = explained.row
    let kept = explained.explanation.figure("kept_by_benjamini_hochberg")
    let rows = try session.foldlog("query", "correlations", "--format", "jsonl").output
      .split(separator: "\n").compactMap { StrictJSON(Array($0.utf8)) }
    let pValues = rows.compactMap { $0["p_value"]?.number }.sorted()
    let p = try #require(row["p_value"]?.number)
    #expect(kept.input("rows").number == Double(pValues.count))
    #expect(kept.input("rank").number == Double(pValues.count { $0 <= p }))
    let threshold = pValues.enumerated().reversed().first { place, p in
      p <= 0.01 * Double(place + 1) / Double(pValues.count)
    }
    #expect(kept.input("p_threshold").number == threshold?.element)
    let isKept = p <= threshold?.element ?? -1
    #expect(kept["value"] == .bool(isKept))
    let isActionable =
      isKept && (row["n_with"]?.number ?? 0) >= 30 && (row["n_without"]?.number ?? 0) >= 30
      && (row["cohens_d"]?.number ?? 0).magnitude >= 0.2
    #expect(row["actionable"] == .bool(isActionable))
  }

  @Test func `correlations: pairs and strategies`() throws {
    let pair = try explain("correlations/pairs", "value", "latency_ms")
    let r = pair.explanation.figure("r")
    func input(_ name: String) -> Double { r.input(name).number ?? .nan }
    let n = input("n")
    let spread = { (x: String, xx: String) in n * input(xx) - input(x) * input(x) }
    let shared = n * input("Σxy") - input("Σx") * input("Σy")
    let computed = shared / (spread("Σx", "Σx²") * spread("Σy", "Σy²")).squareRoot()
    #expect(isNear(computed, pair.row["r"]?.number))
    #expect(pair.json["event_count"]?.number == n)
    // Each of its events has both.
    for event in pair.json["events"]?.items ?? [] {
      #expect(event["fields"]?["latency_ms"]?.number != nil)
    }
    let strategy = try explain("correlations/strategies", "plan-first")
    let counts = strategy.explanation.figure("mean")
    let (s, f) = (
      counts.input("successes").number ?? .nan, counts.input("failures").number ?? .nan
    )
    #expect(isNear((1 + s) / (2 + s + f), strategy.row["mean"]?.number))
  }

  @Test func `values: a day and a bucket`() throws {
    let day = try explain("values/daily", "2026-03-02", "ralph", "null")
    let explanation = day.explanation
    let count = explanation.value("count") ?? .nan
    let sum = explanation.figure("mean_score").input("sum of the scores").number ?? .nan
    #expect(isNear(sum / count, day.row["mean_score"]?.number))
    #expect(
      isNear((explanation.value("high_value") ?? .nan) / count, day.row["learning_rate"]?.number))
    #expect(isNear((explanation.value("reused") ?? .nan) / count, day.row["reuse_rate"]?.number))
    // Its events are the interactions whose scores add up to the sum.
    var scores = 0.0
    for event in day.json["events"]?.items ?? [] {
      let offset = event["offset"]?.number.map { "\(Int($0))" } ?? ""
      scores += try explain("values", offset).row["score"]?.number ?? .nan
    }
    #expect(isNear(scores, sum))
    let bucket = try explain("values/histogram", "9").explanation.figure("share")
    let share = (bucket.input("count").number ?? .nan) / (bucket.input("total").number ?? .nan)
    #expect(isNear(share, bucket["value"]?.number))
  }

  @Test(arguments: ["4", "7", "12", "0"])
  func `errors: rates, and the events that mended what`(_ pattern: String) throws {
    let explained = try explain("errors", pattern)
    let row = explained.row
    let explanation = explained.explanation
    let (s, f) = (row["successes"]?.number ?? .nan, row["failures"]?.number ?? .nan)
    #expect(isNear(s + f == 0 ? nil : s / (s + f), row["success_rate"]?.number))
    let start = explanation.figure("confidence").input("start").number ?? .nan
    #expect(start == (row["built_in"]?.isTrue == true ? 0.9 : 0.7))
    #expect(isNear((s + start) / (s + f + 1), row["confidence"]?.number))
    #expect(row["active"] == .bool(row["built_in"]?.isTrue == true || f < 3 || s >= f))
    // One step for each success and failure.
    #expect(Double(explained.steps.count) == s + f)
    #expect(Double(explained.steps.count { $0["text"]?.text?.contains("did not") == false }) == s)
    // The phrase that gave the category is in the type or the line.
    let category = explanation.figure("category")
    let phrase = category.input("phrase").text ?? ""
    let line = category.input("type and line").text ?? ""
    #expect(!phrase.isEmpty, "\(category)")
    for part in phrase.split(separator: "*") { #expect(line.lowercased().contains(part)) }
  }

  @Test
  func
    `errors: what one writer says again happened again, and a change in between did not mend it`()
    throws
  {
    let session = try Session()
    let call = #""session_id":"s","interaction_id":"t""#
    let error =
      #"{"event":"tool_result",\#(call),"command":"npm test","exit_code":1,"#
      + #""error_message":"Cannot find module 'x'"}"# + "\n"
    let install = #"{"event":"tool_execute",\#(call),"command":"npm ci","exit_code":0}"# + "\n"
    try session.foldlog("ingest", "--stream", "hybrid", input: error + install + error + error)
    let explained = try Explained(
      run(
        foldlogBinary, ["explain", "errors", "0", "--format", "json"],
        variables: ["FOLDLOG_DATA=\(session.directory.file("data"))"]))
    #expect(explained.row["failures"]?.number == 1)
    #expect(explained.row["successes"]?.number == 0)
    #expect(explained.row["count"]?.number == 3)
    #expect(explained.steps.count == 1)
    let fixes = try session.foldlog("query", "errors/fixes", "--format", "jsonl").output
    #expect(fixes.contains("\"fix\":\"npm ci\"") && fixes.split(separator: "\n").count == 1)
  }

  @Test func `errors: fixes with their pairs of events, and gaps`() throws {
    let fix = try explain("errors/fixes", "5", "Clone the value before it is moved")
    #expect(Double(fix.steps.count) == fix.row["attempts"]?.number)
    #expect(fix.steps.first?["offset"]?.number == 59)
    #expect(fix.steps.first?["text"]?.text?.hasSuffix("mended the error of event 57") == true)
    let seconds = fix.explanation.figure("seconds_to_fix")
    let mean =
      (seconds.input("seconds in all").number ?? .nan)
      / (seconds.input("successes whose times are known").number ?? .nan)
    #expect(isNear(mean, fix.row["seconds_to_fix"]?.number))
    // The errors and what mended them.
    let events = fix.json["events"]?.items.compactMap { $0["offset"]?.number }
    #expect(events == [57, 59, 67, 69, 174, 176])
    let top = try explain("errors/top", "1")
    #expect(top.steps.count == 4)
    let gap = try explain("errors/gaps", "111")
    #expect(gap.json["events"]?.items.count == 4)
  }

  @Test func `datasets: members, margin and split`() throws {
    let example = try explain("datasets", "6")
    let members =
      example.explanation.figure("offset")["inputs"]?.items.compactMap { $0["value"]?.number } ?? []
    #expect(Double(members.count) == (example.row["merged"]?.number ?? .nan) + 1)
    #expect(members.max() == example.row["score"]?.number)
    try checkSplit(example)
    let pair = try explain("datasets/pairs", "0")
    let margin = pair.explanation.figure("margin")
    let difference =
      (margin.input("chosen score").number ?? .nan)
      - (margin.input("rejected score").number ?? .nan)
    #expect(isNear(max(difference, 0), pair.row["margin"]?.number))
    try checkSplit(pair)
    let readiness = try explain("datasets/readiness", "examples")
    let count = readiness.row["count"]?.number ?? .nan
    #expect(readiness.row["ready"] == .bool(count >= readiness.row["needed"]?.number ?? .nan))
  }

  private func checkSplit(_ explained: Explained) throws {
    let split = explained.explanation.figure("split")
    let text = try #require(
      split.input("text: the session_id of who asked it first").text
        ?? split.input("text: the prompt, masked, as who asked it first has no session_id").text)
    let sum = try run("sha256sum", [], input: Array(text.utf8)).output.prefix(64)
    #expect(split.input("SHA-256").text == String(sum))
    let percent = sum.reduce(0) { ($0 * 16 + ($1.hexDigitValue ?? 0)) % 100 }
    #expect(split.input("modulo 100").number == Double(percent))
    let name = percent < 80 ? "train" : percent < 90 ? "validation" : "test"
    #expect(explained.row["split"]?.text == name)
  }

  @Test func `deployments: states, improvement and recommendation`() throws {
    let explained = try explain("deployments", "dep-3")
    let explanation = explained.explanation
    let means = ["", "baseline_"].map { prefix in
      let mean = explanation.figure("\(prefix)mean_quality")
      return (mean.input("quality_sum").number ?? .nan)
        / (mean.input("\(prefix)samples").number ?? .nan)
    }
    #expect(isNear(means[0], explained.row["mean_quality"]?.number))
    #expect(isNear((means[0] - means[1]) / means[1], explained.row["improvement"]?.number))
    let steps = explained.steps.compactMap { $0["text"]?.text }
    #expect(
      steps == [
        "deployment_created, traffic 5 %; pending at 5 %",
        "deployment_started; pending at 5 % → deploying at 5 %",
        "deployment_active; deploying at 5 % → active at 5 %",
        "refused: promoted without a traffic percentage",
      ])
    let model = try explain("deployments/models", "orchard-coder", "1.1")
    #expect(model.steps.map { $0["offset"]?.number } == [1554, 1555, 1556, 1557, 1558, 1559])
    #expect(model.steps.last?["text"]?.text?.contains("forgetting_rate") == true)
    let run = try explain("deployments/training", "run-3")
    #expect(run.steps.map { $0["offset"]?.number } == [1555, 1556])
    let anomaly = try explain("deployments/anomalies", "1553")
    #expect(anomaly.steps.last?["text"]?.text == "refused: a result while demoted")
  }
}
