import ArgumentParser
import Foldlog
import Query

struct CompactCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "compact",
    abstract: "Give the free pages of the log and the views back to the system.",
    discussion: """
      Pages that hold nothing any more are used again, so files need this only after something \
      large is gone: a reader that was stopped for long, a rebuilt view, many small batches. \
      `foldlog status` says how much is free, and who holds how much.

      Views are compacted whoever reads or follows. The log and the catalogue of the views are left \
      as they are while another process has them open, which is named; who opens them while they \
      are copied waits for that.
      """)

  @Flag(
    help:
      "Also discard the builds before the live ones: `foldlog replay --rollback` has no way back then."
  )
  var dropPrevious = false

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: CompactRequest {
    var request = CompactRequest()
    request.isDroppingPrevious = dropPrevious
    request.format = format
    return request
  }

  func run(_ asked: CompactRequest.Checked, _ store: Store) throws {
    let report = try CompactService(store).compact(asked)
    switch asked.format {
    case .json: try standardOutput.write(report.document.bytes)
    case .text: try write(report)
    }
    for part in report.leftOut {
      complain("\(part.name) is left as it is: \(part.reason)")
    }
  }

  private func write(_ report: CompactReport) throws {
    var grid = TextGrid([
      .init("file"), .init("before", isNumber: true), .init("after", isNumber: true),
      .init("is now"),
    ])
    for file in report.files {
      grid.append([
        file.name, HumanNumbers.bytes(file.sizeBefore), HumanNumbers.bytes(file.sizeAfter),
        file.newName ?? file.name,
      ])
    }
    for line in grid.lines(Terminal.style) { try standardOutput.writeLine(line) }
    for name in report.dropped { try standardOutput.writeLine("dropped: \(name)") }
  }
}
