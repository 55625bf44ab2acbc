import EventLog
import Events
import Provenance
import Foldlog
import Query
import TestSupport
import Testing

/// Three blocks with kinds, sources and times of their own, as packing leaves them: each is larger
/// than what is joined.
private final class ThreeBlocks {
  let directory: TemporaryDirectory
  let store: Store

  /// Block 0: ralph `task_completed` from source 1 in hour 0; block 1: aidb `query` from source 2 in
  /// hour 1; block 2: both kinds, from both, in hour 2. 40 events each.
  init() throws {
    directory = try TemporaryDirectory()
    try directory.makeFolder("log")
    let writer = try LogWriter(
      try LogEnvironment(path: directory.file("log"), mapSize: 1 << 28))
    var positions: [UInt64] = [0, 0, 0]
    for number in 0..<3 {
      var block = EventBlock()
      for index in 0..<40 {
        let isRalph = number == 0 || (number == 2 && index % 2 == 0)
        let source = isRalph ? 1 : 2
        let line = Array(
          """
          {"task_id":"t\(index)","session":"s\(index % 4)","exit_code":\(index % 3),"model":"m",\
          "pad":"\(String(repeating: "x", count: 30_000))"}
          """.utf8)
        block.append(
          line: line.span,
          kind: .init(
            stream: isRalph ? Stream.ralph.rawValue : Stream.aidb.rawValue,
            name: isRalph ? "task_completed" : "query"),
          time: time(hour: number, index), isTimeInferred: false, source: SourceID(source),
          position: positions[source], recorded: Timestamp(nanoseconds: 0))
        positions[source] += UInt64(line.count) + 1
      }
      var commit = LogCommit()
      commit.events = [try BlockPacker().pack(block)]
      if number == 0 {
        commit.sources = [
          .init(
            record: SourceRecord(id: 1, form: .file, path: "/t/one.jsonl"), positionBefore: nil),
          .init(record: SourceRecord(id: 2, form: .named, path: "two"), positionBefore: nil),
        ]
      }
      try writer.commit(commit)
    }
    store = try Store(directory: DataDirectory(path: directory.path))
  }

  func scan(_ change: (inout LogRequest) -> Void) throws -> LogScan {
    var request = LogRequest()
    change(&request)
    return try LogService(store).forEachEvent(request.checked(for: .builtIn)) { _ in true }
  }
}

/// 2026-01-05 from midnight on.
private func time(hour: Int, _ second: Int) -> Timestamp {
  Timestamp(nanoseconds: (1_767_571_200 + Int64(hour) * 3_600 + Int64(second)) * 1_000_000_000)
}

@Suite struct LookingTests {
  @Test(arguments: [
    ("kind of one block", 2, 60), ("stream", 2, 60), ("source by path", 2, 60),
    ("source by id", 2, 60), ("no such kind", 0, 0), ("kind of another stream", 0, 0),
    ("an hour", 1, 40), ("from a time", 2, 80), ("to a time", 2, 80), ("an instant", 1, 1),
    ("offsets", 2, 11), ("where kind", 2, 60), ("where source", 2, 60), ("where stream", 2, 60),
  ])
  func `blocks are passed over by their headers`(
    _ name: String, _ unpacked: Int, _ events: UInt64
  ) throws {
    let log = try ThreeBlocks()
    let scan = try log.scan { request in
      switch name {
      case "kind of one block": request.kind = "query"
      case "stream": request.stream = "ralph"
      case "source by path": request.source = "/t/one.jsonl"
      case "source by id": request.source = "2"
      case "no such kind": request.kind = "quer"
      case "kind of another stream":
        request.kind = "query"
        request.stream = "ralph"
      case "an hour":
        request.from = "2026-01-05T01"
        request.to = "2026-01-05T01"
      case "from a time": request.from = "2026-01-05T01:00:00Z"
      case "to a time": request.to = "2026-01-05T01"
      case "an instant":
        request.from = "2026-01-05T02:00:07Z"
        request.to = "2026-01-05T02:00:07Z"
      case "offsets":
        request.from = "35"
        request.to = "45"
      case "where kind": request.filters = ["kind = query"]
      case "where source": request.filters = ["source ~ one"]
      default: request.filters = ["stream != ralph"]
      }
    }
    #expect(scan.unpacked == unpacked, "\(name)")
    #expect(scan.events == events, "\(name)")
  }

  @Test func `fields are looked up in the lines, whatever they call them`() throws {
    let log = try ThreeBlocks()
    #expect(try log.scan { $0.session = "s1" }.events == 30)
    #expect(try log.scan { $0.interaction = "t7" }.events == 3)
    let both = try log.scan {
      $0.session = "s1"
      $0.kind = "query"
      $0.filters = ["exit_code = 0", "offset >= 80"]
    }
    // Of the odd places of the last block: 9, 21 and 33.
    #expect((both.blocks, both.unpacked, both.events) == (3, 2, 3))
    #expect(try log.scan { $0.filters = ["prompt != null"] }.events == 0)
    let either = try log.scan {
      $0.filters = ["offset = 3", "or", "kind = nothing", "offset = 4", "or", "offset = 90"]
    }
    #expect((either.unpacked, either.events) == (3, 2))
    let known = try log.scan { $0.filters = ["kind = nothing", "or", "exit_code = 9"] }
    #expect((known.unpacked, known.events) == (3, 0))
    let neither = try log.scan { $0.filters = ["kind = nothing", "or", "source = nothing"] }
    #expect((neither.unpacked, neither.events) == (0, 0))
    #expect(try log.scan { $0.filters = ["position = 0"] }.events == 2)
    #expect(try log.scan { $0.filters = ["is_time_inferred = true"] }.events == 0)
    #expect(try log.scan { $0.filters = ["time = 2026-01-05T02"] }.events == 40)
    #expect(try log.scan { $0.filters = ["recorded = 1970"] }.events == 120)
  }

  @Test func `an unknown field is named with what it may have been`() throws {
    var request = LogRequest()
    request.filters = ["exitcode = 0"]
    let error = #expect(throws: FoldlogError.self) { try request.checked(for: .builtIn) }
    #expect(error?.code == .usage)
    let sentence = "an event has no field `exitcode`; did you mean `exit_code`?"
    #expect(error?.description.contains(sentence) == true)
  }

  @Test func `a source by its file's name is not guessed, but suggested`() throws {
    let log = try ThreeBlocks()
    let error = #expect(throws: FoldlogError.self) { try log.scan { $0.source = "one.jsonl" } }
    #expect(error?.code == .noInput)
    #expect(error?.description.contains("did you mean /t/one.jsonl?") == true)
  }

  @Test func `export gives the same events as show, by all that selects them`() throws {
    let log = try ThreeBlocks()
    var request = LogRequest()
    request.kind = "query"
    request.filters = ["exit_code = 1"]
    var shown: [UInt8] = []
    try LogService(log.store).forEachEvent(request.checked(for: .builtIn)) { event in
      shown += event.line + [UInt8(ascii: "\n")]
      return true
    }
    var exported: [UInt8] = []
    try LogService(log.store).exportLog(request.checked(for: .builtIn)) { exported += $0 }
    #expect(!shown.isEmpty && exported == shown)
  }

  @Test func `an event in JSON has its envelope, its fields and its line`() throws {
    let log = try ThreeBlocks()
    var request = LogRequest()
    request.from = "41"
    request.to = "41"
    var bytes: [UInt8] = []
    try LogService(log.store).forEachEvent(request.checked(for: .builtIn), withFields: true) {
      event in
      bytes = event.json
      return true
    }
    let json = try #require(StrictJSON(bytes))
    #expect(json["offset"] == .number("41"))
    #expect(json["stream"] == .string("aidb"))
    #expect(json["time"] == .string("2026-01-05T01:00:01Z"))
    #expect(json["source"] == .string("two"))
    #expect(json["fields"]?["interaction_id"] == .string("t1"))
    #expect(json["fields"]?["exit_code"] == .number("1"))
    #expect(json["line"]?["task_id"] == .string("t1"))
  }
}
