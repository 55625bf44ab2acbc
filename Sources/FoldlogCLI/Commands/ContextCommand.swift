import ArgumentParser
import Foldlog
import Query

struct ContextCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "context",
    abstract:
      "Say what an agent should be told now: what mended an error, what was decided, what worked.",
    discussion: """
      One answer from the views as they are at one moment, the surest first, each line with the last \
      line of the log that it stands on. Secrets and personal data are masked. Without evidence it \
      prints nothing, and ends with 0. Of what mended an error it tells what worked in the project more \
      often than it failed, or in two others; and of commands only those that install, format, generate, \
      build or start something, and the project's own scripts.

        foldlog context --project . --error 'No module named yaml'
        foldlog context --file src/cart.py --project /home/dev/shop
        foldlog context --project /home/dev/shop 'Add a coupon that expires'
        foldlog context --project . --error "$(make 2>&1)" --format json
      """)

  @Argument(help: ArgumentHelp("What the agent is asked to do.", valueName: "prompt"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The message of an error that it met.", valueName: "text"))
  var error: String?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("A file that it works on.", valueName: "path"),
    completion: .file())
  var file: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The folder that it works in.", valueName: "folder"), completion: .directory)
  var project: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most so many tokens, of four characters each.", valueName: "n"))
  var budgetTokens = 1_000

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "As if the log ended after this event, or with what was recorded by this time.",
      valueName: "offset|time"))
  var asOf: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ContextRequest {
    var request = ContextRequest()
    request.prompt = prompt
    request.error = error
    request.file = file
    request.project = project
    request.budget_tokens = budgetTokens
    request.format = format
    request.asOf = asOf
    return request
  }

  func run(_ asked: ContextRequest.Checked, _ store: Store) throws {
    let answer = try ContextService(store).run(asked)
    for reason in answer.unread { complain(reason) }
    switch asked.format {
    case .json: try standardOutput.write(answer.document.bytes)
    case .text: try standardOutput.write(answer.text)
    }
  }
}
