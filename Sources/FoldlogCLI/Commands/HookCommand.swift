import Agents
import ArgumentParser
import Foldlog

#if canImport(Glibc)
  import Glibc
#endif

struct HookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook",
    abstract: "What an agent's hooks run: tells it what is known at that moment, or nothing.",
    discussion: """
      `foldlog hook install` puts the others into an agent's settings. Each reads what the agent says on \
      standard input, and answers in the agent's form within \
      \(HookTimeOption.withinMsDefault) ms, or says nothing; it ends with 0 whatever happens. What was \
      told is noted in the data directory, and the next writer takes it into the log: `foldlog query knowledge/advice` says what came of it.

        foldlog hook install claude-code             for every project of yours
        foldlog hook install codex --project         for the project in this folder
        foldlog hook install claude-code --remove    takes them out again
      """,
    subcommands: [
      SessionStartHook.self, PromptHook.self, ToolFailedHook.self, StopHook.self,
      HookInstallCommand.self,
    ])

  @ParentCommand var parent: FoldlogCommand
}

/// A command that an agent runs at a moment.
protocol MomentCommand: ParsableCommand {
  static var moment: HookMoment { get }
  var location: LocationOptions { get }
  var time: HookTimeOption { get }
  var parent: HookCommand { get }
}

struct HookTimeOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Says nothing once so many milliseconds are over.", valueName: "ms"))
  var withinMs = Self.withinMsDefault

  static let withinMsDefault = 50
}

extension MomentCommand {
  static func configured(_ about: String) -> CommandConfiguration {
    CommandConfiguration(commandName: moment.rawValue, abstract: about)
  }

  func run() throws {
    var hook = HookRun(Self.moment)
    hook.data = location.data ?? parent.parent.data
    hook.within_ms = time.withinMs
    hook.tellsFailures = (location.logLevel ?? parent.parent.logLevel) != nil
    hook.run()
  }
}

/// What an agent runs at a moment: reads what the agent says, and answers in time or not at all.
struct HookRun {
  let moment: HookMoment
  var data: String?
  var within_ms = 50
  var tellsFailures = false

  init(_ moment: HookMoment) { self.moment = moment }

  /// Of the form that `hook install` writes, which has no time for the parser: that takes longer than
  /// all else here. Nil of any other words.
  init?(words: [String]) {
    guard words.count > 1, words[0] == "hook", let moment = HookMoment(rawValue: words[1]) else {
      return nil
    }
    self.init(moment)
    var rest = words[2...]
    while let option = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch option {
      case "--data": data = value
      case "--within-ms":
        guard let count = Int(value) else { return nil }
        within_ms = count
      default: return nil
      }
    }
  }

  func run() {
    // A program takes some milliseconds to begin, and to end.
    let left = HookTime(milliseconds: max(1, max(0, within_ms) - 12))
    // Whatever fails here, an agent has nothing to do with it.
    do {
      let input = bytesOfInput()
      let store = try Store(directory: try DataDirectory.resolve(given: data))
      let service = HookService(store)
      guard let told = try service.answer(moment, input, isLate: { left.isLate }), left.take()
      else { return }
      try standardOutput.write(told.bytes)
      try standardOutput.flush()
      try service.note(told)
    } catch {
      if tellsFailures { complain("\(FoldlogError(error))") }
    }
  }

  /// Bytes of input that are looked at: what an agent says of a tool may be long.
  private static let inputMax = 16 << 20

  private func bytesOfInput() -> [UInt8] {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while all.count < Self.inputMax {
      let count = unsafe piece.withUnsafeMutableBytes {
        unsafe read(STDIN_FILENO, $0.baseAddress, $0.count)
      }
      if count > 0 {
        all += piece[..<count]
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    return all
  }
}

struct SessionStartHook: MomentCommand {
  static let moment = HookMoment.sessionStart
  static let configuration = configured("At the start of a session: what holds for the project.")
  @OptionGroup var time: HookTimeOption
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: HookCommand
}

struct PromptHook: MomentCommand {
  static let moment = HookMoment.prompt
  static let configuration = configured("At a request: what is known of such requests.")
  @OptionGroup var time: HookTimeOption
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: HookCommand
}

struct ToolFailedHook: MomentCommand {
  static let moment = HookMoment.toolFailed
  static let configuration = configured("When a tool failed: what mended such an error before.")
  @OptionGroup var time: HookTimeOption
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: HookCommand
}

struct StopHook: MomentCommand {
  static let moment = HookMoment.stop
  static let configuration = configured("When the agent is done: says nothing.")
  @OptionGroup var time: HookTimeOption
  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: HookCommand
}

struct HookInstallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install",
    abstract: "Put the hooks into an agent's settings, or take them out again.",
    discussion: """
      All else in the settings stays byte for byte: other hooks, comments, odd forms. Twice is once, \
      and --remove leaves what was there before. Settings: ~/.claude/settings.json, or \
      $CLAUDE_CONFIG_DIR; ~/.codex/hooks.json, or $CODEX_HOME; with --project \
      .claude/settings.local.json and .codex/hooks.json in this folder. Codex tells no hook that a tool \
      failed: there `foldlog mcp` is for errors.
      """)

  @Argument(
    help: ArgumentHelp("claude-code or codex.", valueName: "agent"),
    completion: .list(["claude-code", "codex"]))
  var agent: String

  @Flag(help: "Of the project in this folder.")
  var project = false

  @Flag(help: "Of the user, which is the default.")
  var user = false

  @Flag(help: "Show what the settings would be, and change nothing.")
  var dryRun = false

  @Flag(help: "Take the hooks out.")
  var remove = false

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: HookCommand

  func run() throws {
    try answering {
      if project, user {
        throw FoldlogError(.usage, "--project and --user exclude each other")
      }
      var request = HookInstallRequest(agent: agent)
      request.isOfProject = project
      request.isDry = dryRun
      request.isRemoving = remove
      request.data = location.data ?? parent.parent.data
      let asked = try request.checked(for: .builtIn)
      let outcome = try HookInstallService().run(asked)
      for note in outcome.notes { complain(note) }
      if asked.isDry {
        if let bytes = outcome.bytes { try standardOutput.write(bytes) }
        if !outcome.hasChanged { complain("\(outcome.path) would stay as it is") }
      } else {
        let did =
          outcome.hasChanged ? (remove ? "the hooks are out of" : "the hooks are in") : "unchanged:"
        complain("\(did) \(outcome.path)")
      }
    }
  }
}
