import ArgumentParser
import Bytes
import Effects
internal import Events
import Foldlog
import Query
import Views

struct StatusCommand: FoldlogSubcommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "What is in the log, where it came from, and how far each view is.",
    discussion: """
      Of more than \(sourcesMax) sources those are listed that need a look, and the newest, behind a \
      table of all by the format of their lines.

        foldlog status --sources       every source
        foldlog status --format json   all of it, for a script
      """)

  @Option(
    help: ArgumentHelp("text or json.", valueName: "format"), completion: .list(["text", "json"]))
  var format = TextFormat.text.rawValue

  @Flag(help: "List every source, however many there are.")
  var sources = false

  @OptionGroup var location: LocationOptions
  @ParentCommand var parent: FoldlogCommand
  var root: FoldlogCommand { parent }

  var request: ReportRequest { ReportRequest(format: format) }

  func run(_ asked: TextFormat, _ store: Store) throws {
    let status = try StatusService(store).status()
    if asked == .json { return try standardOutput.write(status.document.bytes) }
    try write([logBlock(status)].flatMap { $0.lines(Terminal.style) })
    try write(sourceCounts(status))
    try write(sourceRows(status))
    try write(addresses(status.addresses))
    try write(views(status))
    try write(builds(status))
    try write(react(status.react))
    try write(files(status.usage))
    try write(oddities(status))
  }

  private func write(_ lines: [String]) throws {
    for line in lines { try standardOutput.writeLine(line) }
    if !lines.isEmpty { try standardOutput.writeLine("") }
  }

  private func logBlock(_ status: Status) -> KeyValueBlock {
    let ratio = Double(status.rawSize) / Double(max(1, status.storedSize))
    let tenths = Int((ratio * 10).rounded())
    var block = KeyValueBlock()
    block.append("data", status.path)
    block.append("events", HumanNumbers.grouped(status.events))
    block.append("head", "\(status.head)")
    block.append(
      "bytes",
      "\(HumanNumbers.bytes(status.rawSize)) in \(HumanNumbers.bytes(status.storedSize)) "
        + "(\(tenths / 10).\(tenths % 10) to 1), \(HumanNumbers.counted(status.blocks, "block"))")
    let retried = status.retried > 0 ? ", \(status.retried) of them taken by a retry" : ""
    block.append("quarantine", "\(HumanNumbers.counted(status.quarantined, "line"))\(retried)")
    return block
  }

  /// All sources by the format of their lines, where they are too many to read.
  private func sourceCounts(_ status: Status) -> [String] {
    if status.sources.count <= Self.sourcesMax { return [] }
    var grid = TextGrid([
      .init("format"), .init("sources", isNumber: true), .init("bytes", isNumber: true),
      .init("events", isNumber: true), .init("quarantined", isNumber: true),
    ])
    for (format, sources) in Dictionary(grouping: status.sources, by: \.format).sorted(by: {
      ($1.value.count, $0.key) < ($0.value.count, $1.key)
    }) {
      grid.append([
        format, HumanNumbers.grouped(sources.count),
        HumanNumbers.bytes(sources.reduce(0) { $0 + $1.position }),
        HumanNumbers.grouped(sources.reduce(0) { $0 + $1.events }),
        HumanNumbers.grouped(sources.reduce(0) { $0 + $1.quarantined }),
      ])
    }
    return grid.lines(Terminal.style)
  }

  private static let sourcesMax = 10

  /// The sources to look at: of many those with refused lines, the most of them first, and then the
  /// newest.
  private func sourcesShown(_ status: Status) -> [Status.Source] {
    if sources || status.sources.count <= Self.sourcesMax { return status.sources }
    let troubled = status.sources.filter { $0.quarantined > 0 }.sorted {
      ($1.quarantined, $1.id) < ($0.quarantined, $0.id)
    }.prefix(Self.sourcesMax / 2)
    let names = Set(troubled.map(\.id))
    let newest = status.sources.filter { !names.contains($0.id) }.suffix(
      Self.sourcesMax - troubled.count)
    return troubled + newest.reversed()
  }

  private func sourceRows(_ status: Status) -> [String] {
    if status.sources.isEmpty { return [] }
    let shown = sourcesShown(status)
    var grid = TextGrid([
      .init("source"), .init("position", isNumber: true), .init("events", isNumber: true),
      .init("quarantined", isNumber: true), .init("generation", isNumber: true), .init("path"),
    ])
    for source in shown {
      grid.append([
        "\(source.id)", HumanNumbers.grouped(source.position), HumanNumbers.grouped(source.events),
        HumanNumbers.grouped(source.quarantined), "\(source.generation)", source.path,
      ])
    }
    let left = status.sources.count - shown.count
    if left == 0 { return grid.lines(Terminal.style) }
    return grid.lines(Terminal.style) + [
      "and \(HumanNumbers.counted(left, "more source")): `foldlog status --sources` lists all"
    ]
  }

  /// Files of servers: what is here of them, and what came of asking for them last.
  private func addresses(_ addresses: [Status.Address]) -> [String] {
    if addresses.isEmpty { return [] }
    var grid = TextGrid([
      .init("address"), .init("source"), .init("bytes", isNumber: true),
      .init("taken", isNumber: true), .init("version"), .init("asked"), .init("state"),
    ])
    for address in addresses {
      let file = address.file
      let part = file.part.map { "\(HumanNumbers.grouped($0)) bytes of the next one are here" }
      grid.append([
        shownText(file.shown), shownText(file.source ?? "–"),
        file.size.map(HumanNumbers.grouped) ?? "–", HumanNumbers.grouped(address.position),
        shownText(file.version ?? "not told"), "\(file.askedAt)",
        shownText(file.error ?? part ?? "up to date then"),
      ])
    }
    return grid.lines(Terminal.style)
  }

  private func views(_ status: Status) -> [String] {
    if status.views.isEmpty { return ["views: none yet; `foldlog project` builds them"] }
    var grid = TextGrid([
      .init("view"), .init("events", isNumber: true), .init("lag", isNumber: true),
      .init("version", isNumber: true), .init("digest"), .init("build"), .init("state"),
    ])
    for view in status.views {
      grid.append([
        view.name, HumanNumbers.grouped(view.checkpoint), HumanNumbers.grouped(view.lag),
        "\(view.version)", "\(view.digest)", view.build, state(of: view),
      ])
    }
    return grid.lines(Terminal.style)
  }

  private func state(of view: Status.View) -> String {
    switch view.state {
    case "stopped": "stopped at event \(view.checkpoint): \(view.stopped ?? "")"
    case "outdated": "outdated: `foldlog replay \(view.name)`"
    case let state: state
    }
  }

  /// What the files take, and who has pages of them stay that hold nothing any more.
  private func files(_ usage: StorageUsage) -> [String] {
    var grid = TextGrid([
      .init("file"), .init("bytes", isNumber: true), .init("free", isNumber: true),
      .init("held by readers", isNumber: true),
    ])
    for file in usage.files {
      grid.append([
        file.name, HumanNumbers.bytes(file.size), HumanNumbers.bytes(file.free),
        HumanNumbers.bytes(file.held),
      ])
    }
    if usage.readers.isEmpty { return grid.lines(Terminal.style) }
    var readers = TextGrid([
      .init("reader of before"), .init("file"), .init("commits since", isNumber: true),
      .init("holds", isNumber: true),
    ])
    for reader in usage.readers {
      let name = reader.name.map { " (\($0)\(reader.isStopped ? ", stopped" : ""))" } ?? ""
      readers.append([
        reader.process.map { "process \($0)\(name)" } ?? "a process of another container",
        reader.file, HumanNumbers.grouped(reader.commits), HumanNumbers.bytes(reader.held),
      ])
    }
    return grid.lines(Terminal.style) + [""] + readers.lines(Terminal.style)
  }

  /// What is rebuilt, kept and passed over.
  private func builds(_ status: Status) -> [String] {
    let rebuilds = status.rebuilds.map { rebuild in
      "rebuilding \(rebuild.views.joined(separator: ", ")): \(progress(rebuild))"
    }
    let kept = status.kept.map { kept in
      "kept as @\(kept.name): \(kept.views.joined(separator: ", ")), "
        + "\(HumanNumbers.grouped(kept.checkpoint)) events"
    }
    let skips = status.skips.map { skip in
      "passed over in \(skip.view): "
        + HumanNumbers.counted(skip.offsets.count, "event") + " ("
        + skip.offsets.map { "\($0)" }.joined(separator: ", ") + ")"
    }
    let settings =
      status.hasUnwrittenSettings
      ? ["foldlog.toml cannot be written: the settings of the last switch count all the same"] : []
    return rebuilds + kept + skips + settings
  }

  /// What is wanted of others, where anything is, or was today.
  private func react(_ react: Status.React) -> [String] {
    let servers = react.resting.map { rest in
      "server \(shownText(rest.place)) (\(shownText(rest.kind))): \(shownText(rest.sentence(at: react.time)))"
    }
    if react.waiting + react.givenUp + react.callsToday == 0 { return servers }
    let tried =
      react.tried > 0 ? ", \(HumanNumbers.grouped(react.tried)) of them tried in vain" : ""
    let givenUp =
      react.givenUp > 0
      ? ", \(HumanNumbers.grouped(react.givenUp)) given up (`foldlog react --again`)" : ""
    return [
      "react: \(HumanNumbers.counted(react.waiting, "want")) waiting\(tried)\(givenUp); today "
        + "\(HumanNumbers.grouped(react.callsToday)) of \(HumanNumbers.grouped(react.callsMost)) calls, "
        + "\(react.costToday) of \(react.costMost) USD"
    ] + servers
  }

  /// What takes an interrupted rebuild up.
  private func command(_ rebuild: Status.Rebuild) -> String {
    let isAll = rebuild.views == ProjectorCatalogue.builtIn.views
    let views = isAll ? "" : " " + rebuild.views.joined(separator: " ")
    let keep = rebuild.name.isEmpty ? "" : " --what-if FILE --keep \(rebuild.name)"
    return "foldlog replay\(views)\(keep)"
  }

  private func progress(_ rebuild: Status.Rebuild) -> String {
    let counts =
      "\(HumanNumbers.grouped(rebuild.done)) of \(HumanNumbers.grouped(rebuild.total)) events"
    guard rebuild.isRunning else {
      return counts + ", interrupted: `\(command(rebuild))` goes on with it"
    }
    let rate = Double(rebuild.folded) / max(rebuild.elapsedSeconds, 1e-9)
    guard rate >= 1 else { return counts }
    let left = Double(rebuild.total - min(rebuild.total, rebuild.done)) / rate
    return counts + ", \(HumanNumbers.grouped(UInt64(rate))) events/s, "
      + "\(HumanNumbers.duration(seconds: left)) left"
  }

  private func oddities(_ status: Status) -> [String] {
    var lines: [String] = []
    if !status.unknownKinds.isEmpty {
      var grid = TextGrid([
        .init("unknown kind"), .init("stream"), .init("events", isNumber: true),
      ])
      for kind in status.unknownKinds {
        grid.append([kind.kind, kind.stream, HumanNumbers.grouped(kind.count)])
      }
      lines += grid.lines(Terminal.style)
    }
    let typed = status.mismatches.filter { $0.source == nil }
    for (title, fields) in [
      ("field of a wrong type or range", typed.filter { !$0.isMissing }),
      ("field that is needed and missing", typed.filter(\.isMissing)),
    ] where !fields.isEmpty {
      var grid = TextGrid([
        .init(title), .init("kind"), .init("events", isNumber: true),
        .init("first", isNumber: true),
      ])
      for mismatch in fields {
        grid.append([
          mismatch.field, mismatch.kind, HumanNumbers.grouped(mismatch.count),
          mismatch.firstOffset.map { "\($0)" } ?? "",
        ])
      }
      if !lines.isEmpty { lines.append("") }
      lines += grid.lines(Terminal.style)
    }
    let times = status.mismatches.filter { $0.source != nil }
    if !times.isEmpty {
      var grid = TextGrid([
        .init("time that cannot be read"), .init("kind"), .init("source"),
        .init("events", isNumber: true),
      ])
      for time in times {
        grid.append([
          time.field, time.kind, "\(time.source ?? 0)", HumanNumbers.grouped(time.count),
        ])
      }
      if !lines.isEmpty { lines.append("") }
      lines += grid.lines(Terminal.style)
    }
    return lines
  }
}
