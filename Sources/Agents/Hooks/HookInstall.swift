internal import Bytes
internal import Files
package import Foldlog

/// Asks that foldlog's hooks are put into the settings of an agent, or taken out.
package struct HookInstallRequest: Request {
  /// `claude-code` or `codex`.
  package var agent: String
  /// Whether it is for the project that is worked in; else it is for the user.
  package var isOfProject = false
  package var isRemoving = false
  /// Whether the settings are shown, and not written.
  package var isDry = false
  /// The data directory that the hooks are to name; nil for the one that they find by themselves.
  package var data: String?

  package init(agent: String) { self.agent = agent }

  package struct Checked: Sendable {
    fileprivate let agent: HookedAgent
    fileprivate let isOfProject: Bool
    fileprivate let isRemoving: Bool
    package let isDry: Bool
    fileprivate let data: String?
  }

  package func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked {
    guard let known = HookedAgent(rawValue: agent) else {
      throw FoldlogError(
        .usage,
        "there are hooks for \(HookedAgent.allCases.map(\.rawValue).joined(separator: " and ")), "
          + "and none for `\(agent)`")
    }
    return Checked(
      agent: known, isOfProject: isOfProject, isRemoving: isRemoving, isDry: isDry, data: data)
  }
}

/// An agent that runs hooks.
private enum HookedAgent: String, CaseIterable, Sendable {
  case claudeCode = "claude-code"
  case codex

  /// Which of its events belongs to which moment. What ends a turn is not among them: there is nothing
  /// to tell then.
  var events: [(String, HookMoment)] {
    [
      ("SessionStart", .sessionStart), ("UserPromptSubmit", .prompt),
      // Codex has one event for tools that worked and that failed.
      (self == .codex ? "PostToolUse" : "PostToolUseFailure", .toolFailed),
    ]
  }

  /// The file in its folder that names hooks.
  var file: String { self == .codex ? "hooks.json" : "settings.json" }

  func folder(isOfProject: Bool) throws(FoldlogError) -> String {
    let name = self == .codex ? ".codex" : ".claude"
    if isOfProject { return name }
    let variable = self == .codex ? "CODEX_HOME" : "CLAUDE_CONFIG_DIR"
    if let folder = environmentText(variable), !folder.isEmpty { return folder }
    guard let home = environmentText("HOME"), !home.isEmpty else {
      throw FoldlogError(.usage, "set HOME, or \(variable): nothing says where the settings are")
    }
    return "\(home)/\(name)"
  }
}

/// What became of the settings of an agent.
package struct HookInstallOutcome: Sendable {
  package let path: String
  package let hasChanged: Bool
  /// As they are now, or would be; nil where there is no file.
  package let bytes: [UInt8]?
  /// What a person should know beside.
  package let notes: [String]
}

/// Changes the settings of agents.
package struct HookInstallService {
  package init() {}

  package func run(_ asked: HookInstallRequest.Checked) throws(FoldlogError) -> HookInstallOutcome {
    let folder = try asked.agent.folder(isOfProject: asked.isOfProject)
    let program = realPath("/proc/self/exe") ?? "foldlog"
    let name = splitPath(program).name
    let path = "\(folder)/\(asked.agent.file)"
    do {
      let before = try bytesOfFile(path)
      var after: [UInt8]?
      if !asked.isRemoving {
        after = try HookSettings.adding(entries(asked, program), of: name, to: before)
      } else if let before {
        after = try HookSettings.removing(of: name, from: before)
      }
      if after != before, !asked.isDry {
        if let after {
          try makeOrdinaryFolder(folder)
          try rewriteFile(path, with: after)
        } else {
          try removeFile(path)
        }
      }
      var notes: [String] = []
      if asked.agent == .codex, !asked.isRemoving {
        notes.append(
          "Codex runs hooks only where its config.toml says so: `codex_hooks = true` under [features]"
        )
      }
      return HookInstallOutcome(
        path: path, hasChanged: after != before, bytes: after, notes: notes)
    } catch let error as HookSettings.Refusal {
      throw FoldlogError(
        .badData, "\(path) is left as it is: \(error.reason). Mend it, and run this again")
    } catch {
      throw FoldlogError(.inputOutput, "\(error)")
    }
  }

  private func entries(
    _ asked: HookInstallRequest.Checked, _ program: String
  ) -> [HookSettings.Entry] {
    let data = asked.data.map { " --data \(shellWord($0))" } ?? ""
    return asked.agent.events.map { event, moment in
      HookSettings.Entry(
        event: event, command: "\(shellWord(program)) hook \(moment.rawValue)\(data)")
    }
  }
}

/// A word as a shell reads it.
private func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || "/._-+:@".utf8.contains(byte)
  }
  return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}
