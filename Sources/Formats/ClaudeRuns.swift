internal import Bytes
internal import Events
internal import JSON

// What Claude Code says of itself: of its runs, what they cost, and of limits.
extension ClaudeLine {
  func system(_ events: inout EventCollector) {
    switch line.text("subtype") {
    case "init":
      var context = SessionContext()
      context.beginsRun = true
      var fields = base
      fields.set(.model, line.text("model").map(modelName))
      add(.context(context), "session_started", &events, fields: fields)
    case "turn_duration":
      var end = TurnEnd()
      end.latencyMS = line.number("durationMs")
      add(.turnEnd(end), "turn_ended", &events)
    case "stop_hook_summary":
      if line.bool("preventedContinuation") != true {
        add(.turnEnd(TurnEnd()), "turn_ended", &events)
      }
    case "compact_boundary": add(.compaction, "context_compacted", &events)
    case "api_error", "api_retry": apiError(&events)
    default: break
    }
  }

  /// A call of the model that the service refused, and that is made again.
  private func apiError(_ events: inout EventCollector) {
    let error = line.object("error")
    let status = line.count("error_status") ?? error?.count("status")
    // What the service said lies in what the library made of it.
    let inner = error?.object("error")
    let message =
      inner?.object("error")?.text("message") ?? inner?.text("message") ?? error?.text("message")
      ?? line.text("error") ?? "no answer"
    var fields = base
    fields.set(.errorType, "api")
    fields.set(.errorMessage, "API error\(status.map { " \($0)" } ?? ""): \(message)")
    var part = Message()
    part.isError = true
    add(.message(part), "inference", &events, fields: fields)
  }

  /// What the conversation that ends with a line is about, in the file of any session.
  func summary(_ events: inout EventCollector) {
    guard let title = line.text("summary"), let leaf = line.text("leafUuid") else { return }
    add(.summary(title, ofLine: leaf), "session_titled", &events)
  }

  func pullRequest(_ events: inout EventCollector) {
    guard let address = line.text("prUrl") ?? line.count("prNumber").map({ "\($0)" }) else {
      return
    }
    add(.pullRequest(address), "session_context", &events)
  }

  /// The end of a run. Its `subtype` may say success where `is_error` says that there was none.
  func result(_ events: inout EventCollector) {
    var end = TurnEnd()
    end.turn = isOfStream ? line.text("uuid") : nil
    total(of: line, turn: end.turn, &events)
    denials(&events)
    end.response = line.text("result")
    end.model = onlyModel
    end.latencyMS = line.number("duration_ms")
    let subtype = line.text("subtype") ?? ""
    end.succeeded = line.bool("is_error").map { !$0 && !subtype.hasPrefix("error_") }
    var fields = base
    if end.succeeded == false {
      fields.set(.errorMessage, end.response ?? line["errors"]?.contentText ?? subtype)
      fields.set(
        .errorType, subtype.hasPrefix("error_") ? String(subtype.dropFirst(6)) : "api")
    }
    add(.turnEnd(end), "turn_ended", &events, fields: fields)
  }

  /// The model of a run that used one alone.
  private var onlyModel: String? {
    guard let byModel = line.object("modelUsage") else { return nil }
    var members = byModel.members
    guard let first = members.next(), members.next() == nil else { return nil }
    return modelName(String(decoding: first.key.utf8))
  }

  /// A total of the session so far, in a transcript.
  func costState(_ events: inout EventCollector) {
    guard let state = line.object("costState") else {
      return total(of: line, isOfSession: true, &events)
    }
    total(of: state, isOfSession: true, &events)
  }

  /// What a run used, by model: its `usage` beside it is that of the last turn alone.
  private func total(
    of state: JSONObject, turn: String? = nil, isOfSession: Bool = false,
    _ events: inout EventCollector
  ) {
    let costUSD =
      state.number("total_cost_usd") ?? state.number("totalCostUSD") ?? state.number("total_cost")
      ?? state.number("cost_usd")
    var models: [RunTotal.OfModel] = []
    if let byModel = state.object("modelUsage") {
      var members = byModel.members
      while let member = members.next() {
        guard let counts = member.value.object else { continue }
        let usage = TokenUsage(
          input: counts.count("inputTokens"), cacheRead: counts.count("cacheReadInputTokens"),
          cacheWrite: counts.count("cacheCreationInputTokens"),
          output: counts.count("outputTokens"),
          webSearches: counts.count("webSearchRequests"))
        models.append(
          RunTotal.OfModel(
            model: modelName(String(decoding: member.key.utf8)), usage: usage,
            costUSD: counts.number("costUSD")))
      }
    }
    if models.isEmpty, let counts = state.object("usage") {
      // Versions before 1.0.50 tell no models: the last turn's is the least that it was.
      models = [RunTotal.OfModel(model: "", usage: usage(counts), costUSD: nil)]
    }
    guard costUSD != nil || !models.isEmpty else { return }
    let total = RunTotal(
      models: models, costUSD: costUSD, turn: turn, isOfSession: isOfSession)
    add(.total(total), "session_ended", &events)
  }

  func limit(_ events: inout EventCollector) {
    guard let info = line.object("rate_limit_info"), let window = info.text("rateLimitType") else {
      return
    }
    let isReached = info.has("status", "rejected")
    let state = LimitState(
      window: window,
      usedPercent: info.number("utilization").map { FixedPoint(units: $0.units &* 100) },
      resetsAt: info["resetsAt"]?.int64.flatMap { Timestamp(epoch: $0) }, isReached: isReached)
    add(.limits([state]), isReached ? "limit_reached" : "limit_reported", &events)
  }
}

/// The name of a model without the variant that Claude Code puts behind it: `[1m]`.
private func modelName(_ name: String) -> String {
  name.firstIndex(of: "[").map { String(name[..<$0]) } ?? name
}
