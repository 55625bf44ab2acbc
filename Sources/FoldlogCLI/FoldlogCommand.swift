import ArgumentParser
import Files
import Foldlog
import Logging

#if canImport(Glibc)
  import Glibc
#endif

/// The command `foldlog`.
@main
struct FoldlogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "foldlog",
    abstract: "Turns the telemetry of AI-coding stacks into knowledge, by folding a log.",
    discussion: """
      Lines go in once, are kept for ever as they came, and are folded into views that can be \
      thrown away and rebuilt, bit for bit.

      FIRST STEPS
        foldlog ingest ralph-events.jsonl         take a file in, and fold it
        cat events.jsonl | foldlog ingest         the same from a pipe
        foldlog query values --sort score --desc  what was worth learning from
        foldlog query errors                      which errors come back
        foldlog schema values                     what the columns of a view are
        foldlog explain 48                        how an event became rows
        foldlog explain values 48                 how a row came about
        foldlog status                            how far the log and the views are
        foldlog replay                            rebuild every view from event 0

      VIEWS
      \(viewList)

      EXIT STATUS
        0  done                                   66  no such input, view or log
        64 wrong usage                            74  input or output failed
        65 bad data, or damage                    75  another process holds the lock
      """,
    version: "0.1.0",
    subcommands: [
      IngestCommand.self, ProjectCommand.self, ReplayCommand.self, QueryCommand.self,
      ExplainCommand.self, StatusCommand.self, LogCommand.self, QuarantineCommand.self,
      VerifyCommand.self, CompactCommand.self, DatasetCommand.self, SchemaCommand.self,
      SettingsCommand.self, PricesCommand.self, DiscoverCommand.self, DoctorCommand.self,
      TodayCommand.self, ReactCommand.self, SkillsCommand.self, AlertsCommand.self,
      ContextCommand.self, NoteCommand.self, AuditCommand.self, MCPCommand.self, HookCommand.self,
    ])

  @Option(
    help: ArgumentHelp(
      "Where everything lies.",
      discussion:
        "Default: $FOLDLOG_DATA, then $XDG_DATA_HOME/foldlog, then ~/.local/share/foldlog.",
      valueName: "dir"),
    completion: .directory)
  var data: String?

  @Option(help: LocationOptions.logLevelHelp, completion: .list(LocationOptions.logLevels))
  var logLevel: String?

  static func main() {
    guard StandardDescriptors.openMissing() else {
      _exit(FoldlogError.Code.inputOutput.rawValue)
    }
    StandardOutput.ignoreBrokenPipes()
    let words = CommandWords.given()
    if let hook = words.hook { return hook.run() }
    if words.asksAboutCommand, let unknown = words.unknownCommand {
      complain(unknown)
      _exit(FoldlogError.Code.usage.rawValue)
    }
    do {
      var command = try parseAsRoot(words.parsable())
      try command.run()
    } catch {
      end(error, of: words)
    }
  }
}

/// The views with their sentences, as the help lists them: made only where it may be shown, since that
/// takes a quarter of a start.
private let viewList: String = {
  guard CommandWords.given().mayShowViews else { return "" }
  let width = ProjectorCatalogue.builtIn.views.map { $0.utf8.count }.max() ?? 0
  return ProjectorCatalogue.builtIn.viewSentences.map { name, about in
    "  \(name)\(String(repeating: " ", count: width - name.utf8.count))  \(about)"
  }.joined(separator: "\n")
}()

/// Ends with what the parser has to say: help and the version are answers, all else is told.
private func end(_ error: any Error, of words: CommandWords) -> Never {
  let status = FoldlogCommand.exitCode(for: error).rawValue
  var text = FoldlogCommand.fullMessage(for: error)
  if status == FoldlogError.Code.usage.rawValue {
    text = words.unknownCommand ?? words.withNearOption(text)
  }
  if text.isEmpty { exit(status) }
  if status != EXIT_SUCCESS {
    let mark = "Error: "
    complain(text.hasPrefix(mark) ? String(text.dropFirst(mark.count)) : text)
    // An agent that runs a hook of another version goes on.
    exit(words.areOfHook ? EXIT_SUCCESS : status)
  }
  do {
    try standardOutput.writeLine(text)
    try standardOutput.flush()
  } catch {
    complain("\(error)")
    exit(FoldlogError.Code.inputOutput.rawValue)
  }
  exit(EXIT_SUCCESS)
}

/// What every subcommand has: the data directory, before the command or after it, and a request that
/// is checked before the directory is opened.
protocol FoldlogSubcommand: ParsableCommand {
  associatedtype Asked: Request

  var root: FoldlogCommand { get }
  var location: LocationOptions { get }
  var request: Asked { get }

  func run(_ asked: Asked.Checked, _ store: Store) throws
}

/// Of a command that takes nothing which could be wrong.
struct PlainRequest: Request {
  struct Checked: Sendable {}

  func checked(for projectors: ProjectorCatalogue) throws(FoldlogError) -> Checked { Checked() }
}

/// `--data` and `--log-level`, also after the command.
struct LocationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where everything lies.", valueName: "dir"), completion: .directory)
  var data: String?

  @Option(help: Self.logLevelHelp, completion: .list(Self.logLevels))
  var logLevel: String?

  static let logLevels = Logger.Level.allCases.map(\.rawValue)

  static let logLevelHelp = ArgumentHelp(
    "What is logged to standard error: \(logLevels.joined(separator: ", ")).",
    discussion: "Default: $FOLDLOG_LOG_LEVEL, then critical, which is nothing.",
    valueName: "level")
}

extension FoldlogSubcommand {
  func run() throws {
    try answering {
      let asked = try request.checked(for: .builtIn)
      let level = try logLevel()
      let directory = try DataDirectory.resolve(given: location.data ?? root.data)
      let store = try Store(directory: directory, logger: LineLogHandler.standardError(level))
      let bar = ProgressReporter()
      store.notices.tell = { text in
        bar.finish()
        complain(text)
      }
      store.notices.showProgress = { progress in
        if let progress { bar.show(progress) } else { bar.finish() }
      }
      for note in store.openingNotes { store.notices.tell(note) }
      try run(asked, store)
    }
  }
}

extension FoldlogSubcommand {
  /// As it is given, else as the environment has it. What persons are told is told at any level.
  fileprivate func logLevel() throws -> Logger.Level {
    let variable = processEnvironment("FOLDLOG_LOG_LEVEL")
    return try .named(location.logLevel ?? root.logLevel ?? (variable == "" ? nil : variable))
      ?? .critical
  }
}

/// Runs what a command does, gives its answer out, and tells of errors in the terms of exit statuses.
func answering(_ body: () throws -> Void) throws {
  do {
    try body()
    try standardOutput.flush()
  } catch let code as ExitCode {
    // What was found is no answer where it cannot be read.
    do { try standardOutput.flush() } catch { throw complaining(of: error) }
    throw code
  } catch {
    try? standardOutput.flush()
    throw complaining(of: error)
  }
}

private func complaining(of error: any Error) -> ExitCode {
  let failure = FoldlogError(error)
  complain("\(failure)")
  return ExitCode(failure.code.rawValue)
}
