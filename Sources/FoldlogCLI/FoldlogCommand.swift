import ArgumentParser
import Foldlog

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
        foldlog ingest ralph-events.jsonl         take a file in, and bring the views up to date
        cat events.jsonl | foldlog ingest         the same from a pipe
        foldlog query values --sort score --desc  what was worth learning from
        foldlog query errors                      which errors come back
        foldlog explain 48                        how an event became rows; or a row: explain values 48
        foldlog status                            what is in the log, and how far the views are
        foldlog replay                            rebuild every view from the first event

      VIEWS
        values        what each interaction was worth
        correlations  what goes with what
        errors        which errors come back
        datasets      what to train on
        deployments   which model is live

      EXIT STATUS
        0  done                                   66  no such input, view or log
        64 wrong usage                            74  input or output failed
        65 bad data under --strict, or damage     75  another process holds the lock
      """,
    version: "0.1.0",
    subcommands: [
      IngestCommand.self, ProjectCommand.self, ReplayCommand.self, QueryCommand.self,
      ExplainCommand.self, StatusCommand.self, LogCommand.self, QuarantineCommand.self,
      VerifyCommand.self,
      DatasetCommand.self,
    ])

  @Option(
    help: ArgumentHelp(
      "Where everything lies.",
      discussion:
        "Default: $FOLDLOG_DATA, then $XDG_DATA_HOME/foldlog, then ~/.local/share/foldlog.",
      valueName: "dir"),
    completion: .directory)
  var data: String?
}

/// What every subcommand has: the data directory, before the command or after it.
protocol FoldlogSubcommand: ParsableCommand {
  var parentData: String? { get }
  var location: LocationOptions { get }

  func run(_ foldlog: Foldlog) throws
}

/// `--data`, also after the command.
struct LocationOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where everything lies.", valueName: "dir"), completion: .directory)
  var data: String?
}

extension FoldlogSubcommand {
  func run() throws {
    StandardOutput.ignoreBrokenPipes()
    do {
      let directory = try DataDirectory.resolve(given: location.data ?? parentData)
      let foldlog = try Foldlog(directory: directory)
      let bar = ProgressReporter()
      foldlog.tell = { text in
        bar.finish()
        complain("foldlog: \(text)")
      }
      foldlog.showProgress = { progress in
        if let progress { bar.show(progress) } else { bar.finish() }
      }
      try run(foldlog)
      try standardOutput.flush()
    } catch let code as ExitCode {
      try? standardOutput.flush()
      throw code
    } catch {
      try? standardOutput.flush()
      let failure = FoldlogError(error)
      complain("foldlog: \(failure)")
      throw ExitCode(failure.code.rawValue)
    }
  }
}
