package import Events
package import JSON

/// What Codex wrote before version 0.30: the items of a rollout, each a line without an envelope, behind
/// one that names the session and tells when it began. No other line tells its time, and none tells
/// of tokens or models.
///
/// Read: requests, messages, tools with their results. Dropped: what the model thought, and the states
/// between.
package struct BareCodex: LineFormat {
  package let name = "codex-bare"
  package let title = "Codex before 0.30"
  package let version: UInt32 = 1
  package let stream = Stream.ralph
  package let isRead = true

  package init() {}

  package func nativeKind(of line: JSONObject) -> String? {
    if line.has("record_type", "state") { return "state" }
    guard let type = line.text("type") else {
      let isHeader =
        line.text("id") != nil && line.text("timestamp") != nil && line["instructions"] != nil
      return isHeader ? "session" : nil
    }
    switch type {
    case "message": return line.text("role") != nil && line["content"]?.array != nil ? type : nil
    case "reasoning": return line["summary"]?.array != nil ? type : nil
    case "function_call", "function_call_output", "local_shell_call", "custom_tool_call",
      "custom_tool_call_output":
      return line.text("call_id") != nil ? type : nil
    default: return nil
    }
  }

  package func knows(nativeKind: String) -> Bool { true }

  package func read(_ line: JSONObject, _ envelope: Envelope, _ events: inout EventCollector) {
    let writer = CodexLine(envelope, ordinal: nil, isPrinted: false)
    guard line.text("type") != nil else {
      if line["record_type"] == nil { writer.sessionMeta(line, &events) }
      return
    }
    if line.has("role", "user"), let folder = folder(toldIn: line) {
      var fields = writer.base
      fields.set(.project, projectName(ofFolder: folder))
      writer.add(.context(SessionContext()), "session_context", &events, fields: fields)
    }
    writer.responseItem(line, &events)
  }

  /// The folder that the tool tells the model of, as it says nowhere else.
  private func folder(toldIn line: JSONObject) -> String? {
    guard let text = line["content"]?.contentText, text.contains("<environment_context>") else {
      return nil
    }
    for (before, after) in [("<cwd>", "</cwd>"), ("Current working directory: ", "\n")] {
      if let start = text.firstRange(of: before),
        let end = text[start.upperBound...].firstRange(of: after)
      {
        return String(text[start.upperBound..<end.lowerBound])
      }
    }
    return nil
  }
}
