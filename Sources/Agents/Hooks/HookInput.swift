internal import JSON

/// When an agent's hook is run.
package enum HookMoment: String, CaseIterable, Sendable {
  case sessionStart = "session-start"
  case prompt
  case toolFailed = "tool-failed"
  case stop
}

/// What an agent tells a hook: the members that Claude Code and Codex share.
struct HookInput: Equatable {
  /// As the agent calls the moment: its answer has to name it.
  let event: String
  let session: String?
  let folder: String?
  let prompt: String?
  let call: String?
  /// What failed, in the tool's words; nil where nothing has.
  let error: String?

  /// Nil for what is no input of a hook.
  init?(_ bytes: [UInt8]) {
    var parser = JSONParser()
    let read: AnyJSON
    do throws(JSONError) {
      read = try parser.withObject(bytes.span, isPadded: false) { AnyJSON($0) }
    } catch {
      return nil
    }
    guard let event = read["hook_event_name"]?.text else { return nil }
    self.event = event
    session = read["session_id"]?.text
    folder = read["cwd"]?.text
    prompt = read["prompt"]?.text
    call = read["tool_use_id"]?.text
    // A person who stopped the tool needs no advice.
    let isStopped = read["is_interrupt"] == .bool(true)
    let said = read["error"]?.text ?? read["tool_response"].flatMap(Self.failure)
    error = isStopped ? nil : said.map(Self.withoutExit)
  }

  /// `Exit code 1` and what the command printed: the latter, where there is any.
  private static func withoutExit(_ text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard let first = lines.first,
      first.hasPrefix("Exit code ") || first.hasPrefix("Error: Exit code ")
    else { return text }
    lines = lines.dropFirst().drop { $0.allSatisfy(\.isWhitespace) }
    return lines.isEmpty ? text : lines.joined(separator: "\n")
  }

  /// What a tool's response says of its failure; nil where it says of none.
  private static func failure(_ response: AnyJSON) -> String? {
    switch response {
    case .text(let text): return failure(inText: text)
    case .object:
      let status = [response, response["metadata"] ?? .null].lazy.compactMap { part in
        part["exit_code"]?.integer ?? part["exitCode"]?.integer
      }.first
      let hasFailed =
        status.map { $0 != 0 } ?? false || response["is_error"] == .bool(true)
        || response["isError"] == .bool(true) || response["success"] == .bool(false)
      guard hasFailed else { return nil }
      let said = ["stderr", "output", "aggregated_output", "stdout", "error", "content"].lazy
        .compactMap { response[$0]?.text }.first { !$0.allSatisfy(\.isWhitespace) }
      return said
    default: return nil
    }
  }

  /// Of a text: a document of JSON, or what a shell's tool prints about the run before its output.
  private static func failure(inText text: String) -> String? {
    if text.utf8.first == UInt8(ascii: "{") {
      var parser = JSONParser()
      do throws(JSONError) {
        let read = try parser.withObject(text.utf8.span, isPadded: false) { AnyJSON($0) }
        return failure(read)
      } catch {
        return nil
      }
    }
    let head = text.prefix(400)
    for mark in ["exited with code ", "Exit code: ", "exit code: "] {
      guard let found = head.firstRange(of: mark) else { continue }
      let digits = head[found.upperBound...].prefix { $0.isNumber || $0 == "-" }
      guard let status = Int(digits), status != 0 else { return nil }
      let output = text.firstRange(of: "Output:\n").map { text[$0.upperBound...] }
      return output.map(String.init) ?? text
    }
    return nil
  }
}
