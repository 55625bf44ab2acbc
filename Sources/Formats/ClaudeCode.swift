internal import Bytes
package import Events
package import JSON

/// What Claude Code writes: the transcript of a session, those of its sub-agents, and what
/// `claude -p` prints as `stream-json` or `json`.
///
/// Read: requests, messages with their usage, tools with their results, ends of turns, totals of
/// runs, limits, compactions, titles; of the progress of tools and hooks the time. Dropped: snapshots of
/// files, parts of messages that are still streamed, and what the tool itself put into the conversation.
package struct ClaudeCode: LineFormat {
  package let name = "claude-code"
  package let title = "Claude Code"
  package let version: UInt32 = 10
  package let stream = Stream.ralph
  package let isRead = true

  package init() {}

  package func nativeKind(of line: JSONObject) -> String? {
    guard let type = line.text("type"), let isSure = Self.types[type] else { return nil }
    if type == "user" || type == "assistant" {
      // Other tools write such lines, too, but no messages of this shape.
      guard let message = line.object("message"),
        message["content"] != nil || message["usage"] != nil
      else { return nil }
      return type
    }
    let isOfTool =
      isSure || line["sessionId"] != nil || line["session_id"] != nil || line["uuid"] != nil
      || line["leafUuid"] != nil
    guard isOfTool else { return nil }
    if type == "system" || type == "result" {
      // Qwen Code writes lines of this shape, and what they say as one member.
      guard line["systemPayload"] == nil, let subtype = line.text("subtype") else { return nil }
      return "\(type)/\(subtype)"
    }
    return type
  }

  /// The types of lines, and whether the name alone is enough to know one.
  private static let types: [String: Bool] = [
    "user": true, "assistant": true, "system": false, "result": false, "summary": false,
    "file-history-snapshot": true, "progress": false, "queue-operation": false,
    "stream_event": false, "rate_limit_event": false, "attachment": false,
    "permission-mode": false, "custom-title": false, "ai-title": false, "last-prompt": false,
    "mode": false, "agent-name": false, "cost-state": true, "continued-in": false,
    "frame-link": false, "pr-link": false, "tag": false, "control_request": false,
    "control_response": false, "keep_alive": false, "auth_status": false, "tool_progress": false,
  ]

  package func knows(nativeKind: String) -> Bool {
    guard let slash = nativeKind.firstIndex(of: "/") else { return Self.types[nativeKind] != nil }
    let subtype = String(nativeKind[nativeKind.index(after: slash)...])
    switch nativeKind[..<slash] {
    case "system":
      return Self.systemSubtypes.contains(subtype)
        || subtype.hasPrefix("task_") || subtype.hasPrefix("hook_")
    case "result": return subtype == "success" || subtype.hasPrefix("error")
    default: return false
    }
  }

  private static let systemSubtypes: Set = [
    "init", "turn_duration", "stop_hook_summary", "compact_boundary", "microcompact_boundary",
    "local_command", "api_error", "api_retry", "informational", "status", "away_summary",
    "bridge_status", "scheduled_task_fire", "memory_saved", "permission_retry", "files_persisted",
  ]

  package func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {
    let writer = ClaudeLine(line, envelope)
    let before = events.events.count
    switch line.text("type") {
    case "user": writer.user(&events)
    case "assistant":
      if let message = line.object("message") { writer.assistant(message, &events) }
    case "system": writer.system(&events)
    case "result": writer.result(&events)
    case "queue-operation": writer.queue(&events)
    case "attachment": writer.attachment(&events)
    case "progress": writer.progress(&events)
    case "rate_limit_event": writer.limit(&events)
    case "custom-title", "ai-title":
      if let title = line.text("customTitle") ?? line.text("aiTitle") ?? line.text("title") {
        writer.add(.title(title), "session_titled", &events)
      }
    case "cost-state": writer.costState(&events)
    case "summary": writer.summary(&events)
    case "pr-link": writer.pullRequest(&events)
    default: break
    }
    if events.events.count == before, writer.name != nil, !envelope.isTimeInferred {
      writer.add(.activity, "session_active", &events)
    }
  }
}

/// A line, with what every event of it says.
struct ClaudeLine: ~Escapable {
  let line: JSONObject
  let envelope: Envelope
  let session: String?
  /// The session that the line was copied to, where it says which one it is of.
  let copy: String?
  /// What the line is known by, wherever it is copied to.
  let name: String?
  let agentID: String?
  /// Whether it is of what `claude -p` prints.
  let isOfStream: Bool
  /// Whether it tells how an agent gets on.
  let isProgress: Bool
  let base: Fields

  @_lifetime(copy line)
  init(_ line: JSONObject, _ envelope: Envelope) {
    self.line = line
    self.envelope = envelope
    let transcriptSession = line.text("sessionId")
    isOfStream = transcriptSession == nil
    isProgress = false
    let origin = line.object("forkedFrom")
    let stated = transcriptSession ?? line.text("session_id")
    session = origin?.text("sessionId") ?? stated
    copy = session == stated ? nil : stated
    name = origin?.text("messageUuid") ?? line.text("uuid")
    agentID =
      line.text("agentId") ?? line.text("parent_tool_use_id")
      ?? (line.bool("isSidechain") == true ? "sidechain" : nil)
    var base = Fields()
    base.set(.sessionID, session)
    base.set(.project, projectName(ofFolder: line.text("cwd")))
    base.set(.agent, "claude-code")
    base.set(.agentID, agentID)
    base.set(.agentVersion, line.text("version") ?? line.text("claude_code_version"))
    base.set(.permissionMode, line.text("permissionMode"))
    base.set(.gitBranch, line.text("gitBranch"))
    self.base = base
  }

  /// A message of an agent that was sent out, which a line of its parent holds whole.
  @_lifetime(copy message)
  private init(_ message: JSONObject, of agentID: String, in line: borrowing ClaudeLine) {
    self.line = message
    (envelope, session, copy, name) = (line.envelope, line.session, line.copy, line.name)
    (isOfStream, isProgress) = (false, true)
    self.agentID = agentID
    var base = line.base
    base.set(.agentID, agentID)
    self.base = base
  }

  func add(
    _ content: ConversationRecord.Content, _ kind: String, _ events: inout EventCollector,
    fields: Fields? = nil
  ) {
    var name = name
    if name == nil, let session, line.has("type", "result") {
      // No two runs of a session tell the same tokens, dollars and times.
      name = "result/\(session)/\(events.bytes.value)"
    }
    let record = ConversationRecord(
      session: session, agentID: agentID, line: name, bytes: events.bytes, copy: copy,
      isProgress: isProgress, content)
    events.add(kind: kind, fields ?? base, record, in: envelope)
  }

  // MARK: What a person or a tool says

  func user(_ events: inout EventCollector) {
    guard let content = line.object("message")?["content"] else { return }
    toolResults(content, &events)
    if let text = content.string, text.hasPrefix("<task-notification>") {
      return notice(text, &events)
    }
    guard line.bool("isMeta") != true, line.bool("isCompactSummary") != true,
      line.bool("isVisibleInTranscriptOnly") != true
    else { return }
    if let text = content.contentText, let command = Self.command(text) {
      // One that the tool itself carries out asks nothing of the model.
      if !isOfStream, agentID == nil, line["sourceToolUseID"] == nil {
        prompt(command, .command, &events)
      }
      return
    }
    guard let text = personText(content) else { return }
    if text.hasPrefix("[Request interrupted by user") {
      add(.interruption(ofTask: nil), "turn_interrupted", &events)
    } else if isOfPerson, agentID == nil {
      prompt(text, .told, &events)
    }
  }

  /// Whether a person may have written it: what `claude -p` was given stands in what it prints only
  /// where it was told to repeat that.
  private var isOfPerson: Bool {
    if line.bool("isSynthetic") == true { return false }
    if let kind = line.object("origin")?.text("kind"), kind != "human" { return false }
    return !isOfStream || line.bool("isReplay") == true
  }

  /// A command of a person's own, with what it was given: `/review 12`. Without the slash it is one of
  /// the model's.
  private static func command(_ text: String) -> String? {
    guard text.hasPrefix("<command-"), let name = content(of: "command-name", in: text),
      name.hasPrefix("/")
    else { return nil }
    let given = content(of: "command-args", in: text) ?? ""
    return given.isEmpty ? String(name) : "\(name) \(given)"
  }

  /// What stands between the marks of a name.
  static func content(of name: String, in text: String) -> Substring? {
    guard let start = text.firstRange(of: "<\(name)>"),
      let end = text[start.upperBound...].firstRange(of: "</\(name)>")
    else { return nil }
    let content = text[start.upperBound..<end.lowerBound].drop(while: \.isWhitespace)
    let last = content.lastIndex { !$0.isWhitespace }
    return last.map { content[...$0] } ?? content[content.endIndex...]
  }

  func prompt(_ text: String, _ origin: AskedPrompt.Origin, _ events: inout EventCollector) {
    var fields = base
    fields.set(.prompt, text)
    let id = line.text("promptId") ?? name
    var request = AskedPrompt(id.map(TurnID.named) ?? .numbered, origin)
    // What stands at the beginning follows null; a line that does not say what it follows, nothing.
    if origin == .told, let parent = line["parentUuid"] {
      request.parent = Hash128(of: parent.string ?? "")
    }
    add(.prompt(request), "task_submitted", &events, fields: fields)
  }

  /// The text blocks of what a person sent, without what the tool put among them; empty for an image
  /// alone.
  private func personText(_ content: JSONValue) -> String? {
    if let text = content.string { return askedText(text) }
    guard let array = content.array else { return nil }
    var texts: [String] = []
    var hasImage = false
    var elements = array.elements
    while let element = elements.next() {
      guard let block = element.object else { continue }
      if block.has("type", "image") { hasImage = true }
      guard block.has("type", "text") else { continue }
      if let text = block.text("text").flatMap(askedText) { texts.append(text) }
    }
    if texts.isEmpty { return hasImage ? "" : nil }
    return texts.joined(separator: "\n\n")
  }

  func queue(_ events: inout EventCollector) {
    switch line.text("operation") {
    case "enqueue":
      let said = line.text("content")
      if let said, said.hasPrefix("<task-notification>") { return notice(said, &events) }
      guard let text = said.flatMap(askedText) else { return }
      add(.queued(text), "prompt_queued", &events)
    case "remove": add(.unqueued(isPrompt: true), "prompt_queued", &events)
    case "popAll": add(.emptiedQueue, "prompt_queued", &events)
    case "dequeue": add(.unqueued(isPrompt: false), "prompt_queued", &events)
    default: break
    }
  }

  func attachment(_ events: inout EventCollector) {
    guard let attachment = line.object("attachment"), attachment.has("type", "queued_command"),
      let text = attachment["prompt"]?.contentText.flatMap(askedText), agentID == nil
    else { return }
    prompt(text, .queued, &events)
  }

  // MARK: What the model says

  func assistant(_ message: JSONObject, _ events: inout EventCollector) {
    var part = Message()
    part.id = message.text("id")
    part.requestID = line.text("requestId")
    let stop = message.text("stop_reason")
    part.isPartial = stop == nil
    part.isOfRun = isOfStream
    var fields = base
    if line.bool("isApiErrorMessage") == true {
      part.isError = true
      fields.set(.errorType, "api")
      fields.set(.errorMessage, message["content"]?.contentText)
      let isLimit = line.has("error", "rate_limit")
      add(.message(part), isLimit ? "limit_reached" : "inference", &events, fields: fields)
      return
    }
    // What the tool says in the model's place cost nothing, and is no answer.
    if message.has("model", "<synthetic>") { return }
    if let counts = message.object("usage") {
      part.usage = usage(counts)
      if let others = counts["iterations"]?.array { addIterations(others, &part) }
      part.costUSD = line.number("costUSD")
      let terms = [
        counts.text("service_tier").flatMap { $0 == "standard" ? nil : $0 },
        counts.has("speed", "fast") ? "fast" : nil, counts.has("inference_geo", "us") ? "us" : nil,
      ].compactMap(\.self)
      part.serviceTier = terms.isEmpty ? nil : terms.joined(separator: " ")
    }
    fields.set(.model, message.text("model"))
    if let usage = part.usage { fields.set(usage) }
    var texts: [String] = []
    var usesTool = false
    if let array = message["content"]?.array {
      var elements = array.elements
      while let element = elements.next() {
        guard let block = element.object else { continue }
        if block.has("type", "text"), let text = block.text("text") { texts.append(text) }
        if block.has("type", "tool_use") { usesTool = true }
      }
    }
    if !texts.isEmpty { part.text = texts.joined(separator: "\n\n") }
    part.endsTurn = usesTool || stop == "tool_use" ? false : stop.map { _ in true }
    add(.message(part), "inference", &events, fields: fields)
    guard usesTool, let array = message["content"]?.array else { return }
    var elements = array.elements
    while let element = elements.next() {
      if let block = element.object, block.has("type", "tool_use") { toolUse(block, &events) }
    }
  }

  /// Adds what a message's own counts leave out: summaries that the model wrote for itself. What
  /// another model was asked is not known to the last token.
  private func addIterations(_ iterations: JSONArray, _ part: inout Message) {
    var elements = iterations.elements
    while let element = elements.next() {
      guard let iteration = element.object else { continue }
      if iteration.has("type", "compaction") {
        part.usage = (part.usage ?? TokenUsage()) + usage(iteration)
      } else if !iteration.has("type", "message") {
        part.isPartial = true
      }
    }
  }

  /// The usage of a message: Claude's input excludes what is read from a cache or written to it.
  func usage(_ usage: JSONObject) -> TokenUsage {
    var counts = TokenUsage()
    counts.input = usage.count("input_tokens")
    counts.cacheRead = usage.count("cache_read_input_tokens")
    counts.output = usage.count("output_tokens")
    counts.reasoning =
      usage.count("thinking_tokens")
      ?? usage.object("output_tokens_details")?.count("thinking_tokens")
    counts.webSearches = usage.object("server_tool_use")?.count("web_search_requests")
    let split = usage.object("cache_creation")
    let total = usage.count("cache_creation_input_tokens")
    counts.longCacheWrite = split?.count("ephemeral_1h_input_tokens")
    counts.cacheWrite = split?.count("ephemeral_5m_input_tokens")
    // What the split leaves out of the total was kept for five minutes, unless that is told.
    let told = (counts.longCacheWrite ?? 0) &+ (counts.cacheWrite ?? 0)
    if let total, total > told {
      if counts.longCacheWrite == nil, counts.cacheWrite ?? 0 > 0 {
        counts.longCacheWrite = total - told
      } else if counts.cacheWrite ?? 0 == 0 {
        counts.cacheWrite = total - told
      }
    } else if counts.cacheWrite == nil, counts.longCacheWrite == nil {
      counts.cacheWrite = total
    }
    return counts
  }

  /// A sub-agent's message, or the results of its tools, which a transcript of its parent may hold whole.
  func progress(_ events: inout EventCollector) {
    let before = events.events.count
    if let data = line.object("data"), data.has("type", "agent_progress"),
      let told = data.object("message"), let message = told.object("message")
    {
      let inner = ClaudeLine(told, of: data.text("agentId") ?? "sidechain", in: self)
      if told.has("type", "assistant"), message.object("usage") != nil {
        inner.assistant(message, &events)
      } else if told.has("type", "user"), let content = message["content"] {
        inner.toolResults(content, &events)
      }
    }
    if events.events.count == before { add(.activity, "session_active", &events) }
  }
}

/// What a person asked; nil of a text that the tool put into the conversation.
private func askedText(_ text: String) -> String? { requestText(text, unless: injectedBeginnings) }

private let injectedBeginnings = [
  "<command-name>", "<command-message>", "<command-args>", "<local-command-", "<bash-input>",
  "<bash-stdout>", "<bash-stderr>", "<task-notification>", "<agent-notification>",
  "<system-reminder>", "<user-prompt-submit-hook>", "<ide_", "<teammate-message",
  "Caveat: The messages below were generated by the user while running local commands",
  "This session is being continued from a previous conversation", "Operation stopped by hook:",
]
