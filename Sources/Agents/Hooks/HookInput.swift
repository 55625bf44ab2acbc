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
  /// What failed, in the tool's words; nil where nothing has, or the agent does not say so: what a tool
  /// printed tells nobody whether it failed.
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
    error = isStopped ? nil : read["error"]?.text.map(Self.withoutExit)
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
}
