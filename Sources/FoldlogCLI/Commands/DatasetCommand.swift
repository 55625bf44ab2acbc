import ArgumentParser
import Foldlog
import Query

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset",
    abstract: "Training files from what was worth learning from.",
    subcommands: [DatasetExportCommand.self])

  @ParentCommand var parent: FoldlogCommand
}

struct DatasetExportCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a training file: the same log gives the same bytes.",
    discussion: """
      One JSON object a line: openai {"messages"}, chatml {"text"}, sharegpt {"conversations"}, \
      alpaca {"instruction","input","output"} of examples; dpo {"prompt","chosen","rejected"}, kto \
      {"prompt","completion","label"} of preference pairs; examples and pairs are the rows of the \
      view themselves, as tools/parquet takes them. Secrets and personal data are masked, \
      and counted. With --out a manifest is written beside the file, as FILE.manifest.json: what \
      part of the log it comes from, under which settings, its counts and its SHA-256.

        foldlog dataset export --format openai --split train --out train.jsonl
        foldlog dataset export --format dpo > pairs.jsonl
      """)

  @Option(
    help: ArgumentHelp(
      "\(DatasetRequest.formats.joined(separator: ", ")).", valueName: "format"),
    completion: .list(DatasetRequest.formats))
  var format: String

  @Option(
    help: ArgumentHelp(
      "Only this split: \(DatasetRequest.splits.joined(separator: ", ")).", valueName: "split"),
    completion: .list(DatasetRequest.splits))
  var split: String?

  @Option(
    help: ArgumentHelp(
      "Only what has at least this score, 0 to 1; of pairs, the chosen answer, if it has one.",
      valueName: "score"))
  var minScore: String?

  @Option(
    help: ArgumentHelp(
      """
      Only what rests on at least this, weak to strong: \
      \(DatasetRequest.bases.joined(separator: ", ")); \(DatasetRequest.basisByDefault) by default.
      """,
      valueName: "basis"),
    completion: .list(DatasetRequest.bases))
  var minBasis: String?

  @Option(
    help: ArgumentHelp(
      """
      At most so many examples of each domain, those with the greatest scores: datasets/domains \
      tells how they are spread.
      """,
      valueName: "count"))
  var perDomain: String?

  @Option(
    help: ArgumentHelp(
      "The file, whole or not at all, and for this user alone; `-`, and by default: standard output.",
      valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: DatasetCommand
  var root: FoldlogCommand { parent.parent }

  var request: DatasetRequest {
    var request = DatasetRequest(format: format)
    request.split = split
    request.minScore = minScore
    request.minBasis = minBasis
    request.perDomain = perDomain
    request.out = out
    return request
  }

  func run(_ asked: DatasetRequest.Checked, _ store: Store) throws {
    let service = DatasetService(store)
    if let file = asked.file {
      return complain(summary(try service.export(asked, toFile: file)))
    }
    let exported = try standardOutput.settingAside {
      try service.export(asked) { try standardOutput.write($0) }
    }
    complain(summary(exported))
  }

  private func summary(_ exported: ExportedDataset) -> String {
    let masked = exported.masked.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    var summary =
      "\(HumanNumbers.grouped(exported.rows)) rows in \(HumanNumbers.grouped(exported.lines)) lines, "
      + "\(HumanNumbers.bytes(exported.bytes)); masked: \(masked.isEmpty ? "nothing" : masked)"
    if ["dpo", "kto", "pairs"].contains(format), exported.droppedPairs > 0 {
      summary += "; \(exported.droppedPairs) pairs dropped: their sides are in different splits"
    }
    if exported.rows == 0 { summary += "; \(absence(exported))" }
    return summary
  }

  /// Why there is nothing in a file.
  private func absence(_ exported: ExportedDataset) -> String {
    if exported.refused.isEmpty {
      return
        (["nothing to train on yet: see `foldlog query datasets/readiness`"]
        + exported.absence).joined(separator: "; ")
    }
    return "all that is there was left out: " + exported.refused.joined(separator: ", ")
  }
}
