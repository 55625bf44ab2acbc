internal import Bytes
package import Events
package import JSON

/// What Codex writes: the rollout of a session, and what `codex exec --json` prints.
///
/// Read: requests, messages, tools with their results, counts of tokens, limits, ends of turns,
/// compactions. A session's lines do not name it: its file does, by the first `session_meta`. Dropped:
/// what the model thought, and what is told twice (ends of patches and of tools of servers).
package struct Codex: LineFormat {
  package let name = "codex"
  package let title = "Codex"
  package let version: UInt32 = 9
  package let stream = Stream.ralph
  package let isRead = true

  package init() {}

  package func nativeKind(of line: JSONObject) -> String? {
    guard let type = line.text("type") else { return nil }
    if Self.rolloutTypes.contains(type), let payload = line.object("payload") {
      guard let inner = payload.text("type"), inner != type else { return type }
      return "\(type).\(inner)"
    }
    guard Self.execTypes.contains(type), type != "error" || isError(line) else { return nil }
    if type.hasPrefix("item.") {
      guard let item = line.object("item")?.text("type") else { return nil }
      return "\(type).\(item)"
    }
    return type
  }

  /// Whether a line says no more than that something went wrong, as those of `codex exec` do.
  private func isError(_ line: JSONObject) -> Bool {
    guard line.text("message") != nil else { return false }
    var members = line.members
    var count = 0
    while members.next() != nil { count += 1 }
    return count == 2
  }

  private static let rolloutTypes: Set = [
    "session_meta", "turn_context", "response_item", "event_msg", "compacted",
    "inter_agent_communication", "inter_agent_communication_metadata", "thread_settings_applied",
    "world_state",
  ]
  private static let execTypes: Set = [
    "thread.started", "turn.started", "turn.completed", "turn.failed", "item.started",
    "item.updated", "item.completed", "error",
  ]

  package func knows(nativeKind: String) -> Bool {
    if Self.execTypes.contains(nativeKind) { return true }
    guard let dot = nativeKind.firstIndex(of: ".") else {
      return Self.rolloutTypes.contains(nativeKind)
    }
    let inner = String(nativeKind[nativeKind.index(after: dot)...])
    switch nativeKind[..<dot] {
    case "response_item": return Self.responseItems.contains(inner)
    case "event_msg": return Self.messages.contains(inner)
    case "item":
      guard let dot = inner.firstIndex(of: ".") else { return false }
      return Self.execItems.contains(String(inner[inner.index(after: dot)...]))
    default: return false
    }
  }

  private static let responseItems: Set = [
    "message", "reasoning", "function_call", "function_call_output", "custom_tool_call",
    "custom_tool_call_output", "local_shell_call", "web_search_call", "tool_search_call",
    "tool_search_output", "image_generation_call", "ghost_snapshot", "compaction",
    "compaction_summary", "context_compaction", "other",
  ]
  private static let messages: Set = [
    "user_message", "agent_message", "agent_reasoning", "agent_reasoning_raw_content",
    "token_count", "task_started", "task_complete", "turn_aborted", "patch_apply_end",
    "mcp_tool_call_end", "web_search_end", "context_compacted", "thread_rolled_back",
    "undo_completed", "entered_review_mode", "exited_review_mode", "sub_agent_activity",
    "image_generation_end", "item_completed", "thread_settings_applied", "thread_name_updated",
    "turn_context", "world_state", "thread_goal_updated", "inter_agent_communication_metadata",
    "error", "stream_error", "warning", "exec_command_end",
  ]
  private static let execItems: Set = [
    "agent_message", "reasoning", "command_execution", "file_change", "mcp_tool_call",
    "web_search", "todo_list", "error", "collab_tool_call",
  ]

  package func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {
    let payload = line.object("payload")
    let writer = CodexLine(
      envelope, ordinal: line.count("ordinal"), isPrinted: line["payload"] == nil)
    if let payload {
      let before = events.events.count
      writer.rollout(line.text("type") ?? "", payload, &events)
      if events.events.count == before, !envelope.isTimeInferred {
        writer.add(.activity, "session_active", &events)
      }
    } else {
      writer.exec(line.text("type") ?? "", line, &events)
    }
  }
}

struct CodexLine {
  let envelope: Envelope
  let ordinal: UInt64?
  /// Whether `codex exec` printed it.
  let isPrinted: Bool

  init(_ envelope: Envelope, ordinal: UInt64?, isPrinted: Bool) {
    self.envelope = envelope
    self.ordinal = ordinal
    self.isPrinted = isPrinted
  }

  var base: Fields {
    var base = Fields()
    base.set(.agent, "codex")
    return base
  }

  func add(
    _ content: ConversationRecord.Content, _ kind: String, _ events: inout EventCollector,
    fields: Fields? = nil, session: String? = nil
  ) {
    let record = ConversationRecord(
      session: session, bytes: events.bytes, ordinal: ordinal, isPrinted: isPrinted, content)
    events.add(kind: kind, fields ?? base, record, in: envelope)
  }

  // MARK: A rollout

  func rollout(_ type: String, _ payload: JSONObject, _ events: inout EventCollector) {
    switch type {
    case "session_meta": sessionMeta(payload, &events)
    case "turn_context": turnContext(payload, &events)
    case "thread_settings_applied": settings(payload, &events)
    case "response_item": responseItem(payload, &events)
    case "event_msg": message(payload, &events)
    case "compacted": add(.compaction, "context_compacted", &events)
    default: break
    }
  }

  func sessionMeta(_ payload: JSONObject, _ events: inout EventCollector) {
    var fields = base
    let session = payload.text("id")
    fields.set(.sessionID, session)
    fields.set(.project, projectName(ofFolder: payload.text("cwd")))
    fields.set(.agentVersion, payload.text("cli_version"))
    fields.set(.gitBranch, payload.object("git")?.text("branch"))
    fields.set(.provider, payload.text("model_provider"))
    let instructions = payload.object("base_instructions")?.text("text")
    fields.set(.systemMessage, instructions ?? payload.text("instructions"))
    var context = SessionContext()
    context.beginsRun = true
    context.isHeader = true
    let history = payload.object("history_base")
    let agent = payload.object("source")?["subagent"]
    context.isSubAgent = agent != nil
    let spawn = agent?.object?.object("thread_spawn")
    let origin = payload.text("forked_from_id")
    context.isFork = origin != nil
    context.parentSession =
      origin ?? spawn?.text("parent_thread_id") ?? history?.text("thread_id")
    context.firstOrdinal =
      history?.count("end_ordinal_exclusive") ?? payload.count("subagent_history_start_ordinal")
    add(.context(context), "session_started", &events, fields: fields, session: session)
  }

  /// What holds from here on; in a fork of another session, its own begins here.
  private func settings(_ payload: JSONObject, _ events: inout EventCollector) {
    var context = SessionContext()
    context.endsCopies = true
    context.thread = payload.text("thread_id")
    var fields = base
    if let settings = payload.object("thread_settings") {
      context.serviceTier = settings.text("service_tier").map { $0 == "fast" ? "priority" : $0 }
      fields.set(.model, settings.text("model"))
    }
    add(.context(context), "session_context", &events, fields: fields)
  }

  private func turnContext(_ payload: JSONObject, _ events: inout EventCollector) {
    var fields = base
    fields.set(.model, payload.text("model"))
    fields.set(.effort, payload.text("effort"))
    fields.set(.permissionMode, payload.text("approval_policy"))
    fields.set(.project, projectName(ofFolder: payload.text("cwd")))
    var context = SessionContext()
    context.task = payload.text("turn_id")
    add(.context(context), "session_context", &events, fields: fields)
  }

  private func message(_ payload: JSONObject, _ events: inout EventCollector) {
    switch payload.text("type") {
    case "user_message":
      guard let text = payload.text("message") else { return }
      prompt(text, .told, &events)
    case "agent_message":
      text(payload.text("message"), endsTurn: payload.has("phase", "final_answer"), &events)
    case "token_count": tokenCount(payload, &events)
    case "task_complete":
      var end = TurnEnd()
      end.turn = payload.text("turn_id")
      end.task = end.turn
      end.response = payload.text("last_agent_message")
      // It ends every task, also one in which nothing was reached.
      end.isUnanswered = end.response == nil
      end.latencyMS = payload.number("duration_ms")
      var fields = base
      if let error = payload.object("error") {
        end.succeeded = false
        fields.set(.errorMessage, error.text("message"))
        fields.set(.errorType, errorType(error))
      }
      add(.turnEnd(end), "turn_ended", &events, fields: fields)
    case "thread_settings_applied": settings(payload, &events)
    case "turn_aborted": aborted(payload, &events)
    case "error": failed(payload, &events)
    case "thread_name_updated":
      if let name = payload.text("thread_name") {
        add(.title(name), "session_titled", &events)
      }
    case "exec_command_end": finishedCommand(payload, &events)
    case "thread_rolled_back":
      add(.undone(payload.count("num_turns") ?? 1), "turn_undone", &events)
    case "undo_completed":
      if payload.bool("success") != false { add(.undone(1), "turn_undone", &events) }
    case "mcp_tool_call_end": serverTool(payload, &events)
    case "item_completed":
      if let item = payload.object("item") { finishedItem(item, &events) }
    case "web_search_end": finishedTool("web_search", payload, failed: false, &events)
    default: break
    }
  }

  /// A task that did not come to its end; that of a review does not come to one.
  private func aborted(_ payload: JSONObject, _ events: inout EventCollector) {
    let task = payload.text("turn_id")
    switch payload.text("reason") {
    case nil, "interrupted": add(.interruption(ofTask: task), "turn_interrupted", &events)
    case "replaced", "review_ended": break
    default:
      var end = TurnEnd()
      end.task = task
      end.isUnanswered = true
      add(.turnEnd(end), "turn_ended", &events)
    }
  }

  /// What kept the agent from going on.
  private func failed(_ said: JSONObject, _ events: inout EventCollector) {
    var fields = base
    fields.set(.errorMessage, said.text("message"))
    let type = errorType(said)
    fields.set(.errorType, type)
    var part = Message()
    part.isError = true
    let isLimit = type == "usage_limit_exceeded"
    add(.message(part), isLimit ? "limit_reached" : "inference", &events, fields: fields)
  }

  private func errorType(_ said: JSONObject) -> String? {
    if let type = said.text("codex_error_info") { return type }
    guard let info = said.object("codex_error_info") else { return nil }
    var members = info.members
    guard let member = members.next() else { return nil }
    return String(decoding: member.key.utf8)
  }

  func prompt(_ text: String, _ origin: AskedPrompt.Origin, _ events: inout EventCollector) {
    // The same request is told with its images, and without.
    let injected = origin == .sent ? sentBeginnings : []
    guard let text = requestText(withoutImages(text), unless: injected) else { return }
    var fields = base
    fields.set(.prompt, text)
    add(.prompt(AskedPrompt(.numbered, origin)), "task_submitted", &events, fields: fields)
  }

  func text(_ text: String?, endsTurn: Bool, _ events: inout EventCollector) {
    guard let text, !text.isEmpty else { return }
    var part = Message()
    part.text = text
    part.endsTurn = endsTurn ? true : nil
    add(.message(part), "message", &events)
  }

  /// Counts of tokens so far in the session, and how much of the limits is used.
  private func tokenCount(_ payload: JSONObject, _ events: inout EventCollector) {
    if let info = payload.object("info"), let total = info.object("total_token_usage") {
      var part = Message()
      part.totalUsage = usage(total)
      if let last = info.object("last_token_usage") { part.lastUsage = usage(last) }
      var fields = base
      if let last = part.lastUsage { fields.set(last) }
      fields.set(.model, info.text("model"))
      add(.message(part), "inference", &events, fields: fields)
    }
    guard let limits = payload.object("rate_limits") else { return }
    // Some models have limits of their own, over the same times.
    let limited = limits.text("limit_id").flatMap { $0 == "codex" ? nil : "\($0) " } ?? ""
    var states: [LimitState] = []
    for name in ["primary", "secondary"] {
      // Versions before 0.41 name the window in front of each number.
      let limit = limits.object(name)
      guard let used = limit?.number("used_percent") ?? limits.number("\(name)_used_percent") else {
        continue
      }
      let minutes = limit?.count("window_minutes") ?? limits.count("\(name)_window_minutes")
      let isReached = limits.text("rate_limit_reached_type") == name || used >= wholePercent
      states.append(
        LimitState(
          window: limited + (minutes.map { "\($0)m" } ?? name), usedPercent: used,
          resetsAt: resetTime(limit), isReached: isReached))
    }
    if !states.isEmpty {
      let isReached = states.contains(where: \.isReached)
      add(.limits(states), isReached ? "limit_reached" : "limit_reported", &events)
    }
  }

  private func resetTime(_ limit: JSONObject?) -> Timestamp? {
    guard let limit else { return nil }
    if let time = limit["resets_at"]?.int64 { return Timestamp(epoch: time) }
    guard let wait = limit.count("resets_in_seconds"), wait < 1 << 32 else { return nil }
    return Timestamp(nanoseconds: envelope.time.nanoseconds &+ Int64(wait) * 1_000_000_000)
  }

  /// OpenAI's input includes what was read from a cache and what was written to it.
  func usage(_ counts: JSONObject) -> TokenUsage {
    let read = counts.count("cached_input_tokens")
    let written = counts.count("cache_write_input_tokens")
    let input = counts.count("input_tokens").map { all in
      let rest = all - min(all, read ?? 0)
      return rest - min(rest, written ?? 0)
    }
    return TokenUsage(
      input: input, cacheRead: read, cacheWrite: written, output: counts.count("output_tokens"),
      reasoning: counts.count("reasoning_output_tokens"))
  }

  // MARK: `codex exec --json`

  func exec(_ type: String, _ line: JSONObject, _ events: inout EventCollector) {
    switch type {
    case "thread.started":
      let session = line.text("thread_id")
      var fields = base
      fields.set(.sessionID, session)
      var context = SessionContext()
      context.beginsRun = true
      add(.context(context), "session_started", &events, fields: fields, session: session)
    case "turn.started":
      var context = SessionContext()
      context.beginsTurn = true
      add(.context(context), "session_context", &events)
    case "turn.completed":
      if let counts = line.object("usage") {
        var part = Message()
        part.totalUsage = usage(counts)
        part.isTotalOfRuns = true
        add(.message(part), "inference", &events)
      }
      var end = TurnEnd()
      end.succeeded = true
      add(.turnEnd(end), "turn_ended", &events)
    case "turn.failed":
      var end = TurnEnd()
      end.succeeded = false
      var fields = base
      fields.set(.errorMessage, line.object("error")?.text("message"))
      add(.turnEnd(end), "turn_ended", &events, fields: fields)
    case "error": failed(line, &events)
    case "item.completed":
      if let item = line.object("item") { execItem(item, &events) }
    default: break
    }
  }
}

private let wholePercent = FixedPoint(hundredths: 10_000)

/// What a text begins with that was sent to the model in a person's place, and that Codex put there.
private let sentBeginnings = [
  "<environment_context>", "<user_instructions>", "<permissions", "# AGENTS.md", "<turn_aborted>",
  "<user_shell_command>", "<skill>", "<INSTRUCTIONS>", "<collaboration_mode>",
  "<subagent_notification>", "<user_action>", "<hook_prompt", "Warning:",
]
