import ArgumentParser
import Events
import Foldlog
import Query

struct DiscoverCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "What coding tools wrote on this machine, and how much of it foldlog has.",
    discussion: """
      Looked for where the tools keep it, as their own variables say (CLAUDE_CONFIG_DIR, CODEX_HOME, \
      XDG_DATA_HOME, …). Nothing is changed.

        foldlog discover                        what there is
        foldlog ingest --discovered             take all of it in
        foldlog ingest --discovered --follow    and what comes
      """)

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"),
    completion: .list(TextFormat.allCases.map(\.rawValue)))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReportRequest { ReportRequest(format: format) }

  func run(_ asked: TextFormat, _ store: Store) throws {
    let stores = try DiscoverService(store).stores()
    if stores.isEmpty {
      complain(
        "none of the folders is there that coding tools write to: give `foldlog ingest` the "
          + "paths of what you have")
      throw ExitCode(FoldlogError.Code.noInput.rawValue)
    }
    if asked == .json {
      let document = JSONDocument.object([("stores", .list(stores.map(\.document)))])
      return try standardOutput.write(document.bytes)
    }
    var grid = TextGrid([
      .init("tool"), .init("files", isNumber: true), .init("bytes", isNumber: true),
      .init("in the log", isNumber: true), .init("to take", isNumber: true),
      .init("other files", isNumber: true), .init("oldest"), .init("newest"), .init("kept for"),
      .init("read"), .init("folder"),
    ])
    for store in stores {
      grid.append([
        store.tool, HumanNumbers.grouped(store.files), HumanNumbers.bytes(store.bytes),
        HumanNumbers.grouped(store.complete), HumanNumbers.bytes(store.leftBytes),
        HumanNumbers.bytes(store.otherBytes),
        store.oldest.map(Self.date) ?? "–",
        store.newest.map(Self.date) ?? "–", store.keepsDays.map { "\($0) days" } ?? "ever",
        store.isRead ? "yes" : store.files > 0 ? "kept only" : "no", store.folder,
      ])
    }
    for line in grid.lines(Terminal.style) { try standardOutput.writeLine(line) }
    if stores.contains(where: { $0.complete < $0.files }) {
      try standardOutput.writeLine(
        "\n`foldlog ingest --discovered` takes in what is not in the log.")
    }
  }

  private static func date(_ time: Timestamp) -> String { String("\(time)".prefix(10)) }
}

struct DoctorCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "What you should mend: files about to be deleted, views that lag, a full disk.",
    discussion: """
      Ends with 0 when there is nothing to mend, and with 65 otherwise. Nothing is changed.
      """)

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"),
    completion: .list(TextFormat.allCases.map(\.rawValue)))
  var format = TextFormat.text.rawValue

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReportRequest { ReportRequest(format: format) }

  func run(_ asked: TextFormat, _ store: Store) throws {
    let findings = try DoctorService(store).findings()
    if asked == .json {
      let document = JSONDocument.object([("findings", .list(findings.map(\.document)))])
      try standardOutput.write(document.bytes)
      if findings.isEmpty { return }
      throw ExitCode(FoldlogError.Code.badData.rawValue)
    }
    if findings.isEmpty {
      try standardOutput.writeLine("Nothing to mend.")
      return
    }
    for finding in findings {
      try standardOutput.writeLine("\(finding.name): \(finding.what)")
      try standardOutput.writeLine("    \(finding.remedy)")
    }
    throw ExitCode(FoldlogError.Code.badData.rawValue)
  }
}
