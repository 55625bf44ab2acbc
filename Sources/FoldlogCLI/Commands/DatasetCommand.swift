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
      Secrets and personal data are masked, and counted. With --out a manifest is written beside \
      the file: what part of the log it comes from, under which settings, and its SHA-256.

        foldlog dataset export --format openai --split train --out train.jsonl
        foldlog dataset export --format dpo > pairs.jsonl
      """)

  @Option(
    help: ArgumentHelp(
      "\(Foldlog.datasetFormats.joined(separator: ", ")).", valueName: "format"),
    completion: .list(Foldlog.datasetFormats))
  var format: String

  @Option(
    help: ArgumentHelp(
      "Only this split: \(Foldlog.datasetSplits.joined(separator: ", ")).", valueName: "split"),
    completion: .list(Foldlog.datasetSplits))
  var split: String?

  @Option(help: ArgumentHelp("Only what has at least this score.", valueName: "score"))
  var minScore: String?

  @Option(
    help: ArgumentHelp("The file; default: standard output.", valueName: "file"),
    completion: .file())
  var out: String?

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: DatasetCommand
  var parentData: String? { parent.parent.data }

  func run(_ foldlog: Foldlog) throws {
    let exported =
      if let out {
        try write(foldlog, to: out)
      } else {
        try standardOutput.settingAside {
          try export(foldlog, name: "standard output") { try standardOutput.write($0) }
        }
      }
    let masked = exported.masked.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
    complain(
      "\(HumanNumbers.grouped(exported.rows)) rows in \(HumanNumbers.grouped(exported.lines)) lines, "
        + "\(HumanNumbers.bytes(exported.bytes)); masked: \(masked.isEmpty ? "nothing" : masked)")
  }

  private func export(
    _ foldlog: Foldlog, name: String, to sink: @escaping ([UInt8]) throws -> Void
  ) throws -> ExportedDataset {
    try foldlog.exportDataset(
      format: format, split: split, minScore: minScore, name: name, to: sink)
  }

  private func write(_ foldlog: Foldlog, to path: String) throws -> ExportedDataset {
    var exported: ExportedDataset?
    let name = path.split(separator: "/").last.map(String.init) ?? path
    try foldlog.writeFile(path) { sink in
      exported = try export(foldlog, name: name, to: sink)
    }
    guard let exported else { throw FoldlogError(.inputOutput, "\(path): nothing was written") }
    try foldlog.writeFile("\(path).manifest.json") { sink in try sink(exported.manifest) }
    return exported
  }
}
