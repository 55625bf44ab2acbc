internal import Bytes
internal import Events
internal import JSON

// What Claude Code says of the tools that its models use.
extension ClaudeLine {
  func toolUse(_ block: JSONObject, _ events: inout EventCollector) {
    guard let id = block.text("id"), let name = block.text("name") else { return }
    use(name, id, block["input"], &events)
  }

  /// The tools that a run was not permitted to use, which its end lists: where it prints nothing else,
  /// no other line tells of them.
  func denials(_ events: inout EventCollector) {
    guard let denials = line["permission_denials"]?.array else { return }
    var elements = denials.elements
    while let element = elements.next() {
      guard let denial = element.object, let id = denial.text("tool_use_id"),
        let name = denial.text("tool_name")
      else { continue }
      use(name, id, denial["tool_input"], &events)
      add(.toolResult(ToolResult(id: id, ending: .rejected)), "tool_result", &events)
    }
  }

  private func use(
    _ name: String, _ id: String, _ given: JSONValue?, _ events: inout EventCollector
  ) {
    var use = ToolUse(id: id, name: name, input: given?.fingerprint ?? Hash128(value: 0))
    var fields = base
    fields[.toolsUsed] = .texts([name])
    if let input = given?.object {
      if name == "Bash" { fields.set(.command, input.text("command")) }
      let path = input.text("file_path") ?? input.text("notebook_path")
      if waitingTools.contains(name) {
        use.process =
          input.text("task_id") ?? input.text("bash_id") ?? input.text("shell_id")
      }
      use.paths = path.map { [$0] } ?? []
      use.isEdit = editingTools.contains(name)
    }
    add(.toolUse(use), "tool_call", &events, fields: fields)
  }

  func toolResults(_ content: JSONValue, _ events: inout EventCollector) {
    guard let array = content.array else { return }
    var elements = array.elements
    while let element = elements.next() {
      if let block = element.object, block.has("type", "tool_result") { toolResult(block, &events) }
    }
  }

  private func toolResult(_ block: JSONObject, _ events: inout EventCollector) {
    if let detail = line["toolUseResult"] {
      toolResult(block, detail.object, &events)
    } else {
      toolResult(block, line.object("tool_use_result"), &events)
    }
  }

  /// - Parameter detail: what the tool gave the program, beside what it gave the model.
  private func toolResult(
    _ block: JSONObject, _ detail: JSONObject?, _ events: inout EventCollector
  ) {
    guard let id = block.text("tool_use_id") else { return }
    let text = block["content"]?.contentText ?? ""
    let isError = block.bool("is_error") == true
    var result = ToolResult(id: id, ending: isError ? .failed : .succeeded)
    result.outputSize = UInt64(text.utf8.count)
    result.latencyMS = detail?.number("durationMs")
    var fields = base
    fields.set(.agentID, agentID)
    if let detail, let ended = background(detail) {
      result.process = ended.process
      if ended.isOver {
        end(
          &result, exitCode: ended.exitCode, failed: ended.failed, ended.output ?? text, &fields)
      } else {
        result.ending = .unfinished
      }
    } else if isError {
      if isRefusal(text) {
        result.ending = .rejected
      } else {
        result.isSilent = failure(text, &fields)
      }
    } else if detail?["stdout"] != nil {
      // A shell command whose result is no error has ended with 0, or with what the tool takes for it.
      if detail?.bool("interrupted") == true {
        result.ending = .unfinished
      } else if let process = detail?.text("backgroundTaskId") {
        (result.ending, result.process) = (.unfinished, process)
      } else {
        fields.set(.exitCode, FixedPoint.zero)
      }
      result.commits = commits(toldIn: text)
    }
    if result.outputTail == nil { result.outputTail = tail(ofOutput: text) }
    if let detail { edits(detail, &result) }
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  /// What a wait for a command in the background, or for another agent, came to.
  private func background(
    _ detail: JSONObject
  ) -> (process: String, isOver: Bool, failed: Bool, exitCode: FixedPoint?, output: String?)? {
    if let task = detail.object("task") { return process(task) }
    return process(detail)
  }

  private func process(
    _ task: JSONObject
  ) -> (process: String, isOver: Bool, failed: Bool, exitCode: FixedPoint?, output: String?)? {
    guard let process = task.text("task_id") ?? task.text("shellId") ?? task.text("taskId"),
      let status = task.text("status")
    else { return nil }
    let code = task.number("exitCode")
    let parts = [task.text("output"), task.text("stdout"), task.text("stderr")].compactMap(\.self)
    return (
      process, status == "completed" || status == "failed",
      code.map { $0 != .zero } ?? (status == "failed"), code,
      parts.isEmpty ? nil : parts.joined(separator: "\n")
    )
  }

  private func end(
    _ result: inout ToolResult, exitCode: FixedPoint?, failed: Bool, _ output: String,
    _ fields: inout Fields
  ) {
    result.hasExited = true
    result.outputTail = tail(ofOutput: output)
    result.commits = commits(toldIn: output)
    if let exitCode {
      fields.set(.exitCode, exitCode)
    } else if !failed {
      fields.set(.exitCode, FixedPoint.zero)
    }
    guard failed else { return }
    result.ending = .failed
    fields.set(.errorMessage, output)
    fields.set(.status, "failed")
  }

  /// What the tool says of a command in the background that ended, beside all results.
  func notice(_ text: String, _ events: inout EventCollector) {
    guard let process = Self.content(of: "task-id", in: text),
      let status = Self.content(of: "status", in: text), status == "completed" || status == "failed"
    else { return }
    let summary = Self.content(of: "summary", in: text).map(String.init) ?? text
    var code: FixedPoint?
    if let found = summary.firstRange(of: "exit code ") {
      code = Int64(summary[found.upperBound...].prefix { $0.isNumber }).flatMap { FixedPoint($0) }
    }
    var result = ToolResult(id: "", ending: .succeeded)
    (result.isNotice, result.process) = (true, String(process))
    var fields = base
    let failed = code.map { $0 != .zero } ?? (status == "failed")
    end(&result, exitCode: code, failed: failed, summary, &fields)
    add(.toolResult(result), "tool_result", &events, fields: fields)
  }

  /// A failed tool: `Exit code 1` and what the command printed, or what was wrong with the call.
  ///
  /// - Returns: whether the command printed nothing.
  private func failure(_ text: String, _ fields: inout Fields) -> Bool {
    var message = text[...]
    var isSilent = false
    if message.hasPrefix("Error: ") { message = message.dropFirst(7) }
    if message.hasPrefix("Exit code ") {
      let line = message.prefix { $0 != "\n" }
      if let code = Int64(line.dropFirst(10).prefix { $0.isNumber || $0 == "-" }) {
        fields.set(.exitCode, FixedPoint(code))
        message = message.dropFirst(line.count).drop { $0.isNewline }
        isSilent = message.isEmpty
      }
    }
    if message.hasPrefix("<tool_use_error>") {
      message = message.dropFirst(16)
      if message.hasSuffix("</tool_use_error>") { message = message.dropLast(17) }
      fields.set(.errorType, "tool_misuse")
    }
    fields.set(.errorMessage, message.isEmpty ? text : String(message))
    fields.set(.status, "failed")
    return isSilent
  }

  /// The lines that an edit added and removed, by its patch; of a new file all.
  private func edits(_ detail: JSONObject, _ result: inout ToolResult) {
    if let patch = detail["structuredPatch"]?.array {
      var hunks = patch.elements
      while let hunk = hunks.next() {
        guard let lines = hunk.object?["lines"]?.array else { continue }
        var elements = lines.elements
        while let line = elements.next() {
          guard !line.utf8.isEmpty else { continue }
          if line.utf8[0] == UInt8(ascii: "+") { result.linesAdded += 1 }
          if line.utf8[0] == UInt8(ascii: "-") { result.linesRemoved += 1 }
        }
      }
    }
    if detail.has("type", "create"), result.linesAdded == 0, let content = detail.text("content") {
      result.linesAdded = UInt64(
        content.split(separator: "\n", omittingEmptySubsequences: false).count)
      if content.hasSuffix("\n") { result.linesAdded -= 1 }
    }
  }
}

private let waitingTools: Set = ["TaskOutput", "BashOutput", "AgentOutputTool"]

private let editingTools: Set = ["Edit", "MultiEdit", "Write", "NotebookEdit"]

/// Whether a tool was not let run, or a person stopped it. What a command printed may quote such words.
private func isRefusal(_ text: String) -> Bool {
  let said = text.hasPrefix("Error: ") ? text.dropFirst(7) : text[...]
  if refusals.contains(where: said.hasPrefix) { return true }
  // It stands behind what was printed until then.
  let last = said.split(whereSeparator: \.isNewline).last ?? ""
  return last.hasPrefix("[Request interrupted by user")
}

/// What the result of a tool begins with that a person, or nobody, let run.
private let refusals = [
  "The user doesn't want to proceed with this tool use", "User rejected tool use",
  "The user doesn't want to take this action right now",
  "Claude requested permissions to ", "Permission to use ", "Permission for this ",
  "This command requires approval", "This Bash command contains multiple operations",
]

/// The end of a tool's output, which is looked at for what a check says there.
func tail(ofOutput text: some StringProtocol) -> String {
  String(decoding: text.utf8.suffix(4_096), as: UTF8.self)
}

/// How many commits git says in an output that it made: `[main 1a2b3c4] message`, and below that what
/// changed, or who wrote it.
func commits(toldIn output: some StringProtocol) -> UInt64 {
  let text = String(output)
  let bytes = text.utf8.span
  let newline = UInt8(ascii: "\n")
  var count: UInt64 = 0
  var start = 0
  // Outputs are long, and few lines begin so.
  while let open = firstIndex(of: UInt8(ascii: "["), in: bytes, from: start) {
    start = open + 1
    if open > 0, bytes[open - 1] != newline { continue }
    guard let end = firstIndex(of: newline, in: bytes, from: open),
      isCommit(line(bytes.extracting(open..<end)))
    else { continue }
    let next = firstIndex(of: newline, in: bytes, from: end + 1) ?? bytes.count
    if isOfCommit(line(bytes.extracting((end + 1)..<next))) { count += 1 }
  }
  return count
}

/// The beginning of a line, as far as it tells what sort of line it is.
private func line(_ bytes: Span<UInt8>) -> String {
  String(decoding: [UInt8](bytes.extracting(0..<min(300, bytes.count))), as: UTF8.self)
}

private func isCommit(_ line: some StringProtocol) -> Bool {
  guard line.hasPrefix("["), let end = line.firstIndex(of: "]"),
    line[end...].dropFirst().hasPrefix(" "),
    let hash = line[..<end].split(separator: " ").last, line[..<end].contains(" ")
  else { return false }
  return (7...64).contains(hash.utf8.count) && hash.allSatisfy(\.isHexDigit)
}

private func isOfCommit(_ line: some StringProtocol) -> Bool {
  if line.hasPrefix(" Author: ") || line.hasPrefix(" Date: ") { return true }
  let words = line.split(separator: " ")
  return line.hasPrefix(" ") && words.count >= 3 && UInt64(words[0]) != nil
    && words[1].hasPrefix("file") && words[2].hasPrefix("changed")
}
