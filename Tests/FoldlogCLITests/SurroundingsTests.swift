import TestSupport
import Testing

/// What a process may see beside its input.
struct Surrounding: CustomStringConvertible {
  var variables: [String] = []
  /// The command that runs another; empty for none.
  var runner: [String] = []
  /// A command that shows whether it is really so: a zone or a locale that is not installed is as
  /// good as none.
  var probe: [String] = []

  var description: String { (variables + runner).joined(separator: " ") }

  func run(_ command: [String], data: String = "") throws -> ChildResult {
    let words = runner + command
    return try TestSupport.run(
      words[0], Array(words.dropFirst()), variables: variables + ["FOLDLOG_DATA=\(data)"])
  }

  func isSeen() -> Bool {
    if probe.isEmpty { return true }
    let usual = Surrounding(variables: ["TZ=UTC", "LC_ALL=C"])
    guard let seen = try? run(probe), seen.status == 0 else { return false }
    return seen.output != (try? usual.run(probe).output)
  }

  static func threads(_ count: Int) -> Surrounding {
    Surrounding(variables: ["FOLDLOG_THREADS=\(count)"])
  }

  /// Each process hashes with a seed of its own unless it is told otherwise.
  static func hashing(isFixed: Bool) -> Surrounding {
    Surrounding(variables: isFixed ? ["SWIFT_DETERMINISTIC_HASHING=1"] : [])
  }

  static func zone(_ name: String) -> Surrounding {
    Surrounding(variables: ["TZ=\(name)"], probe: ["date", "+%z"])
  }

  static func locale(_ name: String) -> Surrounding {
    Surrounding(
      variables: ["LC_ALL=\(name)", "LOCPATH=\(packageRoot)/.build/locales"],
      probe: ["locale", "decimal_point"])
  }

  static func clock(_ shift: String) -> Surrounding {
    Surrounding(runner: ["faketime", "-f", shift], probe: ["date", "+%Y"])
  }

  static let zones = [zone("Pacific/Kiritimati"), zone("America/St_Johns")]
  static let locales = [locale("tr_TR.UTF-8"), locale("de_DE.UTF-8")]
  static let clocks = [clock("-1y"), clock("+1y")]
}

/// Digests are the same whatever surrounds the fold.
@Suite struct SurroundingsTests {
  private static let seed: UInt64 = 17
  private static let lineCount = 2_000

  private let session: Session
  private let input: String
  private let lines: [Substring]
  /// Those of the first fold of all lines, by view.
  private let expected: [Substring]

  init() throws {
    session = try Session()
    let workload = try run(
      "python3", ["\(packageRoot)/tools/workload", "\(Self.lineCount)", "--seed", "\(Self.seed)"])
    input = try session.directory.write("all.jsonl", workload.output)
    lines = workload.output.split(separator: "\n")
    try #require(lines.count == Self.lineCount, "\(workload.errors)")
    try session.foldlog("ingest", input)
    expected = try Self.digests(session)
    try #require(expected.count == 5)
  }

  /// View, events and digest, as the status shows them.
  private static func digests(_ session: Session) throws -> [Substring] {
    let status = try session.foldlog("status")
    #expect(status.status == 0, "\(status.errors)")
    let views = ["values", "correlations", "errors", "datasets", "deployments"]
    return status.output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard words.count > 4, views.contains(String(words[0])) else { return nil }
      #expect(words[2] == "0" && words.last == "live", "\(line)")
      return "\(words[0]) \(words[1]) \(words[4])"
    }
  }

  /// Builds the views of a copy of the log from nothing.
  private func expectSameReplay(in surrounding: Surrounding) throws {
    try #require(surrounding.isSeen(), "\(surrounding) is not to be had")
    let copy = try Session()
    let data = copy.directory.file("data")
    try copy.directory.makeFolder("data")
    #expect(try run("cp", ["-r", session.directory.file("data/log"), "\(data)/log"]).status == 0)
    let replay = try surrounding.run([foldlogBinary, "replay"], data: data)
    #expect(replay.status == 0, "\(surrounding): \(replay.errors)")
    #expect(try Self.digests(copy) == expected, "\(surrounding)")
  }

  @Test func `every view has rows to tell`() throws {
    for table in ["values", "correlations", "errors", "datasets", "datasets/pairs", "deployments"] {
      let rows = try session.foldlog("query", table, "--format", "jsonl").output
      #expect(rows.split(separator: "\n").count > 1, "\(table)")
    }
    for stream in ["ralph", "aidb", "hybrid", "editor"] {
      #expect(lines.contains { $0.contains("\"stream\": \"\(stream)\"") }, "\(stream)")
    }
  }

  @Test func `threads, seeds of hashing and time zones`() throws {
    for count in [1, 2, 7] { try expectSameReplay(in: .threads(count)) }
    for isFixed in [true, false, false] { try expectSameReplay(in: .hashing(isFixed: isFixed)) }
    for zone in Surrounding.zones { try expectSameReplay(in: zone) }
  }

  @Test(.enabled(if: Surrounding.locales.allSatisfy { $0.isSeen() }, "tools/setup --tests"))
  func `locales`() throws {
    for locale in Surrounding.locales { try expectSameReplay(in: locale) }
  }

  @Test(.enabled(if: Surrounding.clocks.allSatisfy { $0.isSeen() }, "tools/setup --tests"))
  func `a clock a year back and a year forth`() throws {
    for clock in Surrounding.clocks { try expectSameReplay(in: clock) }
  }

  // MARK: Cuts and restarts

  @Test func `lines that come at once, and are folded later`() throws {
    let other = try Session()
    #expect(try other.foldlog("ingest", "--no-project", input).status == 0)
    #expect(try other.foldlog("project").status == 0)
    #expect(try Self.digests(other) == expected)
  }

  @Test(arguments: [3, 12])
  func `a file that grows, folded now and then by other processes with other checkpoints`(
    pieces: Int
  ) throws {
    var random = SeededRandom(seed: Self.seed + UInt64(pieces))
    let other = try Session()
    let ends = (1..<pieces).map { _ in Int.random(in: 0...lines.count, using: &random) }.sorted()
    try other.directory.makeFolder("data")
    var taken = 0
    for end in ends + [lines.count] {
      let text = lines[..<end].map { "\($0)\n" }.joined()
      let path = try other.directory.write("growing.jsonl", text)
      let interval = Int.random(in: 1...700, using: &random)
      try other.directory.write(
        "data/foldlog.toml", "[views]\ncheckpoint_events = \(interval)\n")
      let surrounding = mixed(&random)
      func foldlog(_ arguments: String...) throws -> ChildResult {
        try surrounding.run([foldlogBinary] + arguments, data: other.directory.file("data"))
      }
      let result = try foldlog("ingest", path, "--no-project")
      #expect(result.output.hasPrefix("\(counted(end - taken)): "), "\(result)")
      if end == lines.count || Int.random(in: 0..<3, using: &random) > 0 {
        #expect(try foldlog("project").status == 0)
      }
      taken = end
    }
    #expect(try Self.digests(other) == expected, "seed \(random.seed)")
    #expect(try other.foldlog("verify").status == 0)
  }

  /// Something of everything that is to be had.
  private func mixed(_ random: inout SeededRandom) -> Surrounding {
    let choices = [
      [.threads(1), .threads(2), .threads(7)], Surrounding.zones, Surrounding.locales,
      Surrounding.clocks.filter { $0.isSeen() },
    ]
    return choices.reduce(into: Surrounding()) { mixed, choices in
      guard let choice = choices.randomElement(using: &random) else { return }
      mixed.variables += choice.variables
      mixed.runner += choice.runner
    }
  }

  /// As `ingest` counts lines.
  private func counted(_ lines: Int) -> String {
    lines >= 1_000
      ? "\(lines / 1_000),\(String(lines % 1_000 + 1_000).dropFirst()) lines"
      : "\(lines) line\(lines == 1 ? "" : "s")"
  }
}
