/// Where a tool keeps what it writes, on the machine of a person.
package struct ToolFolder: Sendable {
  /// The format of its lines.
  package let format: String
  package let title: String
  /// The variables that name the folder, the first that is set.
  let variables: [String]
  /// What stands behind a variable's folder.
  let below: [String]
  /// Where it is without one, under the home folder.
  let home: [String]
  /// After how many days the tool deletes what was not changed; nil where it keeps all.
  package let keepsDays: Int?
  /// The file of settings that may say otherwise, beside the folder, and the member that does.
  package let retentionSetting: (file: String, member: String)?

  init(
    _ format: String, _ title: String, variables: [String] = [], below: [String] = [""],
    home: [String], keepsDays: Int? = nil,
    retentionSetting: (file: String, member: String)? = nil
  ) {
    self.format = format
    self.title = title
    self.variables = variables
    self.below = below
    self.home = home
    self.keepsDays = keepsDays
    self.retentionSetting = retentionSetting
  }

  /// The folders that the tool writes to, whether they are there or not.
  package func folders(environment: (String) -> String?) -> [String] {
    for variable in variables {
      guard let value = environment(variable), value.utf8.first == UInt8(ascii: "/") else {
        continue
      }
      // Claude Code takes several, with commas between them.
      let bases = value.split(separator: ",").map(String.init)
      return bases.flatMap { base in below.map { base + $0 } }
    }
    guard let root = environment("HOME"), root.utf8.first == UInt8(ascii: "/") else { return [] }
    return home.map { root + $0 }
  }

  package static let all = [
    ToolFolder(
      "claude-code", "Claude Code", variables: ["CLAUDE_CONFIG_DIR"], below: ["/projects"],
      home: ["/.claude/projects", "/.config/claude/projects"], keepsDays: 30,
      retentionSetting: ("../settings.json", "cleanupPeriodDays")),
    ToolFolder(
      "codex", "Codex", variables: ["CODEX_HOME"], below: ["/sessions", "/archived_sessions"],
      home: ["/.codex/sessions", "/.codex/archived_sessions"]),
    ToolFolder("gemini-cli", "Gemini CLI", home: ["/.gemini/tmp"]),
    ToolFolder("qwen-code", "Qwen Code", home: ["/.qwen/projects", "/.qwen/tmp"]),
    ToolFolder(
      "copilot-cli", "GitHub Copilot CLI", variables: ["COPILOT_HOME"], below: ["/session-state"],
      home: ["/.copilot/session-state"]),
    ToolFolder(
      "opencode", "OpenCode", variables: ["XDG_DATA_HOME"], below: ["/opencode"],
      home: ["/.local/share/opencode"]),
    ToolFolder(
      "continue", "Continue", variables: ["CONTINUE_GLOBAL_DIR"], below: ["/dev_data"],
      home: ["/.continue/dev_data"]),
    ToolFolder("cline", "Cline", home: ["/.cline/data"]),
    ToolFolder("pi", "pi", home: ["/.pi/agent/sessions"]),
  ]
}
