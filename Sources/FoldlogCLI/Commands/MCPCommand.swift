import Agents
import ArgumentParser
import Bytes
import Files
import Foldlog

#if canImport(Glibc)
  import Glibc
#endif

struct MCPCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "mcp",
    abstract: "Serve agents over the Model Context Protocol, on standard input and output.",
    discussion: """
      Tools: fix, context, query, explain and note. Answers are at most \
      \(MCPServer.answerSizeMax / 1_024) KB, unless a limit asks for more; each claim has its line of the \
      log. Secrets and personal data are masked. Reading waits for nobody. It ends when its input does.

        claude mcp add foldlog -- foldlog mcp
        codex mcp add foldlog -- foldlog mcp
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The folder that the agent works in; that of the process, unless it is given.",
      valueName: "folder"), completion: .directory)
  var project: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: PlainRequest { PlainRequest() }

  func run(_ asked: PlainRequest.Checked, _ store: Store) throws {
    let server = MCPServer(
      store, project: project ?? realPath("."), version: FoldlogCommand.configuration.version
    ) { bytes in
      try standardOutput.write(bytes)
      try standardOutput.flush()
    }
    try server.run(STDIN_FILENO)
  }
}
