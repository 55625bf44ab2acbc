import ArgumentParser
import Foldlog

/// `foldlog settings`: what `foldlog.toml` can set, as it is declared.
struct SettingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settings",
    abstract: "What foldlog.toml can set: defaults, bounds, a sentence each.",
    discussion: """
      Prints a foldlog.toml that sets everything to its default. It stands in the data directory; \
      what it does not name has its default. With NAME: a section with all that are in it, or one \
      setting.

        foldlog settings > foldlog.toml     a file to begin with
        foldlog settings values             what counts in scores
        foldlog settings --format json      for programs
      """)

  @Argument(
    help: ArgumentHelp("A section, or a setting.", valueName: "name"),
    completion: .list((try? SettingsPage().names) ?? []))
  var name: String?

  @Option(
    help: ArgumentHelp("toml, json or markdown.", valueName: "format"),
    completion: .list(["toml", "json", "markdown"]))
  var format = "toml"

  func run() throws {
    try answering {
      let page = try SettingsPage(name)
      switch format {
      case "toml": try standardOutput.write(page.toml)
      case "json": try standardOutput.write(page.json)
      case "markdown": try standardOutput.write(page.markdown)
      default:
        throw FoldlogError(.usage, "--format is toml, json or markdown, not `\(format)`")
      }
    }
  }
}
