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
    let both: [(String, HookMoment)] = [
      ("SessionStart", .sessionStart), ("UserPromptSubmit", .prompt),
    ]
    // Codex says of no tool that it failed.
    return self == .codex ? both : both + [("PostToolUseFailure", .toolFailed)]
  }

  /// The file in its folder that names hooks. What names this machine's program is nothing that a team
  /// shares.
  func file(isOfProject: Bool) -> String {
    switch self {
    case .codex: "hooks.json"
    case .claudeCode: isOfProject ? "settings.local.json" : "settings.json"
    }
  }

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
    let path = "\(folder)/\(asked.agent.file(isOfProject: asked.isOfProject))"
    do {
      if !asked.isDry, !asked.isRemoving { try makeFolders(folder) }
      let outcome = try change(path, in: folder, asked) { before throws(HookSettings.Refusal) in
        if !asked.isRemoving {
          return try HookSettings.adding(entries(asked, program), of: name, to: before)
        }
        return try before.flatMap { bytes throws(HookSettings.Refusal) in
          try HookSettings.removing(of: name, from: bytes)
        }
      }
      var notes = asked.agent == .codex && !asked.isRemoving ? codexNotes(folder) : []
      // Where an earlier foldlog put them.
      if asked.agent == .claudeCode, asked.isOfProject, !asked.isDry {
        let shared = "\(folder)/settings.json"
        let earlier = try change(shared, in: folder, asked) { before throws(HookSettings.Refusal) in
          try before.flatMap { bytes throws(HookSettings.Refusal) in
            try HookSettings.removing(of: name, from: bytes)
          }
        }
        if earlier.hasChanged { notes.append("the hooks are out of \(shared), which others share") }
      }
      return HookInstallOutcome(
        path: path, hasChanged: outcome.hasChanged, bytes: outcome.bytes, notes: notes)
    } catch let error as HookSettings.Refusal {
      throw FoldlogError(
        .badData, "\(path) is left as it is: \(error.reason). Mend it, and run this again")
    } catch let error as FoldlogError {
      throw error
    } catch {
      throw FoldlogError(.inputOutput, "\(error)")
    }
  }

  /// How often another program may write the settings in between.
  private static let attemptsMax = 20

  /// Changes a file, as far as nobody else does so meanwhile: then once more, of what is there by then.
  private func change(
    _ path: String, in folder: String, _ asked: HookInstallRequest.Checked,
    _ body: ([UInt8]?) throws(HookSettings.Refusal) -> [UInt8]?
  ) throws -> (hasChanged: Bool, bytes: [UInt8]?) {
    let lock = try asked.isDry || !isFolder(folder) ? nil : FolderLock(folder)
    defer { withExtendedLifetime(lock) {} }
    for _ in 0..<Self.attemptsMax {
      let before = try bytesOfFile(path)
      // An empty file says no more than none.
      let isBlank = before?.allSatisfy(SettingsText.isBlank) ?? true
      let after = isBlank ? try body(nil) ?? before : try body(before)
      if after == before || asked.isDry { return (after != before, after) }
      guard let after else {
        try removeFile(path)
        return (true, nil)
      }
      if try rewriteFile(path, from: before, with: after) { return (true, after) }
    }
    throw FoldlogError(
      .inputOutput, "\(path) is written by another program all the time: run this again later")
  }

  private func makeFolders(_ folder: String) throws(FileError) {
    let marks = folder.utf8.indices.dropFirst().filter { folder.utf8[$0] == UInt8(ascii: "/") }
    for end in marks { try makeOrdinaryFolder(String(folder[..<end])) }
    try makeOrdinaryFolder(folder)
  }

  private func codexNotes(_ folder: String) -> [String] {
    // What cannot be read says nothing of it.
    let read = try? bytesOfFile("\(folder)/config.toml")
    let settings = String(decoding: (read ?? nil) ?? [], as: UTF8.self)
    let lines = settings.split(whereSeparator: \.isNewline).filter { line in
      line.drop(while: \.isWhitespace).first != "#"
    }
    let isOn = lines.contains { line in
      guard let name = line.firstRange(of: "codex_hooks") else { return false }
      let value = line[name.upperBound...].filter { !$0.isWhitespace }
      return value.hasPrefix("=true")
    }
    let switched =
      isOn
      ? []
      : [
        "Codex runs hooks only where its config.toml says so: `codex_hooks = true` under [features]"
      ]
    return switched + [
      "Codex asks whether new hooks are trusted; it says of no tool that it failed, so that what mended an "
        + "error is for `foldlog mcp` to tell"
    ]
  }

  private func entries(
    _ asked: HookInstallRequest.Checked, _ program: String
  ) -> [HookSettings.Entry] {
    // An agent runs them in a folder of its own.
    let data = asked.data.map { " --data \(shellWord(absolute($0)))" } ?? ""
    return asked.agent.events.map { event, moment in
      HookSettings.Entry(
        event: event, command: "\(shellWord(program)) hook \(moment.rawValue)\(data)")
    }
  }
}

private func absolute(_ path: String) -> String {
  if path.hasPrefix("/") { return path }
  return realPath(path) ?? "\(realPath(".") ?? "")/\(path)"
}

private func isFolder(_ path: String) -> Bool { realPath("\(path)/.") != nil }

/// A word as a shell reads it.
private func shellWord(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
      || "/._-+:@".utf8.contains(byte)
  }
  return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
}
