import ErrorsProjector
import Events
import Facts
import TestSupport
import Testing
import Views

/// Files are read one after the other, in any order: what happened is told by the times of the lines.
@Suite struct OrderTests {
  private let message: FieldValue = "error[E0382]: borrow of moved value: `order`"

  /// A line of a file: what it says, when, and of which task.
  private struct Line {
    var says: String
    var seconds: Int64
    var task = "t"
    var source: SourceID = 1
    var isTimeInferred = false
  }

  /// E an error, P a pass of the command, T the task completed, R<fix> a report of a fix, F<fix> one
  /// that failed, A<command> something that changes.
  private func event(_ line: Line, _ offset: Offset) -> Event {
    var fields: [Field: FieldValue] = [
      .sessionID: .text("session of \(line.task)"), .interactionID: .text(line.task),
    ]
    var kind = "step_completed"
    let rest = String(line.says.dropFirst())
    switch line.says.first {
    case "E":
      (fields[.command], fields[.exitCode]) = ("make", 1)
      fields[.errorMessage] = rest.isEmpty ? message : .text("\(rest) is not there")
    case "P": (fields[.command], fields[.exitCode]) = ("make", 0)
    case "A": (fields[.command], fields[.exitCode]) = (.text("npm install \(rest)"), 0)
    case "T": kind = "task_completed"
    default:
      kind = "error_resolved"
      (fields[.errorMessage], fields[.fix]) = (message, .text(rest))
      if line.says.first == "F" { fields[.success] = false }
    }
    let event = TestSupport.event(
      offset, kind, stream: .ralph, isTimeInferred: line.isTimeInferred, fields)
    var envelope = event.envelope
    envelope.time = Timestamp(nanoseconds: (1_767_225_600 + line.seconds) * 1_000_000_000)
    envelope.source = line.source
    return Event(event.id, envelope: envelope, fields: event.fields)
  }

  /// What a log of the lines has of errors and of fixes, but for offsets.
  private func told(_ lines: [Line]) throws -> [[Cell?]] {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    for (offset, line) in lines.enumerated() {
      let event = event(line, Offset(offset))
      // As the interactions step calls what agrees with the line before it.
      let isSaidAgain = lines[..<offset].contains { $0.says == line.says && $0.task == line.task }
      try spec.given([event], repeats: isSaidAgain ? [Repeat(of: event.id)] : [])
    }
    let patterns = try spec.rows().map { row in
      ["template", "count", "unresolved", "successes", "attempts"].map { row[$0] }
    }
    let fixes = try spec.rows("errors/fixes").map { row in
      ["fix", "attempts", "successes", "failures", "seconds_to_fix", "sessions"].map { row[$0] }
    }
    return patterns.sorted { "\($0)" < "\($1)" } + fixes.sorted { "\($0)" < "\($1)" }
  }

  private func lines(_ text: String, source: SourceID = 1) -> [Line] {
    text.split(separator: " ").map { word in
      let parts = word.split(separator: "@")
      return Line(
        says: String(parts[0]), seconds: Int64(parts[1]) ?? 0, source: source,
        isTimeInferred: parts[1] == "none")
    }
  }

  private func permutations<Element>(_ all: [Element]) -> [[Element]] {
    if all.isEmpty { return [[]] }
    return all.indices.flatMap { index in
      var rest = all
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
  }

  private let template = Cell.text("error[E0382]: borrow of moved value: <*>")

  private func count(_ files: [[Line]]) throws -> [Cell?] {
    try told(files.flatMap(\.self)).first.map { [$0[1], $0[2]] } ?? []
  }

  @Test(arguments: [
    "E@5 E@1 E@3", "E@1 E@3 E@5", "E@3 E@5 E@1", "E@1 E@1 E@1", "E@none E@none E@none",
    "E@none E@1 E@none", "E@1 E@none E@1",
  ])
  func `lines of one writer are failures of their own, in any order`(text: String) throws {
    #expect(try count([lines(text)]) == [.integer(3), .integer(3)])
  }

  @Test(
    arguments: [
      (["E@0 E@10", "E@5 E@15"], 4), (["E@5 E@15", "E@0 E@10"], 4), (["E@0 E@10", "E@0 E@10"], 2),
      (["E@0", "E@1", "E@2"], 2), (["E@2", "E@1", "E@0"], 2), (["E@1", "E@0", "E@2"], 2),
      (["E@0 E@1", "E@1 E@2"], 2), (["E@none E@none", "E@none"], 2), (["E@none E@5", "E@5"], 2),
      (["E@5", "E@none E@5"], 2), (["E@15 E@16 E@17 E@18", "E@15 E@16 E@17 E@18"], 4),
      (["Ea@0 Eb@1", "Ea@0 Eb@1"], 2),
    ] as [([String], Int64)])
  func `a copy is another writer's line of the same moment`(texts: [String], failures: Int64) throws
  {
    let files = texts.enumerated().map { lines($1, source: SourceID($0 + 1)) }
    for files in permutations(files) {
      let all = try told(files.flatMap(\.self))
      let counts = all.filter { $0.count == 5 }.map { $0[1] }
      #expect(counts.reduce(0) { $0 + (($1 ?? .null).integer ?? 0) } == failures)
    }
  }

  @Test func `a report mends no error that happened after it`() throws {
    let two: [Cell?] = [template, .integer(2), .integer(0), .integer(2), .integer(2)]
    func fix(_ name: String, seconds: Double) -> [Cell?] {
      [.text(name), .integer(1), .integer(1), .integer(0), .real(seconds), .integer(1)]
    }
    let expected = [two, fix("x", seconds: 60), fix("y", seconds: 30)]
    for files in permutations([lines("E@0 E@90"), lines("Rx@60 Ry@120", source: 2)]) {
      #expect(try told(files.flatMap(\.self)) == expected)
    }
  }

  @Test(arguments: ["Rx@60", "P@60", "T@60"])
  func `an error that happened after all that passed is unresolved`(passed: String) throws {
    for files in permutations([lines("E@300"), lines(passed, source: 2)]) {
      #expect(try count(files) == [.integer(1), .integer(1)])
    }
  }

  @Test(arguments: ["Rx@60 Ry@120", "P@60 P@120", "T@60", "T@60 T@120"])
  func `an error is mended once, by what came first`(passed: String) throws {
    for files in permutations([lines("E@0"), lines(passed, source: 2)]) {
      let all = try told(files.flatMap(\.self))
      let one: [Cell?] = [template, .integer(1), .integer(0), .integer(1), .integer(1)]
      #expect(all.first == one)
      #expect(all.dropFirst().map { $0[4] } == [.real(60)])
    }
  }

  @Test(arguments: [40, 400])
  func `however many errors of a task are mended, each is counted`(count: Int) throws {
    let spec = try ProjectorSpec(ErrorsProjector.self)
    let task: [Field: FieldValue] = [.interactionID: "t"]
    var events = (0..<count).map { number in
      TestSupport.event(
        Offset(number), "error", stream: .ralph,
        task.merging([
          .errorMessage: .text("sha256:\(String(repeating: "ab", count: 30))\(number + 1_000)")
        ]) { $1 })
    }
    events.append(
      TestSupport.event(Offset(count), "task_completed", stream: .ralph, at: 1_800_000_000, task))
    try spec.given(events)
    #expect(try spec.rows().count == count)
    #expect(try spec.rows().allSatisfy { $0["successes"] == .integer(1) })
    #expect(try spec.rows().allSatisfy { $0["unresolved"] == .integer(0) })
  }

  /// Attempts of a session are told anew up to 1,024; one that is read late then counts as it is read.
  @Test func `beyond so many attempts of a session, what is read late counts as it is read`() throws
  {
    func unresolved(_ more: Int) throws -> Cell? {
      var lines = [Line(says: "E", seconds: 50), Line(says: "P", seconds: 100)]
      lines += (0..<more).map { Line(says: "E", seconds: 200 + Int64($0)) }
      // It was mended by what passed, and is read after all of them.
      lines.append(Line(says: "E", seconds: 60, source: 2))
      return try told(lines).first?[2]
    }
    #expect(try unresolved(1_021) == .integer(1_021))
    #expect(try unresolved(1_022) == .integer(1_023))
  }

  /// Of errors, passes, changes and reports, each file of a writer of its own.
  @Test(arguments: 0..<60)
  func `files tell the same in every order`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    var lines: [Line] = []
    for step in 0..<Int.random(in: 3...9, using: &random) {
      let says = ["E", "E", "P", "T", "Rx", "Ry", "F", "Az", "Ed"].randomElement(using: &random)
      lines.append(
        Line(
          says: says ?? "E", seconds: Int64(step) * 10,
          task: Bool.random(using: &random) ? "t" : "u",
          source: SourceID.random(in: 1...3, using: &random)))
    }
    var files = (1...3).map { source in lines.filter { $0.source == source } }
    if Bool.random(using: &random) { files[0].reverse() }
    let expected = try told(lines)
    for order in permutations(files) { #expect(try told(order.flatMap(\.self)) == expected) }
  }

  @Test func `what describes a pattern is its earliest message, in whatever order they are read`()
    throws
  {
    let messages = [
      "use of \"git.Open\" forbidden because of rules in /p/a.go",
      "use of \"os.Open\" forbidden because of rules in /p/b.toml",
      "use of \"fs.Open\" forbidden because of rules in /p/c.ts",
    ]
    for order in permutations([0, 1, 2]) {
      let spec = try ProjectorSpec(ErrorsProjector.self)
      for (offset, index) in order.enumerated() {
        let event = TestSupport.event(
          Offset(offset), "error", stream: .ralph, [.errorMessage: .text(messages[index])])
        var envelope = event.envelope
        envelope.time = Timestamp(nanoseconds: Int64(100 + index) * 1_000_000_000)
        try spec.given([Event(event.id, envelope: envelope, fields: event.fields)])
      }
      let row = try #require(try spec.rows().first, "\(order)")
      #expect(try spec.rows().count == 1, "\(order)")
      #expect(row["example"] == .text(messages[0]), "\(order)")
      #expect(row["file_pattern"] == .text("\\.go$"), "\(order)")
    }
  }

  @Test func `equal ranks follow how often errors happened, then what they say`() throws {
    let lines = ["b was lost", "a was lost", "c was lost", "c was lost"]
    for order in permutations(Array(lines.indices)) {
      let spec = try ProjectorSpec(ErrorsProjector.self)
      for (offset, index) in order.enumerated() {
        try spec.given([
          TestSupport.event(
            Offset(offset), "error", stream: .ralph, [.errorMessage: .text(lines[index])])
        ])
      }
      let templates = try spec.rows("errors/top").map { $0["template"] }
      #expect(templates.count == 3, "\(order)")
      #expect(templates.first == .text("c was lost"), "\(order)")
      #expect(templates.last == .text("b was lost"), "\(order)")
    }
  }
}
