import ArgumentParser
import Foldlog
import Query

/// `foldlog audit`: what this program did.
struct AuditCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "What foldlog did that no event tells of: exports, skips, replays and the like.",
    discussion: """
      Each export, of the log, of training files, of skills or of the quarantine, leaves a receipt beside \
      the log, and so does what changes which builds serve: when it was, by which command, how many rows, \
      where to, and up to which event. The log itself is not changed by it. Notes, alerts that were \
      noted, and what `foldlog react` did are events: `foldlog log show --stream foldlog`.

        foldlog audit --limit 20
        foldlog audit --format json
      """)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("At most this many, the last ones.", valueName: "n"))
  var limit: Int?

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = "text"

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: AuditRequest {
    var request = AuditRequest()
    request.limit = limit
    request.format = format
    return request
  }

  func run(_ asked: AuditRequest.Checked, _ store: Store) throws {
    let entries = try AuditService(store).entries(asked)
    if asked.format == .json { return try standardOutput.write(entries.document.bytes) }
    var grid = TextGrid([
      .init("when"), .init("command"), .init("of"), .init("rows", isNumber: true), .init("to"),
      .init("last event", isNumber: true), .init("whole"),
    ])
    for entry in entries {
      let rows: String = entry.rows.map { HumanNumbers.grouped($0) } ?? "–"
      let target: String = entry.target.map { shownText($0) } ?? "–"
      let offset: String = entry.offset.map { "\($0)" } ?? "–"
      grid.append([
        "\(entry.time)", entry.command, shownText(entry.subject), rows, target, offset,
        entry.isWhole ? "yes" : "broke off",
      ])
    }
    for line in grid.lines(Terminal.style) { try standardOutput.writeLine(line) }
    if entries.isEmpty { complain("nothing was exported, skipped, replayed or compacted yet") }
  }
}
