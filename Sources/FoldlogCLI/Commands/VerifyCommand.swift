import ArgumentParser
import Foldlog
import Query

struct VerifyCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the log, then fold every view again from zero and compare.",
    discussion: """
      Three digests of each view must be one: that kept up as rows changed, that of the rows as \
      they lie, and that of the same events folded again in a scratch place.
      """)

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReportRequest { ReportRequest(format: format) }

  func run(_ asked: TextFormat, _ store: Store) throws {
    let log = try checkLog(store)
    if asked == .text { try standardOutput.writeLine(sentence(of: log)) }
    let bar = ProgressReporter()
    let found = Verification(
      log: log, views: try VerifyService(store).verifyViews(progress: bar.show))
    bar.finish()
    switch asked {
    case .json: try standardOutput.write(found.document.bytes)
    case .text:
      for line in found.views.flatMap(lines) { try standardOutput.writeLine(line) }
    }
    if !found.isGood { throw ExitCode(FoldlogError.Code.badData.rawValue) }
    VerifyService(store).note()
  }

  private func lines(_ verdict: ViewVerdict) -> [String] {
    let name =
      "\(verdict.view): \(HumanNumbers.grouped(verdict.checkpoint)) events, digest \(verdict.kept): "
    if verdict.isGood {
      if verdict.isOff { return [name + "good, and off: it is not folded on"] }
      return [
        name + (verdict.isCurrent ? "good" : "good, and outdated: a replay would give other rows")
      ]
    }
    if let reason = verdict.unreadable { return [name + "rows cannot be read: \(reason)"] }
    if !verdict.stateTables.isEmpty {
      return [
        name + "its rows are good, but what it folds on with is not, in "
          + verdict.stateTables.joined(separator: ", ")
          + ": `foldlog replay \(verdict.view)` builds it anew"
      ]
    }
    let rows = verdict.rows.map { "\($0)" } ?? "none"
    let refolded = verdict.refolded.map { "\($0)" } ?? "it stops"
    var lines = [name + "rows give \(rows), folded again \(refolded)"]
    if !verdict.tables.isEmpty {
      lines.append("  rows differ in \(verdict.tables.joined(separator: ", "))")
    }
    if !verdict.differences.isEmpty {
      lines.append("  from the events folded again to the rows as they lie:")
      lines += TableDifference.lines(verdict.differences, Terminal.style).map { "  \($0)" }
    }
    return lines
  }
}
