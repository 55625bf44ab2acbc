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

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var parentData: String? { parent.data }

  func run(_ foldlog: Foldlog) throws {
    var isGood = try verifyLog(foldlog)
    let bar = ProgressReporter()
    let verdicts = try foldlog.verifyViews(progress: bar.show)
    bar.finish()
    for verdict in verdicts {
      isGood = isGood && verdict.isGood
      try standardOutput.writeLine(
        "\(verdict.view): \(HumanNumbers.grouped(verdict.checkpoint)) events, digest \(verdict.kept): "
          + (verdict.isGood
            ? (verdict.isCurrent ? "good" : "good, and outdated: a replay would give other rows")
            : "rows give \(verdict.rows), folded again \(verdict.refolded.map { "\($0)" } ?? "it stops")")
      )
    }
    if !isGood { throw ExitCode(FoldlogError.Code.badData.rawValue) }
  }
}
