internal import Bytes
internal import Events
internal import JSON

// What Claude Code says of the tools that its models use.
extension ClaudeLine {
  func toolUse(_ block: JSONObject, _ events: inout EventCollector) {
    guard let id = block.text("id"), let name = block.text("name") else { return }
    var use = ToolUse(id: id, name: name, input: block["input"]?.fingerprint ?? Hash128(value: 0))
    var fields = base
    fields[.toolsUsed] = .texts([name])
    if let input = block.object("input") {
      if name == "Bash" { fields.set(.command, input.text("command")) }
      let path = input.text("file_path") ?? input.text("notebook_path")
      use.paths = path.map { [$0] } ?? []
      use.isEdit = editingTools.contains(name)
    }
    add(.toolUse(use), "tool_call", &events, fields: fields)
  }

  func toolResult(_ block: JSONObject, _ events: inout EventCollector) {
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
    if isError {
      if rejections.contains(where: { text.contains($0) }) {
        result.ending = .rejected
      } else {
        result.isSilent = failure(text, &fields)
      }
    } else if detail?["stdout"] != nil {
      // A shell command whose result is no error has ended with 0, or with what the tool takes for it.
      if detail?.bool("interrupted") == true {
        result.ending = .unfinished
      } else if detail?.text("backgroundTaskId") == nil {
        fields.set(.exitCode, FixedPoint.zero)
      }
    }
    result.outputTail = tail(ofOutput: text)
    if let detail { edits(detail, &result) }
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

private let editingTools: Set = ["Edit", "MultiEdit", "Write", "NotebookEdit"]

/// What the result of a tool says that a person did not let run, or stopped.
private let rejections = [
  "The user doesn't want to proceed with this tool use", "User rejected tool use",
  "The user doesn't want to take this action right now",
  "[Request interrupted by user",
]

/// The end of a tool's output, which is looked at for what a check says there.
func tail(ofOutput text: some StringProtocol) -> String {
  String(decoding: text.utf8.suffix(4_096), as: UTF8.self)
}
