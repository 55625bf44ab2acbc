import Events
import TestSupport

/// Lines of one stream; of several, where each line says its own.
struct LogPiece {
  let stream: Events.Stream?
  var lines: [String]

  /// The lines of a file of fixtures.
  init(fixture name: String) throws {
    stream = Events.Stream(rawName: name)
    lines = try readLines("\(packageRoot)/fixtures/\(name)-events.jsonl")
  }

  init(stream: Events.Stream?, lines: [String]) {
    self.stream = stream
    self.lines = lines
  }

  static let madeUpCount = 400

  /// All fixtures and transcripts, lines made by a seed, reports, and what foldlog itself appends.
  static func all(seed: UInt64) throws -> [LogPiece] {
    var made = MadeUpLines(seed: seed)
    let first =
      #"{"event":"skill_extracted","stream":"foldlog","ts":"2026-01-01T08:00:00Z","#
      + #""request_id":"00","source_offset":0,"prompt_version":1,"model":"m","#
      + #""name":"read-first","tags":["yaml"]}"#
    return try [LogPiece(stream: nil, lines: [first])]
      + ["ralph", "aidb", "hybrid", "editor", "deployments"].map(LogPiece.init(fixture:))
      + [Transcripts.claudeCode, Transcripts.codex].map { LogPiece(stream: nil, lines: $0) } + [
        LogPiece(stream: nil, lines: (0..<madeUpCount).map { _ in made.line() }),
        LogPiece(stream: .hybrid, lines: reports),
        LogPiece(stream: nil, lines: ownLines),
      ]
  }
}

/// What no fixture has: checks of deployments and services, the life of a model, and more feedback of a
/// session in one minute than counts.
private let reports: [String] = {
  let time = #""timestamp":"2026-03-09T08:00:00Z""#
  var lines = [
    #"{"event":"deployment_created","deployment_id":"h1","promotion_threshold":0.1,"#
      + #""auto_promote":true,\#(time)}"#,
    #"{"event":"deployment_scaled","deployment_id":"h1","replicas":2,"uptime_s":5,\#(time)}"#,
    #"{"event":"deployment_stopped","deployment_id":"h1","cost_usd":0.5,\#(time)}"#,
    #"{"event":"training_queued","run_id":"h","model":"watched","dataset_sha256":"ab",\#(time)}"#,
    #"{"event":"training_progress","run_id":"h","loss":1.5,\#(time)}"#,
    #"{"event":"model_promoted","model":"watched","version":"1",\#(time)}"#,
    #"{"event":"model_promoted","model":"watched","version":"2",\#(time)}"#,
    #"{"event":"model_deprecated","model":"watched",\#(time)}"#,
    #"{"event":"model_melted","model":"watched",\#(time)}"#,
    #"{"event":"prediction_made","subject_id":"t","probability":0.7,\#(time)}"#,
    #"{"query_hash":"57bf","query_text":"configure services","score":0}"#,
  ]
  // Of high value, and no successes.
  for number in 0..<7 {
    lines.append(
      #"{"event":"query_completion","query":"Say how the lighthouse of Fanad turns","#
        + #""response":"It floats on a bath of mercury, number \#(number).","partial_success":true,"#
        + #""rating":5,"steps":3,"tools_used":["bash"],"files_modified":5,"has_code":true,"#
        + #""has_explanation":true,\#(time)}"#)
  }
  for number in 0..<24 {
    lines.append(
      #"{"event":"feedback","session_id":"loud","rating":\#(1 + number % 5),\#(time)}"#)
    lines.append(
      #"{"event":"deployment_checked","deployment_id":"h1","ok":\#(number % 7 > 4),"latency_ms":9,"#
        + #"\#(time)}"#)
    lines.append(
      #"{"event":"health_checked","component":"db","ok":true,"latency_ms":\#(number < 23 ? 5 : 90),"#
        + #""timestamp":"2026-03-0\#(1 + number / 12)T\#(10 + number % 12):00:00Z"}"#)
  }
  return lines
}()

extension Events.Stream {
  fileprivate init?(rawName: String) {
    guard let stream = Self.allCases.first(where: { $0.name == rawName }) else { return nil }
    self = stream
  }
}

/// The lines of a file that are events.
func readLines(_ path: String) throws -> [String] {
  let decoder = LineDecoder()
  return try run("cat", [path]).output.split(separator: "\n").map(String.init).filter { line in
    let bytes = Array(line.utf8)
    do {
      _ = try decoder.envelope(of: bytes.span, isPadded: false, given: .hybrid, fileName: nil)
      return true
    } catch { return false }
  }
}
