import Events
import JSON
import Testing

@Suite struct LineEnvelopeTests {
  @Test(arguments: [
    (#"{"event":"a","event_type":"b","kind":"c","type":"d"}"#, "a"),
    (#"{"event_type":"b","event":"a"}"#, "a"),
    (#"{"kind":"c","event_type":"b"}"#, "b"),
    (#"{"kind":"c","type":"d"}"#, "c"),
    (#"{"type":"d"}"#, "d"),
    (#"{"event":null,"event_type":"","kind":7,"type":"d"}"#, "d"),
    (#"{"event":{"event":"inner"},"event_type":"b"}"#, "b"),
    (#"{"event":"first","event":"last"}"#, "last"),
    (#"{"event":"\ud800","kind":"c"}"#, "c"),
    (
      #"{"event":"health_spider_apparmor_denial","event_type":"health_spider_apparmor_denial","type":"apparmor_denial"}"#,
      "health_spider_apparmor_denial"
    ),
    (#"{"query_hash":"57bf","query_text":"configure services","score":0}"#, "query_gap"),
    (#"{"query_hash":"57bf","query_text":"configure services","type":"d"}"#, "d"),
    (#"{"query_hash":"57bf","query_text":""}"#, "unknown"),
    (#"{"query_text":"configure services"}"#, "unknown"),
    (#"{"other":1}"#, "unknown"),
    ("{}", "unknown"),
  ])
  func `the kind is the first of its names`(line: String, kind: String) throws {
    #expect(try envelope(line).kind == kind)
  }

  @Test(
    arguments: [
      (
        #"{"timestamp":"2026-01-05T17:49:37.069463","created_at":1,"ts":2,"time":3}"#,
        "2026-01-05T17:49:37.069463Z"
      ),
      (#"{"time":3,"ts":2,"created_at":1}"#, "1970-01-01T00:00:01Z"),
      (#"{"timestamp":"soon","ts":1780116545.8977802}"#, "2026-05-30T04:49:05.89778Z"),
      (#"{"timestamp":null,"created_at":"","time":"1780079096335"}"#, "2026-05-29T18:24:56.335Z"),
      (#"{"timestamp":1780079096.335363}"#, "2026-05-29T18:24:56.335363Z"),
      (#"{"timestamp":"2026-07-08T06:19:48.119486+00:00Z"}"#, "2026-07-08T06:19:48.119486Z"),
      (#"{"timestamp":"9999-12-31T23:59:59Z","ts":1}"#, "1970-01-01T00:00:01Z"),
      // What nobody set.
      (#"{"timestamp":0}"#, nil), (#"{"timestamp":-5}"#, nil), (#"{"timestamp":"0"}"#, nil),
      (#"{"timestamp":0.0,"ts":-0.5,"time":"-1"}"#, nil), (#"{"ts":{"seconds":0}}"#, nil),
      (#"{"timestamp":"1970-01-01T00:00:00Z"}"#, nil),
      (#"{"timestamp":0,"created_at":1777622400}"#, "2026-05-01T08:00:00Z"),
      (#"{"timestamp":"1969-12-31T23:00:00Z"}"#, "1969-12-31T23:00:00Z"),
      (#"{"timestamp":[2026,5,1,8,0]}"#, "2026-05-01T08:00:00Z"),
      (#"{"timestamp":[2026,5,1,8,0,1,5]}"#, "2026-05-01T08:00:01.000000005Z"),
      (#"{"timestamp":[2026,13,1,8,0]}"#, nil), (#"{"timestamp":[2026,5,1,8,0,"1"]}"#, nil),
      (#"{"timestamp":1e400,"ts":1}"#, "1970-01-01T00:00:01Z"),
      (#"{"timestamp":{"$date":"2026-05-01T08:00:00Z"}}"#, "2026-05-01T08:00:00Z"),
      (#"{"ts":{"$date":{"$numberLong":"1777622400000"}}}"#, "2026-05-01T08:00:00Z"),
      (#"{"ts":{"$date":1777622400000}}"#, "2026-05-01T08:00:00Z"),
      (#"{"ts":{"$date":1000}}"#, "1970-01-01T00:00:01Z"),
      (#"{"ts":{"seconds":1777622400,"nanos":5}}"#, "2026-05-01T08:00:00.000000005Z"),
      (#"{"ts":{"seconds":"1777622400"}}"#, "2026-05-01T08:00:00Z"),
      (#"{"ts":{"_seconds":1777622400,"_nanoseconds":500000000}}"#, "2026-05-01T08:00:00.5Z"),
      (#"{"ts":{"secs_since_epoch":1777622400,"nanos_since_epoch":0}}"#, "2026-05-01T08:00:00Z"),
      (#"{"ts":{"seconds":"soon"}}"#, nil), (#"{"ts":{"seconds":1,"nanos":-1}}"#, nil),
      (#"{"ts":{"nanos":1}}"#, nil), (#"{"ts":{"seconds":9223372036854775807}}"#, nil),
      (#"{"ts":46143.3333}"#, "2026-05-01T07:59:57.12Z"),
      (#"{"ts":"46143.5"}"#, "2026-05-01T12:00:00Z"), (#"{"ts":46143}"#, nil),
      (#"{"ts":{"$date":{"$numberLong":"x"}}}"#, nil), (#"{"ts":{"$date":null}}"#, nil),
      (#"{"ts":{"date":"2026-05-01T08:00:00Z"}}"#, nil),
      (#"{"timestamp":true,"ts":[1]}"#, nil),
      (#"{"data":{"timestamp":1}}"#, nil),
      (#"{"ts":18446744073709551615}"#, nil),
    ] as [(String, String?)])
  func `the time is the first that reads as one`(line: String, time: String?) throws {
    #expect(try envelope(line).time?.description == time)
  }

  @Test func `the stream is given, else named by the line, the file, the shape`() throws {
    let line = #"{"event":"task_completed","stream":"aidb","extension":"continue"}"#
    #expect(try envelope(line, given: .hybrid, fileName: .ralph).stream == .hybrid)
    #expect(try envelope(line, fileName: .ralph).stream == .aidb)
    let unnamed = #"{"event":"task_completed","stream":"stdout","extension":"continue"}"#
    #expect(try envelope(unnamed, fileName: .ralph).stream == .ralph)
    #expect(try envelope(unnamed).stream == .editor)
    #expect(try envelope(#"{"stream":"vscode"}"#).stream == .editor)
  }

  @Test(
    arguments: [
      (#"{"extension":"continue","llm_used":"local"}"#, .editor),
      (#"{"event":"query","extension":""}"#, .aidb),
      (#"{"llm_used":"local"}"#, .aidb),
      (#"{"llm_used":null,"rag_hits":0}"#, .aidb),
      (#"{"source":"aidb"}"#, .aidb),
      (#"{"source":"delegate-direct"}"#, nil),
      (#"{"event":"task_submitted"}"#, .ralph),
      (#"{"event_type":"routing_decision","ts":1}"#, .hybrid),
      (#"{"event":"health_spider_something_new"}"#, .hybrid),
      (#"{"event":"apparmor_fix_staged"}"#, .hybrid),
      (#"{"query_hash":"57bf","query_text":"configure services"}"#, .hybrid),
      (#"{"event":"health-check"}"#, .editor),
      (#"{"event":"completion"}"#, nil),
      (#"{"event":"error","task_id":"t","backend":"aider"}"#, .ralph),
      (#"{"event":"new","task_id":"t","iteration":1}"#, .ralph),
      (#"{"event":"new","task_id":7,"total_iterations":0}"#, .ralph),
      (#"{"event":"new","task_id":"t"}"#, nil),
      (#"{"event":"new","iteration":1,"backend":"aider"}"#, nil),
      (#"{"event":"new","task_id":null,"iteration":1}"#, nil),
      (#"{}"#, nil),
    ] as [(String, Events.Stream?)])
  func `the shape tells the stream`(line: String, stream: Events.Stream?) throws {
    #expect(try envelope(line).stream == stream)
  }

  @Test func `a decoder forgets the line before`() throws {
    let decoder = LineDecoder()
    let first = Array(#"{"event":"task_completed","timestamp":1,"stream":"ralph"}"#.utf8)
    _ = try decoder.envelope(of: first.span, isPadded: false, given: nil, fileName: nil)
    let second = Array("{}".utf8)
    let envelope = try decoder.envelope(
      of: second.span, isPadded: false, given: nil, fileName: nil)
    #expect(envelope == LineEnvelope(stream: nil, kind: "unknown", time: nil))
  }

  @Test func `a line that is no object has no envelope`() {
    #expect(throws: JSONError.self) { try envelope("[1]") }
    #expect(throws: JSONError.self) { try envelope(#"{"event":"x""#) }
  }

  @Test(
    arguments: [
      ("ralph-events.jsonl", .ralph), ("aidb-events.jsonl", .aidb), ("ralph.jsonl", .ralph),
      ("hybrid-events.jsonl.1.gz", .hybrid), ("hybrid", .hybrid), ("editor_2026.jsonl", .editor),
      ("vscode-events-backup-20260109_103300.jsonl", .editor), ("vscode-events.jsonl.zst", .editor),
      ("/var/log/Hybrid-Events.JSONL", .hybrid), ("logs/ralph-events.jsonl/", .ralph),
      ("ralphs.jsonl", nil), ("my-ralph-events.jsonl", nil), ("hybrid-logs/15.jsonl", nil),
      ("events.jsonl", nil), ("", nil), ("/", nil), ("-ralph", nil), ("ralph events.jsonl", nil),
    ] as [(String, Events.Stream?)])
  func `the name of a file tells the stream`(path: String, stream: Events.Stream?) {
    #expect(streamOfFileName(path) == stream)
  }

  @Test func `each kind is known in its streams, and no other`() {
    for kind in Kinds.all {
      let name = kind.isFamily ? "\(kind.name)x" : kind.name
      for stream in Stream.allCases {
        #expect(Kinds.isKnown(name, in: stream) == kind.streams.contains(stream), "\(name)")
      }
      #expect(Kinds.onlyStream(of: name) == (kind.streams.count == 1 ? kind.streams[0] : nil))
    }
    for stream in Stream.allCases { #expect(!Kinds.isKnown(Kinds.unknown, in: stream)) }
    #expect(Kinds.onlyStream(of: "deployment_promoted") == .hybrid)
    #expect(Kinds.onlyStream(of: "health_spider_http_failure") == .hybrid)
    #expect(Kinds.onlyStream(of: "feedback") == nil)
    #expect(!Kinds.isKnown("tool_made_up", in: .hybrid))
  }

  @Test func `each kind is declared once, with a sentence`() {
    #expect(Set(Kinds.all.map(\.title)).count == Kinds.all.count)
    for kind in Kinds.all {
      #expect(Kinds.declared(kind.name)?.title == kind.title)
      #expect(kind.about.hasSuffix(".") && kind.about.count > 10, "\(kind.title)")
    }
  }
}
