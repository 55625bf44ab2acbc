internal import Bytes
internal import Events
internal import JSON

// What Codex says of the tools that its models use.
extension CodexLine {
  func responseItem(_ payload: JSONObject, _ events: inout EventCollector) {
    switch payload.text("type") {
    case "message":
      guard let text = payload["content"]?.contentText else { return }
      if payload.has("role", "assistant") {
        self.text(text, endsTurn: false, &events)
      } else if payload.has("role", "user") {
        prompt(text, .sent, &events)
      }
    case "function_call", "custom_tool_call": toolUse(payload, &events)
    case "local_shell_call":
      guard let id = payload.text("call_id") ?? payload.text("id"), let value = payload["action"],
        let action = value.object
      else { return }
      let use = ToolUse(id: id, name: "shell", input: value.fingerprint)
      add(.toolUse(use), "tool_call", &events, fields: toolFields("shell", command(of: action)))
    case "function_call_output", "custom_tool_call_output": toolResult(payload, &events)
    case "tool_search_call":
      guard let id = payload.text("call_id") else { return }
      let input = payload["arguments"]?.fingerprint ?? Hash128(value: 0)
      let use = ToolUse(id: id, name: "tool_search", input: input)
      add(.toolUse(use), "tool_call", &events, fields: toolFields("tool_search", nil))
    case "tool_search_output":
      guard let id = payload.text("call_id") else { return }
      let failed = payload.has("status", "failed")
      let result = ToolResult(id: id, ending: failed ? .failed : .succeeded)
      add(.toolResult(result), "tool_result", &events)
    case "web_search_call": webSearch(payload, &events)
    default: break
    }
  }

  /// A search, which older versions tell of otherwise where it ends. Its line gives it no id.
  private func webSearch(_ payload: JSONObject, _ events: inout EventCollector) {
    let id = "web_search/\(events.bytes.value)"
    let input = payload["action"]?.fingerprint ?? Hash128(value: 0)
    var use = ToolUse(id: id, name: "web_search", input: input)
    (use.isLocalID, use.isEcho) = (true, true)
    add(.toolUse(use), "tool_call", &events, fields: toolFields("web_search", nil))
    let failed = payload.has("status", "failed")
    var result = ToolResult(id: id, ending: failed ? .failed : .succeeded)
    result.isLocalID = true
    add(.toolResult(result), "tool_result", &events)
  }

  private func toolFields(_ name: String, _ command: String?) -> Fields {
    var fields = base
    fields[.toolsUsed] = .texts([name])
    fields.set(.command, command)
    return fields
  }

  private func toolUse(_ payload: JSONObject, _ events: inout EventCollector) {
    guard let id = payload.text("call_id"), var name = payload.text("name") else { return }
    if let server = payload.text("namespace") {
      name =
        "\(server.hasSuffix("__") ? String(server.dropLast(2)) : server)__\(name.drop { $0 == "_" })"
    }
    let input = payload.text("arguments") ?? payload.text("input") ?? ""
    var use = ToolUse(id: id, name: name, input: Hash128(of: input))
    var command: String?
    if payload.has("type", "function_call") {
      // The arguments are a document of their own, within a text.
      (command, use.process) =
        (try? JSONParser.withText(input) { (self.command(of: $0), process(of: $0)) }) ?? (nil, nil)
    }
    let patch = name == "apply_patch" ? input : command ?? ""
    readPatch(patch, &use)
    add(.toolUse(use), "tool_call", &events, fields: toolFields(name, command))
  }

  /// The running process that a call names; a call that begins one names none.
  private func process(of arguments: JSONObject) -> String? {
    guard let session = arguments["session_id"] else { return nil }
    return session.string ?? session.int64.map { "\($0)" }
  }

  /// The command of a shell call: a text, or words of which the last is the script for a shell.
  private func command(of arguments: JSONObject) -> String? {
    if let text = arguments.text("cmd") ?? arguments.text("command") { return text }
    guard let array = arguments["command"]?.array else { return nil }
    var words: [String] = []
    var elements = array.elements
    while let element = elements.next() { words.append(element.string ?? "") }
    if words.count == 3, words[1] == "-lc" || words[1] == "-c", words[0].hasSuffix("sh") {
      return words[2]
    }
    return words.map(shellWord).joined(separator: " ")
  }

  private func toolResult(_ payload: JSONObject, _ events: inout EventCollector) {
    guard let id = payload.text("call_id") else { return }
    let text = payload["output"]?.contentText ?? payload.object("output")?.text("content") ?? ""
    let output = CodexOutput(text)
    var result = ToolResult(id: id, ending: output.ending)
    result.outputSize = UInt64(text.utf8.count)
    result.latencyMS = output.latencyMS
    result.process = output.process
    result.hasExited = output.exitCode != nil
    result.outputTail = tail(ofOutput: output.text)
    result.commits = commits(toldIn: output.text)
    var fields = base
    fields.set(.exitCode, output.exitCode)
    if output.ending == .failed {
      fields.set(.errorType, output.errorType)
      result.isSilent = output.text.allSatisfy(\.isWhitespace)
      let said = result.isSilent ? silence(output.exitCode) : String(output.text)
      fields.set(.errorMessage, said ?? text)
      fields.set(.status, "failed")
    }
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  /// A tool that one line tells of from its call to its result.
  func finishedTool(
    _ name: String, _ payload: JSONObject, failed: Bool, isRejected: Bool = false,
    _ events: inout EventCollector, command: String? = nil, output: String? = nil,
    exitCode: FixedPoint? = nil, editing paths: [String] = []
  ) {
    guard let id = payload.text("call_id") ?? payload.text("id") else { return }
    // Every run numbers its items anew: `item_0`.
    let isLocal = payload["call_id"] == nil
    let input = command ?? payload.text("query") ?? ""
    var use = ToolUse(id: id, name: name, input: Hash128(of: input))
    use.isLocalID = isLocal
    use.isOfEnd = name == "web_search" && !isPrinted
    (use.paths, use.isEdit) = (paths, !paths.isEmpty)
    add(.toolUse(use), "tool_call", &events, fields: toolFields(name, command))
    var result = ToolResult(id: id, ending: isRejected ? .rejected : failed ? .failed : .succeeded)
    result.isLocalID = isLocal
    result.outputSize = UInt64(output?.utf8.count ?? 0)
    result.outputTail = output.map { tail(ofOutput: $0) }
    if command != nil { result.commits = output.map { commits(toldIn: $0) } ?? 0 }
    var fields = base
    fields.set(.exitCode, exitCode)
    if failed {
      result.isSilent = output?.allSatisfy(\.isWhitespace) ?? true
      let said = result.isSilent ? silence(exitCode) : output
      fields.set(.errorMessage, said ?? "\(name) failed")
      fields.set(.status, "failed")
    }
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  private func changedPaths(_ item: JSONObject) -> [String] {
    guard let changes = item["changes"]?.array else { return [] }
    var paths: [String] = []
    var elements = changes.elements
    while let element = elements.next() {
      if let path = element.object?.text("path"), !paths.contains(path) { paths.append(path) }
    }
    return paths
  }

  /// As the names of tools of servers are written.
  private func serverToolName(_ call: JSONObject) -> String {
    "mcp__\(call.text("server") ?? "")__\(call.text("tool") ?? "")"
  }

  /// A tool of a server that failed. What its output is then stands in a line of its own, which does
  /// not say so; that of one which succeeded tells all.
  func serverTool(_ payload: JSONObject, _ events: inout EventCollector) {
    guard let id = payload.text("call_id"), let outcome = payload.object("result") else { return }
    let answer = outcome.object("Ok")
    let message: String
    if let error = outcome["Err"] {
      message = error.contentText ?? error.object?.text("message") ?? ""
    } else if answer?.bool("isError") == true || answer?.bool("is_error") == true {
      message = answer?["content"]?.contentText ?? ""
    } else {
      return
    }
    var name = "mcp"
    var input = Hash128(value: 0)
    if let invocation = payload.object("invocation") {
      name = serverToolName(invocation)
      input = invocation["arguments"]?.fingerprint ?? input
    }
    add(
      .toolUse(ToolUse(id: id, name: name, input: input)), "tool_call", &events,
      fields: toolFields(name, nil))
    var result = ToolResult(id: id, ending: .failed)
    result.outputSize = UInt64(message.utf8.count)
    result.latencyMS = durationMS(payload)
    var fields = base
    fields.set(.errorMessage, message.isEmpty ? "\(name) failed" : message)
    fields.set(.status, "failed")
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  /// A command whose call stands in a line of its own, or in none.
  func finishedItem(_ item: JSONObject, _ events: inout EventCollector) {
    if item.has("type", "CommandExecution") { finishedCommand(item, &events) }
  }

  func finishedCommand(_ item: JSONObject, _ events: inout EventCollector) {
    guard let id = item.text("call_id") ?? item.text("id") else { return }
    let code = item.number("exit_code")
    let command = item.text("command") ?? self.command(of: item)
    let use = ToolUse(id: id, name: "exec_command", input: Hash128(of: command ?? ""))
    add(.toolUse(use), "tool_call", &events, fields: toolFields("exec_command", command))
    let isRejected = item.has("status", "declined")
    let failed = !isRejected && (code.map { $0 != .zero } ?? item.has("status", "failed"))
    var result = ToolResult(id: id, ending: isRejected ? .rejected : failed ? .failed : .succeeded)
    let parts = [item.text("stdout"), item.text("stderr")].compactMap(\.self)
    let output = item.text("aggregated_output") ?? parts.joined(separator: "\n")
    result.outputSize = UInt64(output.utf8.count)
    result.outputTail = tail(ofOutput: output)
    result.commits = commits(toldIn: output)
    result.hasExited = code != nil
    result.latencyMS = durationMS(item)
    var fields = base
    fields.set(.exitCode, code)
    if failed {
      result.isSilent = output.allSatisfy(\.isWhitespace)
      fields.set(.errorMessage, (result.isSilent ? silence(code) : output) ?? "exec_command failed")
      fields.set(.status, "failed")
    }
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  /// A duration as Codex writes it: seconds and billionths of them, or thousandths of a second.
  private func durationMS(_ item: JSONObject) -> FixedPoint? {
    if let milliseconds = item.number("duration_ms") { return milliseconds }
    guard let duration = item.object("duration"), let seconds = duration.count("secs"),
      seconds < 1_000_000
    else { return nil }
    let billionths = min(duration.count("nanos") ?? 0, 999_999_999)
    return FixedPoint(units: Int64(seconds * 1_000_000_000 + billionths) * 1_000)
  }

  /// What is said of a failure that printed nothing.
  private func silence(_ exitCode: FixedPoint?) -> String? { exitCode.map { "exited with \($0)" } }

  func execItem(_ item: JSONObject, _ events: inout EventCollector) {
    switch item.text("type") {
    case "agent_message": text(item.text("text"), endsTurn: false, &events)
    case "command_execution":
      let code = item.number("exit_code")
      let isRejected = item.has("status", "declined")
      let failed = code.map { $0 != .zero } ?? item.has("status", "failed")
      finishedTool(
        "shell", item, failed: failed && !isRejected, isRejected: isRejected, &events,
        command: item.text("command"), output: item.text("aggregated_output"), exitCode: code)
    case "file_change":
      finishedTool(
        "apply_patch", item, failed: item.has("status", "failed"), &events,
        editing: changedPaths(item))
    case "mcp_tool_call":
      finishedTool(
        serverToolName(item), item, failed: item.has("status", "failed"), &events,
        output: item.object("error")?.text("message"))
    case "web_search": finishedTool("web_search", item, failed: false, &events)
    case "error":
      var fields = base
      fields.set(.errorMessage, item.text("message"))
      var part = Message()
      part.isError = true
      add(.message(part), "inference", &events, fields: fields)
    default: break
    }
  }
}

/// What Codex gives a model as the output of a tool, in one of the forms that its versions write.
struct CodexOutput {
  var text: Substring
  var ending = ToolResult.Ending.succeeded
  var exitCode: FixedPoint?
  var latencyMS: FixedPoint?
  var errorType: String?
  /// The process that goes on.
  var process: String?

  init(_ output: String) {
    text = output[...]
    if output.hasPrefix("{"), readDocument(output) {
      // It says the exit status.
    } else if output.hasPrefix("Exit code: ") || output.hasPrefix("Chunk ID: ")
      || output.hasPrefix("Wall time: ")
    {
      readHeader()
    } else if output.hasPrefix("patch rejected by user")
      || output.hasPrefix("exec command rejected by user")
    {
      ending = .rejected
    } else if output.hasPrefix("apply_patch verification failed") {
      (ending, errorType) = (.failed, "patch")
    } else if output.hasPrefix("failed in sandbox") {
      (ending, errorType) = (.failed, "sandbox")
    } else if failureBeginnings.contains(where: { output.hasPrefix($0) }) {
      ending = .failed
    } else if output.hasPrefix("aborted by user") {
      ending = .rejected
    }
    if let exitCode, exitCode != .zero { ending = .failed }
  }

  /// Whether the output is a document that holds what a command printed.
  private mutating func readDocument(_ output: String) -> Bool {
    let read = try? JSONParser.withText(output) { document in
      (
        document["output"] == nil ? nil : document.text("output") ?? "",
        document.object("metadata")?.number("exit_code"),
        document.object("metadata")?.number("duration_seconds")
      )
    }
    guard let read, let printed = read.0 else { return false }
    text = printed[...]
    exitCode = read.1
    latencyMS = read.2.flatMap { FixedPoint(units: $0.units &* 1_000) }
    return true
  }

  /// Lines of names and values, up to `Output:`.
  private mutating func readHeader() {
    var rest = text
    while !rest.isEmpty {
      let line = rest.prefix { !$0.isNewline }
      rest = rest[line.endIndex...].dropFirst()
      if line.hasPrefix("Output:") || line.hasPrefix("Total output lines:") {
        text = rest
        return
      }
      if line.hasPrefix("Exit code: ") { exitCode = number(line.dropFirst(11)) }
      if line.hasPrefix("Process exited with code ") { exitCode = number(line.dropFirst(25)) }
      if line.hasPrefix("Process running with session ID") {
        ending = .unfinished
        process = line.split(separator: " ").last.map(String.init)
      }
      if line.hasPrefix("Wall time: ") {
        latencyMS = Double(line.dropFirst(11).prefix { $0 != " " }).flatMap {
          FixedPoint($0 * 1_000)
        }
      }
    }
  }

  private func number(_ text: Substring) -> FixedPoint? {
    Int64(text.prefix { $0.isNumber || $0 == "-" }).flatMap { FixedPoint($0) }
  }
}

/// A word as a line for a shell holds it.
private func shellWord(_ word: String) -> String {
  guard word.contains(where: { $0.isWhitespace || ";|&<>()'\"".contains($0) }) else { return word }
  return "'\(word.replacing("'", with: "'\\''"))'"
}

/// What the output of a tool begins with that did not do what it was called for.
private let failureBeginnings = [
  "execution error: ", "failed to parse function", "write_stdin failed:", "exec_command failed:",
  "command timed out", "unsupported call", "tool call error",
]

/// What a patch of Codex's own form changes: files, and lines of them.
private func readPatch(_ patch: String, _ use: inout ToolUse) {
  guard patch.contains("*** Begin Patch") else { return }
  for line in patch.split(whereSeparator: \.isNewline) {
    if line.hasPrefix("*** ") {
      for beginning in ["*** Update File: ", "*** Add File: ", "*** Delete File: "]
      where line.hasPrefix(beginning) {
        let path = String(line.dropFirst(beginning.count))
        if !use.paths.contains(path) { use.paths.append(path) }
      }
    } else if line.hasPrefix("+") {
      use.linesAdded += 1
    } else if line.hasPrefix("-") {
      use.linesRemoved += 1
    }
  }
  use.isEdit = !use.paths.isEmpty
}

/// A request without the marks that stand for its images: `<image name=[Image #1]>…</image>`.
func withoutImages(_ text: String) -> String {
  var kept = ""
  var rest = text[...]
  while let start = rest.firstRange(of: "<image") {
    let mark = rest[start.upperBound...]
    guard mark.first == ">" || mark.first?.isWhitespace == true,
      let end = mark.firstRange(of: "</image>")
    else {
      kept += rest[..<start.upperBound]
      rest = mark
      continue
    }
    kept += rest[..<start.lowerBound]
    rest = mark[end.upperBound...].drop(while: \.isNewline)
  }
  kept += rest
  return kept == text ? text : String(kept.trimmingPrefix(while: \.isWhitespace))
}
